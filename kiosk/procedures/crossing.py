"""What only a whole procedure file shows: names that lead nowhere.

Each function returns all the faults of its sort, in words that name the place in the file; nothing is raised here.
"""

import re
from collections.abc import Iterator

from kiosk.procedures import kinds
from kiosk.procedures.checks import RULES
from kiosk.procedures.filling import SOURCES, field_at
from kiosk.procedures.finding import known_events
from kiosk.procedures.model import Condition, Field, Option, Procedure, Step, When
from kiosk.procedures.table import Faults

SEX_OF = "sex_of:"


def faults_of(procedure: Procedure) -> Faults:
    """Return every name in a procedure that leads nowhere."""
    return [
        *_doubles(procedure),
        *_head(procedure),
        *(fault for item in procedure.fields for fault in _field(item)),
        *(fault for item in procedure.fields for fault in _derived(procedure, item)),
        *(fault for where, when in _conditions(procedure) for fault in _condition(procedure, where, when)),
        *(fault for step in procedure.steps for fault in _step(procedure, step)),
        *_order(procedure),
        *_checks(procedure),
        *_copies(procedure),
        *_paper(procedure),
        *_unplaced(procedure),
    ]


def _doubles(procedure: Procedure) -> Iterator[str]:
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
            yield f"{what} '{name}' stands twice"


def _head(procedure: Procedure) -> Iterator[str]:
    if procedure.event and procedure.event not in known_events():
        yield f"event '{procedure.event}' is none of {', '.join(known_events())}"
    if procedure.effective_to and procedure.effective_to < procedure.effective_from:
        yield "effective_to is before effective_from"
    for fee in procedure.fees:
        if fee.per and field_at(procedure, fee.per) is None:
            yield f"fee {fee.id}: there is no field '{fee.per}'"


def _field(item: Field) -> Iterator[str]:
    if item.asked and item.kind not in kinds.NAMES:
        yield f"field {item.key}: kind '{item.kind}' is none of {', '.join(kinds.NAMES)}"
    if item.kind == "choice" and not item.options:
        yield f"field {item.key}: a choice needs options"
    for name in set(item.quick) - {option.id for option in item.options}:
        yield f"field {item.key}: quick names '{name}', which is no option"
    for part in item.fields:
        yield from _field(part)


def _derived(procedure: Procedure, item: Field) -> Iterator[str]:
    rule = item.derive or {}
    if rule and rule.get("from") not in SOURCES and field_at(procedure, rule.get("date_in_words", "?")) is None:
        yield f"field {item.key}: derive knows from = {', '.join(SOURCES)}, or date_in_words = a date"


def _conditions(procedure: Procedure) -> Iterator[tuple[str, When]]:
    for item in procedure.fields:
        yield f"field {item.key}", item.when + item.required_when
    for what, found in (("step", procedure.steps), ("check", procedure.checks)):
        yield from ((f"{what} {one.id}", one.when) for one in found)
    for what, named in (("paper", procedure.papers), ("fee", procedure.fees)):
        yield from ((f"{what} {one.id}", one.when) for one in named)
    yield from ((f"note {at}", note.when) for at, note in enumerate(procedure.notes, 1))
    yield from ((f"copy to {copy.to}", copy.when) for copy in procedure.copies)
    if procedure.declaration:
        yield from ((f"signature {one.key}", one.when) for one in procedure.declaration.signatures)
        yield from ((f"line {at}", line.when) for at, line in enumerate(procedure.declaration.lines, 1))


def _condition(procedure: Procedure, where: str, when: When) -> Iterator[str]:
    for one in when:
        known = _answers(procedure, one.key)
        if known is None:
            yield f"{where}: its condition asks for '{one.key}', which is no field or situation"
        elif known:
            for name in _named(one):
                if name not in known:
                    yield f"{where}: its condition asks whether '{one.key}' is '{name}', which is no answer of it"


def _named(one: Condition) -> list[object]:
    return [name for name in (one.is_, one.not_, *one.in_, *one.not_in) if name is not None]


