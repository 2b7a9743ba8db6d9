"""Readiness sheet: the rows of the morning on one paper, to sign and to keep; no name, no number of a case.

It is composed when it is printed, so that it says how the machine is then.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kiosk.context import Context
from kiosk.health.check_result import CheckResult
from kiosk.health.readiness import is_ready, readiness
from kiosk.papers import letterhead
from printers.document import Block, Document, Gap, Pair, Rule, Text

WORDS = {"ok": "Tốt", "note": "Xem", "warning": "Cần làm", "fault": "Hỏng"}


def compose(context: Context, _subject: str, _facts: Mapping[str, Any]) -> Document:
    """Return the sheet of now."""
    rows = readiness(context)
    at = letterhead.format_moment(context.clock.now())
    return Document(
        (
            *letterhead.head(context.config),
            *letterhead.title("PHIẾU SẴN SÀNG", "Sẵn sàng phục vụ" if is_ready(rows) else "Còn việc phải làm"),
            Text(f"{letterhead.machine_name(context.config)}, {at}", align="centre"),
            Rule(),
            *_rows(rows),
            Rule(),
            Text("Người kiểm (ký, ghi rõ họ tên):"),
            Gap(16),
        )
    )


def _rows(rows: Sequence[CheckResult]) -> Iterator[Block]:
    for row in rows:
        yield Pair(row.name, WORDS[row.state])
        if row.words and row.state != "ok":
            yield Text(f"  {row.words}{f' ({row.code})' if row.code else ''}")
        for step in row.todo:
            yield Text(f"  – {step}")
