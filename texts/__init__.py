"""Every text that a person sees, in Chinese and English, from one gettext catalogue.

English sentences are the catalogue's keys, so `en` needs no file of its own. The catalogue is read from its
.po source: a compiled copy that lags behind would silently show English.
"""

import gettext
from functools import cache
from io import BytesIO
from pathlib import Path

LOCALES = ("zh_CN", "en")


@cache
def translations(locale: str) -> gettext.NullTranslations:
    """The catalogue of `locale`; any locale that is not Chinese reads the English keys."""
    if not locale.replace("-", "_").lower().startswith("zh"):
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - costs 60 ms that an English reader need not pay
    from babel.messages.pofile import read_po  # noqa: PLC0415 - as above

    source = Path(__file__).with_name("locale") / "zh_CN" / "LC_MESSAGES" / "rectify.po"
    compiled = BytesIO()
    with source.open("rb") as po:
        write_mo(compiled, read_po(po, locale="zh_CN"))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def say(locale: str, sentence: str, **values: object) -> str:
    """`sentence` in `locale`, with its `%(name)s` places filled; a refusal among the values is said, too."""
    translate = translations(locale).gettext
    words = translate(sentence)
    said = {name: one.say(translate) if hasattr(one, "say") else one for name, one in values.items()}
    return words % said if said else words
