"""Every sentence that a reader may see has its Chinese."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import notifications
import texts
from texts import labels

METHODS = [("**.py", "python"), ("templates/**", "jinja2")]
OPTIONS = {"templates/**": {"extensions": "jinja2.ext.i18n", "silent": "false"}}


def catalogue() -> Catalog:
    source = Path(texts.__file__).parent / "locale" / "zh_CN" / "LC_MESSAGES" / "rectify.po"
    with source.open("rb") as po:
        return read_po(po, locale="zh_CN", abort_invalid=True)


def sentences() -> set[str | tuple[str, ...]]:
    """The keys in templates and code, and the words of the label tables."""
    folders = [Path(package.__file__ or "").parent for package in (notifications, texts)]
    found = {
        message
        for folder in folders
        for _, _, message, _, _ in extract_from_dir(folder, method_map=METHODS, options_map=OPTIONS)
    }
    tables = (table for name, table in vars(labels).items() if name.isupper())
    return found | {word for table in tables for word in table.values()}


def test_every_sentence_has_its_chinese() -> None:
    translated = {message.id: message.string for message in catalogue() if message.id}
    assert len(sentences()) > 150
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
