"""What a mail that came back says: which of our letters, to whom, for good or not. Pure; imap.py fetches.

The text is a stranger's. It is matched against what we know and shortened for people to read; nothing in it
is obeyed, and what cannot be understood is no report.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message
from enum import IntEnum
from itertools import islice

from flufl.bounce import all_failures

from notifications.imap import MOST_BYTES
from notifications.wire import flatten

MOST_PARTS = 50
SAID_LENGTH = 300

_IDENTIFIER = re.compile(
    r"^Message-ID:\s*(<[0-9a-f]{32}@[A-Za-z0-9.-]{1,253}>)", re.IGNORECASE | re.MULTILINE
)
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_OF_THE_LETTER = re.compile(r"4\.|5\.2\.[234]|5\.[367]\.")
"""Status codes that say nothing for good of the address: for now, full, too big, content or policy."""
_NOBODY = re.compile(
    r"不存在|无此用户|无效的?(?:地址|邮箱|收件人)|已(?:停用|禁用|注销|冻结)"
    r"|user (?:unknown|not found|doesn't exist)|no such (?:user|mailbox|recipient)|no mailbox"
    r"|mailbox (?:not found|unavailable)|\b55[01] ?5\.[12]\.1",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"退信|退回|无法(?:送达|投递)|投递失败|拒收|undeliver|could not be delivered|delivery (?:has )?failed"
    r"|returned mail|wasn't delivered",
    re.IGNORECASE,
)
_DAEMON = re.compile(r"(?:mailer-daemon|postmaster)@", re.IGNORECASE)


class Verdict(IntEnum):
    """What a report says of a recipient; the graver one counts."""

    RETURNED = 1
    """The letter did not arrive; the next one may."""
    NOBODY = 2
    """There is nobody at the address."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one report says."""

    letters: tuple[str, ...]
    """Message-IDs in the form of ours that stand in what was returned."""
    verdicts: dict[str, Verdict]
    """Address in lower case -> what is said of it. Empty key: of a recipient that is not named."""
    said: str

    def of(self, address: str) -> Verdict | None:
        """What the report says of this recipient."""
        return self.verdicts.get(address.lower())


def read(raw: bytes) -> Report | None:
    """The report that a mail is; None for any other mail, and for one that only says "not yet"."""
    try:
        return _read(raw)
    except Exception:  # noqa: BLE001 - a stranger's text met a parser that did not expect it
        return None


def _read(raw: bytes) -> Report | None:
    message = email.message_from_bytes(raw[:MOST_BYTES], policy=policy.compat32)
    parts = list(islice(message.walk(), MOST_PARTS))
    letters = tuple(dict.fromkeys(_identifiers(parts)))
    if not letters:
        return None
    found = _notified(parts)
    if found is None:
        found = _told(message, parts)
    verdicts, said = found
    return Report(letters, verdicts, flatten(said)[:SAID_LENGTH]) if verdicts else None


def _identifiers(parts: list[Message]) -> Iterator[str]:
    """Those in returned letters and in text that quotes them; never those of the report's own header."""
    for part in parts[1:]:
        yield from _IDENTIFIER.findall(f"Message-ID: {str(part.get('Message-ID', '')).strip()}")
    for part in parts:
        if not part.is_multipart():
            yield from _IDENTIFIER.findall(_text(part))


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return payload.decode("utf-8", "replace")


def _notified(parts: list[Message]) -> tuple[dict[str, Verdict], str] | None:
    """What the machine-readable part (RFC 3464) says; None where there is none."""
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if status is None:
        return None
    verdicts: dict[str, Verdict] = {}
    said = ""
    groups = status.get_payload()
    for group in groups if isinstance(groups, list) else []:
        if not isinstance(group, Message) or str(group.get("Action", "")).strip().lower() != "failed":
            continue
        verdict, words = _judged(group)
        for name in ("Final-Recipient", "Original-Recipient"):
            if address := _address(str(group.get(name, ""))):
                verdicts[address] = max(verdict, verdicts.get(address, verdict))
                said = said or words
    return verdicts, said


def _judged(group: Message) -> tuple[Verdict, str]:
    words = str(group.get("Diagnostic-Code", "")).partition(";")[2].strip()
    found = _STATUS.search(str(group.get("Status", ""))) or _STATUS.search(words)
    status = found.group() if found else ""
    is_for_good = status.startswith("5.") and not _OF_THE_LETTER.match(status)
    return (Verdict.NOBODY if is_for_good else Verdict.RETURNED), words or status


def _address(field: str) -> str:
    """`rfc822; somebody@example.org` -> `somebody@example.org`."""
    found = field.rpartition(";")[2].strip().strip("<>").lower()
    return found if found.count("@") == 1 and len(found) <= 254 else ""


def _told(message: Message, parts: list[Message]) -> tuple[dict[str, Verdict], str]:
    """What a report for human readers says; nothing unless a mail server wrote it."""
    if not _DAEMON.search(str(message.get("From", ""))) and str(message.get("Return-Path", "")) != "<>":
        return {}, ""
    lines = [line for part in parts if part.get_content_maintype() == "text" for line in _lines(part)]
    known = dict.fromkeys(_detected(message), Verdict.NOBODY) or _named(lines)
    said = next((line for line in lines if _NOBODY.search(line)), "")
    said = said or next((line for line in lines if _FAILED.search(line)), "")
    if known and not said:
        said = next((line for line in lines if any(address in line.lower() for address in known)), "")
    return known, said


def _lines(part: Message) -> list[str]:
    """The lines of what the server wrote, without tags, and without the letter that it quotes."""
    text = _text(part)
    if part.get_content_subtype() == "html":
        text = re.sub(r"<[^<>]{0,500}>", "\n", text)
    own = re.split(
        r"(?im)^-{2,20}.{0,80}(?:copy of the message|original message|原邮件|原始邮件).{0,80}$", text
    )[0]
    return [line.strip() for line in own.splitlines() if line.strip()]


def _detected(message: Message) -> set[str]:
    """Addresses that fail for good in one of the many forms that flufl.bounce knows."""
    try:
        _, permanent = all_failures(message)
    except Exception:  # noqa: BLE001 - a stranger's text met a detector that did not expect it
        return set()
    return {address.decode("ascii", "replace").lower() for address in permanent}


def _named(lines: list[str]) -> dict[str, Verdict]:
    """Addresses in a report in which somebody says that a letter came back, and whether for good."""
    text = "\n".join(lines)
    if not _FAILED.search(text) and not _NOBODY.search(text):
        return {}
    verdict = Verdict.NOBODY if _NOBODY.search(text) else Verdict.RETURNED
    found = re.findall(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,253}", text)
    return {address.lower().rstrip("."): verdict for address in found}
