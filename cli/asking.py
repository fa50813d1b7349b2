"""What a new office is asked on a terminal. A wrong answer is said at once, and asked for again."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import typer

from cli.output import language, tell, warn
from cli.setting_up import PASSWORD_FILE, Wishes, content_of, engine_on, office_alone
from rules.errors import RefusedError, SettingError
from services.founding import Founder, names
from texts import LOCALES, say

T = TypeVar("T")


def ask(folder: Path) -> Wishes:
    """Asks for settings that are said nowhere yet, for the organisation, and for its first administrator."""
    from config.settings import file_in

    tell("Nothing is written before the last answer. Enter takes what stands in brackets.")
    mail_password = ""
    settings: dict[str, Any] = {}
    if file := file_in(folder):
        tell("The settings stand in %(file)s already.", file=file)
    else:
        _database(settings, folder)
        for name, sentence in (("timezone", "Time zone"), ("locale", "Language, zh_CN or en")):
            _setting(settings, name, sentence)
        mail_password = _mail(settings, folder)
    content = _organisation()
    return Wishes(settings, content, _founder(content), mail_password)


def _asked(sentence: str, default: str = "") -> str:
    shown = f"{say(language(), sentence)} [{default}]" if default else say(language(), sentence)
    return str(typer.prompt(shown, default=default, show_default=False)).strip()


def _hidden(sentence: str) -> str:
    words = say(language(), sentence)
    return str(typer.prompt(words, default="", show_default=False, hide_input=True))


def _until_right(question: Callable[[], T]) -> T:
    while True:
        try:
            return question()
        except RefusedError as error:
            warn(error.sentence, **error.values)


def _is_said(name: str) -> bool:
    return f"RECTIFY_{name.upper()}" in {there.upper() for there in os.environ}


def _setting(settings: dict[str, Any], name: str, sentence: str) -> None:
    """Asks for one setting, with what it would be otherwise as the default."""
    from config.settings import load

    if _is_said(name):
        return

    def question() -> None:
        before = getattr(load(), name) or (language() if name == "locale" else "")
        said = _asked(sentence, str(before))
        if name == "locale" and said not in LOCALES:
            raise SettingError("%(value)s is not one of: %(words)s.", value=said, words=", ".join(LOCALES))
        if said != str(before) or name == "locale":
            load(**{name: said})
            settings[name] = said

    _until_right(question)


def _database(settings: dict[str, Any], folder: Path) -> None:
    if _is_said("database_url"):
        return

    def question() -> None:
        said = _asked("Database, as postgresql://user@host/name; empty: SQLite in the folder")
        if said:
            settings["database_url"] = _reached(said)

    tell("The folder is %(folder)s (RECTIFY_DIR).", folder=folder.absolute())
    _until_right(question)


def _reached(address: str) -> str:
    """The database's address with its password, once it answers."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    from models import schema

    try:
        url = make_url(address)
    except ArgumentError as error:
        raise SettingError("%(value)s is no address of a database.", value=address[:200]) from error
    if url.password:
        raise SettingError("Leave the password out of the address; it is asked for by itself.")
    if url.get_backend_name() != "postgresql":
        raise SettingError("Name a PostgreSQL database, or nothing for SQLite.")
    if password := _hidden("Its password (not shown; empty: none)"):
        url = url.set(password=password)
    whole = url.render_as_string(hide_password=False)
    with engine_on(whole) as engine:
        found, fault = schema.standing(engine)
    if fault:
        raise SettingError("The database cannot be opened: %(reason)s", reason=fault)
    if found:
        raise SettingError("There is a Rectify database already; name it in RECTIFY_DATABASE_URL.")
    return whole


def _mail(settings: dict[str, Any], folder: Path) -> str:
    """Asks for the mail server as a whole, and again where its settings contradict each other."""
    from config.settings import load
    from notifications.smtp import Security, is_loopback

    _setting(settings, "mail_from", "Sender of all letters")
    _setting(
        settings, "base_url", "Address of the pages, as https://rectify.office.example; empty: this machine"
    )
    if _is_said("smtp_host"):
        return ""

    def question() -> Mapping[str, Any]:
        host = _asked("Mail server", load().smtp_host)
        is_near = is_loopback(host)
        security = _asked("Its encryption: tls, starttls or plain", "plain" if is_near else "tls")
        usual = {"tls": "465", "starttls": "587"}.get(security, "25")
        asked = {"smtp_host": host, "smtp_security": security, "smtp_port": _asked("Its port", usual)}
        load(**asked)
        return {**asked, "smtp_security": Security(security).value, "smtp_port": int(asked["smtp_port"])}

    settings.update(_until_right(question))
    user = _asked("User on it (empty: it asks for none)")
    if not user:
        return ""
    settings["smtp_user"] = user
    password = _hidden("Password on it (not shown)")
    settings["smtp_password_file"] = str((folder / PASSWORD_FILE).absolute())
    return password


def _organisation() -> Mapping[str, Any]:
    def question() -> Mapping[str, Any]:
        said = _asked("Files that list units and people (toml, xlsx, csv); empty: the office alone for now")
        if said:
            return content_of([Path(one) for one in said.split()])
        return office_alone(_needed("Name of the office"), _asked("Its short code", "OFFICE"))

    content = _until_right(question)
    counted = {table: len(rows) for table, rows in content.items() if isinstance(rows, list)}
    units, people = counted.get("unit", 0), counted.get("person", 0)
    tell("%(units)d units, %(people)d people are named.", units=units, people=people)
    return content


def _needed(sentence: str) -> str:
    def question() -> str:
        if said := _asked(sentence):
            return said
        raise SettingError("This is needed.")

    return _until_right(question)


def _founder(content: Mapping[str, Any]) -> Founder | None:
    def question() -> tuple[str, bool]:
        email = _asked("E-mail address of the first administrator (empty: none yet)")
        return email, bool(email) and names(content, email)

    email, is_named = _until_right(question)
    if not email:
        return None
    name = "" if is_named else _needed("The administrator's name")
    return Founder(email, name, _until_right(lambda: _password(content, name, email)))


def _password(content: Mapping[str, Any], name: str, email: str) -> str:
    from rules.passwords import check_password
    from services.organisation import entries

    password = _hidden("Password for the pages (not shown; empty: later)")
    if password:
        theirs = [str(row.get(key, "")) for row in entries(content, "unit") for key in ("name", "code")]
        check_password(password, names=[name, email.partition("@")[0], *theirs])
        if _hidden("Once more (not shown)") != password:
            raise SettingError("The two passwords differ; nothing was changed.")
    return password
