"""Field for everything: one text, typed or scanned, finds numbers, slips, cases and persons; the page adds its acts.

Numbers and slips are found while the officer types and show no person. A person is looked up only when the officer asks
for it; that writes an audit row. All is posted, so that no address and no log holds a name.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import lookups
from kiosk.acts.lookups import SearchKey
from kiosk.dossiers import scanned_code, status_labels
from kiosk.pages.access import allow, context
from kiosk.pages.officer.case.current_case import find_access
from kiosk.pages.officer.case.lookup import LONGEST, OFFICIAL, LookUpQuery, recognise_at_desk
from kiosk.pages.officer.case.status import procedure_of
from kiosk.pages.officer.queue.panel import TICKET_STATES
from kiosk.pages.officer.session.blueprint import officer, sitting
from kiosk.pages.officer.session.case_users import users_by_subject
from kiosk.procedures import search
from kiosk.records import submissions, tickets
from kiosk.records.submissions import Submission
from kiosk.records.tickets import AT_COUNTER, Ticket
from kiosk.vietnam import phones, viet_text

SHOWN = 5
PERSONS_SHOWN = 8
RECENT = timedelta(days=90)
"""Cases that are found by the last digits of a number."""
ID_NUMBER = re.compile(r"[0-9]{12}|[0-9]{9}")
DIGITS = re.compile(r"([A-Za-z]?)\s?([0-9]{1,4})")
LEAST_OF_NAME = 3
"""Letters of the name of a page or a procedure that are looked for; fewer are in too many."""
PAGES = (
    ("Bảng thu tiền", "officer.cash"),
    ("Thu trong ngày", "officer.taken"),
    ("Đón tiếp, lấy số cho người dân", "officer.reception"),
    ("Cả hàng, lọc, gọi lại", "officer.line"),
)
"""Pages without a link in the top bar; the script adds the links and buttons of the page behind."""
CALLABLE = ("waiting", "absent", "held", "closed")


@dataclass(frozen=True)
class CommandRow:
    """A result: the text around the match, a line below, the word of its key, and where Enter leads.

    `users` says which colleagues have the case open, at its number too.
    `call` is the id of a number that Ctrl+Enter calls; `person` is set where Enter looks a person up.
    """

    icon: str
    before: str
    match: str
    after: str
    line: str
    does: str
    url: str = ""
    call: str = ""
    person: bool = False
    users: str = ""


@dataclass(frozen=True)
class CommandGroup:
    """Results of one kind; names of pages and procedures come after the acts of the page behind (`is_name`)."""

    title: str
    rows: tuple[CommandRow, ...]
    is_name: bool = False


@officer.post("/command")
@allow("officer")
def command() -> Answer | str:
    """Return the results for a text; the address to open where a scan names one thing."""
    text = " ".join(request.form.get("text", "")[:LONGEST].split())
    code = recognise_at_desk(text, context().clock.today())
    is_person = bool(request.form.get("person")) or code.kind == "card"
    if request.form.get("scan") and (target := _only_target(code)):
        return Response(status=204, headers={"Location": target})
    groups = [*_groups(text, code), *_acts(text), *(_persons(text, code) if is_person else _person_offer(text))]
    shown = [group for group in groups if group.rows]
    return render_template("officer/command_results.html", groups=shown, text=text)


def _only_target(code: scanned_code.ScannedCode) -> str:
    """Return the address of the case of a scanned slip, or of the number at the counter; empty for anything else."""
    with context().store.read() as db:
        if code.kind == "slip":
            submission = submissions.by_receipt(db, code.text)
            return _case_url(submission) if submission else ""
        ticket = tickets.by_label(db, context().clock.today(), code.text) if code.kind == "number" else None
    if ticket and ticket.state in AT_COUNTER and ticket.counter == sitting().counter:
        return url_for("officer.desk")
    return ""


def _groups(text: str, code: scanned_code.ScannedCode) -> list[CommandGroup]:
    return [CommandGroup("Số hôm nay", _numbers(text)), CommandGroup("Phiếu và hồ sơ", _cases(text, code))]


def _acts(text: str) -> list[CommandGroup]:
    """Return the pages whose name has the text, and the procedures that match it, to fill in a form for a citizen."""
    wanted = viet_text.fold(text)
    if len(wanted) < LEAST_OF_NAME or re.search(r"[0-9|@]", text):
        return []
    found = search.find(context().catalogue.all(context().clock.today()), text, "vi", context().catalogue.events)
    procedures = tuple(
        CommandRow(
            icon="pencil",
            before="",
            match="",
            after=match.procedure.short.vi,
            line="Khai giúp thủ tục này",
            does="Khai",
            url=url_for("officer.assist_start", code=match.procedure.code),
        )
        for match in found[:SHOWN]
    )
    rows = tuple(
        CommandRow(icon="arrow-right", before="", match="", after=words, line="Trang", does="Mở", url=url_for(endpoint))
        for words, endpoint in PAGES
        if f" {wanted}" in f" {viet_text.fold(words)}"
    )
    return [CommandGroup("Trang", rows, is_name=True), CommandGroup("Thủ tục", procedures, is_name=True)]


def _numbers(text: str) -> tuple[CommandRow, ...]:
    """Return today's numbers that contain the digits, those of the typed letter only."""
    match = DIGITS.fullmatch(text)
    if match is None:
        return ()
    letter = match[1].upper()
    digits = match[2]
    with context().store.read() as db:
        found = tickets.containing(db, context().clock.today(), letter=letter, digits=digits, limit=SHOWN)
    return tuple(_number_row(ticket, digits) for ticket in found)


