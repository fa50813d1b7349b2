"""order: a supervision order is issued about one item, and written as a document."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.door import opened, visiting
from cli.options import Again, AsJson, DocxFile, check_folder, day
from cli.output import as_json, language, tell
from rules.lifecycle import Move
from texts.orders import order_number

if TYPE_CHECKING:
    from datetime import date

    from documents.order_docx import Order
    from services.office import Visit


def order(
    reference: Annotated[str, typer.Argument(metavar="REF", help="The item, such as 2026H1-P03.")],
    as_whom: Annotated[str, typer.Option("--as", metavar="EMAIL", help="Who does this.")],
    note: Annotated[str, typer.Option("--note", help="What is required.")] = "",
    by: Annotated[str | None, typer.Option("--by", metavar="DATE", help="Until when to answer.")] = None,
    again: Again = None,
    out: DocxFile = None,
    *,
    json: AsJson = False,
) -> None:
    """Issue a supervision order about one item; its owners and the heads of its unit get it by mail."""
    from documents.order_docx import write_order

    check_folder(out)
    house = opened(reckons=False)
    with visiting(house, as_whom) as visit:
        found = _written(visit, reference, again) if again else _issued(visit, reference, note, day(by))
    if out:
        write_order(out, found, house.settings.language, house.settings.template)
    if json:
        as_json(found)
        return
    tell("Supervision order %(number)s: %(reference)s.", number=_number(found), reference=found.reference)
    if out:
        tell("Written: %(path)s", path=out)


def _number(found: "Order") -> str:
    return order_number(language(), found.key)


def _issued(visit: "Visit", reference: str, note: str, answer_on: "date | None") -> "Order":
    from services import orders
    from services.items import act, by_reference
    from services.moves import Wish

    act(visit, reference, Wish(Move.ORDER, note, answer_on=answer_on))
    item = by_reference(visit.session, reference)
    return orders.written(visit, item, orders.of_item(visit, item)[0].key)


def _written(visit: "Visit", reference: str, key: str) -> "Order":
    from services import orders
    from services.visibility import visible_item

    return orders.written(visit, visible_item(visit, reference), key)


COMMANDS = (order,)
