"""Slip after Submit: the form, its number, what to bring. Not the official receipt, and it says so.

It has no digit of the id number or the birth date. Without a public address of the portal its QR has only the receipt
number. With one, its QR opens the state of the dossier on a phone, and below a cut line are four digits that open the
names of missing papers: a lost first part shows no more than the state, and a lost second part nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kiosk.context import Context
from kiosk.dossiers import checklist, lookup_digits, payment_keys, status_page
from kiosk.dossiers.certified_copies import ListedPaper, amount_of, listed_papers, register_of
from kiosk.dossiers.opened import OpenedSubmission, open_latest
from kiosk.dossiers.status_page import StatusKey
from kiosk.papers import fee, fee_lines, letterhead
from kiosk.papers.wait import priority_rows, wait_rows
from kiosk.procedures import kinds
from kiosk.records import fees
from kiosk.vietnam import viet_text
from kiosk.vietnam.money import money
from printers.document import FIGURE, TITLE, Block, Code, Document, Frame, Gap, Pair, Rule, Text

TITLE_LINES = ("PHIẾU XÁC NHẬN", "ĐÃ NHẬP TỜ KHAI TẠI MÁY")
NO_ACCEPTANCE = "Chưa phải Giấy tiếp nhận hồ sơ"
POLICE_RECEIPT = "Phiếu tiếp nhận do Công an cấp."
GOES_TO_PORTAL = "Tờ khai đã lưu ở phường, có mạng máy tự gửi lên thành phố. Không phải khai lại."
STAYS_HERE = "Tờ khai đã lưu ở phường, cán bộ thấy ngay ở quầy. Không phải khai lại."

LOOK_UP_HINTS = {
    "id_number": "đưa mã này vào máy, bấm 4 số cuối số\u00a0định\u00a0danh.",
    "birthday": "đưa mã này vào máy, bấm 4 số ngày và tháng sinh.",
    "none": "đưa phiếu này cho cán bộ.",
}
"""Instruction for the look-up, by the kind of the four digits."""
ADDRESS_MODULE = 6
"""Dots of a module of the code with an address, which has 37 of them: on paper of 80 mm the words fit beside it."""


def compose(context: Context, subject: str, facts: Mapping[str, Any]) -> Document | None:
    """Return the slip of the newest revision of a submission; None when its body was wiped."""
    opened = open_latest(context, subject)
    if opened is None:
        return None
    key = status_page.key_of(context, opened)
    is_going = opened.submission.delivery is not None and context.config.portal.capabilities.takes_forms
    submitted_at = letterhead.format_moment(opened.submission.completed_at)
    return Document(
        (
            *letterhead.head(context.config),
            *letterhead.title(*TITLE_LINES),
            Frame(NO_ACCEPTANCE),
            Rule(),
            Text(opened.procedure.short.vi, size=TITLE, weight="strong"),
            *_people(opened),
            Pair("Nộp lúc", f"{submitted_at}, {letterhead.machine_name(context.config)}"),
            *_official_number(opened),
            *_number(context, opened),
            *_session(opened),
            *([Text(POLICE_RECEIPT)] if opened.procedure.has_police_receipts else []),
            Rule(),
            *_bring(opened),
            *_copies(context, opened),
            Rule(dashed=True),
            _code(context, opened, key),
            Rule(),
            Text(GOES_TO_PORTAL if is_going else STAYS_HERE),
            Gap(1),
            letterhead.privacy(),
            letterhead.hotline(context.config),
            *_second_part(opened, key),
        )
    )


def _people(opened: OpenedSubmission) -> list[Block]:
    """Return the applicant, and before it the person whom the form is about, if it is another one."""
    applicant = viet_text.title_case(str(opened.applicant.get("fullName", "")))
    subject = viet_text.title_case(_subject_name(opened))
    rows: list[Block] = []
    if subject and not viet_text.is_same_name(subject, applicant):
        rows.append(Pair("Khai cho", subject))
    rows.append(Pair("Người khai", applicant))
    return rows


def _subject_name(opened: OpenedSubmission) -> str:
    """Return the first name of a person in the summary of the procedure."""
    for key in re.findall(r"\{(\w+)\}", opened.procedure.summary):
        item = opened.procedure.by_key.get(key)
        if item is not None and item.kind == "person_name":
            return str(opened.answers.get(key) or "")
    return ""


def _official_number(opened: OpenedSubmission) -> list[Block]:
    """Return the official number, which a slip that is printed again has."""
    return [Pair("Mã hồ sơ", opened.submission.number)] if opened.submission.number else []


def _number(context: Context, opened: OpenedSubmission) -> list[Block]:
    ticket = opened.ticket
    if ticket is None:
        return []
    return [Pair("Số thứ tự", ticket.label, size=FIGURE), *wait_rows(context, ticket), *priority_rows(ticket)]


def _session(opened: OpenedSubmission) -> list[Block]:
    """Return day, hour and place of a class: participants get no other paper."""
    sessions = ((item, opened.answers.get(item.key)) for item in opened.procedure.fields if item.kind == "session")
    return [Pair(item.official, kinds.of(item).on_paper(item, value)) for item, value in sessions if value]


def _bring(opened: OpenedSubmission) -> list[Block]:
    day = opened.submission.day
    needed = checklist.papers_needed(opened.procedure, opened.answers, day)
    names = [
        checklist.paper_name(paper) + checklist.SCANNED_NAME.get(checklist.card_scan(paper, opened.sources), "")
        for paper in needed
    ]
    return [
        Text("Cần mang đến quầy", size=TITLE, weight="strong"),
        *letterhead.check_boxes(names or ["Phiếu này và căn cước"]),
        *(() if _copied_papers(opened) else fee_lines.fees(opened.procedure, opened.answers, day)),
    ]


def _copies(context: Context, opened: OpenedSubmission) -> list[Block]:
    """Return the papers to be copied with their sum, and the payment QR; none for any other form.

    A slip that is printed again after the payment has no QR, so that nobody pays twice.
    """
    papers = _copied_papers(opened)
    if not papers:
        return []
    with context.store.read() as db:
        rows = fees.of_case(db, opened.submission.receipt_no)
    total = sum(amount_of(opened, paper.pages, paper.copies) or 0 for paper in papers)
    is_settled = any(row.state in ("paid", "waived") for row in rows)
    key = payment_keys.receipt_key(context, opened.submission.receipt_no)
    code = "" if is_settled else fee.payment_code(context.config, key, total)
    blocks: list[Block] = [
        Rule(),
        *(Pair(f"{paper.name}, {paper.pages} trang", f"{paper.copies} bản") for paper in papers),
        Pair(f"Cộng {sum(paper.copies for paper in papers)} bản", money(total), size=TITLE),
        Text("Cán bộ đếm lại trang rồi mới thu."),
    ]
    if code:
        how = Text("Quét bằng ứng dụng ngân hàng. Tiền mặt thì đưa ở quầy.")
        blocks += [Rule(dashed=True), Code("qr", code, beside=(Text("Trả tiền:", weight="strong"), how))]
        if context.config.kiosk.practice:
            blocks.append(Frame(fee.PRACTICE_CODE))
    return blocks


def _copied_papers(opened: OpenedSubmission) -> list[ListedPaper]:
    return listed_papers(opened) if register_of(opened) == "copies" else []


def _code(context: Context, opened: OpenedSubmission, key: StatusKey | None) -> Code:
    digits = lookup_digits.of_person(
        str(opened.applicant.get("idNumber") or ""), str(opened.applicant.get("bornOn") or "")
    )
    receipt_no = opened.submission.receipt_no
    code = Code("qr", receipt_no, caption=receipt_no, caption_size=TITLE)
    title = "Xem đã làm đến đâu:"
    hint = LOOK_UP_HINTS[digits.kind]
    if key is not None:
        title = "Xem còn mấy người, đã làm đến đâu:"
        hint = f"quét bằng điện thoại, hoặc {hint}"
        code = replace(code, data=status_page.address(context.config, key, receipt_no), module=ADDRESS_MODULE)
    return replace(code, beside=(Text(title, weight="strong"), Text(hint)))


def _second_part(opened: OpenedSubmission, key: StatusKey | None) -> list[Block]:
    """Return the part to tear off: the digits, and number and day so that the parts find each other."""
    if key is None:
        return []
    return [
        Gap(2),
        Rule(dashed=True),
        Text("Xé, cất riêng", align="centre"),
        Pair("4 số xem giấy thiếu", key.digits, size=FIGURE),
        Text(f"{opened.submission.receipt_no}, {opened.submission.day:%d/%m/%Y}"),
    ]
