"""Whether the pages are alive, and whether they can do their work: for whoever watches over them."""

from sqlalchemy import text
from starlette.responses import PlainTextResponse, Response

from models import schema
from models.session import reading
from rules.errors import RefusedError
from web.deps import Ask
from web.pages import Family

family = Family()


@family.get("/healthz", "ask-health")
def alive(_ask: Ask) -> Response:
    """Alive: the process answers."""
    return PlainTextResponse("ok\n")


@family.get("/readyz", "ask-health")
def ready(ask: Ask) -> Response:
    """Ready: the database answers and is of our version. Says no more to strangers."""
    engine = ask.desk.house.engine
    try:
        schema.check(engine)
        with reading(engine) as session:
            session.execute(text("select 1"))
    except RefusedError:
        return PlainTextResponse("not ready\n", status_code=503)
    return PlainTextResponse("ready\n")
