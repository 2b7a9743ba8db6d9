"""The queue ticket: a number large enough to be read at arm's length.

Nothing on it says whose it is or what for (a person's name, an id, why somebody goes first).
"""

from collections.abc import Mapping
from typing import Any

from kiosk.context import Context
from kiosk.papers import letterhead
from kiosk.records import submissions, tickets
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Ticket
from printers.document import TITLE, BigNumber, Block, Code, Document, Gap, Pair, Rule, Text


def compose(context: Context, subject: str, facts: Mapping[str, Any]) -> Document | None:
    """Return the ticket of an id; None when it was forgotten."""
    with context.store.read() as db:
        found = tickets.find(db, subject)
        submission = submissions.find(db, found.submission_id) if found and found.submission_id else None
    if found is None:
        return None
    return Document(
        (
            *letterhead.head(context.config, TITLE),
            *letterhead.title("Số của bà con"),
            BigNumber(found.label),
            *letterhead.title(_call(context, found)),
            Rule(),
            *_facts(found, facts),
            Rule(dashed=True),
            *_bring(submission),
            Rule(),
            Text("Gọi mà vắng, số lùi xuống và được gọi lại. Vắng 3 lần thì xin lấy số mới."),
            Gap(1),
            letterhead.hotline(context.config, "Số dùng trong ngày."),
        )
    )


def _call(context: Context, ticket: Ticket) -> str:
    names = [one.name for one in context.config.series if one.letter == ticket.series and one.name]
    return f"{names[0]}, xin nghe gọi quầy" if names else "Xin nghe gọi quầy"


def _facts(ticket: Ticket, facts: Mapping[str, Any]) -> tuple[Block, ...]:
    rows = [Pair("Lấy số lúc", letterhead.moment_of_day(ticket.drawn_at))]
    if "ahead" in facts:
        rows.append(Pair("Phía trước", letterhead.ahead(int(facts["ahead"]))))
    if ticket.priority:
        rows.append(Pair("Ưu tiên", "cán bộ xem khi gọi"))
    return tuple(rows)


def _bring(submission: Submission | None) -> tuple[Block, ...]:
    """The receipt's code where a form stands behind the number."""
    head = Text("Tới quầy xin đưa:", weight="strong")
    words = Text("phiếu này, căn cước và giấy tờ cần nộp")
    if submission is None:
        return (head, words)
    number = submission.receipt_no
    return (Code("qr", number, caption=number, beside=(head, words), module=7),)
