"""Payments that the bank told of: paid by key and sum alone, exactly once, in any order of notices and presses."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import printers.spool
from kiosk.acts import charging, crediting
from kiosk.acts.charging import FeeRequest
from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.dossiers import payment_keys, seen_transfers
from kiosk.dossiers.payment_balance import PaymentBalance, find_balance
from kiosk.portal.delivery import record_payment
from kiosk.records import fees, payment_notices, payment_refunds, services, tickets
from kiosk.records.services import ServiceRecord
from sync.parcel import PaymentNotice
from tests.acts.test_charging import AN, COPIES, LATE, TAM, case, context, day_total, insert_case, reload, rows_of

__all__ = ["case", "context"]
ACCOUNT = "abcdefghij234567"
DUE = 21_000
_numbers = itertools.count(1)


def notice_of(context: Context, case: FeeRequest, amount: int = DUE, **changed: object) -> PaymentNotice:
    at = context.clock.now()
    notice = PaymentNotice(
        account=ACCOUNT,
        reference=f"FT26{next(_numbers):06d}",
        direction="in",
        amount=amount,
        booked_at=at,
        received_at=at,
        source="notice",
        key=payment_keys.receipt_key(context, case.receipt_no),
    )
    return replace(notice, **changed)  # type: ignore[arg-type]


def tell(context: Context, *notices: PaymentNotice) -> None:
    """Record notices as the feed does, and match them as the worker does."""
    with context.store.write() as db:
        for notice in notices:
            record_payment(context, db, notice)
    while crediting.match_notices(context):
        pass


def balance_of(context: Context, case: FeeRequest) -> PaymentBalance:
    with context.store.read() as db:
        return find_balance(context, db, case.receipt_no)


@pytest.fixture
def asked(context: Context, case: FeeRequest) -> FeeRequest:
    """Return a case whose fees the desk has asked for: 16,000 and 5,000 dong."""
    return ask(context, case)


def ask(context: Context, case: FeeRequest) -> FeeRequest:
    assert charging.request_fees(context, case, [COPIES, LATE], actor=AN)
    return reload(context, case)


def paid_rows(context: Context, case: FeeRequest) -> list[tuple[str, int, str | None, str, bool]]:
    return [(row.fee, row.amount, row.method, row.actor, row.bank_at is not None) for row in rows_of(context, case)]


def test_the_right_sum_with_the_key_is_paid_by_itself_once(context: Context, asked: FeeRequest) -> None:
    notice = notice_of(context, asked)
    tell(context, notice)
    tell(context, notice)
    tell(context, replace(notice, amount=5_000, key=""))
    assert paid_rows(context, asked) == [
        ("ban_sao", 16_000, "transfer", "bank", True),
        ("qua_han", 5_000, "transfer", "bank", True),
    ]
    assert balance_of(context, asked).state == "settled"
    assert day_total(context).taken == {"transfer": DUE}


def test_a_stale_page_after_the_notice_takes_nothing(context: Context, asked: FeeRequest) -> None:
    tell(context, notice_of(context, asked))
    assert not charging.record_payment(context, asked, [COPIES, LATE], method="cash", actor=AN)
    assert day_total(context).total == DUE


def test_a_notice_after_the_officers_word_confirms_without_a_second_payment(
    context: Context, asked: FeeRequest
) -> None:
    assert charging.record_payment(context, asked, [COPIES, LATE], method="transfer", actor=AN)
    assert balance_of(context, asked).state == "unseen"
    tell(context, notice_of(context, asked))
    assert [row[2:] for row in paid_rows(context, asked)] == [("transfer", AN, True)] * 2
    assert (balance_of(context, asked).state, day_total(context).total) == ("settled", DUE)


def test_a_part_waits_for_the_rest_by_transfer_or_in_cash(context: Context, asked: FeeRequest) -> None:
    tell(context, notice_of(context, asked, 18_000))
    assert balance_of(context, asked).state == "short"
    assert all(row.state == "due" for row in rows_of(context, asked))
    assert not crediting.collect_rest(context, asked.receipt_no, seen=5_000, actor=AN)
    assert crediting.collect_rest(context, asked.receipt_no, seen=3_000, actor=AN)
    assert not crediting.collect_rest(context, asked.receipt_no, seen=3_000, actor=AN)
    assert paid_rows(context, asked) == [
        ("ban_sao", 16_000, "transfer", AN, True),
        ("qua_han", 2_000, "transfer", AN, True),
        ("qua_han#2", 3_000, "cash", AN, False),
    ]
    assert day_total(context).taken == {"transfer": 18_000, "cash": 3_000}


def test_the_rest_by_a_second_transfer_is_paid_by_itself(context: Context, asked: FeeRequest) -> None:
    tell(context, notice_of(context, asked, 18_000), notice_of(context, asked, 3_000))
    assert [row[3] for row in paid_rows(context, asked)] == ["bank", "bank"]
    assert balance_of(context, asked).state == "settled"


def test_too_much_is_paid_and_the_difference_has_to_be_paid_back(context: Context, asked: FeeRequest) -> None:
    tell(context, notice_of(context, asked, 210_000))
    assert (balance_of(context, asked).state, balance_of(context, asked).too_much) == ("excess", 189_000)
    assert crediting.credit(context, asked.receipt_no, seen=210_000, actor=AN)
    assert not crediting.credit(context, asked.receipt_no, seen=210_000, actor=AN)
    assert (balance_of(context, asked).state, day_total(context).total) == ("refunding", DUE)
    tell(context, notice_of(context, asked, 189_000, direction="out"))
    assert balance_of(context, asked).state == "settled"


@pytest.mark.parametrize(("method", "state"), [("cash", "after_cash"), ("transfer", "twice")])
def test_a_second_payment_is_paid_back_and_can_be_undone(
    context: Context, asked: FeeRequest, method: fees.PaymentMethod, state: str
) -> None:
    assert charging.record_payment(context, asked, [COPIES, LATE], method=method, actor=AN)
    if method == "transfer":
        tell(context, notice_of(context, asked))
    tell(context, notice_of(context, asked))
    assert balance_of(context, asked).state == state
    refund = crediting.promise_refund(context, asked.receipt_no, seen=DUE, actor=AN)
    assert refund
    assert not crediting.promise_refund(context, asked.receipt_no, seen=DUE, actor=AN)
    assert balance_of(context, asked).state == "refunding"
    assert crediting.undo_refund(context, refund, actor=AN)
    assert not crediting.undo_refund(context, refund, actor=AN)
    assert (balance_of(context, asked).state, day_total(context).total) == (state, DUE)


def test_money_that_was_paid_back_voids_the_fees_at_a_press(context: Context, asked: FeeRequest) -> None:
    tell(context, notice_of(context, asked), notice_of(context, asked, direction="out"))
    assert balance_of(context, asked).state == "returned"
    assert crediting.void_returned(context, asked.receipt_no, seen=DUE, actor=AN)
    assert not crediting.void_returned(context, asked.receipt_no, seen=DUE, actor=AN)
    assert (rows_of(context, asked), day_total(context).total) == ([], 0)


def test_fees_that_were_voided_by_mistake_are_paid_again_within_the_seconds(
    context: Context, asked: FeeRequest, clock: FixedClock
) -> None:
    tell(context, notice_of(context, asked), notice_of(context, asked, direction="out"))
    before = paid_rows(context, asked)
    fee_id = crediting.void_returned(context, asked.receipt_no, seen=DUE, actor=AN)
    assert not crediting.undo_void(context, fee_id, TAM)
    assert crediting.undo_void(context, fee_id, AN)
    assert not crediting.undo_void(context, fee_id, AN)
    assert [(*row[:3], row[4]) for row in paid_rows(context, asked)] == [(*row[:3], row[4]) for row in before]
    assert (balance_of(context, asked).state, day_total(context).taken) == ("returned", {"transfer": DUE})
    fee_id = crediting.void_returned(context, asked.receipt_no, seen=DUE, actor=AN)
    clock.advance(context.config.desk.undo_seconds)
    assert not crediting.undo_void(context, fee_id, AN), "its seconds are over"
    assert not crediting.undo_void(context, "x", AN)
    assert day_total(context).total == 0


def test_a_fee_that_is_asked_for_again_keeps_the_void_one_void(context: Context, asked: FeeRequest) -> None:
    tell(context, notice_of(context, asked), notice_of(context, asked, direction="out"))
    fee_id = crediting.void_returned(context, asked.receipt_no, seen=DUE, actor=AN)
    again = reload(context, asked)
    assert charging.request_fees(context, again, [LATE], actor=AN)
    assert not crediting.undo_void(context, fee_id, AN)
    assert day_total(context).total == 0


def test_less_than_the_officer_had_confirmed_is_collected_in_cash(context: Context, asked: FeeRequest) -> None:
    assert charging.record_payment(context, asked, [COPIES, LATE], method="transfer", actor=AN)
    tell(context, notice_of(context, asked, 16_000))
    assert (balance_of(context, asked).state, balance_of(context, asked).missing) == ("short", 5_000)
    assert crediting.collect_rest(context, asked.receipt_no, seen=5_000, actor=AN)
    assert day_total(context).taken == {"transfer": 16_000, "cash": 5_000}
    assert balance_of(context, asked).state == "settled"


def test_a_late_notice_is_paid_on_the_day_on_which_the_kiosk_reads_it(
    context: Context, asked: FeeRequest, clock: FixedClock
) -> None:
    notice = notice_of(context, asked)
    clock.advance(timedelta(days=1).total_seconds())
    tell(context, notice)
    assert day_total(context).taken == {"transfer": DUE}


@pytest.mark.parametrize("key", ["", "PK03ZZZZZZZZ", "PK04KM4PQ7SL"])
def test_a_payment_without_a_key_of_this_kiosk_pays_nothing_until_a_lead_chooses(
    context: Context, asked: FeeRequest, key: str
) -> None:
    notice = notice_of(context, asked, key=key, hint=asked.receipt_no)
    tell(context, notice)
    assert all(row.state == "due" for row in rows_of(context, asked))
    with context.store.read() as db:
        (unknown,) = payment_notices.without_subject(db)
    assert not crediting.choose_subject(context, unknown, "PK03-261124-9999-X", reason="bảo vệ quen", actor=AN)
    assert crediting.choose_subject(context, unknown, asked.receipt_no, reason="đúng biên lai", actor=AN)
    assert not crediting.choose_subject(context, unknown, asked.receipt_no, reason="đúng biên lai", actor=AN)
    assert balance_of(context, asked).state == "settled"


def test_a_choice_is_taken_back_with_what_was_paid_by_it(
    context: Context, asked: FeeRequest, clock: FixedClock
) -> None:
    tell(context, notice_of(context, asked, key=""))
    (unknown,) = unknown_notices(context)
    assert crediting.choose_subject(context, unknown, asked.receipt_no, reason="đúng biên lai", actor=AN)
    assert balance_of(context, asked).state == "settled"
    assert not crediting.undo_choice(context, unknown, TAM)
    assert crediting.undo_choice(context, unknown, AN)
    assert not crediting.undo_choice(context, unknown, AN)
    assert unknown_notices(context) == [unknown]
    assert sorted((row.state, row.amount) for row in rows_of(context, asked)) == [("due", 5_000), ("due", 16_000)]
    assert day_total(context).total == 0
    assert crediting.choose_subject(context, unknown, asked.receipt_no, reason="đúng biên lai", actor=AN)
    clock.advance(context.config.desk.undo_seconds)
    assert not crediting.undo_choice(context, unknown, AN), "its seconds are over"
    assert (balance_of(context, asked).state, day_total(context).total) == ("settled", DUE)


def test_a_payment_by_key_stays_when_a_wrong_choice_is_taken_back(context: Context, asked: FeeRequest) -> None:
    tell(context, notice_of(context, asked, 6_000, key=""))
    (unknown,) = unknown_notices(context)
    assert crediting.choose_subject(context, unknown, asked.receipt_no, reason="đúng biên lai", actor=AN)
    assert balance_of(context, asked).state == "short"
    tell(context, notice_of(context, asked, DUE - 6_000), notice_of(context, asked, 6_000))
    assert crediting.undo_choice(context, unknown, AN)
    assert (balance_of(context, asked).state, day_total(context).total) == ("settled", DUE)


def test_the_officers_word_is_not_confirmed_any_more_when_a_choice_is_taken_back(
    context: Context, asked: FeeRequest
) -> None:
    assert charging.record_payment(context, asked, [COPIES, LATE], method="transfer", actor=AN)
    tell(context, notice_of(context, asked, key=""))
    (unknown,) = unknown_notices(context)
    assert crediting.choose_subject(context, unknown, asked.receipt_no, reason="đúng biên lai", actor=AN)
    assert all(row[4] for row in paid_rows(context, asked))
    assert crediting.undo_choice(context, unknown, AN)
    assert [(row[3], row[4]) for row in paid_rows(context, asked)] == [(AN, False), (AN, False)]
    assert balance_of(context, asked).state == "unseen"


def test_a_refund_of_a_chosen_payment_ends_with_the_choice(context: Context, asked: FeeRequest) -> None:
    tell(context, notice_of(context, asked), notice_of(context, asked, 40_000, key=""))
    (unknown,) = unknown_notices(context)
    assert crediting.choose_subject(context, unknown, asked.receipt_no, reason="đúng biên lai", actor=AN)
    assert crediting.promise_refund(context, asked.receipt_no, seen=40_000, actor=AN)
    assert crediting.undo_choice(context, unknown, AN)
    with context.store.read() as db:
        assert payment_refunds.of_subject(db, asked.receipt_no) == []
    assert (balance_of(context, asked).state, balance_of(context, asked).transferred) == ("settled", DUE)


def unknown_notices(context: Context) -> list[payment_notices.NoticeRow]:
    with context.store.read() as db:
        return payment_notices.without_subject(db)


def test_a_payment_that_nobody_knows_can_be_paid_back(context: Context, asked: FeeRequest) -> None:
    tell(context, notice_of(context, asked, key=""))
    with context.store.read() as db:
        (unknown,) = payment_notices.without_subject(db)
    assert crediting.return_unknown(context, unknown, actor=AN)
    assert not crediting.return_unknown(context, unknown, actor=AN)
    with context.store.read() as db:
        assert payment_notices.without_subject(db) == []
        assert [refund.amount for refund in payment_refunds.of_day(db, context.clock.today())] == [DUE]


def test_a_process_that_dies_before_the_match_matches_at_its_next_start(context: Context, asked: FeeRequest) -> None:
    with context.store.write() as db:
        record_payment(context, db, notice_of(context, asked))
    assert balance_of(context, asked).received == 0
    assert crediting.match_notices(context) == 1
    assert crediting.match_notices(context) == 0
    assert balance_of(context, asked).state == "settled"


@dataclass(frozen=True)
class Step:
    """A step of the property test: a notice of the bank by its number, or a press of an officer."""

    kind: str
    number: int = 0


_STEPS = st.one_of(
    st.builds(Step, kind=st.just("notice"), number=st.integers(0, 3)),
    st.builds(Step, kind=st.sampled_from(["cash", "transfer", "press", "void", "choose", "unchoose", "undo"])),
)
_AMOUNTS = st.sampled_from([DUE, DUE, 16_000, 5_000, 40_000])


class Lead:
    """The presses that the lead's list and the desk offer for a case, and their undo.

    Attributes:
        undo: takes the last press back.
    """

    def __init__(self, context: Context, asked: FeeRequest, notices: list[PaymentNotice]) -> None:
        self._context = context
        self._asked = asked
        self._notices = notices
        self.undo: Callable[[], bool] = lambda: False

    def take(self, step: Step) -> None:
        """Take a step."""
        if step.kind == "notice":
            tell(self._context, self._notices[step.number])
        elif step.kind in ("cash", "transfer"):
            self._pay("cash" if step.kind == "cash" else "transfer")
        else:
            act: Callable[[], object] = getattr(self, step.kind)
            act()

    def press(self) -> None:
        """Press the one button that the lead's list offers for the state."""
        context, receipt_no = self._context, self._asked.receipt_no
        balance = balance_of(context, self._asked)
        if balance.state in {"credit", "excess"} and balance.due:
            fee_id = crediting.credit(context, receipt_no, seen=balance.surplus, actor=AN)
            self.undo = partial(crediting.undo_payment, context, fee_id, AN)
            assert fee_id
        elif balance.state in {"excess", "twice", "after_cash"}:
            refund_id = crediting.promise_refund(context, receipt_no, seen=balance.surplus, actor=AN)
            self.undo = partial(crediting.undo_refund, context, refund_id, AN)
            assert refund_id
        elif balance.state == "short":
            fee_id = crediting.collect_rest(context, receipt_no, seen=balance.missing, actor=AN)
            self.undo = partial(crediting.undo_payment, context, fee_id, AN)
            assert fee_id

    def void(self) -> None:
        """Void the first fee that was paid in cash."""
        for row in rows_of(self._context, self._asked)[:1]:
            if row.state == "paid" and row.method == "cash":
                charging.void_fee(self._context, row.id, reason="returned", actor=AN)

    def choose(self) -> None:
        """Choose this case for a payment without a key, if there is one."""
        for notice in self._unknown():
            assert crediting.choose_subject(self._context, notice, self._asked.receipt_no, reason="đúng", actor=AN)

    def unchoose(self) -> None:
        """Take the choice back."""
        with self._context.store.read() as db:
            chosen = payment_notices.find(db, ACCOUNT, self._notices[-1].reference)
        if chosen is not None and chosen.subject:
            assert crediting.undo_choice(self._context, chosen, AN)

    def _unknown(self) -> list[payment_notices.NoticeRow]:
        reference = self._notices[-1].reference
        return [notice for notice in unknown_notices(self._context) if notice.reference == reference]

    def _pay(self, method: fees.PaymentMethod) -> None:
        rows = {row.fee for row in rows_of(self._context, self._asked)}
        inputs = [fee for fee in (COPIES, LATE) if fee.fee in rows]
        charging.record_payment(self._context, reload(self._context, self._asked), inputs, method=method, actor=AN)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(amounts=st.lists(_AMOUNTS, min_size=4, max_size=4), steps=st.lists(_STEPS, max_size=12))
