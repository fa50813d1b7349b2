"""Parsers of foreign files run in a child process with limits of its own; what it answers is plain JSON.

A file from outside may crash a parser written in C, eat the memory or keep it busy for ever. Then only the
child dies, and the office reads one sentence.
"""

import contextlib
import importlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, cast

from rules.errors import UnreadableError

PARSERS: Mapping[str, str] = {
    "docx": "documents.docx_text:parse",
    "html": "documents.html_text:parse",
    "ods": "documents.office:check_open_document",
    "odt": "documents.office:check_open_document",
    "pdf": "documents.pdf_text:parse",
    "xlsx": "documents.ledger_sheets:parse",
}
"""Every parser there is, as `module:function`; imported in the child alone."""

_NO_MEMORY = 12
_MOST_OUTPUT = 128 * 1024**2


class Parser(Protocol):
    """Takes a file's bytes and its name for sentences; gives JSON values or raises UnreadableError."""

    def __call__(self, data: bytes, name: str, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: processor and wall time in seconds, address space in MiB."""

    cpu_seconds: int = 20
    wall_seconds: float = 60.0
    memory: int = 1024


def confined(
    parser: str,
    data: bytes,
    name: str,
    *,
    parsers: Mapping[str, str] = PARSERS,
    limits: Limits = Limits(),
) -> Any:
    """What `parser` of the table makes of the file, computed in a child process.

    Raises:
        UnreadableError: the parser's own refusal; or it took too long, took too much memory, or broke down.
    """
    with _child(parsers[parser], _request(data, name), limits) as child:
        answer, in_time = _answer(child, limits.wall_seconds)
    status = child.returncode
    if not in_time or status == -getattr(signal, "SIGXCPU", 0):
        raise UnreadableError(
            "Reading %(name)s takes too long and was given up; divide it, or save it as plain text.",
            name=name,
        )
    if status in {_NO_MEMORY, -getattr(signal, "SIGKILL", 9)}:
        raise UnreadableError(
            "Reading %(name)s takes too much memory and was given up; divide it, or save it as plain text.",
            name=name,
        )
    return _result(answer, status, damaged(name, parser))


def damaged(name: str, parser: str) -> UnreadableError:
    """The refusal of a file on which its parser breaks down."""
    return UnreadableError(
        "%(name)s cannot be read as %(format)s; it may be damaged. "
        "Open it in its own program and save it anew.",
        name=name,
        format=parser,
    )


def _request(data: bytes, name: str) -> IO[bytes]:
    """The child's input: a line with the name, then the data.

    It is a file, so that nobody has to write to one pipe while reading from another.
    """
    request = tempfile.TemporaryFile()  # noqa: SIM115 - the child's door closes it
    request.write(json.dumps(name).encode() + b"\n" + data)
    request.seek(0)
    return request


@contextlib.contextmanager
def _child(target: str, request: IO[bytes], limits: Limits) -> Iterator["subprocess.Popen[bytes]"]:
    """A running child; at the end of the block it and all that it started are gone."""
    bounds = json.dumps([limits.cpu_seconds, limits.memory])
    with request:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and a target of the table
            [sys.executable, "-P", "-B", "-m", "documents.confined", target, bounds],
            stdin=request,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            start_new_session=True,
        )
    try:
        yield child
    finally:
        kill(child)
        with contextlib.suppress(AttributeError):
            child.stdout.close()  # type: ignore[union-attr]  # a pipe was asked for above
        child.wait()


def environment() -> dict[str, str]:
    """Our own import path and nothing else of ours: settings and passwords are no business of a parser."""
    kept = {key: value for key, value in os.environ.items() if key in {"SYSTEMROOT", "TMPDIR", "TEMP"}}
    house = str(Path(__file__).resolve().parents[1])
    places = [str(Path(entry).absolute()) for entry in sys.path if entry]
    return kept | {"PYTHONPATH": os.pathsep.join([*places, house]), "PYTHONUTF8": "1"}


def kill(child: "subprocess.Popen[bytes]") -> None:
    """Ends a child that leads its own process group, with everything in the group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()


def _answer(child: "subprocess.Popen[bytes]", seconds: float) -> tuple[bytes, bool]:
    """All that the child says, and whether it came to an end by itself within `seconds`."""
    late = threading.Event()

    def give_up() -> None:
        late.set()
        kill(child)

    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()
    try:
        answer = child.stdout.read(_MOST_OUTPUT + 1) if child.stdout else b""
        if len(answer) > _MOST_OUTPUT:
            kill(child)
        child.wait()
    finally:
        timer.cancel()
    return answer, not late.is_set()


def _result(answer: bytes, status: int, breakdown: UnreadableError) -> Any:
    """The child's result; its refusal is raised, and what is neither as `breakdown`."""
    try:
        told = json.loads(answer)
        if status == 0 and "result" in told:
            return told["result"]
        refusal = UnreadableError(told["sentence"], **told["values"])
        refusal.say()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise breakdown from None
    raise refusal


def _main(target: str, bounds: str) -> int:
    """The child: reads the request, lets the parser work, and tells its result or refusal."""
    _confine(*json.loads(bounds))
    try:
        name = json.loads(sys.stdin.buffer.readline())
        try:
            told = {"result": _parser(target)(sys.stdin.buffer.read(), name)}
        except UnreadableError as refusal:
            told = {"sentence": refusal.sentence, "values": refusal.values}
        # A character of Chinese is three bytes so, and six as an escape; halves of pairs pass as they are.
        sys.stdout.buffer.write(json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        sys.stdout.buffer.flush()
    except MemoryError:
        return _NO_MEMORY
    except Exception:  # noqa: BLE001 - a parser may fail in any way; the door says the one sentence for all
        return _NO_MEMORY if _is_sated(bounds) else 1
    return 0


def _is_sated(bounds: str) -> bool:
    """Whether half of the memory was taken: a library in C then fails in ways that do not say why."""
    try:
        status = Path("/proc/self/status").read_text("ascii")
    except OSError:
        return False
    peak = re.search(r"VmPeak:\s+(\d+) kB", status)
    return peak is not None and int(peak[1]) > int(json.loads(bounds)[1]) * 512


def _parser(target: str) -> Parser:
    module, _, function = target.partition(":")
    return cast("Parser", getattr(importlib.import_module(module), function))


def _confine(cpu_seconds: int, memory: int) -> None:
    """Bounds for this process; a system without them has the wall limit alone."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    bounds = {
        "RLIMIT_CPU": cpu_seconds,
        "RLIMIT_AS": memory * 1024**2,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_CORE": 0,
    }
    for bound, value in bounds.items():
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, bound), (value, value + (bound == "RLIMIT_CPU")))


if __name__ == "__main__":
    # At once, without the clean-up that a parser's library might hang or crash in.
    os._exit(_main(*sys.argv[1:]))
