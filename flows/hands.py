"""Many hands at one day: who is called, and what each of them does."""

import asyncio
import time

import httpx
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import WorkerFilter, WorkerFilterStatus
from prefect.client.schemas.responses import DeploymentResponse
from prefect.exceptions import PrefectException
from prefect.logging import get_run_logger
from prefect.runtime import deployment, flow_run

from config import clock
from config.house import House
from services import batches
from services.batches import Hand

PAUSE = 0.5
"""Seconds between two looks at what others have done."""


def hand_of(at_home: House) -> Hand:
    """This process as a worker; it takes batches as it takes letters."""
    channel = at_home.channel
    return Hand(channel.sender, channel.lease)


@task(name="see-through", cache_policy=NO_CACHE)
async def see_day_through(at_home: House) -> None:
    """Takes part in planning until the day is closed, by whomever."""
    await asyncio.to_thread(
        batches.see_through,
        at_home.engine,
        at_home.office,
        hand_of(at_home),
        clock.now,
        lambda: time.sleep(PAUSE),
    )


@task(name="lend-a-hand", cache_policy=NO_CACHE)
async def lend_a_hand(at_home: House) -> int:
    """Takes the batches that nobody is at, such as those of a worker that died."""
    return await asyncio.to_thread(
        batches.lend_a_hand, at_home.engine, at_home.office, hand_of(at_home), clock.now
    )


async def call_others() -> int:
    """Asks for a delivery run on each other worker of this run's pool, which then also plans.

    Returns how many; none where this run is in no pool. They are a help and no need: where Prefect does not
    answer, the next scheduled run of the delivery takes part as well.
    """
    if not deployment.id:
        return 0
    try:
        async with get_client() as client:
            mine = await client.read_deployment(deployment.id)
            return await _call(client, mine) if mine.work_pool_name else 0
    except (httpx.HTTPError, PrefectException) as error:
        get_run_logger().warning("Nobody else could be called: %s", error)
        return 0


async def _call(client: PrefectClient, mine: DeploymentResponse) -> int:
    online = WorkerFilter(status=WorkerFilterStatus(any_=["ONLINE"]))
    workers = await client.read_workers_for_work_pool(mine.work_pool_name or "", online)
    delivery = await client.read_deployment_by_name(f"delivery/{mine.name}")
    for number in range(1, len(workers)):
        await client.create_flow_run_from_deployment(
            delivery.id, parameters={"whole_day": True}, idempotency_key=f"{flow_run.id}-{number}"
        )
    return max(len(workers) - 1, 0)
