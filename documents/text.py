"""Bytes of a text file to its text, and the bounds of any report's text: all else is refused in words."""

import re
from dataclasses import dataclass
from pathlib import PurePath

from documents.encodings import decoded, is_wide
from rules.errors import UnreadableError

MOST_BYTES = 20 * 1024 * 1024
MOST_PARAGRAPHS = 20_000

_MARKDOWN = {".md", ".markdown"}
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd\ufffe\uffff]")
_ODD = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_HEAD, _BEGIN, _MANY = 4096, 100, 8
_LEFT_OUT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Text:
    """A report as characters. Every position in a reading is a code-point index into `text`.

    `encoding` is that of the file, or `utf-8` where the file is no text and a parser made one.
    """

    text: str
    media_type: str
    encoding: str


def decode(data: bytes, name: str) -> Text:
    r"""The text of a text file, its line ends made `\n`, stray control characters left out.

    `name` is used for the sentences of refusals and for the media type (`text/markdown` for `.md`).

    Raises:
        UnreadableError: empty, too large, too many paragraphs, no text at all, or in an encoding that
            cannot be told.
    """
    check_size(data, name)
    text, encoding = decoded(data, name)
    check_text(text, name)
    text = _LEFT_OUT.sub("", _LINE_ENDS.sub("\n", text))
    return checked(Text(text, _media_type(name), encoding), name)


def _media_type(name: str) -> str:
    return "text/markdown" if PurePath(name).suffix.lower() in _MARKDOWN else "text/plain"


def check_size(data: bytes, name: str) -> None:
    """Refuses an empty file and one that is larger than any report."""
    if not data.strip():
        raise UnreadableError("%(name)s is empty.", name=name)
    if len(data) > MOST_BYTES:
        raise UnreadableError(
            "%(name)s is larger than %(limit)s MiB.", name=name, limit=MOST_BYTES // 1024**2
        )


def check_text(text: str, name: str) -> None:
    """Refuses what is no writing."""
    if len(_CONTROLS.findall(text)) * 200 > len(text):
        raise UnreadableError("%(name)s is not text: it holds too many control characters.", name=name)


def is_binary(data: bytes) -> bool:
    """Whether bytes that no encoding makes writing of never were text: nearly all NUL, or many odd controls.

    Text with stray NULs or escapes has few kinds of them, and text with something behind it begins as text.
    """
    head = data[:_HEAD]
    if is_wide(head):
        return False
    if head.count(0) * 5 > len(head) * 3:
        return True
    odd = _ODD.findall(head)
    return len(odd) * 14 > len(head) and len(set(odd)) >= _MANY and _ODD.search(head[:_BEGIN]) is not None


def checked(found: Text, name: str) -> Text:
    """The text, unless it is blank or longer than any report."""
    text = found.text
    if not text.strip():
        raise UnreadableError("%(name)s is empty.", name=name)
    paragraphs = sum(1 for line in text.split("\n") if line.strip())
    if paragraphs > MOST_PARAGRAPHS:
        raise UnreadableError(
            "%(name)s has %(count)s paragraphs; at most %(limit)s are read.",
            name=name,
            count=paragraphs,
            limit=MOST_PARAGRAPHS,
        )
    if len(text) > MOST_BYTES:
        raise UnreadableError(
            "%(name)s is larger than %(limit)s MiB.", name=name, limit=MOST_BYTES // 1024**2
        )
    return found
