"""The command line: `kiosk run | web | worker | gateway | init | doctor | backup | restore | staff | tls | ...`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from kiosk.cli import backup, doctor, export, gateway, init, procedure, run, staff, tls, voice
from kiosk.config import load
from kiosk.errors import KioskError

FAULT = 2


COMMANDS = (run, gateway, init, doctor, backup, export, staff, tls, procedure, voice)
"""In the order of `kiosk --help`; `run` brings `web` and `worker`, `backup` brings `restore`."""


def parser() -> argparse.ArgumentParser:
    """Build the parser of all commands."""
    top = argparse.ArgumentParser(prog="kiosk", description="The kiosk of a ward's one-stop counter.")
    top.add_argument("--config", type=Path, help="another kiosk.toml (also: KIOSK_CONFIG)")
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    for module in COMMANDS:
        module.add_to(commands)
    return top


def main(words: Sequence[str] | None = None) -> int:
    """Do what the words say; a fault is one sentence and exit status 2."""
    asked = parser().parse_args(words)
    try:
        config = load(asked.config)
        if getattr(asked, "port", None):
            config = config.on_port(asked.port)
        if getattr(asked, "practice", False):
            config = config.practising()
        status: int = asked.act(config, asked)
    except KioskError as fault:
        print(fault.vi, file=sys.stderr)
        print(fault.en, file=sys.stderr)
        return FAULT
    except KeyboardInterrupt:
        return 0
    return status
