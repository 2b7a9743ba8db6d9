"""`kiosk export pages`: figures of the pages of forms as a workbook, or the bare counts as CSV or JSON."""

import argparse
import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kiosk.acts import lookups
from kiosk.base.errors import BadSettings
from kiosk.config import Config
from kiosk.context import Context
from kiosk.papers import page_figures, workbook
from kiosk.records.page_counts import PageCount
from kiosk.startup.context_factory import use_context
from kiosk.store import files

CONSOLE = "technician"
USUAL_DAYS = 30
COLUMNS = ("procedure", "version", "step", "kind", "detail", "count")


def add_to(acts: Any) -> None:
    """Add `pages` to `kiosk export`."""
    command = acts.add_parser("pages", help="figures of the pages of forms: .xlsx, .csv or .json")
    command.add_argument("file", type=Path, help="the file; its ending names the format")
    command.add_argument("--days", type=int, default=USUAL_DAYS, help=f"the last days (usual: {USUAL_DAYS})")
    command.add_argument("--practice", action="store_true", help="of the practice kiosk")
    command.set_defaults(act=export_pages)


def export_pages(config: Config, args: argparse.Namespace) -> int:
    """Write the figures of the last days; they hold no person and no answer."""
    path: Path = args.file
    write = FORMATS.get(path.suffix.lower())
    if write is None or args.days < 1:
        raise BadSettings(
            "Tên tệp phải có đuôi .xlsx, .csv hoặc .json; số ngày từ 1 trở lên.",
            "Name a file that ends in .xlsx, .csv or .json, and at least one day.",
        )
    with use_context(config) as context:
        last = context.clock.today()
        first = last - timedelta(days=args.days - 1)
        counts = page_figures.load(context, first, last)
        try:
            files.write_atomic(path, write(context, (first, last), counts))
        except OSError as cause:
            raise BadSettings(
                f"Không ghi được {path}. Chọn thư mục khác rồi chạy lại.", f"{path} cannot be written."
            ) from cause
        what = f"pages {path.suffix[1:].lower()}"
        lookups.record_export(context, what, (first, last), rows=len(counts), actor=CONSOLE)
    print(f"Đã ghi {len(counts)} dòng, từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}, vào {path}.")
    return 0


def _xlsx(context: Context, days: tuple[date, date], counts: Sequence[PageCount]) -> bytes:
    return workbook.xlsx(page_figures.workbook(context, counts), practice=context.config.kiosk.practice)


def _csv(context: Context, days: tuple[date, date], counts: Sequence[PageCount]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(_row(count) for count in counts)
    return out.getvalue().encode("utf-8-sig")  # a spreadsheet program takes a file without this mark for Latin-1


def _json(context: Context, days: tuple[date, date], counts: Sequence[PageCount]) -> bytes:
    facts = {
        "kiosk": context.config.kiosk.id,
        "practice": context.config.kiosk.practice,
        "from": days[0].isoformat(),
        "to": days[1].isoformat(),
        "counts": [_row(count) for count in counts],
    }
    return json.dumps(facts, ensure_ascii=False, indent=1).encode()


def _row(count: PageCount) -> dict[str, Any]:
    return {**asdict(count.place), **asdict(count.event), "count": count.count}


FORMATS: dict[str, Callable[[Context, tuple[date, date], Sequence[PageCount]], bytes]] = {
    ".xlsx": _xlsx,
    ".csv": _csv,
    ".json": _json,
}
