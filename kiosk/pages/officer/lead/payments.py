"""Lead's page of the payments that a bank tells of: what is settled, and one press for what is not.

The machine moves no money: a refund is written down, and the accountant pays it. Nothing is matched by a name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import redirect, request, url_for
from sqlite_utils import Database
from werkzeug.wrappers import Response as Answer

from kiosk.acts import crediting
from kiosk.base import clock
from kiosk.base.errors import NotFound
from kiosk.context import Context
from kiosk.dossiers import seen_transfers
from kiosk.dossiers.payment_balance import BalanceState, PaymentBalance, find_balance, is_receipt_no, parse_label
from kiosk.pages.access import allow, context
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.records import fees, payment_notices, payment_refunds, submissions
from kiosk.records.payment_notices import NoticeRow
from kiosk.vietnam.money import money

STATES: dict[BalanceState, tuple[str, str, str]] = {
    "settled": ("Ngân hàng báo đủ", "check", ""),
    "credit": ("Đủ tiền, chưa ghi đã thu", "money", "credit"),
    "short": ("Thiếu", "warn", "collect"),
    "excess": ("Thừa", "warn", "refund"),
    "twice": ("Trả hai lần", "doc", "refund"),
    "after_cash": ("Đã thu tiền mặt", "money", "refund"),
    "waiting": ("Chưa rõ phải thu bao nhiêu", "clock", "refund"),
    "returned": ("Ngân hàng đã trả lại", "refresh", "void"),
    "unseen": ("Cán bộ xác nhận, ngân hàng chưa báo", "clock", ""),
    "refunding": ("Đang trả lại", "refresh", "undo"),
}
"""Words, icon and press of each state."""
UNKNOWN = "unknown"
FILTERS = (
    ("", "Cần bấm"),
    ("settled", "Ngân hàng báo đủ"),
    ("short", "Thiếu"),
    ("twice", "Trả hai lần"),
    ("excess", "Thừa"),
    (UNKNOWN, "Không rõ"),
    ("refunding", "Đang trả lại"),
    ("unseen", "Ngân hàng chưa báo"),
)
_FILTER_OF = {"after_cash": "twice", "credit": "short", "waiting": "excess", "returned": "excess"}
SILENT = timedelta(minutes=30)
"""A transfer that an officer has confirmed and the bank has not told of for so long: the line may be broken."""
SHORTEST_REASON = 2
MAX_CASES = 8
"""Cases that are offered for a payment without a key."""
MESSAGES = {
    "done": "Đã ghi. Máy không chuyển tiền: khoản phải trả lại do kế toán chuyển.",
    "late": "Nút vừa bấm không đổi gì: số tiền đã đổi, hoặc bấm hai lần.",
    "chosen": "Đã ghi khoản cho hồ sơ.",
    "undone": "Đã bỏ ghi. Phiếu trả lại tiền đã in thì thu lại.",
}


@dataclass(frozen=True, kw_only=True)
class PaymentLine:
    """A row of the list: sums in words, what it is, and the press with the sum that the page shows."""

    at: str
    number: str
    title: str
    due: str
    received: str
    state: str
    words: str
    note: str
    icon: str
    press: str = ""
    button: str = ""
    day: date | None = None
    """Day in whose takings the services of a queue number are voided; None where the row has a press, or needs none."""
    subject: str = ""
    seen: int = 0
    account: str = ""
    reference: str = ""
    hint: str = ""
    cases: tuple[str, ...] = ()
    """Receipt numbers of cases of which exactly this sum is asked for."""

    @property
    def filter(self) -> str:
        """The filter under which the row is."""
        return _FILTER_OF.get(self.state, self.state)

    @property
    def is_open(self) -> bool:
        """Whether a person has to press."""
        return self.press not in {"", "undo"} or self.state == UNKNOWN or self.day is not None


@dataclass(frozen=True, kw_only=True)
class PaymentChoice:
    """What a lead typed for a payment without a key, and why it was not written down."""

    reference: str = ""
    receipt_no: str = ""
    reason: str = ""
    error: str = ""


NO_CHOICE = PaymentChoice()
Press = Callable[[str], str | None]
"""Does what a press says for an officer, if the sums are those that the page has shown.

