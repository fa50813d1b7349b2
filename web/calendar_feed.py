"""The calendar of somebody's deadlines, as calendar programs subscribe to it."""

from email.utils import format_datetime

from starlette.responses import PlainTextResponse, Response

from rules.mail_links import Purpose
from services import mail_links
from web.deps import Ask
from web.mail_link import visit_by_link
from web.pages import Family

family = Family()


@family.get("/calendar/{token}.ics", "read-calendar")
def read(ask: Ask, token: str) -> Response:
    """The calendar, or 304 where the program has it already; a link that opens nothing is no address."""
    visit = visit_by_link(ask, Purpose.CALENDAR, token)
    if visit is None:
        return PlainTextResponse("There is no such calendar.\n", status_code=404)
    found = mail_links.calendar(visit)
    headers = {"ETag": found.etag, "Cache-Control": "private, no-cache"}
    if found.changed_at is not None:
        headers["Last-Modified"] = format_datetime(found.changed_at.replace(microsecond=0), usegmt=True)
    if found.etag in ask.request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="rectify.ics"'
    return Response(found.content, media_type="text/calendar; charset=utf-8", headers=headers)
