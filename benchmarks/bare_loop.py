"""The least that sends a day's reminders: what benchmarks/reminders.py measures us by."""

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formatdate, make_msgid
from itertools import groupby
from typing import Any

from aiosmtplib import SMTP
from jinja2 import Environment
from sqlalchemy import Connection, Engine, Row, select, text

from models.item import Assignment, Item
from models.organisation import Person, Unit
from models.session import WRITES
from rules.lifecycle import OPEN
from rules.permissions import Role

CONNECTIONS = 8
SENDER = "rectify@sample.example"

TEXT = """{{ name }}，您好：

截至{{ today }}，以下整改事项需要您处理：
{% for row in rows %}
{{ loop.index }}. [{{ row.reference }}] {{ row.title }}
   期限：{{ row.due_on }}
   {{ row.state.value }} {{ row.progress }}%
   单位：{{ row.unit }}；责任人：{{ name }}
   报告原文：{{ row.body[:80] }}
   https://rectify.example/items/{{ row.reference }}
{% endfor %}"""

HTML = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>{{ rows | length }} 项</title></head><body>
<p>{{ name }}，您好：</p><p>截至{{ today }}，以下整改事项需要您处理：</p>
{% for row in rows %}<table width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 12px"><tr>
<td style="padding:10px 14px;border:1px solid #d0d7de;border-left:4px solid #b42318;font-size:15px">
<b>{{ loop.index }}. [{{ row.reference }}] {{ row.title }}</b>
<br><b style="color:#b42318">{{ row.due_on }}</b>
<br>{{ row.state.value }} {{ row.progress }}%<br>单位：{{ row.unit }}；责任人：{{ name }}
<div style="color:#57606a;font-size:14px">报告原文：{{ row.body[:80] }}</div>
<div><a href="https://rectify.example/items/{{ row.reference }}">查看 {{ row.reference }}</a></div></td>
</tr></table>
{% endfor %}</body></html>"""

PLAIN = Environment(autoescape=False).from_string(TEXT)  # noqa: S701 - plain text
RICH = Environment(autoescape=True).from_string(HTML)
CLAIM = text("insert into benchmark_claim (person_id, sent) values (:person, 0)")
SENT = text("update benchmark_claim set sent = 1 where person_id = :person")


def run(engine: Engine, port: int, today: date) -> int:
    """Sends the day's mails. Returns how many."""
    with engine.execution_options(**{WRITES: True}).connect() as connection:
        people = [(person, list(rows)) for person, rows in _people(connection, today)]
        connection.commit()
        asyncio.run(_send(connection, port, today, people))
    return len(people)


def _people(connection: Connection, today: date) -> Iterator[tuple[int, Iterator[Row[Any]]]]:
    wanted = (
        select(
            Person.id,
            Person.name,
            Person.email,
            Item.reference,
            Item.title,
            Item.body,
            Item.due_on,
            Item.state,
            Item.progress,
            Unit.name.label("unit"),
        )
        .join(Assignment, Assignment.person_id == Person.id)
        .join(Item, Item.id == Assignment.item_id)
        .join(Unit, Unit.id == Item.lead_unit_id)
        .where(Assignment.role == Role.OWNER, Item.state.in_(OPEN), Item.due_on <= today + timedelta(days=7))
        .order_by(Person.id, Item.due_on)
    )
    return groupby(connection.execute(wanted), key=lambda row: row.id)


async def _send(
    connection: Connection, port: int, today: date, people: list[tuple[int, list[Row[Any]]]]
) -> None:
    waiting = iter(people)

    async def work() -> None:
        client = SMTP(hostname="127.0.0.1", port=port, start_tls=False)
        await client.connect()
        for person, rows in waiting:
            connection.execute(CLAIM, {"person": person})
            connection.commit()
            await client.sendmail(SENDER, rows[0].email, _mail(rows, today))
            connection.execute(SENT, {"person": person})
            connection.commit()
        await client.quit()

    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))


def _mail(rows: list[Row[Any]], today: date) -> bytes:
    view = {"name": rows[0].name, "today": today, "rows": rows}
    mail = MIMEMultipart("alternative")
    mail["From"], mail["To"] = SENDER, rows[0].email
    mail["Subject"] = f"{len(rows)} 项整改需要处理"
    mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain="sample.example")
    mail.attach(MIMEText(PLAIN.render(view), "plain", "utf-8"))
    mail.attach(MIMEText(RICH.render(view), "html", "utf-8"))
    return mail.as_bytes()
