"""Checks of the pages of a procedure file: their order, pages that can never come, fields that wait for each other."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any

from kiosk.procedures import kinds
from kiosk.procedures.answers import copy_source, field_at, place_of_part
from kiosk.procedures.base import Condition, When
from kiosk.procedures.conditions import holds, leaf_conditions
from kiosk.procedures.file_errors import FileError
from kiosk.procedures.model import AnswerOption, FormStep, Procedure, Situation

_DAY = date(2026, 6, 30)
_OTHER = "…"
_OLDEST = 130
_MOST_ALTERNATIVES = 500


def page_errors(procedure: Procedure) -> Iterator[FileError]:
    """Yield every error of the pages of a procedure."""
    yield from _order(procedure)
    yield from _unplaced(procedure)
    yield from _circles(procedure)
    yield from _copies_in_circles(procedure)
    yield from _impossible(procedure)
    yield from _twice(procedure)


def possible_answers(procedure: Procedure, key: str) -> tuple[object, ...] | None:
    """Return the possible answers at a key: () for any answer, None where there is no such key."""
    for situation in procedure.situations:
        if situation.key == key:
            rule = derivation(situation)
            return tuple(option.id for option in situation.options) or (rule.get("yes"), rule.get("no"))
    item = field_at(procedure, key)
    if item is None or item.kind not in kinds.NAMES:
        is_known = item is not None or place_of_part(procedure, key) or key.partition(".")[0] in _helpers(procedure)
        return () if is_known else None
    options: tuple[AnswerOption, ...] = item.options or getattr(kinds.of(item), "options", lambda _: ())(item)
    return (True, False) if item.kind == "boolean" else tuple(option.id for option in options)


def _helpers(procedure: Procedure) -> set[str]:
    """Return the helper keys (they begin with an underscore) that a scan fills: only a card has these answers."""
    keys = (key for step in procedure.steps if step.person for key in step.person.fills.values())
    return {key for key in keys if isinstance(key, str) and key.startswith("_")}


def derivation(situation: Situation) -> Mapping[str, Any]:
    """Return the rule of a derived situation; empty for one that is asked."""
    return situation.older_than or situation.age_under or situation.sex_of or situation.citizens or {}


def _keys_read(situation: Situation) -> list[str]:
    """Return the keys that a derived situation depends on."""
    rule = derivation(situation)
    papers = rule.get("papers", {})
    return [str(rule["key"])] if "key" in rule else list(papers) if isinstance(papers, Mapping) else []


def filled(step: FormStep) -> list[str]:
    """Return the keys that a scan fills, without helper keys (they begin with an underscore)."""
    keys = step.person.fills.values() if step.person else ()
    return [key for key in keys if isinstance(key, str) and not key.startswith("_")]


def _asked(step: FormStep) -> set[str]:
    return {*step.fields, *filled(step), *([step.rows] if step.rows else [])}


def _computed(procedure: Procedure, known: set[str]) -> set[str]:
    """Return the copies and derived situations that are known with some answers."""
    known = known | {copy.to for copy in procedure.copies if not copy.source}
    for _ in range(2):
        known = known | {copy.to for copy in procedure.copies if copy_source(copy) in known}
        for situation in procedure.situations:
            known = known | ({situation.key} if set(_keys_read(situation)) & known else set())
    return known


def _order(procedure: Procedure) -> Iterator[FileError]:
    """Yield an error for each condition of a page, or of a field on it, that asks for an answer of a later page."""
    known = {item.key for item in procedure.situations if item.options}
    known |= {item.key for item in procedure.fields if item.derive or item.default is not None}
    for step in procedure.steps:
        known = _computed(procedure, known)
        if step.place == "page":
            for condition in _unknown(procedure, step.when, known):
                message = f"điều kiện hỏi '{condition.key}', mà trang sau mới hỏi điều đó; đổi thứ tự hai [[step]]"
                yield FileError(f"step[{step.id}].when", message)
        scanned = step.person.fills.values() if step.person else ()
        known = _computed(procedure, known | _asked(step) | {key.partition(".")[0] for key in (*step.fields, *scanned)})
        for key in step.fields:
            item = procedure.by_key.get(key)
            for condition in _unknown(procedure, item.when, known) if item and step.place == "page" else ():
                message = f"điều kiện hỏi '{condition.key}', mà trang sau mới hỏi điều đó; đổi thứ tự hai [[step]]"
                yield FileError(f"field[{key}].when", message)


def _unknown(procedure: Procedure, when: When, known: set[str]) -> list[Condition]:
    return [
        condition
        for condition in leaf_conditions(when)
        if not {condition.key, condition.key.partition(".")[0]} & known
        and possible_answers(procedure, condition.key) is not None
    ]


def _unplaced(procedure: Procedure) -> Iterator[FileError]:
    """Yield an error for each field that no page asks and nothing computes."""
    placed = {copy.to for copy in procedure.copies}
    for step in procedure.steps:
        placed |= {key.partition(".")[0] for key in step.fields} | {step.rows, *filled(step)}
    for item in procedure.fields:
        if item.asked and item.key not in placed and not item.derive and item.default is None:
            message = "chưa trang nào hỏi ô này: ghi vào fields của một [[step]], hoặc cho derive, default, [[copy]]"
            yield FileError(f"field[{item.key}]", message)


def _circles(procedure: Procedure) -> Iterator[FileError]:
    """Yield an error for fields whose conditions wait for each other: none of them is ever asked."""
    waits = {
        item.key: {condition.key.partition(".")[0] for condition in leaf_conditions(item.when)}
        for item in procedure.fields
    }
    told: set[str] = set()
    for start in waits:
        reached = _reached(waits, start)
        if start in reached and start not in told:
            circle = [key for key in waits if key in reached and start in _reached(waits, key)]
            told |= set(circle)
            names = ", ".join(f"'{key}'" for key in circle)
            yield FileError(f"field[{start}].when", f"các ô {names} chờ nhau theo vòng tròn: không ô nào được hỏi")


def _copies_in_circles(procedure: Procedure) -> Iterator[FileError]:
    """Yield an error for each copy that is taken from its own target: neither field gets an answer so."""
    sources: dict[str, set[str]] = {}
    for copy in procedure.copies:
        if copy.source and not copy.when:
            sources.setdefault(copy.to, set()).add(copy_source(copy).partition(".")[0])
    for number, copy in enumerate(procedure.copies, 1):
        if copy.to in sources and copy.source and copy.to in _reached(sources, copy.to):
            message = f"'{copy.to}' và '{copy.source}' chép của nhau theo vòng tròn; bỏ một [[copy]]"
            yield FileError(f"copy[{number}]", message)


def _reached(waits: Mapping[str, set[str]], start: str) -> set[str]:
    reached = set(waits[start])
    while more := {key for known in reached for key in waits.get(known, ())} - reached:
        reached |= more
    return reached


# --- conditions that can never hold


def can_hold(procedure: Procedure, when: When) -> bool:
    """Return whether some answers satisfy all conditions of a list; True where there are too many ways to try."""
    alternatives = _alternatives(when)
    return not alternatives or any(_is_consistent(procedure, leaves) for leaves in alternatives)


def _alternatives(when: When) -> list[list[Condition]]:
    """Return the ways in which a list may hold, each as conditions that hold together; none for too many."""
    ways: list[list[list[Condition]]] = []
    for condition in when:
        if condition.any_:
            ways.append([leaves for inner in condition.any_ for leaves in _alternatives((inner,))])
        else:
            ways.append([[condition]])
    count = 1
    for way in ways:
        count *= len(way)
    if count > _MOST_ALTERNATIVES:
        return []
    return [[leaf for leaves in chosen for leaf in leaves] for chosen in product(*ways)]


def _is_consistent(procedure: Procedure, leaves: list[Condition]) -> bool:
    by_key: dict[str, list[Condition]] = {}
    for leaf in leaves:
        by_key.setdefault(leaf.key, []).append(leaf)
    return all(_can_answer(procedure, key, tuple(conditions)) for key, conditions in by_key.items())


def _can_answer(procedure: Procedure, key: str, conditions: When) -> bool:
    return any(holds(conditions, _at(key, value), _DAY) for value in _candidates(procedure, key, conditions))


def _at(key: str, value: Any) -> dict[str, Any]:
    first, _, rest = key.partition(".")
    return {first: _at(rest, value) if rest else value}


def _candidates(procedure: Procedure, key: str, conditions: When) -> Iterator[Any]:
    item = field_at(procedure, key)
    options = possible_answers(procedure, key) or ()
    yield None
    if item is not None and item.kind == "date":
        yield from (f"{_DAY.year - age}-01-01" for age in range(_OLDEST))
        days = {days for condition in conditions for days in (condition.days_over, condition.days_at_most)} - {None}
        yield from ((_DAY - timedelta(days + more)).isoformat() for days in days if days is not None for more in (0, 1))
    elif item is not None and item.kind == "multichoice":
        yield from ([option] for option in options)
        yield list(options)
    elif options:
        yield from options
        yield from [_OTHER] if item is not None and item.kind == "choice_text" else []
    else:
        yield _OTHER
        for condition in conditions:
            yield from (condition.is_, *condition.in_)


def _needed(procedure: Procedure, when: When, seen: frozenset[str]) -> When:
    """Return the conditions of a page with those of the pages and fields that it asks about."""
    more: list[Condition] = []
    for condition in when:
        root = condition.key.partition(".")[0]
        needs_answer = condition.is_ is not None or condition.in_ or condition.has is not None or condition.answered
        steps = [step for step in procedure.steps if root in _asked(step)]
        item = procedure.by_key.get(root)
        is_computed = any(copy.to == root for copy in procedure.copies) or bool(item and (item.derive or item.default))
        if condition.any_ or not needs_answer or is_computed or len(steps) != 1 or item is None or root in seen:
            continue
        more += _needed(procedure, steps[0].when + item.when, seen | {root})
    return (*when, *more)


def _impossible(procedure: Procedure) -> Iterator[FileError]:
    """Yield an error for each page, field and paper whose conditions can never hold together."""
    pages: dict[str, str] = {}
    for step in procedure.steps:
        if not can_hold(procedure, _needed(procedure, step.when, frozenset())):
            asked = ", ".join(sorted(_asked(step)))
            message = f"trang này không bao giờ hiện: các điều kiện trái nhau; không ai trả lời được {asked}"
            yield FileError(f"step[{step.id}].when", message)
        else:
            pages |= dict.fromkeys(_asked(step), step.id)
    for item in procedure.fields:
        step_of = procedure.by_step.get(pages.get(item.key, ""))
        page = step_of.when if step_of else ()
        if (
            item.when
            and item.key in pages
            and not can_hold(procedure, _needed(procedure, page + item.when, frozenset()))
        ):
            yield FileError(f"field[{item.key}].when", "ô này không bao giờ được hỏi: các điều kiện trái nhau")
    yield from _impossible_papers(procedure)


def _impossible_papers(procedure: Procedure) -> Iterator[FileError]:
    """Yield an error for each paper, printed form, time and rate whose conditions can never hold together."""
    items = [(f"paper[{paper.id}]", "giấy này không bao giờ cần", paper.when) for paper in procedure.papers]
    items += [(f"enclosed[{form.id}]", "giấy kèm này không bao giờ in", form.when) for form in procedure.enclosed]
    items += [
        (f"time[{number}]", "thời hạn này không bao giờ dùng", time.when)
        for number, time in enumerate(procedure.times, 1)
    ]
    items += [
        (f"fee[{fee.id}].rate[{number}]", "bậc phí này không bao giờ dùng", fee.when + rate.when)
        for fee in procedure.fees
        for number, rate in enumerate(fee.rates, 1)
    ]
    for place, words, when in items:
        if not can_hold(procedure, when):
            yield FileError(f"{place}.when", f"{words}: các điều kiện trái nhau")


def _twice(procedure: Procedure) -> Iterator[FileError]:
    """Yield an error for each field that two pages ask which always come together."""
    for number, step in enumerate(procedure.steps):
        for other in procedure.steps[:number]:
            for key in sorted({*step.fields, step.rows} & {*other.fields, other.rows} - {""}):
                if step.when == other.when:
                    message = f"ô '{key}' có ở hai trang '{other.id}' và '{step.id}'; chỉ hỏi một lần"
                    yield FileError(f"step[{step.id}].fields", message)
