"""What a log line says: one an occurrence, as JSON for programs or plain for a terminal; no secrets.

Below this layer code logs with the standard library and names what a line is about in `extra`, with the
words of `ABOUT`. What a line must not tell is kept out where it is made: no bodies, no parameters of the
database, no values of local names. What is a secret by its form alone is masked here as well.
"""

import logging
import os
import re
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from structlog.contextvars import bound_contextvars, merge_contextvars
from structlog.processors import JSONRenderer, format_exc_info
from structlog.stdlib import ProcessorFormatter
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor

from rules.mail_links import SECRET_PATHS

ABOUT = frozenset(
    {"run", "flow", "item", "subject", "move", "actor", "door", "position", "letter", "state", "counts"}
)
"""What a line may be about. Ids and words only: whatever else a record bears is left out."""
SETTING = "RECTIFY_LOGS"

_MASKS = (
    (re.compile(rf"({'|'.join(SECRET_PATHS)})[^\s/?#\"']+"), r"\1…"),
    (re.compile(r"(://[^\s:/@]*:)[^\s/]+@"), r"\1…@"),
    # As our tokens are spelled: long, of letters of both cases and digits.
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{32,}(?![\w-])", re.ASCII), "…"),
)
_TRACE = ExceptionDictTransformer(show_locals=False, max_frames=30)


class Form(StrEnum):
    """How a line is written."""

    JSON = "json"
    PLAIN = "plain"


def form_of(word: str) -> Form:
    """The form that RECTIFY_LOGS names; where it is empty, plain on a terminal and JSON elsewhere."""
    if word:
        return Form(word)
    return Form.PLAIN if sys.stderr.isatty() else Form.JSON


def formatter(word: str = "") -> ProcessorFormatter:
    """What writes a record; without a word in the form that the environment names.

    Prefect's own processes use it through `flows/logging.yml`.
    """
    is_json = form_of(word or os.environ.get(SETTING, "")) is Form.JSON
    written: list[Processor] = [_traced, masked, JSONRenderer(ensure_ascii=False)]
    read: list[Processor] = [format_exc_info, masked, _plain]
    return ProcessorFormatter(
        foreign_pre_chain=[merge_contextvars, _described],
        processors=[ProcessorFormatter.remove_processors_meta, *(written if is_json else read)],
    )


def bound(**about: str) -> AbstractContextManager[None]:
    """Every line of the block bears these, such as the id of a run; threads that it starts inherit them."""
    return bound_contextvars(**about)


def masked(_: object, __: str, line: EventDict) -> EventDict:
    """The line without what lets in whoever reads it: addresses of links, tokens, passwords in URLs."""
    found: EventDict = _without_secrets(line)
    return found


def _without_secrets(value: Any) -> Any:
    if isinstance(value, str):
        for secret, instead in _MASKS:
            value = secret.sub(instead, value)
        return value
    if isinstance(value, Mapping):
        return {key: _without_secrets(one) for key, one in value.items()}
    return [_without_secrets(one) for one in value] if isinstance(value, list) else value


def _described(_: object, __: str, line: EventDict) -> EventDict:
    """When and where it was said, and what it is about; Prefect's name for a run is ours."""
    record: logging.LogRecord = line["_record"]
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    line.update(at=at, level=record.levelname.lower(), logger=record.name)
    line.update((name, value) for name, value in vars(record).items() if name in ABOUT)
    if run := vars(record).get("flow_run_id"):
        line["run"] = str(run)
    return line


def _traced(_: object, __: str, line: EventDict) -> EventDict:
    """An exception as values: its kind, its words, and where it came from, without any local value."""
    if error := line.pop("exc_info", None):
        line["error"] = _TRACE(error)
    return line


def _plain(_: object, __: str, line: EventDict) -> str:
    head = " ".join(line.pop(name) for name in ("at", "level", "logger"))
    trace = line.pop("exception", "")
    said = [f"{head}: {line.pop('event')}", *(f"{name}={value}" for name, value in line.items())]
    return "\n".join([" ".join(said), *([trace] if trace else [])])
