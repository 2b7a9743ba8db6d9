"""Work list: the cases of this officer, or of the whole ward, that need something; each opens with all acts of a case.

Only the officer's own list has names, and each load of it leaves an audit line; so does each opened row. A number
without a form that its citizen waits with opens too: it is called again and ends like every number.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import lookups
from kiosk.base import clock, codes
from kiosk.base.errors import NotFound
from kiosk.dossiers import case_summary, work_list
from kiosk.dossiers.opened import open_submission
from kiosk.dossiers.work_list import NOT_TODAY, STATES, WorkItem, WorkState
from kiosk.pages.access import allow, context
from kiosk.pages.officer.case.copies import copy_box, copy_words
from kiosk.pages.officer.case.current_case import find_access, load_case
from kiosk.pages.officer.case.fee_box import fee_box_values
from kiosk.pages.officer.case.prints import print_box
from kiosk.pages.officer.case.status import case_status
from kiosk.pages.officer.session import messages
from kiosk.pages.officer.session.blueprint import frame_part, machine_notice, officer, officer_session, render, sitting
from kiosk.pages.officer.session.case_users import users_by_subject
from kiosk.records import staff, tickets, work_cases
from kiosk.records.openings import OpeningReason
from kiosk.records.staff import Sitting
from kiosk.records.work_cases import WaitingTicket, WorkCase

SHOWN = 100
ICONS: dict[WorkState, str] = {
    "late": "warn",
    "today": "clock",
    "waits": "people",
    "news": "info",
    "undecided": "list",
    "returned": "refresh",
    "supplement": "pause",
    "ready": "stamp",
}
REASONS: dict[WorkState, OpeningReason] = {"ready": "hand_out", "supplement": "paper"}
"""Reason that is stored with an opening from the list; "check" in the other states."""


@dataclass(frozen=True)
class WorkRow:
    """A row of the list; `applicant` is empty in the list of the ward, `officer` in the officer's own."""

    id: str
    subject: str
    """The receipt number; empty for a number without a form."""
    state: WorkState
    words: str
    icon: str
    number: str
    matter: str
    applicant: str
    officer: str
    due: str
    fact: str


@officer.get("/work")
@allow("officer")
def work() -> str:
    """Show the list, with the opened row where the address names one."""
    is_of_ward = bool(request.args.get("all"))
    items = items_of_ward() if is_of_ward else own_items()
    only = request.args.get("only", "")
    wanted = request.args.get("row", "")
    chosen = [item for item in items if only in ("", item.state) or item.id == wanted][:SHOWN]
    receipts = [item.case.receipt_no for item in chosen if isinstance(item.case, WorkCase)]
    if receipts and not is_of_ward:
        lookups.record_work_list(context(), receipts, actor=sitting().person.code)
    return render(
        "officer/work.html",
        rows=_rows(chosen, is_of_ward=is_of_ward),
        filters=_filters(items),
        only=only,
        is_of_ward=is_of_ward,
        today=count_today(items),
        count=len(items),
        version=_version(items),
        opened=wanted,
        users=users_by_subject(sitting().person.code),
        waiting=_opened_ticket(items, wanted),
        **_opened(wanted),
    )


@officer.post("/work/<submission_id>")
@allow("officer")
def work_open(submission_id: str) -> Answer:
    """Open a case from the list, without a question: the state of the case is the reason.

    Args:
        submission_id: the id of a submission, or of a number without one.
    """
    item = next((item for item in items_of_ward() if item.id == submission_id), None)
    if item is None:
        raise NotFound("Hồ sơ này không còn việc phải làm. Mời tra cứu.", "This case needs no work any more.")
    is_case = isinstance(item.case, WorkCase)
    if is_case and find_access(submission_id) is None:
        reason = REASONS.get(item.state, "check")
        lookups.open_case(context(), submission_id, reason=reason, words="", officer_session=officer_session())
    if is_case and request.form.get("whole"):
        return redirect(url_for("officer.case", submission_id=submission_id), 303)
    address = url_for(
        "officer.work",
        row=submission_id,
        all=request.form.get("all") or None,
        only=request.form.get("only") or None,
        _anchor="opened",
    )
    return redirect(address, 303)


@officer.get("/work/count")
@allow("officer")
def work_count() -> Answer:
    """Return what every page refreshes: cases to do today, a version of the list, and the machine's notice.

    A page with rows of cases (`users` in the query) also gets who else has which case or draft open.
    """
    items = own_items()
    version = _version(items_of_ward() if request.args.get("all") else items)
    users = users_by_subject(sitting().person.code) if request.args.get("users") else {}
    return jsonify(count=count_today(items), version=version, notice=machine_notice(), users=users)


def _version(items: list[WorkItem]) -> str:
    """Return a version that changes with each word that a row shows."""
    rows = [f"{item.id} {item.state} {item.case.ticket} {item.case.officer} {_due(item)} {item.fact}" for item in items]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]


