"""The seal of a period, on the page of its roll-up: proposed, confirmed, refused and lifted by forms."""

from starlette.responses import Response

from rules.errors import RefusedError
from rules.periods import parse
from services import closing, seals
from services.sealings import require_same
from web.deps import Ask, own_fields, redirect
from web.forms import number, text
from web.pages import Family
from web.refusals import refused, status_of
from web.rendering import query
from web.rollups import Look, show_rollup

family = Family()


def _key(ask: Ask) -> str:
    """The period that the form is about.

    Raises:
        SettingError: it names none.
    """
    return parse(text(ask.form, "period")).key


def _done(key: str) -> Response:
    return redirect(f"/rollup{query({'period': key})}#seal")


def _again(ask: Ask, error: RefusedError) -> Response:
    """The roll-up again, for who may see one; the door refuses others, too, through here."""
    if "view-rollup" not in ask.may or not text(ask.form, "period"):
        return refused(ask, error)
    return show_rollup(
        ask, Look(_key(ask), ""), ask.refusal(error), typed=own_fields(ask.form), status=status_of(error)
    )


@family.post("/rollup/seal", "seal", again=_again)
def seal(ask: Ask) -> Response:
    """Seals the period, where the policy asks for one person only."""
    closing.seal_alone(ask.visit, key := _key(ask))
    return _done(key)


@family.post("/rollup/propose-seal", "propose-seal", again=_again)
def propose(ask: Ask) -> Response:
    """Proposes the period for sealing."""
    seals.propose(ask.visit, key := _key(ask), reason=text(ask.form, "reason"))
    return _done(key)


@family.post("/rollup/confirm-seal", "confirm-seal", again=_again)
def confirm(ask: Ask) -> Response:
    """Seals the period as somebody else proposed."""
    key = _seen(ask)
    closing.confirm_seal(ask.visit, key, note=text(ask.form, "reason"))
    return _done(key)


@family.post("/rollup/propose-lifting", "unseal", again=_again)
def propose_lifting(ask: Ask) -> Response:
    """Proposes that the seal in force be lifted."""
    seals.propose_unsealing(ask.visit, key := _key(ask), reason=text(ask.form, "reason"))
    return _done(key)


@family.post("/rollup/confirm-lifting", "unseal", again=_again)
def confirm_lifting(ask: Ask) -> Response:
    """Lifts the seal as somebody else proposed."""
    key = _seen(ask)
    seals.confirm_unsealing(ask.visit, key, reason=text(ask.form, "reason"))
    return _done(key)


@family.post("/rollup/refuse-seal", "unseal", again=_again)
def refuse(ask: Ask) -> Response:
    """Refuses what is proposed, or takes it back."""
    key = _seen(ask)
    seals.refuse(ask.visit, key, reason=text(ask.form, "reason"))
    return _done(key)


def _seen(ask: Ask) -> str:
    """The form's period, where what its reader saw proposed is what waits still."""
    require_same(ask.visit.session, key := _key(ask), number(ask.form, "proposal"))
    return key
