"""Drawing charts with Altair and vl-convert. Loaded by the studio's process alone: it costs 130 MB.

Every bar bears its number and every line its name, so nothing has to be told by colour; in grey the lines
differ by dash and mark.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import altair as alt
import vl_convert

from documents.charts import INKS, SCALE, Bars, Chart, Lines, Theme

FONT = "Noto Sans CJK SC, PingFang SC, Microsoft YaHei, Source Han Sans SC, sans-serif"
PAPER = "#ffffff"
"""The ground of a PNG: a document may be looked at on a dark screen, and its pictures are for print."""
WIDTH = 190
"""Of the plot itself, in pixels; with names and numbers a picture is about 360 wide."""
HEIGHT, LETTERS = 150, 16
"""Of a plot of lines, and of a line of words in it."""
DASHES = ([1, 0], [6, 3], [2, 2])
SHAPES = ("circle", "square", "triangle-up")


@lru_cache(maxsize=8)
def svg(chart: Chart, theme: Theme = Theme.LIGHT) -> bytes:
    """The chart as SVG; its words are text, in whatever Chinese font the reader has."""
    return vl_convert.vegalite_to_svg(_specification(chart, theme)).encode()


def png(chart: Chart, theme: Theme = Theme.LIGHT) -> bytes:
    """The same as PNG for print, its words drawn with a font of this machine; for light paper on white."""
    opening, end, rest = svg(chart, theme).decode().partition(">")
    ground = f'<rect width="100%" height="100%" fill="{PAPER}"/>' if theme is Theme.LIGHT else ""
    return bytes(vl_convert.svg_to_png(f"{opening}{end}{ground}{rest}", scale=SCALE))


def _specification(chart: Chart, theme: Theme) -> dict[str, Any]:
    made = _bars(chart, INKS[theme]) if isinstance(chart, Bars) else _lines(chart, INKS[theme])
    inks = INKS[theme]
    styled = (
        made.configure(font=FONT, background="transparent", padding=4)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=inks["ink"],
            labelFontSize=12,
            domainColor=inks["soft"],
            tickColor=inks["soft"],
            gridColor=inks["line"],
        )
    )
    found: dict[str, Any] = styled.to_dict()
    return found


def _data(rows: list[dict[str, Any]]) -> Any:
    return alt.InlineData(values=rows)


def _bars(chart: Bars, inks: dict[str, str]) -> Any:
    rows = [
        {"at": at, "name": one.name, "value": one.value, "words": one.words}
        for at, one in enumerate(chart.bars)
    ]
    longest = max((one.value for one in chart.bars), default=0)
    scale = alt.Scale(domain=[0, chart.most or longest or 1])
    # Two bars may bear the same name: they stand by their place, and the axis looks the name up. JSON in
    # ASCII is a list of plain words in Vega's language, too.
    names = json.dumps([one.name for one in chart.bars])
    axis = alt.Axis(labelExpr=f"{names}[datum.value]", labelLimit=130, ticks=False, domain=True)
    base = alt.Chart(_data(rows)).encode(
        y=alt.Y("at:O", title=None, axis=axis, sort=None),
        x=alt.X("value:Q", title=None, scale=scale, axis=None),
    )
    words = base.mark_text(align="left", dx=4, color=inks["ink"], fontSize=12, clip=False)
    bars = base.mark_bar(color=inks["fill"], height={"band": 0.62}) + words.encode(text="words:N")
    return bars.properties(width=WIDTH, height=alt.Step(24))


def _lines(chart: Lines, inks: dict[str, str]) -> Any:
    names = [one.name for one in chart.series]
    rows = [
        {"step": step, "name": one.name, "value": value}
        for one in chart.series
        for step, value in zip(chart.steps, one.values, strict=True)
    ]
    base = alt.Chart(_data(rows)).encode(
        x=alt.X("step:O", title=None, sort=None, axis=alt.Axis(labelAngle=-35, ticks=False)),
        y=alt.Y("value:Q", title=None, axis=alt.Axis(tickCount=4, format="d")),
    )
    lines = base.mark_line(color=inks["fill"], strokeWidth=2).encode(
        strokeDash=alt.StrokeDash("name:N", scale=alt.Scale(domain=names, range=list(DASHES)), legend=None),
        detail="name:N",
    )
    points = base.mark_point(filled=True, size=45, color=inks["fill"], opacity=1).encode(
        shape=alt.Shape("name:N", scale=alt.Scale(domain=names, range=list(SHAPES)), legend=None)
    )
    return (lines + points + _ends(chart, inks)).properties(width=WIDTH, height=HEIGHT)


def _ends(chart: Lines, inks: dict[str, str]) -> Any:
    """The name and last value of each line, at its end; where ends meet, one above the other."""
    lasts = [one.values[-1] for one in chart.series]
    top = max((max(one.values) for one in chart.series), default=0) or 1
    rows = [
        {"step": chart.steps[-1], "at": at, "words": f"{one.name} {one.values[-1]}"}
        for one, at in zip(chart.series, apart(lasts, top * LETTERS / HEIGHT), strict=True)
    ]
    text = alt.Chart(_data(rows)).mark_text(align="left", dx=8, color=inks["ink"], fontSize=12)
    return text.encode(x=alt.X("step:O", sort=None), y="at:Q", text="words:N")


def apart(values: Sequence[float], gap: float) -> list[float]:
    """The values, raised where they would lie closer to each other than `gap`; their order is kept."""
    found = [0.0] * len(values)
    below = float("-inf")
    for place in sorted(range(len(values)), key=lambda one: values[one]):
        below = found[place] = max(values[place], below + gap)
    return found
