"""Figures for Prometheus, on a listener of the loopback alone: what this process did, and how the store stands.

Labels are few and fixed: no kiosk and no person is named, so ten thousand kiosks cost no more than one.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError

from sync.gateway import forwarding
from sync.gateway.tables import kiosks, nonces, refusals, submissions

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The counters of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("gateway_requests", "Answers to kiosks.", ["address", "status"], registry=self.registry)
        self.seconds = Histogram(
            "gateway_request_seconds", "How long an answer took.", buckets=_BUCKETS, registry=self.registry
        )
        self.results = Counter(
            "gateway_results", "Results for single subjects.", ["kind", "outcome"], registry=self.registry
        )

    def collect_store(self, engine: Engine, now: Callable[[], datetime]) -> None:
        """Tell how the store stands as well, each time somebody asks."""
        self.registry.register(_StoreCollector(engine, now))

    def serve(self, port: int) -> Callable[[], None]:
        """Answer Prometheus on the loopback; give what ends it. OSError: the port is taken."""
        server, thread = start_http_server(port, addr="127.0.0.1", registry=self.registry)

        def close() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return close


class _StoreCollector:
    """How the store stands at this moment."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Tell Prometheus nothing before it asks: registering must not read the store."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read the store; only ``gateway_store_up`` when it is away."""
        try:
            found = self._read()
        except OperationalError:
            yield _gauge("gateway_store_up", "Whether the store can be read.", 0)
            return
        yield _gauge("gateway_store_up", "Whether the store can be read.", 1)
        yield from found

    def _read(self) -> list[GaugeMetricFamily]:
        with self._engine.begin() as db:
            behind = kiosks.c.last_seq - kiosks.c.read_seq
            lag, most = db.execute(select(func.coalesce(func.sum(behind), 0), func.coalesce(func.max(behind), 0))).one()
            counted = {
                "gateway_kiosks": ("Kiosks enrolled.", kiosks),
                "gateway_submissions": ("Submissions held.", submissions),
                "gateway_refused": ("Subjects refused for good.", refusals),
                "gateway_nonces": ("Marks of requests kept.", nonces),
            }
            gauges = [
                _gauge(name, said, db.execute(select(func.count()).select_from(table)).scalar_one())
                for name, (said, table) in counted.items()
            ]
            states = forwarding.counts(db)
            oldest = forwarding.oldest_waiting(db)
        by_state = GaugeMetricFamily("gateway_forwards", "Accepted dossiers by state.", labels=["state"])
        for state, count in states.items():
            by_state.add_metric([state], count)
        age = (self._now() - datetime.fromisoformat(oldest)).total_seconds() if oldest else 0.0
        return [
            *gauges,
            by_state,
            _gauge("gateway_forward_oldest_seconds", "Age of the longest waiting dossier.", max(age, 0.0)),
            _gauge("gateway_changes_unread", "Changes that kiosks have not read yet.", lag),
            _gauge("gateway_changes_unread_most", "The same of the kiosk that is furthest behind.", most),
        ]


def _gauge(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, said, value=value)
