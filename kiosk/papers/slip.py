"""The slip after Submit: what was handed in, which number, what to bring. Not the official receipt, and it says so.

Of the id number only the last four digits stand here, and the code holds the receipt number alone: a lost slip opens
nothing.
"""

import re
from collections.abc import Mapping
from typing import Any

from kiosk.context import Context
from kiosk.dossiers import checklist
from kiosk.dossiers.opened import OpenedSubmission, open_latest
from kiosk.papers import fee_lines, letterhead
from kiosk.procedures import kinds
from kiosk.vietnam import id_card, viet_text
from printers.document import FIGURE, TITLE, Block, Code, Document, Frame, Gap, Pair, Rule, Text

WHAT = ("PHIẾU XÁC NHẬN", "ĐÃ NHẬP TỜ KHAI TẠI KIOSK")
WHAT_NOT = "Chưa phải giấy tiếp nhận hồ sơ"
ON_ITS_WAY = (
    "Tờ khai đã ghi trong máy của phường và tự gửi lên thành phố khi có đường truyền. Bà con không phải khai lại."
)
STAYS_HERE = "Tờ khai đã ghi trong máy của phường, cán bộ thấy ngay ở quầy. Bà con không phải khai lại."


def compose(context: Context, subject: str, facts: Mapping[str, Any]) -> Document | None:
    """Return the slip of a submission, as it was corrected last; None when its body was wiped."""
    held = open_latest(context, subject)
    if held is None:
        return None
    return Document(
        (
            *letterhead.head(context.config),
            *letterhead.title(*WHAT),
            Frame(WHAT_NOT),
            Rule(),
            Text(held.procedure.short.vi, size=TITLE, weight="strong"),
            *_people(held),
            Pair("Nộp lúc", f"{letterhead.moment(held.submission.completed_at)}, {letterhead.machine(context.config)}"),
            *_number(held, facts),
            *_session(held),
            Rule(),
            *_bring(held),
            Rule(dashed=True),
            _code(held),
            Rule(),
            Text(ON_ITS_WAY if held.submission.delivery else STAYS_HERE),
            Gap(1),
            letterhead.hotline(context.config),
        )
    )


def _people(held: OpenedSubmission) -> list[Block]:
    """Who it is about, where that is somebody else, and who handed it in."""
    applicant = viet_text.title_case(str(held.applicant.get("fullName", "")))
    subject = viet_text.title_case(_about(held))
    rows: list[Block] = []
    if subject and not viet_text.is_same_name(subject, applicant):
        rows.append(Pair("Khai cho", subject))
    rows.append(Pair("Người khai", applicant))
    number = str(held.applicant.get("idNumber", ""))
    if number:
        rows.append(Pair("Số định danh", id_card.mask(number)))
    return rows


def _about(held: OpenedSubmission) -> str:
    """The person whom the summary of the procedure names."""
    for key in re.findall(r"\{(\w+)\}", held.procedure.summary):
        item = held.procedure.by_key.get(key)
        if item is not None and item.kind == "person_name":
            return str(held.answers.get(key) or "")
    return ""


def _number(held: OpenedSubmission, facts: Mapping[str, Any]) -> list[Block]:
    if held.ticket is None:
        return []
    rows: list[Block] = [Pair("Số thứ tự", held.ticket.label, size=FIGURE)]
    if "ahead" in facts:
        rows.append(Pair("Phía trước", letterhead.ahead(int(facts["ahead"]))))
    return rows


def _session(held: OpenedSubmission) -> list[Block]:
    """The day, hour and place of a class: who comes to it has nothing else in hand."""
    kept = ((item, held.answers.get(item.key)) for item in held.procedure.fields if item.kind == "session")
    return [Pair(item.official, kinds.of(item).on_paper(item, value)) for item, value in kept if value]


def _bring(held: OpenedSubmission) -> list[Block]:
    day = held.submission.day
    things = [checklist.paper_name(one) for one in checklist.papers_needed(held.procedure, held.answers, day)]
    return [
        Text("Cần mang đến quầy", size=TITLE, weight="strong"),
        *letterhead.boxes(things or ["Phiếu này và căn cước"]),
        *fee_lines.fees(held.procedure, held.answers, day),
    ]


def _code(held: OpenedSubmission) -> Code:
    has_number = bool(held.applicant.get("idNumber"))
    way = "đưa mã này vào máy, bấm 4 số cuối căn\u00a0cước." if has_number else "đưa phiếu này cho cán bộ."
    number = held.submission.receipt_no
    beside = (Text("Xem đã làm đến đâu:", weight="strong"), Text(way))
    return Code("qr", number, caption=number, caption_size=TITLE, beside=beside)
