"""The command line: `kiosk run | web | worker | gateway | init | doctor | backup | restore | staff | tls | ...`.

One module a command, named after it; each adds its own parser with `add_to`.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from kiosk import release as releases
from kiosk.cli import (
    backup,
    doctor,
    export,
    gateway,
    init,
    printer,
    procedure,
    recovery,
    release,
    run,
    staff,
    standby,
    tls,
    update,
    voice,
)
from kiosk.config import load
from kiosk.config.live_settings import newest_settings
from kiosk.errors import BadSettings, KioskError
from kiosk.store.owner import require_owner

FAILED = 2


COMMANDS = (
    run,
    gateway,
    init,
    doctor,
    printer,
    backup,
    recovery,
    standby,
    export,
    staff,
    tls,
    procedure,
    voice,
    update,
    release,
)
"""In the order of `kiosk --help`; `run` brings `web` and `worker`, `backup` brings `restore`."""


WITHOUT_DATA = frozenset({"gateway", "procedure", "release"})
"""Commands that do not use the data folder of a kiosk; all others refuse to run as another user than its owner."""


def parser() -> argparse.ArgumentParser:
    """Build the parser of all commands."""
    top = argparse.ArgumentParser(prog="kiosk", description="The kiosk of a ward's one-stop counter.")
    top.add_argument("--version", action="version", version=f"ward-kiosk {releases.current().text}")
    top.add_argument("--config", type=Path, help="another kiosk.toml (also: KIOSK_CONFIG)")
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    for module in COMMANDS:
        module.add_to(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; a `KioskError` is printed in one sentence of each language, with exit status 2."""
    args = parser().parse_args(argv)
    try:
        config = load(args.config)
    except BadSettings as error:
        return doctor.report_broken_settings(error, args) if args.command == "doctor" else _failed(error)
    try:
        if getattr(args, "port", None):
            config = config.on_port(args.port)
        if getattr(args, "practice", False):
            config = newest_settings(config.practising())
        if args.command not in WITHOUT_DATA:
            require_owner(config.folder, config.store_path)
        status: int = args.act(config, args)
    except KioskError as error:
        return _failed(error)
    except KeyboardInterrupt:
        return 0
    return status


def _failed(error: KioskError) -> int:
    print(error.vi, file=sys.stderr)
    print(error.en, file=sys.stderr)
    return FAILED
