import re
from datetime import date, datetime, timedelta

import pytest
from offices import MONDAY, PROOF, ZONE, Bureau
from sqlalchemy import func, select

from models.event import Event
from models.item import Decision, Evidence, Request
from models.message import Message
from models.organisation import Grant
from models.session import reading
from notifications import outbox
from notifications.wire import digest
from rules.deadlines import TimeLimit
from rules.errors import NotAllowedError, NotFoundError, RefusedError, WrongMoveError
from rules.lifecycle import Move, State
from rules.permissions import Role
from services import evidence, history, items
from services.drafting import Edits
from services.evidence import EvidenceFile
from services.moves import Wish
from services.organisation import person_by_email, root

P01 = "2026H1-P01"
EVERYBODY = (
    "director",
    "coordinator",
    "leader",
    "auditor",
    "admin",
    "head",
    "owner",
    "second",
    "other.head",
    "stranger",
)


def day(month: int, day_of_month: int) -> datetime:
    return datetime(2026, month, day_of_month, 10, tzinfo=ZONE)


def events(bureau: Bureau) -> int:
    with reading(bureau.engine) as session:
        return session.scalar(select(func.count()).select_from(Event)) or 0


def submitted(bureau: Bureau) -> str:
    bureau.new_item(P01)
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    bureau.act(P01, Move.SUBMIT, "owner", evidence=(PROOF,))
    return P01


def test_an_item_lives_from_the_report_to_its_closing(bureau: Bureau) -> None:
    bureau.new_item(P01)
    lived = [
        bureau.act(P01, Move.ACKNOWLEDGE, "owner", day(7, 7)),
        bureau.act(P01, Move.REPORT, "owner", day(7, 20), progress=40, note="过半"),
        bureau.act(P01, Move.SUBMIT, "owner", day(8, 3), evidence=(PROOF,)),
        bureau.act(P01, Move.REJECT, "coordinator", day(8, 4), note="缺复查记录"),
        bureau.act(P01, Move.SUBMIT, "owner", day(8, 10)),
        bureau.act(P01, Move.APPROVE, "leader", day(8, 11)),
    ]
    item = bureau.item(P01)
    assert lived == [
        State.IN_PROGRESS,
        State.IN_PROGRESS,
        State.SUBMITTED,
        State.IN_PROGRESS,
        State.SUBMITTED,
        State.CLOSED,
    ]
    assert (item.ended_on, item.progress, item.next_reminder_on) == (date(2026, 8, 11), 100, None)


def test_every_move_leaves_one_event_and_a_refused_one_none(bureau: Bureau) -> None:
    bureau.new_item(P01)
    before = events(bureau)
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    with pytest.raises(WrongMoveError):
        bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    with pytest.raises(NotAllowedError):
        bureau.act(P01, Move.REPORT, "stranger", progress=10)
    assert events(bureau) == before + 1


