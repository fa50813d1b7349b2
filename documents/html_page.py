"""One page of HTML that carries everything it needs and asks nothing of any network."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from documents.illustrations import Drawn
from documents.inline_charts import inlined
from documents.replacing import replacing
from documents.wording import is_chinese
from texts import say


def write_page(
    path: Path, template: str, values: Mapping[str, object], locale: str, charts: Sequence[Drawn]
) -> None:
    """Writes the page that `template` makes of `values` and `charts` to `path` in UTF-8, whole or not at all.

    The same values and pictures give the same bytes.
    """
    language = "zh-CN" if is_chinese(locale) else "en"
    page = _environment(locale).get_template(template).render(values, language=language, **inlined(charts))
    with replacing(path) as fresh:
        fresh.write_text(page, encoding="utf-8", newline="\n")


def _environment(locale: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["say"] = partial(say, locale)
    return environment
