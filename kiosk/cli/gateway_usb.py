"""Commands of the gateway for what kiosks bring on a stick: its key, and taking what lies there."""

import argparse
import sys
from pathlib import Path
from typing import Any

from kiosk import codes
from kiosk.cli.gateway_database import CONSOLE, open_database, open_engine
from kiosk.clock import SYSTEM
from kiosk.config import Config
from kiosk.errors import BadSettings, StickFailed


def add_to(commands: Any) -> None:
    """Add `kiosk gateway stick`."""
    stick = commands.add_parser("stick", help="forms that kiosks bring by hand: key, import")
    acts = stick.add_subparsers(dest="verb", required=True, metavar="verb")
    acts.add_parser("key", help="what kiosks write into [portal] stick_key").set_defaults(act=key)
    one = acts.add_parser("import", help="take every parcel in a folder and lay an answer beside each")
    one.add_argument("folder", type=Path, help="a folder on the stick, such as /media/usb")
    one.set_defaults(act=take)


def key(config: Config, asked: argparse.Namespace) -> int:
    """Show the stick key; the first time it is made."""
    from sync.gateway import usb

    with open_database(config, asked) as db:
        print(usb.public_key(db, SYSTEM.now()))
    return 0


def take(config: Config, asked: argparse.Namespace) -> int:
    """Take what lies in a folder; what is already known costs nothing."""
    from sync.portals import usb_files

    if not asked.folder.is_dir():
        raise BadSettings(f"Không thấy thư mục {asked.folder}.", f"There is no folder {asked.folder}.")
    found = usb_files.files(asked.folder, usb_files.PARCEL)
    if not found:
        print(f"Không có tệp nào của máy ở {asked.folder}.")
        return 1
    faults = 0
    with open_engine(config, asked) as engine:
        for path in found:
            faults += _take(config, engine, path)
    print(f"Đã đọc {len(found) - faults} trong {len(found)} tệp. Trả USB về phường để đọc biên nhận.")
    return 1 if faults else 0


def _take(config: Config, engine: Any, path: Path) -> int:
    from sync.errors import BadFile
    from sync.gateway import usb
    from sync.portals import usb_files

    mode = "practice" if config.kiosk.practice else "live"
    clerk = usb.Clerk(CONSOLE, mode, codes.token)
    try:
        brought = usb.take(engine, path.read_bytes(), clerk, SYSTEM.now())
        usb_files.lay_down(path.parent, brought.name, brought.answer)
    except BadFile as fault:
        print(f"{path.name}: {usb.BAD.get(fault.code, fault.code)}.", file=sys.stderr)
        return 1
    except OSError as cause:
        raise StickFailed from cause
    told = [
        f"{counts.total()} {name} (mới {counts['created']}, đã có {counts['duplicate']}, chưa đến lượt {counts['wait']}"
        f", không nhận {counts['invalid'] + counts['conflict']})"
        for name, counts in zip(("tờ khai", "việc của quầy"), brought.counts.values(), strict=True)
        if counts
    ]
    print(f"{path.name}: {', '.join(told) or 'không có gì'}")
    return 0