PREPARED: dict[Move, tuple[tuple[Move, str, dict[str, object]], ...]] = {
    Move.ACKNOWLEDGE: (),
    Move.REASSIGN: (),
    Move.CANCEL: (),
    Move.REQUEST_EXTENSION: (),
    Move.REQUEST_CANCELLATION: (),
    Move.REPORT: ((Move.ACKNOWLEDGE, "owner", {}),),
    Move.SUSTAIN: ((Move.ACKNOWLEDGE, "owner", {}),),
    Move.SUBMIT: ((Move.ACKNOWLEDGE, "owner", {}),),
    Move.APPROVE: ((Move.ACKNOWLEDGE, "owner", {}), (Move.SUBMIT, "owner", {"evidence": (PROOF,)})),
    Move.REJECT: ((Move.ACKNOWLEDGE, "owner", {}), (Move.SUBMIT, "owner", {"evidence": (PROOF,)})),
    Move.REOPEN: (
        (Move.ACKNOWLEDGE, "owner", {}),
        (Move.SUBMIT, "owner", {"evidence": (PROOF,)}),
        (Move.APPROVE, "coordinator", {}),
    ),
    Move.GRANT_EXTENSION: ((Move.REQUEST_EXTENSION, "owner", {"note": "x", "due_on": date(2026, 11, 2)}),),
    Move.REFUSE_EXTENSION: ((Move.REQUEST_EXTENSION, "owner", {"note": "x", "due_on": date(2026, 11, 2)}),),
    Move.GRANT_CANCELLATION: ((Move.REQUEST_CANCELLATION, "owner", {"note": "x"}),),
    Move.REFUSE_CANCELLATION: ((Move.REQUEST_CANCELLATION, "owner", {"note": "x"}),),
    Move.PAUSE: (),
    Move.ENTRUST: (),
    Move.ORDER: (),
    Move.CIRCULATE: (),
    Move.WITHDRAW: (
        (Move.ACKNOWLEDGE, "owner", {}),
        (Move.REPORT, "owner", {"evidence": (PROOF,)}),
    ),
    Move.RESUME: ((Move.PAUSE, "coordinator", {"note": "x", "until": date(2026, 11, 2)}),),
}
SAID: dict[Move, dict[str, object]] = {
    Move.REASSIGN: {"to": "second"},
    Move.REPORT: {"progress": 10},
    Move.SUBMIT: {"evidence": (PROOF,)},
    Move.REQUEST_EXTENSION: {"due_on": date(2026, 11, 2)},
    Move.PAUSE: {"until": date(2026, 11, 2)},
    Move.CIRCULATE: {"circular": "2026-1"},
    Move.EDIT: {"edits": Edits(title="另一个标题")},
}
WORKERS = {"owner", "head", "director"}
DECIDERS = {"coordinator", "leader"}
ALLOWED: dict[Move, set[str]] = {
    Move.CONFIRM: {"coordinator"},
    Move.ASSIGN: {"coordinator"},
    Move.REASSIGN: {"coordinator"},
    Move.ACKNOWLEDGE: WORKERS,
    Move.REPORT: WORKERS,
    Move.SUBMIT: WORKERS,
    Move.REQUEST_EXTENSION: WORKERS,
    Move.REQUEST_CANCELLATION: WORKERS,
    Move.APPROVE: DECIDERS,
    Move.REJECT: DECIDERS,
    Move.SUSTAIN: DECIDERS,
    Move.CANCEL: DECIDERS,
    Move.REOPEN: DECIDERS,
    Move.GRANT_EXTENSION: DECIDERS,
    Move.REFUSE_EXTENSION: DECIDERS,
    Move.GRANT_CANCELLATION: DECIDERS,
    Move.REFUSE_CANCELLATION: DECIDERS,
    Move.PAUSE: {"coordinator"},
    Move.ENTRUST: {"coordinator"},
    Move.RESUME: {"coordinator"},
    Move.ORDER: {"coordinator"},
    Move.CIRCULATE: {"coordinator"},
    **{move: {"coordinator"} for move in (Move.EDIT, Move.SPLIT, Move.MERGE, Move.LINK, Move.UNLINK)},
}
ALLOWED[Move.WITHDRAW] = {"owner", "coordinator"}
OTHERS = {Move.MERGE: "2026H1-P02", Move.LINK: "2026H1-P02", Move.UNLINK: P01}


def prepare(bureau: Bureau, move: Move) -> None:
    if move in {Move.CONFIRM, Move.ASSIGN, Move.EDIT, Move.SPLIT, *OTHERS}:
        bureau.take_in()
        if move is Move.ASSIGN:
            bureau.act(P01, Move.CONFIRM, "coordinator")
        return
    bureau.new_item(P01)
    for earlier, who, said in PREPARED[move]:
        bureau.act(P01, earlier, who, **said)


@pytest.mark.parametrize("move", list(Move))
def test_each_move_is_refused_to_whoever_may_not_make_it(bureau: Bureau, move: Move) -> None:
    prepare(bureau, move)
    said = SAID.get(move, {}) | {"note": "说明"}
    if move is Move.ASSIGN:
        said["to"] = "owner"
    if move is Move.SPLIT:
        said["at"] = (bureau.item(P01).quote_start or 0) + 12
    moved = "2026H1-M01" if move in {Move.LINK, Move.UNLINK} else P01
    allowed = set()
    for who in EVERYBODY:
        try:
            with bureau.visit(who) as visit:
                savepoint = visit.session.begin_nested()
                person = said.get("to")
                owner = person_by_email(visit.session, f"{person}@office.example") if person else None
                words = {name: value for name, value in said.items() if name != "to"}
                if move is Move.WITHDRAW:
                    words["file"] = visit.session.scalars(select(Evidence)).one()
                if move is Move.ENTRUST:
                    words["entrusted"] = {Role.VERIFIER: visit.directory.people[1]}
                if move in OTHERS:
                    words["other"] = items.by_reference(visit.session, OTHERS[move])
                items.act(visit, moved, Wish(move, to=owner, **words))
                allowed.add(who)
                savepoint.rollback()
        except NotAllowedError:
            continue
    assert allowed == ALLOWED[move]


