"""Half a year in the small office, as chance writes it: for tests of what is counted of a history."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from offices import PROOF, Bureau
from sqlalchemy import select

from models.event import Event
from models.session import reading
from rules.errors import RefusedError
from rules.lifecycle import Move

REFERENCES = ("2026H1-P01", "2026H1-P02", "2026H1-M01", "2026H1-M02")
DAY = timedelta(days=1)
SPAN = date(2026, 7, 1)

WORK = ("open", "open close", "open close", "close reopen", "close reopen", "cancel open")
DEEDS = st.sampled_from([*WORK, "sustain", "work", "move in", "move out"])
LIVES = st.lists(
    st.tuples(st.integers(-30, 24 * 12), DEEDS, st.sampled_from(REFERENCES)), min_size=4, max_size=12
)


def attempt(bureau: Bureau, on: str, move: Move, who: str, now: datetime, **said: Any) -> None:
    with suppress(RefusedError):
        bureau.act(on, move, who, now, **said)


def live(bureau: Bureau, deed: str, on: str, now: datetime) -> None:
    """One deed of the office, as far as the item admits it."""
    match deed:
        case "open":
            attempt(bureau, on, Move.CONFIRM, "coordinator", now)
            attempt(bureau, on, Move.ASSIGN, "coordinator", now, to="owner", due_on=SPAN + 60 * DAY)
        case "work":
            for who in ("owner", "stranger"):
                attempt(bureau, on, Move.ACKNOWLEDGE, who, now)
                attempt(bureau, on, Move.SUBMIT, who, now, evidence=(PROOF,))
        case "close":
            attempt(bureau, on, Move.APPROVE, "coordinator", now)
        case "move in" | "move out":
            to = "owner" if deed == "move in" else "stranger"
            attempt(bureau, on, Move.REASSIGN, "coordinator", now, to=to)
        case _:
            attempt(bureau, on, Move(deed), "coordinator", now, note="理由")


def live_on(bureau: Bureau, deeds: list[str], on: str, now: datetime) -> None:
    """Several deeds in turn, some hours apart; nothing closes that was not worked on."""
    for number, deed in enumerate(deeds):
        if deed == "close":
            live(bureau, "work", on, now + timedelta(hours=30 * number))
        live(bureau, deed, on, now + timedelta(hours=30 * number))


def begin(bureau: Bureau) -> datetime:
    """The report taken in once; later lives go on from where the last one stopped."""
    if not bureau.item_exists(REFERENCES[0]):
        bureau.take_in()
    with reading(bureau.engine) as session:
        return session.scalars(select(Event.at).order_by(Event.position.desc()).limit(1)).one()
