"""LibreOffice, where it is installed: documents of older programs made docx, and our own made pdf."""

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
_SUFFIXES = {"doc": ".doc", "rtf": ".rtf", "odt": ".odt", "word-xml": ".xml"}
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
    if kind == "odt":
        confined("odt", data, name)
    soffice = program()
    if soffice is None:
        raise UnreadableError(
            "%(name)s is read with the help of LibreOffice, which is not installed here; save it as docx.",
            name=name,
        )
    with tempfile.TemporaryDirectory(prefix="rectify-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        source = home / f"report{_SUFFIXES[kind]}"
        source.write_bytes(data)
        _convert(soffice, home, source, name, seconds, "docx:MS Word 2007 XML")
        made = home / "made" / "report.docx"
        if not made.is_file() or made.stat().st_size > 5 * MOST_BYTES:
            raise damaged(name, kind)
        return made.read_bytes()


def as_pdf(docx: bytes, *, seconds: float = SECONDS) -> bytes:
    """A document of our own making as pdf.

    Raises:
        UnreadableError: LibreOffice is not installed, takes too long, or makes nothing of it.
    """
    soffice = program()
    if soffice is None:
        raise UnreadableError(
            "A pdf is made with the help of LibreOffice, which is not installed here; write docx or html."
        )
    with tempfile.TemporaryDirectory(prefix="rectify-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        source = home / "report.docx"
        source.write_bytes(docx)
        _convert(soffice, home, source, "report.docx", seconds, _PDF)
        made = home / "made" / "report.pdf"
        if not made.is_file():
            raise UnreadableError("LibreOffice made no pdf of the report; write docx or html.")
        return made.read_bytes()


def program() -> str | None:
    """LibreOffice's command, where it is installed."""
    return next((found for one in _PROGRAMS if (found := shutil.which(one))), None)


def check_odt(data: bytes, name: str) -> int:
    """How many manifests the document has, once its archive is known to be harmless.

    Raises:
        UnreadableError: what `documents.archive` refuses; or a password protects the document.
    """
    parts = members(data, name, lambda member: member == "META-INF/manifest.xml")
    if b"encryption-data" in b"".join(parts.values()):
        raise locked(name)
    return len(parts)


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
