"""Commands for the author of a procedure file: list, check, preview, print."""

import argparse
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Container
from dataclasses import replace
from pathlib import Path

from kiosk.base.clock import SYSTEM
from kiosk.base.errors import NotFound
from kiosk.cli import declaration_print, procedure_diff, procedure_xlsx, run, saved_plan
from kiosk.cli.author_parser import add_acts
from kiosk.cli.doctor import to_check
from kiosk.cli.store_reading import read_only
from kiosk.config import Config
from kiosk.context import office_of
from kiosk.health.procedure_files import differs
from kiosk.procedures.advice import advice
from kiosk.procedures.documents import FILE_NAME as REGISTER
from kiosk.procedures.examples import example_errors
from kiosk.procedures.file_errors import FileError, FileErrors, messages, one_of, suggestion
from kiosk.procedures.file_format import FORMAT, with_number
from kiosk.procedures.life_events import FILE_NAME as EVENTS
from kiosk.procedures.loader import BadProcedure, notes_on, procedure_paths, read_procedure, table_of
from kiosk.procedures.model import Procedure
from kiosk.procedures.shared_parts import is_shared
from kiosk.procedures.toml_file import read_toml
from kiosk.procedures.toml_writer import write_toml
from kiosk.procedures.trial import trial_errors
from kiosk.startup.context_factory import open_catalogue
from kiosk.store import files


def add_procedure(command: argparse.ArgumentParser) -> None:
    """Add the acts of `kiosk procedure`; its help is for an officer of the ward, so it is Vietnamese."""
    acts = add_acts(command, "viết và soát tệp thủ tục; hướng dẫn ở docs/procedures.md")
    list_command = acts.add_parser("list", help="danh mục: mã, bản, tên, số điều còn phải đối chiếu")
    list_command.set_defaults(act=list_procedures)
    check_command = acts.add_parser("check", help="nêu mọi chỗ sai của một tệp, ở dòng nào, sửa thành gì")
    check_command.add_argument("--out", type=Path, metavar="tệp-mới", help="ghi tệp theo quy cách của bản cài này")
    check_command.set_defaults(act=check)
    preview_command = acts.add_parser("preview", help="mở các trang của một tệp ở chế độ tập")
    preview_command.add_argument("--port", type=int, help="cổng của trang; cổng +1 là hệ thống tỉnh, +2 là máy in giả")
    preview_command.set_defaults(act=preview, practice=True, empty=True)
    print_command = acts.add_parser("print", help="in tờ khai ra PDF với người giả, đủ mọi nhánh")
    print_command.add_argument("--out", type=Path, help="tên tệp PDF (không ghi: cạnh tệp thủ tục)")
    print_command.set_defaults(act=print_declaration)
    procedure_diff.add_to(acts)
    procedure_xlsx.add_to(acts)
    for action in (check_command, preview_command, print_command):
        action.add_argument("file", type=Path, metavar="tệp", help="tệp thủ tục (.toml)")


def list_procedures(config: Config, args: argparse.Namespace) -> int:
    """Print the catalogue in force today, with the number of facts to check; exit status 1 when a file has errors."""
    catalogue = open_catalogue(config)
    for procedure in catalogue.all(SYSTEM.today()):
        unsure = len(to_check(procedure))
        note = f"  cần đối chiếu {unsure} điều" if unsure else ""
        changed = "  phường đã sửa" if procedure.code in catalogue.overrides else ""
        print(f"{procedure.code:16} {procedure.version:9} {procedure.short.vi}{note}{changed}")
    for error in catalogue.errors:
        print(error, file=sys.stderr)
    return 1 if catalogue.errors else 0


def check(config: Config, args: argparse.Namespace) -> int:
    """Check a file, try the examples of its checks and every branch; print the facts and words that need a look.

    Raises:
        BadProcedure: the file has errors, or an example or a branch fails; `main` prints them all.
    """
    in_force = saved_plan.in_force(config)
    file = read_toml(args.file)
    try:
        procedure = read_procedure(args.file, ward=config.own_procedures)
    except BadProcedure as cause:
        series = str(file.table.get("series", "")) if file.table.get("queue", True) else ""
        more = messages(_series_errors(series, in_force), file.text)
        raise BadProcedure(args.file.name, [*cause.errors, *more], cause.file_errors) from cause
    errors = errors_in_use(procedure, in_force)
    if errors:
        raise BadProcedure(args.file.name, messages(errors, file.text), errors)
    size = f"{len(procedure.fields)} ô, {len(procedure.steps)} trang"
    print(f"{args.file.name}: đúng quy cách. {procedure.short.vi}, {size}.")
    noted = [*advice(procedure), *_changed_in_place(procedure, config)]
    for note in [*notes_on(args.file), *messages(noted, file.text)]:
        print(f"  {note}")
    for stated in to_check(procedure):
        print(f"  cần đối chiếu: {stated.place}, {stated.words} ({stated.seen})")
    if args.out:
        files.write_atomic(args.out, write_toml(with_number(table_of(args.file))).encode())
        print(f"{args.out}: đã ghi theo quy cách {FORMAT}. Chú thích sau dấu # không chép sang.")
    return 0


