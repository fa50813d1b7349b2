"""The words for states, kinds, roles and the like: catalogue keys by the value that the tables hold.

The Chinese of each is in the catalogue and in docs/glossary.md.
"""

from collections.abc import Mapping
from datetime import datetime

from texts import say, translations

STATES = {
    "draft": "To be confirmed",
    "assigned": "Assigned",
    "in_progress": "In progress",
    "submitted": "Submitted for approval",
    "closed": "Closed",
    "sustained": "Sustained",
    "cancelled": "Cancelled",
}
KINDS = {"problem": "Problem", "measure": "Measure"}
LIGHTS = {
    "overdue": "Overdue",
    "due_soon": "Due soon",
    "on_track": "On track",
    "undated": "Without deadline",
    "done": "Done",
}
LIMITS = {
    "immediate": "Immediate",
    "fixed": "Fixed date",
    "recurring": "Recurring",
    "long_term": "Long-term",
    "none": "Not stated",
}
COUNTS = {
    "planned": "Planned",
    "superseded": "Superseded",
    "messages": "Letters",
    "overviews": "Weekly overviews",
    "held": "Held",
    "sent": "Sent",
    "failed": "Failed",
    "dead": "Undeliverable",
    "waiting": "Waiting",
    "stopped": "Stopped because",
    "alarms": "Alarms",
    "units": "Units",
    "people": "People",
    "items": "Items",
    "events": "Events",
    "report": "Report",
    "period": "Period",
    "known": "Known before",
    "already": "Items that were here already",
}
WHYS = {
    "late": "entered late",
    "rules": "other rules or another place in the tree",
    "history": "the history does not give what was sealed",
    "names": "a name is another by now",
}
"""Why an item stands otherwise than it was sealed."""
FLAGS = {
    "no_owner": "no owner is named",
    "no_deadline": "no deadline is named",
    "two_dates": "two dates disagree",
    "year_contradicted": "the year is contradicted by the text",
    "problem_unanswered": "no measure answers this problem",
    "measure_unprompted": "this measure answers no problem",
    "vague_words": "vague words instead of a deadline:",
    "done": "reported as done already",
    "repeated": "a problem like this was reported before:",
}
RULES = {
    "after-label": "what stands behind a label such as 整改措施：",
    "answered-in-talk": "what the answer to a complaint promises",
    "bullet-under-section": "a bullet under a heading of its kind",
    "clause-after-fault": "the clause in which the fix of a problem begins",
    "by-weight": "an entry that nothing announces, but whose words speak for it",
    "clause-after-label": "a clause behind a label such as 存在问题：",
    "clause-before-fix": "what stands before the fix in one unit",
    "fault-before-arrow": "what stands before an arrow",
    "fault-in-passing": "a fault behind words such as 不容忽视的是",
    "fault-without-fix": "an entry that tells a fault and no fix",
    "fix-without-fault": "an entry that tells a fix and no fault",
    "ledger-row": "a row of a ledger",
    "numbered-after-label": "a numbered unit behind a label",
    "numbered-before-fix": "a numbered unit up to its fix",
    "numbered-problem": "a unit numbered as a problem, such as 问题三：",
    "numbered-recommendation": "a unit numbered as a recommendation",
    "numbered-under-section": "a numbered unit under a heading of its kind",
    "resolution-of-minutes": "what a meeting resolved in a paragraph such as 会议要求，",
    "row-of-table": "a row of a table in the text",
    "sentence-under-section": "a sentence or paragraph under a heading of its kind",
    "told-in-talk": "a fault that somebody tells, answered in the next sentence or turn",
    "unmet-in-checklist": "a line of a checklist that its mark calls not met",
}
"""What found a draft."""

