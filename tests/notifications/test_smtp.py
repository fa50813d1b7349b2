import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from faulty_server import Act, FaultyServer, Script

from notifications.smtp import Answer, Courier, Ruling, Security, Server

SENDER, RECIPIENT = "tixing@yunzhou.example", "liwei@yunzhou.example"
MAIL = b"Subject: hello\r\n\r\n.a line that starts with a dot\r\n"
SOON = 0.25
"""Seconds that a server which hangs is waited for in these tests."""
LATE = 30.0
"""Seconds that one which answers may take: long enough for a machine that does much else."""


def at(server: FaultyServer, **changes: object) -> Server:
    patience = SOON if any(map(falls_silent, server.script.values())) else LATE
    plain = Server("127.0.0.1", server.port, Security.PLAIN, deadline=patience, connections=1)
    return replace(plain, **changes)  # type: ignore[arg-type]


def falls_silent(step: object) -> bool:
    """Whether a server with this step in its script leaves its client without an answer."""
    if isinstance(step, list):
        return any(map(falls_silent, step))
    return step is Act.HANG or step in {HALF_AN_ANSWER, b"354-go"}


def hand_in(courier: Courier, recipient: str = RECIPIENT, sender: str = SENDER) -> Answer:
    courier.submit("letter", sender, recipient, MAIL)
    tag, answer = courier.collect()
    assert tag == "letter"
    return replace(answer, said=LOST) if answer.said.endswith(("Connection lost", LOST)) else answer


def sent_once(script: Script, recipient: str = RECIPIENT, sender: str = SENDER) -> Answer:
    with FaultyServer(script) as server, Courier(at(server)) as courier:
        return hand_in(courier, recipient, sender)


SLOW = f"no answer within {SOON:g} seconds"
LOST = "Unexpected EOF received"
"""Or `Connection lost`: which of the two aiosmtplib says of a server that hangs up is a matter of luck."""
HALF_AN_ANSWER = b"250-2.0.0 que"
NOISE = b"\xff\xfe what a noise\r\n"
HEARD = "Malformed SMTP response line: what a noise"
SENT = Answer(Ruling.SENT, "250 2.0.0 queued as 42")


def refused(ruling: Ruling, said: str) -> Answer:
    return Answer(ruling, said)


def of_recipient(ruling: Ruling, said: str) -> Answer:
    return Answer(ruling, said, of_address=True)


def unclear(said: str) -> Answer:
    return Answer(Ruling.RETRY, said, ambiguous=True)


