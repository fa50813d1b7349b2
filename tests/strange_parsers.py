"""Parsers that misbehave, each in its own way; what a broken library would do to us."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rules.errors import UnreadableError

PARSERS = {
    name: f"strange_parsers:{name}"
    for name in (
        *("say_length", "refuse", "hoard", "spin", "sleep", "crash", "raise_an_error", "leave_at_once"),
        *("kill_itself", "print_junk", "flood", "answer_wrongly", "break_its_sentence", "write_a_file"),
        *("leave_a_child", "nest_without_end", "tell_its_place", "recurse"),
    )
}


def say_length(data: bytes, name: str) -> Any:
    return {"length": len(data), "name": name, "text": "整改\ud800"[:2]}


def refuse(_data: bytes, name: str) -> Any:
    raise UnreadableError("%(name)s is empty.", name=name)


def hoard(_data: bytes, _name: str) -> Any:
    return len([bytearray(16 * 1024**2) for _ in range(200)])


def spin(_data: bytes, _name: str) -> Any:
    while True:
        pass


def sleep(_data: bytes, _name: str) -> Any:
    time.sleep(300)


def crash(_data: bytes, _name: str) -> Any:
    ctypes.string_at(1)


def raise_an_error(_data: bytes, _name: str) -> Any:
    raise KeyError("w:body")


def recurse(data: bytes, name: str) -> Any:
    return recurse(data, name)


def leave_at_once(_data: bytes, _name: str) -> Any:
    os._exit(0)


def kill_itself(_data: bytes, _name: str) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def print_junk(_data: bytes, _name: str) -> Any:
    sys.stdout.buffer.write(b"\xff<html>")
    sys.stdout.flush()
    return "text"


def flood(_data: bytes, _name: str) -> Any:
    while True:
        sys.stdout.buffer.write(bytes(1024**2))


def answer_wrongly(_data: bytes, _name: str) -> Any:
    _say([1, 2, 3])


def break_its_sentence(_data: bytes, _name: str) -> Any:
    _say({"sentence": "%(name)s is %(format)d.", "values": {"name": "a"}})


def nest_without_end(_data: bytes, _name: str) -> Any:
    sys.stdout.buffer.write(b"[" * 1_000_000)
    sys.stdout.buffer.flush()
    os._exit(0)


def _say(told: Any) -> None:
    sys.stdout.buffer.write(json.dumps(told).encode())
    sys.stdout.buffer.flush()
    os._exit(0)


def write_a_file(data: bytes, _name: str) -> Any:
    Path(data.decode()).write_text("written", "utf-8")


def leave_a_child(data: bytes, _name: str) -> Any:
    """Starts a process that would go on for minutes, holding our pipe, and tells its number in a socket."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    with socket.create_connection(("127.0.0.1", int(data))) as line:
        line.sendall(str(child.pid).encode())
    return "left"


def tell_its_place(_data: bytes, _name: str) -> Any:
    """What the child was given: its folder, what it knows of us, and its bounds."""
    import resource

    return {
        "environment": sorted(os.environ),
        "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
        "cpu": resource.getrlimit(resource.RLIMIT_CPU)[0],
        "memory": resource.getrlimit(resource.RLIMIT_AS)[0] // 1024**2,
        "leads": os.getpgrp() == os.getpid(),
    }
