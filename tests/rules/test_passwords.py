import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import SettingError
from rules.passwords import KNOWN, LONGEST, RUNS, SHORTEST, check_password, is_common

NAMES = ("云州市住房和城乡建设局", "JZSC", "shen.jianhua", "沈建华")


def refusal(password: str) -> str:
    with pytest.raises(SettingError) as refused:
        check_password(password, names=NAMES)
    return refused.value.sentence


@pytest.mark.parametrize(
    "password", ["correct horse battery", "夏天的雨落在旧屋檐上面呢", "tR4-mosaic_lantern", "x9!Lq2#Vb7&z"]
)
def test_a_long_password_that_nobody_guesses_is_taken(password: str) -> None:
    check_password(password, names=NAMES)


@pytest.mark.parametrize("length", [0, 1, SHORTEST - 1, LONGEST + 1, 5000])
def test_length_is_bounded_on_both_sides(length: int) -> None:
    assert refusal("xk4&" * (length // 4) + "y" * (length % 4)) == (
        "A password has %(shortest)d to %(longest)d characters; this one has %(length)d."
    )


def test_the_bounds_themselves_are_taken() -> None:
    row = "k7#pW!2m" * 20
    for length in (SHORTEST, LONGEST):
        check_password("z" + row[: length - 2] + "Q", names=NAMES)


@pytest.mark.parametrize(
    "password",
    [
        "云州市住房和城乡建设局2026",
        "zz-jzsc-2026-zz",
        "SHEN.JIANHUA!99",
        "shenjianhua2026",
        "我是沈建华我怕谁呀哈哈哈",
    ],
)
def test_no_password_holds_the_office_s_name_or_the_person_s(password: str) -> None:
    assert refusal(password) == "A password must not hold the office's name, a unit's or your own."


@pytest.mark.parametrize(
    "password",
    [
        "Password2026!",
        "passw0rd1234",
        "1234567890123",
        "qwertyuiop123456",
        "abcdefghijklm",
        "zyxwvutsrqpon",
        "aaaaaaaaaaaa",
        "abababababab",
        "abcdabcdabcda",
        "20260706202607",
        "woaini1314520",
        "letmeinletmein",
        "1qaz2wsx3edc",
        "!!!!!!2026!!!!!!",
    ],
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    assert refusal(password) == "This password is among those that are tried first; choose another one."


@given(
    word=st.sampled_from(sorted(KNOWN)),
    around=st.text("0123456789!@#._-", max_size=8),
    is_before=st.booleans(),
)
def test_figures_and_signs_around_a_known_word_hide_nothing(
    word: str, around: str, *, is_before: bool
) -> None:
    assert is_common(around + word.upper() if is_before else word + around)


@given(
    row=st.sampled_from(RUNS), start=st.integers(0, 30), length=st.integers(4, 20), is_backward=st.booleans()
)
def test_no_stretch_of_a_row_of_keys_is_taken(
    row: str, start: int, length: int, *, is_backward: bool
) -> None:
    stretch = (row * 2)[start : start + length]
    assert is_common(stretch[::-1] if is_backward else stretch) or stretch not in row


@given(st.text("abcdefgh123", min_size=1, max_size=4), st.integers(12, 40))
def test_no_short_stretch_over_and_over_is_taken(stretch: str, length: int) -> None:
    assert is_common((stretch * 40)[:length])
