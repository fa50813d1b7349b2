"""Words for what a diagnosis looks at. Tables of English words, which are the catalogue's keys."""

PARTS = {
    "database": "Database",
    "restored": "Restored",
    "calendar": "Calendar",
    "mail": "Mail server",
    "sender": "Sender",
    "clock": "Clock",
    "secrets": "Secrets",
    "prefect": "Prefect",
    "schedules": "Schedules",
    "engine": "Flows at once",
    "prefect-database": "Prefect's database",
    "loops": "Last success",
    "disk": "Disk",
    "fonts": "Fonts",
    "paper": "Documents",
}

GRADES = {"ok": "ok", "warning": "WARNING", "wrong": "WRONG"}
