"""What happens in the demo, and when: a script over the items of any report. Pure; the demo plays it.

The first act is the half-year after a report; the sequel is the one after that, with what was left over.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rules.lifecycle import Move, State
from rules.periods import Period
from rules.working_days import Calendar


class Part(StrEnum):
    """Who does a deed."""

    OWNER = "owner"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class Player:
    """An item that was handed over, as the script needs to know it."""

    reference: str
    due_on: date | None
    state: State = State.ASSIGNED


@dataclass(frozen=True, slots=True, order=True)
class Deed:
    """One move on one day."""

    on: date
    order: int
    reference: str
    part: Part
    move: Move
    note: str = ""
    progress: int | None = None
    due_on: date | None = None
    evidence: str = ""
    happened_on: date | None = None
    """The earlier day on which it happened, where it is entered late."""


@dataclass(frozen=True, slots=True)
class Script:
    """The deeds in their order, and the mornings on which reminders go out."""

    deeds: tuple[Deed, ...]
    mornings: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class _Stage:
    start_on: date
    period: Period
    calendar: Calendar

    def day(self, working_days: int) -> date:
        """The day that lies so many working days after the start, or the period's last one."""
        last = self.calendar.shift(self.period.end_on, -2)
        return min(self.calendar.shift(self.start_on, working_days), last)


def script(players: Sequence[Player], start_on: date, period: Period, calendar: Calendar) -> Script:
    """The half-year after a report: one item slips and climbs, one comes back, one is extended."""
    stage = _Stage(start_on, period, calendar)
    late = min(players, key=lambda player: (player.due_on or date.max, player.reference), default=None)
    others = [player for player in players if player is not late]
    deeds = list(_late(late, stage)) if late else []
    due_on = _slipping_on(late, stage) if late else None
    for number, player in enumerate(others):
        deeds += _role(number)(player, stage) if player.due_on else _lasting(player, stage)
    return Script(tuple(sorted(deeds)), tuple(_mornings(stage, due_on)))


def late_entry(reference: str, on: date, period: Period, calendar: Calendar) -> tuple[Deed, Deed]:
    """What was done in the last days of `period`, on paper, and is entered on the day `on` after it."""
    approved_on = calendar.shift(period.last_on, -1)
    submitted_on = calendar.shift(period.last_on, -2)
    told = f"整改材料已于{submitted_on.month}月{submitted_on.day}日报送，当时未录入系统，现予补录"
    noted = f"{approved_on.month}月{approved_on.day}日现场审核通过，同意销号，现予补录"
    return (
        Deed(
            on,
            0,
            reference,
            Part.OWNER,
            Move.SUBMIT,
            told,
            100,
            evidence="整改完成情况报告",
            happened_on=submitted_on,
        ),
        Deed(on, 1, reference, Part.COORDINATOR, Move.APPROVE, noted, happened_on=approved_on),
    )


def sequel(
    carried: Sequence[Player], new: Sequence[Player], start_on: date, period: Period, calendar: Calendar
) -> Script:
    """The next half-year: of what was carried over one item stays behind, and new ones come in."""
    stage = _Stage(start_on, period, calendar)
    behind = _behind(carried)
    deeds: list[Deed] = []
    for player in carried:
        lasts = player.state is State.SUSTAINED
        part = _reviewed if lasts else _lagging if player is behind else _finished
        deeds += part(player, stage)
    for number, player in enumerate(new):
        deeds += _SECOND[number % len(_SECOND)](player, stage) if player.due_on else _lasting(player, stage)
    mornings = {stage.day(1), stage.day(20), calendar.shift(period.last_on, -3)}
    return Script(tuple(sorted(deeds)), tuple(sorted(mornings)))


def _behind(carried: Sequence[Player]) -> Player | None:
    """Of those that were due first the last one, unless nothing else is left."""
    dated = [player for player in carried if player.due_on is not None]
    first = [player for player in dated if player.due_on == min(one.due_on for one in dated if one.due_on)]
    return first[-1] if len(dated) > 1 else None


def _mornings(stage: _Stage, slipping_on: date | None) -> list[date]:
    days = {stage.day(number) for number in (1, 20)}
    last_on = stage.period.last_on
    days |= {stage.calendar.shift(last_on, -before) for before in (15, 3)}
    if slipping_on is not None:
        days |= {stage.calendar.shift(slipping_on, after) for after in (-1, 1, 5, 10)}
    return sorted(day for day in days if stage.start_on < day <= last_on)


def _slipping_on(late: Player, stage: _Stage) -> date:
    """When the late item is due: as it stands, or brought forward so that it can slip within the period."""
    if late.due_on is not None and late.due_on <= stage.day(60):
        return late.due_on
    return stage.day(40)


def _late(player: Player, stage: _Stage) -> Iterator[Deed]:
    """Nobody touches it until it has climbed to the supervising leader and an order is proposed."""
    due_on = _slipping_on(player, stage)
    ref = player.reference
    if due_on != player.due_on:
        note = "按局党组会议要求提前完成时限"
        yield Deed(stage.day(8), 0, ref, Part.COORDINATOR, Move.REASSIGN, note, due_on=due_on)
    after = stage.calendar.shift
    yield Deed(after(due_on, 11), 0, ref, Part.OWNER, Move.ACKNOWLEDGE, "已签收，立即组织整改")
    yield Deed(after(due_on, 14), 0, ref, Part.OWNER, Move.REPORT, "已完成排查，正在逐项整改", progress=60)
    yield Deed(
        after(due_on, 20), 0, ref, Part.OWNER, Move.SUBMIT, "整改完成", 100, evidence="整改完成情况说明"
    )
    yield Deed(after(due_on, 22), 0, ref, Part.COORDINATOR, Move.APPROVE, "逾期完成，同意销号")


