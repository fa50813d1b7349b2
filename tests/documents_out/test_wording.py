from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from documents.ledger import Ledger
from documents.wording import day_words, instant_words, numeral, one_line, period_words, printable, sentence
from rules.periods import parse

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("key", "chinese", "english"),
    [
        ("2026-11", "2026年11月", "November 2026"),
        ("2026-12", "2026年12月", "December 2026"),
        ("2026Q1", "2026年第一季度", "the first quarter of 2026"),
        ("2026Q4", "2026年第四季度", "the fourth quarter of 2026"),
        ("2026H1", "2026年上半年", "the first half of 2026"),
        ("2026H2", "2026年下半年", "the second half of 2026"),
        ("2026", "2026年度", "the year 2026"),
    ],
)
def test_a_period_is_named_as_reports_name_it(key: str, chinese: str, english: str) -> None:
    period = parse(key)
    assert (period_words(period, "zh_CN"), period_words(period, "en")) == (chinese, english)


def test_days_are_written_out_without_leading_zeros() -> None:
    day = date(2026, 9, 3)
    assert (day_words(day, "zh_CN"), day_words(day, "en")) == ("2026年9月3日", "3 September 2026")


def test_a_cut_off_at_midnight_is_the_end_of_the_day_before() -> None:
    cut_off = datetime(2027, 1, 1, tzinfo=SHANGHAI)
    assert instant_words(cut_off, "zh_CN") == "2026年12月31日24时"
    assert instant_words(cut_off, "en") == "24:00 on 31 December 2026"


def test_a_cut_off_within_a_day_names_the_time() -> None:
    cut_off = datetime(2026, 11, 5, 9, 30, tzinfo=SHANGHAI)
    assert instant_words(cut_off, "zh_CN") == "2026年11月5日09:30"
    assert instant_words(cut_off, "en") == "09:30 on 5 November 2026"


def test_numerals_count_as_chinese_headings_do() -> None:
    numbers = (1, 10, 11, 20, 99, 100, 101, 110, 1001, 2026, 10_000)
    words = "一 十 十一 二十 九十九 一百 一百零一 一百一十 一千零一 二千零二十六 10000"
    assert [numeral(number) for number in numbers] == words.split()


def test_a_sentence_ends_with_one_full_stop() -> None:
    assert sentence("底数不清；", "zh_CN") == "底数不清。"
    assert sentence("Records are missing", "en") == "Records are missing."
    assert sentence(" 。", "zh_CN") == ""


def test_line_breaks_leave_no_gap_between_chinese_characters() -> None:
    assert one_line("部分街道\n未建台账\r\nand no\nrecord") == "部分街道未建台账and no record"


def test_characters_that_no_document_can_hold_are_dropped() -> None:
    assert printable("排查\x00表\x1f\ud800\uffff\t一") == "排查表\t一"


def test_a_ledger_without_a_time_zone_is_refused(office: Ledger) -> None:
    with pytest.raises(ValueError, match="as_of has no time zone"):
        Ledger("局", office.rollup, (), datetime(2027, 1, 1), sealed=False, sha256="", version=0)  # noqa: DTZ001
