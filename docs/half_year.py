"""What the people of the bureau of samples/ do in the half-year that docs/screens.py lives through."""

from dataclasses import dataclass
from datetime import date

from rules.lifecycle import Move

COORDINATOR, LEADER, AUDITOR, ADMINISTRATOR = "zhou.min", "gao.mingyuan", "song.wenjing", "jiang.yi"
OWNER = "xu.xiaolan"
MORNINGS = ((7, 14), (7, 20), (9, 9), (12, 1), (12, 7), (12, 10), (12, 14), (12, 21), (12, 22))
"""When reminders go out."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One move on one day of the story."""

    on: tuple[int, int]
    who: str
    reference: str
    move: Move
    note: str = ""
    progress: int | None = None
    due: date | None = None
    evidence: str = ""
    to: str = ""


BEGUN = (
    *((OWNER, "P01"), (OWNER, "M01"), ("daniel.reed", "P02"), ("daniel.reed", "M02")),
    *(("shen.jianhua", "P03"), ("tang.min", "P04"), ("jiang.yi", "P05"), ("jiang.yi", "M04")),
    *((AUDITOR, "M05"), ("jiang.yi", "M06")),
)
"""Who acknowledges what on the first days; the item that has to be done at once lies for a while."""
STORY = (
    *(Deed((7, 8), who, reference, Move.ACKNOWLEDGE) for who, reference in BEGUN),
    Deed((7, 20), "shen.jianhua", "M03", Move.ACKNOWLEDGE),
    Deed((7, 28), "daniel.reed", "M02", Move.REPORT, "已回访 12 个小区", 45),
    Deed((7, 28), AUDITOR, "M05", Move.REPORT, "抢险物资已备齐", 50),
    Deed((8, 3), "shen.jianhua", "M03", Move.SUBMIT, "隐患已全部整改", 100, evidence="工地复查记录"),
    Deed((8, 5), COORDINATOR, "M03", Move.APPROVE, "逾期完成，同意销号"),
    Deed((8, 17), "jiang.yi", "M04", Move.REPORT, "“住建课堂”已开课", 60),
    Deed((8, 18), COORDINATOR, "M04", Move.SUSTAIN, "转入常态化管理，每季度复核"),
    Deed((9, 10), "daniel.reed", "M02", Move.SUBMIT, "26 个小区已全部回访", 100, evidence="小区回访记录"),
    Deed((9, 14), COORDINATOR, "M02", Move.APPROVE, "资料齐全，同意销号"),
    Deed((9, 10), AUDITOR, "M05", Move.SUBMIT, "平稳度汛", 100, evidence="汛期值守情况说明"),
    Deed((9, 14), COORDINATOR, "M05", Move.APPROVE, "同意销号"),
    Deed((10, 15), OWNER, "P01", Move.REPORT, "档案核对过半", 55),
    Deed((10, 15), "daniel.reed", "P02", Move.REPORT, "信用评价系统正在招标", 30),
    Deed((10, 15), "shen.jianhua", "P03", Move.REPORT, "已检查在建项目 41 个", 40),
    Deed((10, 15), "jiang.yi", "M06", Move.REPORT, "已开展两轮督查", 40),
    Deed(
        (10, 20), COORDINATOR, "M01", Move.REASSIGN, "按局党组会议要求提前", due=date(2026, 11, 30), to=OWNER
    ),
    Deed((10, 21), OWNER, "M01", Move.ACKNOWLEDGE),
    Deed((11, 12), OWNER, "M01", Move.REPORT, "已补齐 318 栋房屋档案", 70),
    Deed((11, 20), "jiang.yi", "P05", Move.SUBMIT, "培训已完成", 100, evidence="培训签到表"),
    Deed((11, 24), COORDINATOR, "P05", Move.REJECT, "缺少考核结果，请补充后再报"),
    Deed((12, 9), "shen.jianhua", "P03", Move.REPORT, "监理到岗考勤已全部联网", 75),
    Deed((12, 9), "jiang.yi", "M06", Move.REPORT, "问题清单已全部办结", 90),
    Deed((12, 18), COORDINATOR, "P04", Move.REASSIGN, "科室分工调整，请继续办理", to="tang.min"),
    Deed((12, 18), "daniel.reed", "P02", Move.REQUEST_EXTENSION, "招标尚未结束", due=date(2027, 2, 26)),
    Deed((12, 21), OWNER, "P01", Move.SUBMIT, "档案已逐栋核对", 100, evidence="房屋安全档案核对记录"),
    Deed((12, 23), COORDINATOR, "P01", Move.APPROVE, "资料齐全，同意销号"),
    Deed((12, 23), COORDINATOR, "P02", Move.GRANT_EXTENSION, "情况属实，同意"),
    Deed((12, 28), "jiang.yi", "P05", Move.SUBMIT, "考核结果已补充", 100, evidence="培训考核结果"),
    Deed((12, 30), COORDINATOR, "P05", Move.APPROVE, "同意销号"),
)
