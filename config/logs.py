"""Where log lines go: all of a process to standard error, ours and those of the libraries, in one form."""

import logging
import os
import sys
from typing import Any, TextIO

OURS = ("cli", "config", "flows", "models", "notifications", "services", "web")
"""Loggers whose lines a service tells from INFO on; of all others it tells warnings."""


def set_up(word: str, *, is_service: bool = False) -> None:
    """Sends all log lines of this process the one way; called at the doors, and again without harm.

    `word` is the setting `logs`. A service also tells what was done (INFO), and hands the form on to the
    processes that it starts.
    """
    root = logging.getLogger()
    for logger in (root, *map(logging.getLogger, list(logging.root.manager.loggerDict))):
        _take_over(logger)
    handler = ToStandardError()
    handler.setFormatter(_Formatter(word))
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO if is_service else logging.WARNING)
    logging.captureWarnings(capture=True)
    sys.excepthook = _stopped
    if is_service:
        _hand_on(word)


def is_of_a_command() -> bool:
    """Whether a command has set this process up, which tells nothing of what it did."""
    is_ours = any(isinstance(handler, ToStandardError) for handler in logging.getLogger().handlers)
    return is_ours and logging.getLogger(OURS[0]).level == logging.WARNING


def _hand_on(word: str) -> None:
    from config.log_lines import SETTING, form_of  # noqa: PLC0415 - as below

    os.environ[SETTING] = form_of(word).value


def _take_over(logger: logging.Logger) -> None:
    """It writes to the terminal no longer; what it has to say comes to the root, and to us."""
    own = [handler for handler in logger.handlers if _writes(handler)]
    for handler in own:
        logger.removeHandler(handler)
    logger.propagate = logger.propagate or bool(own)


def _writes(handler: logging.Handler) -> bool:
    streams = (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__)
    return isinstance(handler, logging.StreamHandler) and any(handler.stream is one for one in streams)


class ToStandardError(logging.StreamHandler[TextIO]):
    """Writes to where standard error leads at the moment, and not to where it led at the start.

    Without an underscore before its name: Prefect would take the place of a handler that has one.
    """

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, _: TextIO) -> None:
        """Stays what it is."""


class _Formatter(logging.Formatter):
    """Makes what writes lines with the first line: most commands have none, and it takes 0.2 s to load."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self._word = word
        self._writer: logging.Formatter | None = None

    def format(self, record: logging.LogRecord) -> str:
        if self._writer is None:
            from config.log_lines import formatter  # noqa: PLC0415 - loaded late on purpose

            self._writer = formatter(self._word)
        return self._writer.format(record)


def _stopped(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    """What nobody caught ends the process, and is a line as well."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("rectify").critical("stopped by a fault of ours", exc_info=(kind, error, trace))
