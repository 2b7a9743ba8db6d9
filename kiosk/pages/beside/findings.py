"""Findings of a finished task: at most three, what went well first, and at most one thing to practise more.

There is no score, no time and no comparison. A finding names only what the task's own story says, nothing typed.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from kiosk.base.i18n import N_
from kiosk.context.practice_visits import Finding, PracticeVisit
from kiosk.procedures.practice_tasks import PracticeTask
from kiosk.vietnam import viet_text

MOST = 3
HOOK_ABOVE = "\u0309"
TILDE = "\u0303"


def find(task: PracticeTask, visit: PracticeVisit, answers: Mapping[str, Any], number: str) -> tuple[Finding, ...]:
    """Return the findings of a task.

    Args:
        answers: the answers of the form, which is deleted after this.
        number: the number of practice that was drawn.
    """
    more = next(_to_practise(task, visit, answers), None)
    well = list(_done_well(task, visit, answers, number))
    return (*well[: MOST - 1], more) if more else tuple(well[:MOST])


def _done_well(task: PracticeTask, visit: PracticeVisit, answers: Mapping[str, Any], number: str) -> Iterator[Finding]:
    is_named = bool(task.names) and all(_is_same(answers.get(key), name) for key, name in task.names.items())
    if visit.cards_lost and not visit.cards_failed:
        yield _well(N_("Đưa thẻ đúng chỗ"), N_("Máy đọc được số và ngày sinh. Tên mất dấu thì gõ lại."))
    elif visit.cards_read and not visit.cards_failed:
        yield _well(N_("Đưa thẻ, máy đọc được ngay"), N_("Đã đọc %(count)s thẻ."), count=len(visit.cards_read))
    if is_named:
        text = N_("“%(name)s”, tự sửa chỗ sai.") if visit.has_mended else "“%(name)s”."
        yield _well(N_("Gõ đúng tên, đủ dấu"), text, name=", ".join(task.names.values()))
    if visit.has_mended and not is_named:
        yield _well(N_("Tự sửa được chỗ sai"), N_("Đọc lại rồi sửa cho đúng."))
    if task.dates and "date" not in visit.wrong_kinds:
        yield _well(N_("Ghi ngày đúng ngay"), N_("Ngày, tháng, năm bằng số."))
    yield _well(N_("Khai xong, đã lấy được số"), N_("Số tập %(number)s, không phải số thật."), number=number)


def _to_practise(task: PracticeTask, visit: PracticeVisit, answers: Mapping[str, Any]) -> Iterator[Finding]:
    for key, name in task.names.items():
        typed = str(answers.get(key) or "")
        if _is_same(typed, name):
            continue
        if viet_text.fold(typed) != viet_text.fold(name):
            yield _more(N_("Nên tập thêm: gõ tên"), N_("Tên trong bài là “%(name)s”."), name=name)
        elif _lost_tones(typed, name) & {HOOK_ABOVE, TILDE}:
            text = N_("Nhìn hình trên phím, chạm lần nữa để xóa dấu.")
            yield _more(N_("Nên tập thêm: dấu hỏi và dấu ngã"), text)
        else:
            yield _more(N_("Nên tập thêm: đánh dấu"), N_("Tên trong bài là “%(name)s”."), name=name)
    if visit.cards_failed:
        yield _more(N_("Nên tập thêm: đưa thẻ"), N_("Chạm đúng thẻ của bài, chờ máy đọc xong."))
    if "date" in visit.wrong_kinds:
        yield _more(N_("Nên tập thêm: ghi ngày"), N_("Gõ hai số ngày, hai số tháng, bốn số năm."))


def _well(lead: str, text: str, **values: str | int) -> Finding:
    return Finding(is_well=True, lead=lead, text=text, values=values)


def _more(lead: str, text: str, **values: str | int) -> Finding:
    return Finding(is_well=False, lead=lead, text=text, values=values)


def _is_same(typed: Any, name: str) -> bool:
    return _plain(str(typed or "")) == _plain(name)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


def _lost_tones(typed: str, name: str) -> set[str]:
    """Return the combining marks of a name that were typed otherwise."""
    wanted = _marks_by_place(name)
    given = _marks_by_place(typed)
    return {
        mark for place in wanted.keys() | given.keys() for mark in wanted.get(place, set()) ^ given.get(place, set())
    }


def _marks_by_place(name: str) -> dict[int, set[str]]:
    marks: dict[int, set[str]] = {}
    place = 0
    for char in unicodedata.normalize("NFD", " ".join(name.split())):
        if unicodedata.combining(char):
            marks.setdefault(place, set()).add(char)
        else:
            place += 1
    return marks
