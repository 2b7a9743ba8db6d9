"""The command line: `kiosk run | web | worker | gateway | init | doctor | backup | restore | staff | tls | ...`.

One module a command, named after it; each adds its own parser with `add_to`.
"""

import argparse
import os
import select
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

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
from kiosk.config import Config, load
from kiosk.config.live_settings import newest_settings
from kiosk.errors import BadSettings, KioskError
from kiosk.log import close_log, open_command_log
from kiosk.store.owner import require_owner

FAILED = 2
UNREAD = 128 + signal.SIGPIPE
"""Exit status of a command whose reader is gone (`kiosk doctor | head -3`), as a shell reports it."""


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
SERVERS = frozenset({"run", "web", "worker"})
"""Commands that open the log themselves: they say where a start stops, and may need standard error instead."""


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
    try:
        status = _run(argv)
        print(end="", flush=True)
    except BrokenPipeError:
        unread = [stream for stream in (sys.stdout, sys.stderr) if _is_unread(stream)]
        if not unread:  # another pipe or connection broke
            raise
        for stream in unread:
            _discard(stream)
        return UNREAD
    return status


def _run(argv: Sequence[str] | None) -> int:
    args = _parse(argv)
    try:
        config = load(args.config)
    except BadSettings as error:
        return doctor.report_broken_settings(error, args) if args.command == "doctor" else _failed(error)
    try:
        if getattr(args, "port", None):
            config = config.on_port(args.port)
        if getattr(args, "practice", False):
            config = newest_settings(config.practising())
        if args.command in WITHOUT_DATA | SERVERS:
            return _act(config, args)
        log = open_command_log(config.log_path)
        try:
            return _act(config, args)
        finally:
            close_log(log)
    except KioskError as error:
        return _failed(error)
    except KeyboardInterrupt:
        return 0


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Parse the arguments; `--help` is written before the command ends, so that its reader may be gone too."""
    try:
        return parser().parse_args(argv)
    finally:
        print(end="", flush=True)


def _act(config: Config, args: argparse.Namespace) -> int:
    if args.command not in WITHOUT_DATA:
        require_owner(config.folder, config.store_path)
    status: int = args.act(config, args)
    return status


def _is_unread(stream: TextIO) -> bool:
    """Return whether the reader of a standard stream is gone."""
    poll = select.poll()
    poll.register(stream, 0)
    return any(events & select.POLLERR for _handle, events in poll.poll(0))


def _discard(stream: TextIO) -> None:
    """Discard what is still written to a stream: Python writes it at its end, and would print an error again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _failed(error: KioskError) -> int:
    print(error.vi, file=sys.stderr)
    print(error.en, file=sys.stderr)
    return FAILED
