"""Answers under the box names of the national forms: to copy one by one, or for a program."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kiosk.dossiers.opened import OpenedSubmission
from kiosk.procedures import kinds
from kiosk.procedures.kinds.documents import types_of
from kiosk.procedures.model import Field
from kiosk.vietnam import form_field_names

FORMS = {"portal": "Cổng", "justice": "BTP"}
"""Short names of the national portal and of the registry of the Ministry of Justice."""


@dataclass(frozen=True)
class NationalBox:
    """A box of a national form, with its name and value; `is_sure` is False where the name is inferred."""

    form: str
    name: str
    value: str
    is_sure: bool

    @property
    def owner(self) -> str:
        """Short name of the form's owner."""
        return FORMS[self.form]


def boxes_of(code: str, item: Field, value: Any) -> tuple[NationalBox, ...]:
    """Return the boxes that an answer fills in, those of the national portal first; no empty box."""
    boxes: dict[str, list[NationalBox]] = {form: [] for form in FORMS}
    for box in form_field_names.field_names(code).get(item.key, ()):
        words = _part(item, value, box.part)
        for form, name in (("portal", box.portal), ("justice", box.justice)):
            if name and words:
                is_sure = name not in box.inferred
                boxes[form].append(NationalBox(form=form, name=name, value=words, is_sure=is_sure))
    return (*boxes["portal"], *boxes["justice"])


def answers_by_box(opened: OpenedSubmission) -> dict[str, dict[str, str]]:
    """Return a form under the box names: {"portal": {name: value}, "justice": {name: value}}."""
    values: dict[str, dict[str, str]] = {form: {} for form in FORMS}
    for box in _all_boxes(opened):
        values[box.form][box.name] = box.value
    return values


def _all_boxes(opened: OpenedSubmission) -> Iterator[NationalBox]:
    for item in opened.procedure.fields:
        if item.asked and opened.answers.get(item.key) not in (None, "", [], {}):
            yield from boxes_of(opened.procedure.code, item, opened.answers[item.key])


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
