"""The words for what the history tells: catalogue keys by the value that an event holds."""

from texts.labels import MOVES, label

STEPS = {
    "read": "Read from the report",
    "add": "Added by hand",
    "take-in": "Report taken in",
    "issue-circular": "Circular issued",
    "seal": "Period sealed",
    "load": "Organisation entered",
    "propose-seal": "Sealing proposed",
    "refuse-seal": "Sealing refused",
    "propose-unseal": "Lifting of the seal proposed",
    "refuse-unseal": "Lifting of the seal refused",
    "unseal": "Seal lifted",
    "set-password": "Password set",
    "void-links": "Links in letters made void",
    "make-token": "Token for a program made",
    "revoke-token": "Token for a program revoked",
    "invite": "Invited to set a password",
    "release-mail": "Held letters released",
    "drop-mail": "Held letters dropped",
    "send-again": "Letter tried anew",
    "start-run": "Run asked for",
    "add-unit": "Unit added",
    "change-unit": "Unit changed",
    "add-person": "Person added",
    "change-person": "Person changed",
    "mask-person": "Personal data masked",
    "grant-role": "Role given",
    "end-role": "Role taken back",
    "restore-database": "Database restored from a backup",
    "resume-sending": "Sending resumed",
}
"""What the history knows besides moves."""

EVENTS = MOVES | STEPS

DOORS = {
    "command": "Command line",
    "page": "Page",
    "link": "Mail link",
    "api": "Program",
    "flow": "Schedule",
    "import": "Import",
    "demo": "Demo",
    "sample": "Sample",
}
"""Through what a change came."""

FACTS = {
    "title": "Title",
    "quote": "Words of the report",
    "time_limit": "Kind of time limit",
    "unit": "Lead unit",
    "owner": "Owner",
    "co_owners": "Co-owners",
    "verifier": "Verifier",
    "supervisor": "Supervising leader",
    "due_on": "Deadline",
    "stated_owners": "Owners that the report names",
    "stated_due_on": "Deadline that the report states",
    "absorbed": "Took in",
    "into": "Goes on as",
    "split_off": "Split off",
    "part_of": "Was part of",
    "linked": "Linked with",
    "unlinked": "No longer linked with",
    "withdrawn": "Evidence withdrawn",
    "order": "Supervision order",
    "circular": "Circular",
    "happened_on": "Happened on",
    "answer_on": "Answer by",
}
"""What events tell of besides what every event does."""

DETAILS = {
    "anchor": "Hash of the last event it counts",
    "backup": "Backup of",
    "clock": "What the clock showed",
    "drafts": "Drafts read",
    "file": "File",
    "flow_run": "Run in Prefect",
    "from": "From",
    "office": "Office",
    "people": "People",
    "proposal": "Number of the proposal",
    "role": "Role",
    "sha256": "SHA-256",
    "title": "Title",
    "to": "Until",
    "token": "Number of the token",
    "unit": "Unit",
    "units": "Units",
    "version": "Version",
}
"""What events tell that are about no single item."""


def detail_word(name: str, locale: str) -> str:
    """What such an event tells of, in words; what has none stands for itself."""
    return label(DETAILS, name, locale) if name in DETAILS else name


def event_word(name: str, locale: str) -> str:
    """What an event did, in words; what has none stands for itself."""
    return label(EVENTS, name, locale) if name in EVENTS else name


def door_word(name: str, locale: str) -> str:
    """Through what an event came, in words; what has none stands for itself."""
    return label(DOORS, name, locale) if name in DOORS else name
