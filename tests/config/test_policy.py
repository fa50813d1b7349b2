from datetime import date, time
from pathlib import Path

import pytest

from config.calendar import CalendarPolicy
from config.policy import HOUSE, PolicyFile, load
from rules.deadlines import DeadlinePolicy
from rules.errors import SettingError
from rules.ladder import Ladder
from rules.mail_links import LinkPolicy
from rules.owners import OwnerRule
from rules.periods import PeriodKind
from rules.planning import Guard
from rules.policy import Policy
from rules.quiet import Quiet
from rules.sealing import SealBy
from rules.watch import Watch

DEFAULTS = PolicyFile(Policy(), CalendarPolicy())
STEPS = "every step of the ladder is at least 1, and `after` rises from step to step."


def _policy(folder: Path, text: str) -> Path:
    path = folder / "policy.toml"
    path.write_text(text, "utf-8")
    return path


def _complaint(path: Path) -> str:
    with pytest.raises(SettingError) as refused:
        load(path)
    return str(refused.value).replace(str(path), "policy.toml")


def test_the_house_s_own_file_says_what_the_rules_take_for_granted() -> None:
    assert load(HOUSE) == DEFAULTS


def test_an_empty_file_keeps_everything(tmp_path: Path) -> None:
    assert load(_policy(tmp_path, "")) == DEFAULTS


def test_the_policy_of_the_sample_office_can_be_read() -> None:
    assert load(HOUSE.parent.parent / "samples" / "policy.toml").calendar.country == "CN"


def test_an_office_changes_what_it_does_otherwise(tmp_path: Path) -> None:
    text = """
        [ladder]
        before = [10, 5]
        after = []
        silent = 15

        [deadlines]
        period = "month"
        immediate_working_days = 3

        [guard]
        factor = 2

        [calendar]
        country = "DE"
        holidays = [2026-07-01]
        working_days = [2026-07-04]
        known_years = [2027]

        [links]
        days = 14

        [[owner]]
        unit = "FW"
        words = ["危房"]

        [[owner]]
        unit = "SZ"
        person = "shi@office.example"
    """
    policy = Policy(
        ladder=Ladder(before=(10, 5), after=(), silent=15),
        deadlines=DeadlinePolicy(immediate_working_days=3, period=PeriodKind.MONTH),
        guard=Guard(factor=2),
        owners=(OwnerRule("FW", ("危房",)), OwnerRule("SZ", (), "shi@office.example")),
        links=LinkPolicy(14),
    )
    calendar = CalendarPolicy("DE", (date(2026, 7, 1),), (date(2026, 7, 4),), (2027,))
    assert load(_policy(tmp_path, text)) == PolicyFile(policy, calendar)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[ladders]", "[ladders] is not known."),
        ("[ladder]\nbefor = [3]", "befor is not known."),
        ("[ladder]\nsilent = '20'", "silent cannot be 20."),
        ("[ladder]\nsilent = true", "silent cannot be True."),
        ("[ladder]\nsilent = 1.5", "silent cannot be 1.5."),
        ("[ladder]\nsilent = 1000000000000", "silent cannot be 1000000000000."),
        ("[ladder]\nbefore = 3", "before cannot be 3."),
        ("[ladder]\nbefore = ['3']", "before cannot be ['3']."),
        ("[ladder]\nbefore = [3, 0]", STEPS),
        ("[ladder]\nafter = [0, 1]", STEPS),
        ("[ladder]\nafter = [3, 1]", STEPS),
        ("[ladder]\nafter = [1, 1]", STEPS),
        ("[ladder]\nthen_every = 0", STEPS),
        ("[ladder]\nsilent = 0", STEPS),
        ("[ladder]\nunverified = 0", STEPS),
        ("[ladder]\nunacknowledged = 0", STEPS),
        ("[[ladder]]\nsilent = 3", "ladder cannot be [{'silent': 3}]."),
        ("ladder = 3", "ladder cannot be 3."),
        ("[deadlines]\nperiod = 'week'", "period is week; write one of month, quarter, half, year."),
        ("[deadlines]\nperiod = ['half']", "period is ['half']; write one of month, quarter, half, year."),
        ("[deadlines]\nimmediate_working_days = -5", "immediate_working_days cannot be -5."),
        ("deadlines = 'soon'", "deadlines cannot be soon."),
        ("[guard]\nfirst = -1", "first cannot be -1."),
        ("[guard]\nfactor = inf", "factor cannot be inf."),
        ("[guard]\nfactor = nan", "factor cannot be nan."),
        ("[calendar]\ncountry = 86", "country cannot be 86."),
        ("[calendar]\nholidays = ['2026-07-01']", "holidays cannot be ['2026-07-01']."),
        (
            "[calendar]\nholidays = [2026-07-01T00:00:00]",
            "holidays cannot be [datetime.datetime(2026, 7, 1, 0, 0)].",
        ),
        ("[calendar]\nknown_years = ['2027']", "known_years cannot be ['2027']."),
        ("[links]\ndays = 0", "links in letters work for 1 to 366 days."),
        ("[links]\ndays = 367", "links in letters work for 1 to 366 days."),
        ("[links]\nday = 30", "day is not known."),
        ("[owner]\nunit = 'FW'", "owner cannot be {'unit': 'FW'}."),
        ("owner = ['FW']", "owner cannot be ['FW']."),
        ("[[owner]]\nwords = ['危房']", "unit cannot be ''."),
        ("[[owner]]\nunit = 'FW'\nwords = '危房'", "words cannot be 危房."),
        ("[overview]\nweekday = 8", "weekday cannot be 8."),
        ("[overview]\nday = 1", "day is not known."),
        ("[[owner]]\nunit = 'FW'\nword = ['危房']", "word is not known."),
    ],
)
def test_a_policy_that_says_nonsense_is_refused_in_one_sentence(
    tmp_path: Path, text: str, complaint: str
) -> None:
    assert _complaint(_policy(tmp_path, text)) == f"policy.toml: {complaint}"


