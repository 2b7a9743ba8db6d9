"""Servers page: on how many machines each form is, which is the primary, and how far its standbys are behind."""

from datetime import datetime
from typing import Literal

from flask import Blueprint, render_template

from sync.gateway import replication
from sync.gateway.context import context
from sync.gateway.pages.alarm_labels import duration
from sync.gateway.replication import Replication, Standby

SLOW_SECONDS = 5.0
_MINUTE = 60

ServersState = Literal["two", "slow", "waits", "behind", "one"]
TITLES: dict[ServersState, str] = {
    "two": "Mọi tờ khai đã nhận đều nằm trên hai máy",
    "slow": "Mọi tờ khai đã nhận đều nằm trên hai máy, máy phụ đang chậm",
    "waits": "Chỉ còn một máy: tờ khai mới đang chờ ở phường, không mất",
    "behind": "Tờ khai nằm trên một máy, máy phụ chép theo sau",
    "one": "Tờ khai nằm trên một máy",
}


def add_routes(pages: Blueprint) -> None:
    """Add the routes of this module."""
    pages.add_url_rule("/servers", view_func=show_servers)


def show_servers() -> str:
    """Show the servers of the database; a file of SQLite is one machine."""
    now = context().settings.now()
    with context().engine.begin() as db:
        known = replication.read_replication(db)
        primary = replication.read_primary(db)
    state = _state(known, needs_standby=context().settings.needs_standby)
    return render_template(
        "servers.html",
        state=state,
        title=TITLES[state],
        now=now.isoformat(),
        primary=primary,
        since=primary.since and _words_since(primary.since, now),
        standbys=[(standby, lag_words(standby)) for standby in known.standbys],
        is_shown=known.is_shown,
        is_required=context().settings.needs_standby,
    )


def _state(known: Replication, *, needs_standby: bool) -> ServersState:
    """Return where forms are; commits wait where the server names a standby, or this gateway needs one."""
    if known.is_synchronous:
        lags = [standby.lag_seconds or 0.0 for standby in known.standbys if standby.is_synchronous]
        return "slow" if max(lags) > SLOW_SECONDS else "two"
    if needs_standby or known.names:
        return "waits"
    return "behind" if known.standbys else "one"


def lag_words(standby: Standby) -> str:
    """Return how far a standby is behind, in the words of the page."""
    if not standby.is_streaming:
        return "đang đuổi kịp"
    if standby.lag_seconds is None or not standby.lag_bytes:
        return "đã đủ"
    if standby.lag_seconds >= _MINUTE:
        return f"chậm {duration(int(standby.lag_seconds))}"
    return f"chậm {standby.lag_seconds:.1f} giây".replace(".", ",")


def _words_since(since: datetime, now: datetime) -> str:
    return duration(max(0, int((now - since).total_seconds())))
