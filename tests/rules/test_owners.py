import pytest

from rules.owners import OwnerRule, UnitNames, propose_unit

UNITS = (
    UnitNames("FW", ("房屋科", "房屋安全管理科")),
    UnitNames("SZ", ("市政科", "市政设施管理科")),
    UnitNames("BG", ("办公室",)),
)
RULES = (
    OwnerRule("FW", ("房屋安全", "危房"), "fang@office.example"),
    OwnerRule("SZ", ("路灯", "井盖", "道路")),
)


def _proposed(stated: tuple[str, ...] = (), title: str = "", body: str = "") -> str | None:
    return propose_unit(stated, title, body, UNITS, RULES)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (("房屋科",), "FW"),
        (("房屋安全管理科",), "FW"),  # by any of its names
        (("市政科", "房屋科"), "SZ"),  # the first named leads
        (("规划局", "办公室"), "BG"),  # who is no unit of ours is passed over
        (("规划局",), None),
    ],
)
def test_the_unit_that_the_report_names_should_lead(stated: tuple[str, ...], expected: str | None) -> None:
    assert _proposed(stated) == expected


def test_a_named_unit_wins_over_every_word() -> None:
    assert _proposed(("办公室",), "危房", "危房危房危房") == "BG"


@pytest.mark.parametrize(
    ("title", "body", "expected"),
    [
        ("危房排查", "", "FW"),
        ("", "路灯不亮，井盖缺失。", "SZ"),
        ("危房", "路灯、路灯", "FW"),  # a word in the title counts three times
        ("危房", "路灯、井盖、道路", None),  # a tie decides nothing
        ("危房", "路灯、井盖、道路、路灯", "SZ"),
        ("食堂卫生", "管理不到位。", None),
        ("", "", None),
    ],
)
def test_otherwise_the_unit_whose_business_is_spoken_of_most(
    title: str, body: str, expected: str | None
) -> None:
    assert _proposed((), title, body) == expected


def test_two_rules_of_one_unit_are_no_tie() -> None:
    rules = (OwnerRule("FW", ("危房",)), OwnerRule("FW", ("加固",)))
    assert propose_unit((), "危房加固", "", UNITS, rules) == "FW"


def test_an_office_without_rules_leaves_it_to_the_coordinator() -> None:
    assert propose_unit((), "危房", "危房", UNITS, ()) is None
