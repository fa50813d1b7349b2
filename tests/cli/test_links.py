"""links: ending what the links in letters open."""

from pathlib import Path

from commands import command, environment

from models.session import open_engine, reading
from services.organisation import person_by_email

SAMPLES = Path(__file__).parent.parent.parent / "samples"
WHO = "zhou.min@yunzhou.example"


def rectify_says(folder: Path, *words: str) -> tuple[int, str]:
    done = command(*words, env=environment(folder), cwd=folder)
    return done.returncode, (done.stdout + done.stderr).strip()


def test_an_administrator_makes_the_links_of_a_person_void(tmp_path: Path) -> None:
    rectify_says(tmp_path, "init", "--organisation", str(SAMPLES / "organisation.toml"))
    said = f"The links of {WHO} are void; letters written from now on carry new ones."
    assert rectify_says(tmp_path, "links", "void", WHO) == (0, said)
    with reading(open_engine(f"sqlite:///{tmp_path / 'rectify.db'}")) as session:
        assert person_by_email(session, WHO).link_epoch == 1
    verdict = rectify_says(tmp_path, "verify")
    assert verdict == (0, "2 events, each as it was written; all seals hold.")


def test_nobody_is_named_whom_nobody_knows(tmp_path: Path) -> None:
    rectify_says(tmp_path, "init", "--organisation", str(SAMPLES / "organisation.toml"))
    who = "nobody@yunzhou.example"
    said = f"Nobody here has the address {who}."
    assert rectify_says(tmp_path, "links", "void", who) == (1, said)