def test_any_order_of_notices_presses_and_undos_is_paid_exactly_once(
    context: Context, clock: FixedClock, amounts: list[int], steps: list[Step]
) -> None:
    asked = ask(context, insert_case(context, clock, next(_numbers) + 100))
    before = day_total(context).total
    notices = [notice_of(context, asked, amount) for amount in amounts]
    notices[-1] = replace(notices[-1], key="")
    lead = Lead(context, asked, notices)
    for step in steps:
        lead.take(step)
        assert_books(context, asked)
    for _ in range(6):
        lead.press()
    balance = balance_of(context, asked)
    assert balance.state in {"settled", "refunding", "unseen"}, balance
    assert day_total(context).total - before == balance.transferred + balance.cash


def assert_books(context: Context, asked: FeeRequest) -> None:
    """Check that each fee is paid at most once, and that no transfer is written down twice."""
    rows = [row for row in rows_of(context, asked) if row.state == "paid"]
    for listed in (COPIES, LATE):
        assert sum(row.amount for row in rows if row.listed_fee == listed.fee) <= listed.amount
    balance = balance_of(context, asked)
    told = sum(row.amount for row in rows if row.bank_at)
    assert told <= balance.received


def test_services_without_a_form_are_confirmed_by_the_key_of_their_number(context: Context, clock: FixedClock) -> None:
    with context.store.write() as db:
        ticket = tickets.draw(db, clock.today(), "A", clock.now())
    at = clock.now()
    key = payment_keys.label_key(context, ticket.label, ticket.day)
    notice = replace(notice_of(context, insert_case(context, clock, 90), 8_000), key=key)
    tell(context, notice)
    subject = f"{ticket.label} {ticket.day}"
    with context.store.read() as db:
        assert find_balance(context, db, subject).state == "waiting"
    with context.store.write() as db:
        service = ServiceRecord(
            id=codes.new_id(), ticket_id=ticket.id, label=ticket.label, submission_id=None, day=ticket.day, counter=1,
            outcome="done", register_no=1, amount=8_000, method="transfer", exemption=None, actor=AN, at=at,
        )  # fmt: skip
        services.insert(db, service, (), None)
        seen_transfers.apply(context, db, subject)
        assert find_balance(context, db, subject).state == "settled"
        assert [row.bank_at for row in services.of_ticket(db, ticket.id)] == [at]


