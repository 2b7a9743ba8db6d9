"""Fees that are requested, waived, paid and voided: a double press counts once, and no row is deleted."""

import threading
from datetime import date, timedelta

import pytest

import printers.spool
from kiosk.acts import charging
from kiosk.acts.charging import FeeInput, FeeRequest
from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.context import Context
from kiosk.context.scanner import CardInbox
from kiosk.procedures.loader import read_catalogue
from kiosk.records import audit, fees, submissions
from kiosk.records.fees import DayTotal, FeeRow
from kiosk.store.db import Store
from kiosk.store.vault import Vault
from tests.records.test_submissions import make_submission

COPIES = FeeInput("ban_sao", 16_000, 16_000)
LATE = FeeInput(fee="qua_han", listed=None, amount=5_000, reason="city")
AN = "CB01"
TAM = "CB02"


@pytest.fixture
def context(config: Config, store: Store, vault: Vault, clock: FixedClock) -> Context:
    return Context(
        config=config, store=store, vault=vault, catalogue=read_catalogue(), clock=clock, card_inbox=CardInbox()
    )


@pytest.fixture
def case(context: Context, clock: FixedClock) -> FeeRequest:
    """Return a request of a page that was shown before any fee was requested."""
    return insert_case(context, clock, 17)


def insert_case(context: Context, clock: FixedClock, seq: int) -> FeeRequest:
    submission = make_submission(clock, seq)
    with context.store.write() as db:
        submissions.insert(db, submission, b"sealed")
    return FeeRequest(submission.id, submission.receipt_no, 0)


def reload(context: Context, case: FeeRequest) -> FeeRequest:
    """Return the request that a page would post now."""
    with context.store.read() as db:
        return FeeRequest(case.submission_id, case.receipt_no, fees.count_changes(db, case.receipt_no))


def rows_of(context: Context, case: FeeRequest) -> list[FeeRow]:
    with context.store.read() as db:
        return fees.of_case(db, case.receipt_no)


def audit_acts(context: Context, case: FeeRequest) -> list[tuple[str, str]]:
    with context.store.read() as db:
        assert audit.verify(db, context.audit_key()) is None
        return [(line.act, line.actor) for _at, line in audit.of_subject(db, case.submission_id)]


def day_total(context: Context, day: date | None = None) -> DayTotal:
    with context.store.read() as db:
        return fees.day_total(db, day or context.clock.today())


def test_money_is_taken_once_however_often_the_button_is_pressed(context: Context, case: FeeRequest) -> None:
    assert charging.record_payment(context, case, fees_input=[COPIES, LATE], method="cash", actor=AN)
    assert not charging.record_payment(context, case, fees_input=[COPIES, LATE], method="cash", actor=AN)
    assert not charging.record_payment(context, case, fees_input=[COPIES, LATE], method="transfer", actor=TAM)
    assert [(row.fee, row.amount, row.method, row.state) for row in rows_of(context, case)] == [
        ("ban_sao", 16_000, "cash", "paid"),
        ("qua_han", 5_000, "cash", "paid"),
    ]
    assert audit_acts(context, case) == [("fee paid", AN), ("fee paid", AN)]
    assert day_total(context).total == 21_000