CASES: dict[str, tuple[Script, Answer]] = {
    "sound": ({}, SENT),
    "a recipient that will be forwarded is accepted": ({"RCPT": "251 will forward"}, SENT),
    "EHLO unknown, HELO known": ({"EHLO": "502 what"}, SENT),
    "greeting: come back later": ({"GREETING": "421 busy"}, refused(Ruling.RETRY, "421 busy")),
    "greeting: not for you": ({"GREETING": "554 no service"}, refused(Ruling.STOPPED, "554 no service")),
    "greeting: silence": ({"GREETING": Act.HANG}, refused(Ruling.RETRY, SLOW)),
    "greeting: noise": ({"GREETING": NOISE}, refused(Ruling.RETRY, HEARD)),
    "EHLO: silence": ({"EHLO": Act.HANG}, refused(Ruling.RETRY, SLOW)),
    "EHLO: hangs up": ({"EHLO": Act.DROP}, refused(Ruling.RETRY, LOST)),
    "EHLO and HELO refused": (
        {"EHLO": "502 what", "HELO": "550 who"},
        refused(Ruling.STOPPED, "550 who"),
    ),
    "EHLO: later": ({"EHLO": "421 not now"}, refused(Ruling.RETRY, "421 not now")),
    "MAIL: later": ({"MAIL": "451 later"}, refused(Ruling.RETRY, "451 later")),
    "MAIL: closing": ({"MAIL": "421 closing"}, refused(Ruling.RETRY, "421 closing")),
    "MAIL: sender refused": ({"MAIL": "550 who are you"}, refused(Ruling.STOPPED, "550 who are you")),
    "MAIL: sender not allowed": ({"MAIL": "553 not yours"}, refused(Ruling.STOPPED, "553 not yours")),
    "MAIL: sign in first": ({"MAIL": "530 5.7.0 sign in"}, refused(Ruling.STOPPED, "530 5.7.0 sign in")),
    "MAIL: too large": ({"MAIL": "552 too large"}, refused(Ruling.DEAD, "552 too large")),
    "MAIL: too large, by its second code": (
        {"MAIL": "550 5.3.4 too large"},
        refused(Ruling.DEAD, "550 5.3.4 too large"),
    ),
    "MAIL: silence": ({"MAIL": Act.HANG}, refused(Ruling.RETRY, SLOW)),
    "MAIL: hangs up": ({"MAIL": Act.DROP}, refused(Ruling.RETRY, LOST)),
    "MAIL: noise": ({"MAIL": NOISE}, refused(Ruling.RETRY, HEARD)),
    "MAIL: an answer to something else": ({"MAIL": "354 go on"}, refused(Ruling.RETRY, "go on")),
    "RCPT: nobody there": ({"RCPT": "550 5.1.1 nobody"}, of_recipient(Ruling.DEAD, "550 5.1.1 nobody")),
    "RCPT: no such domain": ({"RCPT": "554 5.1.2 no"}, of_recipient(Ruling.DEAD, "554 5.1.2 no")),
    "RCPT: not by that name": ({"RCPT": "553 no"}, of_recipient(Ruling.DEAD, "553 no")),
    "RCPT: mailbox full": ({"RCPT": "552 5.2.2 full"}, of_recipient(Ruling.RETRY, "552 5.2.2 full")),
    "RCPT: greylisted": (
        {"RCPT": "450 4.7.1 greylisted"},
        of_recipient(Ruling.RETRY, "450 4.7.1 greylisted"),
    ),
    "RCPT: sign in first": ({"RCPT": "530 sign in"}, refused(Ruling.STOPPED, "530 sign in")),
    "RCPT: encryption needed": ({"RCPT": "538 encrypt"}, refused(Ruling.STOPPED, "538 encrypt")),
    "RCPT: closing": ({"RCPT": "421 closing"}, refused(Ruling.RETRY, "421 closing")),
    "RCPT: hangs up": ({"RCPT": Act.DROP}, refused(Ruling.RETRY, LOST)),
    "RCPT: silence": ({"RCPT": Act.HANG}, refused(Ruling.RETRY, SLOW)),
    "DATA: later": ({"DATA": "451 later"}, refused(Ruling.RETRY, "451 later")),
    "DATA: refused": ({"DATA": "554 no valid recipients"}, refused(Ruling.DEAD, "554 no valid recipients")),
    "DATA: hangs up": ({"DATA": Act.DROP}, refused(Ruling.RETRY, LOST)),
    "DATA: silence": ({"DATA": Act.HANG}, refused(Ruling.RETRY, SLOW)),
    "DATA: taken for something else": ({"DATA": "250 thanks"}, refused(Ruling.RETRY, "thanks")),
    "body: hangs up on the way": ({"BODY": Act.DROP}, unclear(LOST)),
    "body: silence on the way": ({"BODY": Act.HANG}, unclear(SLOW)),
    "dot: hangs up": ({"DOT": Act.DROP}, unclear(LOST)),
    "dot: silence": ({"DOT": Act.HANG}, unclear(SLOW)),
    "dot: noise": ({"DOT": NOISE}, unclear(HEARD)),
    "dot: half an answer": ({"DOT": HALF_AN_ANSWER}, unclear(SLOW)),
    "dot: an answer to something else": ({"DOT": "354 go on"}, unclear("go on")),
    "dot: later": ({"DOT": "451 4.3.0 later"}, refused(Ruling.RETRY, "451 4.3.0 later")),
    "dot: disk full": ({"DOT": "452 4.3.1 full"}, refused(Ruling.RETRY, "452 4.3.1 full")),
    "dot: closing": ({"DOT": "421 closing"}, refused(Ruling.RETRY, "421 closing")),
    "dot: taken for spam": ({"DOT": "554 5.7.1 spam"}, refused(Ruling.DEAD, "554 5.7.1 spam")),
    "dot: too large": ({"DOT": "552 5.3.4 too large"}, refused(Ruling.DEAD, "552 5.3.4 too large")),
    "dot: refused": ({"DOT": "550 no"}, refused(Ruling.DEAD, "550 no")),
    "dot: several lines": ({"DOT": "550-first\r\n550 second"}, refused(Ruling.DEAD, "550 first second")),
    "dot: endless words": ({"DOT": "550 " + "x" * 999}, refused(Ruling.DEAD, "550 " + "x" * 296)),
    "greeting: hangs up": ({"GREETING": Act.DROP}, refused(Ruling.RETRY, LOST)),
    "greeting: no room": ({"GREETING": "450 no room"}, refused(Ruling.RETRY, "450 no room")),
    "EHLO: noise": ({"EHLO": NOISE}, refused(Ruling.RETRY, HEARD)),
    "EHLO unknown, HELO later": (
        {"EHLO": "502 what", "HELO": "421 not now"},
        refused(Ruling.RETRY, "421 not now"),
    ),
    "EHLO unknown, HELO hangs up": ({"EHLO": "502 what", "HELO": Act.DROP}, refused(Ruling.RETRY, LOST)),
    "MAIL: disk full": ({"MAIL": "452 4.3.1 full"}, refused(Ruling.RETRY, "452 4.3.1 full")),
    "MAIL: sign-in too weak": ({"MAIL": "534 5.7.9 weak"}, refused(Ruling.STOPPED, "534 5.7.9 weak")),
    "MAIL: not signed in": ({"MAIL": "535 5.7.8 no"}, refused(Ruling.STOPPED, "535 5.7.8 no")),
    "MAIL: encryption needed": ({"MAIL": "538 5.7.11 no"}, refused(Ruling.STOPPED, "538 5.7.11 no")),
    "MAIL: out of turn": ({"MAIL": "503 who are you"}, refused(Ruling.STOPPED, "503 who are you")),
    "MAIL: policy": ({"MAIL": "554 5.7.1 policy"}, refused(Ruling.STOPPED, "554 5.7.1 policy")),
    "MAIL: half an answer": ({"MAIL": HALF_AN_ANSWER}, refused(Ruling.RETRY, SLOW)),
    "RCPT: disk full": ({"RCPT": "452 4.3.1 full"}, of_recipient(Ruling.RETRY, "452 4.3.1 full")),
    "RCPT: busy mailbox": ({"RCPT": "450 4.2.1 busy"}, of_recipient(Ruling.RETRY, "450 4.2.1 busy")),
    "RCPT: moved away": ({"RCPT": "551 5.1.6 moved"}, of_recipient(Ruling.DEAD, "551 5.1.6 moved")),
    "RCPT: relaying denied": (
        {"RCPT": "554 5.7.1 relaying"},
        of_recipient(Ruling.DEAD, "554 5.7.1 relaying"),
    ),
    "RCPT: switched off": ({"RCPT": "550 5.2.1 disabled"}, of_recipient(Ruling.DEAD, "550 5.2.1 disabled")),
    "RCPT: sign-in too weak": ({"RCPT": "534 weak"}, refused(Ruling.STOPPED, "534 weak")),
    "RCPT: not signed in": ({"RCPT": "535 no"}, refused(Ruling.STOPPED, "535 no")),
    "RCPT: noise": ({"RCPT": NOISE}, refused(Ruling.RETRY, HEARD)),
    "RCPT: half an answer": ({"RCPT": HALF_AN_ANSWER}, refused(Ruling.RETRY, SLOW)),
    "RCPT: an answer to something else": ({"RCPT": "354 go on"}, refused(Ruling.RETRY, "go on")),
    "DATA: noise": ({"DATA": NOISE}, refused(Ruling.RETRY, HEARD)),
    "DATA: closing": ({"DATA": "421 closing"}, refused(Ruling.RETRY, "421 closing")),
    "DATA: half an answer": ({"DATA": b"354-go"}, refused(Ruling.RETRY, SLOW)),
    "body: closing on the way": ({"BODY": "421 4.3.2 closing"}, refused(Ruling.RETRY, "421 4.3.2 closing")),
    "body: noise on the way": ({"BODY": NOISE}, unclear(HEARD)),
    "dot: over quota": ({"DOT": "452 4.2.2 quota"}, refused(Ruling.RETRY, "452 4.2.2 quota")),
    "dot: not now, says its policy": ({"DOT": "451 4.7.1 later"}, refused(Ruling.RETRY, "451 4.7.1 later")),
    "dot: content refused": ({"DOT": "550 5.7.0 virus"}, refused(Ruling.DEAD, "550 5.7.0 virus")),
    "dot: too large, without a second code": ({"DOT": "552 quota"}, refused(Ruling.DEAD, "552 quota")),
}


