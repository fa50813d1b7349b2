"""Charts as SVG within a page of HTML: a title and the figures in words for whoever does not see them."""

from collections.abc import Iterable

from lxml import etree
from markupsafe import Markup

from documents.charts import INKS, Theme
from documents.illustrations import Drawn

SVG = "http://www.w3.org/2000/svg"
_OURS = ("role", "aria-")


def inlined(charts: Iterable[Drawn]) -> dict[str, object]:
    """What `templates/_charts.html` and `_charts.css` show: captions with pictures, light inks with dark."""
    light, dark = INKS[Theme.LIGHT], INKS[Theme.DARK]
    return {
        "charts": [(chart.caption, _inlined(chart, number)) for number, chart in enumerate(charts, 1)],
        "inks": [(light[name], dark[name]) for name in light],
    }


def _inlined(chart: Drawn, number: int) -> Markup:
    """The picture as one image with a name and a description; what it says of its own parts is taken away."""
    picture = etree.fromstring(chart.svg)
    for element in picture.iter():
        for name in [name for name in element.attrib if str(name).startswith(_OURS)]:
            del element.attrib[name]
    names = {"title": f"chart-{number}-title", "desc": f"chart-{number}-words"}
    picture.set("role", "img")
    picture.set("aria-labelledby", names["title"])
    picture.set("aria-describedby", names["desc"])
    for place, (tag, words) in enumerate((("title", chart.caption), ("desc", chart.sentence))):
        told = etree.Element(f"{{{SVG}}}{tag}", id=names[tag])
        told.text = words
        picture.insert(place, told)
    etree.cleanup_namespaces(picture)
    return Markup(etree.tostring(picture, encoding="unicode"))  # noqa: S704 - serialised, so all words are escaped
