"""A new office: what it is asked on a terminal or says in a file, and doing that in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.options import bytes_of
from cli.output import tell
from rules.errors import SettingError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from config.settings import Settings
    from services.founding import Founder
    from services.organisation import Directory

PASSWORD_FILE = "smtp-password"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a new office is to be. Empty settings are not written; without an organisation none is entered."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    organisation: Mapping[str, Any] | None = None
    founder: "Founder | None" = None
    mail_password: str = field(default="", repr=False)


def wishes(files: Sequence[Path]) -> Wishes:
    """A database, and the organisation of the files where some are named."""
    return Wishes(organisation=content_of(files) if files else None)


def content_of(files: Sequence[Path]) -> Mapping[str, Any]:
    """The organisation that one TOML file, or lists as xlsx and csv, describe.

    Raises:
        SettingError, UnreadableError: a file cannot be read as one.
    """
    from config.policy import read_toml
    from documents.organisation_lists import read_lists
    from services.organisation import PLACE

    if len(files) == 1 and files[0].suffix.lower() not in {".xlsx", ".csv", ".tsv"}:
        return read_toml(files[0])
    return read_lists([(file.name, bytes_of(file)) for file in files], PLACE)


def office_alone(name: str, code: str) -> Mapping[str, Any]:
    """An organisation of one unit."""
    return {"unit": [{"code": code, "name": name, "kind": "committee"}]}


def is_new(settings: "Settings") -> bool:
    """Whether there is nothing yet at the place of the database."""
    from models import schema

    with engine_on(settings.url, settings.patience) as engine:
        version, fault = schema.standing(engine)
    return version is None and not fault


@contextmanager
def engine_on(url: str, patience: float = 5.0) -> "Iterator[Engine]":
    """An engine for the length of the block."""
    from models.session import open_engine

    engine = open_engine(url, patience=patience)
    try:
        yield engine
    finally:
        engine.dispose()


def set_up(wished: Wishes) -> None:
    """Makes the database or brings it up to date, and enters what is wished: all of it or nothing."""
    from config import clock
    from config.house import office
    from config.settings import load
    from config.written import check_free
    from models import schema
    from models.session import writing
    from notifications.render import Office as Letterhead
    from services import founding
    from services import organisation as organisations

    check_free(load().dir, wished.settings)
    settings = load(**wished.settings)
    settings.dir.mkdir(parents=True, exist_ok=True)
    with (
        engine_on(settings.url, settings.patience) as engine,
        _written(settings.dir, wished),
        writing(engine) as session,
    ):
        schema.bring_up(session.connection())
        if wished.organisation is None:
            settings.secret()
            directory, is_empty = None, not organisations.is_entered(session)
        else:
            house = office(settings, Letterhead("", settings.base_url, ""))
            directory = founding.found(session, house, wished.organisation, wished.founder, now=clock.now())
            is_empty = False
    _tell(directory, wished.founder, is_empty=is_empty)


@contextmanager
def _written(folder: Path, wished: Wishes) -> Iterator[None]:
    """Settings and password in their files for as long as what follows succeeds."""
    from config.written import write_secret, write_settings

    files: list[Path] = []
    try:
        if wished.mail_password:
            files.append(write_secret(folder / PASSWORD_FILE, wished.mail_password + "\n"))
        if wished.settings:
            files.append(write_settings(folder, wished.settings))
        yield
    except BaseException:
        for file in files:
            file.unlink(missing_ok=True)
        raise


def _tell(directory: "Directory | None", founder: "Founder | None", *, is_empty: bool) -> None:
    if directory is None:
        tell("The database is ready.")
        if is_empty:
            tell("Next: rectify init --organisation FILE (see samples/organisation.toml)")
        else:
            tell("Next: rectify intake REPORT --unit CODE")
        return
    tell(
        "The database is ready: %(units)d units, %(people)d people.",
        units=len(directory.units),
        people=len(directory.people),
    )
    if founder is None:
        tell("Next: rectify intake REPORT --unit CODE")
        return
    tell("%(email)s may edit the organisation now.", email=founder.email)
    if not founder.password:
        tell("Next: rectify account set-password %(email)s", email=founder.email)
    tell("Then: rectify doctor, which says what is still missing, and rectify serve.")


def read_answers(file: Path) -> Wishes:
    """What a file of answers says: `organisation` or `[office]`, `[settings]`, `[administrator]`.

    Raises:
        SettingError, UnreadableError: it says something unknown, or names a file that cannot be read.
    """
    from config.policy import read_toml
    from services.founding import Founder

    said = read_toml(file)
    _check_names(file, "", said, {"organisation", "office", "settings", "administrator"})
    own = _section(file, said, "administrator", {"name", "email", "password_file"})
    founder = None
    if own:
        secret = own.get("password_file")
        password = bytes_of(Path(secret)).decode("utf-8", "replace").strip() if secret else ""
        founder = Founder(own.get("email", ""), own.get("name", ""), password)
    content = _organisation(file, said)
    if founder and content is None:
        raise SettingError("%(file)s names an administrator, but no organisation and no office.", file=file)
    return Wishes(_section(file, said, "settings", None), content, founder)


def _organisation(file: Path, said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    named = said.get("organisation", [])
    files = [named] if isinstance(named, str) else named
    if not isinstance(files, list) or not all(isinstance(one, str) for one in files):
        raise SettingError("%(file)s: %(name)s is not as it should be.", file=file, name="organisation")
    if files:
        return content_of([Path(one) for one in files])
    own = _section(file, said, "office", {"name", "code"})
    return office_alone(own.get("name", ""), own.get("code", "OFFICE")) if own else None


def _section(file: Path, said: Mapping[str, Any], name: str, known: set[str] | None) -> dict[str, Any]:
    """One table of the answers; of text alone unless all names are let in."""
    own = said.get(name, {})
    if not isinstance(own, dict):
        raise SettingError("%(file)s: %(name)s is not as it should be.", file=file, name=name)
    if known is not None:
        _check_names(file, f"{name}.", own, known)
        for key, value in own.items():
            if not isinstance(value, str):
                raise SettingError(
                    "%(file)s: %(name)s is not as it should be.", file=file, name=f"{name}.{key}"
                )
    return own


def _check_names(file: Path, before: str, said: Mapping[str, Any], known: set[str]) -> None:
    if strange := sorted(set(said) - known):
        raise SettingError("%(path)s: %(name)s is not known.", path=file, name=f"{before}{strange[0]}")
