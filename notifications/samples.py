"""Each letter there is, as the fictional housing office of Yunzhou might send it: for previews and tests.

A letter without a sample fails a test; its sample is all that a new letter needs to be seen and compared.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from notifications.house_samples import HOUSE_LETTERS
from notifications.letters import (
    Asked,
    Assignment,
    Circular,
    Decision,
    Digest,
    Ended,
    Ending,
    FreshLink,
    Invitation,
    Letter,
    Line,
    Order,
    Overview,
    Returned,
    Rollup,
)
from notifications.render import Office, Reader
from rules.lifecycle import Kind, State
from rules.lights import Light
from rules.overview import Tally
from rules.rollup import Figures
from rules.trend import TrendPoint

TODAY = date(2026, 9, 25)
OFFICE = Office("云州市住建局", "https://rectify.yunzhou.example", "督办室 陈静（电话 0000-1234）")
CHINESE = Reader("李伟", "zh_CN")
ENGLISH = Reader("Li Wei", "en")

SOON = Line(
    reference="2026H1-P03",
    kind=Kind.PROBLEM,
    title="老旧小区消防通道被占用问题整改不彻底",
    quote="部分老旧小区消防通道长期被车辆和杂物占用，清理后反弹明显。",
    unit="物业管理科",
    owner="李伟",
    state=State.IN_PROGRESS,
    light=Light.DUE_SOON,
    due_on=date(2026, 9, 30),
    original_due_on=date(2026, 9, 30),
    working_days_left=3,
    progress=40,
    topic="before-3",
)


def line(**changes: Any) -> Line:
    """The line above, changed."""
    return Line(**{name: changes.get(name, getattr(SOON, name)) for name in Line.__slots__})


LATE = line(
    reference="2026H1-P07",
    title="物业专项维修资金使用审批超时",
    quote="维修资金申请平均审批时间 47 个工作日，超过规定时限。",
    light=Light.OVERDUE,
    due_on=date(2026, 9, 18),
    original_due_on=date(2026, 8, 31),
    working_days_left=-5,
    progress=80,
    topic="after-5",
)
NEW = line(
    reference="2026H1-M02",
    kind=Kind.MEASURE,
    title="开展电动自行车充电设施专项排查",
    quote="三季度组织开展一次电动自行车充电设施专项排查。",
    state=State.ASSIGNED,
    light=Light.ON_TRACK,
    due_on=date(2026, 12, 31),
    original_due_on=date(2026, 12, 31),
    working_days_left=64,
    progress=0,
    topic="unacknowledged-2-20260923",
)
SILENT = line(
    reference="2026H1-P11",
    title="农村危房改造台账不完整",
    quote="",
    light=Light.ON_TRACK,
    due_on=date(2026, 11, 30),
    original_due_on=date(2026, 11, 30),
    working_days_left=43,
    progress=10,
    topic="silent-20-20260827",
)
SUSTAINED = line(
    reference="2026H1-M09",
    kind=Kind.MEASURE,
    title="常态化开展房屋安全巡查",
    quote="坚持常态化开展房屋安全巡查，做到早发现、早处置。",
    state=State.SUSTAINED,
    light=Light.UNDATED,
    due_on=None,
    original_due_on=None,
    working_days_left=None,
    progress=60,
    topic="review-20260930",
)
SUBMITTED = line(
    reference="2026H1-P05",
    title="保障性住房分配公示不及时",
    quote="两批次保障性住房分配结果公示晚于规定时间。",
    owner="王芳",
    state=State.SUBMITTED,
    progress=100,
    topic="unverified-3-20260922",
)
LONG_LATE = line(
    reference="2025H2-P14",
    title="城市排水管网隐患点整治滞后",
    quote="列入计划的 12 处排水管网隐患点仅完成 5 处。",
    unit="市政设施科",
    owner="赵强",
    light=Light.OVERDUE,
    due_on=date(2026, 9, 10),
    original_due_on=date(2026, 6, 30),
    working_days_left=-11,
    progress=45,
    topic="after-10",
)
TODAY_DUE = line(
    reference="2026H1-P04", due_on=TODAY, original_due_on=TODAY, working_days_left=0, topic="due"
)

REPORT = "云州市住建局2026年上半年工作报告"
TOTAL = Figures(
    in_scope=14,
    opened=9,
    closed=8,
    closed_on_time=6,
    closed_and_due=8,
    overdue=2,
    sustained=2,
    cancelled=1,
    undated=3,
    extensions=2,
)
PART = Figures(in_scope=6, opened=4, closed=4, closed_on_time=4, closed_and_due=4, overdue=0)

ROLLUP = Rollup(
    date(2027, 1, 1),
    "2026H2",
    "云州市住建局",
    1,
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    TOTAL,
    (("物业管理科", PART), ("市政设施科", TOTAL), ("城乡建设与房屋安全管理科", Figures())),
    trend=(
        TrendPoint("2024H2", 0, 0, 0),
        TrendPoint("2025H1", 12, 1, 11),
        TrendPoint("2025H2", 7, 10, 8),
        TrendPoint("2026H1", 4, 7, 5),
        TrendPoint("2026H2", 9, 8, 5),
    ),
)

FORTNIGHT = date(2026, 10, 9)
OVERVIEW = Overview(
    TODAY,
    FORTNIGHT,
    "云州市住建局",
    Tally(open=32, overdue=7, soon=8, waiting=1, closed=4),
    (
        ("云州市住建局", Tally(open=2)),
        ("物业管理科", Tally(open=9, overdue=1, soon=4, waiting=1, closed=3)),
        ("市政设施科", Tally(open=14, overdue=6, soon=3, closed=1)),
        ("城乡建设与房屋安全管理科", Tally(open=7, soon=1)),
    ),
    worst=(LONG_LATE, LATE),
    to_verify=(SUBMITTED,),
    to_verify_count=1,
    to_decide=(Asked(line(topic=""), (("extension", date(2026, 10, 30)),)),),
    to_decide_count=3,
)

PASSWORD_URL = f"{OFFICE.base_url}/password/TOKEN"

ITEM_LETTERS: dict[str, Letter] = {
    # Name of the sample, which is also that of its files.
    "digest": Digest(
        TODAY,
        own=(LATE, SOON, TODAY_DUE, NEW, SILENT, SUSTAINED),
        copied=(line(reference="2026H1-P08", title="施工扬尘管控不到位", owner="周敏"),),
        to_verify=(SUBMITTED,),
    ),
    "digest-plain": Digest(
        TODAY, own=(SOON, line(reference="2026H1-P01"), line(reference="2026H1-P02"), LATE)
    ),
    "digest-copied": Digest(TODAY, copied=(SOON,)),
    "escalation": Digest(TODAY, unit=(LATE, LONG_LATE)),
    "escalation-order": Digest(TODAY, led=(LATE, LONG_LATE), to_order=(LONG_LATE,)),
    "assignment": Assignment(TODAY, (NEW, line(state=State.ASSIGNED, progress=0, topic="")), "陈静", REPORT),
    "returned": Returned(
        TODAY, SOON, "孙主任", "1. 请补充 3 号楼清理前后的对比照片。\n2. 请说明长效管理措施。"
    ),
    "decision-granted": Decision(
        TODAY,
        line(original_due_on=date(2026, 9, 18)),
        "extension",
        True,
        date(2026, 9, 30),
        "孙主任",
        "同意，请抓紧。",
    ),
    "decision-refused": Decision(
        TODAY, LATE, "extension", False, date(2026, 10, 30), "孙主任", "理由不充分。"
    ),
    "decision-cancelled": Decision(
        TODAY,
        line(state=State.CANCELLED, light=Light.DONE, topic=""),
        "cancellation",
        True,
        None,
        "孙主任",
        "",
    ),
    "decision-kept": Decision(TODAY, SOON, "cancellation", False, None, "孙主任", "该问题仍然存在。"),
    "ended-closed": Ended(
        TODAY,
        line(state=State.CLOSED, light=Light.DONE, progress=100, topic=""),
        Ending.CLOSED,
        "孙主任",
        "资料齐全，现场核查属实。",
    ),
    "ended-cancelled": Ended(
        TODAY,
        line(state=State.CANCELLED, light=Light.DONE, topic=""),
        Ending.CANCELLED,
        "陈静",
        "该楼已列入拆除计划。",
    ),
    "ended-sustained": Ended(
        TODAY,
        replace(SUSTAINED, topic="", deadline_version=2),
        Ending.SUSTAINED,
        "陈静",
        "已建立巡查机制，转为常态化管理，每季度复核一次。",
        due_before=date(2026, 9, 30),
        review_on=date(2026, 12, 31),
    ),
    "ended-passed-on": Ended(
        TODAY,
        line(state=State.ASSIGNED, owner="周敏", progress=20, topic="", deadline_version=2),
        Ending.PASSED_ON,
        "陈静",
        "",
        due_before=date(2026, 9, 30),
    ),
    "order": Order(
        TODAY,
        LONG_LATE,
        "2026-3",
        "陈静",
        "1. 本周内逐点核查未完成的 7 处隐患点，明确施工单位和完成日期。\n2. 每周五报告进展。",
        date(2026, 10, 12),
    ),
    "order-undated": Order(TODAY, LATE, "2026-4", "陈静", "请说明审批超时的原因和整改安排。", None),
    "circular": Circular(
        TODAY,
        "2026-2",
        "关于部分整改事项逾期的通报",
        "经督查，部分整改事项超过时限仍未销号。现将有关情况予以通报。\n请各牵头单位对照台账，逐项明确完成时间。",
        "陈静",
        (replace(LONG_LATE, owner="", quote="", topic=""),),
        (replace(LATE, owner="", quote="", topic=""),),
    ),
    "rollup": ROLLUP,
    "link": FreshLink(TODAY),
    "invitation": Invitation(TODAY, PASSWORD_URL, date(2026, 9, 28), is_invited=True),
    "invitation-forgotten": Invitation(TODAY, PASSWORD_URL, date(2026, 9, 28), is_invited=False),
    "overview": OVERVIEW,
    "overview-quiet": Overview(TODAY, FORTNIGHT, "物业管理科", Tally(open=4, soon=1, closed=2), ()),
}
"""Letters about items and their figures, by the name of the sample."""

LETTERS = ITEM_LETTERS | HOUSE_LETTERS
