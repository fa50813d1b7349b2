"""A small office for tests: a bureau with two offices, on either database, with the clock as an argument."""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from documents.paper import open_paper
from models.item import Item
from models.message import Message, Reminder
from models.organisation import Person
from models.session import reading, writing
from notifications.outbox import Postbox
from notifications.render import Office as Letterhead
from rules.lifecycle import Move, State
from rules.permissions import Role
from rules.policy import Policy
from rules.working_days import Calendar
from services import items, organisation, reports
from services.evidence import EvidenceFile
from services.moves import Wish
from services.office import Office, Visit
from services.organisation import Directory, person_by_email

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 7, 6, 9, tzinfo=ZONE)

ORGANISATION = tomllib.loads("""
[[unit]]
code = "BUREAU"
name = "云州市住建局"
kind = "committee"
head = "director@office.example"

[[unit]]
code = "SAFETY"
name = "质量安全科"
aliases = ["安全科"]
parent = "BUREAU"
head = "head@office.example"

[[unit]]
code = "HOUSING"
name = "住房保障科"
parent = "BUREAU"
head = "other.head@office.example"

[[person]]
name = "局长"
email = "director@office.example"
unit = "BUREAU"

[[person]]
name = "督办员"
email = "coordinator@office.example"
unit = "BUREAU"

[[person]]
name = "分管领导"
email = "leader@office.example"
unit = "BUREAU"

[[person]]
name = "审计员"
email = "auditor@office.example"
unit = "BUREAU"

[[person]]
name = "管理员"
email = "admin@office.example"
unit = "BUREAU"

[[person]]
name = "安全科长"
email = "head@office.example"
unit = "SAFETY"

[[person]]
name = "安全科员"
email = "owner@office.example"
unit = "SAFETY"

[[person]]
name = "Second Owner"
email = "second@office.example"
unit = "SAFETY"
locale = "en"

[[person]]
name = "保障科长"
email = "other.head@office.example"
unit = "HOUSING"

[[person]]
name = "保障科员"
email = "stranger@office.example"
unit = "HOUSING"

[[role]]
person = "coordinator@office.example"
role = "coordinator"
unit = "BUREAU"

[[role]]
person = "leader@office.example"
role = "leader"
unit = "BUREAU"

[[role]]
person = "auditor@office.example"
role = "auditor"
unit = "BUREAU"

[[role]]
person = "admin@office.example"
role = "admin"
unit = "BUREAU"
""")

REPORT = """云州市住建局2026年上半年工作情况汇报如下：
一、工作落实情况
（一）开展检查。上半年检查工地30个。
二、存在的主要问题
（一）工地隐患整改偏慢。个别工地同类隐患反复出现。
（二）资格审核效率偏低。公租房申请审核时间较长。
三、下一步工作安排
（一）加快工地隐患整改。由质量安全科负责，2026年9月30日前完成工地隐患整改。
（二）提高资格审核效率。住房保障科负责优化资格审核流程，长期坚持。
"""

PROOF = EvidenceFile("记录.txt", "整改记录".encode())


def office(folder: Path, *, calendar: Calendar | None = None, policy: Policy | None = None) -> Office:
    postbox = Postbox(
        Letterhead("云州市住建局", "https://rectify.example", "督办员 <coordinator@office.example>"),
        "rectify@office.example",
        b"a secret of the tests",
        zone=ZONE,
    )
    return Office(ZONE, calendar or Calendar(), policy or Policy(), postbox, folder)


@dataclass
class Bureau:
    """The office with its database, and short ways to live a day in it."""

    engine: Engine
    office: Office

    @contextmanager
    def visit(self, who: str, now: datetime = MONDAY) -> Iterator[Visit]:
        with writing(self.engine) as session:
            person = person_by_email(session, f"{who}@office.example")
            yield Visit(session, self.office, Directory.load(session), person, now, "test")

    def take_in(self, text: str = REPORT, now: datetime = MONDAY, unit: str = "") -> int:
        """Takes a report of the unit with this code in, or of the one at the top."""
        with self.visit("coordinator", now) as visit:
            paper = open_paper("report.txt", text.encode())
            wrote = (
                organisation.unit_by_code(visit.session, unit) if unit else organisation.root(visit.session)
            )
            return reports.take_in(visit, paper, wrote).report.id

    def new_item(
        self,
        reference: str = "2026H1-P01",
        *,
        owner: str = "owner",
        due_on: date | None = date(2026, 9, 30),
        now: datetime = MONDAY,
    ) -> str:
        """An item that was read, confirmed and handed over."""
        if not self.item_exists(reference):
            self.take_in(now=now)
        self.act(reference, Move.CONFIRM, "coordinator", now)
        self.act(reference, Move.ASSIGN, "coordinator", now, to=owner, due_on=due_on)
        return reference

    def item_exists(self, reference: str) -> bool:
        with reading(self.engine) as session:
            return session.scalar(select(Item.id).where(Item.reference == reference)) is not None

    def act(
        self,
        reference: str,
        move: Move,
        who: str,
        now: datetime = MONDAY,
        *,
        to: str = "",
        co: tuple[str, ...] = (),
        entrusted: Mapping[Role, str] = MappingProxyType({}),
        **said: Any,
    ) -> State:
        with self.visit(who, now) as visit:

            def person(name: str) -> Person | None:
                return person_by_email(visit.session, f"{name}@office.example") if name else None

            people = {
                "to": person(to),
                "co_owners": tuple(map(person, co)),
                "entrusted": {role: person(name) for role, name in entrusted.items()},
            }
            return items.act(visit, reference, Wish(move, **people, **said)).after

    def item(self, reference: str) -> Item:
        with reading(self.engine) as session:
            item = items.by_reference(session, reference)
            session.expunge(item)
            return item

    def rows(self, model: type[Any], *conditions: Any) -> list[Any]:
        with reading(self.engine) as session:
            found = list(session.scalars(select(model).where(*conditions).order_by(model.id)))
            session.expunge_all()
            return found

    def messages(self, *conditions: Any) -> list[Message]:
        return self.rows(Message, *conditions)

    def reminders(self, *conditions: Any) -> list[Reminder]:
        return self.rows(Reminder, *conditions)

    def email(self, person_id: int) -> str:
        with reading(self.engine) as session:
            return Directory.load(session).people[person_id].email.partition("@")[0]

    def with_policy(self, **parts: Any) -> "Bureau":
        return Bureau(self.engine, replace(self.office, policy=replace(self.office.policy, **parts)))


def found(engine: Engine, folder: Path, now: datetime = MONDAY) -> Bureau:
    """Enters the organisation into an empty database."""
    with writing(engine) as session:
        organisation.load(session, ORGANISATION, now=now)
    return Bureau(engine, office(folder))


def everybody(session: Session) -> dict[str, int]:
    return {person.email.partition("@")[0]: key for key, person in Directory.load(session).people.items()}
