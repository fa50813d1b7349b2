"""The container of older office programs (OLE2): which streams it holds at its top, and nothing more."""

import struct
from collections.abc import Iterator

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = 128
_END = 0xFFFFFFFC
_MOST = 20_000
_SHIFTS = (7, 16)


def top_names(data: bytes) -> set[str]:
    """The names of the streams and folders at the top of the container; empty where it is broken."""
    try:
        entries = list(_entries(data))
        return {_name(entries[index]) for index in _children(entries)}
    except (struct.error, IndexError, ZeroDivisionError):
        return set()


def _entries(data: bytes) -> Iterator[bytes]:
    """The entries of the directory, sector by sector."""
    (shift,) = struct.unpack_from("<H", data, 30)
    if not _SHIFTS[0] <= shift <= _SHIFTS[1]:
        return
    size = 1 << shift
    (sector,) = struct.unpack_from("<I", data, 48)
    table = struct.unpack_from("<109I", data, 76)
    for _ in range(_MOST * _ENTRY // size):
        if sector >= _END:
            return
        place = (sector + 1) * size
        for at in range(place, place + size, _ENTRY):
            yield data[at : at + _ENTRY]
        index, within = divmod(sector, size // 4)
        (sector,) = struct.unpack_from("<I", data, (table[index] + 1) * size + within * 4)


def _children(entries: list[bytes]) -> Iterator[int]:
    """The entries that the root holds: a tree of left and right neighbours, walked once."""
    (first,) = struct.unpack_from("<I", entries[0], 76)
    waiting, seen = [first], set()
    while waiting:
        index = waiting.pop()
        if index >= len(entries) or index in seen:
            continue
        seen.add(index)
        yield index
        waiting += struct.unpack_from("<II", entries[index], 68)


def _name(entry: bytes) -> str:
    (length,) = struct.unpack_from("<H", entry, 64)
    return entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
