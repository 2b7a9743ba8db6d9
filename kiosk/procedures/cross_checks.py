"""What only a whole procedure file shows: names that lead nowhere.

Each function returns all the faults of its sort, in words that name the place in the file; nothing is raised here.
"""

import re
from collections.abc import Iterator

from kiosk.procedures import kinds
from kiosk.procedures.answers import DERIVE_SOURCES, field_at
from kiosk.procedures.checks import RULES
from kiosk.procedures.conditions import leaf_conditions
from kiosk.procedures.file_errors import FileError, FileErrors, one_of, suggestion
from kiosk.procedures.model import Condition, Field, Option, Procedure, Step, When
from kiosk.procedures.search import life_event_ids

SEX_OF = "sex_of:"


def errors_of(procedure: Procedure) -> FileErrors:
    """Return every name in a procedure that leads nowhere."""
    return [
        *_doubles(procedure),
        *_head(procedure),
        *(fault for item in procedure.fields for fault in _field(item, f"field[{item.key}]")),
        *(fault for item in procedure.fields for fault in _derived(procedure, item)),
        *(fault for where, when in _conditions(procedure) for fault in _condition(procedure, where, when)),
        *(fault for step in procedure.steps for fault in _step(procedure, step)),
        *_order(procedure),
        *_checks(procedure),
        *_copies(procedure),
        *_paper(procedure),
        *_unplaced(procedure),
    ]


def _doubles(procedure: Procedure) -> Iterator[FileError]:
    names = {
        "field": [item.key for item in procedure.fields],
        "step": [item.id for item in procedure.steps],
        "check": [item.id for item in procedure.checks],
        "situation": [item.key for item in procedure.situations],
        "paper": [item.id for item in procedure.papers],
        "fee": [item.id for item in procedure.fees],
    }
    for what, found in names.items():
        for name in sorted({name for name in found if found.count(name) > 1}):
            yield FileError(f"{what}[{name}]", f"{what} '{name}' có hai lần; mỗi tên chỉ dùng một lần")


def _head(procedure: Procedure) -> Iterator[FileError]:
    if procedure.event and procedure.event not in life_event_ids():
        said = f"'{procedure.event}' phải là {one_of(life_event_ids())}"
        yield FileError("event", said + suggestion(procedure.event, life_event_ids()))
    if procedure.effective_to and procedure.effective_to < procedure.effective_from:
        yield FileError("effective_to", "đứng trước effective_from; xem lại hai ngày này")
    for fee in procedure.fees:
        if fee.per and field_at(procedure, fee.per) is None:
            yield _no_field(procedure, f"fee[{fee.id}].per", fee.per)
        for column in [str(fee.pages.get(name, "")) for name in ("column", "copies")] if fee.pages else ():
            if field_at(procedure, f"{fee.per}.{column}") is None:
                yield _no_field(procedure, f"fee[{fee.id}].pages", f"{fee.per}.{column}")


def _no_field(procedure: Procedure, place: str, key: str) -> FileError:
    known = [item.key for item in procedure.fields]
    return FileError(place, f"không có ô '{key}'{suggestion(key, known)}")


def _field(item: Field, place: str) -> Iterator[FileError]:
    if item.asked and item.kind not in kinds.NAMES:
        said = f"'{item.kind}' phải là {one_of(kinds.NAMES)}"
        yield FileError(f"{place}.kind", said + suggestion(item.kind, kinds.NAMES))
    if item.kind in {"choice", "choice_text", "multichoice"} and not item.options:
        yield FileError(place, f'kind = "{item.kind}" thì phải có options')
    options = [option.id for option in item.options]
    for name in sorted(set(item.quick) - set(options)):
        yield FileError(f"{place}.quick", f"'{name}' không có trong options{suggestion(name, options)}")
    for part in item.fields:
        yield from _field(part, f"{place}.field[{part.key}]")


def _derived(procedure: Procedure, item: Field) -> Iterator[FileError]:
    rule = item.derive or {}
    if rule and rule.get("from") not in DERIVE_SOURCES and field_at(procedure, rule.get("date_in_words", "?")) is None:
        said = f"phải là {{ from = ... }} với {one_of(DERIVE_SOURCES)}; hoặc {{ date_in_words = một ô ngày }}"
        yield FileError(f"field[{item.key}].derive", said)


def _conditions(procedure: Procedure) -> Iterator[tuple[str, When]]:
    for item in procedure.fields:
        yield f"field[{item.key}].when", item.when + item.required_when
    for what, found in (("step", procedure.steps), ("check", procedure.checks)):
        yield from ((f"{what}[{one.id}].when", one.when) for one in found)
    yield from ((f"step[{one.id}].person.applies", one.person.applies) for one in procedure.steps if one.person)
    for what, named in (("paper", procedure.papers), ("fee", procedure.fees)):
        yield from ((f"{what}[{one.id}].when", one.when) for one in named)
    yield from ((f"note[{at}].when", note.when) for at, note in enumerate(procedure.notes, 1))
    yield from ((f"copy[{at}].when", copy.when) for at, copy in enumerate(procedure.copies, 1))
    if procedure.declaration:
        yield from ((f"declaration.signature[{one.key}].when", one.when) for one in procedure.declaration.signatures)
        yield from (
            (f"declaration.line[{at}].when", line.when) for at, line in enumerate(procedure.declaration.lines, 1)
        )


def _condition(procedure: Procedure, where: str, when: When) -> Iterator[FileError]:
    for one in leaf_conditions(when):
        known = _answers(procedure, one.key)
        if known is None:
            names = [*procedure.by_key, *(item.key for item in procedure.situations)]
            yield FileError(
                where, f"điều kiện hỏi '{one.key}', không có ô hay situation nào tên đó{suggestion(one.key, names)}"
            )
        elif known:
            for name in _named(one):
                if name not in known:
                    answers = one_of(filter(None, known))
                    said = f"điều kiện hỏi '{one.key}' có là '{name}' không, mà '{one.key}' chỉ trả lời {answers}"
                    yield FileError(where, said)


