"""Services without a form, counted: the table of the figures, and the counts of many days as one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kiosk.papers.fee import METHOD_LABELS
from kiosk.papers.workbook import Cell, Column, Table
from kiosk.records import fees
from kiosk.records.services import ServiceCount


def table(counts: Sequence[ServiceCount], taken: Mapping[str, int], total: str) -> Table:
    """Return the services without a form, their sum, and the money for them by method, refunds subtracted.

    Args:
        total: the name of the row of the sum.
    """
    rows: list[tuple[Cell, ...]] = [
        (count.name, count.services, count.copies, count.amount - count.waived) for count in counts
    ]
    if len(rows) > 1:
        sums = combine([replace(count, name=total) for count in counts])[0]
        rows.append((total, sums.services, sums.copies, sums.amount - sums.waived))
    for method in fees.METHODS:
        if method in taken:
            rows.append((f"Thu {METHOD_LABELS[method]}, trừ khoản trả lại", None, None, taken[method]))
    columns = (
        Column("Việc", "text", 30),
        Column("Lượt", "count", 8),
        Column("Bản", "count", 8),
        Column("Phải thu (đồng)", "count", 14),
    )
    return Table(
        name="Việc không kèm tờ khai", title="Việc làm ngay, không kèm tờ khai", columns=columns, rows=tuple(rows)
    )


def combine(counts: Sequence[ServiceCount]) -> list[ServiceCount]:
    """Return one count for each name, the most frequent first."""
    sums: dict[str, ServiceCount] = {}
    for count in counts:
        known = sums.get(count.name)
        sums[count.name] = count if known is None else _add(known, count)
    return sorted(sums.values(), key=lambda count: (-count.services, count.name))


def _add(first: ServiceCount, second: ServiceCount) -> ServiceCount:
    return ServiceCount(
        name=first.name,
        services=first.services + second.services,
        copies=first.copies + second.copies,
        amount=first.amount + second.amount,
        waived=first.waived + second.waived,
    )
