"""A first password, and one instead of a forgotten one: asking for the link, and the page behind it.

The link in the address says who comes and is told to nobody: see SECRET_PATHS in rules/mail_links.py.
"""

from dataclasses import replace

from starlette.responses import Response

from models.organisation import Person
from rules.errors import RefusedError, WrongMoveError
from services import invitations
from web.deps import Ask, locale_of, redirect
from web.entrance import caller_address
from web.forms import text
from web.pages import Family
from web.refusals import status_of
from web.rendering import page

family = Family()


@family.get("/forgotten", "ask-for-password")
def show_forgotten(ask: Ask) -> Response:
    """The form that takes the address; where letters bear no links, whom to turn to."""
    ask.desk.house.settings.check_passwords()
    return _forgotten(ask)


def _forgotten(ask: Ask, error: RefusedError | None = None) -> Response:
    return page(
        ask,
        "forgotten.html",
        status=status_of(error) if error else 200,
        gives_links=ask.desk.house.office.postbox.gives_links,
        email=text(ask.form, "email"),
        sentence=ask.refusal(error) if error else "",
    )


@family.post("/forgotten", "ask-for-password", again=_forgotten)
def ask_for_password(ask: Ask) -> Response:
    """Has a link mailed to whoever can sign in with the address. Says the same to everybody."""
    ask.desk.house.settings.check_passwords()
    office, email = ask.desk.house.office, text(ask.form, "email")[:254]
    invitations.ask(ask.transaction, office, email, caller_address(ask), now=ask.now)
    return page(ask, "password_asked.html")


def _bearer(ask: Ask, token: str) -> Person | None:
    office = ask.desk.house.office
    return invitations.bearer(ask.transaction, office.postbox.secret, token, office.day(ask.now))


@family.get("/password/{token}", "set-password-by-link")
def show_password(ask: Ask, token: str) -> Response:
    """The form for the password of whom the link names."""
    ask.desk.house.settings.check_passwords()
    return _password(ask, token=token)


def _password(ask: Ask, error: RefusedError | None = None, *, token: str) -> Response:
    person = _bearer(ask, token)
    if person is None:
        return page(ask, "password_over.html", status=410)
    return page(
        replace(ask, locale=locale_of(ask, person)),
        "first_password.html",
        status=status_of(error) if error else 200,
        token=token,
        reader=person.name,
        email=person.email,
        sentence=replace(ask, locale=locale_of(ask, person)).refusal(error) if error else "",
    )


@family.post("/password/{token}", "set-password-by-link", again=_password)
def set_password(ask: Ask, token: str) -> Response:
    """Sets the password and leads to the sign-in; nobody is signed in by a link."""
    ask.desk.house.settings.check_passwords()
    wanted, again = (str(ask.form.get(name, "")) for name in ("new-password", "once-more"))
    if wanted != again:
        raise WrongMoveError("The two new passwords differ; nothing was changed.")
    invitations.accept(ask.transaction, ask.desk.house.office, token, wanted, now=ask.now)
    return redirect("/sign-in?done=password")
