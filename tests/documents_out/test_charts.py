"""Charts: what is drawn, that it reads in grey and in Chinese, and the process that draws it."""

import os
import re
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from documents import charts, studio
from documents.charts import Bar, Bars, Chart, Lines, Series, Theme
from documents.drawing import apart
from documents.studio import Studio

BARS = Bars((Bar("质量安全科", 60, "60.00% 6/10"), Bar("住房保障科", 0, "0.00% 0/1")), 100)
LINES = Lines(
    ("2026H1", "2026H2"), (Series("新增", (3, 11)), Series("销号", (1, 10)), Series("未办结", (2, 3)))
)
words = st.text(max_size=20)
drawn = st.one_of(
    st.builds(Bars, st.lists(st.builds(Bar, words, st.floats(0, 1e6), words), max_size=4).map(tuple)),
    st.builds(
        Lines,
        st.just(("a", "b")),
        st.lists(st.builds(Series, words, st.tuples(st.integers(0), st.integers(0)))).map(tuple),
    ),
)


def texts(picture: bytes) -> list[str]:
    return [found.text or "" for found in etree.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")]


@given(drawn, st.sampled_from(Theme))
def test_a_chart_that_is_told_is_heard_as_it_was(chart: Chart, theme: Theme) -> None:
    line = charts.spoken(chart, theme)
    assert charts.heard(line) == (chart, theme)
    assert "\n" not in line


def test_another_chart_has_another_address() -> None:
    other = replace(BARS, most=None)
    found = {charts.digest(chart, theme) for chart in (BARS, other, LINES) for theme in Theme}
    assert len(found) == 6


def test_every_bar_bears_its_name_and_its_number(drawer: Studio) -> None:
    said = texts(drawer.svg(BARS))
    assert [word for word in said if word] == ["质量安全科", "住房保障科", "60.00% 6/10", "0.00% 0/1"]


def test_two_units_of_one_name_have_two_bars(drawer: Studio) -> None:
    same = Bars((Bar("办公室", 1, "一"), Bar("办公室", 2, "二")))
    assert sorted(texts(drawer.svg(same))) == sorted(["办公室", "办公室", "一", "二"])


def test_a_name_that_looks_like_a_command_is_only_written(drawer: Studio) -> None:
    odd = '"];alert(1)//<script>\u2028'
    (name, _) = texts(drawer.svg(Bars((Bar(odd, 1, "1"),))))
    assert name.startswith('"];alert(1)//')


def test_lines_bear_their_names_and_differ_without_colour(drawer: Studio) -> None:
    picture = drawer.svg(LINES)
    assert {"新增 11", "销号 10", "未办结 3"} <= set(texts(picture))
    dashes = re.findall(rb"role-mark layer_0_marks.*?role-mark layer_1", picture, re.DOTALL)
    assert len(set(re.findall(rb'stroke-dasharray="[^"]*"', dashes[0]))) == 3


@pytest.mark.parametrize("theme", list(Theme))
def test_a_picture_asks_nothing_of_any_network_and_needs_no_style(drawer: Studio, theme: Theme) -> None:
    for chart in (BARS, LINES):
        picture = drawer.svg(chart, theme).decode()
        assert re.findall(r"(?:href|src|url|style)\s*[=(]", picture) == []
        assert set(re.findall(r'https?://[^"]+', picture)) == {
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
        }


def test_chinese_characters_are_really_drawn(drawer: Studio) -> None:
    """Two characters that a font lacks look alike; two that it has do not."""
    one, other = (
        Image.open(BytesIO(drawer.png(Bars((Bar(name, 0, ""),))))).convert("RGBA") for name in ("整", "改")
    )
    assert one.size == other.size
    assert one.tobytes() != other.tobytes()


def test_what_was_drawn_is_read_and_not_drawn_again(tmp_path: Path) -> None:
    first = Studio(tmp_path)
    picture = first.svg(BARS)
    first.close()
    second = Studio(tmp_path)
    assert second.svg(BARS) == picture
    assert second._drawer is None


def test_a_process_that_died_is_started_again(tmp_path: Path) -> None:
    made = Studio(tmp_path)
    made.svg(BARS)
    assert made._drawer is not None
    made._drawer.kill()
    made._drawer.wait()
    assert texts(made.svg(LINES))
    made.close()


def test_the_process_ends_with_whoever_started_it(tmp_path: Path) -> None:
    made = Studio(tmp_path)
    made.svg(BARS)
    assert made._drawer is not None
    assert made._drawer.stdin is not None
    made._drawer.stdin.close()
    assert made._drawer.wait(10) == 0
    made.close()


def test_a_studio_that_nobody_holds_leaves_no_process(tmp_path: Path) -> None:
    made = Studio(tmp_path)
    made.svg(BARS)
    assert made._drawer is not None
    number = made._drawer.pid
    del made
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_the_folder_keeps_only_so_many_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studio, "MOST_KEPT", 2)
    made = Studio(tmp_path)
    for number in range(4):
        made.svg(Bars((Bar("甲", number, ""),)))
    made.close()
    assert len(list(tmp_path.iterdir())) == 2


@given(st.lists(st.integers(0, 100), max_size=6), st.integers(1, 20))
def test_names_at_the_ends_of_lines_lie_apart_and_in_order(values: list[int], gap: int) -> None:
    found = sorted(zip(values, apart(values, gap), strict=True))
    assert all(after[1] - before[1] >= gap for before, after in pairwise(found))
    assert all(at >= value for value, at in found)
