"""Whether what the program stands on is in order: verdicts over what was found, with how to mend it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from rules.watch import Pulse

APART = timedelta(seconds=60)
"""How far our clock and the database's may differ."""
SCARCE, LITTLE = 200 * 1024**2, 2 * 1024**3
"""Bytes of free disk below which something is wrong, and below which somebody should look."""
PUBLISHED_IN = 11
"""The month by which next year's holidays are published; before it nobody can know them."""


class Part(StrEnum):
    """What is looked at, in this order."""

    DATABASE = "database"
    RESTORED = "restored"
    CALENDAR = "calendar"
    MAIL = "mail"
    SENDER = "sender"
    CLOCK = "clock"
    SECRETS = "secrets"
    PREFECT = "prefect"
    SCHEDULES = "schedules"
    ENGINE = "engine"
    PREFECT_DATABASE = "prefect-database"
    LOOPS = "loops"
    DISK = "disk"
    FONTS = "fonts"
    PAPER = "paper"


class Grade(StrEnum):
    """How it is."""

    OK = "ok"
    WARNING = "warning"
    """It works, and somebody should look."""
    WRONG = "wrong"
    """It does not work."""


class Said(StrEnum):
    """What was found: catalogue keys."""

    NO_ANSWER = "The database does not answer: %(reason)s"
    NOT_MADE = "There is no database of Rectify at the place that the settings name."
    OLDER = "The database stands at migration %(found)s; this program needs %(head)s."
    NEWER = "The database stands at migration %(found)s, newer than this program (%(head)s)."
    CURRENT = "%(kind)s answers; migration %(found)s."
    HELD_BACK = "The database was restored on %(at)s; nothing is sent."
    YEAR_UNKNOWN = "The working days of %(year)s are not known; deadlines may be days off."
    NEXT_UNKNOWN = "The working days of %(year)s are not known yet."
    NEXT_TO_COME = "%(year)s is known; the holidays of %(following)s are published in November."
    YEARS_KNOWN = "The working days of %(year)s and %(following)s are known."
    MAIL_FAILS = "%(server)s: %(reason)s"
    MAIL_ANSWERS = "%(server)s answers (%(security)s)."
    MAIL_SIGNED_IN = "%(server)s answers (%(security)s), signed in as %(user)s."
    MAIL_OPEN = "%(server)s answers, and letters go to it without encryption."
    TEST_MAIL_SENT = "The mail server took a test mail to %(address)s: %(reason)s"
    TEST_MAIL_FAILED = "The mail server did not take a test mail to %(address)s: %(reason)s"
    REDIRECTED = "A trial: every letter goes to %(address)s."
    SENDER_UNSET = "Letters come from %(address)s, which nobody else can answer."
    SENDER_SET = "Letters come from %(address)s."
    CLOCK_APART = "This machine's clock and the database's differ by %(seconds)s seconds."
    CLOCK_BEHIND = "The last change was entered at %(last)s; the clock says %(now)s."
    CLOCK_AGREES = "%(now)s, time zone %(zone)s."
    FILE_OPEN = "%(path)s can be read by others (mode %(mode)s)."
    FILE_MISSING = "%(path)s is not there, or cannot be read."
    FILES_CLOSED = "Only its owner can read each of %(files)s files with secrets."
    NO_PREFECT = "Prefect's server does not answer at %(url)s."
    PREFECT_ANSWERS = "Prefect's server answers at %(url)s."
    NOT_REGISTERED = "These flows have no schedule: %(flows)s."
    SWITCHED_OFF = "The schedules of these flows are switched off: %(flows)s."
    SCHEDULED = "%(flows)s flows have their schedules."
    ENGINE_TOO_SMALL = (
        "SQLite with a work pool (%(pools)s): with several flows at once each waits seconds to minutes for "
        "the others."
    )
    ENGINE_SMALL = "SQLite: for one machine and one flow at a time, as rectify serve runs them."
    ENGINE_LARGE = "PostgreSQL: several flows and machines at once."
    PREFECT_TOO_SMALL = (
        "Prefect's server keeps its runs in SQLite, with a work pool (%(pools)s): several flows at once "
        "stall for 2 to 62 s."
    )
    PREFECT_SMALL = "Prefect's server keeps its runs in SQLite: for trial and one flow at a time."
    PREFECT_LARGE = "Prefect's server keeps its runs in PostgreSQL."
    PREFECT_UNSEEN = "Whether Prefect's server keeps its runs in PostgreSQL, as a work pool needs, is unseen."
    LOOP_NEVER = "%(loop)s: has never succeeded."
    LOOP_LATE = "%(loop)s: last succeeded on %(at)s."
    LOOP_FAILED = "%(loop)s: failed since (%(reason)s)."
    LOOP_WELL = "%(loop)s: last succeeded on %(at)s, as it should."
    DISK_FREE = "%(free)s of %(total)s are free at %(path)s."
    NO_FONT = "No font with Chinese characters is installed."
    FONTS_UNKNOWN = "Which fonts there are cannot be told: fc-list is not installed."
    FONT_FOUND = "%(fonts)s fonts with Chinese characters, such as %(font)s."
    NO_OFFICE = "LibreOffice is not installed: no report as PDF, and no doc, wps, rtf or odt can be read."
    OFFICE_FOUND = "LibreOffice is installed."
    REFUSED = "%(reason)s"