def test_an_item_closes_only_with_evidence(bureau: Bureau) -> None:
    bureau.new_item(P01)
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    with pytest.raises(WrongMoveError, match="no evidence"):
        bureau.act(P01, Move.SUBMIT, "owner")
    bureau.act(P01, Move.SUBMIT, "owner", evidence=(PROOF,))
    [kept] = bureau.rows(Evidence)
    file = bureau.office.folder / "evidence" / PROOF.sha256[:2] / PROOF.sha256
    assert (kept.file_name, kept.size, file.read_bytes()) == ("记录.txt", len(PROOF.content), PROOF.content)


def withdraw(bureau: Bureau, who: str, name: str = PROOF.name, note: str = "传错了") -> None:
    with bureau.visit(who) as visit:
        file = evidence.named(visit.session, items.by_reference(visit.session, P01), name)
        items.act(visit, P01, Wish(Move.WITHDRAW, note=note, file=file))


@pytest.mark.parametrize("who", ["owner", "coordinator"])
def test_an_item_whose_only_evidence_was_withdrawn_is_not_closed(bureau: Bureau, who: str) -> None:
    submitted(bureau)
    withdraw(bureau, who)
    with pytest.raises(WrongMoveError, match="no evidence"):
        bureau.act(P01, Move.APPROVE, "leader")
    bureau.act(P01, Move.REJECT, "leader", note="佐证已撤回")
    with pytest.raises(WrongMoveError, match="no evidence"):
        bureau.act(P01, Move.SUBMIT, "owner")
    bureau.act(P01, Move.SUBMIT, "owner", evidence=(EvidenceFile("复查.txt", b"again"),))
    assert bureau.act(P01, Move.APPROVE, "leader") is State.CLOSED


def test_withdrawn_evidence_stays_in_the_history_with_its_reason(bureau: Bureau) -> None:
    submitted(bureau)
    withdraw(bureau, "owner", note="拍错了工地")
    (file,) = bureau.rows(Evidence)
    kept = bureau.office.folder / "evidence" / file.sha256[:2] / file.sha256
    assert (bureau.email(file.withdrawn_by_id), file.withdrawn_at, kept.exists()) == ("owner", MONDAY, True)
    with reading(bureau.engine) as session:
        last = session.scalars(select(Event).order_by(Event.position.desc()).limit(1)).one()
        assert (last.move, last.note, last.payload) == ("withdraw", "拍错了工地", {"withdrawn": file.sha256})
        assert history.verify(session).fault is None


def test_nobody_withdraws_what_somebody_else_handed_in_but_a_coordinator(bureau: Bureau) -> None:
    submitted(bureau)
    with pytest.raises(NotAllowedError, match="by who handed it in, or by a coordinator"):
        withdraw(bureau, "head")
    with pytest.raises(WrongMoveError, match="needs a note"):
        withdraw(bureau, "coordinator", note=" ")
    withdraw(bureau, "coordinator")
    with pytest.raises(NotFoundError, match=r"has no file 记录\.txt\. Files: —"):
        withdraw(bureau, "coordinator")


def test_evidence_of_a_closed_item_or_of_another_one_is_not_withdrawn(bureau: Bureau) -> None:
    submitted(bureau)
    bureau.new_item("2026H1-P02", owner="stranger")
    with bureau.visit("coordinator") as visit:
        file = visit.session.scalars(select(Evidence)).one()
        with pytest.raises(WrongMoveError, match="Name a file of 2026H1-P02"):
            items.act(visit, "2026H1-P02", Wish(Move.WITHDRAW, note="x", file=file))
    bureau.act(P01, Move.APPROVE, "leader")
    with pytest.raises(WrongMoveError, match="cannot be moved by withdraw"):
        withdraw(bureau, "coordinator")


def test_nobody_closes_what_they_own_or_handed_in(bureau: Bureau) -> None:
    bureau.new_item(P01, owner="coordinator")
    bureau.act(P01, Move.ACKNOWLEDGE, "coordinator")
    bureau.act(P01, Move.SUBMIT, "director", evidence=(PROOF,))
    with pytest.raises(NotAllowedError, match="own owner"):
        bureau.act(P01, Move.APPROVE, "coordinator")
    assert bureau.act(P01, Move.APPROVE, "leader") is State.CLOSED


