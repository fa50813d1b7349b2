"""Every letter as it stood when somebody last looked at it; `make snapshots` writes the files anew.

Beside each letter's page stands its mail in words: headers, parts, plain text, what else is in it.
"""

import re
import sys
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from notifications.previews import Preview, previews

STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
"""The same in every letter; it is kept once."""

FOLDER = Path(__file__).parent / "snapshots" / "letters"


def made() -> dict[str, str]:
    """File name -> content, of the letters as they are rendered now."""
    found = previews()
    pages = {f"{one.stem}.html": STYLE.sub("<style></style>", one.html) for one in found}
    styles = {style for one in found for style in STYLE.findall(one.html)}
    return {f"style-{at}.html": style for at, style in enumerate(sorted(styles))} | pages | _mails(found)


def _mails(found: list[Preview]) -> dict[str, str]:
    return {f"{one.stem}.txt": told(one) for one in found}


def stored() -> dict[str, str]:
    """File name -> content, as it was looked at."""
    return {path.name: path.read_bytes().decode() for path in FOLDER.iterdir()}


def told(preview: Preview) -> str:
    mail = message_from_bytes(preview.mail, policy=default)
    assert isinstance(mail, EmailMessage)
    heads = [f"{name}: {value}" for name, value in mail.items() if name != "Content-Type"]
    parts = [
        "  ".join([f"{part.get_content_type()}", part.get_filename() or ""]).rstrip() for part in mail.walk()
    ]
    said = [
        part.get_content().replace("\r\n", "\n")
        for part in mail.walk()
        if part.get_content_type() in {"text/plain", "text/calendar"}
    ]
    return "\n".join([*heads, "", *parts, "", "\n".join(said)])


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.iterdir():
        path.unlink()
    for name, content in made().items():
        (FOLDER / name).write_bytes(content.encode())
    sys.stdout.write(f"{len(stored())} files in {FOLDER}; look at what changed before it is committed.\n")


if __name__ == "__main__":
    main()
