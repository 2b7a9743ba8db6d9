"""Shared parts of procedure files: lists of options, and the printed forms that several procedures have.

`options = "ton_giao"` takes the list of that name from `choices.toml`. `form = "ct01"` in a `[declaration]` or an
`[[enclosed]]` takes over the shared form of that name: the procedure's own `[[declaration.line]]` continue its line
with `own = true`, and every other word of the procedure replaces the shared one.

A folder of procedures (a content release, the ward's own) may have both: a list in its `choices.toml` and a form in a
file `<name>.form.toml` go before the shipped ones of the same name, for the procedures of this and of later folders.
The procedures of earlier folders keep what they have: a new form comes with a new version of each procedure.
"""

import tomllib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kiosk.procedures.file_errors import FileError, FileErrors, messages, suggestion
from kiosk.procedures.file_format import is_unknown, migrate
from kiosk.procedures.model import AnswerOption, Declaration
from kiosk.procedures.toml_dataclasses import label, parse_table
from kiosk.procedures.toml_file import TomlFile, read_toml

FOLDER = Path(__file__).parent
CHOICES = "choices.toml"
FORM_ENDING = ".form.toml"
SHARED_LISTS = frozenset({"options", "local_options"})
"""Keys whose list may be the name of a shared list."""

Table = dict[str, Any]


@dataclass(frozen=True)
class SharedParts:
    """Shared lists and forms by name, as tables; `errors` are messages by the name of their file."""

    choices: Mapping[str, list[Table]] = field(default_factory=dict)
    forms: Mapping[str, Table] = field(default_factory=dict)
    errors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def over(self, earlier: "SharedParts") -> "SharedParts":
        """Return these parts in place of earlier ones of the same name, with the errors of both."""
        return SharedParts(
            choices={**earlier.choices, **self.choices},
            forms={**earlier.forms, **self.forms},
            errors={**earlier.errors, **self.errors},
        )


@cache
def shipped_parts() -> SharedParts:
    """Return the shared parts that ship with the product; they are read without a check, which is a test."""
    forms = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted((FOLDER / "forms").glob("*.toml"))}
    return SharedParts(choices=tomllib.loads((FOLDER / CHOICES).read_text("utf-8")), forms=forms)


def choice_sets() -> Mapping[str, list[Table]]:
    """Return the shipped lists of options."""
    return shipped_parts().choices


def is_shared(name: str) -> bool:
    """Return whether a file of a folder has shared parts and is no procedure."""
    return name == CHOICES or name.endswith(FORM_ENDING)


def parts_in(folder: Path) -> SharedParts:
    """Return the shared parts of a folder; a file with errors has none."""
    parts = SharedParts()
    for path in sorted(folder.glob("*.toml")):
        if is_shared(path.name):
            parts = _parts_of(path).over(parts)
    return parts


def _parts_of(path: Path) -> SharedParts:
    file = read_toml(path)
    errors: FileErrors = [*file.errors, *migrate(file.table)]
    parts = SharedParts()
    if not file.errors and not is_unknown(errors):
        parts = _choices(file, errors) if path.name == CHOICES else _form(file, errors)
    told = tuple(f"{path.name}, {message}" for message in messages([e for e in errors if not e.is_note], file.text))
    return SharedParts(errors={path.name: told}) if told else parts


def _choices(file: TomlFile, errors: FileErrors) -> SharedParts:
    for name, options in file.table.items():
        if not isinstance(options, list) or not all(isinstance(option, dict) for option in options):
            errors.append(FileError(name, f"phải là một danh sách lựa chọn: [[{name}]] với id, label, label_en"))
            continue
        _check_options(name, options, errors)
    return SharedParts(choices=file.table)


def _check_options(name: str, options: Sequence[Table], errors: FileErrors) -> None:
    ids = [option.get("id") for option in options]
    for number, option in enumerate(options, 1):
        place = f"{name}[{label(option, number)}]"
        parse_table(dataclass_type=AnswerOption, table=option, place=place, errors=errors)
        if ids.count(option.get("id")) > 1 and ids.index(option.get("id")) != number - 1:
            errors.append(FileError(place, f"lựa chọn '{option.get('id')}' có hai lần; mỗi id chỉ dùng một lần"))


