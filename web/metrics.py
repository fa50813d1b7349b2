"""Figures for Prometheus: with a token where the settings name one, else to this machine alone."""

from collections.abc import Iterator
from datetime import datetime
from secrets import compare_digest

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response

from models.session import reading
from notifications.smtp import is_loopback
from rules.errors import NotFoundError
from services.measures import Measures, measure
from web.deps import Ask
from web.pages import Family

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""A proxy on this machine speaks for others, and says so by one of these."""

family = Family()


@family.get("/metrics", "ask-health", is_alone=True)
def tell(ask: Ask) -> Response:
    """The figures as Prometheus reads them."""
    if not _may_know(ask.request, ask.desk.house.settings.metrics_token()):
        raise NotFoundError("There is no such page.")
    with reading(ask.desk.house.engine) as session:
        found = measure(session, ask.now)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Once(found, ask.now))
    return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _may_know(request: Request, token: str) -> bool:
    if token:
        said = request.headers.get("authorization", "")
        return compare_digest(said.encode(), f"Bearer {token}".encode())
    host = request.client.host if request.client else ""
    return is_loopback(host) and not any(name in request.headers for name in FORWARDED)


class _Once(Collector):
    """Hands the figures of one look over."""

    def __init__(self, found: Measures, now: datetime) -> None:
        self._found, self._now = found, now

    def collect(self) -> Iterator[Metric]:
        found = self._found
        yield _one("rectify_letters_due", "Letters that may go now and have not gone.", found.due)
        letters = GaugeMetricFamily("rectify_letters", "Letters by what became of them.", labels=["fate"])
        for fate, count in found.letters.items():
            letters.add_metric([fate.value], count)
        yield letters
        waited = (self._now - found.oldest_at).total_seconds() if found.oldest_at else 0.0
        yield _one("rectify_oldest_waiting_seconds", "Age of the oldest letter that waits.", max(0.0, waited))
        yield from self._loops()
        yield _one("rectify_sealed_periods", "Periods with a seal in force.", found.sealed)
        still = "1 after a restore, until sending is resumed."
        yield _one("rectify_stands_still", still, float(found.stands_still))

    def _loops(self) -> Iterator[Metric]:
        found = self._found
        name = "rectify_last_success_timestamp_seconds"
        successes = GaugeMetricFamily(name, "When each flow last succeeded.", labels=["flow"])
        for loop, at in found.successes.items():
            successes.add_metric([loop.value], at.timestamp())
        yield successes
        failing = GaugeMetricFamily("rectify_failing", "1 if the flow's last run failed.", labels=["flow"])
        for loop in sorted({*found.successes, *found.failing}):
            failing.add_metric([loop.value], float(loop in found.failing))
        yield failing


def _one(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=value)
