import pytest

from rules.owners import OwnerRule, UnitNames, named_units, unit_by_words

UNITS = (
    UnitNames("FW", ("房屋科", "房屋安全管理科")),
    UnitNames("SZ", ("市政科", "市政设施管理科")),
    UnitNames("BG", ("办公室",)),
)
RULES = (
    OwnerRule("FW", ("房屋安全", "危房"), "fang@office.example"),
    OwnerRule("SZ", ("路灯", "井盖", "道路")),
)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (("房屋科",), ["FW"]),
        (("房屋安全管理科",), ["FW"]),  # by any of its names
        (("市政科", "房屋科"), ["SZ", "FW"]),  # the first named leads
        (("规划局", "办公室"), ["BG"]),  # who is no unit of ours is passed over
        (("房屋科", "房屋安全管理科"), ["FW"]),  # twice is once
        (("规划局",), []),
        ((), []),
    ],
)
def test_the_units_that_the_report_names_own_the_item_in_its_order(
    stated: tuple[str, ...], expected: list[str]
) -> None:
    assert named_units(stated, UNITS) == expected


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
    assert unit_by_words(title, body, RULES) == expected


def test_two_rules_of_one_unit_are_no_tie() -> None:
    rules = (OwnerRule("FW", ("危房",)), OwnerRule("FW", ("加固",)))
    assert unit_by_words("危房加固", "", rules) == "FW"


def test_an_office_without_rules_leaves_it_to_the_coordinator() -> None:
    assert unit_by_words("危房", "危房", ()) is None
