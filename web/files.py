"""Evidence files: handed out as they came in, to be saved and never shown by the browser."""

from urllib.parse import quote

from starlette.responses import FileResponse, Response

from rules.errors import NotFoundError
from services import evidence
from services.visibility import visible_evidence
from web.deps import Ask
from web.pages import Family

family = Family()


@family.get("/evidence/{number}", "view-evidence")
def download(ask: Ask, number: str) -> Response:
    """The file as an attachment, without its type: nothing in it runs in our pages' name.

    Raises:
        NotFoundError: there is no such file, or it may not be seen.
    """
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        raise NotFoundError("There is no such file.")
    found = visible_evidence(ask.visit, int(number))
    path = evidence.place(ask.visit.office.folder, found.sha256)
    if not path.is_file():
        raise NotFoundError("The file %(name)s is no longer in the folder of evidence.", name=found.file_name)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.file_name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return FileResponse(path, media_type="application/octet-stream", headers=headers)
