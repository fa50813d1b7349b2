"""An instance of Debian's Redmine in a folder of its own, for benchmarks/redmine.py."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clusters import Cluster
from sqlalchemy import text

from models.session import open_engine, reading
from web import PASSWORD, Site, free_port, served

ROOT = Path("/usr/share/redmine")
FILLER = Path(__file__).with_name("redmine_office.rb")
USER = "www-data"
AS: dict[str, Any] = {"user": USER, "group": USER, "extra_groups": ()}
"""How its programs are started: by Debian's user for it, with nothing else that root may do."""
UP = "../" * 8
"""From the folder of instances to the root of the file system, whichever way it is reached."""

OFFICE = {
    "units": "select id, parent_id, name from unit order by id",
    "people": "select id, unit_id, name, email from person order by id",
    "items": (
        "select title, body, lead_unit_id, (select min(person_id) from assignment "
        "where item_id = item.id and role = 'owner'), due_on, state, progress from item order by id"
    ),
}


def missing() -> str:
    """Why Redmine cannot run here, in a sentence; empty where it can."""
    if os.geteuid() != 0:
        return "Redmine is run as the user www-data, so this has to be started as root."
    needed = [ROOT / "config.ru", ROOT / "instances/default/config/database.yml"]
    programs = [name for name in ("puma", "bundle") if shutil.which(name) is None]
    if programs or not all(path.exists() for path in needed):
        return (
            "Redmine is not installed here, so nothing is compared; benchmarks/redmine.md tells how to do it."
        )
    return ""


@dataclass(frozen=True, slots=True)
class Redmine:
    """One instance; its folder belongs to www-data."""

    folder: Path
    cluster: Cluster
    sink: int

    @property
    def environment(self) -> dict[str, str]:
        """What its programs are told."""
        return {
            "RAILS_ENV": "production",
            "REDMINE_INSTANCE": f"{UP}{self.folder.relative_to('/')}",
            "REDMINE_LANG": "en",
            "HOME": str(self.folder),
            "SCHEMA": "/dev/null",
            "LANG": "C.UTF-8",
        }

    def make(self, url: str) -> None:
        """Writes its files, makes its tables, enters the office that lies at `url`."""
        for name in ("config", "log", "tmp/cache", "tmp/pids", "files", "public/plugin_assets"):
            (self.folder / name).mkdir(parents=True)
        self._write("config/database.yml", self._database())
        self._write("config/configuration.yml", self._mail())
        self._write("config/secret_key.txt", "5" * 64)
        self._write("office.json", office(url))
        subprocess.run(["chown", "-R", USER, self.folder], check=True)  # noqa: S603, S607 - our own folder
        self.cluster.execute("create database redmine")
        self.run("bundle", "exec", "rake", "db:migrate")
        self.run("bundle", "exec", "rake", "redmine:load_default_data")
        self.run("bundle", "exec", "rails", "runner", str(FILLER), OFFICE=str(self.folder / "office.json"))

    def run(self, *command: str, **environment: str) -> None:
        """One of its programs, to the end; what it says goes to standard error."""
        known = os.environ | self.environment | environment
        subprocess.run(command, check=True, cwd=ROOT, env=known, stdout=sys.stderr, **AS)  # noqa: S603 - its own

    def serve(self, workers: int) -> AbstractContextManager[Site]:
        """Its pages by Puma with five threads, in one process or in several."""
        port = free_port()
        name = f"Redmine, {workers or 1} process{'es' if workers > 1 else ''}"
        command = ("puma", "--quiet", "-e", "production", "-t", "5:5", "-w", str(workers))
        return served(
            name,
            port,
            *(*command, "-b", f"tcp://127.0.0.1:{port}", str(ROOT / "config.ru")),
            started={"cwd": ROOT, **AS},
            **self.environment,
        )

    def _write(self, name: str, words: str) -> None:
        (self.folder / name).write_text(words, "utf-8")

    def _database(self) -> str:
        lines = (
            *("production:", "  adapter: postgresql", "  encoding: utf8", "  host: 127.0.0.1"),
            *(f"  port: {self.cluster.port}", "  database: redmine", "  username: postgres", ""),
        )
        return "\n".join(lines)

    def _mail(self) -> str:
        lines = (
            *("default:", "  email_delivery:", "    delivery_method: :smtp", "    smtp_settings:"),
            *(
                "      address: 127.0.0.1",
                f"      port: {self.sink}",
                "      enable_starttls_auto: false",
                "",
            ),
        )
        return "\n".join(lines)


def office(url: str) -> str:
    """The units, people and items of a Rectify database, as benchmarks/redmine_office.rb wants them."""
    engine = open_engine(url)
    with reading(engine) as session:
        told = {name: [list(row) for row in session.execute(text(query))] for name, query in OFFICE.items()}
    engine.dispose()
    told |= {"coordinator": told["people"][0][3], "password": PASSWORD}
    return json.dumps(told, ensure_ascii=False, default=str)
