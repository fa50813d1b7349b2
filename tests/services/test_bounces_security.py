"""Encryption of the mailbox for returned mail: nothing is told to a server that is not the one it names."""

from datetime import datetime
from pathlib import Path

import pytest
import returned_mail
from certificates import ELSEWHERE, HERE, LAST_DAY, certificate, served, trusted
from imap_server import PASSWORD, ImapServer

from notifications import imap
from notifications.imap import Box, UnreadError
from notifications.smtp import Security

MAIL = returned_mail.postfix("owner@office.example", "<1@office.example>")
FLAWS = {
    "unknown": "self-signed certificate",
    "elsewhere": "IP address mismatch, certificate is not valid for '127.0.0.1'.",
    "expired": "certificate has expired",
}


def fetched(server: ImapServer, security: Security) -> list[bytes]:
    box = Box("127.0.0.1", server.port, security, "rectify", PASSWORD, timeout=3.0)
    with imap.opened(box) as mailbox:
        return [mail for _, mail in mailbox.unread()]


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_mailbox_is_read_over_a_connection_that_is_encrypted_before_the_password(
    security: Security, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = trusted(certificate(tmp_path, HERE), monkeypatch)
    with ImapServer([MAIL], context=context, wrapped=security is Security.TLS) as server:
        assert fetched(server, security) == [MAIL]
    assert [word for word in server.heard if word not in {"CAPABILITY", "STARTTLS"}] == []


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
@pytest.mark.parametrize("flaw", FLAWS)
def test_a_bad_certificate_is_refused_in_one_sentence_before_the_password(
    security: Security, flaw: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = datetime(2021, 1, 1) if flaw == "expired" else LAST_DAY  # noqa: DTZ001 - x509 wants it bare
    path = certificate(tmp_path, ELSEWHERE if flaw == "elsewhere" else HERE, until=until)
    context = served(path) if flaw == "unknown" else trusted(path, monkeypatch)
    wrapped = security is Security.TLS
    with (
        ImapServer([MAIL], context=context, wrapped=wrapped) as server,
        pytest.raises(UnreadError) as refused,
    ):
        fetched(server, security)
    assert str(refused.value) == f"the server's certificate is not accepted: {FLAWS[flaw]}"
    assert [word for word in server.heard if word not in {"CAPABILITY", "STARTTLS"}] == []


def test_a_server_without_encryption_is_told_no_password() -> None:
    with ImapServer([MAIL]) as server, pytest.raises(UnreadError):
        fetched(server, Security.STARTTLS)
    assert [word for word in server.heard if word != "CAPABILITY"] == []
