"""Reading the shelf: every TOML file, with all its mistakes named at once.

A dossier keeps the version it was begun on, so the shelf holds all versions and is asked for one by (code, version),
or for the one in force by (code, day).
"""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kiosk.errors import KioskError
from kiosk.procedures import cross_checks
from kiosk.procedures.file_errors import FileError, FileErrors, messages, suggestion
from kiosk.procedures.model import Procedure
from kiosk.procedures.overrides import Override, apply_override, extend, read_overrides
from kiosk.procedures.toml_records import label, record

FOLDER = Path(__file__).parent
CATALOGUE = FOLDER / "catalogue"
NO_OVERRIDES: Mapping[str, Override] = {}


class BadProcedure(KioskError):  # noqa: N818 - read in a sentence
    """A procedure file with mistakes; the message lists them all, in the order of the file."""

    code = "K-02"

    def __init__(self, name: str, faults: Iterable[str]) -> None:
        self.errors = tuple(faults)
        listed = "\n".join(f"  - {fault}" for fault in self.errors)
        super().__init__(
            f"{name} có {len(self.errors)} chỗ phải sửa:\n{listed}",
            f"{name}: {len(self.errors)} to mend (listed above in Vietnamese).",
        )


@cache
def choice_sets() -> dict[str, list[dict[str, Any]]]:
    """Return the option lists that several procedures share."""
    sets: dict[str, list[dict[str, Any]]] = tomllib.loads((FOLDER / "choices.toml").read_text("utf-8"))
    return sets


def read_procedure(path: Path, overrides: Mapping[str, Override] = NO_OVERRIDES) -> Procedure:
    """Return the procedure of a file, with what the ward changes; BadProcedure names every mistake in it."""
    text, table = _opened(path)
    faults: FileErrors = []
    if "extends" in table:
        table = extend(_opened(_base(path, str(table["extends"])))[1], table)
    if override := overrides.get(str(table.get("code"))):
        table = apply_override(table, override)
    _share_choices(table, "", faults)
    procedure: Procedure = record(Procedure, table, "", faults)
    faults += cross_checks.errors_of(procedure)
    if faults:
        raise BadProcedure(path.name, messages(faults, text))
    return procedure


def _base(path: Path, name: str) -> Path:
    """The file that a version continues: beside it, or else among those that the house ships."""
    beside = path.parent / name
    return beside if beside.exists() else CATALOGUE / name


def _opened(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text("utf-8")
        return text, tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as cause:
        raise BadProcedure(path.name, [f"không đọc được tệp: {cause}"]) from cause
    except tomllib.TOMLDecodeError as cause:
        raise BadProcedure(path.name, [f"viết sai quy cách TOML: {cause}"]) from cause


def _share_choices(table: Any, place: str, faults: FileErrors) -> None:
    """Put the shared lists where a file names them."""
    if isinstance(table, list):
        for at, one in enumerate(table, 1):
            _share_choices(one, f"{place}[{label(one, at)}]", faults)
    elif isinstance(table, dict):
        named = table.get("options")
        if isinstance(named, str):
            if named not in choice_sets():
                said = f"'{named}' không có trong choices.toml{suggestion(named, choice_sets())}"
                faults.append(FileError(f"{place}.options", said))
            table["options"] = choice_sets().get(named, [])
        for name, one in table.items():
            _share_choices(one, f"{place}.{name}".lstrip("."), faults)


class Catalogue:
    """All procedures in all their versions."""

    def __init__(self, procedures: Iterable[Procedure], overrides: Mapping[str, Override] = NO_OVERRIDES) -> None:
        self.overrides = overrides
        """What the ward changed, by code."""
        self._versions: dict[str, list[Procedure]] = {}
        for one in procedures:
            self._versions.setdefault(one.code, []).append(one)
        for versions in self._versions.values():
            versions.sort(key=lambda one: one.effective_from)

    def in_force(self, code: str, day: date) -> Procedure | None:
        """Return the version of a procedure that is in force on a day; None when there is none."""
        return next(
            (
                one
                for one in reversed(self._versions.get(code, []))
                if one.effective_from <= day and (one.effective_to is None or day <= one.effective_to)
            ),
            None,
        )

    def version(self, code: str, version: str) -> Procedure | None:
        """Return one version, in force or not."""
        return next((one for one in self._versions.get(code, []) if one.version == version), None)

    def all(self, day: date) -> list[Procedure]:
        """Return what is in force on a day, in the order of the codes."""
        found = (self.in_force(code, day) for code in sorted(self._versions))
        return [one for one in found if one is not None]


def read_catalogue(*folders: Path, overrides: Path | None = None) -> Catalogue:
    """Return the shelf of one or more folders; the mistakes of all files are named together.

    A file in a later folder takes the place of one of the same code and version in an earlier one.
    """
    changes, faults = read_overrides(overrides) if overrides else ({}, [])
    found: dict[tuple[str, str], Procedure] = {}
    for path in (path for folder in folders or (CATALOGUE,) for path in sorted(folder.glob("*.toml"))):
        try:
            one = read_procedure(path, changes)
        except BadProcedure as cause:
            faults += [f"{path.name}, {fault}" for fault in cause.errors]
        else:
            found[one.code, one.version] = one
    for code in changes.keys() - {code for code, _ in found}:
        faults.append(f"{overrides.name if overrides else ''}: không có thủ tục mang mã '{code}'")
    if faults:
        raise BadProcedure("Kho thủ tục", faults)
    return Catalogue(found.values(), changes)
