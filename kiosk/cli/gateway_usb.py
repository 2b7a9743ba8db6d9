"""`kiosk gateway stick`: show the stick key; import parcels that kiosks bring on a USB stick."""

import argparse
import sys
from pathlib import Path
from typing import Any

from kiosk.base import codes
from kiosk.base.clock import SYSTEM
from kiosk.base.errors import BadSettings, UsbFailed
from kiosk.cli.gateway_database import CONSOLE, open_database, open_engine, plain_errors
from kiosk.config import Config


def add_to(commands: Any) -> None:
    """Add `kiosk gateway stick`."""
    stick = commands.add_parser("stick", help="forms that kiosks bring by hand: key, import")
    acts = stick.add_subparsers(dest="verb", required=True, metavar="verb")
    acts.add_parser("key", help="what kiosks write into [portal] stick_key").set_defaults(act=key)
    importing = acts.add_parser("import", help="take every parcel in a folder and lay an answer beside each")
    importing.add_argument("folder", type=Path, help="a folder on the stick, such as /media/usb")
    importing.set_defaults(act=import_parcels)


def key(config: Config, args: argparse.Namespace) -> int:
    """Print the stick key, made on the first call."""
    from sync.gateway import usb

    with open_database(config, args) as db:
        print(usb.stick_public_key(db, SYSTEM.now()))
    return 0


def import_parcels(config: Config, args: argparse.Namespace) -> int:
    """Import the parcels of a folder and write an answer beside each; what is known already changes nothing."""
    from sync.gateway import usb
    from sync.portals import usb_files

    if not args.folder.is_dir():
        raise BadSettings(f"Không thấy thư mục {args.folder}.", f"There is no folder {args.folder}.")
    parcels = usb_files.list_files(args.folder, usb_files.PARCEL)
    if not parcels:
        print(f"Không có tệp nào của máy ở {args.folder}.")
        return 1
    faults = 0
    with open_engine(config, args) as engine, plain_errors():
        usb.prepare(engine)
        for path in parcels:
            faults += _import_file(config, engine, path)
    print(f"Đã đọc {len(parcels) - faults} trong {len(parcels)} tệp. Trả USB về phường để đọc biên nhận.")
    return 1 if faults else 0


def _import_file(config: Config, engine: Any, path: Path) -> int:
    from sync.errors import BadFile
    from sync.gateway import usb
    from sync.portals import usb_files

    mode = "practice" if config.kiosk.practice else "live"
    clerk = usb.ImportContext(CONSOLE, mode, codes.token)
    try:
        brought = usb.import_parcel(engine=engine, content=path.read_bytes(), importer=clerk, now=SYSTEM.now())
        usb_files.write_file(path.parent, brought.name, brought.answer)
    except BadFile as fault:
        print(f"{path.name}: {usb.ERROR_LABELS.get(fault.code, fault.code)}.", file=sys.stderr)
        return 1
    except OSError as cause:
        raise UsbFailed from cause
    counts_in_words = [
        f"{counts.total()} {name} (mới {counts['created']}, đã có {counts['duplicate']}, chưa đến lượt {counts['wait']}"
        f", không nhận {counts['invalid'] + counts['conflict']})"
        for name, counts in zip(("tờ khai", "việc của quầy"), brought.counts.values(), strict=True)
        if counts
    ]
    print(f"{path.name}: {', '.join(counts_in_words) or 'không có gì'}")
    return 0
