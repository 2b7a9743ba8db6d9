"""The figures of a day, made from the event log alone: how long one waited and was served, at which counter, by whom.

A day is the day of its numbers: what happens to a number after midnight still counts for the day on its ticket. A
number waits from drawn to first called, and is served from the last call to done. A pair of times that cannot be (the
clock went back, or a number would have waited over a day) is left out, and its number still counted. Only reads;
tickets and counters leave the events.
"""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from sqlite_utils import Database

from kiosk import clock

LONGEST = timedelta(days=1)
End = Literal["done", "closed", ""]


@dataclass(frozen=True)
class Service:
    """One service to its end: at which counter, by whom, for how many minutes (None: the clock cannot be right)."""

    counter: int
    actor: str
    minutes: float | None


@dataclass
class Visit:
    """A number as its events tell of it; `ended` is empty for one that waits, is held or at a counter."""

    series: str
    procedure: str | None
    is_priority: bool
    drawn_at: datetime | None = None
    called_at: datetime | None = None
    last_call: datetime | None = None
    ended: End = ""
    absences: int = 0
    services: list[Service] = field(default_factory=list)

    @property
    def wait(self) -> float | None:
        """Minutes from drawn to first called; None for one never called, or times that cannot be."""
        return _minutes(self.drawn_at, self.called_at)


@dataclass(frozen=True)
class Tally:
    """Numbers counted together: `absent` counts calls in vain, `left` numbers neither served nor closed; minutes."""

    drawn: int
    served: int
    absent: int
    closed: int
    left: int
    priority: int
    wait_p50: float | None
    wait_p90: float | None
    service_p50: float | None
    service_p90: float | None


@dataclass(frozen=True)
class Work:
    """What was done at a counter, or by somebody: services to their end, the median, and all of them in minutes."""

    services: int
    p50: float | None
    total: float


@dataclass(frozen=True)
class Shift:
    """A counter open from until, with whom; `until` is None where nobody closed it."""

    counter: int
    actor: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Cases:
    """Forms of a day: handed in by procedure; results handed out that day in and after their time; late at its end."""

    filed: dict[str, int]
    on_time: int
    late: int
    without_due: int
    overdue: int


def visits(db: Database, day: date) -> list[Visit]:
    """Return the numbers of a day in the order of drawing."""
    sql = """select t.id, t.series, s.procedure, t.priority is not null, e.event, e.at, e.counter, e.actor
             from ticket_events e join tickets t on t.id = e.ticket_id
             left join submissions s on s.id = t.submission_id
             where e.day = ? order by e.seq"""
    found: dict[str, Visit] = {}
    for ticket, series, procedure, is_priority, event, at, counter, actor in db.execute(sql, [day.isoformat()]):
        visit = found.setdefault(ticket, Visit(series, procedure, bool(is_priority)))
        _happened(visit, event, clock.read(at), (counter, actor))
    return list(found.values())


def _happened(visit: Visit, event: str, at: datetime, where: tuple[int | None, str | None]) -> None:
    if event == "drawn":
        visit.drawn_at = at
    elif event == "called":
        visit.called_at = visit.called_at or at
        visit.last_call, visit.ended = at, ""
    elif event == "absent":
        visit.absences += 1
    elif event == "returned":
        visit.ended = ""
    elif event == "closed":
        visit.absences += 1
        visit.ended = "closed"
    elif event == "done":
        counter, actor = where
        visit.services.append(Service(counter or 0, actor or "", _minutes(visit.last_call, at)))
        visit.ended = "done"


def tally(found: Iterable[Visit]) -> Tally:
    """Count some numbers together."""
    listed = list(found)
    waits = [one.wait for one in listed if one.wait is not None]
    services = [each.minutes for one in listed for each in one.services if each.minutes is not None]
    served, closed = (sum(1 for one in listed if one.ended == end) for end in ("done", "closed"))
    return Tally(
        drawn=len(listed),
        served=served,
        absent=sum(one.absences for one in listed),
        closed=closed,
        left=len(listed) - served - closed,
        priority=sum(1 for one in listed if one.is_priority),
        wait_p50=quantile(waits, 50),
        wait_p90=quantile(waits, 90),
        service_p50=quantile(services, 50),
        service_p90=quantile(services, 90),
    )


def by_series(found: Iterable[Visit]) -> dict[str, Tally]:
    """Count by the letter on the ticket."""
    return _tallies(found, lambda one: one.series)


def by_procedure(found: Iterable[Visit]) -> dict[str, Tally]:
    """Count by the code of the form that came with a number; "" where none did."""
    return _tallies(found, lambda one: one.procedure or "")


