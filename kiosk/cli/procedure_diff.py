"""`kiosk procedure diff`: differences between the catalogue and a file of official records."""

import argparse
from pathlib import Path
from typing import Any

from kiosk.base.clock import SYSTEM
from kiosk.config import Config
from kiosk.procedures.drift import ASPECTS, RecordDifference, compare
from kiosk.procedures.official_records import SHIPPED, read_records
from kiosk.startup.context_factory import open_catalogue

NEWER = {
    "catalogue": "kho mới hơn",
    "record": "bản ghi mới hơn: xem lại kho",
    "": "chưa rõ bên nào mới hơn",
}


def add_to(acts: Any) -> None:
    """Add `kiosk procedure diff`."""
    command = acts.add_parser("diff", help="so kho thủ tục với bản ghi chính thức")
    command.add_argument("file", type=Path, nargs="?", default=SHIPPED, help="tệp bản ghi (mặc định: bản đi kèm máy)")
    command.set_defaults(act=diff)


def diff(config: Config, args: argparse.Namespace) -> int:
    """Print each difference with the side that is newer; exit status 1 when there is one.

    Raises:
        BadRecords: the file cannot be used.
    """
    catalogue = open_catalogue(config)
    today = SYSTEM.today()
    records = read_records(args.file)
    earlier = read_records() if args.file != SHIPPED else None
    procedures = catalogue.all(today)
    found = compare(procedures, records, catalogue.documents, today=today, earlier=earlier)
    for procedure in procedures:
        of_procedure = [difference for difference in found if difference.code == procedure.code]
        if of_procedure:
            record = records[procedure.code]
            day = f", cập nhật {record.day:%d/%m/%Y}" if record.day else ""
            print(f"{procedure.code} {procedure.short.vi} (bản ghi: {record.source}{day})")
        for difference in of_procedure:
            print(_lines(difference))
    codes = {procedure.code for procedure in procedures}
    absent = sorted(codes - records.keys())
    print(f"Khác {len(found)} điều, so {len(codes & records.keys())} thủ tục với {args.file.name}.")
    if absent:
        print(f"Không có bản ghi: {', '.join(absent)}.")
    return 1 if found else 0


def _lines(difference: RecordDifference) -> str:
    """Return the difference in three lines: aspect and newer side, the catalogue, the record."""
    return (
        f"  {ASPECTS[difference.aspect]} ({NEWER[difference.newer]})\n"
        f"    kho:     {difference.catalogue or '(không có)'}\n"
        f"    bản ghi: {difference.record or '(không có)'}"
    )
