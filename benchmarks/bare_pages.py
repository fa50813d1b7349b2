"""The least that serves a list: what benchmarks/web.py measures our pages by.

Usage: python benchmarks/bare_pages.py DATABASE-URL PORT

Starlette, one statement, a trivial template; no sign-in, no rights, no filters, no reader's language.
"""

import csv
import io
import sys
from collections.abc import Sequence
from typing import Any

import uvicorn
from jinja2 import Environment
from sqlalchemy import Engine, Row, Select, func, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from models.item import Assignment, Item
from models.organisation import Person, Unit
from models.session import open_engine
from rules.lifecycle import State
from rules.permissions import Role

ROWS = 50

TABLE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>{{ rows | length }}</title></head><body>
<table>{% for row in rows %}<tr><td><a href="/items/{{ row.reference }}">{{ row.reference }}</a></td>
<td>{{ row.title }}</td><td>{{ row.unit }}</td><td>{{ row.owner }}</td><td>{{ row.due_on }}</td>
<td>{{ row.state.value }}</td><td>{{ row.progress }}%</td></tr>
{% endfor %}</table></body></html>"""

PAGE = Environment(autoescape=True).from_string(TABLE)
FIGURES = Environment(autoescape=True).from_string(
    "<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}"
)


def _items() -> Select[Any]:
    owner = (
        select(Person.name)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(Assignment.item_id == Item.id, Assignment.role == Role.OWNER)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            *(Item.reference, Item.title, Unit.name.label("unit"), owner.label("owner")),
            *(Item.due_on, Item.state, Item.progress),
        )
        .join(Unit, Unit.id == Item.lead_unit_id)
        .order_by(Item.due_on, Item.id)
    )


def _figures() -> Select[Any]:
    """Items of each unit by their state now: the least that a roll-up counts."""
    counts = [func.count().filter(Item.state == state).label(state.value) for state in State]
    return (
        select(Unit.name, func.count().label("items"), *counts)
        .join(Item, Item.lead_unit_id == Unit.id)
        .group_by(Unit.id)
        .order_by(Unit.id)
    )


def application(engine: Engine) -> Starlette:
    """A list of 50 items, one item, figures by unit, and every closed item as csv."""

    def rows(query: Select[Any]) -> Sequence[Row[Any]]:
        with engine.connect() as connection:
            return connection.execute(query).all()

    def ledger(_: Request) -> Response:
        return HTMLResponse(PAGE.render(rows=rows(_items().limit(ROWS))))

    def item(request: Request) -> Response:
        wanted = _items().where(Item.reference == request.path_params["reference"])
        return HTMLResponse(PAGE.render(rows=rows(wanted)))

    def rollup(_: Request) -> Response:
        return HTMLResponse(FIGURES.render(rows=rows(_figures())))

    def closed(_: Request) -> Response:
        out = io.StringIO()
        csv.writer(out).writerows(rows(_items().where(Item.state == State.CLOSED)))
        return Response(out.getvalue(), media_type="text/csv")

    pages = {"/items": ledger, "/items.csv": closed, "/items/{reference}": item, "/rollup": rollup}
    return Starlette(routes=[Route(path, page) for path, page in pages.items()])


if __name__ == "__main__":
    uvicorn.run(
        application(open_engine(sys.argv[1])), port=int(sys.argv[2]), log_level="warning", access_log=False
    )
