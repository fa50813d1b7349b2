"""What a run did, in a sentence; every loop that keeps its runs has one."""

import pytest

from texts.doings import did
from texts.run_labels import FLOWS

COUNTED = {
    "reminders": {"planned": 2, "messages": 2, "held": 2},
    "delivery": {"sent": 3, "failed": 1, "dead": 0},
    "period-end": {"sealed": 1},
    "intake": {"items": 14},
    "receipt": {"messages": 2},
    "housekeeping": {"alarms": 1},
    "seal-check": {"seals": 4, "findings": 1},
    "bounces": {"read": 5, "returned": 2},
}


def test_every_flow_has_its_sentence() -> None:
    assert sorted(FLOWS) == sorted(COUNTED)
    assert {name: did(name, counts, "zh_CN") for name, counts in COUNTED.items()} == {
        "reminders": "生成邮件 2 封，含提醒 2 条。因超过单次发送上限，全部暂缓。",
        "delivery": "发出 3 封，等待重试 1 封，无法投递 0 封。",
        "period-end": "封存报告期 1 个。",
        "intake": "读出草稿 14 条。",
        "receipt": "生成运行日报 2 份。",
        "housekeeping": "发现异常 1 项。",
        "seal-check": "复核封存版本 4 个，发现问题 1 处。",
        "bounces": "读取来信 5 封，其中退信 2 封。",
    }


@pytest.mark.parametrize(
    ("name", "counts", "sentence"),
    [
        ("reminders", {"messages": 0}, "No new letter was due."),
        ("delivery", {"sent": 0}, "No letter was to be sent."),
        ("period-end", {"sealed": 0}, "No period was to be sealed."),
        ("receipt", {"messages": 1}, "1 receipt was written."),
        ("housekeeping", {"alarms": 0}, "Nothing is the matter."),
        ("housekeeping", {"alarms": 2}, "2 things are the matter."),
        ("delivery", {}, ""),
        ("unheard-of", {"sent": 1}, ""),
    ],
)
def test_a_quiet_run_says_so_and_one_that_counted_nothing_says_nothing(
    name: str, counts: dict[str, int], sentence: str
) -> None:
    assert did(name, counts, "en") == sentence