def _named(one: Condition) -> list[object]:
    return [name for name in (one.is_, one.not_, one.has, *one.in_, *one.not_in) if name is not None]


def _answers(procedure: Procedure, key: str) -> tuple[object, ...] | None:
    """Return what can be answered at a key: () for anything, None when there is no such key."""
    for situation in procedure.situations:
        if situation.key == key:
            rule = situation.older_than or situation.age_under or situation.sex_of or {}
            return tuple(option.id for option in situation.options) or (rule.get("yes"), rule.get("no"))
    item = field_at(procedure, key)
    if item is None or item.kind not in kinds.NAMES:
        return None if item is None else ()
    options: tuple[Option, ...] = item.options or getattr(kinds.of(item), "options", lambda _: ())(item)
    return (True, False) if item.kind == "boolean" else tuple(option.id for option in options)


def _step(procedure: Procedure, step: Step) -> Iterator[FileError]:
    sets = tuple(step.person.same_sets) if step.person else ()
    for key in (*step.fields, *_filled(step), *sets, *filter(None, [step.rows])):
        if field_at(procedure, key) is None:
            yield _no_field(procedure, f"step[{step.id}]", key)
    if step.rows and getattr(field_at(procedure, step.rows), "kind", "group_list") != "group_list":
        yield FileError(f"step[{step.id}].rows", f"phải là một ô kind = \"group_list\", mà '{step.rows}' không phải")


def _filled(step: Step) -> list[str]:
    """What a scan fills; an underscore key only helps to ask."""
    return [key for key in step.person.fills.values() if not key.startswith("_")] if step.person else []


def _order(procedure: Procedure) -> Iterator[FileError]:
    """A page may only hang on what stands before it, else nobody could tell whether it comes."""
    known = {item.key for item in procedure.situations if item.options}
    for step in procedure.steps:
        known |= {copy.to for copy in procedure.copies if copy.source.removeprefix(SEX_OF) in known}
        for situation in procedure.situations:
            rule = situation.older_than or situation.age_under or situation.sex_of or {}
            known |= {situation.key} if rule and rule["key"] in known else set()
        for one in leaf_conditions(step.when):
            is_asked = {one.key, one.key.partition(".")[0]} & known
            if step.place == "page" and not is_asked and _answers(procedure, one.key) is not None:
                said = f"điều kiện hỏi '{one.key}', mà trang sau mới hỏi điều đó; đổi thứ tự hai [[step]]"
                yield FileError(f"step[{step.id}].when", said)
        known |= {*step.fields, *_filled(step), step.rows}


def _checks(procedure: Procedure) -> Iterator[FileError]:
    for check in procedure.checks:
        if check.rule not in RULES:
            said = f"'{check.rule}' phải là {one_of(sorted(RULES))}{suggestion(check.rule, RULES)}"
            yield FileError(f"check[{check.id}].rule", said)
        if check.at not in procedure.by_step and check.at != "check":
            said = f"không có trang (step) '{check.at}'{suggestion(check.at, procedure.by_step)}"
            yield FileError(f"check[{check.id}].at", said)
        for key in check.keys:
            if not key.startswith("_") and field_at(procedure, key) is None:
                yield _no_field(procedure, f"check[{check.id}].keys", key)


def _copies(procedure: Procedure) -> Iterator[FileError]:
    situations = {item.key for item in procedure.situations}
    for number, copy in enumerate(procedure.copies, 1):
        if field_at(procedure, copy.to) is None:
            yield _no_field(procedure, f"copy[{number}].to", copy.to)
        source = copy.source.removeprefix(SEX_OF)
        if bool(source) == (copy.value is not None):
            yield FileError(f"copy[{number}]", "cần source hoặc value, một trong hai")
        elif source and source not in situations and field_at(procedure, source) is None:
            yield _no_field(procedure, f"copy[{number}].source", source)


def _paper(procedure: Procedure) -> Iterator[FileError]:
    """Keys in the printed form that the file does not have."""
    texts = [("summary", procedure.summary)]
    keys: list[tuple[str, str]] = []
    if procedure.declaration:
        texts.append(("declaration.place_and_date", procedure.declaration.place_and_date))
        for at, line in enumerate(procedure.declaration.lines, 1):
            texts += [(f"declaration.line[{at}]", text) for text in (line.text, *line.cells)]
            keys += [(f"declaration.line[{at}]", key) for key in (line.boxes, line.table, line.each) if key]
        for one in procedure.declaration.signatures:
            keys += [(f"declaration.signature[{one.key}]", key) for key in (one.key, one.name) if key]
    keys += [(where, key) for where, text in texts for key in re.findall(r"\{([^{}?]*)(?:\?[\w-]+)?\}", text)]
    for where, key in keys:
        if field_at(procedure, key) is None:
            yield _no_field(procedure, where, key)


def _unplaced(procedure: Procedure) -> Iterator[FileError]:
    """A field that is asked must stand on a page, be copied or follow from others."""
    placed = {copy.to for copy in procedure.copies}
    for step in procedure.steps:
        placed |= {key.partition(".")[0] for key in step.fields} | {step.rows, *_filled(step)}
    for item in procedure.fields:
        if item.asked and item.key not in placed and not item.derive and item.default is None:
            said = "chưa trang nào hỏi ô này: ghi vào fields của một [[step]], hoặc cho derive, default, [[copy]]"
            yield FileError(f"field[{item.key}]", said)
