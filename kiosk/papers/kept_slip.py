"""Slip of a kept form: the code that opens it, until when, and how to go on.

Nothing personal is on it: no name, no digit of an id number, no birth date, no answer. Who finds it cannot open the
form, because the card or the chosen digits are not printed.
"""

from collections.abc import Mapping
from typing import Any

from kiosk.context import Context
from kiosk.dossiers import kept_forms
from kiosk.dossiers.kept_forms import OpenedBy
from kiosk.papers import letterhead
from kiosk.records import kept_drafts, tickets
from kiosk.records.kept_drafts import KeptDraft
from kiosk.records.tickets import Ticket
from kiosk.vietnam.calendar import weekday
from printers.document import TITLE, Block, Code, Document, Frame, Gap, Pair, Rule, Run, Step, Text

DAY_SIZE = 16.3
"""Points: 46 dots at 203 dpi."""
LOST = "Chỉ có phiếu thì không mở được. Quá hạn, máy tự xóa. Nhặt được phiếu, xin đưa lại quầy."


def compose(context: Context, subject: str, facts: Mapping[str, Any]) -> Document | None:
    """Return the slip of a kept draft; None when the draft was deleted or submitted."""
    with context.store.read() as db:
        kept = kept_drafts.find(db, subject)
        ticket = tickets.find(db, kept.ticket_id) if kept and kept.ticket_id else None
    if kept is None or kept.sealed is None:
        return None
    secrets = kept_forms.unseal(context, kept.draft_id, kept.sealed)
    return Document(
        (
            *letterhead.head(context.config),
            *letterhead.title("PHIẾU GIỮ TỜ KHAI"),
            Frame("Chưa nộp, còn khai dở"),
            Rule(),
            *_form(context, kept),
            *_number(ticket, kept),
            Rule(dashed=True),
            Code("qr", secrets.code, caption=secrets.code, caption_size=TITLE, module=9),
            Rule(dashed=True),
            Text("Muốn khai tiếp", size=TITLE, weight="strong"),
            *_steps(kept_forms.opened_by(kept, secrets)),
            Rule(),
            Text(LOST),
            Gap(1),
            letterhead.privacy(),
            letterhead.hotline(context.config),
        )
    )


def _form(context: Context, kept: KeptDraft) -> tuple[Block, ...]:
    procedure = context.catalogue.version(kept.procedure, kept.version)
    procedure = procedure or context.catalogue.in_force(kept.procedure, context.clock.today())
    day = weekday(kept.kept_until)
    rows: list[Block] = [Text(procedure.short.vi, size=TITLE, weight="strong")] if procedure else []
    if kept.steps:
        rows.append(Pair("Đã khai", f"{kept.steps_done} trên {kept.steps} phần"))
    return (
        *rows,
        Pair("Giữ lúc", f"{letterhead.format_moment(kept.kept_at)}, {kept.screen}"),
        Text("Giữ đến hết"),
        Text(f"{day[:1].upper()}{day[1:]} {kept.kept_until:%d/%m/%Y}", size=DAY_SIZE, weight="strong"),
    )


def _number(ticket: Ticket | None, kept: KeptDraft) -> tuple[Block, ...]:
    """Return the line about the queue number that the person had drawn on the day of the slip."""
    if ticket is None or letterhead.is_other_day(ticket.day, kept.kept_at):
        return ()
    return (Text((Run("Số thứ tự "), Run(ticket.label, "strong"), Run(" vẫn giữ trong ngày."))),)


def _steps(opened_by: OpenedBy) -> tuple[Block, ...]:
    """Return how the form is opened again; a form that was put away without card and digits opens only at the desk."""
    if opened_by == "officer":
        return (
            Step(1, (Run("Tới "), Run("quầy", "strong"), Run(" của phường."))),
            Step(2, (Run("Đưa phiếu này và "), Run("thẻ căn cước", "strong"), Run(" cho cán bộ xem."))),
        )
    card = (Run("Đưa "), Run("thẻ căn cước", "strong"), Run(" đã quét để mở."))
    digits = (Run("Bấm "), Run("4 số", "strong"), Run(" đã chọn hôm đó."))
    return (
        Step(
            1, (Run("Tới "), Run("máy nào", "strong"), Run(" của phường cũng được, hoặc tới "), Run("quầy.", "strong"))
        ),
        Step(2, "Đưa mã trên phiếu vào ô sáng."),
        Step(3, card if opened_by == "card" else digits),
    )
