"""Processes that tests start: forked from one that has loaded what they need, so that each begins at once."""

import multiprocessing

FORKS = multiprocessing.get_context("forkserver")
# One such server serves a whole test process. Nothing here reads a setting when it is loaded.
FORKS.set_forkserver_preload(
    [
        "alembic.command",
        "cli.main",
        "config.house",
        "documents.paper",
        "psycopg",
        "services.delivery",
        "services.listing",
        "services.reports",
    ]
)
