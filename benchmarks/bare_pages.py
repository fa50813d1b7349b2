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
from sqlalchemy import Engine, Row, Select, select
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


def application(engine: Engine) -> Starlette:
    """A list of 50 items, one item, and every closed item as csv."""

    def rows(query: Select[Any]) -> Sequence[Row[Any]]:
        with engine.connect() as connection:
            return connection.execute(query).all()

    def ledger(_: Request) -> Response:
        return HTMLResponse(PAGE.render(rows=rows(_items().limit(ROWS))))

    def item(request: Request) -> Response:
        wanted = _items().where(Item.reference == request.path_params["reference"])
        return HTMLResponse(PAGE.render(rows=rows(wanted)))

    def closed(_: Request) -> Response:
        out = io.StringIO()
        csv.writer(out).writerows(rows(_items().where(Item.state == State.CLOSED)))
        return Response(out.getvalue(), media_type="text/csv")

    routes = [Route("/items", ledger), Route("/items.csv", closed), Route("/items/{reference}", item)]
    return Starlette(routes=routes)


if __name__ == "__main__":
    uvicorn.run(
        application(open_engine(sys.argv[1])), port=int(sys.argv[2]), log_level="warning", access_log=False
    )
