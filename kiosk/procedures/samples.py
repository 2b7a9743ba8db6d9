"""Sample answers to a whole form, without anybody's data: for its author, and for demo data."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from kiosk.procedures import kinds
from kiosk.procedures.answers import Office, complete, derived_situations
from kiosk.procedures.conditions import holds
from kiosk.procedures.model import Field, Procedure

NO_ANSWERS: Mapping[str, Any] = MappingProxyType({})
PEOPLE: tuple[Mapping[str, Any], ...] = (
    {"full_name": "Trần Văn Thử", "date_of_birth": "1988-05-02", "sex": "nam", "id": "046088000231"},
    {"full_name": "Nguyễn Thị Mẫu", "date_of_birth": "1990-10-14", "sex": "nu", "id": "046190000452"},
    {"full_name": "Lê Thị Tập", "date_of_birth": "1996-03-12", "sex": "nu", "id": "046196000123"},
    {"full_name": "Hồ Văn Nháp", "date_of_birth": "1961-08-30", "sex": "nam", "id": "046061000874"},
    {"full_name": "Phạm Thị Ví Dụ", "date_of_birth": "1958-01-21", "sex": "nu", "id": "046158000690"},
    {"full_name": "Đặng Văn Giả", "date_of_birth": "1979-12-09", "sex": "nam", "id": "046079000318"},
)
"""Made-up people, one for each role of a form."""
_MEN = ("cha", "chồng", "nam", "ông")
_WOMEN = ("mẹ", "vợ", "nữ", "bà")


def people_of(procedure: Procedure, known: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return answers of the persons of a form: another made-up person for each role, of the sex that the role says.

    Args:
        procedure: the procedure.
        known: answers that decide who is who: where the applicant is the mother, that person is a woman.
        today: the day of the form.
    """
    answers: dict[str, Any] = {}
    unused = list(PEOPLE)
    names = {step.person.fills.get("full_name"): step.person.role.vi for step in procedure.steps if step.person}
    for step in procedure.steps:
        if step.person is None:
            continue
        name = step.person.fills.get("full_name")
        same = [copy.to for copy in procedure.copies if copy.source == name and holds(copy.when, known, today)]
        person = _person(" ".join([step.person.role.vi, *(names.get(key, "") for key in same)]), unused)
        unused = [other for other in unused if other is not person] or list(PEOPLE)
        for part, key in step.person.fills.items():
            item = procedure.by_key.get(key)
            if item is not None and part in person and key not in answers:
                answers[key] = _as_answer(item, person[part])
    return answers


def _person(role: str, unused: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    words = role.casefold().split()
    sex = "nam" if any(word in words for word in _MEN) else "nu" if any(word in words for word in _WOMEN) else ""
    return next((person for person in unused if not sex or person["sex"] == sex), unused[0])


def _as_answer(item: Field, value: str) -> Any:
    if item.kind == "id_document":
        return {**kinds.of(item).sample(item), "so": value}
    return value


def sample_answers(
    procedure: Procedure, office: Office, today: date, given: Mapping[str, Any] = NO_ANSWERS
) -> dict[str, Any]:
    """Return complete answers: those given, the first option of each situation, samples, and the computed values."""
    answers: dict[str, Any] = {
        item.key: given.get(item.key) or next(option.id for option in item.options if not option.officer)
        for item in procedure.situations
        if item.options
    }
    for item in procedure.fields:
        known = answers | derived_situations(procedure, answers, today)
        if item.asked and not item.derive and holds(item.when, known, today):
            answers[item.key] = given.get(item.key) or kinds.of(item).sample(item)
    return complete(procedure=procedure, given=answers, office=office, today=today)
