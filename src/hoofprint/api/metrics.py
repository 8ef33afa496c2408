"""Prometheus metrics: plain counters on the hot path, turned into samples when someone asks."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from hoofprint.model.arrival import Arrival, Dropped, Kind
from hoofprint.model.reasons import DropReason
from hoofprint.store.answers import Source

CONTENT_TYPE = "text/plain; version=0.0.4"
FLUSH_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
QUERY_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 1.5, 2.5, 5, 10, 30)


class Metrics:
    """What this process counted since it started; one instance for all parts.

    `accepted` counts requests that were made durable and passed every rule that needs no session;
    the session engine may still drop some of them (page view limit), which shows in the drops.
    """

    def __init__(self) -> None:
        self.accepted = 0
        self.received: Tally[Kind] = Tally(dict.fromkeys(Kind, 0))
        self.drops: Tally[str] = Tally({reason.value: 0 for reason in DropReason})
        self.refusals: Tally[int] = Tally()
        self._lag: Callable[[], int] = int
        self._registry = CollectorRegistry()
        self._flush = Histogram(
            "hoofprint_flush_seconds",
            "Time to store one batch of the spool",
            buckets=FLUSH_BUCKETS,
            registry=self._registry,
        )
        self._query = Histogram(
            "hoofprint_query_seconds",
            "Time of one plan in the store",
            buckets=QUERY_BUCKETS,
            registry=self._registry,
        )
        self._answers = Counter(
            "hoofprint_plans",
            "Answers to plans: kept from before, shared with who was just asking, from the store",
            ["source"],
            registry=self._registry,
        )
        for source in Source:
            self._answers.labels(source)
        self._registry.register(_Samples(self))

    def took(self, kind: Kind, records: Sequence[Arrival | Dropped]) -> None:
        """Count requests that the spool has made durable."""
        self.received[kind] += len(records)
        for record in records:
            if type(record) is Dropped:
                self.drops[record.reason] += 1
            else:
                self.accepted += 1

    def dropped(self, reason: DropReason, times: int = 1) -> None:
        """Count requests that the session engine dropped."""
        self.drops[reason.value] += times

    def refused(self, status: int) -> None:
        """Count an answer that was an error."""
        self.refusals[status] += 1

    def flushed(self, seconds: float) -> None:
        """Note how long storing one batch took."""
        self._flush.observe(seconds)

    def queried(self, seconds: float) -> None:
        """Note how long one plan took in the store."""
        self._query.observe(seconds)

    def answered(self, source: Source) -> None:
        """Count the answer to a plan."""
        self._answers.labels(source).inc()

    def watch(self, name: str, text: str, value: Callable[[], float]) -> None:
        """Show a number that is asked for when somebody looks."""
        Gauge(f"hoofprint_{name}", text, registry=self._registry).set_function(value)

    def watch_lag(self, lag: Callable[[], int]) -> None:
        """Ask `lag` for the records that are accepted but not stored yet."""
        self._lag = lag

    @property
    def lag(self) -> int:
        """The spool's lag right now."""
        return self._lag()

    def render(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self._registry)


class _Samples(Collector):
    """Reads the plain counters when they are scraped."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        metrics = self._metrics
        yield _counter(
            "hoofprint_received",
            "Well-formed, authorised collection requests",
            "kind",
            ((kind.name.lower(), count) for kind, count in metrics.received.items()),
        )
        accepted = CounterMetricFamily("hoofprint_accepted", "Requests that passed every filter")
        accepted.add_metric([], metrics.accepted)
        yield accepted
        yield _counter(
            "hoofprint_dropped", "Requests that a rule dropped", "reason", metrics.drops.items()
        )
        yield _counter(
            "hoofprint_refused",
            "Answers that were errors",
            "status",
            ((str(status), count) for status, count in metrics.refusals.items()),
        )
        lag = GaugeMetricFamily("hoofprint_spool_lag", "Records accepted but not stored yet")
        lag.add_metric([], metrics.lag)
        yield lag


def _counter(
    name: str, text: str, label: str, counts: Iterable[tuple[str, int]]
) -> CounterMetricFamily:
    family = CounterMetricFamily(name, text, labels=[label])
    for value, count in counts:
        family.add_metric([value], count)
    return family
