"""Look for a case that was not called: by slip, by official number, by queue number, by id number, by whole name.

One field takes all of them, typed or scanned, and says how it was understood. What is found is told without an answer
of the form; to see those one opens the case. All is posted, so that no address and no
log holds a name.
"""

import re
from dataclasses import dataclass
from datetime import date

from flask import request, url_for

from kiosk import clock, codes
from kiosk.acts import looking
from kiosk.acts.looking import Found, Way
from kiosk.dossiers import status_labels
from kiosk.pages.access import context, for_
from kiosk.pages.officer.blueprint import officer, render, sitting
from kiosk.pages.officer.holding import hold_of
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Ticket
from kiosk.vietnam import id_card, viet_text
from kiosk.vietnam.calendar import shown

SHOWN = 20
LONGEST = 400
TICKET = re.compile(r"[A-Za-z]\s?[0-9]{1,4}")
NUMBER = re.compile(r"[0-9]{12}|[0-9]{9}")
OFFICIAL = re.compile(
    r"[A-Z][0-9]{2}(\.[0-9]{1,4}){0,3}-[0-9]{6}-[0-9]{4,5}|[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}-[0-9]{6}-[0-9]{4}"
)
UNDERSTOOD: dict[Way, str] = {
    "receipt": "theo mã phiếu",
    "official": "theo mã hồ sơ",
    "ticket": "theo số thứ tự",
    "number": "theo số định danh của người đi khai",
    "name": "theo họ tên đầy đủ",
}
STATES = {
    "waiting": "đang chờ",
    "absent": "gọi chưa thấy, còn trong hàng",
    "called": "đang gọi",
    "serving": "đang ở quầy",
    "held": "đang giữ số",
    "done": "đã xong",
    "closed": "đã đóng",
}


@dataclass(frozen=True)
class Wanted:
    """What is looked for, as it was understood; `day` is that of a queue number."""

    way: Way
    said: str
    day: date


@dataclass(frozen=True)
class Row:
    """A case as look-up tells of it; `place` says whether it can be seen already, `go` leads there."""

    receipt_no: str
    official_no: str
    matter: str
    at: str
    desk: str
    portal: str
    place: str
    go: str


class NotUnderstood(Exception):  # noqa: N818 - read in a sentence
    """What was typed is none of the ways; the message says what to do."""


@officer.route("/lookup", methods=["GET", "POST"])
@for_("officer")
def lookup() -> str:
    """Ask what to look for, and tell what was found."""
    said, day = request.form.get("said", "").strip()[:LONGEST], request.form.get("day", "").strip()[:10]
    if request.method == "GET" or not said:
        error = "Mời quét hoặc gõ vào ô tìm." if request.method == "POST" else ""
        return render("officer/lookup.html", said="", day=day or _today(), error=error, found=None)
    try:
        wanted = understood(said, day)
    except NotUnderstood as fault:
        return render("officer/lookup.html", said=said, day=day, error=str(fault), found=None)
    found = looking.look_up(context(), wanted.way, wanted.said, wanted.day, sitting().person.code)
    return render(
        "officer/lookup.html",
        said=wanted.said,
        day=day,
        error="",
        found=found,
        how=UNDERSTOOD[wanted.way],
        rows=[_row(one) for one in found.cases[:SHOWN]],
        more=max(0, len(found.cases) - SHOWN),
        nothing=_nothing(wanted, found),
        ticket=_ticket(found.ticket) if found.ticket else "",
    )


def understood(text: str, day: str) -> Wanted:
    """Return what a hand typed or a scanner sent; NotUnderstood says what to do instead."""
    on, receipt = _day(day), codes.read_receipt_no(text)
    bare, card = re.sub(r"[\s.]", "", text), id_card.parse(text, is_typed=True) if "|" in text else None
    if receipt:
        return Wanted("receipt", receipt, on)
    if OFFICIAL.fullmatch(text.upper()):
        return Wanted("official", text.upper(), on)
    if TICKET.fullmatch(text):
        return Wanted("ticket", bare.upper(), on)
    if NUMBER.fullmatch(bare):
        return Wanted("number", bare, on)
    if card is not None:
        if isinstance(card, id_card.Card):
            return Wanted("number", card.id_number, on)
        raise NotUnderstood("Mã vừa quét không phải thẻ căn cước hay phiếu của máy. Mời quét lại, hoặc gõ.")
    return Wanted("name", _name(text), on)


def _name(text: str) -> str:
    if re.search(r"[0-9]", text):
        raise NotUnderstood(
            "Chưa hiểu mã này. Mã phiếu như PK03-261125-0017-V, số thứ tự như A017, số định danh 12 chữ số."
        )
    if len(viet_text.fold(text).split()) < 2:
        raise NotUnderstood("Máy chỉ tìm được họ tên đầy đủ, như Nguyễn Thị Diệu Hiền. Mời gõ đủ họ, chữ đệm, tên.")
    return viet_text.clean(text)


def _day(text: str) -> date:
    """The day of a queue number, as a browser sends it or a hand writes it; today where none is said."""
    parts = text.split("/")
    if not text:
        return context().clock.today()
    try:
        return date(*map(int, reversed(parts))) if len(parts) == 3 else date.fromisoformat(text)
    except ValueError:
        raise NotUnderstood("Ngày viết như 25/11/2026.") from None


def _today() -> str:
    return shown(context().clock.today().isoformat())


def _row(found: Submission) -> Row:
    procedure, at = context().catalogue.version(found.procedure, found.version), clock.local(found.completed_at)
    hold = hold_of(found.id)
    is_here = hold is not None and hold.ticket is not None
    return Row(
        receipt_no=found.receipt_no,
        official_no=found.number,
        matter=procedure.short.vi if procedure else found.procedure,
        at=f"{at:%H:%M, %d/%m/%Y}",
        desk=status_labels.desk(found),
        portal=status_labels.portal(found),
        place="here" if is_here else "open" if hold else "",
        go=url_for("officer.desk") if is_here else url_for("officer.case", submission_id=found.id),
    )


def _ticket(ticket: Ticket) -> str:
    """Tell where a number stands, also one without a form."""
    where = f" quầy {ticket.counter}" if ticket.counter and ticket.state in ("called", "serving", "done") else ""
    form = "" if ticket.submission_id else ", không kèm tờ khai"
    at = clock.local(ticket.drawn_at)
    return f"Số {ticket.label} lấy lúc {at:%H:%M, %d/%m/%Y}{form}: {STATES[ticket.state]}{where}."


def _nothing(wanted: Wanted, found: Found) -> str:
    if found.cases or (found.ticket and not found.ticket.submission_id):
        return ""
    if wanted.way == "ticket":
        return f"Ngày {shown(wanted.day.isoformat())} không có số {wanted.said}. Số giữ {_kept()} ngày rồi xóa."
    if wanted.way == "name":
        return "Không thấy ai tên này. Máy tìm đúng từng chữ của họ tên đầy đủ; hồ sơ đã xóa nội dung thì tìm theo mã."
    if wanted.way == "number":
        return "Không thấy hồ sơ nào do người có số này đi khai ở máy này."
    return "Không thấy hồ sơ có mã này ở máy này. Mời xem lại từng chữ."


def _kept() -> int:
    return context().config.keep.ticket_days
