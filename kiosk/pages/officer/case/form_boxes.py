"""Answers under the box names of the national forms: to copy one by one, or for a program."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.dossiers.opened import OpenedSubmission
from kiosk.procedures import conditions, kinds
from kiosk.procedures.kinds.documents import types_of
from kiosk.procedures.model import Field
from kiosk.vietnam import electronic_forms, form_field_names
from kiosk.vietnam.electronic_forms import FormField

FORMS = {"portal": "Cổng", "justice": "BTP"}
"""Short names of the national portal and of the registry of the Ministry of Justice."""
ON_TIME = "Đăng ký đúng hạn"
LATE = "Đăng ký quá hạn"
PARENTS = {
    (True, True): "Đã xác định được cả cha lẫn mẹ",
    (True, False): "Chưa xác định được cha",
    (False, True): "Chưa xác định được mẹ",
    (False, False): "Chưa xác định được cả cha lẫn mẹ",
}
"""(mother is named, father is named) -> kind of birth in the list of the electronic forms."""


@dataclass(frozen=True)
class NationalBox:
    """A box of a national form: label, name and value; `is_sure` is False where the name is inferred."""

    form: str
    name: str
    value: str
    is_sure: bool = True
    label: str = ""

    @property
    def owner(self) -> str:
        """Short name of the form's owner."""
        return FORMS[self.form]


def boxes_of(opened: OpenedSubmission, item: Field) -> tuple[NationalBox, ...]:
    """Return the boxes that an answer fills in, those of the national portal first; no empty box."""
    electronic = [box for key, box in _electronic(opened) if key == item.key]
    return (*electronic, *_registered(opened, item))


def answers_by_box(opened: OpenedSubmission) -> dict[str, dict[str, str]]:
    """Return a form under the box names: {"portal": {name: value}, "justice": {name: value}}."""
    values: dict[str, dict[str, str]] = {form: {} for form in FORMS}
    boxes = [box for _, box in _electronic(opened)]
    for item in opened.procedure.fields:
        boxes += _registered(opened, item)
    for box in boxes:
        values[box.form][box.name] = box.value
    return values


def _registered(opened: OpenedSubmission, item: Field) -> list[NationalBox]:
    """Return the boxes of a public client's list that an answer fills in."""
    boxes: dict[str, list[NationalBox]] = {form: [] for form in FORMS}
    value = opened.answers.get(item.key)
    if not item.asked or value in (None, "", [], {}):
        return []
    for box in form_field_names.field_names(opened.procedure.code).get(item.key, ()):
        words = _part(item, value, box.part)
        for form, name in (("portal", box.portal), ("justice", box.justice)):
            if name and words:
                is_sure = name not in box.inferred
                boxes[form].append(NationalBox(form=form, name=name, value=words, is_sure=is_sure))
    return [*boxes["portal"], *boxes["justice"]]


def _electronic(opened: OpenedSubmission) -> Iterator[tuple[str, NationalBox]]:
    """Yield the fields of the procedure's electronic form that the answers fill in, each with the key of its answer."""
    form = electronic_forms.form_of(opened.procedure.code)
    for field in form.fields if form else ():
        source = form.source(_key_of(field), opened.procedure.code, opened.answers) if form else ""
        words = _electronic_words(opened, field, source)
        if field.name and words:
            box = NationalBox(form="portal", name=field.name, value=words, label=field.short)
            yield source.partition(".")[0], box


def _key_of(field: FormField) -> str:
    if field.late:
        return str(field.late["key"])
    return "so_luong_ban_sao" if field.derive == "copies" else field.key


def _electronic_words(opened: OpenedSubmission, field: FormField, source: str) -> str:
    """Return the words for a field; "" where the officer or the page fills it in, or nothing is known."""
    fixed = (field.values or {}).get(opened.procedure.code, field.value)
    if field.by or fixed:
        return fixed
    key, _, part = source.partition(".")
    value = opened.answers.get(key)
    if not field.key:
        return _derived_words(opened, field, value)
    item = opened.procedure.by_key.get(key)
    if item is None or not item.asked or value in (None, "", [], {}):
        return ""
    return _listed_words(field, value, _part(item, value, part))


def _derived_words(opened: OpenedSubmission, field: FormField, value: Any) -> str:
    """Return what follows from other answers: kind of birth, copies or none, on time or late."""
    if field.derive == "parents":
        return _known_parents(opened.answers)
    if field.derive == "copies":
        return "Có" if isinstance(value, int) and value > 0 else "Không"
    days = conditions.days_old(value, opened.submission.day)
    if days is None or not field.late:
        return ""
    return LATE if days > field.late["days"] else ON_TIME


def _listed_words(field: FormField, value: Any, words: str) -> str:
    """Return the words of the page's list, or the answer's own; no other number in a box for 12 digits."""
    if isinstance(value, str) and value in (field.words or {}):
        return (field.words or {})[value]
    if field.kind == "digits":
        return words if re.fullmatch(r"\d{12}", words) else ""
    if field.choices and field.kind == "list" and words not in field.choices:
        return field.otherwise
    return words


def _known_parents(answers: Mapping[str, Any]) -> str:
    """Return the kind of birth by the parents who are named; a foundling is the officer's."""
    mother = bool(answers.get("me_ho_ten"))
    father = bool(answers.get("cha_ho_ten"))
    return PARENTS[mother, father]


def _part(item: Field, value: Any, part: str) -> str:
    """Return the part of an answer that goes into a box; the whole answer for an empty `part`."""
    if not part:
        return kinds.of(item).on_paper(item, value)
    if part in {"gio", "phut"}:
        hour, _, minute = str(value).partition(":")
        return hour if part == "gio" else minute
    parts = value if isinstance(value, dict) else {}
    if part == "ngay_cap":
        return "/".join(reversed(str(parts.get(part, "")).split("-")))
    if part == "loai":
        return next((kind.value for kind in types_of(item) if kind.id == parts.get(part)), "")
    return str(parts.get(part, ""))