def _diligent(player: Player, stage: _Stage) -> list[Deed]:
    ref = player.reference
    return [
        Deed(stage.day(1), 1, ref, Part.OWNER, Move.ACKNOWLEDGE),
        Deed(stage.day(16), 1, ref, Part.OWNER, Move.REPORT, "方案已印发，责任已分解", 40),
        Deed(stage.day(34), 1, ref, Part.OWNER, Move.REPORT, "主要任务已落实", 80),
        Deed(stage.day(48), 1, ref, Part.OWNER, Move.SUBMIT, "全部完成", 100, evidence="检查记录与整改照片"),
        Deed(stage.day(50), 1, ref, Part.COORDINATOR, Move.APPROVE, "资料齐全，同意销号"),
    ]


def _returned(player: Player, stage: _Stage) -> list[Deed]:
    ref = player.reference
    return [
        Deed(stage.day(1), 2, ref, Part.OWNER, Move.ACKNOWLEDGE),
        Deed(stage.day(19), 2, ref, Part.OWNER, Move.REPORT, "已开展自查", 50),
        Deed(stage.day(38), 2, ref, Part.OWNER, Move.SUBMIT, "申请销号", 100, evidence="自查报告"),
        Deed(stage.day(40), 2, ref, Part.COORDINATOR, Move.REJECT, "缺少复查记录，请补充后再报"),
        Deed(stage.day(52), 2, ref, Part.OWNER, Move.SUBMIT, "已补充复查记录", 100, evidence="复查记录"),
        Deed(stage.day(54), 2, ref, Part.COORDINATOR, Move.APPROVE, "同意销号"),
    ]


def _extended(player: Player, stage: _Stage) -> list[Deed]:
    ref = player.reference
    due_on = player.due_on or stage.period.last_on
    asked_on = min(stage.day(44), stage.calendar.shift(due_on, -4))
    return [
        Deed(stage.day(2), 3, ref, Part.OWNER, Move.ACKNOWLEDGE),
        Deed(stage.day(24), 3, ref, Part.OWNER, Move.REPORT, "招标流程尚未结束", 30),
        Deed(
            asked_on,
            4,
            ref,
            Part.OWNER,
            Move.REQUEST_EXTENSION,
            "招标周期长于预期，申请延期",
            due_on=due_on + timedelta(days=45),
        ),
        Deed(
            stage.calendar.shift(asked_on, 1),
            3,
            ref,
            Part.COORDINATOR,
            Move.GRANT_EXTENSION,
            "情况属实，同意",
        ),
    ]


def _slow(player: Player, stage: _Stage) -> list[Deed]:
    ref = player.reference
    return [
        Deed(stage.day(3), 5, ref, Part.OWNER, Move.ACKNOWLEDGE),
        Deed(stage.day(28), 5, ref, Part.OWNER, Move.REPORT, "正在推进", 35),
        Deed(stage.day(47), 5, ref, Part.OWNER, Move.REPORT, "完成过半", 60),
    ]


def _lasting(player: Player, stage: _Stage) -> list[Deed]:
    ref, note = player.reference, "转入常态化管理，每季度复核"
    return [
        Deed(stage.day(2), 6, ref, Part.OWNER, Move.ACKNOWLEDGE),
        Deed(stage.day(26), 6, ref, Part.OWNER, Move.REPORT, "已建立长效机制", 70),
        Deed(stage.day(30), 6, ref, Part.COORDINATOR, Move.SUSTAIN, note),
    ]


def _finished(player: Player, stage: _Stage) -> list[Deed]:
    ref = player.reference
    return [
        *_taken_up(player, stage),
        Deed(stage.day(14), 7, ref, Part.OWNER, Move.SUBMIT, "剩余任务已完成", 100, evidence="整改完成报告"),
        Deed(stage.day(16), 7, ref, Part.COORDINATOR, Move.APPROVE, "资料齐全，同意销号"),
    ]


def _lagging(player: Player, stage: _Stage) -> list[Deed]:
    note = "部分任务尚未完成，正在抓紧推进"
    last = Deed(stage.day(40), 7, player.reference, Part.OWNER, Move.REPORT, note, 80)
    return [*_taken_up(player, stage), last]


def _taken_up(player: Player, stage: _Stage) -> list[Deed]:
    """Nobody reports on, or hands in, what was never acknowledged."""
    if player.state is not State.ASSIGNED:
        return []
    return [Deed(stage.day(1), 7, player.reference, Part.OWNER, Move.ACKNOWLEDGE)]


def _reviewed(player: Player, stage: _Stage) -> list[Deed]:
    note = "已完成季度复核，长效机制运行正常"
    return [Deed(stage.day(30), 8, player.reference, Part.OWNER, Move.REPORT, note, 80)]


_ROLES = (_diligent, _returned, _extended, _slow)
_CROWD = (_diligent, _slow)
_SECOND = (_slow, _returned, _diligent)
"""In the second act: what was reported twice is slow again."""


def _role(number: int) -> Callable[[Player, _Stage], list[Deed]]:
    """One item is returned and one extended; the others go well or slowly in turn."""
    return _ROLES[number] if number < len(_ROLES) else _CROWD[number % len(_CROWD)]