def _number_row(ticket: Ticket, digits: str) -> CommandRow:
    with context().store.read() as db:
        submission = submissions.find(db, ticket.submission_id) if ticket.submission_id else None
    before, match, after = _around(ticket.label, digits)
    where = f" quầy {ticket.counter}" if ticket.counter and ticket.state in AT_COUNTER else ""
    matter = _matter(submission) if submission else "không kèm tờ khai"
    is_here = ticket.state in AT_COUNTER and ticket.counter == sitting().counter
    may_call = ticket.state in CALLABLE and sitting().counter is not None
    url = url_for("officer.desk") if is_here else _case_url(submission) if submission else ""
    return CommandRow(
        icon="ticket",
        before=f"Số {before}",
        match=match,
        after=after,
        line=f"{matter[:1].upper()}{matter[1:]}, {TICKET_STATES[ticket.state]}{where}",
        does="Mở" if url else "Gọi",
        url=url,
        call=ticket.id if may_call else "",
        users=_users(submission) if submission else "",
    )


def _cases(text: str, code: scanned_code.ScannedCode) -> tuple[CommandRow, ...]:
    """Return cases by a whole receipt or official number, or by the last digits of one."""
    digits = re.sub(r"\s", "", text)
    with context().store.read() as db:
        if code.kind == "slip":
            found = [submissions.by_receipt(db, code.text)]
        elif OFFICIAL.fullmatch(text.upper()):
            found = list(submissions.by_official(db, text.upper())[:1])
        elif digits.isascii() and digits.isdigit() and 2 <= len(digits) <= 5:
            since = context().clock.today() - RECENT
            found = list(submissions.ending_in(db, digits, since=since, limit=SHOWN))
        else:
            found = []
    return tuple(_case_row(submission, code.text or text) for submission in found if submission)


def _case_row(submission: Submission, text: str) -> CommandRow:
    number = submission.number if text in submission.number and text not in submission.receipt_no else ""
    before, match, after = _around(number or submission.receipt_no, text.upper())
    return CommandRow(
        icon="doc",
        before=before,
        match=match,
        after=after,
        line=f"{_matter(submission)}, {status_labels.desk_label(submission)}",
        does="Mở",
        url=_case_url(submission),
        users=_users(submission),
    )


def _person_key(text: str, code: scanned_code.ScannedCode) -> LookUpQuery | None:
    """Return the look-up of a person: by card, id number, phone or whole name."""
    day = context().clock.today()
    digits = re.sub(r"[\s.]", "", text)
    if code.kind == "card":
        return LookUpQuery("number", code.text, day)
    if ID_NUMBER.fullmatch(digits):
        return LookUpQuery("number", digits, day)
    if phones.kind(digits):
        return LookUpQuery("phone", digits, day)
    is_name = not re.search(r"[0-9|@]", text) and len(viet_text.fold(text).split()) >= 2
    return LookUpQuery("name", viet_text.clean(text), day) if is_name else None


def _person_offer(text: str) -> list[CommandGroup]:
    """Return a row that looks a person up on request; nothing is looked up yet."""
    query = _person_key(text, scanned_code.UNKNOWN)
    if query is None:
        return []
    row = CommandRow(
        icon="people",
        before="Tìm ",
        match=_masked(query),
        after="",
        line="Ghi vào nhật ký: ai tìm, lúc nào",
        does="Tìm",
        person=True,
    )
    return [CommandGroup("Người nộp hồ sơ", (row,))]


def _persons(text: str, code: scanned_code.ScannedCode) -> list[CommandGroup]:
    """Look a person up, with an audit row, and return their cases."""
    query = _person_key(text, code)
    if query is None:
        return []
    result = lookups.look_up(context(), query.key, query.text, day=query.day, actor=sitting().person.code)
    rows = tuple(_person_row(submission, query) for submission in result.cases[:PERSONS_SHOWN])
    return [CommandGroup(f"Người nộp hồ sơ: {_masked(query)}", rows)]


def _person_row(submission: Submission, query: LookUpQuery) -> CommandRow:
    with context().store.read() as db:
        ticket = tickets.of_submission(db, submission.id)
    label = f"số {ticket.label}, " if ticket else ""
    return CommandRow(
        icon={"number": "card", "phone": "people"}.get(query.key, "people"),
        before="",
        match="",
        after=f"{_matter(submission)}, {label}{submission.receipt_no}",
        line=status_labels.desk_label(submission),
        does="Xem",
        url=_case_url(submission),
        users=_users(submission),
    )


def _masked(query: LookUpQuery) -> str:
    kinds: dict[SearchKey, str] = {"number": "căn cước •••• •••• ", "phone": "điện thoại •••• ••• "}
    if query.key == "name":
        return query.text
    return f"{kinds[query.key]}{query.text[-4:] if query.key == 'number' else query.text[-3:]}"


def _around(text: str, part: str) -> tuple[str, str, str]:
    """Split a text around the last place of a part."""
    at = text.rfind(part)
    return (text[:at], part, text[at + len(part) :]) if part and at >= 0 else (text, "", "")


def _users(submission: Submission) -> str:
    return users_by_subject(sitting().person.code).get(submission.receipt_no, "")


def _matter(submission: Submission) -> str:
    procedure = procedure_of(submission)
    return procedure.short.vi if procedure else submission.procedure


def _case_url(submission: Submission) -> str:
    access = find_access(submission.id)
    if access is not None and access.ticket is not None:
        return url_for("officer.desk")
    return url_for("officer.case", submission_id=submission.id)