It returns the id by which the press can be undone, empty where it cannot, None where nothing was done.
"""


@dataclass(frozen=True, kw_only=True)
class PaymentUndo:
    """The last press while it can be undone: what it wrote, and the seconds that are left."""

    press_id: str
    words: str
    seconds: int


@officer.get("/payments")
@allow("lead")
def payments() -> str:
    """Show the payments of today and those of earlier days that a person has to settle."""
    return _page(only=request.args.get("only", ""))


def _page(*, only: str, choice: PaymentChoice = NO_CHOICE) -> str:
    """Return the page; a choice that was refused stands in its row again, with what to do."""
    today = context().clock.today()
    with context().store.read() as db:
        balances = _balances(db, today)
        lines = [_line(db, balance) for balance in balances]
        lines += [_unknown_line(db, notice) for notice in payment_notices.without_subject(db)]
        received = payment_notices.received_on(db, today)
        last_noticed = payment_notices.last_noticed(db)
        unseen_since = _unseen_since(db, today)
    lines.sort(key=lambda line: not line.is_open)
    return render(
        "officer/payments.html",
        rows=[line for line in lines if (line.filter == only if only else True)],
        only=only,
        filters=[
            (name, words, _count(lines, name)) for name, words in FILTERS if name in {"", only} or _count(lines, name)
        ],
        open_count=_count(lines, ""),
        received=money(received),
        promised=money(sum(_promised(balance) for balance in balances)),
        unknown=money(sum(line.seen for line in lines if line.state == UNKNOWN)),
        last=_moment(last_noticed) if last_noticed else "",
        silent=_moment(unseen_since) if unseen_since and context().clock.now() - unseen_since > SILENT else "",
        message=MESSAGES.get(request.args.get("said", ""), ""),
        undo=_undo_offer(request.args.get("press", "")),
        choice=choice,
    )


@officer.post("/payments/<act>")
@allow("lead")
def settle_payment(act: str) -> Answer:
    """Write down what one press says; nothing where sums have changed since the page was shown."""
    handler = PRESSES.get(act)
    if handler is None:
        raise NotFound
    written = handler(sitting().person.code)
    said = "late" if written is None else "undone" if act in {"undo", RETRACT} else "done"
    return redirect(url_for("officer.payments", said=said, press=written or None), 303)


@officer.post("/payments/choose")
@allow("lead")
def choose_payment() -> Answer | tuple[str, int]:
    """Write the case that a payment without a key is for; a choice without a case or a reason is asked for again."""
    notice = _posted_notice()
    reason = " ".join(request.form.get("reason", "").split())[: payment_notices.MAX_REASON_LENGTH]
    receipt_no = request.form.get("receipt_no", "").strip().upper()
    with context().store.read() as db:
        is_known = submissions.by_receipt(db, receipt_no) is not None
    if not is_known or len(reason) < SHORTEST_REASON:
        error = (
            "Chưa ghi: hãy gõ vì sao chọn hồ sơ này."
            if is_known
            else f"Chưa ghi: máy không có tờ khai {receipt_no}, hãy xem lại mã."
        )
        choice = PaymentChoice(reference=notice.reference, receipt_no=receipt_no, reason=reason, error=error)
        return _page(only=UNKNOWN, choice=choice), 422
    is_done = crediting.choose_subject(context(), notice, receipt_no, reason=reason, actor=sitting().person.code)
    press_id = f"{notice.account}/{notice.reference}" if is_done else None
    return redirect(url_for("officer.payments", said="chosen" if is_done else "late", press=press_id), 303)


def _posted_seen() -> int:
    text = request.form.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 13 else -1


def _posted_notice() -> NoticeRow:
    with context().store.read() as db:
        notice = payment_notices.find(db, request.form.get("account", ""), request.form.get("reference", ""))
    if notice is None:
        raise NotFound
    return notice


def _press_of(act: Callable[[Context, str, int, str], str]) -> Press:
    return lambda actor: act(context(), request.form.get("subject", ""), _posted_seen(), actor) or None


def _undo(actor: str) -> str | None:
    with context().store.read() as db:
        refunds = payment_refunds.of_subject(db, request.form.get("subject", ""))
    is_done = bool(refunds) and crediting.undo_refund(context(), refunds[-1].id, actor)
    return "" if is_done else None


def _retract(actor: str) -> str | None:
    """Undo the last press by what it wrote: a choice, a refund alone, void fees, or fees as paid."""
    press_id = request.form.get("press", "")
    with context().store.read() as db:
        notice = _find_chosen(db, press_id)
        refund = payment_refunds.find(db, press_id)
        fee = fees.find(db, press_id)
    if notice is not None:
        return "" if crediting.undo_choice(context(), notice, actor) else None
    is_void = fee is not None and fee.state == "void"
    undo = crediting.undo_refund if refund else crediting.undo_void if is_void else crediting.undo_payment
    return "" if undo(context(), press_id, actor) else None


def _find_chosen(db: Database, press_id: str) -> NoticeRow | None:
    """Return the notice whose case a press chose."""
    account, _, reference = press_id.partition("/")
    return payment_notices.find(db, account, reference) if reference else None


def _undo_offer(press_id: str) -> PaymentUndo | None:
    """Return the offer to undo one's own last press; None where it is over, or cannot be undone."""
    with context().store.read() as db:
        notice = _find_chosen(db, press_id)
        refund = payment_refunds.find(db, press_id)
        fee = fees.find(db, press_id)
        voided = fees.voided_with(db, fee) if fee else []
        paid_words = _paid_words(db, fee) if fee and fee.state == "paid" else ""
    if notice is not None:
        words = f"khoản {money(notice.amount)} cho hồ sơ {notice.subject}"
        return _offer(press_id, notice.chosen_by, notice.chosen_at, words)
    if refund is not None:
        words = f"phải trả lại {money(refund.amount)}, {_number_of(refund.subject)}"
        return _offer(press_id, refund.actor, refund.at, words)
    if fee is None:
        return None
    if fee.void_reason == "returned":
        words = f"hủy khoản {money(sum(row.amount for row in voided))}, {fee.receipt_no}"
        return _offer(press_id, fee.void_actor, fee.void_at, words)
    return _offer(press_id, fee.actor, fee.at, f"{paid_words}, {fee.receipt_no}") if paid_words else None