COLUMNS = {
    "number": "number",
    "reference": "our reference",
    "category": "category",
    "source": "where the problem comes from",
    "matter": "problem or measure",
    "problem": "problem",
    "measure": "measure",
    "target": "target",
    "lead": "lead unit",
    "owner": "unit that answers for it",
    "support": "who helps",
    "person": "person",
    "leader": "supervising leader",
    "deadline": "deadline",
    "status": "how it stands",
    "evidence": "evidence",
    "closed": "whether it is closed",
    "answers": "what it answers",
    "remarks": "remarks",
    "other": "kept in the quote alone",
}
ROLES = {
    "owner": "Owner",
    "co_owner": "Co-owner",
    "verifier": "Verifier",
    "supervisor": "Supervising leader",
    "head": "Head of unit",
    "coordinator": "Coordinator",
    "leader": "Leader",
    "auditor": "Auditor",
    "admin": "Administrator",
}
MOVES = {
    "confirm": "Confirm",
    "assign": "Assign",
    "acknowledge": "Acknowledge",
    "report": "Report progress",
    "submit": "Submit for approval",
    "approve": "Approve",
    "reject": "Reject",
    "sustain": "Sustain",
    "cancel": "Cancel",
    "reopen": "Reopen",
    "reassign": "Reassign",
    "entrust": "Name verifier and supervising leader",
    "request-extension": "Request an extension",
    "grant-extension": "Grant the extension",
    "refuse-extension": "Refuse the extension",
    "request-cancellation": "Request cancellation",
    "grant-cancellation": "Grant the cancellation",
    "refuse-cancellation": "Refuse the cancellation",
    "pause": "Pause the reminders",
    "resume": "Resume the reminders",
    "edit": "Edit the draft",
    "split": "Split the draft",
    "merge": "Merge into another draft",
    "link": "Link",
    "unlink": "Undo the link",
    "withdraw": "Withdraw evidence",
    "order": "Issue a supervision order",
    "circulate": "Name in a circular",
}

LETTERS = {
    "digest": "Daily reminder",
    "escalation": "Overdue notice",
    "assignment": "Assignment notice",
    "returned": "Return notice",
    "decision": "Decision notice",
    "ended": "Closing notice",
    "order": "Supervision order",
    "circular": "Circular",
    "rollup": "Roll-up notice",
    "overview": "Weekly overview",
    "link": "Fresh link",
    "invitation": "Link to set a password",
    "receipt": "Daily receipt",
    "alarm": "Alarm",
}
"""The letters, as lists name them."""

FATES = {
    "planned": "Waits in the outbox",
    "leased": "Being handed over",
    "sent": "Sent",
    "failed": "Tried again later",
    "dead": "Undeliverable",
    "cancelled": "Withdrawn",
    "held": "Held by the flood guard",
}
"""What becomes of a letter."""

DOINGS = {
    "added": "New",
    "changed": "Changed",
    "left": "Leaves",
    "same": "As it is",
    "refused": "Refused",
}
"""What a row of a list of people brings."""

PERIOD_KINDS = {"month": "Month", "quarter": "Quarter", "half": "Half-year", "year": "Year"}

WORK = {
    "acknowledge": "To acknowledge",
    "report": "To work on and report",
    "verify": "To approve or reject",
    "decide": "Requests to decide",
    "confirm": "To confirm and hand over",
}
"""What waits for a person."""

PAGES = {
    "my-work": "My work",
    "ledger": "Ledger",
    "reports": "Reports",
    "rollup": "Roll-up",
    "coverage": "Coverage",
    "reminders": "Reminders",
    "runs": "Runs",
    "organisation": "Organisation",
    "audit": "Audit",
}
"""The entries of the navigation."""

FIGURES = {
    "in_scope": "In scope",
    "opened": "Newly assigned",
    "closed": "Closed",
    "closed_on_time": "Closed on time",
    "closed_and_due": "Closed, with a date that had passed",
    "overdue": "Overdue",
    "sustained": "Sustained",
    "cancelled": "Cancelled",
    "undated": "Long-term or undated",
    "closed_undated": "Closed without a deadline",
    "extensions": "Extensions",
    "completion": "Completion rate: closed",
    "completion-of": "Completion rate: of all these",
    "completion-out": "Completion rate: left out",
    "timeliness": "On-time rate: in time",
    "timeliness-of": "On-time rate: of all these",
}
"""The numbers of a roll-up (rules/counting.py)."""

