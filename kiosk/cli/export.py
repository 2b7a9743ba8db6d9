"""`kiosk export`: forms onto a USB stick, the gateway's answers back (docs/stick.md), figures of pages into a file."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from kiosk.acts import delivering
from kiosk.base.errors import BadSettings, UsbFailed
from kiosk.cli import page_export
from kiosk.config import Config
from kiosk.context import Context
from kiosk.portal import usb
from kiosk.startup.context_factory import use_context
from sync.portals import usb_files
from sync.usb import UsbCounts

CONSOLE = "technician"


def add_export(export: argparse.ArgumentParser) -> None:
    """Add the acts of `kiosk export`."""
    acts = export.add_subparsers(dest="what", required=True, metavar="what")
    for name, act, summary in (
        ("write", write, "everything that waits for the line, sealed for the gateway"),
        ("read", read, "the gateway's answers: what they name is done"),
    ):
        command = acts.add_parser(name, help=summary)
        command.add_argument("folder", type=Path, help="a folder on the stick, such as /media/usb")
        command.add_argument("--practice", action="store_true", help="of the practice kiosk")
        command.set_defaults(act=act)
    page_export.add_to(acts)


def write(config: Config, args: argparse.Namespace) -> int:
    """Copy what waits to a USB stick; it stays in the queue for the connection too."""
    with _context(config, args.folder) as context:
        try:
            counts = usb.write_parcels(context, partial(usb_files.write_file, args.folder), _print_progress)
        except OSError as cause:
            raise UsbFailed from cause
        if counts.files:
            delivering.record_export(context, actor=CONSOLE, forms=counts.forms, acts=counts.events)
    if not counts.files and not counts.bad:
        print("Không có gì chờ gửi.")
        return 0
    print(f"Đã chép {_counts_in_words(counts)} vào {counts.files} tệp ở {args.folder}.")
    if counts.bad:
        print(f"{counts.bad} hồ sơ không mở được nên không chép; xem trang kỹ thuật.", file=sys.stderr)
    print(f"Mang USB đến cổng của tỉnh. Khi về, cắm lại rồi chạy: kiosk export read {args.folder}")
    return 1 if counts.bad else 0


def read(config: Config, args: argparse.Namespace) -> int:
    """Settle what the gateway accepted or refused, by its answers on a USB stick."""
    total = UsbCounts()
    errors = 0
    with _context(config, args.folder) as context:
        for name, outcome in usb.apply_answers(context, _answers(args.folder)):
            if isinstance(outcome, UsbCounts):
                total += outcome
            else:
                errors += 1
                print(f"{name}: {usb.ANSWER_ERRORS.get(outcome, outcome)}.", file=sys.stderr)
        if total.files:
            delivering.record_import(context, actor=CONSOLE, taken=total.forms + total.events, refused=total.bad)
    if not total.files and not errors:
        print(f"Chưa có biên nhận của máy {config.kiosk.id} ở {args.folder}.")
        return 1
    has_settled = total.forms or total.events or total.bad
    print(f"Cổng đã nhận {_counts_in_words(total)}." if has_settled or not total.files else usb.NOTHING_SETTLED)
    if total.bad:
        print(f"{total.bad} cái cổng không nhận: nhờ cán bộ xem lại, như khi gửi qua mạng.")
    return 1 if errors else 0


def _answers(folder: Path) -> Iterator[tuple[str, bytes]]:
    try:
        for path in usb_files.list_files(folder, usb_files.ANSWER):
            yield path.name, path.read_bytes()
    except OSError as cause:
        raise UsbFailed from cause


def _print_progress(counts: UsbCounts) -> None:
    print(f"  {_counts_in_words(counts)}...", flush=True)


def _counts_in_words(counts: UsbCounts) -> str:
    return f"{counts.forms} tờ khai và {counts.events} việc của quầy"


@contextmanager
def _context(config: Config, folder: Path) -> Iterator[Context]:
    if not folder.is_dir():
        raise BadSettings(
            f"Không thấy thư mục {folder}. Cắm USB rồi ghi đúng đường dẫn.",
            f"There is no folder {folder}. Plug the stick in and name its folder.",
        )
    with use_context(config) as context:
        yield context