def test_an_extension_in_time_moves_the_deadline_and_keeps_the_original(bureau: Bureau) -> None:
    bureau.new_item(P01)
    proposed = date(2026, 11, 30)
    bureau.act(P01, Move.REQUEST_EXTENSION, "owner", day(9, 28), note="材料未到", due_on=proposed)
    bureau.act(P01, Move.GRANT_EXTENSION, "coordinator", day(9, 29), note="同意")
    item = bureau.item(P01)
    assert (item.due_on, item.original_due_on, item.judged_on) == (proposed, date(2026, 9, 30), proposed)
    assert (item.extensions, item.deadline_version) == (1, 2)


def test_an_extension_granted_too_late_gives_time_but_not_a_clean_record(bureau: Bureau) -> None:
    bureau.new_item(P01)
    bureau.act(P01, Move.REQUEST_EXTENSION, "owner", day(10, 8), note="材料未到", due_on=date(2026, 11, 30))
    bureau.act(P01, Move.GRANT_EXTENSION, "coordinator", day(10, 9))
    item = bureau.item(P01)
    assert (item.due_on, item.judged_on) == (date(2026, 11, 30), date(2026, 9, 30))


def test_who_asked_does_not_decide(bureau: Bureau) -> None:
    bureau.new_item(P01, owner="second")
    bureau.act(P01, Move.REQUEST_EXTENSION, "head", note="x", due_on=date(2026, 11, 30))
    with bureau.visit("coordinator") as visit:
        head = next(p for p in visit.directory.people.values() if p.email.startswith("head@"))
        visit.session.add(Grant(person_id=head.id, role=Role.LEADER, unit_id=root(visit.session).id))
    with pytest.raises(NotAllowedError, match="somebody other than who made it"):
        bureau.act(P01, Move.GRANT_EXTENSION, "head")


def test_one_request_of_a_kind_waits_at_a_time(bureau: Bureau) -> None:
    bureau.new_item(P01)
    bureau.act(P01, Move.REQUEST_CANCELLATION, "owner", note="重复")
    with pytest.raises(WrongMoveError, match="waiting for its decision"):
        bureau.act(P01, Move.REQUEST_CANCELLATION, "owner", note="重复")
    bureau.act(P01, Move.REQUEST_EXTENSION, "owner", note="x", due_on=date(2026, 12, 1))
    assert bureau.act(P01, Move.GRANT_CANCELLATION, "leader") is State.CANCELLED
    decisions = {str(request.kind): request.decision for request in bureau.rows(Request)}
    assert decisions == {"cancellation": Decision.GRANTED, "extension": Decision.LAPSED}


def test_a_long_term_item_is_reviewed_instead_of_due(bureau: Bureau) -> None:
    bureau.new_item(P01)
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    bureau.act(P01, Move.SUSTAIN, "coordinator", note="常态化")
    item = bureau.item(P01)
    review = bureau.office.calendar.shift(MONDAY.date(), 60)
    assert (item.state, item.time_limit) == (State.SUSTAINED, TimeLimit.LONG_TERM)
    assert (item.due_on, item.original_due_on, item.review_on) == (None, date(2026, 9, 30), review)


def test_a_closed_item_that_fails_its_check_is_handed_over_again(bureau: Bureau) -> None:
    submitted(bureau)
    bureau.act(P01, Move.APPROVE, "coordinator", day(8, 3))
    bureau.act(P01, Move.REOPEN, "leader", day(9, 1), note="问题反弹")
    item = bureau.item(P01)
    assert (item.state, item.ended_on, item.due_on) == (State.ASSIGNED, None, date(2026, 12, 31))
    assert (item.original_due_on, item.deadline_version) == (date(2026, 9, 30), 2)


def test_a_cancelled_item_begins_anew_as_a_draft(bureau: Bureau) -> None:
    bureau.new_item(P01)
    bureau.act(P01, Move.CANCEL, "coordinator", note="误录")
    assert bureau.act(P01, Move.REOPEN, "coordinator", note="恢复") is State.DRAFT
    bureau.act(P01, Move.CONFIRM, "coordinator")
    assert bureau.act(P01, Move.ASSIGN, "coordinator", to="second") is State.ASSIGNED


