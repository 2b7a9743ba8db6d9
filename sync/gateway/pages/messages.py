"""Messages page: what was sent to phones in a month, its cost by the prices of the settings files, what failed."""

from collections import defaultdict
from dataclasses import dataclass, field

from flask import Blueprint, render_template, request

from sync.gateway.context import context
from sync.gateway.message_counts import MessageCount, counts_of, months_before
from sync.gateway.message_senders import read_prices
from sync.gateway.pages import access

MONTHS = 6
SENDER_LABELS = {"zalo": "Zalo", "sms": "SMS", "file": "Thư mục để thử"}
STATE_LABELS = {
    "due": "đang chờ",
    "sending": "đang gửi",
    "refused": "không gửi được",
    "unsure": "chưa chắc đã tới",
    "dropped": "thôi gửi",
}


@dataclass(kw_only=True)
class UnitMessages:
    """Messages of a unit in a month: how many each sender has sent, how many not, and what they cost in đồng."""

    sent: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    unsent: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    cost: int = 0


def add_routes(pages: Blueprint) -> None:
    """Add the route of this module."""
    pages.add_url_rule("/messages", view_func=show_messages)


def show_messages() -> str:
    """Show this month, or the one that the address names."""
    settings = context().settings
    months = months_before(settings.now(), MONTHS)
    asked = request.args.get("month", "")
    month = asked if asked in months else months[0]
    wards = access.current_wards()
    with context().engine.begin() as db:
        counts = [count for count in counts_of(db, month) if wards.has(count.unit_code)]
    prices = read_prices(settings.send_messages)
    units = _by_unit(counts, prices)
    return render_template(
        "messages.html",
        month=month,
        months=months,
        units=units,
        senders=sorted({sender for unit in units.values() for sender in unit.sent}),
        sender_labels=SENDER_LABELS,
        state_labels=STATE_LABELS,
        unpriced=[sender for sender in SENDER_LABELS if sender != "file" and not prices.get(sender)],
        reasons=_reasons(counts),
        sends=settings.sends_messages,
    )


def _by_unit(counts: list[MessageCount], prices: dict[str, int]) -> dict[str, UnitMessages]:
    units = defaultdict[str, UnitMessages](UnitMessages)
    for count in counts:
        unit = units[count.unit_code]
        if count.state == "sent":
            unit.sent[count.sender] += count.count
            unit.cost += count.count * prices.get(count.sender, 0)
        else:
            unit.unsent[count.state] += count.count
    return dict(units)


def _reasons(counts: list[MessageCount]) -> list[tuple[str, str, int]]:
    """Return state, code and number of what was not sent, the most frequent first."""
    sums = defaultdict[tuple[str, str], int](int)
    for count in counts:
        if count.state != "sent" and count.code:
            sums[count.state, count.code] += count.count
    return sorted(((state, code, n) for (state, code), n in sums.items()), key=lambda row: -row[2])
