"""The encoding of a file: by its mark, by what it declares, else the one that gives writing."""

import re
from codecs import lookup

from rules.errors import UnreadableError

_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_SAMPLE = 20_000
_READABLE = re.compile(
    r"[\s\x20-\x7e\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\u2010-\u2027①-⒛㈠-㈩Ⅰ-Ⅻ℃㎡×°±·√■-◆●○★☆]"
)
_COMMON = re.compile(
    r"[的是在了和有人我不为為以工作一上中大等情况況问問题題整改年月日，。、及对對实實施加强強进進行会會个個]"
)
_WESTERN = re.compile(r"[\s\x20-\x7e‘’“”–—…•§°£€©®™·½¼¾×éèêëáàâäãåçíìîïñóòôöõúùûüÉÈÁÀÂÄÖÜß]*")
_CHINESE = ("gb18030", "cp950", "utf-16-le", "utf-16-be")


def decoded(data: bytes, name: str, declared: str | None = None) -> tuple[str, str]:
    """The characters of a file and their encoding; `declared` is what the file says of itself, if it does.

    Raises:
        UnreadableError: the encoding cannot be told, or the file breaks off within a character.
    """
    encoding = _marked(data) or _declared(data, declared) or _told(data, name)
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as error:
        raise _breaks_off(name, encoding, error) from error


def _breaks_off(name: str, encoding: str, error: UnicodeDecodeError) -> UnreadableError:
    return UnreadableError(
        "%(name)s begins as %(encoding)s but breaks off at byte %(byte)s.",
        name=name,
        encoding=encoding,
        byte=error.start,
    )


def _marked(data: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), None)


def _declared(data: bytes, declared: str | None) -> str | None:
    """The declared encoding if the file keeps to it; a page that says gb2312 may hold all of GB18030."""
    try:
        encoding = lookup(declared or "").name
    except (LookupError, ValueError):
        return None
    encoding = "gb18030" if encoding in {"gb2312", "gbk"} else encoding
    return encoding if _fits(data, encoding) else None


def _told(data: bytes, name: str) -> str:
    wide = _evident_utf16(data)
    if wide:
        return wide
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and data[: error.start].count(b"\xe4") > 3:
            raise _breaks_off(name, "utf-8", error) from error
    else:
        return "utf-8"
    found = _likeliest(data) or _western(data) or _detected(data)
    if found is None:
        raise UnreadableError("The encoding of %(name)s cannot be told; save it as UTF-8.", name=name)
    return found


def _evident_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark shows in line ends, blanks and 一: one byte of such a pair is zero."""
    head = data[:4096]
    if len(data) % 2 or max(head[::2].count(0), head[1::2].count(0)) * 50 < len(head):
        return None
    orders = ("utf-16-le", "utf-16-be")
    return next((order for order in orders if _is_writing(data, order)), None)


def is_wide(head: bytes) -> bool:
    """Whether bytes begin as UTF-16 or UTF-32, of which every other one may look like a control."""
    even = head[: len(head) // 2 * 2]
    return _marked(head) is not None or any(_is_writing(even, order) for order in ("utf-16-le", "utf-16-be"))


def _is_writing(data: bytes, encoding: str) -> bool:
    """Whether nearly all characters are such as reports are written in."""
    try:
        sample = data.decode(encoding)[:_SAMPLE]
    except UnicodeDecodeError:
        return False
    return len(_READABLE.findall(sample)) * 100 >= len(sample) * 95


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _likeliest(data: bytes) -> str | None:
    """Of the encodings of Chinese, the one that gives writing with the most common words."""
    shares = {encoding: _share(data, encoding) for encoding in _CHINESE}
    best = max(shares, key=lambda encoding: shares[encoding])
    return best if shares[best] >= 5 else None


def _share(data: bytes, encoding: str) -> float:
    """How many of a hundred foreign characters are among the commonest; 0 where it is no writing."""
    if not _is_writing(data, encoding):
        return 0
    sample = data.decode(encoding)[:_SAMPLE]
    foreign = max(1, sum(char > "\x7f" for char in sample))
    return len(_COMMON.findall(sample)) * 100 / foreign


def _western(data: bytes) -> str | None:
    """English with the quotation marks and dashes of an older Windows."""
    foreign = sum(byte > 0x7F for byte in data[:_SAMPLE])
    if foreign * 10 > min(len(data), _SAMPLE) or not _fits(data, "cp1252"):
        return None
    return "cp1252" if _WESTERN.fullmatch(data.decode("cp1252")) else None


def _detected(data: bytes) -> str | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - costs 40 ms, needed for few files

    best = from_bytes(data[:200_000]).best()
    return best.encoding if best and _share(data, best.encoding) >= 5 else None
