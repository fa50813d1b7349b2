"""Every sentence that a reader may see has its Chinese."""

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import notifications
import texts
import web
from rules.diagnosis import Mend, Said
from rules.lifecycle import Need
from rules.reasons import Kept
from rules.silences import Finding
from texts import diagnosis_labels, event_labels, labels, run_labels

PROJECT = Path(texts.__file__).parent.parent
ROOMS = ("rules", "documents", "models", "services", "config", "flows", "web", "cli")
REFUSALS = {
    "RefusedError",
    "NotFoundError",
    "NotAllowedError",
    "WrongMoveError",
    "UnreadableError",
    "ChangedError",
    "TooOftenError",
    "SettingError",
    "BusyError",
}
SPOKEN = {
    "tell": 0,
    "warn": 0,
    "notice": 0,
    "_step": 0,
    "say": 1,
    "Fault": 1,
    "leave_page": 2,
    "_Child": 0,
    "_asked": 0,
    "_hidden": 0,
    "_needed": 0,
    "_setting": 2,
    "_strange": 1,
}
"""Functions that say something to a person, and which argument is the sentence."""

METHODS = [("**.py", "python"), ("templates/**", "jinja2")]
OPTIONS = {"templates/**": {"extensions": "jinja2.ext.i18n", "silent": "false"}}


def catalogue() -> Catalog:
    source = Path(texts.__file__).parent / "locale" / "zh_CN" / "LC_MESSAGES" / "rectify.po"
    with source.open("rb") as po:
        return read_po(po, locale="zh_CN", abort_invalid=True)


def sentences() -> set[str | tuple[str, ...]]:
    """The keys in templates and code, and the words of the label tables."""
    folders = [Path(package.__file__ or "").parent for package in (notifications, texts, web)]
    found = {
        message
        for folder in folders
        for _, _, message, _, _ in extract_from_dir(folder, method_map=METHODS, options_map=OPTIONS)
    }
    modules = vars(labels) | vars(event_labels) | vars(run_labels) | vars(diagnosis_labels)
    tables = (table for name, table in modules.items() if name.isupper())
    words = {word for table in tables for word in table.values()}
    return found | words | set(Need) | set(Finding) | set(Kept) | set(Said) | set(Mend) | set(spoken())


def spoken() -> Iterator[str]:
    """The sentences of refusals, of the command line, and of the pages that flows leave."""
    for room in ROOMS:
        for path in (PROJECT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call):
                    yield from said_by(node)
                elif isinstance(node, ast.Dict) and room == "flows" and path.name != "server.py":
                    # Names of settings are no sentences.
                    yield from (key for key in map(constant, node.keys) if key[:1].isupper() > key.isupper())


def said_by(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    place = 0 if name in REFUSALS else SPOKEN.get(name, 0 if name == "table" else None)
    if place is None or len(call.args) <= place:
        return
    argument = call.args[place]
    parts = argument.elts if name == "table" and isinstance(argument, ast.Tuple) else [argument]
    yield from filter(None, map(constant, parts))


def constant(node: ast.expr | None) -> str:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(node.value) if is_text and isinstance(node, ast.Constant) else ""


def test_every_sentence_has_its_chinese() -> None:
    translated = {message.id: message.string for message in catalogue() if message.id}
    assert len(sentences()) > 300
    missing = [it for it in sentences() if not any(_forms(translated.get(it, "")))]
    assert missing == []


def test_no_chinese_is_doubtful_and_every_place_in_it_is_one_of_its_sentence() -> None:
    doubtful = [message.id for message in catalogue() if message.fuzzy and message.id]
    assert doubtful == []
    assert [(message.id, list(message.check())) for message in catalogue() if list(message.check())] == []


def test_no_sentence_stands_twice() -> None:
    source = Path(texts.__file__).parent / "locale" / "zh_CN" / "LC_MESSAGES" / "rectify.po"
    keys = [line for line in source.read_text("utf-8").splitlines() if line.startswith("msgid ")]
    assert [key for key in set(keys) if keys.count(key) > 1 and key != 'msgid ""'] == []


def _forms(string: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [string] if isinstance(string, str) else list(string or ())
