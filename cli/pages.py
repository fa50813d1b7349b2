"""web, account: the pages, and who may sign in to them."""

import ctypes
import gc
import signal
import sys
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import Folder
from cli.output import tell
from rules.errors import BusyError, SettingError

if TYPE_CHECKING:
    from fastapi import FastAPI

ARENA_MAX = -8
"""How glibc names the number of its heaps (malloc.h)."""

account = typer.Typer(help="Who may sign in.", no_args_is_help=True, rich_markup_mode=None)


def web(
    folder: Folder = None,
    port: Annotated[int | None, typer.Option("--port", help="The port (RECTIFY_WEB_PORT).")] = None,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
) -> None:
    """Run the pages until told to stop."""
    from config import logs
    from config.house import open_house
    from config.settings import load
    from web.app import create_app
    from web.guards import address_of

    _allocate("mallopt", ARENA_MAX, 2)
    settings = load(dir=folder)
    logs.set_up(settings.logs, is_service=True)
    at = port or settings.web_port
    address = address_of(settings.base_url, at)
    if host not in {"127.0.0.1", "localhost", "::1"} and not address.is_secure:
        raise SettingError(
            "%(host)s is reached by others; name the https address of a proxy in RECTIFY_BASE_URL.",
            host=host,
        )
    app = create_app(open_house(settings), address)
    # What is loaded by now stays; looking through it over and over would cost a tenth of a second each time.
    gc.freeze()
    tell("Pages: %(url)s", url=address.origin)
    Thread(target=_make_ready, args=(app,), daemon=True).start()
    _listen(app, host, at, is_behind_proxy=address.is_secure)


def _make_ready(app: "FastAPI") -> None:
    """Counts what the first reader of the roll-up asks for, and gives back what only the counting needed."""
    from web import rollups

    rollups.make_ready(app.state.desk)
    _allocate("malloc_trim", 0)


def _allocate(name: str, *values: int) -> None:
    """Tells the C library how to hold memory, where it is glibc.

    It would keep a heap for every thread: tens of megabytes, and no use, as one thread runs at a time.
    """
    with suppress(AttributeError, OSError):
        getattr(ctypes.CDLL(None), name)(*values)


def _listen(app: "FastAPI", host: str, port: int, *, is_behind_proxy: bool) -> None:
    """Serves until SIGTERM or SIGINT; requests under way may end."""
    import uvicorn

    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        # Its lines go the way of ours.
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Only what stands before us through TLS may say on whose behalf it asks.
        proxy_headers=is_behind_proxy,
        timeout_graceful_shutdown=10,
    )
    # The server raises the signal that stopped it once more when it is done; by then that is no news.
    for word in (signal.SIGTERM, signal.SIGINT):
        signal.signal(word, lambda *_: None)
    try:
        uvicorn.Server(config).run()
    except SystemExit as error:
        raise BusyError("Port %(port)d is taken; name another one with --port.", port=port) from error


@account.command("set-password")
def set_password(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="The person, by address.")],
    folder: Folder = None,
) -> None:
    """Give a person a password; it is asked for, or read from standard input."""
    from cli.door import opened
    from config import clock
    from models.session import writing
    from services import accounts
    from services.organisation import person_by_email

    house = opened(folder, reckons=False)
    password = _asked() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    with writing(house.engine) as session:
        person = person_by_email(session, email)
        accounts.set_password(session, person, password, now=clock.now(), door="command")
    tell("%(email)s can sign in with the new password; open sessions were ended.", email=email)


@account.command("invite")
def invite(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="The person, by address.")],
    folder: Folder = None,
) -> None:
    """Mail a person a link by which they set their password, once and within three days."""
    from cli.door import opened
    from config import clock
    from models.session import writing
    from services import invitations
    from services.organisation import person_by_email

    house = opened(folder, reckons=False)
    house.settings.check_passwords()
    with writing(house.engine) as session:
        person = person_by_email(session, email)
        invitations.invite(session, house.office, person, now=clock.now(), door="command")
    tell("A link to set a password goes to %(email)s with the next delivery.", email=email)


def _asked() -> str:
    from getpass import getpass

    from cli.output import language
    from texts import say

    password = getpass(say(language(), "New password: "))
    if getpass(say(language(), "Once more: ")) != password:
        raise SettingError("The two passwords differ; nothing was changed.")
    return password


COMMANDS = (web,)
