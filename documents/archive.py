"""Zip archives (docx, odt) are checked before anything parses them: sizes, names and XML declarations."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

from rules.errors import UnreadableError

_CHUNK = 1024**2
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError, OverflowError)
_XML_NAMES = (".xml", ".rels", ".vml")
_PROLOG = re.compile(rb"^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*<")
_DECLARED = re.compile(rb"""^[^<]{0,8}<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""")
_USUAL = {b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii"}
_OWN_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bounds:
    """At most so many members, bytes unpacked, and times the packed size; small parts may pack well."""

    members: int = 2000
    unpacked: int = 200 * 1024**2
    ratio: int = 100
    small: int = 1024**2


def members(
    data: bytes,
    name: str,
    wanted: Callable[[str], bool] = lambda member: True,
    *,
    bounds: Bounds = Bounds(),
) -> dict[str, bytes]:
    """The members for which `wanted(name)` holds, by name; every other one is unpacked and checked as well.

    Raises:
        UnreadableError: no whole zip archive, protected by a password, or beyond the bounds; a name that
            stands twice or leads out of the archive; XML that declares its own entities.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_names(archive.infolist(), name, bounds)
            return _unpacked(archive, name, wanted, bounds, len(data))
    except _BROKEN as error:
        raise _broken(name) from error


def locked(name: str) -> UnreadableError:
    """The refusal of a file that a password protects."""
    return UnreadableError(
        "%(name)s is protected by a password; take the password off and hand it in again.", name=name
    )


def _broken(name: str) -> UnreadableError:
    return UnreadableError(
        "%(name)s cannot be unpacked; it may be damaged or cut off. "
        "Open it in its own program and save it anew.",
        name=name,
    )


def _check_names(listed: list[zipfile.ZipInfo], name: str, bounds: Bounds) -> None:
    if len(listed) > bounds.members:
        raise UnreadableError(
            "%(name)s holds %(count)s parts; at most %(limit)s are unpacked.",
            name=name,
            count=len(listed),
            limit=bounds.members,
        )
    seen: set[str] = set()
    for member in listed:
        if member.flag_bits & 1:
            raise locked(name)
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise _broken(name)
        key = member.filename.replace("\\", "/").casefold()
        if key in seen:
            raise UnreadableError("%(name)s holds two parts of one name; it was not opened.", name=name)
        if _leads_out(key):
            raise UnreadableError(
                "%(name)s holds a part whose name leads out of it; it was not opened.", name=name
            )
        seen.add(key)


def _leads_out(member: str) -> bool:
    return member.startswith("/") or member[1:2] == ":" or ".." in member.split("/")


def _unpacked(
    archive: zipfile.ZipFile, name: str, wanted: Callable[[str], bool], bounds: Bounds, packed: int
) -> dict[str, bytes]:
    kept: dict[str, bytes] = {}
    total = 0
    for member in archive.infolist():
        parts: list[bytes] = []
        size = 0
        is_xml = member.filename.lower().endswith(_XML_NAMES)
        for part in _chunks(archive, member):
            size += len(part)
            _refuse_bomb(name, bounds, (total + size, packed), (size, member.compress_size))
            if is_xml or wanted(member.filename):
                parts.append(part)
        total += size
        whole = b"".join(parts)
        if is_xml:
            _check_xml(whole, name)
        if wanted(member.filename):
            kept[member.filename] = whole
    return kept


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as opened:
        while part := opened.read(_CHUNK):
            yield part


def _refuse_bomb(name: str, bounds: Bounds, total: tuple[int, int], member: tuple[int, int]) -> None:
    """`total` and `member` are bytes unpacked so far, as counted, and packed."""
    if total[0] > bounds.unpacked:
        raise UnreadableError(
            "%(name)s holds more than %(limit)s MiB once it is unpacked; it was not opened.",
            name=name,
            limit=bounds.unpacked // 1024**2,
        )
    for unpacked, packed in (total, member):
        if unpacked > bounds.small and unpacked > bounds.ratio * packed:
            raise UnreadableError(
                "%(name)s unpacks to more than %(ratio)s times its size; it was not opened.",
                name=name,
                ratio=bounds.ratio,
            )


def _check_xml(content: bytes, name: str) -> None:
    """Refuses what could declare entities, in whatever encoding: only UTF-8 and UTF-16 are looked through."""
    plain = content.replace(b"\0", b"")
    declared = _DECLARED.match(plain)
    if plain and not _PROLOG.match(plain):
        raise _broken(name)
    if declared and declared[1].lower() not in _USUAL:
        raise _broken(name)
    # Exclamation marks are rare, and one byte is found ten times as fast as two.
    if b"!" in plain and b"<!" in plain and _OWN_DECLARATION.search(plain):
        raise UnreadableError(
            "%(name)s holds XML with declarations of its own (DOCTYPE, ENTITY); it was not opened.", name=name
        )
