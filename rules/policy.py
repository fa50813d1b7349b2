"""The office's own rules together, as its policy file gives them."""

from dataclasses import dataclass, field

from rules.deadlines import DeadlinePolicy
from rules.departures import Departures
from rules.ladder import Ladder
from rules.mail_links import LinkPolicy
from rules.overview import OverviewPolicy
from rules.owners import OwnerRule
from rules.planning import Guard
from rules.quiet import Quiet
from rules.sealing import SealBy
from rules.watch import Watch


@dataclass(frozen=True, slots=True)
class Policy:
    """The office's own rules; the defaults are the house's."""

    ladder: Ladder = field(default_factory=Ladder)
    deadlines: DeadlinePolicy = field(default_factory=DeadlinePolicy)
    guard: Guard = field(default_factory=Guard)
    quiet: Quiet = field(default_factory=Quiet)
    watch: Watch = field(default_factory=Watch)
    overview: OverviewPolicy = field(default_factory=OverviewPolicy)
    owners: tuple[OwnerRule, ...] = ()
    links: LinkPolicy = field(default_factory=LinkPolicy)
    departures: Departures = field(default_factory=Departures)
    seal_by: SealBy = SealBy.FLOW
