"""Bytes of a report to its text: the encoding found, the line ends made one, all else refused in words."""

import re
from dataclasses import dataclass
from pathlib import PurePath

from rules.errors import UnreadableError

MOST_BYTES = 20 * 1024 * 1024
MOST_PARAGRAPHS = 20_000

_SIGNATURES = {
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "document of an older office program",
    b"{\\rtf": "rich-text document (rtf)",
    b"\x89PNG": "PNG image",
    b"\xff\xd8\xff": "JPEG image",
    b"GIF8": "GIF image",
    b"\x1f\x8b": "gzip archive",
    b"7z\xbc\xaf": "7z archive",
    b"Rar!": "RAR archive",
    b"\x7fELF": "program",
    b"MZ\x90": "program",
}
_OFFICE = {
    b"word/": "Word document (docx)",
    b"xl/": "workbook (xlsx)",
    b"ppt/": "presentation (pptx)",
    b"application/vnd.oasis": "document in the OpenDocument format",
}
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_MARKDOWN = {".md", ".markdown"}
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd\ufffe\uffff]")
_READABLE = re.compile(r"[\s\x20-\x7e\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\u2010-\u2027]")
_COMMON = re.compile(r"[的是在了和有人我不为以工作一上中大等情况问题整改年月日，。、]")


@dataclass(frozen=True, slots=True)
class Text:
    """A report as characters. Every position in a reading is a code-point index into `text`."""

    text: str
    media_type: str
    encoding: str


def decode(data: bytes, name: str) -> Text:
    r"""The text of a file, its line ends made `\n`.

    `name` is used for the sentences of refusals and for the media type (`text/markdown` for `.md`).

    Raises:
        UnreadableError: empty, too large, too many paragraphs, no text at all, or in an encoding that
            cannot be told.
    """
    _refuse_size(data, name)
    _refuse_binary(data, name)
    encoding = _encoding(data, name)
    text = _decoded(data, encoding, name).replace("\r\n", "\n").replace("\r", "\n")
    _refuse_text(text, name)
    return Text(text, _media_type(name), encoding)


def _media_type(name: str) -> str:
    return "text/markdown" if PurePath(name).suffix.lower() in _MARKDOWN else "text/plain"


def _refuse_size(data: bytes, name: str) -> None:
    if not data.strip():
        raise UnreadableError("%(name)s is empty.", name=name)
    if len(data) > MOST_BYTES:
        raise UnreadableError(
            "%(name)s is larger than %(limit)s MiB.", name=name, limit=MOST_BYTES // 1024**2
        )


def _refuse_binary(data: bytes, name: str) -> None:
    found = next((what for sign, what in _SIGNATURES.items() if data.startswith(sign)), None)
    if data.startswith(b"PK\x03\x04"):
        found = next((what for sign, what in _OFFICE.items() if sign in data), "zip archive")
    if found:
        raise UnreadableError(
            "%(name)s is a %(format)s; this version reads text files.", name=name, format=found
        )


def _refuse_text(text: str, name: str) -> None:
    if not text.strip():
        raise UnreadableError("%(name)s is empty.", name=name)
    if len(_CONTROLS.findall(text)) * 200 > len(text):
        raise UnreadableError("%(name)s is not text: it holds too many control characters.", name=name)
    paragraphs = sum(1 for line in text.split("\n") if line.strip())
    if paragraphs > MOST_PARAGRAPHS:
        raise UnreadableError(
            "%(name)s has %(count)s paragraphs; at most %(limit)s are read.",
            name=name,
            count=paragraphs,
            limit=MOST_PARAGRAPHS,
        )


def _encoding(data: bytes, name: str) -> str:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return encoding
    wide = _evident_utf16(data)
    if wide and _fits(data, wide):
        return wide
    if _fits(data, "utf-8"):
        return "utf-8"
    if _fits(data, "gb18030") and _plausible(data.decode("gb18030")):
        return "gb18030"
    guessed = _detected(data)
    if guessed and _fits(data, guessed) and _plausible(data.decode(guessed)):
        return guessed
    raise UnreadableError("The encoding of %(name)s cannot be told; save it as UTF-8.", name=name)


def _evident_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark shows in line ends and spaces: one byte of each pair is zero."""
    head = data[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(data) % 2 or max(even, odd) * 50 < len(head):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _plausible(text: str) -> bool:
    """Whether a guessed encoding gives writing: GB18030 turns almost any bytes into some rare characters."""
    sample = text[:20_000]
    ascii_only = sum(char < "\x80" for char in sample)
    foreign = max(1, len(sample) - ascii_only)
    readable = len(_READABLE.findall(sample))
    return readable * 100 >= len(sample) * 95 and len(_COMMON.findall(sample)) * 100 >= foreign * 5


def _detected(data: bytes) -> str | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - costs 40 ms, needed for few files

    best = from_bytes(data[:200_000]).best()
    return best.encoding if best else None


def _decoded(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError(
            "%(name)s begins as %(encoding)s but breaks off at byte %(byte)s.",
            name=name,
            encoding=encoding,
            byte=error.start,
        ) from error
