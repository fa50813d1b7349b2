from datetime import date, datetime, timedelta

from offices import ZONE, Bureau

from models.session import writing
from notifications import outbox
from notifications.smtp import Answer, Ruling
from rules.lifecycle import Move
from services import reminders
from texts import labels

P01 = "2026H1-P01"
REVIEW = date(2026, 9, 28)  # sixty working days after the day on which it was sustained


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, 30, tzinfo=ZONE)


def live(bureau: Bureau, first: date, last: date) -> list[tuple[date, str]]:
    """Plans and sends each working day. Returns when the owner was reminded, and of what."""
    day = first
    while day <= last:
        if bureau.office.calendar.is_working(day):
            with writing(bureau.engine) as session:
                reminders.plan(session, bureau.office, day, now=morning(day))
                while message := outbox.claim(session, "test", morning(day), timedelta(minutes=3)):
                    outbox.settle(session, message, Answer(Ruling.SENT, "250"), morning(day))
        day += timedelta(days=1)
    return [(r.planned_on, r.rung) for r in bureau.reminders() if bureau.email(r.person_id) == "owner"]


def sustained(bureau: Bureau) -> Bureau:
    bureau.new_item(P01)
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    bureau.act(P01, Move.SUSTAIN, "coordinator", note="常态化")
    assert bureau.item(P01).review_on == REVIEW
    return bureau


def test_a_review_that_nobody_reports_on_is_called_for_again_until_somebody_does(bureau: Bureau) -> None:
    sustained(bureau)
    assert live(bureau, date(2026, 9, 25), date(2026, 10, 13)) == [
        (date(2026, 9, 28), "review-20260928"),
        (date(2026, 9, 29), "review-20260928-1"),
        (date(2026, 10, 1), "review-20260928-3"),
        (date(2026, 10, 5), "review-20260928-5"),
        (date(2026, 10, 12), "review-20260928-10"),
    ]
    bureau.act(P01, Move.REPORT, "owner", morning(date(2026, 10, 13)), progress=50, note="已复查")
    assert live(bureau, date(2026, 10, 14), date(2026, 11, 30))[5:] == []


def test_a_review_that_was_reported_on_in_time_is_not_called_for(bureau: Bureau) -> None:
    sustained(bureau)
    bureau.act(P01, Move.REPORT, "owner", morning(date(2026, 9, 25)), progress=50, note="已复查")
    assert live(bureau, date(2026, 9, 28), date(2026, 10, 30)) == []


def test_a_letter_says_how_late_a_review_is(bureau: Bureau) -> None:
    sustained(bureau)
    live(bureau, date(2026, 9, 28), date(2026, 10, 5))
    text = bureau.messages()[-1].text
    assert "应于2026年9月28日 星期一复核，已逾 5 个工作日仍未报告。" in text
    assert labels.rung("review-20260928-5", "zh_CN") == "2026-09-28 复核，已逾 5 个工作日"
    assert labels.rung("review-20260928", "en") == "review on 2026-09-28"
    assert labels.rung("review-20260928-1", "en") == "review of 2026-09-28, 1 working day late"
