"""Runs what is scheduled, one flow at a time, until told to stop: `python -m flows.runner`."""

import asyncio
import contextlib
import signal

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import State, StateType
from prefect.runner import Runner
from prefect.states import Crashed

from config import logs
from config.settings import load
from flows.deployments import deployments, drop_strange_schedules

DRAIN = 20.0
"""Seconds that a running flow has to finish once we are told to stop."""

LOST = (StateType.RUNNING, StateType.PENDING, StateType.CANCELLING)


async def mark_lost() -> int:
    """Marks runs as crashed that a dead runner left running; they would block every later one.

    Returns how many. Safe at start only: there is one runner to a server.
    """
    states = FlowRunFilterState(type=FlowRunFilterStateType(any_=list(LOST)))
    async with get_client() as client:
        runs = await client.read_flow_runs(flow_run_filter=FlowRunFilter(state=states))
        for run in runs:
            lost: State[None] = Crashed(message="The machine stopped while this was running.")
            await client.set_flow_run_state(run.id, lost, force=True)
    return len(runs)


async def main() -> None:
    """Registers the catalogue, then runs it until SIGTERM or SIGINT; a running flow may finish."""
    settings = load()
    logs.set_up(settings.logs, is_service=True)
    await mark_lost()
    runner = Runner(name="rectify", limit=1, pause_on_shutdown=False)
    for deployment in await deployments(settings.timezone):
        await runner.aadd_deployment(deployment)
    await drop_strange_schedules()
    told = asyncio.Event()
    working = asyncio.create_task(runner.start())
    while not runner.started and not working.done():  # noqa: ASYNC110 - the runner tells nobody
        await asyncio.sleep(0.1)
    # The runner installs a handler that kills; ours comes after it.
    for word in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(word, told.set)
    await asyncio.wait((working, asyncio.create_task(told.wait())), return_when=asyncio.FIRST_COMPLETED)
    if not working.done():
        await _drain(runner)
        await runner.astop()
    with contextlib.suppress(asyncio.CancelledError):
        await working


async def _drain(runner: Runner) -> None:
    """Takes nothing new and waits for what is under way."""
    runner._scheduled_run_poller.stopping = True  # noqa: SLF001 - Prefect has no public way to stop polling alone
    until = asyncio.get_running_loop().time() + DRAIN
    while runner._flow_run_process_map and asyncio.get_running_loop().time() < until:  # noqa: SLF001, ASYNC110 - as above
        await asyncio.sleep(0.2)


if __name__ == "__main__":
    asyncio.run(main())
