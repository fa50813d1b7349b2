"""Which format a file is, by its content and not by its name, and which reader makes text of it."""

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import PurePath

from documents.archive import Bounds, locked
from documents.confined import confined
from documents.ole import MAGIC, top_names
from documents.text import Text, check_size, checked, decode, is_binary
from rules.errors import UnreadableError

_HTML_NAMES = {".html", ".htm", ".xhtml"}
_HTML = re.compile(
    rb"\s*+(?><\?xml[^>]*>\s*|<!--.*?-->\s*)*+<(?:!doctype\s+html|html|head|body)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(rb"<(?:p|div|table|body|h[1-6]|ul|ol|br|span|meta)[\s/>]", re.IGNORECASE)
_WORD_XML = re.compile(rb'\s*<\?xml[^>]*>\s*<\?mso-application\s+progid="Word\.Document"')
_MHT = re.compile(rb"(?:[\w-]+:[^\n]*\n)*?MIME-Version:", re.IGNORECASE)
_MOST_PARTS = 20_000

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html",
    "doc": "application/msword",
    "rtf": "application/rtf",
    "odt": "application/vnd.oasis.opendocument.text",
    "word-xml": "application/xml",
}
_SIGNS = {
    b"{\\rtf": "rtf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"BM": "picture",
    b"II*\0": "picture",
    b"MM\0*": "picture",
    b"\x1f\x8b": "archive",
    b"7z\xbc\xaf": "archive",
    b"Rar!": "archive",
    b"BZh": "archive",
    b"\xfd7zXZ": "archive",
    b"\x7fELF": "program",
    b"MZ": "program",
    b"\xca\xfe\xba\xbe": "program",
}
_TOP = {
    "EncryptedPackage": "locked",
    "WordDocument": "doc",
    "Workbook": "xls",
    "Book": "xls",
    "PowerPoint Document": "ppt",
}
_OPEN = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}


def open_text(data: bytes, name: str) -> Text:
    """The text of a file of any format that a report comes in.

    Raises:
        UnreadableError: empty, too large, of a format that is not read, damaged, or beyond some bound.
    """
    check_size(data, name)
    kind = kind_of(data, name)
    reader = _READERS.get(kind)
    if reader is None:
        raise _foreign(kind, name)
    return reader(data, name)


def kind_of(data: bytes, name: str) -> str:
    """`text`, `html`, `docx`, `pdf`, `doc`, `rtf`, `odt`, `word-xml`, or a kind that is not read.

    The name decides only where the content cannot: between text and HTML that begins with no sign of it.
    """
    if data.lstrip().startswith(b"%PDF-") or (b"%PDF-" in data[:1024] and b"%%EOF" in data[-1024:]):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _packed(data, name)
    if data.startswith(MAGIC[:4]):
        names = top_names(data)
        return next((kind for top, kind in _TOP.items() if top in names), "ole")
    for sign, kind in _SIGNS.items():
        if data.startswith(sign) and (len(sign) > 2 or b"\0" in data[:4096]):
            return kind
    return _written(data, name)


def _written(data: bytes, name: str) -> str:
    """Of the kinds that are text themselves, which one."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\0", b"")[2:]
    if _WORD_XML.match(head):
        return "word-xml"
    if _HTML.match(head) or (PurePath(name).suffix.lower() in _HTML_NAMES and _TAG.search(data)):
        return "html"
    if _MHT.match(head) and b"multipart/related" in head.lower():
        return "mht"
    return "text"


def _packed(data: bytes, name: str) -> str:
    if data[30:38] == b"mimetype":
        return next((kind for sign, kind in _OPEN.items() if data[38:].startswith(sign)), "opendocument")
    names = _part_names(data, name)
    folders = {part.partition("/")[0] for part in names}
    if "[Content_Types].xml" not in names:
        return "archive"
    if "xl/workbook.bin" in names:
        return "xlsb"
    return "xlsx" if "xl" in folders else "pptx" if "ppt" in folders else "docx"


def _part_names(data: bytes, name: str) -> set[str]:
    """The names of an archive's parts; of a damaged one those that its first bytes tell."""
    count = data.count(b"PK\x01\x02")
    if count > _MOST_PARTS:
        raise UnreadableError(
            "%(name)s holds %(count)s parts; at most %(limit)s are unpacked.",
            name=name,
            count=count,
            limit=Bounds().members,
        )
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        known = (b"[Content_Types].xml", b"word/", b"xl/", b"ppt/")
        return {part.decode("ascii") for part in known if part in data}


