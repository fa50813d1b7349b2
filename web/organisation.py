"""Organisation 组织: units, people, roles with their days, calendar and policy; editing by administrators."""

from collections.abc import Mapping

from starlette.responses import Response

from rules.errors import NotFoundError, RefusedError, WrongMoveError
from rules.permissions import GRANTED, Role
from services import departures, invitations, registers, staffing
from services.staffing import GrantWish, PersonWish, UnitWish
from texts import LOCALES
from web.deps import Ask, own_fields, redirect
from web.forms import day, listed, text, word
from web.pages import Family
from web.refusals import status_of
from web.rendering import page, part

MOST_NAMES = 400
"""People that a form proposes while one types."""
DAYS = 400
"""How far ahead exceptions of the calendar are shown."""

family = Family()


@family.get("/organisation", "view-organisation")
def show(ask: Ask) -> Response:
    """The tree of units, and who holds which role on which of them."""
    return page(
        ask,
        "organisation.html",
        rows=registers.tree(ask.visit),
        roles=registers.roles(ask.visit),
        may_edit="edit-organisation" in ask.may,
    )


@family.get("/organisation/rules", "view-organisation")
def rules(ask: Ask) -> Response:
    """The calendar's exceptions and the policy, as they were read at the start."""
    office, today = ask.visit.office, ask.visit.today
    calendar = office.calendar
    ahead = sorted(calendar.holidays | calendar.make_up_days)
    return page(
        ask,
        "office_rules.html",
        days=[on for on in ahead if 0 <= (on - today).days <= DAYS and _is_exception(ask, on.weekday(), on)],
        calendar=calendar,
        own_days=office.own_days,
        file=ask.desk.house.settings.policy.name,
        policy=office.policy,
        units={unit.code: unit.name for unit in ask.visit.directory.units.values()},
        shown={row.code for row in registers.tree(ask.visit)},
        estimated=sorted(year for year in calendar.estimated_years if year >= today.year),
    )


def _is_exception(ask: Ask, weekday: int, on: object) -> bool:
    """Whether the day is other than its weekday says."""
    calendar = ask.visit.office.calendar
    return on in calendar.make_up_days or weekday < 5


@family.get("/organisation/units/{unit}", "view-organisation")
def unit(ask: Ask, unit: str) -> Response:
    """One unit with its people and roles, and the forms to change it."""
    return _unit(ask, unit)


