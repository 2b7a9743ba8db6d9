"""Reading the shelf: every TOML file, with all its mistakes named at once.

A dossier keeps the version it was begun on, so the shelf holds all versions and is asked for one by (code, version),
or for the one in force by (code, day).
"""

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kiosk.procedures import crossing
from kiosk.procedures.model import Procedure
from kiosk.procedures.table import Faults, record

HERE = Path(__file__).parent
SHELF = HERE / "shelf"


class BadProcedure(Exception):  # noqa: N818 - read in a sentence
    """A procedure file with mistakes; the message lists them all."""

    def __init__(self, path: Path, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        lines = "\n".join(f"  - {fault}" for fault in self.faults)
        super().__init__(f"{path.name}: {len(self.faults)} to mend\n{lines}")


@cache
def choice_sets() -> dict[str, list[dict[str, Any]]]:
    """Return the option lists that several procedures share."""
    sets: dict[str, list[dict[str, Any]]] = tomllib.loads((HERE / "choices.toml").read_text("utf-8"))
    return sets


def read(path: Path) -> Procedure:
    """Return the procedure of a file; BadProcedure names every mistake in it."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as cause:
        raise BadProcedure(path, [f"this is not TOML: {cause}"]) from cause
    faults: Faults = []
    _share_choices(table, faults)
    procedure: Procedure = record(Procedure, table, path.stem, faults)
    if isinstance(procedure, Procedure):
        faults += crossing.faults_of(procedure)
    if faults:
        raise BadProcedure(path, faults)
    return procedure


def _share_choices(table: Any, faults: Faults) -> None:
    if isinstance(table, list):
        for one in table:
            _share_choices(one, faults)
    elif isinstance(table, dict):
        named = table.get("options")
        if isinstance(named, str):
            if named not in choice_sets():
                faults.append(f"options '{named}' is not in choices.toml")
            table["options"] = choice_sets().get(named, [])
        for one in table.values():
            _share_choices(one, faults)


class Shelf:
    """All procedures in all their versions."""

    def __init__(self, procedures: Iterable[Procedure]) -> None:
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


def read_shelf(*folders: Path) -> Shelf:
    """Return the shelf of one or more folders; the mistakes of all files are named together."""
    found: list[Procedure] = []
    faults: Faults = []
    for path in sorted(path for folder in folders or (SHELF,) for path in folder.glob("*.toml")):
        try:
            found.append(read(path))
        except BadProcedure as cause:
            faults.append(str(cause))
    if faults:
        raise BadProcedure(Path("shelf"), faults)
    return Shelf(found)