def _paid_words(db: Database, fee: fees.FeeRow) -> str:
    """Return what the press that wrote a fee as paid has written, in words."""
    written = ("paid", fee.actor, fee.at)
    paid = [row for row in fees.of_case(db, fee.receipt_no) if (row.state, row.actor, row.at) == written]
    cash = sum(row.amount for row in paid if row.method == "cash")
    words = f"thu thêm {money(cash)}" if cash else f"thu {money(sum(row.amount for row in paid))}"
    refunds = payment_refunds.of_subject(db, fee.receipt_no)
    too_much = [refund.amount for refund in refunds if (refund.actor, refund.at) == written[1:]]
    return f"{words}, phải trả lại {money(too_much[0])}" if too_much else words


def _offer(press_id: str, actor: str | None, at: datetime | None, words: str) -> PaymentUndo | None:
    is_own = actor == sitting().person.code
    seconds = seen_transfers.seconds_to_undo(context(), at) if is_own and at else 0
    return PaymentUndo(press_id=press_id, words=words, seconds=seconds) if seconds else None


RETRACT = "retract"
PRESSES: dict[str, Press] = {
    "credit": _press_of(crediting.credit),
    "collect": _press_of(crediting.collect_rest),
    "refund": _press_of(crediting.promise_refund),
    "void": _press_of(crediting.void_returned),
    "undo": _undo,
    RETRACT: _retract,
    "back": lambda actor: crediting.return_unknown(context(), _posted_notice(), actor) or None,
}


def _balances(db: Database, today: date) -> list[PaymentBalance]:
    """Return the balances of today's payments, of the open ones, and of transfers that the bank has not told of."""
    unseen = [row.receipt_no for row in fees.of_day(db, today) if _is_unseen(row)]
    subjects = [*payment_notices.open_subjects(db), *payment_notices.subjects_of_day(db, today)]
    subjects += [refund.subject for refund in payment_refunds.of_day(db, today)]
    if payment_notices.last_noticed(db) is not None:
        subjects += unseen
    return [find_balance(context(), db, subject) for subject in dict.fromkeys(subjects)]


def _is_unseen(row: fees.FeeRow) -> bool:
    return row.state == "paid" and row.method == "transfer" and row.bank_at is None


def _unseen_since(db: Database, today: date) -> datetime | None:
    if payment_notices.last_noticed(db) is None:
        return None
    return min((row.at for row in fees.of_day(db, today) if _is_unseen(row)), default=None)