COVERAGE = {
    "answered": "Problems with a measure",
    "unanswered": "Problems without a measure",
    "prompted": "Measures that answer a problem",
    "unprompted": "Measures without a problem",
    "repeated": "Problems reported before",
}
"""The lists of the coverage page (services/coverage.py)."""

STANDING = {
    "kind": "Kind",
    "title": "Title",
    "unit": "Unit",
    "state": "State",
    "time_limit": "Kind of time limit",
    "due_on": "Deadline in force",
    "original_due_on": "Original deadline",
    "judged_on": "Date that decides on time",
    "opened_on": "Handed over",
    "ended_on": "Ended",
    "progress": "Progress",
    "owners": "Owners",
    "report": "Report",
    "evidence": "Evidence",
    "extension_days": "Days of extension",
    "light": "Light",
    "days_to_close": "Days to close",
    "working_days_to_close": "Working days to close",
    "name": "Name",
    "parent": "Unit above it",
}
"""What a seal keeps of an item or a unit, besides its figures."""

FIELDS = {
    "note": "Note",
    "progress": "Progress",
    "due": "New deadline",
    "until": "Remind again from",
    "answer": "Answer by",
    "to": "Owner",
    "co": "Co-owners",
    "verifier": "Verifier",
    "supervisor": "Supervising leader",
    "email": "E-mail address",
    "title": "Title",
    "kind": "Kind",
    "limit": "Kind of time limit",
    "unit": "Lead unit",
    "owner": "Owner",
    "file": "Evidence",
    "first": "First words",
    "last": "Last words",
}
"""What the fields of forms are called."""


def label(table: dict[str, str], value: str, locale: str) -> str:
    """The word for `value` in `locale`; an unknown value is a KeyError."""
    return translations(locale).gettext(table[value])


def labels(table: dict[str, str], locale: str) -> Mapping[str, str]:
    """The word in `locale` for every value of the table: for whoever needs many."""
    return {value: label(table, value, locale) for value in table}


def reason_in_words(sentence: str, values: Mapping[str, object], locale: str) -> str:
    """A reason, as rules/reasons.py gives it, in `locale`: keys of rungs and states in their words."""
    found: dict[str, object] = {}
    for name, value in values.items():
        if name in {"rung", "by"} and value != "—":
            found[name] = rung(str(value), locale)
        elif name == "state":
            found[name] = label(STATES, str(value), locale)
        else:
            found[name] = f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value
    return say(locale, sentence, **found)


def rung(key: str, locale: str) -> str:
    """A rung of the ladder in words, such as `3 working days before the deadline` for `before-3`."""
    topic, _, rest = key.partition("-")
    number, _, more = rest.partition("-")
    say = translations(locale)
    if topic == "due":
        return say.gettext("on the day of the deadline")
    if topic == "review":
        return _review(f"{number[:4]}-{number[4:6]}-{number[6:]}", more, locale)
    return _distance(topic, int(number), locale) if number.isdigit() else key


def _review(on: str, late: str, locale: str) -> str:
    say = translations(locale)
    if not late:
        return say.gettext("review on %(on)s") % {"on": on}
    form = say.ngettext(
        "review of %(on)s, %(num)s working day late",
        "review of %(on)s, %(num)s working days late",
        int(late),
    )
    return form % {"on": on, "num": late}


def _distance(topic: str, days: int, locale: str) -> str:
    say = translations(locale).ngettext
    forms = {
        "before": say(
            "%(num)s working day before the deadline", "%(num)s working days before the deadline", days
        ),
        "after": say(
            "%(num)s working day after the deadline", "%(num)s working days after the deadline", days
        ),
        "unacknowledged": say(
            "not acknowledged for %(num)s working day", "not acknowledged for %(num)s working days", days
        ),
        "silent": say("no word for %(num)s working day", "no word for %(num)s working days", days),
        "unverified": say(
            "no decision for %(num)s working day", "no decision for %(num)s working days", days
        ),
    }
    return forms[topic] % {"num": days} if topic in forms else topic
