"""Prometheus metrics, served on the loopback address only: requests of this process, and the state of the store.

Labels name kiosks, units and codes, never a person (`fleet_metrics`).
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import OperationalError

from sync.gateway import fleet_metrics, forward_steps, forwarding, messages, replication
from sync.gateway.tables import kiosks, nonces, refusals, submissions

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_KINDS = ("submission", "event")
_REFUSED_OUTCOMES = ("conflict", "invalid")
_COUNTED_TABLES = (
    ("gateway_kiosks", "Kiosks enrolled.", kiosks),
    ("gateway_submissions", "Submissions held.", submissions),
    ("gateway_refused", "Subjects refused for good.", refusals),
    ("gateway_nonces", "Marks of requests kept.", nonces),
)


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
        for kind, outcome in product(_KINDS, _REFUSED_OUTCOMES):
            # `increase` sees no step from a series that is not there to 1: the first refusal would raise no alert.
            self.results.labels(kind, outcome)

    def collect_store(self, engine: Engine, now: Callable[[], datetime], *, needs_standby: bool = False) -> None:
        """Add the state of the store, read at each scrape."""
        self.registry.register(_StoreCollector(engine, now, needs_standby=needs_standby))

    def serve(self, port: int) -> Callable[[], None]:
        """Serve the metrics on the loopback address.

        Returns:
            A function that stops serving.

        Raises:
            OSError: the port is in use.
        """
        server, thread = start_http_server(port, addr="127.0.0.1", registry=self.registry)

        def close() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return close


class _StoreCollector:
    """Reads the state of the store at each scrape."""

    def __init__(self, engine: Engine, now: Callable[[], datetime], *, needs_standby: bool) -> None:
        self._engine = engine
        self._now = now
        self._needs_standby = needs_standby

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Describe no metric, so that registering does not read the store."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read the store; only `gateway_store_up` when it is unavailable."""
        try:
            with self._engine.begin() as db:
                gauges = [*_count_rows(db), *self._forwarding_gauges(db), *_unread_gauges(db)]
                gauges.append(_message_gauge(db))
                gauges += fleet_metrics.gauges(db, self._now())
                gauges += self._standby_gauges(db)
        except OperationalError:
            yield _gauge("gateway_store_up", "Whether the store can be read.", 0)
            return
        yield _gauge("gateway_store_up", "Whether the store can be read.", 1)
        yield from gauges

    def _standby_gauges(self, db: Connection) -> list[GaugeMetricFamily]:
        known = replication.read_replication(db)
        needed = self._needs_standby or bool(known.names)
        synchronous = [standby for standby in known.standbys if known.names and standby.is_synchronous]
        lag = max((standby.lag_bytes or 0.0 for standby in synchronous), default=0.0)
        return [
            _gauge("gateway_standby_needed", "Whether commits wait for a standby.", needed),
            _gauge("gateway_standby_synchronous", "Standbys that confirm commits.", len(synchronous)),
            _gauge("gateway_standby_lag_bytes", "What they do not have on their disks yet.", lag),
        ]

    def _forwarding_gauges(self, db: Connection) -> list[GaugeMetricFamily]:
        by_state = GaugeMetricFamily("gateway_forwards", "Accepted dossiers by state.", labels=["state"])
        for state, count in forwarding.count_by_state(db).items():
            by_state.add_metric([state], count)
        oldest = forwarding.oldest_open(db)
        age = (self._now() - datetime.fromisoformat(oldest)).total_seconds() if oldest else 0.0
        return [
            by_state,
            _gauge("gateway_forward_oldest_seconds", "Age of the oldest dossier that is to be sent.", max(age, 0.0)),
            _gauge("gateway_forward_doubtful", "Steps that may be there.", forward_steps.count_doubtful(db)),
        ]


def _count_rows(db: Connection) -> list[GaugeMetricFamily]:
    return [
        _gauge(name, description, db.execute(select(func.count()).select_from(table)).scalar_one())
        for name, description, table in _COUNTED_TABLES
    ]


def _message_gauge(db: Connection) -> GaugeMetricFamily:
    by_state = GaugeMetricFamily("gateway_messages", "Messages to phones by state.", labels=["state"])
    for state, count in messages.count_by_state(db).items():
        by_state.add_metric([state], count)
    return by_state


def _unread_gauges(db: Connection) -> list[GaugeMetricFamily]:
    unread = kiosks.c.last_seq - kiosks.c.read_seq
    total, most = db.execute(select(func.coalesce(func.sum(unread), 0), func.coalesce(func.max(unread), 0))).one()
    return [
        _gauge("gateway_changes_unread", "Changes that kiosks have not read yet.", total),
        _gauge("gateway_changes_unread_most", "The same of the kiosk that is furthest behind.", most),
    ]


def _gauge(name: str, description: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, description, value=value)
