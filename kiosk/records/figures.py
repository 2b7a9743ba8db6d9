"""The day's figures, computed from the event log: waiting times, service times, work of counters and officers.

A day is the day on the tickets: an event after midnight still counts for the ticket's day. A ticket waits from drawn to
the first call, and is served from the last call to done. A pair of times that is impossible (the clock was set back, or
the span is a day or longer) is left out of the medians, and its ticket is still counted. This module only reads;
tickets and counters write the events.
"""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from sqlite_utils import Database

from kiosk.base import clock

MAX_SPAN = timedelta(days=1)
VisitEnd = Literal["done", "closed", ""]


@dataclass(frozen=True)
class Service:
    """A completed service, in minutes; None when the times are impossible."""

    counter: int
    actor: str
    minutes: float | None


@dataclass
class Visit:
    """A ticket's day, from its events; `ended` is empty while it waits, is held or is at a counter.

    `procedure` is that of its form, else of the service that was recorded without one; None for neither.
    """

    series: str
    procedure: str | None
    is_priority: bool
    drawn_at: datetime | None = None
    called_at: datetime | None = None
    last_call: datetime | None = None
    ended: VisitEnd = ""
    absences: int = 0
    services: list[Service] = field(default_factory=list)

    @property
    def wait(self) -> float | None:
        """Minutes from drawn to the first call; None without a call, or when the times are impossible."""
        return _minutes(self.drawn_at, self.called_at)


@dataclass(frozen=True)
class Tally:
    """Counts of tickets, and quantiles in minutes.

    Attributes:
        absent: calls that nobody answered.
        left: tickets neither served nor closed.
    """

    drawn: int
    served: int
    absent: int
    closed: int
    left: int
    priority: int
    wait_p50: float | None
    wait_p90: float | None
    service_p50: float | None


@dataclass(frozen=True)
class ServiceTotals:
    """Completed services of a counter or an officer: their number, median and total in minutes."""

    services: int
    p50: float | None
    total: float


@dataclass(frozen=True)
class Shift:
    """A span in which an officer had a counter open; `until` is None where nobody closed it."""

    counter: int
    actor: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class CaseCounts:
    """Counts of a day's cases.

    Attributes:
        filed: forms submitted, by procedure.
        on_time: results handed out by their due date; `late` are those after it, `without_due` have none.
        overdue: open cases past their due date at the end of the day.
    """

    filed: dict[str, int]
    on_time: int
    late: int
    without_due: int
    overdue: int


def visits(db: Database, day: date) -> list[Visit]:
    """Return a day's visits in the order of drawing."""
    sql = """select t.id, t.series, coalesce(s.procedure, (
               select l.procedure from services v join service_lines l on l.service_id = v.id
               where v.ticket_id = t.id and v.outcome = 'done' and v.void_at is null order by v.rowid desc, l.place
             )), t.priority is not null, e.event, e.at, e.counter, e.actor
             from ticket_events e join tickets t on t.id = e.ticket_id
             left join submissions s on s.id = t.submission_id
             where e.day = ? order by e.seq"""
    by_ticket: dict[str, Visit] = {}
    for ticket_id, series, procedure, is_priority, event, at, counter, actor in db.execute(sql, [day.isoformat()]):
        visit = by_ticket.setdefault(ticket_id, Visit(series, procedure, bool(is_priority)))
        _apply(visit, event, clock.parse_timestamp(at), counter=counter or 0, actor=actor or "")
    return list(by_ticket.values())


def _apply(visit: Visit, event: str, at: datetime, *, counter: int, actor: str) -> None:
    if event == "drawn":
        visit.drawn_at = at
    elif event == "called":
        visit.called_at = visit.called_at or at
        visit.last_call = at
        visit.ended = ""
    elif event == "absent":
        visit.absences += 1
    elif event == "returned":
        visit.ended = ""
    elif event == "closed":
        visit.absences += 1
        visit.ended = "closed"
    elif event == "done":
        visit.services.append(Service(counter, actor, _minutes(visit.last_call, at)))
        visit.ended = "done"


