"""Counts of a month's messages, by unit, sender, state and code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from sync.encoding import timestamp
from sync.gateway.message_hours import WARD_TIME
from sync.gateway.message_tables import messages
from sync.gateway.tables import kiosks


@dataclass(frozen=True, kw_only=True)
class MessageCount:
    """A number of messages of one unit that have the same sender, state and code."""

    unit_code: str
    sender: str
    state: str
    code: str
    count: int


def months_before(now: datetime, count: int) -> list[str]:
    """Return this month and those before it, the newest first, as 2026-11."""
    day = now.astimezone(WARD_TIME).date()
    months = list[str]()
    for _ in range(count):
        months.append(f"{day:%Y-%m}")
        day = day.replace(day=1) - timedelta(days=1)
    return months


def counts_of(db: Connection, month: str, unit_code: str = "") -> list[MessageCount]:
    """Return the counts of a month of the ward, as 2026-11, of all units or one.

    A message belongs to the month of its last change.
    """
    begin = datetime.fromisoformat(f"{month}-01").replace(tzinfo=WARD_TIME)
    end = (begin + timedelta(days=32)).replace(day=1)
    group = (kiosks.c.unit_code, messages.c.sender, messages.c.state, messages.c.code)
    is_of_month = (messages.c.changed_at >= timestamp(begin)) & (messages.c.changed_at < timestamp(end))
    if unit_code:
        is_of_month &= kiosks.c.unit_code == unit_code
    rows = db.execute(
        select(*group, func.count())
        .join(kiosks, kiosks.c.kiosk_id == messages.c.kiosk_id)
        .where(is_of_month)
        .group_by(*group)
        .order_by(*group)
    )
    return [
        MessageCount(unit_code=unit, sender=sender, state=state, code=code, count=count)
        for unit, sender, state, code, count in rows
    ]


def month_of_unit(db: Connection, unit_code: str, prices: Mapping[str, int], now: datetime) -> dict[str, Any]:
    """Return this month of a unit as the answer to a report has it: messages sent, and not, and the cost in đồng."""
    month = months_before(now, 1)[0]
    counts = counts_of(db, month, unit_code)
    sent = [count for count in counts if count.state == "sent"]
    return {
        "month": month,
        "sent": sum(count.count for count in sent),
        "unsent": sum(count.count for count in counts if count.state in ("refused", "unsure")),
        "cost": sum(count.count * prices.get(count.sender, 0) for count in sent),
    }