class Mend(StrEnum):
    """What to do about it: catalogue keys."""

    ADDRESS = "See that the database runs, and check RECTIFY_DATABASE_URL."
    INIT = "Run rectify init."
    UPDATE = "Install the Rectify that this database was made with, or a newer one."
    RESUME = "Run rectify resume: it lists what would be sent, and asks."
    CALENDAR = "Update the package holidays, or enter the year in [calendar] of the policy file."
    MAIL = "Check RECTIFY_SMTP_HOST, _PORT, _SECURITY, _USER and _PASSWORD_FILE; letters wait meanwhile."
    ENCRYPT = "Set RECTIFY_SMTP_SECURITY to tls or starttls."
    ADDRESSEE = "Look at the server's answer: it may not let this sender write to that address."
    TRIAL = "Unset RECTIFY_REDIRECT_ALL when the trial is over."
    SENDER = "Set RECTIFY_MAIL_FROM to an address of the office whose mailbox somebody reads."
    CLOCK = "Let the machine's clock be set over the network: timedatectl set-ntp true."
    CLOSE = "chmod 600 %(path)s"
    KEY = "Put the file back from the backup, or set its path; rectify init makes a missing key anew."
    PREFECT = "Start rectify serve, or check RECTIFY_PREFECT_URL and RECTIFY_PREFECT_AUTH_FILE."
    REGISTER = "Start rectify serve anew, or run rectify deploy --pool NAME."
    SWITCH_ON = "Switch them on in Prefect's pages, unless somebody meant it."
    PREFECT_POSTGRESQL = (
        "Give Prefect's server a PostgreSQL database (PREFECT_API_DATABASE_CONNECTION_URL), or let rectify "
        "serve run the flows."
    )
    POSTGRESQL = "Set RECTIFY_DATABASE_URL to a PostgreSQL database, or let rectify serve run the flows."
    LOOP = "Look at the page Runs and at the log of rectify serve."
    DISK = "Make room, or move RECTIFY_DIR to a larger disk."
    FONT = "Install fonts with Chinese characters (on Debian: fonts-noto-cjk)."
    FONTCONFIG = "Install fontconfig."
    SETTING = "Correct the setting or the file that is named here."
    OFFICE = (
        "Install LibreOffice (on Debian: libreoffice-writer-nogui, libreoffice-calc-nogui), "
        "where that is wanted."
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of the diagnosis; `values` fill both sentences."""

    part: Part
    grade: Grade
    said: Said
    values: Mapping[str, object] = field(default_factory=dict)
    mend: Mend | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """How Prefect has one of our flows."""

    has_schedule: bool
    is_on: bool
    pool: str = ""
    """The work pool whose workers run it; empty where `rectify serve` does."""


def _ok(part: Part, said: Said, **values: object) -> Verdict:
    return Verdict(part, Grade.OK, said, values)


def _warning(part: Part, said: Said, mend: Mend, **values: object) -> Verdict:
    return Verdict(part, Grade.WARNING, said, values, mend)


def _wrong(part: Part, said: Said, mend: Mend, **values: object) -> Verdict:
    return Verdict(part, Grade.WRONG, said, values, mend)


def worst(verdicts: Iterable[Verdict]) -> Grade:
    """The worst grade among them; OK without any."""
    order = list(Grade)
    return max((verdict.grade for verdict in verdicts), key=order.index, default=Grade.OK)


def refused(part: Part, reason: str) -> Verdict:
    """What could not be looked at, for a reason in the reader's words."""
    return _wrong(part, Said.REFUSED, Mend.SETTING, reason=reason)


def database(kind: str, found: str | None, head: str, fault: str) -> Verdict:
    """`found` is the migration the database stands at, `head` the one needed, `fault` why it is silent."""
    part = Part.DATABASE
    if fault:
        return _wrong(part, Said.NO_ANSWER, Mend.ADDRESS, reason=fault)
    if found is None:
        return _wrong(part, Said.NOT_MADE, Mend.INIT)
    if found < head:
        return _wrong(part, Said.OLDER, Mend.INIT, found=found, head=head)
    if found > head:
        return _wrong(part, Said.NEWER, Mend.UPDATE, found=found, head=head)
    return _ok(part, Said.CURRENT, kind=kind, found=found)


def restored(at: datetime | None) -> list[Verdict]:
    """`at` is when the database was restored, if nothing is sent since."""
    return [_warning(Part.RESTORED, Said.HELD_BACK, Mend.RESUME, at=minute(at))] if at else []


def calendar(estimated: Collection[int], now: datetime) -> Verdict:
    """`estimated` are the years whose holidays are guessed; `now` is local."""
    part, year, following = Part.CALENDAR, now.year, now.year + 1
    if year in estimated:
        return _wrong(part, Said.YEAR_UNKNOWN, Mend.CALENDAR, year=year)
    if following not in estimated:
        return _ok(part, Said.YEARS_KNOWN, year=year, following=following)
    if now.month < PUBLISHED_IN:
        return _ok(part, Said.NEXT_TO_COME, year=year, following=following)
    return _warning(part, Said.NEXT_UNKNOWN, Mend.CALENDAR, year=following)


def mail(server: str, security: str, user: str, fault: str, *, is_near: bool) -> Verdict:
    """`fault` is what went wrong with connecting, encryption or sign-in; `is_near` means this machine."""
    if fault:
        return _wrong(Part.MAIL, Said.MAIL_FAILS, Mend.MAIL, server=server, reason=fault)
    if security == "plain" and not is_near:
        return _warning(Part.MAIL, Said.MAIL_OPEN, Mend.ENCRYPT, server=server)
    said = Said.MAIL_SIGNED_IN if user else Said.MAIL_ANSWERS
    return _ok(Part.MAIL, said, server=server, security=security, user=user)


def tried_mail(address: str, answer: str, *, is_taken: bool) -> Verdict:
    """What became of a mail that was asked for to try the way."""
    if is_taken:
        return _ok(Part.MAIL, Said.TEST_MAIL_SENT, address=address, reason=answer)
    return _wrong(Part.MAIL, Said.TEST_MAIL_FAILED, Mend.ADDRESSEE, address=address, reason=answer)


def sender(address: str, redirected_to: str) -> Verdict:
    """Who letters come from, and whether they go to their readers."""
    if redirected_to:
        return _warning(Part.SENDER, Said.REDIRECTED, Mend.TRIAL, address=redirected_to)
    if address.rpartition("@")[2].lower() in {"localhost", "localhost.localdomain"}:
        return _warning(Part.SENDER, Said.SENDER_UNSET, Mend.SENDER, address=address)
    return _ok(Part.SENDER, Said.SENDER_SET, address=address)


def clock(now: datetime, zone: str, database_now: datetime | None, last: datetime | None) -> Verdict:
    """Our clock against the database's, where it has one of its own, and against the last change entered."""
    apart = abs(database_now - now) if database_now else timedelta(0)
    if apart > APART:
        return _wrong(Part.CLOCK, Said.CLOCK_APART, Mend.CLOCK, seconds=round(apart.total_seconds()))
    if last is not None and last - now > APART:
        at = minute(last.astimezone(now.tzinfo))
        return _wrong(Part.CLOCK, Said.CLOCK_BEHIND, Mend.CLOCK, last=at, now=minute(now))
    return _ok(Part.CLOCK, Said.CLOCK_AGREES, now=minute(now), zone=zone)


def secrets(modes: Mapping[str, int | None]) -> list[Verdict]:
    """`modes` are the permission bits of each file with a secret; None for one that cannot be read."""
    found = [_secret(path, mode) for path, mode in modes.items() if mode is None or mode & 0o077]
    return found or [_ok(Part.SECRETS, Said.FILES_CLOSED, files=len(modes))]


def _secret(path: str, mode: int | None) -> Verdict:
    if mode is None:
        return _wrong(Part.SECRETS, Said.FILE_MISSING, Mend.KEY, path=path)
    # Kubernetes hands secrets to a group that the process alone is in.
    grade = Grade.WRONG if mode & 0o027 else Grade.WARNING
    return Verdict(Part.SECRETS, grade, Said.FILE_OPEN, {"path": path, "mode": f"{mode:03o}"}, Mend.CLOSE)


def prefect(url: str, flows: Mapping[str, Registered] | None) -> Verdict:
    """`flows` is how Prefect has each of ours; None where it does not answer."""
    if flows is None:
        return _wrong(Part.PREFECT, Said.NO_PREFECT, Mend.PREFECT, url=url)
    return _ok(Part.PREFECT, Said.PREFECT_ANSWERS, url=url)


def schedules(wanted: Collection[str], flows: Mapping[str, Registered], word: Mapping[str, str]) -> Verdict:
    """Whether each flow of `wanted` has a schedule that is switched on; `word` names flows."""
    lacking = [name for name in wanted if name not in flows or not flows[name].has_schedule]
    if lacking:
        return _wrong(Part.SCHEDULES, Said.NOT_REGISTERED, Mend.REGISTER, flows=_names(lacking, word))
    off = [name for name in wanted if not flows[name].is_on]
    if off:
        return _warning(Part.SCHEDULES, Said.SWITCHED_OFF, Mend.SWITCH_ON, flows=_names(off, word))
    return _ok(Part.SCHEDULES, Said.SCHEDULED, flows=len(wanted))


def _names(flows: Iterable[str], word: Mapping[str, str]) -> str:
    return ", ".join(word.get(name, name) for name in flows)


def engine(dialect: str, pools: Collection[str]) -> Verdict:
    """Whether the database bears the flows that run at once; `pools` are work pools that run some."""
    if dialect != "sqlite":
        return _ok(Part.ENGINE, Said.ENGINE_LARGE)
    if pools:
        named = ", ".join(sorted(pools))
        return _wrong(Part.ENGINE, Said.ENGINE_TOO_SMALL, Mend.POSTGRESQL, pools=named)
    return _ok(Part.ENGINE, Said.ENGINE_SMALL)


def prefect_engine(dialect: str, pools: Collection[str]) -> Verdict:
    """As `engine`, of the database under Prefect's server; its dialect is empty where nobody can tell."""
    if dialect == "sqlite" and pools:
        named = ", ".join(sorted(pools))
        return _wrong(Part.PREFECT_DATABASE, Said.PREFECT_TOO_SMALL, Mend.PREFECT_POSTGRESQL, pools=named)
    if dialect == "sqlite":
        return _ok(Part.PREFECT_DATABASE, Said.PREFECT_SMALL)
    return _ok(Part.PREFECT_DATABASE, Said.PREFECT_LARGE if dialect else Said.PREFECT_UNSEEN)


def loop(pulse: Pulse, name: str, reason: str) -> Verdict:
    """How one loop does; `name` and `reason` are words for it and for what stopped it."""
    at = minute(pulse.succeeded_at)
    if pulse.error:
        return _wrong(Part.LOOPS, Said.LOOP_FAILED, Mend.LOOP, loop=name, reason=reason)
    if pulse.succeeded_at is None:
        return _warning(Part.LOOPS, Said.LOOP_NEVER, Mend.LOOP, loop=name)
    if pulse.is_late:
        return _wrong(Part.LOOPS, Said.LOOP_LATE, Mend.LOOP, loop=name, at=at)
    return _ok(Part.LOOPS, Said.LOOP_WELL, loop=name, at=at)


def disk(path: str, free: int, total: int) -> Verdict:
    """Bytes that are free where the folder lies."""
    values = {"path": path, "free": size(free), "total": size(total)}
    if free < SCARCE:
        return _wrong(Part.DISK, Said.DISK_FREE, Mend.DISK, **values)
    if free < LITTLE:
        return _warning(Part.DISK, Said.DISK_FREE, Mend.DISK, **values)
    return _ok(Part.DISK, Said.DISK_FREE, **values)


def fonts(families: Collection[str] | None) -> Verdict:
    """Fonts with Chinese characters, for charts and PDFs; None where nobody can tell."""
    if families is None:
        return _warning(Part.FONTS, Said.FONTS_UNKNOWN, Mend.FONTCONFIG)
    if not families:
        return _wrong(Part.FONTS, Said.NO_FONT, Mend.FONT)
    return _ok(Part.FONTS, Said.FONT_FOUND, fonts=len(families), font=min(families))


def paper(*, has_office: bool) -> Verdict:
    """Whether there is what reads older documents and writes PDFs."""
    if has_office:
        return _ok(Part.PAPER, Said.OFFICE_FOUND)
    return _warning(Part.PAPER, Said.NO_OFFICE, Mend.OFFICE)


def minute(at: datetime | None) -> str:
    """An instant to the minute, as it stands; a dash without one."""
    return f"{at:%Y-%m-%d %H:%M}" if at else "—"


def size(number: int) -> str:
    """Bytes in words of at most four digits."""
    for unit in ("B", "kB", "MB", "GB"):
        if number < 10_000:
            return f"{number} {unit}"
        number //= 1000
    return f"{number} TB"
