"""The two ways of registering the flows say the same."""

from typing import Any

import yaml
from conftest import PROJECT
from prefect.flows import load_flow_from_entrypoint

from config.settings import Settings
from flows.deployments import CATALOGUE, IN_A_POOL, NAME, Entry


def told() -> list[dict[str, Any]]:
    content: dict[str, Any] = yaml.safe_load((PROJECT / "prefect.yaml").read_text("utf-8"))
    found: list[dict[str, Any]] = content["deployments"]
    return found


def as_told(entry: Entry) -> dict[str, Any]:
    """A flow of the catalogue in the words of prefect.yaml."""
    schedule = {"slug": entry.slug, "cron": entry.cron, "timezone": Settings().timezone}
    return {
        "name": NAME,
        "entrypoint": f"{entry.flow.fn.__module__}.{entry.flow.fn.__name__}",
        "description": entry.description,
        "tags": ["rectify", entry.flow.name],
        "concurrency_limit": entry.at_once,
        "schedules": [schedule] if entry.cron else [],
        "work_pool": {"name": "rectify", "job_variables": IN_A_POOL},
    }


def test_prefects_own_file_says_what_the_catalogue_says() -> None:
    assert told() == [as_told(entry) for entry in CATALOGUE]


def test_each_entrypoint_of_the_file_is_the_flow_of_the_catalogue() -> None:
    flows = [load_flow_from_entrypoint(deployment["entrypoint"]) for deployment in told()]
    assert [flow.name for flow in flows] == [entry.flow.name for entry in CATALOGUE]
