"""The command line: `kiosk run | web | worker | gateway | init | doctor | backup | restore | staff | tls | ...`.

`COMMANDS` names the module of each command; its function `add_NAME` adds the options. Only the module of the command
that runs is imported: all of them are 35 modules, 20 ms and 1 MB more for `kiosk web`.
"""

import argparse
import os
import select
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TextIO

from kiosk.base import release as releases
from kiosk.base.errors import BadSettings, KioskError
from kiosk.base.log import close_log, open_command_log
from kiosk.config import Config, last_good, load
from kiosk.config.live_settings import newest_settings
from kiosk.store.owner import require_owner

FAILED = 2
UNREAD = 128 + signal.SIGPIPE
"""Exit status of a command whose reader is gone (`kiosk doctor | head -3`), as a shell reports it."""


@dataclass(frozen=True)
class Command:
    """A command: its line in `kiosk --help`, and its module in this package (empty: the module of its name)."""

    help: str
    module: str = ""


COMMANDS: Mapping[str, Command] = MappingProxyType({
    "run": Command("pages, worker and scanner; with --practice everything else too"),
    "web": Command("the pages alone", "run"),
    "worker": Command("the worker alone: prints, delivers, wipes"),
    "gateway": Command("the gateway: for practice here, on PostgreSQL for a province"),
    "init": Command("make the store and its key, once for each machine"),
    "doctor": Command("every check, with what to do"),
    "printer": Command("printers: list, found, add, test, calibrate, set, up, remove"),
    "backup": Command("take a sealed copy of the store now; --list shows what there is"),
    "restore": Command("put a copy in the store's place; the old store is set aside", "backup"),
    "recovery": Command("the recovery paper of the ward's safe: new, check"),
    "standby": Command("the ward's second machine: check the copies, or take over"),
    "export": Command("forms onto a stick, answers back, figures of pages: write, read, pages"),
    "staff": Command("people who sign in: add, list, password, disable"),
    "tls": Command("the LAN's certificates: init, show, renew"),
    "procedure": Command("viết thủ tục: xem danh mục, soát, xem thử, in, chuyển sang bảng tính"),
    "voice": Command("the voice of board and pages: build, check, list, status"),
    "update": Command("signed releases: status, check, fetch, apply, back"),
    "release": Command("for the province: keys, pack, sign and publish releases"),
})  # fmt: skip
"""In the order of `kiosk --help`."""


WITHOUT_DATA = frozenset({"gateway", "procedure", "release"})
"""Commands that do not use the data folder of a kiosk; all others refuse to run as another user than its owner."""
VIETNAMESE = "procedure"
"""The command of officers who write procedures: all its words are Vietnamese."""
SERVERS = frozenset({"run", "web", "worker"})
"""Commands that open the log themselves: they say where a start stops, and may need standard error instead."""


def import_commands(words: Sequence[str]) -> dict[str, ModuleType]:
    """Import the modules of the commands among the words of a command line; return them by command."""
    return {
        name: import_module(f"kiosk.cli.{command.module or name}")
        for name, command in COMMANDS.items()
        if name in words
    }


def parser(words: Sequence[str] = tuple(COMMANDS)) -> argparse.ArgumentParser:
    """Build the parser of all commands; only those among `words` have their options, whose modules are imported.

    Args:
        words: a command line, or the names of commands (default: all).
    """
    top = argparse.ArgumentParser(prog="kiosk", description="The kiosk of a ward's one-stop counter.")
    top.add_argument("--version", action="version", version=f"ward-kiosk {releases.current().text}")
    top.add_argument("--config", type=Path, help="another kiosk.toml (also: KIOSK_CONFIG)")
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    modules = import_commands(words)
    for name, command in COMMANDS.items():
        options = commands.add_parser(name, help=command.help)
        if name in modules:
            getattr(modules[name], f"add_{name}")(options)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; a `KioskError` is a sentence of each language (an author's in Vietnamese), with exit status 2."""
    try:
        status = _run(sys.argv[1:] if argv is None else argv)
        print(end="", flush=True)
    except BrokenPipeError:
        unread = [stream for stream in (sys.stdout, sys.stderr) if stream and _is_unread(stream)]
        if not unread:  # another pipe or connection broke
            raise
        for stream in unread:
            _discard(stream)
        return UNREAD
    return status


def _run(words: Sequence[str]) -> int:
    args = _parse(words)
    try:
        config = _load(args)
    except BadSettings as error:
        return _report_broken_settings(error, args)
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
        return _failed(error, args)
    except KeyboardInterrupt:
        return 0


def _load(args: argparse.Namespace) -> Config:
    """Return the settings; a server that cannot use kiosk.toml starts with the last good ones.

    Raises:
        BadSettings: the file cannot be used, and this command needs it, or there are no last good settings.
    """
    try:
        return load(args.config)
    except BadSettings as error:
        found = last_good.find(error, args.config) if args.command in SERVERS else None
        if found is None or getattr(args, "practice", False):
            raise
        print(f"{error.vi}\nMáy chạy theo cài đặt đúng gần nhất.", file=sys.stderr)
        return found


def _parse(words: Sequence[str]) -> argparse.Namespace:
    """Parse the arguments; `--help` is written before the command ends, so that its reader may be gone too."""
    try:
        return parser(words).parse_args(words)
    finally:
        print(end="", flush=True)


def _act(config: Config, args: argparse.Namespace) -> int:
    if args.command not in WITHOUT_DATA:
        require_owner(config.folder, config.store_path)
    if args.command in SERVERS:
        last_good.keep(config)
    status: int = args.act(config, args)
    return status


def _report_broken_settings(error: BadSettings, args: argparse.Namespace) -> int:
    if args.command != "doctor":
        return _failed(error, args)
    from kiosk.cli.doctor import report_broken_settings  # no other command needs it

    return report_broken_settings(error, args)


def _is_unread(stream: TextIO) -> bool:
    """Return whether the reader of a standard stream is gone."""
    poll = select.poll()
    poll.register(stream, 0)
    gone = select.POLLERR | select.POLLHUP  # of a pipe, of a socket
    return any(events & gone for _handle, events in poll.poll(0))


def _discard(stream: TextIO) -> None:
    """Discard what is still written to a stream: Python writes it at its end, and would print an error again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _failed(error: KioskError, args: argparse.Namespace) -> int:
    print(error.vi, file=sys.stderr)
    if args.command != VIETNAMESE:
        print(error.en, file=sys.stderr)
    return FAILED
