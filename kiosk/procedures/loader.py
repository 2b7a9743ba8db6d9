"""Loader of the procedure catalogue: every TOML file, with all errors of all files at once.

A dossier keeps the version that it was begun with, so the catalogue holds all versions. It returns one by (code,
version), or the version in force by (code, day).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kiosk.base.errors import KioskError
from kiosk.procedures import cross_checks, file_format, shared_parts
from kiosk.procedures.birth_years import accept_years
from kiosk.procedures.documents import FILE_NAME as REGISTER
from kiosk.procedures.documents import Documents, documents_of, shipped_documents
from kiosk.procedures.facts import origin_errors
from kiosk.procedures.file_errors import NO_LINE, FileError, FileErrors, messages
from kiosk.procedures.life_events import FILE_NAME as EVENTS
from kiosk.procedures.life_events import events_of, shipped_events
from kiosk.procedures.model import Procedure
from kiosk.procedures.overrides import Override, OverrideFile, apply_override, extend, read_overrides, unsourced_amounts
from kiosk.procedures.shared_parts import SharedParts, shipped_parts
from kiosk.procedures.toml_dataclasses import parse_table
from kiosk.procedures.toml_file import TomlFile, read_toml

FOLDER = Path(__file__).parent
CATALOGUE = FOLDER / "catalogue"
NO_OVERRIDES: Mapping[str, Override] = {}


class BadProcedure(KioskError):  # noqa: N818 - read in a sentence
    """A procedure file has errors; the message lists them all, in the order of the file."""

    code = "K-02"

    def __init__(self, name: str, errors: Iterable[str], file_errors: Iterable[FileError] = ()) -> None:
        self.errors = tuple(errors)
        self.file_errors = list(file_errors)
        listed = "\n".join(f"  - {error}" for error in self.errors)
        super().__init__(
            f"{name} có {len(self.errors)} chỗ phải sửa:\n{listed}",
            f"{name}: {len(self.errors)} to mend (listed above in Vietnamese).",
        )


def read_procedure(
    path: Path,
    overrides: Mapping[str, Override] = NO_OVERRIDES,
    documents: Documents | None = None,
    shared: SharedParts | None = None,
    *,
    ward: Path | None = None,
) -> Procedure:
    """Return the procedure of a file, with the ward's overrides.

    Args:
        path: the file.
        overrides: the ward's overrides by code.
        documents: the register of documents; None: the shipped one with the file beside the procedure.
        shared: lists and forms that the file may name; None: the shipped ones with those beside the procedure.
        ward: the ward's folder, whose documents, events, lists and forms a file outside it may name too.

    Raises:
        BadProcedure: the file has errors; all are listed.
    """
    file = read_toml(path)
    if file.errors:
        raise BadProcedure(path.name, messages(file.errors, file.text), file.errors)
    errors: FileErrors = []
    changes = file_format.migrate(file.table)
    if file_format.is_unknown(changes):
        raise BadProcedure(path.name, messages(changes, file.text), changes)
    table = _with_base(path, file, errors)
    if override := overrides.get(str(table.get("code"))):
        errors += unsourced_amounts(table, override)
        table = apply_override(table, override)
    folders = [*([ward] if ward else []), path.parent]
    if documents is None:
        documents, _ = documents_of(folders)
    if shared is None:
        shared = shared_beside(path, ward)
        errors += [FileError("", message, line=NO_LINE) for told in shared.errors.values() for message in told]
    shared_parts.insert(table, shared, errors)
    procedure: Procedure = parse_table(dataclass_type=Procedure, table=table, place="", errors=errors)
    errors += origin_errors(procedure, documents)
    events, _ = events_of(folders)
    errors += cross_checks.errors_of(procedure, [event.id for event in events])
    errors = [error for error in errors if not error.is_note]
    if errors:
        raise BadProcedure(path.name, messages(errors, file.text), errors)
    return accept_years(procedure)


def notes_on(path: Path) -> list[str]:
    """Return a note, with its line, for each change that brings a file to the format of today."""
    file = read_toml(path)
    return messages(file_format.migrate(file.table), file.text)


def table_of(path: Path) -> dict[str, Any]:
    """Return the table of a file in the format of today, without what it extends.

    Raises:
        BadProcedure: the file cannot be read, or is of a format that this release does not know.
    """
    file = read_toml(path)
    errors = [*file.errors, *file_format.migrate(file.table)]
    if file.errors or file_format.is_unknown(errors):
        raise BadProcedure(path.name, messages(errors, file.text), errors)
    return file.table


def _with_base(path: Path, file: TomlFile, errors: FileErrors) -> dict[str, Any]:
    """Return the table of a file with the values of the file that it extends.

    Raises:
        BadProcedure: that file has errors.
    """
    table = file.table
    if "extends" not in table:
        return table
    name = str(table["extends"])
    base = read_toml(base_path(path, name))
    message = ""
    if base.errors or file_format.is_unknown(file_format.migrate(base.table)):
        message = f"'{name}' không đọc được hoặc có chỗ viết sai; xem tên, rồi sửa tệp ấy trước"
    elif base_path(path, name) == path:
        message = "tệp này tiếp chính nó; ghi tên tệp của bản trước"
    elif "extends" in base.table:
        message = f"'{name}' lại tiếp tệp '{base.table['extends']}'; ghi tên tệp đầu tiên, tệp có đủ mọi đoạn"
    if message:
        errors.append(FileError("extends", message))
        raise BadProcedure(path.name, messages(errors, file.text), errors)
    return extend(base.table, table)


def base_path(path: Path, name: str) -> Path:
    """Return the file that a version extends: in the same folder, or else in the shipped catalogue."""
    in_same_folder = path.parent / name
    return in_same_folder if in_same_folder.exists() else CATALOGUE / name


def shared_beside(path: Path, ward: Path | None = None) -> SharedParts:
    """Return the lists and forms that a file may name: the shipped ones, of the ward's folder, of its own folder."""
    if path.parent.resolve() == CATALOGUE.resolve():
        return shipped_parts()
    parts = shared_parts.parts_in(ward).over(shipped_parts()) if ward else shipped_parts()
    return shared_parts.parts_in(path.parent).over(parts)