@pytest.mark.parametrize(("script", "answer"), CASES.values(), ids=CASES.keys())
def test_the_phase_decides_what_a_fault_means(script: Script, answer: Answer) -> None:
    assert sent_once(script) == answer


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with FaultyServer() as server:
        gone = at(server)
    with Courier(gone) as courier:
        answer = hand_in(courier)
    assert (answer.ruling, answer.ambiguous) == (Ruling.RETRY, False)


@pytest.mark.parametrize(
    "recipient", ["李伟@yunzhou.example", "li\r\nwei@yunzhou.example", "li wei@yunzhou.example <x>"]
)
def test_a_recipient_who_cannot_be_written_is_dead_and_the_next_letter_goes(recipient: str) -> None:
    with FaultyServer() as server, Courier(at(server)) as courier:
        assert hand_in(courier, recipient).ruling is Ruling.DEAD
        assert hand_in(courier) == SENT


def test_a_sender_who_cannot_be_written_stops_the_channel() -> None:
    assert sent_once({}, sender="督办@yunzhou.example").ruling is Ruling.STOPPED


def test_a_letter_arrives_as_it_was_written_and_says_its_size() -> None:
    with FaultyServer() as server, Courier(at(server)) as courier:
        assert hand_in(courier) == SENT
    assert server.mails == [MAIL.replace(b"\r\n.a", b"\r\n..a") + b".\r\n"]
    assert server.lines[1:3] == [f"MAIL FROM:<{SENDER}> SIZE={len(MAIL)}", f"RCPT TO:<{RECIPIENT}>"]


