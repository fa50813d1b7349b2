"""Roll-ups for programs: a period's figures by unit, each rate with what it was made of."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel, Field

from rules.rollup import Figures, Rate
from rules.scopes import Scope
from services import overviews, rollups
from services.summaries import summary
from services.visibility import units_for
from web.api.door import Door, entering

router = APIRouter(tags=["rollups"])

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)


class Share(BaseModel):
    """A rate that can be checked."""

    numerator: int
    denominator: int
    excluded: int
    percent: str = Field(description="With two decimals, or `—` where there is nothing to divide by.")


class UnitFigures(BaseModel):
    """The figures of a unit and all below it."""

    code: str
    name: str
    depth: int
    counts: dict[str, int]
    completion: Share
    timeliness: Share


class PeriodFigures(BaseModel):
    """A period's figures for the units that the token's person may see."""

    period: str
    cut_off_at: datetime
    is_sealed: bool
    version: int = Field(description="Of the seal; 0 while nothing is sealed.")
    sha256: str = Field(description="Of the seal; empty while nothing is sealed.")
    is_restated: bool = Field(description="Whether the events now give other figures than the seal.")
    units: list[UnitFigures]


@router.get("/rollups/{period}", name="view-rollup")
def show_rollup(
    period: Annotated[str, Path(max_length=32, description="Such as `2026H1`, `2026Q2`, `2026-06`, `2026`.")],
    door: Annotated[Door, entering(Scope.READ_ROLLUPS, "view-rollup")],
    as_of: Annotated[
        AwareDatetime | None, Query(ge=EARLIEST, le=LATEST, description="Passes the seal over.")
    ] = None,
) -> PeriodFigures:
    """The period's seal where there is one, else its figures as of now, or as of an instant."""
    with door.reading() as visit:
        at, is_asked = as_of or visit.now, as_of is not None
        found = summary(visit.session, visit.office, period, as_of=at, is_asked=is_asked)
        is_sealed = found.version > 0
        seal = rollups.sealed(visit.session, period) if is_sealed else None
        is_restated = seal is not None and overviews.is_restated(visit, door.desk.shelf, seal)
        seen = {visit.directory.units[unit].code for unit in units_for(visit, "view-rollup")}
    return PeriodFigures(
        period=found.period.key,
        cut_off_at=found.cut_off_at,
        is_sealed=is_sealed,
        version=found.version,
        sha256=found.sha256,
        is_restated=is_restated,
        units=[
            _figures(row.unit.code, row.unit.name, row.depth, row.total)
            for row in found.units
            if row.unit.code in seen
        ],
    )


def _figures(code: str, name: str, depth: int, total: Figures) -> UnitFigures:
    return UnitFigures(
        code=code,
        name=name,
        depth=depth,
        counts={field: int(value) for field, value in asdict(total).items()},
        completion=_share(total.completion),
        timeliness=_share(total.timeliness),
    )


def _share(rate: Rate) -> Share:
    return Share(
        numerator=rate.numerator,
        denominator=rate.denominator,
        excluded=rate.excluded,
        percent=rate.percent,
    )
