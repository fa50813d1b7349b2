"""The guide speaks the words of the pages, in both languages, and shows what is there."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import texts
from texts import labels

HOUSE = Path(texts.__file__).parent.parent
GUIDE = HOUSE / "docs" / "guide"
ROLES = ("administrator", "auditor", "coordinator", "leader", "owner")
PAGES = ("README", *ROLES)
ENDS = {"en": ".md", "zh_CN": ".zh-CN.md"}


def words(locale: str) -> set[str]:
    """Every sentence and word of the catalogue; what is filled in stands as an ellipsis."""
    source = HOUSE / "texts" / "locale" / "zh_CN" / "LC_MESSAGES" / "rectify.po"
    with source.open("rb") as po:
        catalogue = [message for message in read_po(po, locale="zh_CN") if isinstance(message.id, str)]
    found = {str(message.id if locale == "en" else message.string) for message in catalogue}
    return {re.sub(r"%\(\w+\)s", "…", sentence) for sentence in found}


def text(name: str, locale: str) -> str:
    return (GUIDE / f"{name}{ENDS[locale]}").read_text("utf-8")


def bold(name: str, locale: str) -> set[str]:
    return set(re.findall(r"\*\*(.+?)\*\*", text(name, locale)))


@pytest.mark.parametrize("locale", ENDS)
@pytest.mark.parametrize("role", ROLES)
def test_what_a_page_of_the_guide_sets_in_bold_stands_on_the_pages(role: str, locale: str) -> None:
    assert bold(role, locale) - words(locale) == set()


@pytest.mark.parametrize("role", ROLES)
def test_both_languages_of_a_page_name_the_same_buttons(role: str) -> None:
    english, chinese = ({word for word in bold(role, locale) if "…" not in word} for locale in ENDS)
    assert {texts.say("zh_CN", word) for word in english} == chinese


@pytest.mark.parametrize("locale", ENDS)
def test_the_guide_has_a_page_for_each_role_and_no_other(locale: str) -> None:
    linked = re.findall(r"\| \[[^\]]+\]\(([\w.-]+)\) \|", text("README", locale))
    assert sorted(linked) == [f"{role}{ENDS[locale]}" for role in ROLES]
    assert sorted(path.name for path in GUIDE.glob("*.md")) == sorted(
        f"{name}{end}" for name in PAGES for end in ENDS.values()
    )


def test_every_link_of_the_guide_leads_somewhere_and_every_picture_is_shown() -> None:
    targets = {
        (GUIDE / target).resolve()
        for path in GUIDE.glob("*.md")
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
    }
    assert sorted(path for path in targets if not path.is_file()) == []
    assert sorted(path for path in targets if path.suffix == ".png") == sorted(
        (GUIDE / "pictures").resolve().glob("*.png")
    )


def test_what_a_person_may_do_and_what_waits_for_them_is_in_the_guide() -> None:
    guide = "".join(text(role, "en") for role in ROLES)
    waiting = [word for word in labels.WORK.values() if f"*{word}*" not in guide]
    pages = [word for word in labels.PAGES.values() if f"*{word}*" not in guide]
    moves = [labels.MOVES[move] for move in ("acknowledge", "report", "submit", "approve", "reject", "order")]
    assert waiting + pages + [move for move in moves if f"**{move}**" not in guide] == []
