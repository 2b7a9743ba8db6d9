"""Payment notices from the feed to the desk: a kill at any line loses none and counts none twice."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kiosk.acts import crediting
from kiosk.acts.charging import FeeRequest
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.dossiers import seen_transfers
from kiosk.records import fees, payment_notices
from kiosk.worker.delivery import Delivery
from sync import link as links
from sync import status_feed
from sync.backoff import BackoffSettings
from sync.parcel import FeedPage, PaymentNotice
from tests.acts.test_crediting import ask, balance_of, case, context, day_total, notice_of

__all__ = ["case", "context"]


class PowerCut(BaseException):
    """The process ends at this line."""


class BankPortal:
    """A portal whose feed has payment notices alone."""

    def __init__(self, notices: list[PaymentNotice]) -> None:
        self.notices = notices
        self.cursors: list[str | None] = []

    def changes(self, cursor: str | None) -> FeedPage:
        self.cursors.append(cursor)
        start = int((cursor or "e1:0").partition(":")[2])
        return FeedPage("e1", (), f"e1:{len(self.notices)}", has_more=False, payments=tuple(self.notices[start:]))

    def close(self) -> None:
        pass


@pytest.fixture
def asked(context: Context, case: FeeRequest) -> FeeRequest:
    return ask(context, case)


def open_delivery(context: Context, portal: BankPortal) -> Delivery:
    context.config = replace(context.config, portal=replace(context.config.portal, kind="kiosk-sync"))
    delivery = Delivery(context, portal, BackoffSettings(spread=0.0))  # type: ignore[arg-type]
    delivery.link.rng = random.Random(1)  # no secret
    with context.store.write() as db:
        delivery.link.begin_run(db)
    return delivery


def read_feed(delivery: Delivery) -> None:
    delivery._pull_at = delivery.context.clock.monotonic()
    while delivery.pull() or delivery.match_payments():
        pass


def _cut(owner: Any, function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    original: Callable[..., Any] = getattr(owner, function)

    def cut(*args: Any, **options: Any) -> Any:
        original(*args, **options)
        raise PowerCut

    monkeypatch.setattr(owner, function, cut)


POINTS = [
    (payment_notices, "record"),
    (links, "save_cursor"),
    (status_feed, "_apply_page"),
    (status_feed, "pull"),
    (payment_notices, "settle"),
    (seen_transfers, "pay"),
    (fees, "confirm"),
    (crediting, "match_notices"),
]


@pytest.mark.parametrize(("owner", "function"), POINTS, ids=[function for _owner, function in POINTS])
def test_a_kill_between_notice_and_record_pays_exactly_once(
    context: Context, asked: FeeRequest, monkeypatch: pytest.MonkeyPatch, owner: Any, function: str
) -> None:
    portal = BankPortal([notice_of(context, asked)])
    delivery = open_delivery(context, portal)
    with monkeypatch.context() as patch:
        _cut(owner, function, patch)
        with pytest.raises(PowerCut):
            read_feed(delivery)
    read_feed(open_delivery(context, portal))
    assert (balance_of(context, asked).state, day_total(context).total) == ("settled", 21_000)
    with context.store.read() as db:
        assert len(payment_notices.of_subject(db, asked.receipt_no)) == 1


def test_a_portal_that_repeats_its_feed_changes_nothing(context: Context, asked: FeeRequest) -> None:
    portal = BankPortal([notice_of(context, asked)])
    delivery = open_delivery(context, portal)
    read_feed(delivery)
    with context.store.write() as db:
        links.save_cursor(db, None)
    read_feed(delivery)
    assert len(portal.cursors) == 2
    assert day_total(context).total == 21_000


def test_the_feed_is_read_every_two_seconds_only_while_a_transfer_is_awaited(
    context: Context, clock: FixedClock, case: FeeRequest
) -> None:
    portal = BankPortal([])
    delivery = open_delivery(context, portal)

    def requests_in(seconds: int) -> int:
        before = len(portal.cursors)
        for _ in range(4 * seconds):
            clock.advance(0.25)
            delivery.pull()
        return len(portal.cursors) - before

    assert requests_in(60) == 3
    crediting.await_transfer(context)
    assert 28 <= requests_in(60) <= 31
    clock.advance(600)
    assert requests_in(60) <= 4
