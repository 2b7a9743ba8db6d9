"""Advice about a procedure file that loads: words that citizens would miss or stumble over."""

from collections.abc import Container, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from kiosk.procedures.answers import copy_source
from kiosk.procedures.base import Condition
from kiosk.procedures.conditions import leaf_conditions
from kiosk.procedures.file_errors import FileError
from kiosk.procedures.languages import texts_of
from kiosk.procedures.model import Field, Procedure
from kiosk.procedures.page_checks import filled
from kiosk.procedures.printed_forms import placed_forms
from kiosk.procedures.text_checks import keys_in, printed_texts

FEWEST_SEARCH_WORDS = 15
LONGEST_QUESTION = 20  # words


def advice(procedure: Procedure) -> Iterator[FileError]:
    """Yield a note for words and questions that load, but do not do what their author meant."""
    yield from _words(procedure)
    yield from _same_page(procedure)
    yield from _unused_answers(procedure)
    for place, words in texts_of(procedure):
        is_example = place.endswith(".example")  # a made-up address or name
        if words.vi == words.en and not words.vi.isascii() and not is_example:
            yield FileError(place, "chữ tiếng Anh giống hệt chữ tiếng Việt", is_note=True)


def _words(procedure: Procedure) -> Iterator[FileError]:
    """Yield a note for few search words, and for each question that is too long."""
    count = len(procedure.search)
    if count < FEWEST_SEARCH_WORDS:
        message = f"mới có {count} từ để tìm, nên có từ {FEWEST_SEARCH_WORDS} trở lên: cách gọi khác, tên cũ, viết tắt"
        yield FileError("search", message, is_note=True)
    questions = [(f"step[{step.id}].ask", step.ask.vi) for step in procedure.steps]
    questions += [(f"situation[{item.key}].ask", item.ask.vi) for item in procedure.situations if item.ask]
    questions += [(f"field[{item.key}].label", item.label.vi) for item in procedure.fields if item.asked]
    for place, text in questions:
        words = len(text.split())
        if words > LONGEST_QUESTION:
            yield FileError(place, f"câu hỏi dài {words} chữ; nên dưới {LONGEST_QUESTION}", is_note=True)


def _same_page(procedure: Procedure) -> Iterator[FileError]:
    """Yield a note for each box that belongs to one option of a choice on the same page: it is always shown."""
    for step in procedure.steps:
        choices = {key for key in step.fields if (item := procedure.by_key.get(key)) and item.kind == "choice"}
        waiting = [item for key in step.fields if (item := procedure.by_key.get(key)) and _waits_for(item, choices)]
        if len(waiting) == 1 and waiting[0].kind in {"text", "longtext"}:
            message = (
                f"ô này luôn hiện: điều kiện hỏi '{waiting[0].when[0].key}' ở cùng trang. Chọn rồi tự ghi thì đổi ô đó "
                'sang kind = "choice_text" và bỏ ô này; muốn hỏi sau thì để ở trang sau'
            )
            yield FileError(f"field[{waiting[0].key}].when", message, is_note=True)


def _waits_for(item: Field, choices: Container[str]) -> bool:
    return any(condition.key in choices and condition.is_ is not None for condition in item.when)


def _unused_answers(procedure: Procedure) -> Iterator[FileError]:
    """Yield a note for each answer that no line of a form prints and nothing else of the file reads."""
    if procedure.declaration is None:
        return
    used = {key.partition(".")[0] for key in _keys_read(procedure)}
    for item in procedure.fields:
        is_for_contact = item.kind in {"phone", "email"}
        if item.asked and not item.when and not item.derive and not is_for_contact and item.key not in used:
            message = "câu trả lời không in ở dòng nào của tờ khai; thêm vào một dòng, hoặc bỏ ô này"
            yield FileError(f"field[{item.key}]", message, is_note=True)


def _keys_read(procedure: Procedure) -> Iterator[str]:
    for place, text in printed_texts(procedure):
        yield from keys_in(text) if place != "summary" else ()
    for _place, form in placed_forms(procedure):
        for line in form.lines:
            yield from (line.boxes, line.table, line.each)
        for signature in form.signatures:
            yield from (signature.key, signature.name)
    yield from (condition.key for condition in _conditions(procedure))
    for fee in procedure.fees:
        yield from (fee.per, *fee.days)
    yield from (copy_source(copy) for copy in procedure.copies)
    for step in procedure.steps:
        yield from filled(step)


def _conditions(value: Any) -> Iterator[Condition]:
    """Yield every condition with a key, anywhere in a procedure."""
    if isinstance(value, Condition):
        yield from leaf_conditions((value,))
    elif isinstance(value, tuple):
        for item in value:
            yield from _conditions(item)
    elif is_dataclass(value):
        for item in fields(value):
            yield from _conditions(getattr(value, item.name))