def _filters(items: list[WorkItem]) -> list[tuple[str, str, int]]:
    counts = [(state, words, sum(item.state == state for item in items)) for state, words in STATES.items()]
    return [("", "Tất cả", len(items)), *[row for row in counts if row[2]]]


def _rows(items: list[WorkItem], *, is_of_ward: bool) -> list[WorkRow]:
    with context().store.read() as db:
        names = staff.names(db)
    return [
        WorkRow(
            id=item.id,
            subject=item.case.receipt_no if isinstance(item.case, WorkCase) else "",
            state=item.state,
            words=STATES[item.state],
            icon=ICONS[item.state],
            number=_number(item),
            matter=_matter(item),
            applicant="" if is_of_ward else _applicant(item),
            officer=names.get(item.case.officer, "chưa ai nhận") if is_of_ward else "",
            due=_due(item),
            fact=item.fact,
        )
        for item in items
    ]


def _number(item: WorkItem) -> str:
    if isinstance(item.case, WaitingTicket):
        return item.case.ticket
    tail = item.case.official_no or item.case.receipt_no
    short = tail if len(tail) <= 12 else f"…{tail[-11:]}"
    return f"{item.case.ticket} · {short}" if item.case.ticket else short


def _matter(item: WorkItem) -> str:
    if isinstance(item.case, WaitingTicket):
        letter = item.case.line
        return next((series.name for series in context().config.series if series.letter == letter), letter)
    procedure = context().catalogue.version(item.case.procedure, item.case.version)
    return procedure.short.vi if procedure else item.case.procedure


def _applicant(item: WorkItem) -> str:
    if isinstance(item.case, WaitingTicket):
        return "không kèm tờ khai"
    opened = open_submission(context(), item.case.submission_id)
    if opened is None:
        return "nội dung đã xóa"
    return case_summary.summarize_case(context(), opened, officer="", at=context().clock.now()).applicant


def _due(item: WorkItem) -> str:
    """Return the due time: the hour for today, else the day; nothing before a decision, and none while papers lack."""
    if isinstance(item.case, WaitingTicket):
        return "–"
    if item.case.desk == "supplement":
        return "dừng"
    if item.case.due_at is None or item.case.desk == "waiting":
        return "–"
    due: datetime = clock.local(item.case.due_at)
    return f"{due.hour}:{due:%M}" if due.date() == context().clock.today() else f"{due:%d/%m}"


def _opened_ticket(items: list[WorkItem], wanted: str) -> dict[str, str]:
    """Return the values of an opened number without a form; none where the list has no such number."""
    ticket = next((item.case for item in items if item.id == wanted and isinstance(item.case, WaitingTicket)), None)
    if ticket is None:
        return {}
    number = sitting().counter
    with context().store.read() as db:
        current = tickets.at_counter(db, context().clock.today(), number) if number is not None else None
    return {
        "id": ticket.ticket_id,
        "label": ticket.ticket,
        "nonce": codes.nonce(),
        "current": current.id if current else "",
        "current_label": current.label if current else "",
    }


def _opened(submission_id: str) -> dict[str, Any]:
    """Return the values of the opened row; none without the right to see the case."""
    access = find_access(submission_id) if submission_id else None
    current = load_case(access) if access else None
    if access is None or current is None:
        return {}
    summary = case_summary.summarize_case(context(), current.opened, officer="", at=context().clock.now())
    return {
        "access": access,
        "case": case_status(current.opened),
        "prints": print_box(current.opened),
        "copies": copy_box(current.opened),
        "papers": current.papers,
        "handle": current.handle,
        "phone": summary.phone,
        "said": messages.by_place(request.args.get("said", "")),
        **fee_box_values(current.opened, current.handle),
        **copy_words(),
    }


@frame_part
def work_in_frame(current: Sitting | None) -> dict[str, Any]:
    """Return how many cases need work today, as the top bar of every officer's page counts them."""
    return {"work_today": count_today(own_items()) if current else 0}


def items_of_ward() -> list[WorkItem]:
    """Return the work of the whole ward, the most urgent first."""
    return _items(None)


def own_items() -> list[WorkItem]:
    """Return the work of this officer: each desk asks every few seconds, so no case of others is read for it."""
    return _items(sitting().person.code)


def _items(officer_code: str | None) -> list[WorkItem]:
    now = context().clock.now()
    with context().store.read() as db:
        today = context().clock.today()
        waiting = work_cases.waiting_tickets(db, today)
        cases = work_cases.to_do(db, now, today, officer_code)
    mine = [ticket for ticket in waiting if officer_code in (None, ticket.officer)]
    return work_list.work_items(cases, now, mine)


def count_today(items: Sequence[WorkItem]) -> int:
    """Count the cases that the desk must do something about; not those that wait for somebody else."""
    return sum(item.state not in NOT_TODAY for item in items)
