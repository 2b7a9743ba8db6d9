"""The command line: `kiosk run | web | worker | gateway | init | doctor | backup | restore | staff | tls | ...`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from kiosk.cli import authoring, bringing, caring, certifying, copying, exporting, receiving, running, staffing, voicing
from kiosk.config import load
from kiosk.errors import KioskError
from kiosk.records.staff import ROLES

FAULT = 2


def parser() -> argparse.ArgumentParser:
    """Return the commands and their options."""
    top = argparse.ArgumentParser(prog="kiosk", description="The kiosk of a ward's one-stop counter.")
    top.add_argument("--config", type=Path, help="another kiosk.toml (also: KIOSK_CONFIG)")
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    run = commands.add_parser("run", help="pages, worker and scanner; with --practice everything else too")
    run.add_argument("--empty", action="store_true", help="practise without the made-up morning's queue")
    run.set_defaults(act=running.run)
    web = commands.add_parser("web", help="the pages alone")
    web.set_defaults(act=running.web)
    worker = commands.add_parser("worker", help="the worker alone: prints, delivers, wipes")
    worker.set_defaults(act=running.worker)
    gateway = commands.add_parser("gateway", help="the gateway: for practice here, on PostgreSQL for a province")
    bringing.add_to(receiving.add_to(gateway).add_parser("stick", help="forms that kiosks bring by hand: key, import"))
    for one in (run, web, worker, gateway):
        one.add_argument("--practice", action="store_true", help="made-up data in a folder of its own")
        one.add_argument("--port", type=int, help="port of the pages; gateway +1, virtual printer +2")
    init = commands.add_parser("init", help="make the store and its key")
    init.set_defaults(act=caring.init)
    doctor = commands.add_parser("doctor", help="every check, with what to do")
    doctor.add_argument("--json", action="store_true", help="for machines")
    doctor.set_defaults(act=caring.doctor)
    copying.add_to(commands)
    exporting.add_to(commands.add_parser("export", help="forms onto a stick, and answers back: write, read"))
    _add_staff(commands.add_parser("staff", help="people who sign in: add, list, password, disable"))
    secure = commands.add_parser("tls", help="the LAN's certificates: init, show, renew")
    made = secure.add_subparsers(dest="what", required=True, metavar="what")
    made.add_parser("init", help="make the ward's authority and a certificate").set_defaults(act=certifying.init)
    made.add_parser("show", help="fingerprint, names, expiry, where to install it").set_defaults(act=certifying.show)
    made.add_parser("renew", help="a new certificate of the same authority").set_defaults(act=certifying.renew)
    procedure = commands.add_parser("procedure", help="for who writes a form: list, check, preview, print")
    acts = procedure.add_subparsers(dest="what", required=True, metavar="what")
    listing = acts.add_parser("list", help="the shelf: code, version, name, what is to be checked")
    listing.set_defaults(act=authoring.listing)
    check = acts.add_parser("check", help="name every mistake of a file, with its line and what is right")
    check.set_defaults(act=authoring.check)
    preview = acts.add_parser("preview", help="open the file's walk in practice")
    preview.add_argument("--port", type=int, help="port of the pages; gateway +1, virtual printer +2")
    preview.set_defaults(act=authoring.preview, practice=True, empty=True)
    printing = acts.add_parser("print", help="set the declaration with made-up answers, as PDF")
    printing.add_argument("--out", type=Path, help="where the PDF goes (default: beside the file)")
    printing.set_defaults(act=authoring.printing)
    for one in (check, preview, printing):
        one.add_argument("file", type=Path, help="a procedure file (.toml)")
    speech = commands.add_parser("voice", help="the board's voice: build, check")
    spoken = speech.add_subparsers(dest="what", required=True, metavar="what")
    spoken.add_parser("build", help="make the clips with espeak-ng").set_defaults(act=voicing.build)
    spoken.add_parser("check", help="which clips are missing or cannot be heard").set_defaults(act=voicing.check)
    return top


def _add_staff(staff: argparse.ArgumentParser) -> None:
    acts = staff.add_subparsers(dest="what", required=True, metavar="what")
    add = acts.add_parser("add", help="let somebody sign in; the password is asked for, or read from standard input")
    add.add_argument("login", help="3 to 32 small letters and digits")
    add.add_argument("name", help="first and last name")
    add.add_argument("--role", choices=ROLES, default="officer")
    add.set_defaults(act=staffing.add)
    listing = acts.add_parser("list", help="everybody: code, login, name, role")
    listing.set_defaults(act=staffing.listing)
    password = acts.add_parser("password", help="a new password; wherever the person is signed in, they are out")
    password.add_argument("login", nargs="?", help="whose; left out: the machine's own, for the maintenance page")
    password.set_defaults(act=staffing.password)
    disable = acts.add_parser("disable", help="let somebody sign in no more")
    disable.add_argument("login")
    disable.set_defaults(act=staffing.disable)


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