def test_an_item_moves_to_the_unit_of_its_new_owner(bureau: Bureau) -> None:
    bureau.new_item(P01)
    before = bureau.item(P01)
    bureau.act(P01, Move.REASSIGN, "coordinator", to="stranger", note="职能调整")
    after = bureau.item(P01)
    assert after.lead_unit_id != before.lead_unit_id
    with pytest.raises(NotAllowedError):
        bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    assert bureau.act(P01, Move.ACKNOWLEDGE, "stranger") is State.IN_PROGRESS


@pytest.mark.parametrize(
    ("move", "said", "sentence"),
    [
        (Move.ACKNOWLEDGE, {"progress": 5}, "acknowledge takes no --progress"),
        (Move.ACKNOWLEDGE, {"evidence": (PROOF,)}, "acknowledge takes no --evidence"),
        (Move.ACKNOWLEDGE, {"to": "second"}, "acknowledge takes no --to"),
        (Move.ACKNOWLEDGE, {"co": ("second",)}, "acknowledge takes no --co"),
        (Move.REQUEST_EXTENSION, {"note": "x"}, "later than the present one"),
        (Move.REQUEST_EXTENSION, {"note": "x", "due_on": date(2026, 9, 30)}, "later than the present one"),
        (Move.REQUEST_EXTENSION, {"due_on": date(2026, 12, 30)}, "needs a note"),
    ],
)
def test_what_does_not_go_with_a_move_is_refused(
    bureau: Bureau, move: Move, said: dict[str, object], sentence: str
) -> None:
    bureau.new_item(P01)
    with pytest.raises(WrongMoveError, match=sentence):
        bureau.act(P01, move, "owner", **said)


@pytest.mark.parametrize("progress", [-1, 101])
def test_progress_is_a_percentage(bureau: Bureau, progress: int) -> None:
    bureau.new_item(P01)
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    with pytest.raises(WrongMoveError, match="from 0 to 100"):
        bureau.act(P01, Move.REPORT, "owner", progress=progress)


def test_an_unknown_item_and_an_unknown_person_are_named(bureau: Bureau) -> None:
    with pytest.raises(NotFoundError, match="no item 2026H1-P99"):
        bureau.act("2026H1-P99", Move.ACKNOWLEDGE, "owner")
    with pytest.raises(NotFoundError, match=r"nobody@office\.example"):
        bureau.act(P01, Move.ACKNOWLEDGE, "nobody")


def test_a_deputy_holds_the_role_between_two_dates_and_not_outside(bureau: Bureau) -> None:
    bureau.new_item(P01)
    with bureau.visit("coordinator") as visit:
        deputy = next(p for p in visit.directory.people.values() if p.email.startswith("second@"))
        unit_id = next(u.id for u in visit.directory.units.values() if u.code == "SAFETY")
        visit.session.add(
            Grant(
                person_id=deputy.id,
                role=Role.HEAD,
                unit_id=unit_id,
                from_on=date(2026, 7, 8),
                to_on=date(2026, 7, 10),
            )
        )
    for refused in (day(7, 7), day(7, 13)):
        with pytest.raises(NotAllowedError):
            bureau.act(P01, Move.ACKNOWLEDGE, "second", refused)
    assert bureau.act(P01, Move.ACKNOWLEDGE, "second", day(7, 10)) is State.IN_PROGRESS


def test_a_co_owner_reports_but_does_not_hand_in_or_close(bureau: Bureau) -> None:
    bureau.new_item(P01)
    bureau.act(P01, Move.REASSIGN, "coordinator", to="owner", co=("second",), note="协同")
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    assert bureau.act(P01, Move.REPORT, "second", progress=30) is State.IN_PROGRESS
    with pytest.raises(NotAllowedError):
        bureau.act(P01, Move.SUBMIT, "second", evidence=(PROOF,))


def test_a_leader_who_helps_with_an_item_does_not_close_it(bureau: Bureau) -> None:
    bureau.new_item(P01)
    bureau.act(P01, Move.REASSIGN, "coordinator", to="owner", co=("leader",), note="协同")
    bureau.act(P01, Move.ACKNOWLEDGE, "owner")
    bureau.act(P01, Move.SUBMIT, "owner", evidence=(PROOF,))
    with pytest.raises(NotAllowedError, match="own owner"):
        bureau.act(P01, Move.APPROVE, "leader")
    assert bureau.act(P01, Move.APPROVE, "coordinator") is State.CLOSED


