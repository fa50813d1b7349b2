"""What a run did, in a sentence made of its counts."""

from collections.abc import Callable, Mapping

from texts import translations

Counts = Mapping[str, object]


def did(name: str, counts: Counts, locale: str) -> str:
    """The sentence for a run of the loop `name`; empty for a run that counted nothing."""
    tell = _TELLERS.get(name)
    return tell(counts, locale) if tell and counts else ""


def _number(counts: Counts, name: str) -> int:
    value = counts.get(name, 0)
    return value if isinstance(value, int) else 0


def _reminders(counts: Counts, locale: str) -> str:
    said = translations(locale)
    planned, letters, held = (_number(counts, name) for name in ("planned", "messages", "held"))
    if not letters:
        return said.gettext("No new letter was due.")
    told = said.ngettext(
        "%(num)s letter with %(planned)s reminders was planned.",
        "%(num)s letters with %(planned)s reminders were planned.",
        letters,
    ) % {"num": letters, "planned": planned}
    if held:
        told += said.gettext(" The flood guard holds them.")
    return told


def _delivery(counts: Counts, locale: str) -> str:
    said = translations(locale)
    sent, failed, dead = (_number(counts, name) for name in ("sent", "failed", "dead"))
    if not sent + failed + dead:
        return said.gettext("No letter was to be sent.")
    return said.gettext("Letters: %(sent)s sent, %(failed)s to be tried again, %(dead)s undeliverable.") % {
        "sent": sent,
        "failed": failed,
        "dead": dead,
    }


def _period_end(counts: Counts, locale: str) -> str:
    said = translations(locale)
    sealed = _number(counts, "sealed")
    if not sealed:
        return said.gettext("No period was to be sealed.")
    return said.ngettext("%(num)s period was sealed.", "%(num)s periods were sealed.", sealed) % {
        "num": sealed
    }


def _intake(counts: Counts, locale: str) -> str:
    items = _number(counts, "items")
    said = translations(locale)
    return said.ngettext("%(num)s draft was read.", "%(num)s drafts were read.", items) % {"num": items}


def _receipt(counts: Counts, locale: str) -> str:
    said = translations(locale)
    receipts = _number(counts, "messages")
    return said.ngettext("%(num)s receipt was written.", "%(num)s receipts were written.", receipts) % {
        "num": receipts
    }


def _housekeeping(counts: Counts, locale: str) -> str:
    said = translations(locale)
    found = _number(counts, "alarms")
    if not found:
        return said.gettext("Nothing is the matter.")
    return said.ngettext("%(num)s thing is the matter.", "%(num)s things are the matter.", found) % {
        "num": found
    }


def _seal_check(counts: Counts, locale: str) -> str:
    said = translations(locale)
    return said.gettext("Seals recomputed: %(seals)s; findings: %(findings)s.") % {
        "seals": _number(counts, "seals"),
        "findings": _number(counts, "findings"),
    }


def _bounces(counts: Counts, locale: str) -> str:
    said = translations(locale)
    return said.gettext("Mails read: %(read)s; letters that came back: %(returned)s.") % {
        "read": _number(counts, "read"),
        "returned": _number(counts, "returned"),
    }


_TELLERS: Mapping[str, Callable[[Counts, str], str]] = {
    "reminders": _reminders,
    "delivery": _delivery,
    "period-end": _period_end,
    "intake": _intake,
    "receipt": _receipt,
    "housekeeping": _housekeeping,
    "seal-check": _seal_check,
    "bounces": _bounces,
}
