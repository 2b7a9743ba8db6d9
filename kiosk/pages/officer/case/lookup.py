"""Look-up of a case: by receipt number, official number, ticket, text of a transfer, id number or full name.

One field takes any of them, typed or scanned, and the page says which was recognised. The result shows no answer of a
form; the officer opens the case to see them. All is posted, so that no address and no log holds a name.
"""

import re
from dataclasses import dataclass
from datetime import date

from flask import request, url_for

from kiosk.acts import lookups
from kiosk.acts.lookups import LookUpResult, SearchKey
from kiosk.base import clock, codes
from kiosk.dossiers import payment_keys, status_labels
from kiosk.dossiers.scanned_code import ScannedCode, recognise
from kiosk.pages.access import allow, context
from kiosk.pages.officer.assist.kept_form import kept_page
from kiosk.pages.officer.case.current_case import find_access
from kiosk.pages.officer.case.own_data import REQUESTERS
from kiosk.pages.officer.case.status import procedure_of
from kiosk.pages.officer.queue.panel import TICKET_STATES
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.pages.officer.session.case_users import users_by_subject
from kiosk.pages.officer.session.day_box import WRONG, parse_day
from kiosk.records.submissions import Submission
from kiosk.records.tickets import IN_LINE, Ticket
from kiosk.vietnam import phones, viet_text
from kiosk.vietnam.calendar import format_date

SHOWN = 20
LONGEST = 400
NUMBER = re.compile(r"[0-9]{12}|[0-9]{9}")
OFFICIAL = re.compile(
    r"[A-Z][0-9]{2}(\.[0-9]{1,4}){0,3}-[0-9]{6}-[0-9]{4,5}|[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}-[0-9]{6}-[0-9]{4}"
)
KEY_LABELS: dict[SearchKey, str] = {
    "receipt": "theo mã phiếu",
    "official": "theo mã hồ sơ",
    "ticket": "theo số thứ tự",
    "number": "theo số định danh của người đi khai",
    "name": "theo họ tên đầy đủ",
    "phone": "theo số điện thoại trong tờ khai",
}


@dataclass(frozen=True)
class LookUpQuery:
    """A look-up by one kind of key; `day` is that of a ticket, `is_card` for a card that was scanned."""

    key: SearchKey
    text: str
    day: date
    is_card: bool = False


@dataclass(frozen=True)
class LookUpRow:
    """A case that was found; `place` is "here" at the counter, "open" once opened, else empty; `url` leads there."""

    receipt_no: str
    official_no: str
    matter: str
    at: str
    desk: str
    portal: str
    place: str
    url: str


class NotUnderstood(Exception):  # noqa: N818 - reads as a sentence
    """The typed text is no known key; the message says what to do."""


@officer.route("/lookup", methods=["GET", "POST"])
@allow("officer")
def lookup() -> str:
    """Ask for a key, and show the cases that were found."""
    text = (request.form.get("said") or request.form.get("line", "")).strip()[:LONGEST]
    day = request.form.get("day", "").strip()[:10]
    if request.method == "GET" or not text:
        error = "Mời quét hoặc gõ vào ô tìm." if request.method == "POST" else ""
        return render("officer/lookup.html", text="", day=day or _today(), error=error, found=None)
    if kept_code := codes.parse_kept_code(text):
        return kept_page(kept_code)
    try:
        query = parse_query(text, day)
    except NotUnderstood as problem:
        return render("officer/lookup.html", text=text, day=day, error=str(problem), found=None)
    result = lookups.look_up(context(), query.key, query.text, day=query.day, actor=sitting().person.code)
    return render(
        "officer/lookup.html",
        text=query.text,
        day=day,
        error="",
        found=result,
        how=KEY_LABELS[query.key],
        card_line=text if query.is_card else "",
        requesters=REQUESTERS,
        users=users_by_subject(sitting().person.code),
        rows=[_row(submission) for submission in result.cases[:SHOWN]],
        more=max(0, len(result.cases) - SHOWN),
        nothing=_nothing(query, result),
        ticket=_ticket(result.ticket) if result.ticket else "",
    )