def test_a_letter_without_a_last_line_end_gets_one() -> None:
    with FaultyServer() as server, Courier(at(server)) as courier:
        courier.submit(1, SENDER, RECIPIENT, b"A: b\n\nend")
        assert courier.collect() == (1, SENT)
    assert server.mails == [b"A: b\r\n\r\nend\r\n.\r\n"]


TRANSACTION = ["MAIL", "RCPT", "DATA"]


def conversation(*stretches: list[str]) -> list[str]:
    return [f"{number} {verb}" for number, verbs in enumerate(stretches, 1) for verb in verbs]


def test_letters_share_a_connection_without_a_reset_between_good_ones() -> None:
    with FaultyServer() as server, Courier(at(server)) as courier:
        assert [hand_in(courier), hand_in(courier)] == [SENT, SENT]
    assert server.heard == conversation(["EHLO", *TRANSACTION, *TRANSACTION, "QUIT"])


def test_a_refused_recipient_is_reset_before_the_next_letter() -> None:
    with FaultyServer({"RCPT": ["550 nobody"]}) as server, Courier(at(server)) as courier:
        assert [hand_in(courier).ruling, hand_in(courier).ruling] == [Ruling.DEAD, Ruling.SENT]
    assert server.heard == conversation(["EHLO", "MAIL", "RCPT", "RSET", *TRANSACTION, "QUIT"])


def test_a_refused_reset_costs_a_new_connection_and_not_the_letter() -> None:
    script: Script = {"RCPT": ["550 nobody"], "RSET": "503 no"}
    with FaultyServer(script) as server, Courier(at(server)) as courier:
        assert [hand_in(courier).ruling, hand_in(courier).ruling] == [Ruling.DEAD, Ruling.SENT]
    assert server.heard == conversation(["EHLO", "MAIL", "RCPT", "RSET"], ["EHLO", *TRANSACTION, "QUIT"])


@pytest.mark.parametrize("parting", [Act.DROP, "421 idle for too long", NOISE])
def test_a_kept_connection_that_died_is_replaced_within_the_same_letter(parting: Act | str | bytes) -> None:
    with FaultyServer({"MAIL": [None, parting]}) as server, Courier(at(server)) as courier:
        assert [hand_in(courier), hand_in(courier)] == [SENT, SENT]
    assert server.heard == conversation(["EHLO", *TRANSACTION, "MAIL"], ["EHLO", *TRANSACTION, "QUIT"])


def test_a_kept_connection_is_replaced_only_once() -> None:
    with FaultyServer({"MAIL": [None, Act.DROP, Act.DROP]}) as server, Courier(at(server)) as courier:
        assert [hand_in(courier), hand_in(courier)] == [SENT, refused(Ruling.RETRY, LOST)]


def test_a_new_connection_that_drops_at_mail_is_not_replaced() -> None:
    with FaultyServer({"MAIL": Act.DROP}) as server, Courier(at(server)) as courier:
        assert hand_in(courier) == refused(Ruling.RETRY, LOST)
    assert server.heard == conversation(["EHLO", "MAIL"])


