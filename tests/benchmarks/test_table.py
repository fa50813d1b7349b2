import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.append(str(BENCHMARKS))

from bench import PARTS, rows, table  # noqa: E402 - scripts, started by path
from figures import Figure  # noqa: E402

FOUND = [
    Figure("CPU / bare loop", 2.5, at_most=1.5),
    Figure("requests a second / Redmine", 8, at_least=8),
    Figure("median / bare handler", 4),
]


def test_each_figure_stands_beside_its_aim() -> None:
    assert table(list(rows("web", FOUND))) == (
        "benchmark  what                         figure  aim\n"
        "web        CPU / bare loop              2.50 x  at most 1.5  missed\n"
        "web        requests a second / Redmine  8.00 x  at least 8   met\n"
        "web        median / bare handler        4.00 x\n"
    )


def test_no_aim_is_met_or_missed_at_a_smaller_size() -> None:
    assert [line[-1] for line in rows("web", FOUND, is_full=False)] == ["", "", ""]


def test_what_cannot_run_says_so_in_its_row() -> None:
    lines = [*rows("web", FOUND[:1]), *rows("rollup", "There is no PostgreSQL\nserver here.")]
    assert table(lines) == (
        "benchmark  what             figure  aim\n"
        "web        CPU / bare loop  2.50 x  at most 1.5  missed\n"
        "rollup     did not run: There is no PostgreSQL server here.\n"
    )


def test_a_part_runs_at_a_small_size() -> None:
    command = [sys.executable, BENCHMARKS / "bench.py", "--tiny", "rollup, SQLite"]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    lines = [line.split("  ")[0] for line in ran.stdout.splitlines()]
    assert ran.returncode == 0, ran.stderr
    assert lines[:-1] == [
        "benchmark",
        *["rollup, SQLite"] * 5,
        "Sizes divided by 100; the aims are for full ones.",
    ]


def test_both_databases_are_measured() -> None:
    assert {name for name in PARTS if ", " in name} == {
        *("reminders, SQLite", "reminders, PostgreSQL"),
        *("rollup, SQLite", "rollup, PostgreSQL"),
    }
