"""`rectify` as a script meets it: a process for each command, whose libraries were loaded once before."""

import multiprocessing
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from processes import FORKS

_LONGEST = 120
"""Seconds that a command may take."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a command."""

    returncode: int
    stdout: str
    stderr: str


def environment(folder: Path, **settings: object) -> dict[str, str]:
    """The caller's environment without settings of theirs, in `folder`, with these settings."""
    ours = ("RECTIFY_", "PREFECT_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    named = {f"RECTIFY_{name.upper()}": str(value) for name, value in settings.items()}
    return clean | {"RECTIFY_DIR": str(folder), "LANG": "C.UTF-8"} | named


def begun(*words: str, env: Mapping[str, str], cwd: Path, out: Path) -> multiprocessing.Process:
    """`rectify` with these words, as a process that goes on; what it says on either stream goes to `out`."""
    process = FORKS.Process(target=_become, args=(words, dict(env), cwd, out, out))
    process.start()
    return process  # type: ignore[return-value]  # a process by any other start method is a process too


def command(*words: str, env: Mapping[str, str], cwd: Path) -> Ended:
    """Runs `rectify` with these words to its end.

    Raises:
        TimeoutError: it did not end within two minutes.
    """
    with TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = FORKS.Process(target=_become, args=(words, dict(env), cwd, out, err))
        process.start()
        process.join(_LONGEST)
        if process.exitcode is None:
            process.kill()
            raise TimeoutError(f"rectify {' '.join(words)} did not end")
        return Ended(process.exitcode, out.read_text("utf-8"), err.read_text("utf-8"))


def _become(words: tuple[str, ...], env: dict[str, str], cwd: Path, out: Path, err: Path) -> None:
    for stream, path in ((sys.stdout, out), (sys.stderr, err)):
        with path.open("wb") as file:
            os.dup2(file.fileno(), stream.fileno())
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.argv = ["rectify", *words]
    from cli.main import main

    main()