class Catalogue:
    """All procedures in all their versions.

    A procedure whose override has an error is withheld: it is not in force, because its fee or time would be wrong, but
    its versions stay for the dossiers that were begun with them.
    """

    def __init__(
        self,
        procedures: Iterable[Procedure],
        overrides: Mapping[str, Override] = NO_OVERRIDES,
        *,
        documents: Documents | None = None,
        errors: Iterable[str] = (),
        withheld: Iterable[str] = (),
    ) -> None:
        self.overrides = overrides
        """Overrides of the ward, by code."""
        self.documents = shipped_documents() if documents is None else documents
        """Register of documents by id, with those of the ward and the province."""
        self.errors = tuple(errors)
        self.withheld = frozenset(withheld)
        self.events = shipped_events()
        """Life events in the order of the tiles, with those of the ward."""
        self.own_versions: frozenset[tuple[str, str]] = frozenset()
        """(code, version) of the procedures that are no shipped files: of a content release or of the ward."""
        self.bad_files: dict[str, bool] = {}
        """Name of each file that has errors -> whether its last good text is used in its place."""
        self._versions: dict[str, list[Procedure]] = {}
        self._former: dict[tuple[str, str], Procedure] = {}
        for procedure in procedures:
            self._versions.setdefault(procedure.code, []).append(procedure)
        for versions in self._versions.values():
            versions.sort(key=lambda procedure: procedure.effective_from)

    def in_force(self, code: str, day: date) -> Procedure | None:
        """Return the version of a procedure in force on a day, or None."""
        if code in self.withheld:
            return None
        newest_first = reversed(self._versions.get(code, []))
        return next((procedure for procedure in newest_first if procedure.is_in_force(day)), None)

    def version(self, code: str, version: str) -> Procedure | None:
        """Return one version, in force or not, or None."""
        present = (procedure for procedure in self._versions.get(code, []) if procedure.version == version)
        return next(present, None) or self._former.get((code, version))

    def add_former(self, procedure: Procedure) -> None:
        """Add a version that no file has any more: for the forms that were begun with it, never in force."""
        self._former[procedure.code, procedure.version] = procedure

    def is_former(self, code: str, version: str) -> bool:
        """Return whether no file has a version any more."""
        return (code, version) in self._former

    def every_version(self) -> list[Procedure]:
        """Return every version of every procedure."""
        return [procedure for versions in self._versions.values() for procedure in versions]

    def all(self, day: date) -> list[Procedure]:
        """Return the procedures in force on a day, sorted by code."""
        procedures = (self.in_force(code, day) for code in sorted(self._versions))
        return [procedure for procedure in procedures if procedure is not None]


def read_catalogue(*folders: Path, overrides: Path | None = None) -> Catalogue:
    """Return the catalogue of one or more folders (default: the shipped one).

    A file in a later folder replaces a file of the same code and version in an earlier one.

    Raises:
        BadProcedure: lists the errors of all files together.
    """
    catalogue = read_usable_catalogue(*folders, overrides=overrides)
    if catalogue.errors:
        raise BadProcedure("Kho thủ tục", catalogue.errors)
    return catalogue