def test_eight_windows_at_once_record_one_payment(context: Context, case: FeeRequest) -> None:
    done: list[bool] = []
    start = threading.Barrier(8)

    def pay() -> None:
        start.wait(60)
        done.append(charging.record_payment(context, case, fees_input=[COPIES], method="cash", actor=AN))

    threads = [threading.Thread(target=pay) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(done) == [False] * 7 + [True]
    assert day_total(context).total == 16_000


def test_what_was_asked_is_paid_later_by_another_way(context: Context, case: FeeRequest, clock: FixedClock) -> None:
    assert charging.request_fees(context, case, fees_input=[COPIES], actor=AN)
    (requested,) = rows_of(context, case)
    assert (requested.state, requested.method, requested.actor) == ("due", None, AN)
    assert day_total(context).due == 1
    clock.advance(600)
    assert charging.record_payment(context, reload(context, case), fees_input=[COPIES], method="transfer", actor=TAM)
    (paid,) = rows_of(context, case)
    assert (paid.id, paid.state, paid.method, paid.actor, paid.at) == (
        requested.id,
        "paid",
        "transfer",
        TAM,
        clock.now(),
    )


def test_asked_again_unchanged_nothing_is_written(context: Context, case: FeeRequest) -> None:
    charging.request_fees(context, case, fees_input=[COPIES], actor=AN)
    before = reload(context, case)
    assert charging.request_fees(context, before, fees_input=[COPIES], actor=AN)
    assert reload(context, case) == before
    assert len(audit_acts(context, case)) == 1


def test_a_sum_is_corrected_with_its_reason_while_it_is_due(context: Context, case: FeeRequest) -> None:
    charging.request_fees(context, case, fees_input=[COPIES], actor=AN)
    charging.request_fees(
        context,
        reload(context, case),
        fees_input=[FeeInput(fee="ban_sao", listed=16_000, amount=8_000, reason="counted")],
        actor=TAM,
    )
    (row,) = rows_of(context, case)
    assert (row.listed, row.amount, row.reason, row.actor) == (16_000, 8_000, "counted", TAM)
    charging.record_payment(
        context,
        reload(context, case),
        fees_input=[FeeInput(fee="ban_sao", listed=16_000, amount=8_000, reason="counted")],
        method="cash",
        actor=AN,
    )
    charging.request_fees(context, reload(context, case), fees_input=[COPIES], actor=AN)
    assert [row.amount for row in rows_of(context, case)] == [8_000], "what is paid is not changed under the money"


def test_who_is_exempt_pays_nothing_and_it_is_kept_by_whom(context: Context, case: FeeRequest) -> None:
    spared = FeeInput("qua_han", None, 0, exemption="ho_ngheo")
    charging.record_payment(context, case, fees_input=[spared, COPIES], method="cash", actor=AN)
    waived, paid = rows_of(context, case)
    assert (waived.state, waived.exemption, waived.method, waived.actor) == ("waived", "ho_ngheo", None, AN)
    assert (paid.state, paid.amount) == ("paid", 16_000)
    total = day_total(context)
    assert (total.waived, total.paid, total.cases, total.taken) == (1, 1, 1, {"cash": 16_000})


def test_a_mistake_is_voided_with_a_reason_and_stays(context: Context, case: FeeRequest) -> None:
    charging.record_payment(context, case, fees_input=[COPIES], method="cash", actor=AN)
    (row,) = rows_of(context, case)
    assert charging.void_fee(context, row.id, reason="mistaken", actor=TAM)
    assert not charging.void_fee(context, row.id, reason="mistaken", actor=TAM)
    assert not charging.void_fee(context, "nothing", reason="mistaken", actor=TAM)
    assert rows_of(context, case) == []
    with context.store.read() as db:
        (kept,) = fees.of_day(db, context.clock.today())
    assert (kept.state, kept.void_reason, kept.void_actor, kept.amount) == ("void", "mistaken", TAM, 16_000)
    assert audit_acts(context, case)[-1] == ("fee void", TAM)
    total = day_total(context)
    assert (total.total, total.paid, total.voided) == (0, 0, 1)


def test_a_page_from_before_a_void_records_no_payment(context: Context, case: FeeRequest) -> None:
    charging.record_payment(context, case, fees_input=[COPIES], method="cash", actor=AN)
    paid = reload(context, case)
    charging.void_fee(context, rows_of(context, case)[0].id, reason="mistaken", actor=AN)
    for stale in (case, paid):
        assert not charging.record_payment(context, stale, fees_input=[COPIES], method="cash", actor=AN)
    assert charging.record_payment(context, reload(context, case), fees_input=[COPIES], method="transfer", actor=AN)
    assert (day_total(context).taken["transfer"], day_total(context).total) == (16_000, 16_000)


def test_a_fee_left_due_is_settled_once(context: Context, case: FeeRequest) -> None:
    charging.request_fees(context, case, fees_input=[COPIES], actor=AN)
    (row,) = rows_of(context, case)
    assert charging.mark_paid(context, row.id, method="cash", actor=TAM)
    assert not charging.mark_paid(context, row.id, method="transfer", actor=TAM)
    assert not charging.mark_paid(context, "nothing", method="cash", actor=TAM)
    assert day_total(context).by_officer == {(TAM, "cash"): 16_000}


def test_a_slip_is_printed_once_and_printed_again_it_is_a_copy(context: Context, case: FeeRequest) -> None:
    assert charging.print_fee_slip(context, case, fees_input=[COPIES], actor=AN)
    assert not charging.print_fee_slip(context, case, fees_input=[COPIES], actor=AN)
    (job,) = slip_jobs(context, case)
    with context.store.write() as db:
        printers.spool.mark_sending(db, job.id, context.clock.now())
        printers.spool.record_result(db, job.id, printers.spool.SendResult("printed"), context.clock.now())
    assert charging.print_fee_slip(context, reload(context, case), fees_input=[COPIES], actor=AN)
    assert [(job.kind, job.copy) for job in slip_jobs(context, case)] == [("fee", 1), ("fee", 2)]
    changed = FeeInput(fee="ban_sao", listed=16_000, amount=8_000, reason="counted")
    assert charging.print_fee_slip(context, reload(context, case), fees_input=[changed], actor=AN)
    assert [job.copy for job in slip_jobs(context, case)] == [1, 2, 1], "another sum is another slip"
    assert [job.facts for job in slip_jobs(context, case)] == [{}, {}, {}]


def slip_jobs(context: Context, case: FeeRequest) -> list[printers.spool.Job]:
    with context.store.read() as db:
        return printers.spool.of_subject(db, case.submission_id)


def test_the_day_ends_at_the_wards_midnight(context: Context, case: FeeRequest, clock: FixedClock) -> None:
    """Check 23:59 and 0:00 in the ward, 16:59 and 17:00 UTC of one day."""
    clock.advance((15 * 60 + 29) * 60)
    charging.record_payment(context, case, fees_input=[COPIES], method="cash", actor=AN)
    clock.advance(60)
    charging.record_payment(context, insert_case(context, clock, 18), fees_input=[LATE], method="cash", actor=AN)
    first = date(2026, 11, 24)
    assert day_total(context, first).taken == {"cash": 16_000}
    assert day_total(context, first + timedelta(days=1)).taken == {"cash": 5_000}


def test_a_refund_on_another_day_leaves_the_first_day_as_it_was(
    context: Context, case: FeeRequest, clock: FixedClock
) -> None:
    charging.record_payment(context, case, fees_input=[COPIES], method="cash", actor=AN)
    clock.advance(24 * 3600)
    charging.record_payment(context, insert_case(context, clock, 18), fees_input=[LATE], method="cash", actor=TAM)
    charging.void_fee(context, rows_of(context, case)[0].id, reason="returned", actor=TAM)
    first, second = (day_total(context, date(2026, 11, day)) for day in (24, 25))
    assert (first.total, first.paid, first.voided) == (16_000, 1, 0)
    assert (second.taken, second.given_back) == ({"cash": 5_000 - 16_000}, {"cash": 16_000})
    assert second.by_officer == {(TAM, "cash"): 5_000 - 16_000}
    assert second.voided == 1


def test_sums_are_by_method_and_by_officer(context: Context, clock: FixedClock) -> None:
    for seq, (method, officer) in enumerate([("cash", AN), ("transfer", AN), ("cash", TAM)], 20):
        charging.record_payment(
            context, insert_case(context, clock, seq), fees_input=[COPIES], method=method, actor=officer
        )  # type: ignore[arg-type]
    total = day_total(context)
    assert total.taken == {"cash": 32_000, "transfer": 16_000}
    assert total.by_officer == {(AN, "cash"): 16_000, (AN, "transfer"): 16_000, (TAM, "cash"): 16_000}
    assert (total.total, total.cases, total.paid) == (48_000, 3, 3)


def test_a_day_without_fees_is_zero(context: Context) -> None:
    assert day_total(context).total == 0
    assert day_total(context).taken == {}


def test_a_corrected_form_keeps_what_was_paid_for_its_receipt_number(
    context: Context, case: FeeRequest, clock: FixedClock
) -> None:
    charging.record_payment(context, case, fees_input=[COPIES], method="cash", actor=AN)
    later = make_submission(clock, 18)
    with context.store.write() as db:
        submissions.insert(db, later, b"sealed")
    revised = FeeRequest(later.id, case.receipt_no, reload(context, case).seen_count)
    assert charging.record_payment(context, revised, fees_input=[COPIES], method="cash", actor=AN)
    assert day_total(context).total == 16_000
