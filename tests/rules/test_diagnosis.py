"""What a diagnosis says of what was found."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import diagnosis
from rules.diagnosis import Grade, Mend, Registered, Said
from rules.watch import Loop, Pulse

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 7, 6, 9, tzinfo=ZONE)
OK, WARNING, WRONG = Grade


@pytest.mark.parametrize(
    ("found", "fault", "grade", "said"),
    [
        ("0011", "", OK, Said.CURRENT),
        ("0010", "", WRONG, Said.OLDER),
        ("0012", "", WRONG, Said.NEWER),
        (None, "", WRONG, Said.NOT_MADE),
        (None, "connection refused", WRONG, Said.NO_ANSWER),
    ],
)
def test_a_database_is_sound_at_this_migration_alone(
    found: str | None, fault: str, grade: Grade, said: Said
) -> None:
    verdict = diagnosis.database("SQLite", found, "0011", fault)
    assert (verdict.grade, verdict.said) == (grade, said)


@pytest.mark.parametrize(
    ("estimated", "month", "grade", "said"),
    [
        (set(), 3, OK, Said.YEARS_KNOWN),
        ({2027, 2028}, 3, OK, Said.NEXT_TO_COME),
        ({2027, 2028}, 11, WARNING, Said.NEXT_UNKNOWN),
        ({2026, 2027}, 3, WRONG, Said.YEAR_UNKNOWN),
    ],
)
def test_next_year_s_holidays_are_missed_from_november_on_and_this_year_s_always(
    estimated: set[int], month: int, grade: Grade, said: Said
) -> None:
    verdict = diagnosis.calendar(estimated, NOW.replace(month=month))
    assert (verdict.grade, verdict.said) == (grade, said)


def test_mail_may_go_unencrypted_to_this_machine_and_no_further() -> None:
    def said(security: str, user: str, fault: str, *, is_near: bool) -> Said:
        return diagnosis.mail("mail:25", security, user, fault, is_near=is_near).said

    assert said("plain", "", "", is_near=True) is Said.MAIL_ANSWERS
    assert said("plain", "", "", is_near=False) is Said.MAIL_OPEN
    assert said("starttls", "rectify", "", is_near=False) is Said.MAIL_SIGNED_IN
    assert said("tls", "", "refused", is_near=False) is Said.MAIL_FAILS


def test_who_sends_is_an_address_that_can_be_answered_and_a_trial_is_told() -> None:
    assert diagnosis.sender("rectify@localhost", "").said is Said.SENDER_UNSET
    assert diagnosis.sender("rectify@office.example", "").grade is OK
    assert diagnosis.sender("rectify@office.example", "me@office.example").said is Said.REDIRECTED


@given(st.integers(-7200, 7200))
def test_clocks_may_differ_by_a_minute(seconds: int) -> None:
    database = NOW + timedelta(seconds=seconds)
    verdict = diagnosis.clock(NOW, "Asia/Shanghai", database, None)
    assert verdict.grade is (WRONG if abs(seconds) > 60 else OK)


@given(st.integers(-7200, 7200))
def test_a_clock_that_went_back_behind_the_history_is_wrong(seconds: int) -> None:
    verdict = diagnosis.clock(NOW, "Asia/Shanghai", None, NOW + timedelta(seconds=seconds))
    assert verdict.grade is (WRONG if seconds > 60 else OK)


@given(st.integers(0, 0o777))
def test_a_secret_is_for_its_owner_alone(mode: int) -> None:
    (verdict,) = diagnosis.secrets({"var/secret": mode})
    assert verdict.said is (Said.FILES_CLOSED if mode % 0o100 == 0 else Said.FILE_OPEN)


def test_each_file_with_a_secret_that_is_open_or_missing_has_its_line() -> None:
    found = diagnosis.secrets({"secret": 0o600, "password": 0o640, "other": None})
    assert [(one.said, one.mend) for one in found] == [
        (Said.FILE_OPEN, Mend.CLOSE),
        (Said.FILE_MISSING, Mend.KEY),
    ]
    assert found[0].values == {"path": "password", "mode": "640"}
    assert [one.grade for one in found] == [WARNING, WRONG]
    assert [diagnosis.secrets({"x": mode})[0].grade for mode in (0o604, 0o620)] == [WRONG, WRONG]


def test_every_flow_has_a_schedule_that_is_switched_on() -> None:
    words = {"reminders": "Reminders", "delivery": "Delivery"}
    on, off, none = Registered(True, True), Registered(True, False), Registered(False, False)

    def told(flows: dict[str, Registered]) -> tuple[Grade, object]:
        verdict = diagnosis.schedules(list(words), flows, words)
        return verdict.grade, verdict.values["flows"]

    assert told({"reminders": on, "delivery": on}) == (OK, 2)
    assert told({"reminders": on, "delivery": off}) == (WARNING, "Delivery")
    assert told({"reminders": none, "delivery": off}) == (WRONG, "Reminders")
    assert told({}) == (WRONG, "Reminders, Delivery")


def test_sqlite_bears_one_flow_at_a_time_and_no_work_pool() -> None:
    assert diagnosis.engine("sqlite", set()).grade is OK
    assert diagnosis.engine("postgresql", {"pool"}).grade is OK
    verdict = diagnosis.engine("sqlite", {"pool", "docker"})
    assert (verdict.grade, verdict.mend) == (WRONG, Mend.POSTGRESQL)
    assert verdict.values == {"pools": "docker, pool"}


@pytest.mark.parametrize(
    ("dialect", "pools", "grade", "said"),
    [
        ("sqlite", set(), OK, Said.PREFECT_SMALL),
        ("sqlite", {"pool", "docker"}, WRONG, Said.PREFECT_TOO_SMALL),
        ("postgresql", {"pool"}, OK, Said.PREFECT_LARGE),
        ("", {"pool"}, OK, Said.PREFECT_UNSEEN),
    ],
)
def test_prefects_own_sqlite_bears_no_work_pool_either(
    dialect: str, pools: set[str], grade: Grade, said: Said
) -> None:
    verdict = diagnosis.prefect_engine(dialect, pools)
    assert (verdict.grade, verdict.said) == (grade, said)
    assert (verdict.mend == Mend.PREFECT_POSTGRESQL) == (grade is WRONG)


@pytest.mark.parametrize(
    ("pulse", "grade", "said"),
    [
        (Pulse(Loop.DELIVERY, NOW), OK, Said.LOOP_WELL),
        (Pulse(Loop.DELIVERY, NOW, is_late=True), WRONG, Said.LOOP_LATE),
        (Pulse(Loop.DELIVERY, None, is_late=True), WARNING, Said.LOOP_NEVER),
        (Pulse(Loop.DELIVERY, NOW, "it broke off"), WRONG, Said.LOOP_FAILED),
    ],
)
def test_a_loop_that_failed_or_stopped_is_wrong(pulse: Pulse, grade: Grade, said: Said) -> None:
    verdict = diagnosis.loop(pulse, "Delivery", pulse.error)
    assert (verdict.grade, verdict.said) == (grade, said)


def test_little_room_is_told_before_there_is_none() -> None:
    grades = [diagnosis.disk("var", free, 10**12).grade for free in (10**8, 10**9, 10**10)]
    assert grades == [WRONG, WARNING, OK]
    assert diagnosis.disk("var", 10**10, 10**12).values == {
        "path": "var",
        "free": "10 GB",
        "total": "1000 GB",
    }


def test_fonts_are_there_or_not_or_nobody_can_tell() -> None:
    assert diagnosis.fonts(None).grade is WARNING
    assert diagnosis.fonts(set()).grade is WRONG
    assert diagnosis.fonts({"Noto", "Fang"}).values == {"fonts": 2, "font": "Fang"}
    assert [diagnosis.paper(has_office=it).grade for it in (True, False)] == [OK, WARNING]


def test_the_worst_line_decides() -> None:
    lines = [diagnosis.sender("rectify@office.example", ""), diagnosis.sender("rectify@localhost", "")]
    assert diagnosis.worst([]) is OK
    assert diagnosis.worst(lines) is WARNING
    assert diagnosis.worst([*lines, diagnosis.prefect("http://127.0.0.1:1/api", None)]) is WRONG


def test_a_restored_database_is_told_until_sending_is_resumed() -> None:
    assert diagnosis.restored(None) == []
    (verdict,) = diagnosis.restored(NOW)
    assert (verdict.grade, verdict.values) == (WARNING, {"at": "2026-07-06 09:00"})


def test_whatever_is_not_well_says_how_to_mend_it() -> None:
    found = [
        diagnosis.database("SQLite", None, "0011", ""),
        diagnosis.refused(diagnosis.Part.CALENDAR, "no"),
        diagnosis.fonts(set()),
        diagnosis.paper(has_office=False),
        diagnosis.tried_mail("a@b.example", "550 no", is_taken=False),
    ]
    assert [one.mend is not None for one in found] == [True] * len(found)
    assert diagnosis.tried_mail("a@b.example", "250 ok", is_taken=True).mend is None
