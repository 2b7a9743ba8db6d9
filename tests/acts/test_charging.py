"""Fees asked for, waived, paid and taken back: never twice by a double press, nothing deleted, each by somebody."""

import threading
from datetime import date, timedelta

import pytest

import printers.spool
from kiosk.acts import charging
from kiosk.acts.charging import Ask, Case
from kiosk.clock import Fixed
from kiosk.config import Config
from kiosk.context import Context
from kiosk.procedures.loader import read_catalogue
from kiosk.records import audit, fees, submissions
from kiosk.records.fees import DayTotal, Fee
from kiosk.scanner import ScanDesk
from kiosk.store.db import Store
from kiosk.store.vault import Vault
from tests.records.test_submissions import made

COPIES = Ask("ban_sao", 16_000, 16_000)
LATE = Ask("qua_han", None, 5_000, "city")
AN, TAM = "CB01", "CB02"


@pytest.fixture
def context(config: Config, store: Store, vault: Vault, clock: Fixed) -> Context:
    return Context(config, store, vault, read_catalogue(), clock, ScanDesk())


@pytest.fixture
def case(context: Context, clock: Fixed) -> Case:
    """A case whose page was shown before any fee was asked for."""
    return _case(context, clock, 17)


def _case(context: Context, clock: Fixed, seq: int) -> Case:
    one = made(clock, seq)
    with context.store.write() as db:
        submissions.submit(db, one, b"sealed")
    return Case(one.id, one.receipt_no, 0)


def _now(context: Context, case: Case) -> Case:
    """The case as a page shows it now."""
    with context.store.read() as db:
        return Case(case.submission_id, case.receipt_no, fees.changes(db, case.receipt_no))


def _rows(context: Context, case: Case) -> list[Fee]:
    with context.store.read() as db:
        return fees.of_case(db, case.receipt_no)


def _acts(context: Context, case: Case) -> list[tuple[str, str]]:
    with context.store.read() as db:
        assert audit.verify(db, context.audit_key()) is None
        return [(line.act, line.actor) for _at, line in audit.of_subject(db, case.submission_id)]


def _total(context: Context, day: date | None = None) -> DayTotal:
    with context.store.read() as db:
        return fees.total(db, day or context.clock.today())


def test_money_is_taken_once_however_often_the_button_is_pressed(context: Context, case: Case) -> None:
    assert charging.take(context, case, [COPIES, LATE], "cash", AN)
    assert not charging.take(context, case, [COPIES, LATE], "cash", AN)
    assert not charging.take(context, case, [COPIES, LATE], "transfer", TAM)
    assert [(one.fee, one.amount, one.method, one.state) for one in _rows(context, case)] == [
        ("ban_sao", 16_000, "cash", "paid"),
        ("qua_han", 5_000, "cash", "paid"),
    ]
    assert _acts(context, case) == [("fee paid", AN), ("fee paid", AN)]
    assert _total(context).total == 21_000