def tally(visits: Iterable[Visit]) -> Tally:
    """Count visits."""
    visits = list(visits)
    waits = [visit.wait for visit in visits if visit.wait is not None]
    minutes = [service.minutes for service in _services(visits) if service.minutes is not None]
    served = sum(1 for visit in visits if visit.ended == "done")
    closed = sum(1 for visit in visits if visit.ended == "closed")
    return Tally(
        drawn=len(visits),
        served=served,
        absent=sum(visit.absences for visit in visits),
        closed=closed,
        left=len(visits) - served - closed,
        priority=sum(1 for visit in visits if visit.is_priority),
        wait_p50=quantile(waits, 50),
        wait_p90=quantile(waits, 90),
        service_p50=quantile(minutes, 50),
    )


def by_series(visits: Iterable[Visit]) -> dict[str, Tally]:
    """Count visits by the letter of the series."""
    return _tallies(visits, lambda visit: visit.series)


def by_procedure(visits: Iterable[Visit]) -> dict[str, Tally]:
    """Count visits by the procedure of the submission; the key is "" for tickets without one."""
    return _tallies(visits, lambda visit: visit.procedure or "")


def by_hour(visits: Iterable[Visit]) -> dict[int, tuple[int, int]]:
    """Return the tickets drawn and the tickets first called in each hour of the ward's day."""
    counts: dict[int, tuple[int, int]] = {}
    for visit in visits:
        if visit.drawn_at is not None:
            hour = clock.local(visit.drawn_at).hour
            drawn, called = counts.get(hour, (0, 0))
            counts[hour] = (drawn + 1, called)
        if visit.called_at is not None:
            hour = clock.local(visit.called_at).hour
            drawn, called = counts.get(hour, (0, 0))
            counts[hour] = (drawn, called + 1)
    return dict(sorted(counts.items()))


def waits_by_hour(visits: Iterable[Visit]) -> dict[int, tuple[int, float | None]]:
    """Return the number of tickets drawn in each hour of the ward's day, and the median of their waits."""
    waits: dict[int, list[float | None]] = {}
    for visit in visits:
        if visit.drawn_at is not None:
            waits.setdefault(clock.local(visit.drawn_at).hour, []).append(visit.wait)
    return {
        hour: (len(waits[hour]), quantile([wait for wait in waits[hour] if wait is not None], 50))
        for hour in sorted(waits)
    }


def waits_by_hour_and_series(visits: Iterable[Visit]) -> dict[tuple[str, int], float | None]:
    """Return the median wait of the tickets drawn in each hour of the ward's day, by series and hour."""
    groups: dict[str, list[Visit]] = {}
    for visit in visits:
        groups.setdefault(visit.series, []).append(visit)
    return {
        (series, hour): median
        for series in sorted(groups)
        for hour, (_, median) in waits_by_hour(groups[series]).items()
    }


def by_counter(visits: Iterable[Visit]) -> dict[int, ServiceTotals]:
    """Return the service totals of each counter."""
    groups: dict[int, list[Service]] = {}
    for service in _services(visits):
        groups.setdefault(service.counter, []).append(service)
    return {counter: _totals(groups[counter]) for counter in sorted(groups)}


def by_officer(visits: Iterable[Visit]) -> dict[str, ServiceTotals]:
    """Return the service totals of each officer, by code."""
    groups: dict[str, list[Service]] = {}
    for service in _services(visits):
        groups.setdefault(service.actor, []).append(service)
    return {actor: _totals(groups[actor]) for actor in sorted(groups)}


def shifts(db: Database, day: date) -> list[Shift]:
    """Return a day's shifts, by counter and time."""
    sql = "select counter, at, event, actor from counter_events where day = ? order by counter, seq"
    shifts: list[Shift] = []
    begun: Shift | None = None
    for counter, at, event, actor in db.execute(sql, [day.isoformat()]).fetchall():
        time = clock.parse_timestamp(at)
        if begun and begun.counter == counter:
            shifts.append(Shift(counter=counter, actor=begun.actor, since=begun.since, until=time))
        elif begun:
            shifts.append(begun)
        begun = Shift(counter=counter, actor=actor, since=time, until=None) if event == "opened" else None
    return [*shifts, begun] if begun else shifts


