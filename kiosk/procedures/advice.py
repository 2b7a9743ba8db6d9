"""Advice about a procedure file that loads: words that citizens would miss or stumble over."""

from collections.abc import Iterator

from kiosk.procedures.file_errors import FileError
from kiosk.procedures.model import Procedure

FEWEST_SEARCH_WORDS = 15
LONGEST_QUESTION = 20  # words


def advice(procedure: Procedure) -> Iterator[FileError]:
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