def _unit(
    ask: Ask,
    code: str,
    sentence: str = "",
    *,
    form: str = "",
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    found = registers.unit_sheet(ask.visit, code)
    return page(
        ask,
        "unit.html",
        status=status,
        found=found,
        version=staffing.stamp(found.unit),
        sentence=sentence,
        form=form,
        typed=typed or {},
        units=registers.editable_units(ask.visit) if found.is_editable else [],
        people=registers.names(ask.visit, MOST_NAMES) if found.is_editable else [],
        granted=[role for role in Role if role in GRANTED],
        locales=LOCALES,
        may_edit_people=found.is_editable,
    )


def _again(form: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a handler, as `Family.post` takes it
    def again(ask: Ask, error: RefusedError, unit: str) -> Response:
        said = own_fields(ask.form)
        return _unit(ask, unit, ask.refusal(error), form=form, typed=said, status=status_of(error))

    return again


@family.post("/organisation/units/{unit}", "edit-organisation", again=_again("change"))
def change_unit(ask: Ask, unit: str) -> Response:
    """Renames a unit, moves it, gives it a head, closes it or opens it again."""
    registers.unit_sheet(ask.visit, unit)
    wish = _unit_wish(ask, parent=text(ask.form, "parent"), is_active=bool(text(ask.form, "active")))
    staffing.change_unit(ask.visit, unit, wish, text(ask.form, "version"))
    return redirect(f"/organisation/units/{part(unit)}")


def _unit_wish(ask: Ask, *, parent: str, is_active: bool = True) -> UnitWish:
    form = ask.form
    return UnitWish(
        name=text(form, "name"),
        kind=text(form, "kind"),
        aliases=tuple(listed(form, "aliases")),
        parent=parent,
        head=text(form, "head"),
        active=is_active,
    )


@family.post("/organisation/units/{unit}/below", "edit-organisation", again=_again("below"))
def add_unit(ask: Ask, unit: str) -> Response:
    """Enters a unit under this one."""
    made = staffing.add_unit(ask.visit, text(ask.form, "code"), _unit_wish(ask, parent=unit))
    return redirect(f"/organisation/units/{part(made.code)}")


@family.post("/organisation/units/{unit}/people", "edit-organisation", again=_again("people"))
def add_person(ask: Ask, unit: str) -> Response:
    """Enters a person of this unit."""
    staffing.add_person(ask.visit, _person_wish(ask, unit))
    return redirect(f"/organisation/units/{part(unit)}")


def _person_wish(ask: Ask, unit: str, *, is_active: bool = True) -> PersonWish:
    form = ask.form
    locale = text(form, "locale") or LOCALES[0]
    return PersonWish(text(form, "name"), text(form, "email"), unit, locale, is_active)


@family.post("/organisation/units/{unit}/roles", "edit-organisation", again=_again("roles"))
def grant(ask: Ask, unit: str) -> Response:
    """Gives somebody a role on this unit, for good or between two days."""
    form = ask.form
    role, days = word(form, "role", Role), (day(form, "from"), day(form, "to"))
    staffing.add_grant(ask.visit, GrantWish(text(form, "person"), role, unit, *days))
    return redirect(f"/organisation/units/{part(unit)}")


@family.post("/organisation/roles/{grant}/end", "edit-organisation")
def end_grant(ask: Ask, grant: str) -> Response:
    """Takes a role back."""
    staffing.end_grant(ask.visit, _number(grant))
    return redirect("/organisation")


@family.get("/organisation/people/{person}", "edit-organisation")
def person(ask: Ask, person: str) -> Response:
    """One person, what hangs on them, and the form to change them."""
    return _person(ask, person)


def _person(
    ask: Ask,
    number: str,
    sentence: str = "",
    *,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    found = staffing.editable_person(ask.visit, _number(number))
    return page(
        ask,
        "person.html",
        status=status,
        person=found,
        unit=ask.visit.directory.units[found.unit_id],
        version=staffing.stamp(found),
        left=staffing.hand_over(ask.visit, found),
        roles=registers.roles_of(ask.visit, found),
        sentence=sentence,
        typed=typed,
        units=registers.editable_units(ask.visit),
        locales=LOCALES,
        gives_links=ask.visit.office.postbox.gives_links and ask.desk.takes_passwords,
        is_invited=ask.request.query_params.get("done") == "invite",
    )


def _person_again(ask: Ask, error: RefusedError, person: str) -> Response:
    said = own_fields(ask.form)
    return _person(ask, person, ask.refusal(error), typed=said, status=status_of(error))


def _invite_again(ask: Ask, error: RefusedError, person: str) -> Response:
    return _person(ask, person, ask.refusal(error), status=status_of(error))


@family.post("/organisation/people/{person}", "edit-organisation", again=_person_again)
def change_person(ask: Ask, person: str) -> Response:
    """Changes what is known of a person; who leaves is signed out at once."""
    wish = _person_wish(ask, text(ask.form, "unit"), is_active=bool(text(ask.form, "active")))
    changed = staffing.change_person(ask.visit, _number(person), wish, text(ask.form, "version"))
    return redirect(f"/organisation/people/{changed.id}")


@family.post("/organisation/people/{person}/invite", "edit-organisation", again=_invite_again)
def invite(ask: Ask, person: str) -> Response:
    """Has a link mailed to the person by which they set their password."""
    ask.desk.house.settings.check_passwords()
    invitations.invite_from_page(ask.visit, _number(person))
    return redirect(f"/organisation/people/{part(person)}?done=invite")


@family.post("/organisation/people/{person}/mask", "edit-organisation", again=_invite_again)
def mask(ask: Ask, person: str) -> Response:
    """Masks what is known of somebody who left; cannot be undone."""
    if not text(ask.form, "sure"):
        raise WrongMoveError("Say that you are sure: this cannot be undone.")
    departures.mask_from_page(ask.visit, _number(person))
    return redirect(f"/organisation/people/{part(person)}")


def _number(said: str) -> int:
    if not (said.isascii() and said.isdigit() and len(said) < 18):
        raise NotFoundError("There is no such page.")
    return int(said)
