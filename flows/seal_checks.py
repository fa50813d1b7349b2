"""Every night: recompute each seal from the history; a difference fails the run, and raises an alarm."""

import asyncio
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from config import clock
from config.house import House
from flows.runtime import AlreadyToldError, as_is, house, leave_page, leaving_trace, run_id
from models.session import reading, writing
from rules.watch import Loop
from services import runs
from services.alarms import tell_seals
from services.seal_checks import SealCheck, SealFinding, check_seals
from texts import say

NAME = Loop.SEAL_CHECK.value


class SealsBrokenError(AlreadyToldError):
    """Some seal does not hold; the message names each."""


def _name() -> str:
    return f"seal-check-{flow_run.scheduled_start_time:%Y-%m-%d}"


@flow(name=NAME, flow_run_name=_name, log_prints=False)
@leaving_trace(NAME)
async def check_all_seals() -> dict[str, Any]:
    """Recomputes all seals.

    Raises:
        SealsBrokenError: one of them does not hold.
    """
    at_home = await asyncio.to_thread(house)
    found = await recompute(as_is(at_home))
    language = at_home.settings.language
    facts = {"Seals": found.seals, "Findings": len(found.findings)}
    rows = [_row(finding, language) for finding in found.findings]
    await leave_page(NAME, language, "Seals recomputed", facts, rows)
    if found.findings:
        await raise_alarm(as_is(at_home), found)
        told = [say(language, finding.fault.value, **finding.values) for finding in found.findings]
        for line in told:
            get_run_logger().error(line)
        raise SealsBrokenError("\n".join(told))
    return {"seals": found.seals}


def _row(finding: SealFinding, language: str) -> dict[str, Any]:
    return {
        "Period": finding.period,
        "Version": finding.version,
        "Finding": say(language, finding.fault.value, **finding.values),
    }


@task(name="recompute", cache_policy=NO_CACHE)
async def recompute(at_home: House) -> SealCheck:
    """Recomputes every seal; changes none, and enters that it was done."""
    run = run_id()

    def work() -> SealCheck:
        with reading(at_home.engine) as session:
            found = check_seals(session, at_home.office)
        now = clock.now()
        counts = {"seals": found.seals, "findings": len(found.findings)}
        with writing(at_home.engine) as session:
            runs.keep(session, NAME, at_home.office.day(now), now, counts, run)
        return found

    return await asyncio.to_thread(work)


@task(name="raise-alarm", cache_policy=NO_CACHE)
async def raise_alarm(at_home: House, found: SealCheck) -> int:
    """Plans the letters about seals that do not hold; they go out with the next delivery."""

    def work() -> int:
        with writing(at_home.engine) as session:
            return tell_seals(session, at_home.office, found.findings, now=clock.now())

    return await asyncio.to_thread(work)
