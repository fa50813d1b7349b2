"""The tree of units as it was, against a forward replay of what happened to them."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rules.rollup import Unit
from rules.trees import Founded, Place, Renamed, Shifted, UnitTurn, strayed_places, taken_back

BUREAU = Place(1, "BUREAU", "住建局", None)
SAFETY = Place(2, "SAFETY", "安全科", 1)
HOUSING = Place(3, "HOUSING", "保障科", 1)

DEEDS = st.lists(
    st.tuples(st.sampled_from(["found", "rename", "move"]), st.integers(0, 9), st.integers(0, 9)), max_size=12
)


def plain(places: list[Place]) -> tuple[Unit, ...]:
    codes = {place.number: place.code for place in places}
    return tuple(
        Unit(place.code, place.name, codes[place.parent] if place.parent else None) for place in places
    )


def done(places: list[Place], deed: str, which: int, where: int) -> tuple[list[Place], UnitTurn]:
    """The places after one deed, and what an event would keep of it."""
    at = 1 + which % (len(places) - 1)
    place, above = places[at], places[where % at]
    match deed:
        case "found":
            number = len(places) + 1
            made = Place(number, f"N{number}", f"新科{number}", places[where % len(places)].number)
            return [*places, made], Founded(made.code)
        case "rename":
            now = replace(place, name=f"{place.name}甲")
            return [*places[:at], now, *places[at + 1 :]], Renamed(place.code, place.name)
        case _:
            now = replace(place, parent=above.number)
            return [*places[:at], now, *places[at + 1 :]], Shifted(place.code, place.parent)


@given(deeds=DEEDS)
def test_the_tree_after_each_deed_comes_back_from_the_last_one(deeds: list[tuple[str, int, int]]) -> None:
    places = [BUREAU, SAFETY, HOUSING]
    stood, turns = [plain(places)], []
    for deed in deeds:
        places, turn = done(places, *deed)
        stood.append(plain(places))
        turns.append(turn)
    for number, tree in enumerate(stood):
        assert taken_back(places, reversed(turns[number:])) == tree


def test_a_unit_is_taken_back_to_the_first_of_several_names_and_places() -> None:
    now = replace(SAFETY, name="丙", parent=3)
    turns = [Renamed("SAFETY", "乙"), Shifted("SAFETY", 1), Renamed("SAFETY", "甲")]
    assert taken_back([BUREAU, now, HOUSING], turns)[1] == Unit("SAFETY", "甲", "BUREAU")


def test_what_happened_to_a_unit_that_is_not_known_changes_nothing() -> None:
    turns = [Founded("GONE"), Renamed("GONE", "甲"), Shifted("GONE", 1)]
    assert taken_back([BUREAU, SAFETY], turns) == plain([BUREAU, SAFETY])


def test_sealed_units_stray_by_name_by_place_or_when_they_are_gone() -> None:
    sealed = plain([BUREAU, SAFETY, HOUSING])
    again = (sealed[0], Unit("SAFETY", "质安科", "BUREAU"), Unit("NEW", "新科", "BUREAU"))
    assert strayed_places(sealed, again) == ["HOUSING", "SAFETY"]
    assert strayed_places(sealed, (*sealed, again[2])) == []
    assert strayed_places(sealed, (*sealed[:2], Unit("HOUSING", "保障科", "SAFETY"))) == ["HOUSING"]