def test_what_is_no_toml_is_refused_with_its_place(tmp_path: Path) -> None:
    assert _complaint(_policy(tmp_path, "[ladder]\nbefore = 15 7")) == (
        "policy.toml is not valid TOML: "
        "Expected newline or end of document after a statement (at line 2, column 13)."
    )


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes("[[owner]]\nunit = '房屋科'".encode("gb18030"))
    assert _complaint(path).startswith("policy.toml is not valid TOML: ")


@pytest.mark.parametrize(
    ("name", "reason"), [("nowhere.toml", "No such file or directory"), ("", "Is a directory")]
)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path, name: str, reason: str) -> None:
    assert _complaint(tmp_path / name) == f"policy.toml cannot be read: {reason}."


def test_quiet_days_and_what_is_late_are_the_office_s_own(tmp_path: Path) -> None:
    text = """
        [quiet]
        days = [2027-02-05]
        spans = ["2027-02-01/2027-02-14"]
        weekdays = ["friday"]

        [watch]
        reminders_by = 11:30:00
    """
    policy = load(_policy(tmp_path, text)).policy
    assert policy.quiet == Quiet((date(2027, 2, 5),), ("2027-02-01/2027-02-14",), ("friday",))
    assert policy.watch == Watch(reminders_by=time(11, 30))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('spans = ["2027-02-14/2027-02-01"]', "policy.toml: spans cannot be 2027-02-14/2027-02-01."),
        ('weekdays = ["Freitag"]', "policy.toml: weekdays cannot be Freitag."),
        ('days = ["2027-02-01"]', "policy.toml: days cannot be ['2027-02-01']."),
        (
            'weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday"]',
            "policy.toml: reminders need one weekday that is not quiet.",
        ),
    ],
)
def test_quiet_days_that_cannot_be_are_refused(tmp_path: Path, text: str, sentence: str) -> None:
    assert _complaint(_policy(tmp_path, f"[quiet]\n{text}")) == sentence


def test_an_office_says_that_two_people_seal(tmp_path: Path) -> None:
    assert load(_policy(tmp_path, '[seal]\nby = "four-eyes"')).policy.seal_by is SealBy.FOUR_EYES


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[seal]\nby = "nobody"', "policy.toml: by cannot be nobody."),
        ('[seal]\nwho = "flow"', "policy.toml: who is not known."),
    ],
)
def test_a_seal_by_somebody_else_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    assert _complaint(_policy(tmp_path, text)) == complaint
