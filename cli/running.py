"""init, sample, demo, deploy, serve: setting up and keeping going."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.options import AsJson, Folder, day
from cli.output import as_json, counts, line

SAMPLES = Path(__file__).parent.parent / "samples"


def init(
    organisation: Annotated[
        list[Path] | None,
        typer.Option("--organisation", help="Units, people and roles: a TOML file, or lists as xlsx or csv."),
    ] = None,
    answers: Annotated[
        Path | None, typer.Option("--answers", help="A TOML file that says what would be asked.")
    ] = None,
) -> None:
    """Create or update the database, and enter an organisation with its first administrator.

    On a terminal it asks for what a new database needs, unless one of the files says it.
    """
    from cli.setting_up import is_new, read_answers, set_up, wishes
    from config.settings import load

    if answers and organisation:
        raise typer.BadParameter("Name the organisation in the file of answers, or leave that file out.")
    if answers:
        set_up(read_answers(answers))
    elif organisation:
        set_up(wishes(organisation))
    elif sys.stdin.isatty() and sys.stdout.isatty() and is_new(load()):
        from cli.asking import ask

        set_up(ask(load().dir))
    else:
        set_up(wishes([]))


def sample(
    units: Annotated[int, typer.Option("--units", min=1, help="How many units.")] = 10,
    people: Annotated[int, typer.Option("--people", min=1, help="How many people.")] = 50,
    items: Annotated[int, typer.Option("--items", min=0, help="How many items.")] = 500,
    seed: Annotated[int, typer.Option("--seed", help="The same seed, the same sample.")] = 1,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day it is seen from.")] = None,
    *,
    json: AsJson = False,
) -> None:
    """Fill an empty database with invented units, people and items, for trials and measurements."""
    from config import clock
    from config.house import open_house
    from config.settings import load
    from models import schema
    from models.session import open_engine, writing
    from services.sample import Size, fill

    settings = load()
    settings.dir.mkdir(parents=True, exist_ok=True)
    schema.upgrade(open_engine(settings.url, patience=settings.patience))
    today = day(on) or clock.now().astimezone(settings.zone).date()
    house = open_house(settings, today=today)
    with writing(house.engine) as session:
        filled = fill(session, house.office, Size(units, people, items, seed), today)
    if json:
        as_json(filled)
    else:
        counts(filled)


def demo(
    report: Annotated[Path, typer.Option("--report", help="The report to live through.")] = SAMPLES
    / "report_2026H1.txt",
    folder: Annotated[Path, typer.Option("--dir", help="The folder to make it in.")] = Path("var/demo"),
) -> None:
    """Live through a year with a fictional bureau, from a report to two sealed periods and their reports."""
    from cli.demo import run
    from config import logs

    logs.set_up("")
    run(report, folder, SAMPLES)


def deploy(
    folder: Folder = None,
    pool: Annotated[str | None, typer.Option("--pool", help="A work pool for Prefect workers.")] = None,
) -> None:
    """Register every flow with the Prefect server that PREFECT_API_URL names."""
    from cli.serving import register

    for name in register(folder, pool):
        line(name)


def serve(
    folder: Folder = None,
    *,
    pages: Annotated[
        bool, typer.Option("--pages/--no-pages", help="Also run the pages; without, rectify web does.")
    ] = True,
) -> None:
    """Run Prefect's server, the schedules and the pages until told to stop."""
    from cli.serving import keep_going

    keep_going(folder, with_pages=pages)


COMMANDS = (init, sample, demo, deploy, serve)
