"""What tells Prefect's server that a run was lost: rules of its own, which look for what no longer comes.

A worker that is killed, or whose machine stops, reports nothing: its runs would be running for ever, and hold
the place of later ones.
"""

from datetime import timedelta

from prefect.automations import AutomationCore
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification

from flows.server import HEARTBEAT

SILENT = timedelta(seconds=3 * HEARTBEAT)
"""A run that gave no sign of life for so long is lost."""
NOT_BEGUN = timedelta(minutes=10)
"""A run that a worker took and did not begin for so long is lost."""

ENDS = frozenset(f"prefect.flow-run.{name}" for name in ("Completed", "Failed", "Cancelled", "Crashed"))
_BEAT, _TAKEN, _BEGUN = (f"prefect.flow-run.{name}" for name in ("heartbeat", "Pending", "Running"))
_WAITS = frozenset(f"prefect.flow-run.{name}" for name in ("Scheduled", "AwaitingConcurrencySlot", "Paused"))


def rules() -> tuple[AutomationCore, ...]:
    """The rules, as Prefect's server takes them; each is known by its name."""
    return (
        _rule("rectify: a run fell silent", _BEAT, {_BEAT, *ENDS}, SILENT),
        _rule("rectify: a run was never begun", _TAKEN, {_BEGUN, *_WAITS, *ENDS}, NOT_BEGUN),
    )


def _rule(name: str, after: str, expected: set[str], within: timedelta) -> AutomationCore:
    # Not by force: of a run that has ended the last word may have been lost, or overtaken by a heartbeat.
    lost = ChangeFlowRunState(state=StateType.CRASHED, message="The machine stopped while this was running.")
    trigger = EventTrigger(
        after={after},
        expect=expected,
        match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
        match_related=ResourceSpecification(
            {"prefect.resource.role": ["tag"], "prefect.resource.id": ["prefect.tag.rectify"]}
        ),
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=within,
    )
    return AutomationCore(
        name=name, description="Made by rectify deploy.", enabled=True, trigger=trigger, actions=[lost]
    )


async def lay_down(client: PrefectClient) -> None:
    """Gives the server the rules; one that it has is made as it should be, and stays on or off."""
    for rule in rules():
        known = await client.read_automations_by_name(rule.name)
        if not known:
            await client.create_automation(rule)
        for older in known:
            await client.update_automation(older.id, rule.model_copy(update={"enabled": older.enabled}))
