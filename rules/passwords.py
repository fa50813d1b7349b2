"""Which passwords are taken: long enough, not among the ones that are tried first, not the office's name."""

import re
from collections.abc import Iterable

from rules.errors import SettingError

SHORTEST, LONGEST = 12, 128
"""Characters."""

_WORDS = """
password passw0rd p@ssword p@ssw0rd passwort motdepasse contrasena letmein welcome administrator
admin root guest master default changeme secret iloveyou woaini sunshine princess dragon
monkey football baseball superman trustno whatever starwars freedom shadow qazwsxedc computer internet
mima mimamima wodemima zhongguo beijing shanghai nihao aini mingtian kuaile xinnian guoqing renmin
zhengfu bangong bangongshi guanliyuan ceshi test testing demo rectify zhenggai duban taizhang
"""
KNOWN = frozenset(_WORDS.split())
"""Words that guessers try first, by themselves, doubled, or with figures and signs around them."""

RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "q1w2e3r4t5y6u7i8o9p0",
)
"""Rows of the alphabet and of keyboards; read in both directions."""

_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def check_password(password: str, *, names: Iterable[str]) -> None:
    """Returns where the password may be used; `names` are those of the office, its units and the person.

    Raises:
        SettingError: it is too short, too long, or easily guessed.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise SettingError(
            "A password has %(shortest)d to %(longest)d characters; this one has %(length)d.",
            shortest=SHORTEST,
            longest=LONGEST,
            length=len(password),
        )
    plain = _flat(password)
    if any(name in plain for name in map(_flat, names) if len(name) >= 3):
        raise SettingError("A password must not hold the office's name, a unit's or your own.")
    if is_common(password):
        raise SettingError("This password is among those that are tried first; choose another one.")


def is_common(password: str) -> bool:
    """Whether it is one of a few words, characters or keyboard rows, however padded."""
    plain = password.casefold()
    core = _EDGES.sub("", plain)
    return (
        len(set(plain)) < 5
        or _once(plain) in KNOWN
        or _once(core) in KNOWN
        or _is_repeated(plain)
        or _runs_on(plain)
        or (len(core) >= 3 and _runs_on(core))
        or not core
    )


def _once(word: str) -> str:
    """`secret` of `secretsecret`."""
    for size in range(1, len(word) // 2 + 1):
        if len(word) % size == 0 and word == word[:size] * (len(word) // size):
            return word[:size]
    return word


def _is_repeated(word: str) -> bool:
    """One short stretch over and over, the last time perhaps cut off."""
    return any((word[:size] * len(word))[: len(word)] == word for size in range(1, 5))


def _runs_on(word: str) -> bool:
    """A stretch of a row of keys, whole or made of such stretches of at least four keys."""
    at = 0
    while at < len(word):
        step = next((size for size in range(len(word) - at, 3, -1) if _in_a_row(word[at : at + size])), 0)
        if not step:
            return False
        at += step
    return True


def _in_a_row(stretch: str) -> bool:
    return any(stretch in row or stretch[::-1] in row for row in RUNS)


def _flat(word: str) -> str:
    return "".join(character for character in word.casefold() if character.isalnum())
