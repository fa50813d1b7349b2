"""Policy files: an office's own rules, read into plain values and checked once."""

import inspect
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from config.calendar import CalendarPolicy
from rules.deadlines import DeadlinePolicy
from rules.departures import Departures
from rules.errors import SettingError
from rules.ladder import Ladder
from rules.mail_links import LinkPolicy
from rules.overview import OverviewPolicy
from rules.owners import OwnerRule
from rules.periods import PeriodKind
from rules.planning import Guard
from rules.policy import Policy
from rules.quiet import WEEKDAYS, Quiet, span
from rules.sealing import SealBy
from rules.watch import Watch

HOUSE = Path(__file__).with_name("policy.toml")
MOST = 100_000
"""No figure of a policy is negative, or so great that it would lead out of the calendar."""

LONGEST_LINK = 366
"""Days; a link that opens something for longer would lie forgotten in too many mailboxes."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """All that a policy file holds."""

    policy: Policy
    calendar: CalendarPolicy


def load(path: Path) -> PolicyFile:
    """Reads a policy file; what it leaves out keeps the house's value.

    Raises:
        SettingError: it is not there, is no TOML, names something unknown or contradicts itself.
    """
    content = read_toml(path)
    known = {"ladder", "deadlines", "seal", "guard", "overview", "quiet", "watch", "calendar"}
    known |= {"links", "owner", "departures"}
    if strange := sorted(set(content) - known):
        raise SettingError("%(path)s: [%(name)s] is not known.", path=path, name=strange[0])
    _check_shape(path, content)
    deadlines = dict(content.get("deadlines", {}))
    if "period" in deadlines:
        deadlines["period"] = _period(path, deadlines["period"])
    policy = Policy(
        ladder=_ladder(path, content.get("ladder", {})),
        deadlines=_filled(path, DeadlinePolicy, deadlines),
        guard=_filled(path, Guard, content.get("guard", {})),
        quiet=_quiet(path, content.get("quiet", {})),
        watch=_filled(path, Watch, content.get("watch", {})),
        overview=_overview(path, content.get("overview", {})),
        seal_by=_sealer(path, content.get("seal", {})),
        owners=tuple(_filled(path, OwnerRule, row) for row in content.get("owner", [])),
        links=_links(path, content.get("links", {})),
        departures=_filled(path, Departures, content.get("departures", {})),
    )
    return PolicyFile(policy, _filled(path, CalendarPolicy, content.get("calendar", {})))


def _check_shape(path: Path, content: Mapping[str, Any]) -> None:
    """Each section is one table, but for `owner`, which is a list of them."""
    for name, value in content.items():
        rows = value if isinstance(value, list) else [value]
        if isinstance(value, list) != (name == "owner") or not all(isinstance(row, dict) for row in rows):
            raise _unfit(path, name, value)


def _unfit(path: Path, name: str, value: object) -> SettingError:
    return SettingError(
        "%(path)s: %(name)s cannot be %(value)s.", path=path, name=name, value=value or repr(value)
    )


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file; SettingError with the place where it cannot be read."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingError(
            "%(path)s cannot be read: %(reason)s.", path=path, reason=error.strerror
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError("%(path)s is not valid TOML: %(reason)s.", path=path, reason=error) from error


def _period(path: Path, word: object) -> PeriodKind:
    if word not in list(PeriodKind):
        raise SettingError(
            "%(path)s: period is %(word)s; write one of %(kinds)s.",
            path=path,
            word=word,
            kinds=", ".join(PeriodKind),
        )
    return PeriodKind(str(word))


def _sealer(path: Path, row: Mapping[str, Any]) -> SealBy:
    if strange := sorted(set(row) - {"by"}):
        raise SettingError("%(path)s: %(name)s is not known.", path=path, name=strange[0])
    word = row.get("by", SealBy.FLOW)
    if word not in list(SealBy):
        raise _unfit(path, "by", word)
    return SealBy(word)


def _ladder(path: Path, row: Mapping[str, Any]) -> Ladder:
    ladder = _filled(path, Ladder, row)
    steps = (ladder.then_every, ladder.unacknowledged, ladder.silent, ladder.unverified)
    rising = list(ladder.after) == sorted(set(ladder.after)) and all(days > 0 for days in ladder.after)
    if not rising or min(steps) < 1 or any(days < 1 for days in ladder.before):
        raise SettingError(
            "%(path)s: every step of the ladder is at least 1, and `after` rises from step to step.",
            path=path,
        )
    return ladder


def _links(path: Path, row: Mapping[str, Any]) -> LinkPolicy:
    found = _filled(path, LinkPolicy, row)
    if not 1 <= found.days <= LONGEST_LINK:
        raise SettingError(
            "%(path)s: links in letters work for 1 to %(most)d days.", path=path, most=LONGEST_LINK
        )
    return found


def _quiet(path: Path, row: Mapping[str, Any]) -> Quiet:
    quiet = _filled(path, Quiet, row)
    for name in quiet.weekdays:
        if name not in WEEKDAYS:
            raise _unfit(path, "weekdays", name)
    for text in quiet.spans:
        try:
            span(text)
        except ValueError as error:
            raise _unfit(path, "spans", text) from error
    if set(WEEKDAYS[:5]) <= set(quiet.weekdays):
        raise SettingError("%(path)s: reminders need one weekday that is not quiet.", path=path)
    return quiet


def _overview(path: Path, row: Mapping[str, Any]) -> OverviewPolicy:
    found = _filled(path, OverviewPolicy, row)
    if found.weekday > 7:
        raise _unfit(path, "weekday", found.weekday)
    return found


def _filled(path: Path, kind: type[T], row: Mapping[str, Any]) -> T:
    """A `kind` with the values of `row`; every value has the type that the field asks for."""
    known = inspect.signature(kind, eval_str=True).parameters
    if strange := sorted(set(row) - set(known)):
        raise SettingError("%(path)s: %(name)s is not known.", path=path, name=strange[0])
    needed = {name: "" for name, field in known.items() if field.default is field.empty}
    for name, value in (needed | dict(row)).items():
        if not _fits(value, known[name].annotation) or (name in needed and not value):
            raise _unfit(path, name, value)
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})


def _fits(value: Any, asked: Any) -> bool:
    """Whether a value out of TOML is what is asked for: nothing quoted that should be a day or a number."""
    if isinstance(value, list):
        return get_origin(asked) is tuple and all(_fits(one, get_args(asked)[0]) for one in value)
    if asked in {int, float}:
        return type(value) in {int, asked} and 0 <= value <= MOST
    return type(value) is asked
