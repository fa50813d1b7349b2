"""Containers of older office programs (OLE2), as small as they can be."""

import struct

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole(*names: str, next_directory: int | None = None) -> bytes:
    """A container with empty streams of these names; `next_directory` bends its directory's chain."""
    entries = [_entry("Root Entry", 5, child=1 if names else FREE)]
    entries += [
        _entry(name, 2, right=index + 1 if index < len(names) else FREE)
        for index, name in enumerate(names, 1)
    ]
    entries += [bytes(128)] * (-len(entries) % 4)
    sectors = len(entries) // 4
    chain = [TABLE, *range(2, sectors + 1), END if next_directory is None else next_directory]
    table = struct.pack("<128I", *chain, *[FREE] * (128 - len(chain)))
    head = struct.pack("<8s16sHHHHH6s", MAGIC, bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6))
    # No sectors told of, one of the table, the directory in sector 1, no small streams, no further table.
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, END, 0, END, 0)
    return head + struct.pack("<109I", 0, *[FREE] * 108) + table + b"".join(entries)


def _entry(name: str, kind: int, *, child: int = FREE, right: int = FREE) -> bytes:
    encoded = name.encode("utf-16-le")
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(encoded) + 2, kind, 1, FREE, right, child)
        + bytes(128 - 80)
    )
