"""Encryption and sign-in: what stops the channel, and what never travels in the clear."""

from base64 import b64encode
from datetime import datetime
from pathlib import Path

import pytest
from certificates import ELSEWHERE, HERE, LAST_DAY, certificate, served, trusted
from faulty_server import Act, FaultyServer, Script

from notifications.smtp import Answer, Courier, Ruling, Security, Server

SENT = Answer(Ruling.SENT, "250 2.0.0 queued as 42")
MAIL = b"Subject: hello\r\n\r\nhello\r\n"
USER, PASSWORD = "tixing", "a-secret"
IN_ONE_LINE = b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()


def ruling_at(server: FaultyServer, security: Security, *, user: str = "", host: str = "127.0.0.1") -> Answer:
    described = Server(host, server.port, security, user, PASSWORD if user else "", deadline=3.0)
    with Courier(described) as courier:
        courier.submit("letter", "tixing@yunzhou.example", "liwei@yunzhou.example", MAIL)
        return courier.collect()[1]


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_certificate_that_is_trusted_and_names_the_server_lets_the_letter_through(
    security: Security, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = trusted(certificate(tmp_path, HERE), monkeypatch)
    with FaultyServer(extensions=["STARTTLS"], context=context, wrapped=security is Security.TLS) as server:
        assert ruling_at(server, security) == SENT


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
@pytest.mark.parametrize("flaw", ["unknown", "elsewhere", "expired"])
def test_a_bad_certificate_stops_the_channel_before_any_letter_or_password(
    security: Security, flaw: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = datetime(2021, 1, 1) if flaw == "expired" else LAST_DAY  # noqa: DTZ001 - as above
    path = certificate(tmp_path, ELSEWHERE if flaw == "elsewhere" else HERE, until=until)
    context = served(path) if flaw == "unknown" else trusted(path, monkeypatch)
    wrapped, extensions = security is Security.TLS, ["STARTTLS", "AUTH PLAIN"]
    with FaultyServer(extensions=extensions, context=context, wrapped=wrapped) as server:
        answer = ruling_at(server, security, user=USER)
    assert answer.ruling is Ruling.STOPPED
    assert [line for line in server.lines if not line.startswith(("EHLO", "STARTTLS"))] == []


@pytest.mark.parametrize(
    ("script", "extensions", "ruling"),
    [
        ({}, ["SIZE 1000"], Ruling.STOPPED),
        ({"STARTTLS": "502 not here"}, ["STARTTLS"], Ruling.STOPPED),
        ({"STARTTLS": "454 not now"}, ["STARTTLS"], Ruling.RETRY),
        ({"STARTTLS": Act.DROP}, ["STARTTLS"], Ruling.RETRY),
        ({"STARTTLS": b"220 go\r\nwhat a noise\r\n"}, ["STARTTLS"], Ruling.STOPPED),
    ],
    ids=["not offered", "refused", "later", "hangs up", "noise instead of a handshake"],
)
def test_without_encryption_where_it_is_asked_for_nothing_goes_out(
    script: Script, extensions: list[str], ruling: Ruling
) -> None:
    with FaultyServer(script, extensions=extensions) as server:
        assert ruling_at(server, Security.STARTTLS).ruling is ruling
    assert server.mails == []


def test_a_server_that_speaks_plainly_where_encryption_is_expected_stops_the_channel() -> None:
    with FaultyServer() as server:
        assert ruling_at(server, Security.TLS).ruling is Ruling.STOPPED


def test_a_password_is_never_sent_in_the_clear_to_another_machine() -> None:
    with FaultyServer(extensions=["AUTH PLAIN"]) as server:
        answer = ruling_at(server, Security.PLAIN, user=USER, host="mx.yunzhou.example")
    assert answer == Answer(Ruling.STOPPED, "a password is not sent over a connection without encryption")
    assert server.heard == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_on_this_machine_itself_a_password_may_go_unencrypted(host: str) -> None:
    with FaultyServer(extensions=["AUTH LOGIN PLAIN"]) as server:
        assert ruling_at(server, Security.PLAIN, user=USER, host=host) == SENT
    assert server.lines[1] == f"AUTH PLAIN {IN_ONE_LINE}"


def test_a_server_that_knows_only_login_is_signed_in_to_by_login() -> None:
    with FaultyServer({"AUTH": "334 UGFzc3dvcmQ6"}, extensions=["AUTH LOGIN"]) as server:
        assert ruling_at(server, Security.PLAIN, user=USER) == SENT
    assert server.lines[1:3] == [
        f"AUTH LOGIN {b64encode(USER.encode()).decode()}",
        b64encode(PASSWORD.encode()).decode(),
    ]


@pytest.mark.parametrize(
    ("script", "extensions", "answer"),
    [
        (
            {"AUTH": "535 5.7.8 wrong"},
            ["AUTH PLAIN LOGIN CRAM-MD5"],
            Answer(Ruling.STOPPED, "535 5.7.8 wrong"),
        ),
        ({"AUTH": "534 too weak"}, ["AUTH PLAIN"], Answer(Ruling.STOPPED, "534 too weak")),
        ({"AUTH": "538 encrypt"}, ["AUTH PLAIN"], Answer(Ruling.STOPPED, "538 encrypt")),
        ({"AUTH": "500 what"}, ["AUTH PLAIN"], Answer(Ruling.STOPPED, "500 what")),
        ({"AUTH": "454 4.7.0 later"}, ["AUTH PLAIN"], Answer(Ruling.RETRY, "454 4.7.0 later")),
        ({"AUTH": "421 closing"}, ["AUTH PLAIN"], Answer(Ruling.RETRY, "421 closing")),
        ({"AUTH": Act.DROP}, ["AUTH PLAIN"], Answer(Ruling.RETRY, "Unexpected EOF received")),
        (
            {},
            ["AUTH XOAUTH2"],
            Answer(Ruling.STOPPED, "the server offers no way to sign in that is known here"),
        ),
        ({}, ["SIZE 1"], Answer(Ruling.STOPPED, "the server offers no way to sign in that is known here")),
    ],
)
def test_a_failed_sign_in_stops_the_channel_unless_the_server_asks_for_patience(
    script: Script, extensions: list[str], answer: Answer
) -> None:
    with FaultyServer(script, extensions=extensions) as server:
        assert ruling_at(server, Security.PLAIN, user=USER) == answer


def test_a_wrong_password_is_tried_once_a_connection() -> None:
    with FaultyServer({"AUTH": "535 wrong"}, extensions=["AUTH CRAM-MD5 PLAIN LOGIN"]) as server:
        assert ruling_at(server, Security.PLAIN, user=USER).ruling is Ruling.STOPPED
    assert server.heard == ["1 EHLO", "1 AUTH"]
