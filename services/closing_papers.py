"""The documents of a sealed period: ledger, next report, roll-up page.

Apart from the closing itself, which pages do, too: what writes documents takes 20 MB.
"""

from pathlib import Path

from sqlalchemy.orm import Session

from documents.illustrations import drawn, illustrations_of
from documents.ledger import Ledger
from documents.ledger_xlsx import write_ledger
from documents.report_docx import write_report
from documents.rollup_html import write_rollup
from documents.studio import Studio
from services import rollups
from services.ledgers import ledger
from services.office import Office
from services.summaries import TREND


def sealed_ledger(session: Session, office: Office, key: str) -> Ledger:
    """The ledger of a sealed period, with the earlier periods of a trend."""
    cut_off = rollups.cut_off_of(office, key)
    return ledger(session, office, key, as_of=cut_off, earlier=TREND - 1)


def write_documents(
    found: Ledger, folder: Path, locale: str, studio: Studio, template: Path | None = None
) -> list[Path]:
    """Writes ledger, next report and roll-up page of a period into `folder`.

    Where the studio cannot draw, report and page are written without charts.

    Raises:
        UnreadableError: the template of the report cannot be used; ledger and page are written.
    """
    charts = drawn(studio, illustrations_of(found, locale), locale)
    folder.mkdir(parents=True, exist_ok=True)
    ledger_file, report, page = (folder / name for name in ("ledger.xlsx", "report.docx", "rollup.html"))
    write_ledger(ledger_file, found, locale)
    write_rollup(page, found, locale, charts)
    write_report(report, found, locale, charts, template)
    return [ledger_file, report, page]