def parse_query(text: str, day: str) -> LookUpQuery:
    """Recognise the key in what was typed or scanned.

    Raises:
        NotUnderstood: it is no key, or the day is malformed.
    """
    ticket_day = _day(day)
    scanned = recognise_at_desk(text, ticket_day)
    digits = re.sub(r"[\s.]", "", text)
    if scanned.kind == "slip":
        return LookUpQuery("receipt", scanned.text, ticket_day)
    if scanned.kind == "number" and scanned.day:
        return LookUpQuery("ticket", scanned.text, scanned.day)
    if scanned.kind == "card":
        return LookUpQuery("number", scanned.text, ticket_day, is_card=True)
    if OFFICIAL.fullmatch(text.upper()):
        return LookUpQuery("official", text.upper(), ticket_day)
    if NUMBER.fullmatch(digits) or phones.kind(digits):
        return LookUpQuery("number" if NUMBER.fullmatch(digits) else "phone", digits, ticket_day)
    if "|" in text:
        raise NotUnderstood("Mã vừa quét không phải thẻ căn cước hay phiếu của máy. Mời quét lại, hoặc gõ.")
    return LookUpQuery("name", _name(text), ticket_day)


def recognise_at_desk(text: str, today: date) -> ScannedCode:
    """Return what a typed or scanned text is; the text of a transfer is the slip or the queue number that it pays."""
    scanned = recognise(text, today, is_typed=True)
    paid = payment_keys.find_subject(context(), text) if scanned.kind == "unknown" else None
    if paid is None:
        return scanned
    return ScannedCode("slip", paid.receipt_no) if paid.receipt_no else ScannedCode("number", paid.label, day=paid.day)


def _name(text: str) -> str:
    if re.search(r"[0-9]", text):
        raise NotUnderstood(
            "Chưa hiểu mã này. Mã phiếu như PK03-261125-0017-V, số thứ tự như A017, số định danh 12 chữ số."
        )
    if len(viet_text.fold(text).split()) < 2:
        raise NotUnderstood("Máy chỉ tìm được họ tên đầy đủ, như Nguyễn Thị Diệu Hiền. Mời gõ đủ họ, chữ đệm, tên.")
    return viet_text.clean(text)


def _day(text: str) -> date:
    """Return the day of a ticket, as 25/11/2026 or 2026-11-25; today for an empty text."""
    day = parse_day(text) if text else context().clock.today()
    if day is None:
        raise NotUnderstood(WRONG)
    return day


def _today() -> str:
    return format_date(context().clock.today().isoformat())


def _row(submission: Submission) -> LookUpRow:
    procedure = procedure_of(submission)
    access = find_access(submission.id)
    at = clock.local(submission.completed_at)
    is_here = access is not None and access.ticket is not None
    return LookUpRow(
        receipt_no=submission.receipt_no,
        official_no=submission.number,
        matter=procedure.short.vi if procedure else submission.procedure,
        at=f"{at:%H:%M, %d/%m/%Y}",
        desk=status_labels.desk_label(submission),
        portal=status_labels.portal_label(submission),
        place="here" if is_here else "open" if access else "",
        url=url_for("officer.desk") if is_here else url_for("officer.case", submission_id=submission.id),
    )


def _ticket(ticket: Ticket) -> str:
    """Return when a ticket was drawn and where it is, in words; also of one without a form."""
    where = f" quầy {ticket.counter}" if ticket.counter and ticket.state in ("called", "serving", "done") else ""
    form = "" if ticket.submission_id else ", không kèm tờ khai"
    at = clock.local(ticket.drawn_at)
    moved = _transfer_words(ticket) if ticket.state in IN_LINE else ""
    return f"Số {ticket.label} lấy lúc {at:%H:%M, %d/%m/%Y}{form}: {TICKET_STATES[ticket.state]}{where}{moved}."


def _transfer_words(ticket: Ticket) -> str:
    """Return the counter or the series that a waiting number was transferred to; empty for none."""
    if ticket.counter is not None:
        return f", đã chuyển sang quầy {ticket.counter}"
    series = next((one for one in context().config.series if one.letter == ticket.line), None)
    return f", đã chuyển sang dãy {series.letter}, {series.name}" if series and ticket.line != ticket.series else ""


def _nothing(query: LookUpQuery, result: LookUpResult) -> str:
    """Return why nothing was found; empty where something was."""
    if result.cases or (result.ticket and not result.ticket.submission_id):
        return ""
    if query.key == "ticket":
        days = context().config.keep.ticket_days
        return f"Ngày {format_date(query.day.isoformat())} không có số {query.text}. Số giữ {days} ngày rồi xóa."
    if query.key == "name":
        return "Không thấy ai tên này. Máy tìm đúng từng chữ của họ tên đầy đủ; hồ sơ đã xóa nội dung thì tìm theo mã."
    if query.key == "phone":
        return "Không thấy hồ sơ nào ghi số điện thoại này ở máy này."
    if query.key == "number":
        return "Không thấy hồ sơ nào do người có số này đi khai ở máy này."
    return "Không thấy hồ sơ có mã này ở máy này. Mời xem lại từng chữ."
