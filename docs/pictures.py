"""Makes docs/pictures/*.png anew from a demo folder: `python docs/pictures.py var/demo`.

Needs chromium, soffice (LibreOffice) and pdftoppm (poppler-utils), as Debian packages them.
"""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

PICTURES = Path(__file__).with_name("pictures")
PROGRAMS = {
    "chromium": "chromium",
    "soffice": "libreoffice-writer libreoffice-calc",
    "pdftoppm": "poppler-utils",
}
"""What is called, and the Debian packages that hold it."""
LARGEST = 250_000
"""Bytes of one picture."""
ORDER = "督办单"
"""The word in a subject that makes a good picture: a letter that has climbed the whole ladder."""


class MissingError(Exception):
    """Something that the pictures are made with or from is not there. Says what."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a document: its number, and how much of its height to keep, in pixels; 0 keeps all."""

    document: str
    number: int
    dots_per_inch: int
    height: int = 0


PAGES = {
    "report.png": Page("report.docx", 1, 70),
    "ledger.png": Page("ledger.xlsx", 2, 90, 360),
}


def main(arguments: list[str]) -> int:
    """Makes all pictures; returns the exit code."""
    if len(arguments) != 1:
        sys.stderr.write("Usage: python docs/pictures.py DEMO_FOLDER\n")
        return 2
    try:
        _make(Path(arguments[0]).absolute())
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _make(demo: Path) -> None:
    _look_for_programs()
    letter = _letter(demo / "mail")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="rectify-pictures-") as scratch:
        _photograph(letter, PICTURES / "letter.png", (760, 1000), 0.9, Path(scratch))
        _photograph(_there(demo / "rollup.html"), PICTURES / "rollup.png", (1100, 1180), 0.9, Path(scratch))
        for name, page in PAGES.items():
            _print(_there(demo / page.document), page, PICTURES / name, Path(scratch))
    for path in sorted(PICTURES.glob("*.png")):
        _weigh(path)


def _look_for_programs() -> None:
    lacking = [program for program in PROGRAMS if not shutil.which(program)]
    if lacking:
        packages = " ".join(PROGRAMS[program] for program in lacking)
        raise MissingError(f"The pictures need {', '.join(lacking)}: apt-get install {packages}")


def _there(path: Path) -> Path:
    if not path.is_file():
        raise MissingError(f"{path} is not there; run make demo first and name its folder.")
    return path


def _letter(mail: Path) -> Path:
    """The first letter that proposes a supervision order, else the first of all."""
    letters = sorted(mail.glob("[0-9]*.html"))
    if not letters:
        raise MissingError(f"{mail} holds no letters; run make demo first and name its folder.")
    return next(
        (path for path in letters if ORDER in path.read_text("utf-8").split("</title>")[0]), letters[0]
    )


def _photograph(page: Path, target: Path, size: tuple[int, int], scale: float, scratch: Path) -> None:
    """A screenshot of `size` CSS pixels; `scale` makes fewer or more dots of each."""
    options = (
        "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars "
        "--disable-background-networking --disable-component-update --disable-sync"
    )
    _run(
        "chromium",
        *options.split(),
        f"--user-data-dir={scratch / 'chromium'}",
        f"--window-size={size[0]},{size[1]}",
        f"--force-device-scale-factor={scale}",
        f"--screenshot={target}",
        page.as_uri(),
    )


def _print(document: Path, page: Page, target: Path, scratch: Path) -> None:
    """One page of a document as an office program prints it."""
    profile = (scratch / "office").as_uri()
    _run(
        "soffice",
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(scratch),
        str(document),
    )
    printed = _there(scratch / f"{document.stem}.pdf")
    crop = ["-x", "0", "-y", "0", "-W", "100000", "-H", str(page.height)] if page.height else []
    only = ["-f", str(page.number), "-l", str(page.number), "-singlefile"]
    resolution = ["-r", str(page.dots_per_inch)]
    _run("pdftoppm", *only, *resolution, *crop, "-png", str(printed), str(target.with_suffix("")))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603 - our own words
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise MissingError(f"{command[0]} ended with {done.returncode}: {said[-1] if said else 'no word'}")


def _weigh(path: Path) -> None:
    weight = path.stat().st_size
    if weight > LARGEST:
        raise MissingError(f"{path} weighs {weight} bytes, more than {LARGEST}; make it smaller.")
    sys.stdout.write(f"{path} {weight}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