def _form(file: TomlFile, errors: FileErrors) -> SharedParts:
    lines = file.table.get("line")
    if isinstance(lines, list) and all(isinstance(line, dict) for line in lines):
        plain = [{key: value for key, value in line.items() if key != "own"} for line in lines]
        parse_table(dataclass_type=Declaration, table=file.table | {"line": plain}, place="", errors=errors)
        if sum(line.get("own") is True for line in lines) > 1:
            errors.append(FileError("line", "chỉ một dòng có own = true: chỗ dòng của từng thủ tục viết tiếp"))
    else:
        errors.append(FileError("line", "mẫu chung phải có các đoạn [[line]]"))
    return SharedParts(forms={file.name.removesuffix(FORM_ENDING): file.table})


def of_file(parts: SharedParts, name: str) -> SharedParts | None:
    """Return what a file of shared parts has among others; None where it is not among them."""
    if name == CHOICES:
        return SharedParts(choices=parts.choices) if parts.choices else None
    form = parts.forms.get(name.removesuffix(FORM_ENDING))
    return SharedParts(forms={name.removesuffix(FORM_ENDING): form}) if form else None


def insert(table: Table, parts: SharedParts, errors: FileErrors) -> None:
    """Complete the table of a procedure with the shared forms and lists that it names."""
    if isinstance(table.get("declaration"), dict):
        table["declaration"] = _with_shared(table["declaration"], parts, place="declaration", errors=errors)
    enclosed = table.get("enclosed")
    if isinstance(enclosed, list):
        table["enclosed"] = [
            _with_shared(form, parts, place=f"enclosed[{form.get('id')}]", errors=errors)
            if isinstance(form, dict)
            else form
            for form in enclosed
        ]
    _insert_lists(table, parts, place="", errors=errors)


def _with_shared(own: Table, parts: SharedParts, *, place: str, errors: FileErrors) -> Table:
    """Return a form with the words of the shared form that it names."""
    if "form" not in own:
        return own
    name = str(own["form"])
    words = {key: value for key, value in own.items() if key != "form"}
    if name not in parts.forms:
        errors.append(FileError(f"{place}.form", f"không có mẫu chung '{name}'{suggestion(name, parts.forms)}"))
        return words
    shared = deepcopy(parts.forms[name])
    return shared | words | {"line": _with_own_lines(shared["line"], own.get("line", []))}


def _with_own_lines(shared: list[Table], own: list[Mapping[str, Any]]) -> list[Table]:
    """Return the shared lines with those of the procedure where they belong; the first continues the shared line."""
    lines: list[Table] = []
    for line in shared:
        if not line.pop("own", False):
            lines.append(line)
            continue
        first, *others = own or [{}]
        text = f"{line.get('text', '')} {first.get('text', '')}".strip()
        lines += [{**line, **first, "text": text}, *map(dict, others)]
    return lines


def _insert_lists(table: Any, parts: SharedParts, *, place: str, errors: FileErrors) -> None:
    """Replace the names of shared option lists by the lists."""
    if isinstance(table, list):
        inner = [(item, f"{place}[{label(item, number)}]") for number, item in enumerate(table, 1) if _is_nested(item)]
    else:
        for key in SHARED_LISTS & table.keys():
            name = table[key]
            if isinstance(name, str):
                if name not in parts.choices:
                    message = f"'{name}' không có trong choices.toml{suggestion(name, parts.choices)}"
                    errors.append(FileError(f"{place}.{key}", message))
                table[key] = parts.choices.get(name, [])
        inner = [(item, f"{place}.{key}".lstrip(".")) for key, item in table.items() if _is_nested(item)]
    for part, inside in inner:
        _insert_lists(part, parts, place=inside, errors=errors)


def _is_nested(value: Any) -> bool:
    return isinstance(value, dict | list)