def read_usable_catalogue(
    *folders: Path, overrides: Path | None = None, kept: Path | None = None, kept_overrides: Path | None = None
) -> Catalogue:
    """Return the catalogue without the files that have errors; `Catalogue.errors` names each with its file and line.

    Args:
        folders: folders of procedure files; the last may be the ward's own.
        overrides: the ward's override file.
        kept: folder of the last good texts of the ward's files (`kept_files`), used in place of files with errors.
        kept_overrides: folder of the last good text of the override file.
    """
    folders = folders or (CATALOGUE,)
    catalogue = _read_folders(folders, overrides, kept=kept, kept_register=kept_overrides)
    last_good = kept_overrides / overrides.name if kept_overrides and overrides else None
    if not overrides or overrides.name not in catalogue.bad_files or not last_good or not last_good.is_file():
        return catalogue
    former = _read_folders(folders, last_good, kept=kept, register=overrides.parent, kept_register=kept_overrides)
    former.errors = catalogue.errors
    former.bad_files = catalogue.bad_files | former.bad_files | {overrides.name: not former.withheld}
    return former


def _read_folders(
    folders: Sequence[Path],
    overrides: Path | None,
    *,
    kept: Path | None,
    kept_register: Path | None,
    register: Path | None = None,
) -> Catalogue:
    """Return the usable catalogue of some folders with one override file.

    Args:
        folders: folders of procedure files.
        overrides: the override file, or its last good text.
        kept: folder of the last good texts of the ward's files.
        kept_register: folder of the last good register of documents beside the override file.
        register: folder whose register of documents goes with the overrides; None: that of the file.
    """
    changes = read_overrides(overrides) if overrides else OverrideFile()
    registers = [kept if kept and not folder.is_dir() else folder for folder in folders]
    with_overrides = register or (overrides.parent if overrides else None)
    registers_of_documents = [*registers, *([with_overrides] if with_overrides else [])]
    last_good = [folder for folder in (kept, kept_register) if folder]
    documents, register_errors = documents_of(registers_of_documents)
    if register_errors:
        documents, _ = documents_of([*last_good, *registers_of_documents])
    reading = _Reading(changes, documents, kept)
    events, event_errors = events_of(registers)
    if event_errors and kept:
        events, _ = events_of([kept, *registers])
    reading.errors += [*register_errors, *event_errors]
    for folder, register_folder in zip(folders, registers, strict=True):
        reading.add_shared(shared_parts.parts_in(register_folder))
        reading.add_folder(folder)
    # With broken files, the code may be of a file that could not be read.
    if not reading.errors:
        known = {code for code, _ in reading.procedures}
        unknown = [code for code in changes.overrides if code not in known]
        reading.errors += [changes.error_at(code, f"không có thủ tục mang mã '{code}'") for code in unknown]
        reading.has_bad_override |= bool(unknown)
    catalogue = Catalogue(
        reading.procedures.values(),
        changes.overrides,
        documents=documents,
        errors=reading.errors,
        withheld=reading.withheld,
    )
    bad_files = dict(reading.bad_files)
    if event_errors:
        bad_files[EVENTS] = kept is not None and (kept / EVENTS).is_file()
    if register_errors:
        bad_files[REGISTER] = any((folder / REGISTER).is_file() for folder in last_good)
    if overrides and reading.has_bad_override:
        bad_files[overrides.name] = False
    catalogue.bad_files = bad_files
    catalogue.own_versions = frozenset(reading.own_versions)
    catalogue.events = events
    return catalogue