def test_eight_windows_at_once_take_it_once(context: Context, case: Case) -> None:
    done: list[bool] = []
    start = threading.Barrier(8)

    def press() -> None:
        start.wait(10)
        done.append(charging.take(context, case, [COPIES], "cash", AN))

    threads = [threading.Thread(target=press) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert sorted(done) == [False] * 7 + [True]
    assert _total(context).total == 16_000


def test_what_was_asked_is_paid_later_by_another_way(context: Context, case: Case, clock: Fixed) -> None:
    assert charging.ask(context, case, [COPIES], AN)
    (asked,) = _rows(context, case)
    assert (asked.state, asked.method, asked.actor) == ("due", None, AN)
    assert _total(context).due == 1
    clock.forward(600)
    assert charging.take(context, _now(context, case), [COPIES], "transfer", TAM)
    (paid,) = _rows(context, case)
    assert (paid.id, paid.state, paid.method, paid.actor, paid.at) == (asked.id, "paid", "transfer", TAM, clock.now())


def test_asked_again_unchanged_nothing_is_written(context: Context, case: Case) -> None:
    charging.ask(context, case, [COPIES], AN)
    before = _now(context, case)
    assert charging.ask(context, before, [COPIES], AN)
    assert _now(context, case) == before
    assert len(_acts(context, case)) == 1


def test_a_sum_is_corrected_with_its_reason_while_it_is_due(context: Context, case: Case) -> None:
    charging.ask(context, case, [COPIES], AN)
    charging.ask(context, _now(context, case), [Ask("ban_sao", 16_000, 8_000, "counted")], TAM)
    (row,) = _rows(context, case)
    assert (row.listed, row.amount, row.reason, row.actor) == (16_000, 8_000, "counted", TAM)
    charging.take(context, _now(context, case), [Ask("ban_sao", 16_000, 8_000, "counted")], "cash", AN)
    charging.ask(context, _now(context, case), [COPIES], AN)
    assert [one.amount for one in _rows(context, case)] == [8_000], "what is paid is not changed under the money"


def test_who_is_exempt_pays_nothing_and_it_is_kept_by_whom(context: Context, case: Case) -> None:
    spared = Ask("qua_han", None, 0, exemption="ho_ngheo")
    charging.take(context, case, [spared, COPIES], "cash", AN)
    waived, paid = _rows(context, case)
    assert (waived.state, waived.exemption, waived.method, waived.actor) == ("waived", "ho_ngheo", None, AN)
    assert (paid.state, paid.amount) == ("paid", 16_000)
    total = _total(context)
    assert (total.waived, total.paid, total.cases, total.taken) == (1, 1, 1, {"cash": 16_000})


def test_a_mistake_is_voided_with_a_reason_and_stays(context: Context, case: Case) -> None:
    charging.take(context, case, [COPIES], "cash", AN)
    (row,) = _rows(context, case)
    assert charging.void(context, row.id, "mistaken", TAM)
    assert not charging.void(context, row.id, "mistaken", TAM)
    assert not charging.void(context, "nothing", "mistaken", TAM)
    assert _rows(context, case) == []
    with context.store.read() as db:
        (kept,) = fees.of_day(db, context.clock.today())
    assert (kept.state, kept.void_reason, kept.void_actor, kept.amount) == ("void", "mistaken", TAM, 16_000)
    assert _acts(context, case)[-1] == ("fee void", TAM)
    total = _total(context)
    assert (total.total, total.paid, total.voided) == (0, 0, 1)


def test_a_page_from_before_the_mistake_was_voided_takes_nothing(context: Context, case: Case) -> None:
    charging.take(context, case, [COPIES], "cash", AN)
    paid = _now(context, case)
    charging.void(context, _rows(context, case)[0].id, "mistaken", AN)
    for stale in (case, paid):
        assert not charging.take(context, stale, [COPIES], "cash", AN)
    assert charging.take(context, _now(context, case), [COPIES], "transfer", AN)
    assert (_total(context).taken["transfer"], _total(context).total) == (16_000, 16_000)


def test_a_fee_left_due_is_settled_once(context: Context, case: Case) -> None:
    charging.ask(context, case, [COPIES], AN)
    (row,) = _rows(context, case)
    assert charging.settle(context, row.id, "cash", TAM)
    assert not charging.settle(context, row.id, "transfer", TAM)
    assert not charging.settle(context, "nothing", "cash", TAM)
    assert _total(context).by_officer == {(TAM, "cash"): 16_000}


def test_a_slip_is_printed_once_and_printed_again_it_is_a_copy(context: Context, case: Case) -> None:
    assert charging.slip(context, case, [COPIES], AN)
    assert not charging.slip(context, case, [COPIES], AN)
    (job,) = _jobs(context, case)
    with context.store.write() as db:
        printers.spool.take(db, job.id, context.clock.now())
        printers.spool.settle(db, job.id, printers.spool.Ended("printed"), context.clock.now())
    assert charging.slip(context, _now(context, case), [COPIES], AN)
    assert [(one.kind, one.copy) for one in _jobs(context, case)] == [("fee", 1), ("fee", 2)]
    changed = Ask("ban_sao", 16_000, 8_000, "counted")
    assert charging.slip(context, _now(context, case), [changed], AN)
    assert [one.copy for one in _jobs(context, case)] == [1, 2, 1], "another sum is another slip"
    assert [one.facts for one in _jobs(context, case)] == [{}, {}, {}]


def _jobs(context: Context, case: Case) -> list[printers.spool.Job]:
    with context.store.read() as db:
        return printers.spool.of_subject(db, case.submission_id)


def test_the_day_ends_at_the_wards_midnight(context: Context, case: Case, clock: Fixed) -> None:
    """23:59 and 0:00 in the ward are 16:59 and 17:00 UTC of one day."""
    clock.forward((15 * 60 + 29) * 60)
    charging.take(context, case, [COPIES], "cash", AN)
    clock.forward(60)
    charging.take(context, _case(context, clock, 18), [LATE], "cash", AN)
    first = date(2026, 11, 24)
    assert _total(context, first).taken == {"cash": 16_000}
    assert _total(context, first + timedelta(days=1)).taken == {"cash": 5_000}


def test_money_given_back_on_another_day_leaves_the_first_day_as_it_was(
    context: Context, case: Case, clock: Fixed
) -> None:
    charging.take(context, case, [COPIES], "cash", AN)
    clock.forward(24 * 3600)
    charging.take(context, _case(context, clock, 18), [LATE], "cash", TAM)
    charging.void(context, _rows(context, case)[0].id, "returned", TAM)
    first, second = (_total(context, date(2026, 11, day)) for day in (24, 25))
    assert (first.total, first.paid, first.voided) == (16_000, 1, 0)
    assert (second.taken, second.given_back) == ({"cash": 5_000 - 16_000}, {"cash": 16_000})
    assert second.by_officer == {(TAM, "cash"): 5_000 - 16_000}
    assert second.voided == 1


def test_sums_are_by_method_and_by_officer(context: Context, clock: Fixed) -> None:
    for seq, (method, who) in enumerate([("cash", AN), ("transfer", AN), ("cash", TAM)], 20):
        charging.take(context, _case(context, clock, seq), [COPIES], method, who)  # type: ignore[arg-type]
    total = _total(context)
    assert total.taken == {"cash": 32_000, "transfer": 16_000}
    assert total.by_officer == {(AN, "cash"): 16_000, (AN, "transfer"): 16_000, (TAM, "cash"): 16_000}
    assert (total.total, total.cases, total.paid) == (48_000, 3, 3)


def test_a_day_without_fees_is_zero(context: Context) -> None:
    assert _total(context).total == 0
    assert _total(context).taken == {}


def test_a_corrected_form_keeps_what_was_paid_for_its_receipt_number(
    context: Context, case: Case, clock: Fixed
) -> None:
    charging.take(context, case, [COPIES], "cash", AN)
    later = made(clock, 18)
    with context.store.write() as db:
        submissions.submit(db, later, b"sealed")
    revised = Case(later.id, case.receipt_no, _now(context, case).seen)
    assert charging.take(context, revised, [COPIES], "cash", AN)
    assert _total(context).total == 16_000
