"""Queue ticket: a number that is large enough to read at arm's length.

It has no personal data: no name, no id, no reason for a priority.
"""

from collections.abc import Mapping
from typing import Any

from kiosk.base import codes
from kiosk.context import Context
from kiosk.papers import letterhead
from kiosk.papers.wait import priority_rows, wait_rows
from kiosk.records import submissions, tickets
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Ticket
from printers.document import TITLE, BigNumber, Block, Code, Document, Gap, Pair, Rule, Text


def compose(context: Context, subject: str, facts: Mapping[str, Any]) -> Document | None:
    """Return the ticket of an id; None when it is deleted."""
    with context.store.read() as db:
        ticket = tickets.find(db, subject)
        submission = submissions.find(db, ticket.submission_id) if ticket and ticket.submission_id else None
    if ticket is None:
        return None
    return Document(
        (
            *letterhead.head(context.config, TITLE),
            *letterhead.title("SỐ THỨ TỰ"),
            BigNumber(ticket.label),
            *letterhead.title(_call_hint(context, ticket)),
            Rule(),
            *_facts(context, ticket),
            Rule(dashed=True),
            *_bring(context, ticket, submission),
            Rule(),
            Text("Gọi mà không có mặt thì xếp lại cuối hàng và được gọi lại. Vắng 3 lần thì xin lấy số mới."),
            Gap(1),
            letterhead.hotline(context.config, "Số dùng trong ngày."),
        )
    )


def _call_hint(context: Context, ticket: Ticket) -> str:
    names = [series.name for series in context.config.series if series.letter == ticket.series and series.name]
    return f"{names[0]}, xin nghe gọi quầy" if names else "Xin nghe gọi quầy"


def _facts(context: Context, ticket: Ticket) -> tuple[Block, ...]:
    drawn = Pair("Lấy số lúc", letterhead.format_moment_with_weekday(ticket.drawn_at))
    return (drawn, *wait_rows(context, ticket), *priority_rows(ticket))


def _bring(context: Context, ticket: Ticket, submission: Submission | None) -> tuple[Block, ...]:
    """Return what to bring, with the QR of the form that the ticket belongs to, or else of the number itself."""
    head = Text("Tới quầy xin đưa:", weight="strong")
    words = Text("phiếu này, căn cước và giấy tờ cần nộp")
    if submission is None:
        code = codes.ticket_code(context.config.kiosk.id, ticket.label, ticket.day)
        return (Code("qr", code, beside=(head, words), module=7),)
    receipt_no = submission.receipt_no
    return (Code("qr", receipt_no, caption=receipt_no, beside=(head, words), module=7),)
