"""The one catalogue of flows: what runs when. Applying it keeps what people switched off."""

from dataclasses import dataclass
from typing import Any

from prefect import Flow
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.types.entrypoint import EntrypointType

from flows.delivery import deliver_letters
from flows.housekeeping import keep_house
from flows.intake import take_in_report
from flows.losses import lay_down
from flows.period_end import close_periods
from flows.receipts import send_receipts
from flows.reminders import send_reminders
from flows.seal_checks import check_all_seals
from flows.server import HEARTBEAT

NAME = "office"
"""The deployments' common name; a flow is known as `reminders/office` and so on."""
SENDERS = 8
"""How many runs of the delivery a pool may have under way."""
IN_A_POOL = {"env": {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT)}}
"""What workers start a run with."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One flow of the catalogue. `cron` is local to the organisation; None runs on demand only."""

    flow: Flow[..., Any]
    cron: str | None
    description: str
    at_once: int = 1
    """How many runs there may be at a time; more only where each takes what no other has taken."""

    @property
    def slug(self) -> str:
        """Names the schedule for good, so that a changed cron replaces it instead of joining it."""
        return f"{self.flow.name}-schedule"


CATALOGUE = (
    # Every day and not only on weekdays: make-up days fall on weekends. The flow knows which days count.
    Entry(send_reminders, "30 8 * * *", "Plans and sends the day's reminders on working mornings."),
    Entry(send_receipts, "2 17 * * *", "Tells coordinators each working afternoon how the reminders ran."),
    Entry(deliver_letters, "*/5 * * * *", "Hands waiting letters to the mail server.", SENDERS),
    Entry(keep_house, "7 * * * *", "Looks whether everything ran, and raises an alarm where it did not."),
    Entry(close_periods, "10 0 * * *", "Seals every period that has ended, and writes its documents."),
    Entry(check_all_seals, "40 1 * * *", "Recomputes every seal from the history; fails on a difference."),
    Entry(take_in_report, None, "Takes a written report in, on demand."),
)


async def deployments(zone: str, pool: str | None = None) -> list[RunnerDeployment]:
    """The catalogue as deployments, with the switches of those that exist left as they are."""
    async with get_client() as client:
        return [await _deployment(client, entry, zone, pool) for entry in CATALOGUE]


async def _deployment(client: PrefectClient, entry: Entry, zone: str, pool: str | None) -> RunnerDeployment:
    existing = await find(client, entry)
    switched_on = {s.slug: s.active for s in existing.schedules} if existing else {}
    schedules = [
        DeploymentScheduleCreate(
            schedule=CronSchedule(cron=entry.cron, timezone=zone),
            active=switched_on.get(entry.slug, True),
            slug=entry.slug,
        )
        for _ in [entry.cron]
        if entry.cron
    ]
    return await entry.flow.ato_deployment(
        NAME,
        schedules=schedules,
        paused=existing.paused if existing else False,
        description=entry.description,
        tags=["rectify", entry.flow.name],
        concurrency_limit=entry.at_once,
        work_pool_name=pool,
        job_variables=IN_A_POOL if pool else None,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


async def find(client: PrefectClient, entry: Entry) -> Any:
    """The entry's deployment as the server has it, or None."""
    try:
        return await client.read_deployment_by_name(f"{entry.flow.name}/{NAME}")
    except ObjectNotFound:
        return None


async def drop_strange_schedules() -> None:
    """Removes schedules that the catalogue does not know; each of them would double a run."""
    async with get_client() as client:
        for entry in CATALOGUE:
            deployment = await find(client, entry)
            for schedule in deployment.schedules if deployment else ():
                if schedule.slug != entry.slug:
                    await client.delete_deployment_schedule(deployment.id, schedule.id)


async def deploy(zone: str, pool: str | None = None) -> list[str]:
    """Registers the catalogue with the Prefect server in force. Returns the deployments' names."""
    names = []
    for deployment in await deployments(zone, pool):
        await deployment.aapply()
        names.append(f"{deployment.flow_name}/{deployment.name}")
    await drop_strange_schedules()
    async with get_client() as client:
        await lay_down(client)
    return names