@pytest.mark.parametrize("fault", [Act.HANG, NOISE])
def test_a_garbled_connection_is_not_used_again(fault: Act | bytes) -> None:
    with FaultyServer({"DOT": [fault]}) as server, Courier(at(server)) as courier:
        assert [hand_in(courier).ambiguous, hand_in(courier)] == [True, SENT]
    assert server.heard == conversation(["EHLO", *TRANSACTION], ["EHLO", *TRANSACTION, "QUIT"])


def test_the_deadline_bounds_the_whole_letter_and_not_each_reply() -> None:
    class Slow(FaultyServer):
        async def _answer(self, writer: asyncio.StreamWriter, verb: str) -> str:
            await asyncio.sleep(SOON / 2)
            return await super()._answer(writer, verb)

    with Slow() as server, Courier(at(server, deadline=SOON)) as courier:
        assert hand_in(courier) == refused(Ruling.RETRY, SLOW)


@contextmanager
def two_at_once(script: Script) -> Iterator[tuple[Courier, FaultyServer]]:
    with FaultyServer(script) as server, Courier(at(server, connections=2)) as courier:
        yield courier, server


def test_two_letters_are_under_way_at_once_and_a_third_finds_no_room() -> None:
    with two_at_once({}) as (courier, _):
        assert (courier.room(), courier.under_way()) == (2, 0)
        courier.submit("a", SENDER, RECIPIENT, MAIL)
        courier.submit("b", SENDER, RECIPIENT, MAIL)
        assert (courier.room(), courier.under_way()) == (0, 2)
        with pytest.raises(RuntimeError):
            courier.submit("c", SENDER, RECIPIENT, MAIL)
        assert {courier.collect(), courier.collect()} == {("a", SENT), ("b", SENT)}
        assert (courier.room(), courier.under_way()) == (2, 0)


def test_a_slow_letter_does_not_hold_up_the_other() -> None:
    with two_at_once({"DOT": [Act.HANG]}) as (courier, _):
        for tag in ("first", "second"):
            courier.submit(tag, SENDER, RECIPIENT, MAIL)
        answers = [courier.collect()[1] for _ in range(2)]
    assert answers == [SENT, unclear(SLOW)]


def test_an_answer_that_came_while_the_sender_was_busy_with_something_else_counts() -> None:
    class SlowLater(FaultyServer):
        async def _answer(self, writer: asyncio.StreamWriter, verb: str) -> str:
            if verb == "DOT" and "DOT" in self._seen:
                await asyncio.sleep(0.3)
            return await super()._answer(writer, verb)

    patience = 1.5
    with SlowLater() as server, Courier(at(server, connections=2, deadline=patience)) as courier:
        for tag in ("first", "second"):
            courier.submit(tag, SENDER, RECIPIENT, MAIL)
        answers = [courier.collect()[1]]
        time.sleep(patience + 0.2)
        answers.append(courier.collect()[1])
    assert answers == [SENT, SENT]


def test_nothing_can_be_collected_where_nothing_is_under_way() -> None:
    with two_at_once({}) as (courier, _), pytest.raises(LookupError):
        courier.collect()


def test_closing_does_not_wait_for_a_server_that_never_says_goodbye() -> None:
    with FaultyServer({"QUIT": Act.HANG}) as server:
        courier = Courier(at(server, deadline=30.0))
        assert hand_in(courier) == SENT
        started = time.monotonic()
        courier.close()
        courier.close()
        assert time.monotonic() - started < 2


def test_closing_gives_up_what_is_under_way() -> None:
    with FaultyServer({"MAIL": [None, Act.HANG]}) as server:
        courier = Courier(at(server, deadline=30.0))
        assert hand_in(courier) == SENT
        courier.submit("late", SENDER, RECIPIENT, MAIL)
        started = time.monotonic()
        courier.close()
        assert time.monotonic() - started < 2


@pytest.mark.parametrize("connections", [0, 5])
def test_a_server_is_given_one_to_four_connections(connections: int) -> None:
    with pytest.raises(ValueError, match="1 to 4"):
        Server("mx.yunzhou.example", 25, Security.PLAIN, connections=connections)


def test_a_server_shown_in_a_log_keeps_its_password_to_itself() -> None:
    shown = repr(Server("mx.yunzhou.example", 465, Security.TLS, user="tixing", password="secret"))
    assert shown.count("secret") == 0
