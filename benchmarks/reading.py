"""How long reading takes, each time beside a bare loop over the same text in the same run.

Usage: python benchmarks/reading.py

Prints a ratio a line: the time of `read` by the time of one `str.splitlines` pass and one pass of a
one-character `re.finditer`, and how the time grows when the text is ten times as long, to one line of ten
million characters. Times are CPU time, the best of a few runs; a busy machine slows both sides of a ratio
alike. The milliseconds beside them are of this machine alone.
"""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from figures import Figure

from documents.drafts import read

SAMPLE = Path(__file__).parents[1] / "samples" / "report_2026H1.txt"
RUNS = 3

HOSTILE: dict[str, Callable[[int], str]] = {
    "one line": lambda n: ("一是管理不够，落实不力；" * (n // 12 + 1))[:n],
    "numbering marks": lambda n: "1.\n" * (n // 3),
    "one character": lambda n: "一" * n,
    "blanks": lambda n: " " * n,
    "blank lines at the end": lambda n: "问题：台账不足。\n" * (n // 9) + (" " * 299 + "\n") * 2,
    "nested brackets": lambda n: "（" * (n // 2) + "）" * (n // 2),
    "labels": lambda n: "问题：台账不足。整改措施：加强。\n" * (n // 17),
    "rows of a table": lambda n: "| 序号 | 问题 | 措施 |\n" + "| 1 | 台账不全 | 补齐 |\n" * (n // 19),
    "names": lambda n: "三、下一步工作\n" + "市住建局" * (n // 4),
    "wrapped lines": lambda n: "存在台账不全、记录缺失、培训不足和巡查不到位等\n" * (n // 24),
}
ENDLESS: dict[str, Callable[[int], str]] = {
    "one line of clauses, 10 MB": lambda n: ("一是管理不够，落实不力；" * (n // 12 + 1))[:n],
    "one line without a mark, 10 MB": lambda n: ("管理不够，落实不力；" * (n // 10 + 1))[:n],
    "100,000 numbering marks": lambda n: "（一）" * (n // 100),
}


def spent(work: Callable[[], object]) -> float:
    """CPU seconds of the quickest of a few runs."""
    return min(_once(work) for _ in range(RUNS))


def _once(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def bare(text: str) -> float:
    """CPU seconds of one pass over lines and one over characters, which any reader must make."""
    return spent(lambda: (text.splitlines(), sum(1 for _ in re.finditer(r"(?s).", text))))


def say(figure: Figure) -> None:
    sys.stdout.write(f"{figure.what:<42}{figure.value:>10.1f} {figure.unit}\n")


def start_up() -> float:
    """CPU seconds that importing and reading the sample add to starting Python."""
    import resource  # noqa: PLC0415 - not on every system; only this figure needs it

    program = f"from documents.drafts import read; read(open({str(SAMPLE)!r}, encoding='utf-8').read())"
    costs = []
    for code in (program, "pass"):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], check=True, cwd=SAMPLE.parents[1])  # noqa: S603
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        costs.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return costs[0] / costs[1]


def figures(largest: int = 10_000_000) -> Iterator[Figure]:
    """Every figure; the endless lines have so many characters."""
    sample = SAMPLE.read_text("utf-8")
    read(sample)
    yield Figure("import and first reading / bare Python", start_up(), "times")
    yield from _reports(sample)
    for what, made in HOSTILE.items():
        small, large = made(5_000), made(50_000)
        yield _grown(what, _best(large), _best(small))
        yield Figure(f"{what}: 50,000 / bare loop", _best(large) / bare(large), "times")
    for what, made in ENDLESS.items():
        small, large = made(largest // 10), made(largest)
        tenth = _once(lambda text=small: read(text))
        yield _grown(what, _once(lambda text=large: read(text)), tenth)


def _reports(sample: str) -> Iterator[Figure]:
    for what, text, times, bound in (
        ("30,000 characters", (sample * 12)[:30_000], 1, 150),
        ("200 reports of 4,000 characters", (sample * 2)[:4_000], 200, 4_000),
    ):
        cost = spent(lambda text=text, times=times: [read(text) for _ in range(times)])
        yield Figure(what, 1000 * cost, "ms", at_most=bound)
        yield Figure(f"{what} / bare loop", cost / times / bare(text), "times")


def _grown(what: str, large: float, small: float) -> Figure:
    return Figure(f"{what}: 10 x the text", large / small, at_most=12)


def _best(text: str) -> float:
    return spent(lambda: read(text))


def main() -> None:
    """Print every figure."""
    for figure in figures():
        say(figure)


if __name__ == "__main__":
    main()
