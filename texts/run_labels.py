"""Words for what runs by itself. Tables of English words, which are the catalogue's keys."""

FLOWS = {
    "reminders": "Reminders",
    "delivery": "Delivery",
    "period-end": "Period end",
    "intake": "Intake of a report",
    "receipt": "Daily receipt",
    "housekeeping": "Check of the loops",
    "seal-check": "Check of the seals",
    "bounces": "Reading what came back",
}

FLOW_WORK = {
    "reminders": "Plans and sends the day's reminders on working mornings.",
    "delivery": "Hands waiting letters to the mail server.",
    "period-end": "Seals every period that has ended, and writes its documents.",
    "intake": "Takes a written report in, on demand.",
    "receipt": "Tells coordinators each working afternoon how the reminders ran.",
    "housekeeping": "Looks whether everything ran, and raises an alarm where it did not.",
    "seal-check": "Recomputes every seal from the history; fails on a difference.",
}

RUN_STATES = {
    "late": "Late",
    "failed": "Failed",
    "crashed": "Broken off",
    "running": "Running",
    "pending": "About to start",
    "scheduled": "Scheduled",
    "paused": "Paused",
    "cancelled": "Cancelled",
    "completed": "Completed",
}
