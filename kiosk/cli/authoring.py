"""Commands for who writes a form: see the shelf, check a file, try it in practice, print it."""

import argparse
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from kiosk.app import open_shelf
from kiosk.cli import running
from kiosk.cli.caring import to_check
from kiosk.clock import SYSTEM
from kiosk.config import Config
from kiosk.errors import NotFound
from kiosk.procedures.reading import read
from kiosk.procedures.trying import made_up
from kiosk.room import office_of


def listing(config: Config, asked: argparse.Namespace) -> int:  # noqa: ARG001 - one signature
    """Say what is on the shelf today, and how much of each form the ward still has to check."""
    shelf = open_shelf(config)
    for one in shelf.all(SYSTEM.today()):
        unsure = len(to_check(one))
        note = f"  cần đối chiếu {unsure} điều" if unsure else ""
        changed = "  phường đã sửa" if one.code in shelf.overrides else ""
        print(f"{one.code:16} {one.version:9} {one.short.vi}{note}{changed}")
    return 0


def check(config: Config, asked: argparse.Namespace) -> int:  # noqa: ARG001
    """Read a file; BadProcedure, with all its mistakes, is told by main()."""
    found = read(asked.file)
    unsure = to_check(found)
    print(f"{asked.file.name}: đúng quy cách. {found.short.vi}, {len(found.fields)} ô, {len(found.steps)} trang.")
    for fact in unsure:
        print(f"  cần đối chiếu: {fact}")
    return 0


def preview(config: Config, asked: argparse.Namespace) -> int:
    """Run the practice kiosk with the file in place of its code and version, in a folder that is thrown away."""
    found = read(asked.file)
    with tempfile.TemporaryDirectory(prefix="kiosk-preview-") as folder:
        own = Path(folder) / "procedures"
        own.mkdir()
        if config.own_procedures and config.own_procedures.is_dir():
            shutil.copytree(config.own_procedures, own, dirs_exist_ok=True)
        shutil.copy(asked.file, own / f"{found.code}@preview.toml")
        kiosk = replace(config.kiosk, data=str(Path(folder) / "data"))
        tried = replace(config, kiosk=kiosk, procedures=replace(config.procedures, own=str(own)))
        print(f"Xem thử: http://127.0.0.1:{config.web.port}/need/{found.code}")
        print("Sửa tệp xong thì bấm Ctrl+C rồi chạy lại lệnh này.", flush=True)
        return running.run(tried, asked)


def printing(config: Config, asked: argparse.Namespace) -> int:
    """Set the declaration with made-up answers; the page says that it is practice."""
    from kiosk.papers import declaration, letterhead  # lays out A4: no other command waits for it
    from kiosk.papers.declaration import Head
    from printers.render.pdf import render_sheet

    found = read(asked.file)
    if found.declaration is None:
        raise NotFound(
            f"{asked.file.name} không có đoạn [declaration]: thủ tục này không in tờ khai.",
            f"{asked.file.name} has no [declaration]: there is nothing to print.",
        )
    office, now = office_of(config.ward), SYSTEM.now()
    head = Head(office.short, letterhead.machine(config), f"{config.kiosk.id}-TAP", now, practice=True)
    sheet = declaration.sheet(found, found.declaration, made_up(found, office, SYSTEM.today()), head)
    out = asked.out or asked.file.with_suffix(".pdf")
    out.write_bytes(render_sheet(sheet))
    print(out)
    return 0
