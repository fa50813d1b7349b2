"""Where charts are drawn: a process of its own, started with the first picture and gone when it is idle.

The drawing library takes a second to load and 130 MB; no page waits for it and no server carries it. What was
drawn is kept in a folder under the hash of its values, so most pictures are a file that is read.
"""

import contextlib
import os
import select
import subprocess
import sys
import weakref
from base64 import b64decode, b64encode
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from threading import Lock

from documents import charts
from documents.charts import Chart, Theme
from documents.confined import environment
from documents.replacing import replacing
from rules.errors import BusyError

IDLE = 120.0
"""Seconds without a picture after which the process ends."""
PATIENCE = 30.0
"""Seconds that one picture may take."""
MOST_KEPT = 2000
"""Pictures that the folder keeps; the oldest go."""
MOST_DRAWN = 300
"""Pictures that one process draws before another one takes its place."""


class Form(StrEnum):
    """What a picture is drawn as."""

    SVG = "svg"
    PNG = "png"


class Studio:
    """Draws and keeps charts. Safe to share between threads; they take turns at what is not drawn yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._drawer: subprocess.Popen[bytes] | None = None
        self._drawn = 0
        self._dismissal: Callable[[], object] = lambda: None

    def svg(self, chart: Chart, theme: Theme = Theme.LIGHT) -> bytes:
        """The chart as SVG.

        Raises:
            BusyError: it was not drawn in time.
        """
        return self._picture(chart, theme, Form.SVG)

    def png(self, chart: Chart, theme: Theme = Theme.LIGHT) -> bytes:
        """The chart as PNG, charts.SCALE pixels to one of the SVG; raises as `svg`."""
        return self._picture(chart, theme, Form.PNG)

    def close(self) -> None:
        """Ends the process, if one runs; the next picture starts another one."""
        with self._lock:
            self._end()

    def _picture(self, chart: Chart, theme: Theme, form: Form) -> bytes:
        path = self._folder / f"{charts.digest(chart, theme)}.{form}"
        with contextlib.suppress(FileNotFoundError):
            return path.read_bytes()
        with self._lock:
            # Whoever held the lock may have drawn the very same.
            if not path.exists():
                self._keep(path, self._draw(f"{form} {charts.spoken(chart, theme)}\n".encode()))
            return path.read_bytes()

    def _keep(self, path: Path, picture: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with replacing(path) as fresh:
            fresh.write_bytes(picture)
        held = sorted(self._folder.glob("*.*g"), key=lambda one: one.stat().st_mtime)
        for old in held[:-MOST_KEPT]:
            old.unlink(missing_ok=True)

    def _draw(self, line: bytes) -> bytes:
        """What the process answers; one that has gone is started once more."""
        if self._drawn >= MOST_DRAWN:
            self._end()
        answer = self._asked(line) or self._asked(line)
        if not answer:
            raise BusyError("The chart could not be drawn; the figures stand in the table beside it.")
        self._drawn += 1
        return b64decode(answer)

    def _asked(self, line: bytes) -> bytes:
        """The answer's line; nothing where the process is gone or takes too long, and then it is ended."""
        drawer = self._started()
        try:
            if drawer.stdin is None or drawer.stdout is None:
                return b""
            drawer.stdin.write(line)
            drawer.stdin.flush()
            # The answer is one line and nothing more, so what was not read yet is in the pipe.
            if select.select([drawer.stdout], [], [], PATIENCE)[0]:
                answer = drawer.stdout.readline().strip()
                if answer:
                    return answer
        except OSError:
            pass
        self._end()
        return b""

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._drawer is None or self._drawer.poll() is not None:
            self._end()
            self._drawer = subprocess.Popen(
                [sys.executable, "-P", "-B", "-m", "documents.studio"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(),
                start_new_session=True,
            )
            # Also when nobody holds the studio any more, and when the interpreter ends.
            self._dismissal = weakref.finalize(self, _dismiss, self._drawer)
        return self._drawer

    def _end(self) -> None:
        self._dismissal()
        self._drawer, self._drawn = None, 0


def _dismiss(drawer: "subprocess.Popen[bytes]") -> None:
    drawer.kill()
    for pipe in (drawer.stdin, drawer.stdout):
        with contextlib.suppress(OSError):
            if pipe:
                pipe.close()
    drawer.wait()


def _main() -> None:
    """The process: a chart a line comes in, a picture a line goes out. It ends with whoever started it."""
    from documents import drawing  # noqa: PLC0415 - what this process is for

    draw: dict[Form, Callable[[Chart, Theme], bytes]] = {Form.SVG: drawing.svg, Form.PNG: drawing.png}
    while select.select([sys.stdin.buffer], [], [], IDLE)[0]:
        line = sys.stdin.buffer.readline()
        if not line:
            return
        form, _, told = line.decode().partition(" ")
        picture = draw[Form(form)](*charts.heard(told))
        sys.stdout.buffer.write(b64encode(picture) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _main()
    # At once, without the clean-up of the drawing library's own engine.
    os._exit(0)