def _confined(kind: str) -> Callable[[bytes, str], Text]:
    def read(data: bytes, name: str) -> Text:
        found = confined(kind, data, name)
        text = found if isinstance(found, str) else ""
        return checked(Text(text, MEDIA_TYPES[kind], "utf-8"), name)

    return read


def _converted(kind: str) -> Callable[[bytes, str], Text]:
    def read(data: bytes, name: str) -> Text:
        from documents.office import as_docx  # noqa: PLC0415 - few files need it

        text = confined("docx", as_docx(data, name, kind), name)
        return checked(Text(text, MEDIA_TYPES[kind], "utf-8"), name)

    return read


def _as_text(data: bytes, name: str) -> Text:
    """Text is read whatever its name; of bytes that are none, the name says what they should have been."""
    try:
        return decode(data, name)
    except UnreadableError:
        if not is_binary(data):
            raise
        refusal = _misnamed(name)
        if refusal is None:
            raise
        raise refusal from None


def _misnamed(name: str) -> UnreadableError | None:
    """The refusal of bytes that bear an office format's name and are nothing of the kind."""
    suffix = PurePath(name).suffix.lower()
    if suffix in {".docx", ".doc", ".wps"}:
        return UnreadableError(
            "%(name)s is named %(suffix)s, but it is no Word document; it may be damaged. "
            "Open it in its own program and save it anew.",
            name=name,
            suffix=suffix,
        )
    if suffix in {".xlsx", ".xls", ".et"}:
        return UnreadableError(
            "%(name)s is named %(suffix)s, but it is no workbook; it may be damaged. "
            "Open it in its own program and save it anew.",
            name=name,
            suffix=suffix,
        )
    if suffix == ".pdf":
        return UnreadableError(
            "%(name)s is named .pdf, but it is no PDF; it may be damaged. "
            "Open it in its own program and save it anew.",
            name=name,
        )
    return None


_READERS: dict[str, Callable[[bytes, str], Text]] = {
    "text": _as_text,
    "html": _confined("html"),
    "docx": _confined("docx"),
    "pdf": _confined("pdf"),
    "doc": _converted("doc"),
    "rtf": _converted("rtf"),
    "odt": _converted("odt"),
    "word-xml": _converted("word-xml"),
}
"""Reports. A ledger (xlsx, csv) is no running text and has a reader of its own."""


def _foreign(kind: str, name: str) -> UnreadableError:
    """Why a file of a kind that is not read is refused, and what to do."""
    if kind == "locked":
        return locked(name)
    return {
        "picture": UnreadableError(
            "%(name)s is a picture; a report is read from text. Have it recognised, and save it as docx.",
            name=name,
        ),
        "archive": UnreadableError(
            "%(name)s is an archive; unpack it and hand in the report itself.", name=name
        ),
        "program": UnreadableError("%(name)s is a program and no report.", name=name),
        **dict.fromkeys(
            ("xlsx", "xlsb", "xls", "ods"),
            UnreadableError("%(name)s is a workbook; a report is read from a document.", name=name),
        ),
        "pptx": UnreadableError("%(name)s is a presentation (pptx); save its text as docx.", name=name),
        "ppt": UnreadableError("%(name)s is a presentation (ppt); save its text as docx.", name=name),
        "mht": UnreadableError(
            "%(name)s is a web page in one file (mht); save it as docx or html.", name=name
        ),
        "opendocument": UnreadableError(
            "%(name)s is an OpenDocument file, but no text document; save it as docx.", name=name
        ),
    }.get(kind) or UnreadableError(
        "%(name)s comes from an older program and holds no document that is known; save it as docx.",
        name=name,
    )