def test_letters_go_to_whom_they_concern_once(bureau: Bureau) -> None:
    submitted(bureau)
    bureau.act(P01, Move.REJECT, "coordinator", note="补充材料")
    bureau.act(P01, Move.REQUEST_EXTENSION, "head", note="x", due_on=date(2026, 11, 30))
    bureau.act(P01, Move.REFUSE_EXTENSION, "coordinator", note="不同意")
    told = [(letter.letter, bureau.email(letter.person_id)) for letter in bureau.messages()]
    assert told == [("assignment", "owner"), ("returned", "owner"), ("decision", "head")]


def ended(bureau: Bureau) -> list[tuple[str, str, str]]:
    """The letters behind the assignment: which, to whom, and what becomes of the reader's calendar entry."""
    return [
        (
            letter.letter,
            bureau.email(letter.person_id),
            "CANCEL" if "METHOD:CANCEL" in letter.calendar else "",
        )
        for letter in bureau.messages()[1:]
    ]


def test_an_owner_hears_that_an_item_is_closed(bureau: Bureau) -> None:
    submitted(bureau)
    bureau.act(P01, Move.APPROVE, "coordinator")
    assert ended(bureau) == [("ended", "owner", "CANCEL")]


def test_an_owner_hears_that_an_item_was_cancelled_or_asked_to_be_by_another(bureau: Bureau) -> None:
    bureau.new_item(P01)
    bureau.act(P01, Move.REQUEST_CANCELLATION, "head", note="已拆除")
    bureau.act(P01, Move.GRANT_CANCELLATION, "coordinator")
    assert ended(bureau) == [("decision", "head", "CANCEL"), ("ended", "owner", "CANCEL")]


def test_whose_own_request_was_granted_hears_it_once(bureau: Bureau) -> None:
    bureau.new_item(P01)
    bureau.act(P01, Move.REQUEST_CANCELLATION, "owner", note="已拆除")
    bureau.act(P01, Move.GRANT_CANCELLATION, "coordinator")
    assert ended(bureau) == [("decision", "owner", "CANCEL")]


def test_whoever_owned_an_item_hears_that_it_was_passed_on(bureau: Bureau) -> None:
    bureau.new_item(P01)
    bureau.act(P01, Move.REASSIGN, "coordinator", to="second")
    assert ended(bureau) == [("assignment", "second", ""), ("ended", "owner", "CANCEL")]
    first, again, gone = (letter.calendar for letter in bureau.messages())
    assert [re.findall(r"SEQUENCE:(\d+)", one) for one in (first, gone, again)] == [["1"], ["2"], ["3"]]


def test_nobody_hears_of_an_end_that_is_none(bureau: Bureau) -> None:
    bureau.take_in()
    bureau.act(P01, Move.CANCEL, "coordinator", note="不属本单位")
    bureau.new_item("2026H1-P02")
    bureau.act("2026H1-P02", Move.REASSIGN, "coordinator", to="owner", co=("second",), note="协同")
    assert {name for name, _, _ in ended(bureau)} == {"assignment"}


def test_a_letter_says_the_same_however_often_it_is_wrapped(bureau: Bureau) -> None:

    bureau.new_item(P01)
    with bureau.visit("coordinator") as visit:
        claimed = outbox.claim(visit.session, "test", MONDAY, timedelta(minutes=3))
        assert claimed is not None
        wrapped = outbox.wire(bureau.office.postbox, claimed)
    assert (digest(wrapped), b"+0800" in wrapped) == (claimed.sha256, True)


def test_the_history_stays_whole_through_all_of_it(bureau: Bureau) -> None:
    test_one_request_of_a_kind_waits_at_a_time(bureau)
    with reading(bureau.engine) as session:
        assert history.verify(session).fault is None


def test_refusals_are_sentences_with_their_values_in_place(bureau: Bureau) -> None:
    bureau.new_item(P01)
    with pytest.raises(RefusedError) as refusal:
        bureau.act(P01, Move.APPROVE, "coordinator")
    assert refusal.value.say() == (
        "Item 2026H1-P01 is assigned; it cannot be moved by approve. Possible now: acknowledge, cancel, "
        "reassign, request-extension, grant-extension, refuse-extension, request-cancellation, "
        "grant-cancellation, refuse-cancellation, entrust, pause, resume, link, unlink, withdraw, order, "
        "circulate."
    )


def test_no_letter_is_left_when_the_move_fails(bureau: Bureau) -> None:
    bureau.take_in()
    with pytest.raises(WrongMoveError):
        bureau.act(P01, Move.ASSIGN, "coordinator", to="owner")
    assert bureau.rows(Message) == []
