"""Commands for a ward whose line is down for days: forms onto a stick, and the gateway's answers back from it."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from kiosk.acts import delivering
from kiosk.app import open_context
from kiosk.config import Config
from kiosk.context import Context
from kiosk.errors import BadSettings, StickFailed
from kiosk.portal import usb
from sync.portals import usb_files
from sync.usb import Tally

CONSOLE = "technician"


def add_to(commands: Any) -> None:
    """Add `kiosk export`."""
    export = commands.add_parser("export", help="forms onto a stick, and answers back: write, read")
    acts = export.add_subparsers(dest="what", required=True, metavar="what")
    for name, act, said in (
        ("write", write, "everything that waits for the line, sealed for the gateway"),
        ("read", read, "the gateway's answers: what they name is done"),
    ):
        one = acts.add_parser(name, help=said)
        one.add_argument("folder", type=Path, help="a folder on the stick, such as /media/usb")
        one.add_argument("--practice", action="store_true", help="of the practice kiosk")
        one.set_defaults(act=act)


def write(config: Config, asked: argparse.Namespace) -> int:
    """Copy what waits onto a stick; it goes on waiting for the line as well."""
    with _context(config, asked.folder) as context:
        try:
            tally = usb.carry_out(context, partial(usb_files.lay_down, asked.folder), _tell)
        except OSError as cause:
            raise StickFailed from cause
        if tally.files:
            delivering.carried_out(context, CONSOLE, tally.forms, tally.acts)
    if not tally.files and not tally.bad:
        print("Không có gì chờ gửi.")
        return 0
    print(f"Đã chép {_said(tally)} vào {tally.files} tệp ở {asked.folder}.")
    if tally.bad:
        print(f"{tally.bad} hồ sơ không mở được nên không chép; xem trang kỹ thuật.", file=sys.stderr)
    print(f"Mang USB đến cổng của tỉnh. Khi về, cắm lại rồi chạy: kiosk export read {asked.folder}")
    return 1 if tally.bad else 0


def read(config: Config, asked: argparse.Namespace) -> int:
    """Settle what the gateway has taken or refused."""
    whole, faults = Tally(), 0
    with _context(config, asked.folder) as context:
        for name, told in usb.carry_back(context, _found(asked.folder)):
            if isinstance(told, Tally):
                whole += told
            else:
                faults += 1
                print(f"{name}: {usb.BAD.get(told, told)}.", file=sys.stderr)
        if whole.files:
            delivering.carried_back(context, CONSOLE, whole.forms + whole.acts, whole.bad)
    if not whole.files and not faults:
        print(f"Chưa có biên nhận của máy {config.kiosk.id} ở {asked.folder}.")
        return 1
    has_settled = whole.forms or whole.acts or whole.bad
    print(f"Cổng đã nhận {_said(whole)}." if has_settled or not whole.files else usb.NOTHING_NEW)
    if whole.bad:
        print(f"{whole.bad} cái cổng không nhận: nhờ cán bộ xem lại, như khi gửi qua mạng.")
    return 1 if faults else 0


def _found(place: Path) -> Iterator[tuple[str, bytes]]:
    try:
        for path in usb_files.files(place, usb_files.ANSWER):
            yield path.name, path.read_bytes()
    except OSError as cause:
        raise StickFailed from cause


def _tell(tally: Tally) -> None:
    print(f"  {_said(tally)}...", flush=True)


def _said(tally: Tally) -> str:
    return f"{tally.forms} tờ khai và {tally.acts} việc của quầy"


@contextmanager
def _context(config: Config, place: Path) -> Iterator[Context]:
    if not place.is_dir():
        raise BadSettings(
            f"Không thấy thư mục {place}. Cắm USB rồi ghi đúng đường dẫn.",
            f"There is no folder {place}. Plug the stick in and name its folder.",
        )
    context = open_context(config)
    try:
        yield context
    finally:
        context.store.close()
