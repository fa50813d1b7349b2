"""LibreOffice, where it is installed: files of older programs made docx or xlsx, and our own made pdf."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from documents.archive import locked, members
from documents.confined import confined, damaged, kill
from documents.text import MOST_BYTES
from rules.errors import UnreadableError

SECONDS = 120.0
_PROGRAMS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
_TRUE = '{"type":"boolean","value":"true"}'
_PDF = f'pdf:writer_pdf_Export:{{"UseTaggedPDF":{_TRUE},"UseLosslessCompression":{_TRUE}}}'
"""With its structure and the words that stand for pictures, for whoever has it read aloud."""
_SUFFIXES = {
    "doc": ".doc",
    "rtf": ".rtf",
    "odt": ".odt",
    "word-xml": ".xml",
    "xls": ".xls",
    "xlsb": ".xlsb",
    "ods": ".ods",
}
_PARTS = {"docx": "libswlo.so", "xlsx": "libsclo.so", "pdf": "libswlo.so"}
"""The part of LibreOffice that makes a form; on Linux each may be installed without the others."""
_FILTERS = {"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML", "pdf": _PDF}
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel"
 oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"
 oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
_BOUNDED = """
import os, sys
try:
    import resource
    for bound, value in (("CPU", 100), ("AS", 4 << 30), ("FSIZE", 200 << 20), ("CORE", 0)):
        resource.setrlimit(getattr(resource, "RLIMIT_" + bound), (value, value))
except ImportError:
    pass
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Sets bounds for itself and becomes LibreOffice, so that nothing has to run between fork and exec."""


def as_docx(data: bytes, name: str, kind: str, *, seconds: float = SECONDS) -> bytes:
    """The document as docx; `kind` is `doc`, `rtf`, `odt` or `word-xml`.

    Raises:
        UnreadableError: its archive is refused; LibreOffice is not installed, does not know the file, or
            takes too long.
    """
    return _made(data, name, kind, "docx", seconds)


def as_xlsx(data: bytes, name: str, kind: str, *, seconds: float = SECONDS) -> bytes:
    """The workbook as xlsx; `kind` is `xls`, `xlsb` or `ods`.

    Raises:
        UnreadableError: as `as_docx`.
    """
    return _made(data, name, kind, "xlsx", seconds)


def _made(data: bytes, name: str, kind: str, form: str, seconds: float) -> bytes:
    if kind in {"odt", "ods"}:
        confined(kind, data, name)
    soffice = program(form)
    if soffice is None:
        raise UnreadableError(
            "%(name)s is read with the help of LibreOffice, which is not installed here; "
            "save it as %(form)s.",
            name=name,
            form=form,
        )
    made = _converted(soffice, data, f"report{_SUFFIXES[kind]}", form, name, seconds)
    if not 0 < len(made) <= 5 * MOST_BYTES:
        raise damaged(name, kind)
    return made


def as_pdf(docx: bytes, *, seconds: float = SECONDS) -> bytes:
    """A document of our own making as pdf.

    Raises:
        UnreadableError: LibreOffice is not installed, takes too long, or makes nothing of it.
    """
    soffice = program("pdf")
    if soffice is None:
        raise UnreadableError(
            "A pdf is made with the help of LibreOffice, which is not installed here; write docx or html."
        )
    made = _converted(soffice, docx, "report.docx", "pdf", "report.docx", seconds)
    if not made:
        raise UnreadableError("LibreOffice made no pdf of the report; write docx or html.")
    return made


def program(form: str) -> str | None:
    """LibreOffice's command, where it is installed with the part that makes `form` (docx, xlsx or pdf)."""
    found = next((found for one in _PROGRAMS if (found := shutil.which(one))), None)
    if found is None:
        return None
    folder = Path(found).resolve().parent
    parts = {part for part in _PARTS.values() if (folder / part).exists()}
    # Elsewhere than on Linux all parts come together, under other names.
    return found if not parts or _PARTS[form] in parts else None


def check_open_document(data: bytes, name: str) -> int:
    """How many manifests the document has, once its archive is known to be harmless.

    Raises:
        UnreadableError: what `documents.archive` refuses; or a password protects the document.
    """
    parts = members(data, name, lambda member: member == "META-INF/manifest.xml")
    if b"encryption-data" in b"".join(parts.values()):
        raise locked(name)
    return len(parts)


def _converted(soffice: str, data: bytes, file: str, form: str, name: str, seconds: float) -> bytes:
    """What LibreOffice makes of the file, or nothing; `name` is what people call it."""
    with tempfile.TemporaryDirectory(prefix="rectify-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        source = home / file
        source.write_bytes(data)
        _convert(soffice, home, source, name, seconds, _FILTERS[form])
        made = (home / "made" / file).with_suffix(f".{form}")
        return made.read_bytes() if made.is_file() and made.stat().st_size <= 6 * MOST_BYTES else b""


def _convert(program: str, home: Path, source: Path, name: str, seconds: float, into: str) -> None:
    profile = home / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
    command = [
        *(sys.executable, "-I", "-c", _BOUNDED, program, f"-env:UserInstallation={profile.parent.as_uri()}"),
        *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard"),
        *("--convert-to", into, "--outdir", str(home / "made"), str(source)),
    ]
    converter = subprocess.Popen(  # noqa: S603 - LibreOffice itself, on a file whose name is ours
        command,
        cwd=home,
        env={"HOME": str(home), "PATH": os.defpath, "TMPDIR": str(home), "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        converter.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise UnreadableError(
            "Reading %(name)s takes too long and was given up; divide it, or save it as plain text.",
            name=name,
        ) from error
    finally:
        kill(converter)
        with contextlib.suppress(ProcessLookupError):
            converter.wait()
