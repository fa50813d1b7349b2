"""The versions of the database's schema, and the way from one to another."""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from models import schema
from models.session import WRITES


def _config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(schema.SCRIPTS))
    return made


def scripts() -> ScriptDirectory:
    """The migrations that there are."""
    return ScriptDirectory.from_config(_config())


def steps() -> list[str]:
    """Their names, from the first to the last."""
    return [script.revision for script in reversed(list(scripts().walk_revisions()))]


def go(engine: Engine, version: str, *, back: bool = False) -> None:
    config = _config()
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if back else command.upgrade)(config, version)
