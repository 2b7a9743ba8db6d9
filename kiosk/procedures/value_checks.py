"""Checks of the values in a procedure file: what is copied, filled in or preset fits the kind of its field.

A value of the wrong kind would be found by a citizen, on a page that cannot be shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from kiosk.procedures import kinds
from kiosk.procedures.answers import NATIONALITY_OF, SEX_OF, THIS_WARD, copy_source, field_at, place_of_part
from kiosk.procedures.base import Condition
from kiosk.procedures.conditions import PLACE_CODES, leaf_conditions
from kiosk.procedures.file_errors import FileError, one_of, suggestion
from kiosk.procedures.journey import MAX_ROWS
from kiosk.procedures.kinds.places import PLACE_KINDS
from kiosk.procedures.model import Fee, Field, FormStep, Procedure, Situation
from kiosk.vietnam import places

_TEXT_KINDS = frozenset({"person_name", "text", "longtext"})
_SEX_KINDS = frozenset({"sex", "choice", "choice_text", *_TEXT_KINDS})
CARD_KINDS: Mapping[str, frozenset[str]] = {
    "full_name": _TEXT_KINDS,
    "date_of_birth": frozenset({"date"}),
    "year_of_birth": frozenset({"date", "text", "number"}),
    "sex": _SEX_KINDS,
    "id": frozenset({"id_number", "id_document"}),
    "issued": _TEXT_KINDS,
    "residence": PLACE_KINDS,
}
"""Value of a card -> kinds of the field that it may fill."""
_SITUATION_RULES: Mapping[str, tuple[str, ...]] = {
    "older_than": ("key", "days", "yes", "no"),
    "age_under": ("key", "years", "yes", "no"),
    "sex_of": ("key", "yes", "no"),
    "citizens": ("papers", "yes", "no"),
}
_DAY = date(2026, 1, 1)
"""A day for `validate`; no check of a file depends on it but `high = 0`, for which any past date is right."""


def value_errors(procedure: Procedure) -> Iterator[FileError]:
    """Yield every error of the values of a procedure."""
    for situation in procedure.situations:
        yield from _situation(procedure, situation)
    for item in procedure.fields:
        yield from _field(procedure, item, f"field[{item.key}]")
        yield from _never_answered(procedure, item)
    for step in procedure.steps:
        yield from _person(procedure, step)
    yield from _copies(procedure)
    for fee in procedure.fees:
        yield from _fee(procedure, fee)


def _fee(procedure: Procedure, fee: Fee) -> Iterator[FileError]:
    counted = field_at(procedure, fee.per) if fee.per else None
    wanted = ("group_list",) if fee.pages else ("number", "multichoice", "group_list")
    if counted is not None and counted.kind not in wanted:
        yield FileError(f"fee[{fee.id}].per", f"phải là ô loại {one_of(wanted)}; ô '{fee.per}' là {counted.kind}")
    if fee.pages is not None:
        yield from _pages(fee.pages, f"fee[{fee.id}].pages")
    days = [field_at(procedure, key) for key in fee.days]
    if fee.days and (len(days) != 2 or any(item is not None and item.kind != "date" for item in days)):
        message = 'phải là hai ô ngày: ngày đầu và ngày cuối, như ["tu_ngay", "den_ngay"]'
        yield FileError(f"fee[{fee.id}].days", message)


def _pages(rule: Mapping[str, Any], place: str) -> Iterator[FileError]:
    for name in ("first", "then", "most"):
        if not is_number(rule.get(name)):
            yield FileError(place, f"thiếu {name} = một số nguyên")
    for name in ("column", "copies"):
        if not isinstance(rule.get(name), str):
            yield FileError(place, f'thiếu {name} = "tên cột"')


def is_number(value: Any) -> bool:
    """Return whether a value is a whole number, and no yes or no."""
    return isinstance(value, int) and not isinstance(value, bool)


def _situation(procedure: Procedure, situation: Situation) -> Iterator[FileError]:
    place = f"situation[{situation.key}]"
    given = {name: getattr(situation, name) for name in _SITUATION_RULES if getattr(situation, name) is not None}
    if bool(situation.options) + len(given) != 1:
        yield FileError(place, f"cần options, hoặc {one_of(_SITUATION_RULES)}; chỉ một thứ")
    if situation.options and situation.ask is None:
        yield FileError(place, "thiếu 'ask'")
    if situation.options and all(option.officer for option in situation.options):
        yield FileError(place, "lựa chọn nào cũng có officer = true; phải có một lựa chọn khai được ở máy")
    for name, rule in given.items():
        yield from _derived_situation(procedure, f"{place}.{name}", name=name, rule=rule)


def _derived_situation(procedure: Procedure, place: str, *, name: str, rule: Mapping[str, Any]) -> Iterator[FileError]:
    if name == "citizens":
        yield from _citizens(procedure, place, rule)
        return
    for part in _SITUATION_RULES[name]:
        is_right = is_number(rule.get(part)) if part in {"days", "years"} else isinstance(rule.get(part), str)
        if not is_right:
            yield FileError(place, f"thiếu {part}; cần {{ {', '.join(_SITUATION_RULES[name])} }}")
    item = field_at(procedure, str(rule.get("key")))
    wanted = CARD_KINDS["id"] if name == "sex_of" else {"date"}
    if item is None:
        yield FileError(place, f"không có ô '{rule.get('key')}'")
    elif item.kind not in wanted:
        yield FileError(place, f"ô '{item.key}' phải thuộc loại {one_of(sorted(wanted))}")


def _citizens(procedure: Procedure, place: str, rule: Mapping[str, Any]) -> Iterator[FileError]:
    papers = rule.get("papers")
    has_answers = isinstance(rule.get("yes"), str) and isinstance(rule.get("no"), str)
    if not isinstance(papers, Mapping) or not papers or not has_answers:
        yield FileError(place, "cần { papers = { khóa_tên = khóa_giấy_tờ }, yes, no }")
        return
    for key in (*papers, *papers.values()):
        if not isinstance(key, str) or field_at(procedure, key) is None:
            yield FileError(place, f"không có ô '{key}'")


def _field(procedure: Procedure, item: Field, place: str) -> Iterator[FileError]:
    if not item.asked or item.kind not in kinds.NAMES:
        return
    yield from _parts(item, place)
    if item.low is not None and item.high is not None and item.low > item.high:
        yield FileError(f"{place}.low", "lớn hơn high; xem lại hai số này")
    yield from _limits(item, place)
    is_ward = item.kind in PLACE_KINDS and item.default == THIS_WARD
    if item.default is not None and not is_ward and _is_wrong(item, item.default):
        yield FileError(f"{place}.default", f"{item.default!r} không phải câu trả lời của ô loại {item.kind}")
    source = field_at(procedure, str((item.derive or {}).get("date_in_words", "?")))
    if source is not None and source.kind != "date":
        yield FileError(f"{place}.derive", f"ô '{source.key}' không phải ô ngày")
    yield from _suggest(procedure, item, place)
    yield from _figures(item, place)
    for part in item.fields:
        yield from _field(procedure, part, f"{place}.field[{part.key}]")


_LIMITED: Mapping[str, frozenset[str]] = {
    "low": frozenset({"number", "money"}),
    "high": frozenset({"number", "money", "date", "text", "longtext", "choice_text", "person_name", "group_list"}),
}
"""Limit of a field -> kinds that look at it."""


def _limits(item: Field, place: str) -> Iterator[FileError]:
    for name, value in (("low", item.low), ("high", item.high)):
        if value is not None and item.kind in kinds.NAMES and item.kind not in _LIMITED[name]:
            message = f"ô loại {item.kind} không xem {name}; chỉ {one_of(sorted(_LIMITED[name]))}"
            yield FileError(f"{place}.{name}", message)
    if item.kind == "group_list" and item.high is not None and not 1 <= item.high <= MAX_ROWS:
        yield FileError(f"{place}.high", f"danh sách có từ 1 đến {MAX_ROWS} dòng")
    if item.kind == "date" and item.high not in (None, 0):
        yield FileError(f"{place}.high", "ô ngày chỉ nhận high = 0: không sau hôm nay")


def _never_answered(procedure: Procedure, item: Field) -> Iterator[FileError]:
    is_computed = item.derive or item.default is not None or any(copy.to == item.key for copy in procedure.copies)
    if item.required and not item.asked and item.kind in kinds.NAMES and not is_computed:
        message = "bắt buộc (required) mà không hỏi (asked = false): không ai trả lời được; bỏ một trong hai"
        yield FileError(f"field[{item.key}].asked", message)


def _parts(item: Field, place: str) -> Iterator[FileError]:
    """Yield an error for missing parts of a group, and for options that the kind does not have."""
    if item.kind in {"group", "group_list"} and not any(part.asked for part in item.fields):
        yield FileError(place, f'kind = "{item.kind}" thì phải có [[field.field]]')
    if item.kind in {"sex", "boolean"} and item.options:
        ids = {"sex": {"nam", "nu"}, "boolean": {"co", "khong"}}[item.kind]
        if {option.id for option in item.options} != ids:
            yield FileError(f"{place}.options", f"phải có đúng hai id: {', '.join(sorted(ids))}")
    if item.kind == "money" and not all(option.id.isascii() and option.id.isdigit() for option in item.options):
        yield FileError(f"{place}.options", "id của một số tiền chỉ gồm chữ số, như 50000000")


def _figures(item: Field, place: str) -> Iterator[FileError]:
    """Yield an error for each name in `figures_for` that is no option of the choice that names the rows of a list."""
    first = item.fields[0] if item.kind == "group_list" and item.fields else None
    options = [option.id for option in first.options] if first is not None else []
    for part in item.fields:
        for name in part.figures_for:
            if part.kind != "text" or name not in options:
                message = f"'{name}' phải là một lựa chọn của cột đầu, và cột này là một dòng chữ (kind = \"text\")"
                yield FileError(f"{place}.field[{part.key}].figures_for", message + suggestion(name, options))


def _is_wrong(item: Field, value: Any) -> bool:
    given = list(value) if isinstance(value, tuple) else value
    return item.kind in kinds.NAMES and kinds.of(item).validate(item, given, _DAY) is not None


def _suggest(procedure: Procedure, item: Field, place: str) -> Iterator[FileError]:
    rule = item.suggest
    place = f"{place}.suggest"
    if rule is None:
        return
    yield from _suggested_texts(procedure, rule, place)
    yield from _suggested_when(rule, place)
    known = (
        *("surname", "birth_places", "birth_places_when", "home_of", "home_when", "today", "after", "months", "here"),
        *("write", "years"),
    )
    for name in sorted(rule.keys() - set(known)):
        yield FileError(place, f"'{name}' phải là {one_of(known)}")
    if {"today", "months", "years"} & rule.keys() and item.kind != "date":
        yield FileError(place, "today, months và years chỉ dùng cho ô ngày")
    if {"birth_places", "home_of", "here"} & rule.keys() and item.kind not in PLACE_KINDS:
        yield FileError(place, f"birth_places, home_of, here chỉ dùng cho ô {one_of(sorted(PLACE_KINDS))}")


def _suggested_when(rule: Mapping[str, Any], place: str) -> Iterator[FileError]:
    for name in sorted({"birth_places_when", "home_when"} & rule.keys()):
        when = rule[name]
        if not isinstance(when, Mapping) or not all(isinstance(answers, list | tuple) for answers in when.values()):
            yield FileError(place, f'{name} viết như {name} = {{ noi_de = ["co_so_y_te"] }}')


def _suggested_texts(procedure: Procedure, rule: Mapping[str, Any], place: str) -> Iterator[FileError]:
    if "today" in rule and not _is_row(rule["today"], str, str):
        yield FileError(place, 'today viết như today = ["Hôm nay", "Today"]')
    if "months" in rule:
        source = field_at(procedure, str(rule.get("after")))
        if source is None or source.kind != "date":
            yield FileError(place, "months cần after = khóa của một ô ngày")
        if not _are_rows(rule["months"], str, str, int):
            yield FileError(place, 'months viết như months = [["6 tháng", "6 months", 6]]')
    if "years" in rule and not _are_rows(rule["years"], str, str, int):
        yield FileError(place, 'years viết như years = [["Năm nay", "This year", 0]]')
    if "home_of" in rule and not _are_rows(rule["home_of"], str, str, str):
        yield FileError(place, 'home_of viết như home_of = [["Nhà của mẹ", "Mother\'s home", "me_noi_cu_tru"]]')
    if "surname" in rule and not _are_keys(procedure, rule["surname"]):
        yield FileError(place, 'surname là danh sách khóa của các ô tên, như surname = ["cha_ho_ten"]')


def _is_row(value: Any, *types: type) -> bool:
    is_row = isinstance(value, Sequence) and not isinstance(value, str) and len(value) == len(types)
    return is_row and all(isinstance(cell, wanted) for cell, wanted in zip(value, types, strict=True))


def _are_rows(value: Any, *types: type) -> bool:
    return isinstance(value, list | tuple) and all(_is_row(row, *types) for row in value)


def _are_keys(procedure: Procedure, value: Any) -> bool:
    is_list = isinstance(value, list | tuple) and all(isinstance(key, str) for key in value)
    return is_list and all(field_at(procedure, key) is not None for key in value)


def _person(procedure: Procedure, step: FormStep) -> Iterator[FileError]:
    if step.person is None:
        return
    place = f"step[{step.id}].person"
    for name, key in step.person.fills.items():
        if name not in CARD_KINDS:
            yield FileError(f"{place}.fills", f"'{name}' phải là {one_of(CARD_KINDS)}")
        elif (item := field_at(procedure, str(key))) and item.kind not in CARD_KINDS[name]:
            wanted = one_of(sorted(CARD_KINDS[name]))
            yield FileError(f"{place}.fills", f"{name} của thẻ chỉ điền được ô loại {wanted}; ô '{key}' là {item.kind}")
    for key, value in step.person.same_sets.items():
        preset = field_at(procedure, key)
        if preset is not None and _is_wrong(preset, value):
            yield FileError(f"{place}.same_sets", f"{value!r} không phải câu trả lời của ô '{key}' ({preset.kind})")


def _copies(procedure: Procedure) -> Iterator[FileError]:
    for number, copy in enumerate(procedure.copies, 1):
        target = field_at(procedure, copy.to)
        source = field_at(procedure, copy_source(copy))
        place = f"copy[{number}]"
        if target is not None and "." in copy.to:
            yield FileError(f"{place}.to", "phải là một ô, không phải phần của một ô")
        # A copied number may lie outside the range that a page asks for ("the first marriage" is never asked).
        if (
            target is not None
            and copy.value is not None
            and _is_wrong(replace(target, low=None, high=None), copy.value)
        ):
            message = f"{copy.value!r} không phải câu trả lời của ô '{copy.to}' (loại {target.kind})"
            yield FileError(f"{place}.value", message)
        elif target is not None and source is not None:
            rule = next((name for name in (SEX_OF, NATIONALITY_OF) if copy.source.startswith(name)), "")
            yield from _copy_between(source, target, place=place, rule=rule)


def _copy_between(source: Field, target: Field, *, place: str, rule: str) -> Iterator[FileError]:
    if rule == SEX_OF and (target.kind not in _SEX_KINDS or source.kind not in CARD_KINDS["id"]):
        yield FileError(place, "sex_of: lấy từ một ô giấy tờ, điền vào một ô nam nữ")
    elif rule == NATIONALITY_OF and (target.kind != "nationality" or source.kind != "id_document"):
        yield FileError(place, "nationality_of: lấy từ một ô giấy tờ, điền vào một ô quốc tịch")
    elif not rule and not _may_copy(source, target):
        message = f"ô '{source.key}' là {source.kind}, ô '{target.key}' là {target.kind}: không chép sang nhau được"
        yield FileError(place, message)


def _may_copy(source: Field, target: Field) -> bool:
    if source.kind in PLACE_KINDS and target.kind in PLACE_KINDS:
        return True
    texts = _TEXT_KINDS | {"phone", "email", "id_number", "choice_text"}
    if target.kind in _TEXT_KINDS | {"choice_text"} and source.kind in texts:
        return True
    if source.kind != target.kind:
        return {source.kind, target.kind} == set(CARD_KINDS["id"])
    if source.kind in {"choice", "multichoice"}:
        return {option.id for option in source.options} <= {option.id for option in target.options}
    return True


_OF_DATES = ("age_under", "age_at_least", "days_over", "days_at_most")


def _place_codes(procedure: Procedure, place: str, condition: Condition) -> Iterator[FileError]:
    """Yield an error for each code of a ward or province that does not exist."""
    if not place_of_part(procedure, condition.key):
        return
    part = condition.key.rpartition(".")[2]
    if part not in PLACE_CODES:
        yield FileError(place, f"'{condition.key}': chỉ hỏi được .ward (mã phường xã) hay .province (mã tỉnh)")
        return
    known = places.ward if part == "ward" else places.province
    name = "phường xã" if part == "ward" else "tỉnh"
    for code in filter(None, (condition.is_, condition.not_, *condition.in_, *condition.not_in)):
        if known(str(code)) is None:
            yield FileError(place, f"không có {name} nào mang mã '{code}'; xem mã ở danh mục đơn vị hành chính")


def condition_errors(procedure: Procedure, place: str, conditions: Sequence[Condition]) -> Iterator[FileError]:
    """Yield an error for each condition that does not fit the kind of its field."""
    for condition in leaf_conditions(tuple(conditions)):
        item = field_at(procedure, condition.key)
        of_dates = [name for name in _OF_DATES if getattr(condition, name) is not None]
        if of_dates and (item is None or item.kind != "date"):
            yield FileError(place, f"{', '.join(of_dates)} hỏi một ngày; '{condition.key}' không phải ô ngày")
        yield from _place_codes(procedure, place, condition)
        if condition.has is not None and item is not None and item.kind != "multichoice":
            yield FileError(place, f"has hỏi một ô chọn nhiều; '{condition.key}' là ô {item.kind}")
        if item is not None and item.kind == "multichoice" and (condition.is_ is not None or condition.in_):
            yield FileError(place, f"'{condition.key}' là ô chọn nhiều: dùng has, không dùng is hay in")