def cases(db: Database, day: date, start: datetime, end: datetime) -> CaseCounts:
    """Count a day's cases: results handed out from `start` until before `end`, and cases overdue at `end`."""
    filed = "select procedure, count(*) from submissions where day = ? and revision = 1 group by procedure"
    handed_out = f"""select count(*), count(*) filter (where {_DUE} is null),
                       count(*) filter (where closed_at <= {_DUE})
                     from submissions
                     where closed_at >= ? and closed_at < ? and desk = 'handed_out' and {_LAST}"""  # noqa: S608  # nosec B608 # constants of this module
    times = [clock.timestamp(start), clock.timestamp(end)]
    all_handed_out, without_due, on_time = db.execute(handed_out, times).fetchone()
    return CaseCounts(
        filed=dict(db.execute(filed, [day.isoformat()]).fetchall()),
        on_time=on_time,
        late=all_handed_out - without_due - on_time,
        without_due=without_due,
        overdue=_overdue(db, clock.timestamp(end)),
    )


def timely_by_procedure(db: Database, start: datetime, end: datetime) -> dict[str, tuple[int, int]]:
    """Return the results handed out in time and late, by procedure, from `start` until before `end`."""
    sql = f"""select procedure, count(*) filter (where closed_at <= {_DUE}), count(*) filter (where closed_at > {_DUE})
              from submissions where closed_at >= ? and closed_at < ? and desk = 'handed_out' and {_DUE} is not null
                and {_LAST} group by procedure"""  # noqa: S608  # nosec B608 # constants of this module
    rows = db.execute(sql, [clock.timestamp(start), clock.timestamp(end)]).fetchall()
    return {procedure: (on_time, late) for procedure, on_time, late in rows}


def usual_by_hour(db: Database, days: Sequence[date]) -> dict[int, float]:
    """Return the mean number of tickets drawn in each hour of the ward, over those days that had any."""
    totals: dict[int, int] = {}
    count = 0
    for day in days:
        rows = db.execute("select drawn_at from tickets where day = ?", [day.isoformat()]).fetchall()
        count += bool(rows)
        for (drawn_at,) in rows:
            hour = clock.local(clock.parse_timestamp(drawn_at)).hour
            totals[hour] = totals.get(hour, 0) + 1
    return {hour: total / count for hour, total in sorted(totals.items())}


def count_done(db: Database, day: date, until: datetime) -> int:
    """Count the services of a day that were done before a time."""
    sql = "select count(*) from ticket_events where day = ? and event = 'done' and at < ?"
    return int(db.execute(sql, [day.isoformat(), clock.timestamp(until)]).fetchone()[0])


def overdue(db: Database, moment: datetime) -> int:
    """Count the cases that are open past their due date at a moment."""
    return _overdue(db, clock.timestamp(moment))


_DUE = "coalesce(desk_due_at, due_at)"
_LAST = "not exists (select 1 from submissions later where later.supersedes = submissions.id)"


def _overdue(db: Database, moment: str) -> int:
    """Count the cases due before a moment and open at it, neither closed by the desk nor ended at the portal."""
    still_open = f"""select count(*) from submissions where {_DUE} < ? and closed_at is null
                     and coalesce(portal_code, 1) not in (3, 7, 8, 9, 10)"""  # noqa: S608  # nosec B608 # constants of this module
    closed_since = f"select count(*) from submissions where closed_at >= ? and {_DUE} < ? and {_LAST}"  # noqa: S608  # nosec B608 # constants of this module
    counts = [*db.execute(still_open, [moment]).fetchone(), *db.execute(closed_since, [moment, moment]).fetchone()]
    return sum(counts)


def quantile(minutes: Sequence[float], percent: int) -> float | None:
    """Return the percentile of some minutes; None without any."""
    if len(minutes) < 2:
        return minutes[0] if minutes else None
    return statistics.quantiles(minutes, n=100, method="inclusive")[percent - 1]


def _tallies(visits: Iterable[Visit], key: Callable[[Visit], str]) -> dict[str, Tally]:
    groups: dict[str, list[Visit]] = {}
    for visit in visits:
        groups.setdefault(key(visit), []).append(visit)
    return {name: tally(groups[name]) for name in sorted(groups)}


def _services(visits: Iterable[Visit]) -> list[Service]:
    return [service for visit in visits for service in visit.services]


def _totals(services: Sequence[Service]) -> ServiceTotals:
    minutes = [service.minutes for service in services if service.minutes is not None]
    return ServiceTotals(len(services), quantile(minutes, 50), sum(minutes))


def _minutes(start: datetime | None, end: datetime | None) -> float | None:
    if start is None or end is None or not timedelta() <= end - start < MAX_SPAN:
        return None
    return (end - start).total_seconds() / 60