class _Reading:
    """The files that were read so far, and their errors."""

    def __init__(self, changes: OverrideFile, documents: Documents, kept: Path | None) -> None:
        self.procedures: dict[tuple[str, str], Procedure] = {}
        self.errors = list(changes.errors)
        self.has_bad_override = bool(changes.errors)
        self.own_versions: set[tuple[str, str]] = set()
        self.withheld = set(changes.broken)
        self.bad_files: dict[str, bool] = {}
        self._changes = changes
        self._documents = documents
        self._kept = kept
        self._shared = shipped_parts()
        self._last_shared = shared_parts.parts_in(kept) if kept else SharedParts()

    def add_shared(self, parts: SharedParts) -> None:
        """Let the procedures of the folders from here on name these parts; the last good text replaces a bad file."""
        for name, errors in parts.errors.items():
            self.errors += errors
            former = shared_parts.of_file(self._last_shared, name)
            self.bad_files[name] = former is not None
            parts = parts.over(former or SharedParts())
        self._shared = SharedParts(choices=parts.choices, forms=parts.forms).over(self._shared)

    def add_folder(self, folder: Path) -> None:
        """Add the procedures of a folder; the last good texts of a folder that is missing."""
        if not folder.is_dir():
            self.errors.append(f"{folder.name}: không có thư mục này")
            for path in procedure_paths(self._kept) if self._kept else ():
                self._add_kept(path.name)
            return
        for path in unread_paths(folder):
            self._add_unread(path)
        from_folder: dict[tuple[str, object], str] = {}
        for path in procedure_paths(folder):
            procedure, errors, is_overridden = _read_one(path, self._changes, self._documents, self._shared)
            self.errors += errors
            if procedure is None:
                self.bad_files[path.name] = False
                self._add_kept(path.name)
                continue
            self._name_same(path, procedure, from_folder)
            self._add(procedure, is_own=folder != CATALOGUE)
            if is_overridden and errors:
                self._withhold(procedure)

    def _add_unread(self, path: Path) -> None:
        """Name a file that is not read, and add the last good text of the file that lost its name so."""
        self.errors.append(f"{path.name}: {UNREAD}")
        name = _meant_name(path)
        if name and not path.with_name(name).is_file():
            self.bad_files[name] = False
            self._add_kept(name)

    def _name_same(self, path: Path, procedure: Procedure, names: dict[tuple[str, object], str]) -> None:
        """Name another file of the folder that has the code and version, or the code and first day, of this one."""
        for name, value in (("version", procedure.version), ("effective_from", procedure.effective_from)):
            other = names.setdefault((f"{procedure.code} {name}", value), path.name)
            if other != path.name:
                self.errors.append(
                    f"{path.name}: trùng mã {procedure.code} và {name} {value} với {other}; "
                    f"máy dùng {path.name}. Bỏ một tệp, hoặc đổi {name}"
                )
                break

    def _withhold(self, procedure: Procedure) -> None:
        self.withheld.add(procedure.code)
        self.has_bad_override = True

    def _add(self, procedure: Procedure, *, is_own: bool) -> None:
        self.procedures[procedure.code, procedure.version] = procedure
        if is_own:
            self.own_versions.add((procedure.code, procedure.version))

    def _add_kept(self, name: str) -> None:
        """Add the last good text of a file, if there is one."""
        path = self._kept / name if self._kept else None
        if path is None or not path.is_file():
            return
        procedure, errors, is_overridden = _read_one(
            path, self._changes, self._documents, self._shared.over(self._last_shared)
        )
        if procedure is not None:
            self.bad_files[name] = True
            self._add(procedure, is_own=True)
            if is_overridden and errors:
                self._withhold(procedure)


def procedure_paths(folder: Path) -> list[Path]:
    """Return the procedure files of a folder, without register of documents, life events, shared lists and forms."""
    paths = [path for path in sorted(folder.glob("*.toml")) if path.name not in {REGISTER, EVENTS}]
    return [path for path in paths if not shared_parts.is_shared(path.name)]


UNREAD = "máy không đọc tệp này; tên phải kết thúc bằng .toml, chữ thường. Đổi tên, hoặc chuyển sang thư mục khác"
_OTHER_FILES = frozenset({".pdf", ".xlsx"})
"""Suffixes of the files that `kiosk procedure print` and `export-xlsx` write beside a procedure file."""


def unread_paths(folder: Path) -> list[Path]:
    """Return the files of a folder that look like procedure files and are not read; copies of editors are none."""
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    paths = [path for path in files if path.is_file() and path.suffix != ".toml"]
    return [path for path in paths if path.suffix.lower() not in _OTHER_FILES and not _is_of_editor(path.name)]


def _is_of_editor(name: str) -> bool:
    return name.startswith((".", "~")) or name.endswith("~")


def _meant_name(path: Path) -> str:
    """Return the name that an unread file was to have: x.toml of x.toml.txt and x.TOML; empty for another file."""
    stem, dot, _ = path.name.lower().partition(".toml")
    return f"{path.name[: len(stem)]}.toml" if dot else ""


def _read_one(
    path: Path, changes: OverrideFile, documents: Documents, shared: SharedParts
) -> tuple[Procedure | None, list[str], bool]:
    """Return (procedure, error messages, whether the override has the errors) of a file."""
    try:
        return read_procedure(path, changes.overrides, documents, shared), [], False
    except BadProcedure as cause:
        in_file = [f"{path.name}, {error}" for error in cause.errors]
        in_override = cause.file_errors
    try:
        procedure = read_procedure(path, documents=documents, shared=shared)
    except BadProcedure:
        return None, in_file, False
    if procedure.code in changes.broken:
        return procedure, [], True  # its error is named already
    return procedure, changes.locate(procedure.code, in_override), True