def by_hour(found: Iterable[Visit]) -> dict[int, tuple[int, int]]:
    """Return for each hour of the ward how many numbers were drawn in it, and how many were first called."""
    counts: dict[int, tuple[int, int]] = {}
    for one in found:
        for at, place in ((one.drawn_at, 0), (one.called_at, 1)):
            if at is not None:
                hour = clock.local(at).hour
                drawn, called = counts.get(hour, (0, 0))
                counts[hour] = (drawn + 1, called) if place == 0 else (drawn, called + 1)
    return dict(sorted(counts.items()))


def by_counter(found: Iterable[Visit]) -> dict[int, Work]:
    """Count services by counter."""
    services = [each for one in found for each in one.services]
    return {
        key: _work([one for one in services if one.counter == key]) for key in sorted({one.counter for one in services})
    }


def by_officer(found: Iterable[Visit]) -> dict[str, Work]:
    """Count services by who ended them, by the code of the staff."""
    services = [each for one in found for each in one.services]
    return {
        key: _work([one for one in services if one.actor == key]) for key in sorted({one.actor for one in services})
    }


def shifts(db: Database, day: date) -> list[Shift]:
    """Return who sat at which counter from when until when, counter by counter."""
    sql = "select counter, at, event, actor from counter_events where day = ? order by counter, seq"
    found: list[Shift] = []
    begun: Shift | None = None
    for counter, at, event, actor in db.execute(sql, [day.isoformat()]).fetchall():
        if begun and begun.counter == counter:
            found.append(Shift(counter, begun.actor, begun.since, clock.read(at)))
        elif begun:
            found.append(begun)
        begun = Shift(counter, actor, clock.read(at), None) if event == "opened" else None
    return [*found, begun] if begun else found


def cases(db: Database, day: date, start: datetime, end: datetime) -> Cases:
    """Count the forms of a day; results handed out from `start` until before `end`, and what is late at `end`."""
    filed = "select procedure, count(*) from submissions where day = ? and revision = 1 group by procedure"
    handed = f"""select {_DUE} is null, coalesce(closed_at <= {_DUE}, 0) from submissions
                 where closed_at >= ? and closed_at < ? and desk = 'handed_out' and {_LAST}"""  # noqa: S608
    begins, ends = clock.stamp(start), clock.stamp(end)
    found = [(bool(dateless), bool(timely)) for dateless, timely in db.execute(handed, [begins, ends]).fetchall()]
    without = sum(1 for dateless, _timely in found if dateless)
    on_time = sum(1 for _dateless, timely in found if timely)
    return Cases(
        filed=dict(db.execute(filed, [day.isoformat()]).fetchall()),
        on_time=on_time,
        late=len(found) - without - on_time,
        without_due=without,
        overdue=_overdue(db, ends),
    )


_DUE = "coalesce(desk_due_at, due_at)"
_LAST = "not exists (select 1 from submissions later where later.supersedes = submissions.id)"


def _overdue(db: Database, moment: str) -> int:
    """Count what was due before a moment and not closed at it, by the desk or by the portal's word."""
    open_ = f"""select count(*) from submissions where {_DUE} < ? and closed_at is null
                and coalesce(portal_code, 1) not in (3, 7, 8, 9, 10)"""  # noqa: S608
    counted = db.execute(open_, [moment]).fetchone()[0]
    since = f"select count(*) from submissions where closed_at >= ? and {_DUE} < ? and {_LAST}"  # noqa: S608
    return int(counted) + int(db.execute(since, [moment, moment]).fetchone()[0])


def quantile(minutes: Sequence[float], percent: int) -> float | None:
    """Return the value below which so many percent lie; None of nothing."""
    if len(minutes) < 2:
        return minutes[0] if minutes else None
    return statistics.quantiles(minutes, n=100, method="inclusive")[percent - 1]


def _tallies(found: Iterable[Visit], key: Callable[[Visit], str]) -> dict[str, Tally]:
    groups: dict[str, list[Visit]] = {}
    for one in found:
        groups.setdefault(key(one), []).append(one)
    return {name: tally(groups[name]) for name in sorted(groups)}


def _work(services: Sequence[Service]) -> Work:
    minutes = [one.minutes for one in services if one.minutes is not None]
    return Work(len(services), quantile(minutes, 50), sum(minutes))


def _minutes(start: datetime | None, end: datetime | None) -> float | None:
    if start is None or end is None or not timedelta() <= end - start < LONGEST:
        return None
    return (end - start).total_seconds() / 60