def test_a_sum_that_the_desk_states_after_the_notice_is_paid_by_itself(context: Context, case: FeeRequest) -> None:
    tell(context, notice_of(context, case, 5_000))
    assert charging.request_fees(context, case, [LATE], actor=AN)
    assert [row[3] for row in paid_rows(context, case)] == ["bank"]


def test_a_collected_rest_is_undone_within_its_seconds_and_the_fees_are_asked_for_again(
    context: Context, asked: FeeRequest, clock: FixedClock
) -> None:
    tell(context, notice_of(context, asked, 18_000))
    fee_id = crediting.collect_rest(context, asked.receipt_no, seen=3_000, actor=AN)
    assert not crediting.undo_payment(context, fee_id, TAM)
    assert crediting.undo_payment(context, fee_id, AN)
    assert not crediting.undo_payment(context, fee_id, AN)
    assert [row[:4] for row in paid_rows(context, asked)] == [
        ("ban_sao", 16_000, None, AN),
        ("qua_han", 5_000, None, AN),
    ]
    assert (balance_of(context, asked).state, balance_of(context, asked).missing) == ("short", 3_000)
    assert day_total(context).total == 0
    fee_id = crediting.collect_rest(context, asked.receipt_no, seen=3_000, actor=AN)
    clock.advance(context.config.desk.undo_seconds)
    assert not crediting.undo_payment(context, fee_id, AN), "its seconds are over"
    assert (balance_of(context, asked).state, day_total(context).total) == ("settled", DUE)


