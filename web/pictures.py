"""The charts of a roll-up on its page: each with the addresses of its picture."""

from dataclasses import dataclass

from documents.charts import Theme, digest
from documents.illustrations import Charted, Illustration, illustrations
from services.overviews import Overview
from web.deps import Ask
from web.rendering import part


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart in words, where its picture is, and of which period it is."""

    shown: Illustration
    address: str
    period: str

    @property
    def light(self) -> dict[str, str]:
        """The words of the picture's address, for light paper."""
        return self._words(Theme.LIGHT)

    @property
    def dark(self) -> dict[str, str]:
        """As `light`, for dark ground."""
        return self._words(Theme.DARK)

    def _words(self, theme: Theme) -> dict[str, str]:
        version = digest(self.shown.chart, theme)[:16] if self.shown.chart else ""
        return {"period": self.period, "theme": theme, "v": version}


def pictures(ask: Ask, found: Overview) -> list[Picture]:
    """The charts of the unit that is looked at."""
    code, key = found.top.unit.code, found.asked.period.key
    periods = [(column.period.key, column.of(code)) for column in reversed(found.columns)]
    shown = illustrations(Charted(periods, found.rows, found.spread), ask.locale)
    return [Picture(one, f"/rollup/{part(code)}/charts/{one.name}.svg", key) for one in shown]
