"""Words of a form's place in the queue, for a citizen on the phone. The loudspeaker at the ward stays the authority."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sync.gateway.phone_pages.office_hours import WARD_TIME
from sync.gateway.queues import QueuePlace

OLD_QUEUE = timedelta(seconds=60)
"""From this age on the page names no number of people."""
NEAR = 2
"""So many calls before a number, its citizen should be back."""


@dataclass(frozen=True, kw_only=True)
class PlacePage:
    """A place in the queue as the page shows it.

    Attributes:
        kind: which of the page's texts it has.
        ahead: calls before the number; `ahead_words` says it, also in the title of the tab.
        minutes: the wait in words; empty where nobody knows it.
        counter: the counter at which a called number is awaited; 0 for any other.
        calls: number and counter of the calls of now.
        is_fresh: the news are younger than `OLD_QUEUE`.
        seen: time of the ward's last post, with its second.
    """

    label: str
    kind: Literal["waiting", "near", "called", "absent", "held", "old"]
    ahead: int
    ahead_words: str
    minutes: str
    counter: int
    calls: tuple[tuple[str, int], ...]
    is_fresh: bool
    seen: str


def place_page(place: QueuePlace, now: datetime) -> PlacePage:
    """Return the page of a place at a time."""
    is_fresh = now - place.posted_at <= OLD_QUEUE
    at = place.posted_at.astimezone(WARD_TIME)
    return PlacePage(
        label=place.label,
        kind=_kind(place) if is_fresh else "old",
        ahead=place.ahead,
        ahead_words=f"{place.ahead} người" if place.ahead else "không còn ai",
        minutes=_minutes(place.minutes),
        counter=place.counters[0] if place.state == "called" and place.counters else 0,
        calls=tuple((label, counter) for counter, label in sorted(place.calls.items())),
        is_fresh=is_fresh,
        seen=f"{at.hour}:{at:%M:%S}",
    )


def _kind(place: QueuePlace) -> Literal["waiting", "near", "called", "absent", "held"]:
    if place.state != "waiting":
        return place.state
    return "near" if place.ahead <= NEAR else "waiting"


def _minutes(minutes: tuple[int, int] | None) -> str:
    if minutes is None:
        return ""
    least, most = minutes
    return f"chừng {least} đến {most} phút" if least else f"không quá {most} phút"