def _changed_in_place(procedure: Procedure, config: Config) -> FileErrors:
    """Return a note if forms of this machine were begun with other content of the same version."""
    with read_only(config) as db:
        try:
            is_changed = db is not None and differs(db, procedure)
        except sqlite3.Error:  # a store of an earlier release
            is_changed = False
    message = (
        f"câu hỏi hay tờ khai đã đổi mà vẫn là bản '{procedure.version}', trong máy đã có tờ khai theo bản đó; "
        "ghi version mới và effective_from mới"
    )
    return [FileError("version", message, is_note=True)] if is_changed else []


def errors_in_use(procedure: Procedure, config: Config) -> FileErrors:
    """Return the errors that show when a procedure is used: its series, its examples, every branch of it."""
    office = office_of(config.ward)
    errors = _series_errors(procedure.series if procedure.queue else "", config)
    errors += example_errors(procedure, office)
    return errors + trial_errors(
        procedure, office, today=procedure.checked_on, compose=declaration_print.compose(config)
    )


def _series_errors(series: str, config: Config) -> FileErrors:
    """Return an error for a queue series that the ward does not have; none for a procedure without one."""
    known = [item.id for item in config.series]
    if not series or series in known:
        return []
    return [FileError("series", f"phường không có dãy số '{series}'; có {one_of(known)}{suggestion(series, known)}")]


def preview(config: Config, args: argparse.Namespace) -> int:
    """Run the practice kiosk with the file in place of its code and version, in a temporary folder.

    The file is in force there from today, whatever its dates are: a form is tried before it takes effect.
    """
    procedure = read_procedure(args.file, ward=config.own_procedures)
    with tempfile.TemporaryDirectory(prefix="kiosk-preview-") as folder:
        own = Path(folder) / "procedures"
        own.mkdir()
        for path in _other_files(config, args.file, procedure):
            shutil.copy(path, own)
        (own / f"{procedure.code}@preview.toml").write_text(_in_force(args.file.read_text("utf-8")), "utf-8")
        kiosk = replace(config.kiosk, data=str(Path(folder) / "data"))
        preview_config = replace(config, kiosk=kiosk, procedures=replace(config.procedures, own=str(own)))
        print(f"Xem thử: http://127.0.0.1:{config.web.port}/need/{procedure.code}")
        print("Sửa tệp xong thì bấm Ctrl+C rồi chạy lại lệnh này.", flush=True)
        return run.run(preview_config, args)


def _other_files(config: Config, file: Path, procedure: Procedure) -> list[Path]:
    """Return the ward's other good files, and the file that this one extends if it is in the same folder."""
    base = read_toml(file).table.get("extends")
    base_file = file.parent / str(base) if base else None
    versions = {(procedure.code, procedure.version)}
    others: list[Path] = []
    if base_file and base_file.is_file():
        others.append(base_file)
        base_procedure = read_procedure(base_file, ward=config.own_procedures)
        versions.add((base_procedure.code, base_procedure.version))
    paths = procedure_paths(config.own_procedures) if config.own_procedures else []
    folders = dict.fromkeys([*([config.own_procedures] if config.own_procedures else []), file.parent])
    others += [folder / name for folder in folders for name in (REGISTER, EVENTS) if (folder / name).is_file()]
    others += [path for folder in folders for path in sorted(folder.glob("*.toml")) if is_shared(path.name)]
    return [*others, *(path for path in paths if _is_other(path, versions))]


def _version(path: Path) -> tuple[str, str]:
    procedure = read_procedure(path)
    return procedure.code, procedure.version


def _is_other(path: Path, versions: Container[tuple[str, str]]) -> bool:
    try:
        return _version(path) not in versions
    except BadProcedure:
        return False


def _in_force(text: str) -> str:
    """Return the text of a file with dates that make it the newest version in force today."""
    rest = re.sub(r"^effective_(from|to)\b.*\n", "", text, flags=re.MULTILINE)
    return f"effective_from = {SYSTEM.today().isoformat()}\neffective_to = 9999-12-31\n{rest}"


def print_declaration(config: Config, args: argparse.Namespace) -> int:
    """Print the declaration to a PDF that is marked as practice: with made-up people, and every branch of it.

    Raises:
        NotFound: the procedure has no declaration.
    """
    procedure = read_procedure(args.file, ward=config.own_procedures)
    if procedure.declaration is None:
        raise NotFound(
            f"{args.file.name} không có đoạn [declaration]: thủ tục này không in tờ khai.",
            f"{args.file.name} has no [declaration]: there is nothing to print.",
        )
    out = args.out or args.file.with_suffix(".pdf")
    printed = declaration_print.every_branch(procedure, config, SYSTEM.today())
    out.write_bytes(printed.pdf)
    print(out)
    for line in printed.pages:
        print(f"  {line}")
    return 0
