"""Commands for who writes a form: see the shelf, check a file, try it in practice, print it."""

import argparse
import re
import shutil
import tempfile
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from kiosk.app import open_catalogue
from kiosk.cli import run
from kiosk.cli.doctor import to_check
from kiosk.clock import SYSTEM
from kiosk.config import Config
from kiosk.context import office_of
from kiosk.errors import NotFound
from kiosk.procedures.loader import read_procedure
from kiosk.procedures.model import Procedure
from kiosk.procedures.samples import sample_answers


def add_to(commands: Any) -> None:
    """Add `kiosk procedure`."""
    command = commands.add_parser("procedure", help="for who writes a form: list, check, preview, print")
    acts = command.add_subparsers(dest="what", required=True, metavar="what")
    acts.add_parser("list", help="the shelf: code, version, name, what is to be checked").set_defaults(act=listing)
    checking = acts.add_parser("check", help="name every mistake of a file, with its line and what is right")
    checking.set_defaults(act=check)
    trying = acts.add_parser("preview", help="open the file's walk in practice")
    trying.add_argument("--port", type=int, help="port of the pages; gateway +1, virtual printer +2")
    trying.set_defaults(act=preview, practice=True, empty=True)
    setting = acts.add_parser("print", help="set the declaration with made-up answers, as PDF")
    setting.add_argument("--out", type=Path, help="where the PDF goes (default: beside the file)")
    setting.set_defaults(act=printing)
    for action in (checking, trying, setting):
        action.add_argument("file", type=Path, help="a procedure file (.toml)")


def listing(config: Config, asked: argparse.Namespace) -> int:  # noqa: ARG001 - one signature
    """Say what is on the shelf today, and how much of each form the ward still has to check."""
    catalogue = open_catalogue(config)
    for one in catalogue.all(SYSTEM.today()):
        unsure = len(to_check(one))
        note = f"  cần đối chiếu {unsure} điều" if unsure else ""
        changed = "  phường đã sửa" if one.code in catalogue.overrides else ""
        print(f"{one.code:16} {one.version:9} {one.short.vi}{note}{changed}")
    return 0


def check(config: Config, asked: argparse.Namespace) -> int:  # noqa: ARG001
    """Read a file; BadProcedure, with all its mistakes, is told by main()."""
    found = read_procedure(asked.file)
    unsure = to_check(found)
    print(f"{asked.file.name}: đúng quy cách. {found.short.vi}, {len(found.fields)} ô, {len(found.steps)} trang.")
    for fact in unsure:
        print(f"  cần đối chiếu: {fact}")
    return 0


def preview(config: Config, asked: argparse.Namespace) -> int:
    """Run the practice kiosk with the file in place of its code and version, in a folder that is thrown away.

    The file is in force there from today, whatever it says: a form is tried before its day comes.
    """
    found = read_procedure(asked.file)
    with tempfile.TemporaryDirectory(prefix="kiosk-preview-") as folder:
        own = Path(folder) / "procedures"
        own.mkdir()
        for path in _beside(config, asked.file, found):
            shutil.copy(path, own)
        (own / f"{found.code}@preview.toml").write_text(_in_force(asked.file.read_text("utf-8")), "utf-8")
        kiosk = replace(config.kiosk, data=str(Path(folder) / "data"))
        tried = replace(config, kiosk=kiosk, procedures=replace(config.procedures, own=str(own)))
        print(f"Xem thử: http://127.0.0.1:{config.web.port}/need/{found.code}")
        print("Sửa tệp xong thì bấm Ctrl+C rồi chạy lại lệnh này.", flush=True)
        return run.run(tried, asked)


def _beside(config: Config, file: Path, found: Procedure) -> list[Path]:
    """Return the ward's other forms, and the form that this one continues where it lies beside it."""
    own = sorted(config.own_procedures.glob("*.toml")) if config.own_procedures else []
    others = [path for path in own if (one := read_procedure(path)).code != found.code or one.version != found.version]
    base = tomllib.loads(file.read_text("utf-8")).get("extends")
    return [*others, *([file.parent / base] if base and (file.parent / base).is_file() else [])]


def _in_force(text: str) -> str:
    """Return a file's text with days that make it the newest form in force today."""
    rest = re.sub(r"^effective_(from|to)\b.*\n", "", text, flags=re.MULTILINE)
    return f"effective_from = {SYSTEM.today().isoformat()}\neffective_to = 9999-12-31\n{rest}"


def printing(config: Config, asked: argparse.Namespace) -> int:
    """Set the declaration with made-up answers; the page says that it is practice."""
    from kiosk.papers import declaration, letterhead  # lays out A4: no other command waits for it
    from kiosk.papers.declaration import Head
    from printers.render.pdf import render_sheet

    found = read_procedure(asked.file)
    if found.declaration is None:
        raise NotFound(
            f"{asked.file.name} không có đoạn [declaration]: thủ tục này không in tờ khai.",
            f"{asked.file.name} has no [declaration]: there is nothing to print.",
        )
    office, now = office_of(config.ward), SYSTEM.now()
    head = Head(office.short, letterhead.machine(config), f"{config.kiosk.id}-TAP", now, practice=True)
    sheet = declaration.sheet(found, found.declaration, sample_answers(found, office, SYSTEM.today()), head)
    out = asked.out or asked.file.with_suffix(".pdf")
    out.write_bytes(render_sheet(sheet))
    print(out)
    return 0
