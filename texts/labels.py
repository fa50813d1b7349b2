"""The words for states, kinds, roles and the like: catalogue keys by the value that the tables hold.

The Chinese of each is in the catalogue and in docs/glossary.md.
"""

from texts import translations

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
    "held": "Held",
    "sent": "Sent",
    "failed": "Failed",
    "dead": "Undeliverable",
    "waiting": "Waiting",
    "stopped": "Stopped because",
    "units": "Units",
    "people": "People",
    "items": "Items",
    "events": "Events",
    "report": "Report",
    "period": "Period",
    "known": "Known before",
}
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
    "request-extension": "Request an extension",
    "grant-extension": "Grant the extension",
    "refuse-extension": "Refuse the extension",
    "request-cancellation": "Request cancellation",
    "grant-cancellation": "Grant the cancellation",
    "refuse-cancellation": "Refuse the cancellation",
}


def label(table: dict[str, str], value: str, locale: str) -> str:
    """The word for `value` in `locale`; an unknown value is a KeyError."""
    return translations(locale).gettext(table[value])
