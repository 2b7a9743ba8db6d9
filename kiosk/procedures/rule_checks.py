"""Checks of the `[[check]]` tables of a procedure file: rule, keys and their kinds, arguments, page."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kiosk.procedures.answers import AMOUNTS, field_at
from kiosk.procedures.checks import RULES, TAKES
from kiosk.procedures.checks.base import Arg, Takes
from kiosk.procedures.file_errors import FileError, one_of, suggestion
from kiosk.procedures.model import Check, Field, Procedure
from kiosk.procedures.value_checks import is_number

_ARG_WORDS: Mapping[str, str] = {
    "number": "một số nguyên",
    "words": 'một danh sách chữ, như ["công ty"]',
    "column": "tên một cột của danh sách",
    "sex": '"nam" hoặc "nu"',
    "day": 'một ngày, như "2026-11-24"',
    "amount": f"tên một số tiền của phường: {', '.join(AMOUNTS)}",
    "value": "một giá trị",
}


def rule_errors(procedure: Procedure) -> Iterator[FileError]:
    """Yield every error of the checks of a procedure."""
    for check in procedure.checks:
        place = f"check[{check.id}]"
        if check.at not in procedure.by_step and check.at != "check":
            message = f"không có trang (step) '{check.at}'{suggestion(check.at, procedure.by_step)}"
            yield FileError(f"{place}.at", message)
        for key in check.keys:
            if not key.startswith("_") and field_at(procedure, key) is None:
                known = [field.key for field in procedure.fields]
                yield FileError(f"{place}.keys", f"không có ô '{key}'{suggestion(key, known)}")
        if check.rule not in RULES:
            message = f"'{check.rule}' phải là {one_of(sorted(RULES))}{suggestion(check.rule, RULES)}"
            yield FileError(f"{place}.rule", message)
            continue
        rule = TAKES[check.rule]
        yield from _keys(procedure, check, rule)
        yield from _arguments(procedure, check, rule)


def _arguments(procedure: Procedure, check: Check, rule: Takes) -> Iterator[FileError]:
    place = f"check[{check.id}].args"
    for name in sorted(check.args.keys() - rule.args.keys()):
        known = one_of(rule.args) if rule.args else "không có args nào"
        message = f"rule '{check.rule}' không có '{name}'; args của nó: {known}{suggestion(name, rule.args)}"
        yield FileError(place, message)
    numbers = [name for name, arg in rule.args.items() if arg.kind == "number" and arg.is_optional]
    if numbers and not check.args:
        names = ", ".join(f"{name} = ..." for name in numbers)
        yield FileError(place, f"rule '{check.rule}' cần ít nhất một trong args = {{ {names} }}")
    for name, arg in rule.args.items():
        yield from _argument(procedure, check, name=name, arg=arg)


def _keys(procedure: Procedure, check: Check, rule: Takes) -> Iterator[FileError]:
    place = f"check[{check.id}].keys"
    most = len(check.keys) if rule.most is None else rule.most
    if not rule.least <= len(check.keys) <= most:
        count = f"{rule.least} ô" if rule.most == rule.least else f"từ {rule.least} ô"
        count = count if rule.most in (None, rule.least) else f"{count} đến {rule.most} ô"
        yield FileError(place, f"rule '{check.rule}' cần {count}, ở đây có {len(check.keys)}")
    for number, key in enumerate(check.keys):
        item = field_at(procedure, key)
        allowed = rule.kinds[min(number, len(rule.kinds) - 1)]
        if item is not None and allowed and item.kind not in allowed:
            message = f"rule '{check.rule}' chỉ xem được ô loại {one_of(sorted(allowed))}; ô '{key}' là {item.kind}"
            yield FileError(place, message)


def _argument(procedure: Procedure, check: Check, *, name: str, arg: Arg) -> Iterator[FileError]:
    place = f"check[{check.id}].args"
    lists = [item for key in check.keys if (item := field_at(procedure, key)) and item.kind == "group_list"]
    if name not in check.args:
        if not arg.is_optional or (arg.kind == "column" and lists):
            yield FileError(place, f"rule '{check.rule}' cần args = {{ {name} = ... }}: {_ARG_WORDS[arg.kind]}")
        return
    value = check.args[name]
    if not _IS_RIGHT[arg.kind](value):
        yield FileError(place, f"{name} phải là {_ARG_WORDS[arg.kind]}, không phải {value!r}")
    elif arg.kind == "column":
        yield from _column(check, lists, name=name, column=value)


def _column(check: Check, lists: list[Field], *, name: str, column: str) -> Iterator[FileError]:
    for item in lists:
        columns = {part.key: part.kind for part in item.fields}
        if column not in columns:
            message = f"{name}: danh sách '{item.key}' không có cột '{column}'{suggestion(column, columns)}"
            yield FileError(f"check[{check.id}].args", message)
        elif check.rule == "rows_at_most" and columns[column] not in {"number", "money"}:
            yield FileError(f"check[{check.id}].args", f"{name}: cột '{column}' phải là number hay money")


_IS_RIGHT: Mapping[str, Callable[[Any], bool]] = {
    "number": is_number,
    "words": lambda value: isinstance(value, list | tuple) and bool(value) and all(isinstance(v, str) for v in value),
    "column": lambda value: isinstance(value, str),
    "sex": lambda value: value in ("nam", "nu"),
    "day": lambda value: isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None,
    "amount": lambda value: value in AMOUNTS,
    "value": lambda value: isinstance(value, str | int | bool),
}
