"""Prefect's own history is pruned by its server; the settings are those that the installed version knows."""

import json
import subprocess
import sys
from pathlib import Path

from flows.server import PrefectServer

ASKED = """
import json
from prefect.settings.context import get_current_settings
server = get_current_settings().server
vacuum = server.services.db_vacuum
print(json.dumps([
    sorted(vacuum.enabled_vacuum_types),
    vacuum.retention_period.days,
    server.events.retention_period.days,
    vacuum.loop_seconds,
]))
"""


def test_prefect_prunes_its_runs_and_events_every_hour(tmp_path: Path) -> None:
    server = PrefectServer(tmp_path, 4299)
    told = subprocess.run(
        [sys.executable, "-c", ASKED], env=server.environment(), capture_output=True, text=True, check=True
    )
    assert json.loads(told.stdout) == [["events", "flow_runs", "orphans"], 90, 7, 3600.0]
