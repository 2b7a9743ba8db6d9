"""When messages may be sent: while the counter of the ward is open."""

from datetime import date, datetime, time, timedelta, timezone

from sync.gateway.kiosk_reports import Office

WARD_TIME = timezone(timedelta(hours=7))
_USUAL_SPANS = ("07:30-11:30", "13:30-17:00")
"""Of a working day that the kiosk has not named."""
_SATURDAY = 5
_LOOK_AHEAD = 15


def next_open(office: Office | None, now: datetime) -> datetime:
    """Return `now` while the counter is open, else when it opens next; tomorrow where no day of two weeks is open."""
    today = now.astimezone(WARD_TIME).date()
    for offset in range(_LOOK_AHEAD):
        day = today + timedelta(days=offset)
        for span in _spans(office, day):
            opens, _, closes = span.partition("-")
            if now < _moment(day, closes):
                return max(now, _moment(day, opens))
    return now + timedelta(days=1)


def words_of_day(at: datetime) -> str:
    """Return the day of a time in the ward as `27/11/2026`."""
    return f"{at.astimezone(WARD_TIME):%d/%m/%Y}"


def _spans(office: Office | None, day: date) -> tuple[str, ...]:
    known = office.days.get(day.isoformat()) if office else None
    if known is not None:
        return tuple(sorted(known))
    return _USUAL_SPANS if day.weekday() < _SATURDAY else ()


def _moment(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), WARD_TIME)