def _answers(procedure: Procedure, key: str) -> tuple[object, ...] | None:
    """Return what can be answered at a key: () for anything, None when there is no such key."""
    for situation in procedure.situations:
        if situation.key == key:
            rule = situation.older_than or situation.age_under or situation.sex_of or {}
            return tuple(option.id for option in situation.options) or (rule.get("yes"), rule.get("no"))
    item = procedure.by_key.get(key)
    if item is None or item.kind not in kinds.NAMES:
        return None if item is None else ()
    options: tuple[Option, ...] = item.options or getattr(kinds.of(item), "options", lambda _: ())(item)
    return (True, False) if item.kind == "boolean" else tuple(option.id for option in options)


def _step(procedure: Procedure, step: Step) -> Iterator[str]:
    sets = tuple(step.person.same_sets) if step.person else ()
    for key in (*step.fields, *_filled(step), *sets, *filter(None, [step.rows])):
        if field_at(procedure, key) is None:
            yield f"step {step.id}: there is no field '{key}'"
    if step.rows and getattr(field_at(procedure, step.rows), "kind", "group_list") != "group_list":
        yield f"step {step.id}: rows wants a group_list, and '{step.rows}' is none"


def _filled(step: Step) -> list[str]:
    """What a scan fills; an underscore key only helps to ask."""
    return [key for key in step.person.fills.values() if not key.startswith("_")] if step.person else []


def _order(procedure: Procedure) -> Iterator[str]:
    """A page may only hang on what stands before it, else nobody could tell whether it comes."""
    known = {item.key for item in procedure.situations if item.options}
    for step in procedure.steps:
        for situation in procedure.situations:
            rule = situation.older_than or situation.age_under or situation.sex_of or {}
            known |= {situation.key} if rule and rule["key"] in known else set()
        for one in step.when:
            if step.place == "page" and one.key not in known and _answers(procedure, one.key) is not None:
                yield f"step {step.id}: its condition asks for '{one.key}', which is answered only later"
        known |= {*step.fields, *_filled(step), step.rows}


def _checks(procedure: Procedure) -> Iterator[str]:
    for check in procedure.checks:
        if check.rule not in RULES:
            yield f"check {check.id}: '{check.rule}' is none of {', '.join(sorted(RULES))}"
        if check.at not in procedure.by_step and check.at != "check":
            yield f"check {check.id}: there is no step '{check.at}'"
        for key in check.keys:
            if not key.startswith("_") and field_at(procedure, key) is None:
                yield f"check {check.id}: there is no field '{key}'"


def _copies(procedure: Procedure) -> Iterator[str]:
    situations = {item.key for item in procedure.situations}
    for copy in procedure.copies:
        if field_at(procedure, copy.to) is None:
            yield f"copy to {copy.to}: there is no field '{copy.to}'"
        source = copy.source.removeprefix(SEX_OF)
        if source not in situations and field_at(procedure, source) is None:
            yield f"copy to {copy.to}: there is no field '{source}'"


def _paper(procedure: Procedure) -> Iterator[str]:
    """Keys in the printed form that the file does not have."""
    texts = [("summary", procedure.summary)]
    keys: list[tuple[str, str]] = []
    if procedure.declaration:
        texts.append(("place_and_date", procedure.declaration.place_and_date))
        for at, line in enumerate(procedure.declaration.lines, 1):
            texts += [(f"line {at}", text) for text in (line.text, *line.cells)]
            keys += [(f"line {at}", key) for key in (line.boxes, line.table) if key]
        for one in procedure.declaration.signatures:
            keys += [(f"signature {one.key}", key) for key in (one.key, one.name) if key]
    keys += [(where, key) for where, text in texts for key in re.findall(r"\{([^{}]*)\}", text)]
    for where, key in keys:
        if field_at(procedure, key) is None:
            yield f"{where}: there is no field '{key}'"


def _unplaced(procedure: Procedure) -> Iterator[str]:
    """A field that is asked must stand on a page, be copied or follow from others."""
    placed = {copy.to for copy in procedure.copies}
    for step in procedure.steps:
        placed |= {key.partition(".")[0] for key in step.fields} | {step.rows, *_filled(step)}
    for item in procedure.fields:
        if item.asked and item.key not in placed and not item.derive and item.default is None:
            yield f"field {item.key}: no page asks it and nothing fills it"
