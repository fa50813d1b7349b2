"""Every letter can be looked at beforehand, and changes only where somebody meant it to."""

import subprocess
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from letter_snapshots import made, stored

from notifications import previews
from notifications.letters import LetterName, name_of
from notifications.previews import Preview
from notifications.samples import LETTERS
from texts import LOCALES

PREVIEWS = previews.previews()
EVERY = pytest.mark.parametrize("preview", PREVIEWS, ids=lambda preview: preview.stem)


def test_each_letter_there_is_has_its_sample() -> None:
    assert {name_of(letter) for letter in LETTERS.values()} == set(LetterName)


def test_each_sample_is_shown_in_each_language() -> None:
    assert [(one.name, one.locale) for one in PREVIEWS] == [
        (name, locale) for name in LETTERS for locale in LOCALES
    ]


def test_every_letter_reads_as_it_did_when_somebody_last_looked_at_it() -> None:
    """Where a change is meant: `make snapshots`, and look at the difference."""
    assert made() == stored()


@EVERY
def test_the_mail_of_a_preview_holds_what_its_page_and_its_text_show(preview: Preview) -> None:
    mail = message_from_bytes(preview.mail, policy=default)
    assert isinstance(mail, EmailMessage)
    shown = [mail.get_body((kind,)) for kind in ("plain", "html")]
    assert [part and part.get_content().replace("\r\n", "\n") for part in shown] == [
        preview.text,
        preview.html,
    ]
    assert mail["Subject"] == preview.subject


def preview_into(rectify: Path, folder: Path, language: str) -> subprocess.CompletedProcess[str]:
    asked = [rectify, "letters", "--preview", folder]
    return subprocess.run(asked, capture_output=True, text=True, check=False, env={"LANG": language})


def test_the_command_writes_each_letter_as_page_text_and_mail_with_an_index_over_them(
    rectify: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "letters"
    done = preview_into(rectify, folder, "zh_CN.UTF-8")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", f"全部邮件样例见 {folder}/index.html。\n")
    names = {f"{one.stem}.{form}" for one in PREVIEWS for form in ("html", "txt", "eml")}
    assert {path.name for path in folder.iterdir()} == names | {"index.html"}
    index = (folder / "index.html").read_text("utf-8")
    assert {name for name in names if f'"{name}"' not in index} == set()
    for one in PREVIEWS:
        assert (folder / f"{one.stem}.html").read_text("utf-8") == one.html
        assert (folder / f"{one.stem}.eml").read_bytes() == one.mail


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(rectify: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = preview_into(rectify, tmp_path / "file", "C")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{tmp_path}/file cannot be written: File exists.\n"
