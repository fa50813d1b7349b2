from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.lifecycle import OPEN, State
from rules.reasons import Kept, Reason, keep, recall, why_void

PLACES = {
    "by": "before-3",
    "state": "closed",
    "day": "2026-09-30",
    "on": "2026-10-20",
    "answer": "535 no",
    "error": "OSError: no",
    "note": "not now",
}


@pytest.mark.parametrize("sentence", Kept)
def test_what_a_table_keeps_is_read_back_as_the_sentence_that_was_kept(sentence: Kept) -> None:
    places = {name: value for name, value in PLACES.items() if f"%({name})s" in sentence}
    assert recall(keep(sentence, **places)) == Reason(sentence, places)


@given(st.text())
def test_a_server_s_words_are_never_taken_for_ours(words: str) -> None:
    assert recall(f"550 {words}") is None


def test_a_digest_that_gave_way_is_not_taken_for_a_rung() -> None:
    kept = keep(Kept.REPLACED, day=date(2026, 9, 30))
    assert recall(kept) == Reason(Kept.REPLACED, {"day": "2026-09-30"})


def test_a_new_deadline_version_voids_by_change_whatever_the_state() -> None:
    assert {why_void(state, same_version=False) for state in State} == {
        "the deadline or the owner has changed"
    }
    assert why_void(State.CLOSED, same_version=True) == "the item is closed now"


def test_a_pause_voids_only_what_is_still_open() -> None:
    until = date(2026, 10, 20)
    voided = {state: why_void(state, same_version=True, paused_until=until) for state in State}
    assert {state for state, why in voided.items() if why.startswith("its reminders are paused")} == OPEN
