"""Signing in and out, and choosing the language."""

from starlette.responses import Response

from models.session import reading, writing
from rules.errors import NotFoundError, RefusedError, WrongMoveError
from services import accounts
from services.accounts import Caller
from texts import LOCALES
from web.deps import LANGUAGE, SESSION, VISITOR, Ask, SignInFirstError, redirect, seated
from web.forms import text
from web.guards import YEAR, local_path
from web.pages import Family
from web.refusals import status_of
from web.rendering import page

KNOWN = "known"
"""Cookie of a browser that signed in to an account before; see rules/attempts.py."""

family = Family()


@family.get("/sign-in", "sign-in")
def show_sign_in(ask: Ask) -> Response:
    """The form; who is signed in already goes on."""
    wanted = local_path(ask.request.query_params.get("next", ""))
    if ask.person is not None:
        return redirect(wanted)
    return sign_in_form(ask, wanted, is_set=ask.request.query_params.get("done") == "password")


def sign_in_form(
    ask: Ask, wanted: str, error: RefusedError | None = None, *, is_set: bool = False
) -> Response:
    """The form, with what was refused; after it one comes to `wanted`, a path of ours."""
    return page(
        ask,
        "sign_in.html",
        status=status_of(error) if error else 200,
        wanted=wanted,
        email=text(ask.form, "email"),
        sentence=ask.refusal(error) if error else "",
        is_set=is_set,
        gives_links=ask.desk.house.office.postbox.gives_links,
    )


def _again(ask: Ask, error: RefusedError) -> Response:
    return sign_in_form(ask, local_path(text(ask.form, "next")), error)


@family.post("/sign-in", "sign-in", again=_again, is_alone=True)
def sign_in(ask: Ask) -> Response:
    """Signs in, or says that address or password are wrong, without saying which."""
    ask.desk.house.settings.check_passwords()
    email, engine = text(ask.form, "email")[:254], ask.desk.house.engine
    password = str(ask.form.get("password", ""))
    person_id = accounts.person_id_of(engine, email)
    caller = Caller(caller_address(ask), _known(ask, person_id))
    token = accounts.sign_in(engine, email, password, caller, now=ask.now)
    if token is None:
        raise WrongMoveError("Address or password are wrong.")
    return let_in(ask, person_id, token, local_path(text(ask.form, "next")))


def caller_address(ask: Ask) -> str:
    """From where the request comes."""
    return ask.request.client.host if ask.request.client else ""


def let_in(ask: Ask, person_id: int | None, token: str, wanted: str) -> Response:
    """The way to `wanted` for a browser that is signed in by this token now, instead of any other before."""
    desk, done = ask.desk, redirect(wanted)
    if old := desk.cookies.read(ask.request, SESSION):
        with writing(desk.house.engine) as session:
            accounts.sign_out(session, old, desk.bounds, ask.now)
    desk.cookies.write(done, SESSION, token)
    _remember(ask, done, person_id)
    desk.cookies.drop(done, VISITOR)
    return done


def _known(ask: Ask, person_id: int | None) -> str:
    """The name of a browser that has signed in to this account before, or nothing."""
    name, _, mark = ask.desk.cookies.read(ask.request, KNOWN).partition(".")
    is_known = bool(name) and ask.desk.signer.holds(mark, "known", person_id, name)
    return name if is_known and person_id is not None else ""


def _remember(ask: Ask, done: Response, person_id: int | None) -> None:
    name = _known(ask, person_id) or accounts.new_browser()
    mark = ask.desk.signer.mark("known", person_id, name)
    ask.desk.cookies.write(done, KNOWN, f"{name}.{mark}", seconds=YEAR // 2)


@family.post("/sign-out", "sign-out")
def sign_out(ask: Ask) -> Response:
    """Ends this browser's session; the token is worth nothing afterwards."""
    desk = ask.desk
    accounts.sign_out(ask.visit.session, desk.cookies.read(ask.request, SESSION), desk.bounds, ask.now)
    done = redirect("/sign-in")
    desk.cookies.drop(done, SESSION)
    return done


@family.get("/password", "change-password")
def show_password(ask: Ask) -> Response:
    """The form for another password."""
    ask.desk.house.settings.check_passwords()
    return page(ask, "password.html", sentence="", is_done=ask.request.query_params.get("done") == "1")


def _password_again(ask: Ask, error: RefusedError) -> Response:
    return page(ask, "password.html", status=status_of(error), sentence=ask.refusal(error), is_done=False)


@family.post("/password", "change-password", again=_password_again, is_alone=True)
def change_password(ask: Ask) -> Response:
    """Changes the own password; all other browsers of this person are signed out."""
    desk, engine = ask.desk, ask.desk.house.engine
    desk.house.settings.check_passwords()
    with reading(engine) as session:
        person = seated(ask, session).person
        if person is None:
            raise SignInFirstError
        person_id = person.id
    present, wanted, again = (
        str(ask.form.get(name, "")) for name in ("password", "new-password", "once-more")
    )
    if wanted != again:
        raise WrongMoveError("The two new passwords differ; nothing was changed.")
    token = desk.cookies.read(ask.request, SESSION)
    accounts.change_password(engine, person_id, present, wanted, token=token, now=ask.now)
    return redirect("/password?done=1")


@family.get("/language/{locale}", "choose-language")
def choose_language(ask: Ask, locale: str) -> Response:
    """Keeps the choice in a cookie of this browser. Nothing else depends on it, so a link may do it."""
    if locale not in LOCALES:
        raise NotFoundError("There is no such page.")
    done = redirect(local_path(ask.request.query_params.get("next", "")))
    ask.desk.cookies.write(done, LANGUAGE, locale, seconds=YEAR)
    return done