def test_a_sum_too_large_is_undone_with_its_refund_and_the_slip_that_waits(context: Context, asked: FeeRequest) -> None:
    tell(context, notice_of(context, asked, DUE + 500))
    fee_id = crediting.credit(context, asked.receipt_no, seen=DUE + 500, actor=AN)
    assert not crediting.credit(context, asked.receipt_no, seen=DUE + 500, actor=AN)
    with context.store.read() as db:
        (refund,) = payment_refunds.of_subject(db, asked.receipt_no)
        (slip,) = printers.spool.of_subject(db, refund.id)
    assert (slip.kind, slip.state) == ("refund", "queued")
    assert crediting.undo_payment(context, fee_id, AN)
    with context.store.read() as db:
        assert not payment_refunds.of_subject(db, asked.receipt_no)
        assert [job.state for job in printers.spool.of_subject(db, refund.id)] == ["cancelled"]
        assert printers.spool.count_jobs(db, ("queued", "waiting")) == 0
    assert (balance_of(context, asked).state, day_total(context).total) == ("excess", 0)
    assert crediting.credit(context, asked.receipt_no, seen=DUE + 500, actor=AN)
    assert (balance_of(context, asked).state, day_total(context).total) == ("refunding", DUE)


def test_a_refund_that_was_promised_before_stays_when_the_payment_is_undone(
    context: Context, asked: FeeRequest, clock: FixedClock
) -> None:
    tell(context, notice_of(context, asked, 18_000))
    assert crediting.promise_refund(context, asked.receipt_no, seen=18_000, actor=AN)
    tell(context, notice_of(context, asked, 18_000))
    clock.advance(1)
    fee_id = crediting.collect_rest(context, asked.receipt_no, seen=3_000, actor=AN)
    assert crediting.undo_payment(context, fee_id, AN)
    with context.store.read() as db:
        assert [refund.amount for refund in payment_refunds.of_subject(db, asked.receipt_no)] == [18_000]


def test_money_of_nobody_has_no_slip(context: Context) -> None:
    case = FeeRequest("", "PK03-261124-0099-X", 0)
    tell(context, notice_of(context, case, 20_000, key=""))
    with context.store.read() as db:
        (notice,) = payment_notices.without_subject(db)
    refund_id = crediting.return_unknown(context, notice, AN)
    assert refund_id
    with context.store.read() as db:
        assert printers.spool.of_subject(db, refund_id) == []