def _line(db: Database, balance: PaymentBalance) -> PaymentLine:
    words, icon, press = STATES[balance.state]
    is_of_takings = balance.state in {"short", "returned"} and not balance.is_case
    if is_of_takings:
        press = ""
    if balance.state == "excess" and balance.due:
        press = "credit"
    amount = _press_amount(balance)
    due = balance.transferred + balance.cash + (balance.due or 0)
    return PaymentLine(
        at=_moment(balance.last_at) if balance.last_at else "–",
        number=_number_of(balance.subject),
        title=_title_of(db, balance),
        due="–" if balance.due is None else money(due),
        received=money(balance.received - balance.paid_back),
        state=balance.state,
        words=f"{words} {money(amount)}" if balance.state in {"short", "excess"} else words,
        note=_note_of(balance),
        icon=icon,
        press=press,
        button=BUTTONS[press].format(amount=money(amount)) if press else "",
        day=parse_label(balance.subject)[1] if is_of_takings else None,
        subject=balance.subject,
        seen=balance.missing if press == "collect" else abs(balance.surplus),
    )


BUTTONS = {
    "credit": "Trả lại {amount}",
    "collect": "Thu thêm {amount}",
    "refund": "Trả lại {amount}",
    "void": "Hủy khoản {amount}",
    "undo": "Bỏ ghi trả lại",
}


def _press_amount(balance: PaymentBalance) -> int:
    if balance.state == "short":
        return balance.missing
    return balance.too_much or abs(balance.surplus)


def _note_of(balance: PaymentBalance) -> str:
    notes: dict[str, str] = {
        "short": "" if balance.is_case else "tiền về nốt thì tự khớp; không thì hủy lượt ở sổ thu",
        "returned": "" if balance.is_case else "hủy lượt ở sổ thu, lý do: trả lại tiền",
        "settled": f"còn {money(balance.cash)} thu tiền mặt" if balance.cash and balance.transferred else "",
        "excess": f"ghi đã thu {money(balance.due)}, phần thừa trả lại" if balance.due else "",
        "twice": f"{balance.arrivals} giao dịch cùng mã",
        "after_cash": "ngân hàng báo sau khi đã thu tiền mặt",
        "waiting": "gọi số thì thu ở quầy, hoặc trả lại",
        "refunding": f"phải trả {money(_promised(balance))}, chờ kế toán chuyển",
    }
    return notes.get(balance.state, "")


def _promised(balance: PaymentBalance) -> int:
    return max(0, balance.promised - balance.paid_back)


def _number_of(subject: str) -> str:
    """Return a receipt number, or a queue number and its day, as the page writes it."""
    if is_receipt_no(subject):
        return subject
    label, day = parse_label(subject)
    return f"{label}, {day:%d/%m}"


def _title_of(db: Database, balance: PaymentBalance) -> str:
    if "/" in balance.subject:
        return "không có mã khoản"
    submission = submissions.by_receipt(db, balance.subject) if balance.is_case else None
    procedure = context().catalogue.version(submission.procedure, submission.version) if submission else None
    return procedure.short.vi if procedure else "việc làm ngay, không kèm tờ khai"


def _unknown_line(db: Database, notice: NoticeRow) -> PaymentLine:
    cases = fees.cases_due(db, notice.amount, MAX_CASES)
    notes = (
        f"phiếu cũ ghi {notice.hint}" if notice.hint else "",
        f"{len(cases)} hồ sơ đang chờ đúng {money(notice.amount)}" if cases else "",
    )
    return PaymentLine(
        at=_moment(notice.booked_at),
        number="Không rõ",
        title=f"giao dịch {notice.reference}",
        due="–",
        received=money(notice.amount),
        state=UNKNOWN,
        words="Không có mã khoản",
        note="; ".join(filter(None, notes)),
        icon="warn",
        press="back",
        button=f"Trả lại {money(notice.amount)}",
        seen=notice.amount,
        account=notice.account,
        reference=notice.reference,
        hint=notice.hint or "",
        cases=tuple(cases),
    )


def _count(lines: list[PaymentLine], name: str) -> int:
    return sum(line.filter == name if name else line.is_open for line in lines)


def _moment(at: datetime) -> str:
    local = clock.local(at)
    return f"{local:%H:%M}" if local.date() == context().clock.today() else f"{local:%H:%M %d/%m}"
