"""An answer under the names that the national forms have for its boxes: to copy one by one, or for a program."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kiosk.dossiers.opened import OpenedSubmission
from kiosk.procedures import kinds
from kiosk.procedures.kinds.documents import ID_DOCUMENT_TYPES
from kiosk.procedures.model import Field
from kiosk.vietnam import form_field_names

FORMS = {"portal": "Cổng", "justice": "BTP"}
"""The national portal and the Ministry of Justice's registry, as the desk says it in short."""


@dataclass(frozen=True)
class Named:
    """A box of a national form: whose form, its name, what goes into it; `is_sure` False where the name is inferred."""

    form: str
    name: str
    value: str
    is_sure: bool

    @property
    def whose(self) -> str:
        """Whose form it is, in short."""
        return FORMS[self.form]


def named(code: str, item: Field, value: Any) -> tuple[Named, ...]:
    """Return the boxes of an answer, those of the national portal first; one without anything to put in is left out."""
    found = [
        Named(form, name, words, name not in box.inferred)
        for box in form_field_names.boxes(code).get(item.key, ())
        for form, name in (("portal", box.portal), ("justice", box.justice))
        if name and (words := _part(item, value, box.part))
    ]
    return tuple(sorted(found, key=lambda one: list(FORMS).index(one.form)))


def by_name(held: OpenedSubmission) -> dict[str, dict[str, str]]:
    """Return a form under the names of the national ones: {"portal": {name: words}, "justice": {name: words}}."""
    found: dict[str, dict[str, str]] = {form: {} for form in FORMS}
    for one in _all(held):
        found[one.form][one.name] = one.value
    return found


def _all(held: OpenedSubmission) -> Iterator[Named]:
    for item in held.procedure.fields:
        if item.asked and held.answers.get(item.key) not in (None, "", [], {}):
            yield from named(held.procedure.code, item, held.answers[item.key])


def _part(item: Field, value: Any, part: str) -> str:
    if not part:
        return kinds.of(item).on_paper(item, value)
    if part in {"gio", "phut"}:
        hour, _, minute = str(value).partition(":")
        return hour if part == "gio" else minute
    held = value if isinstance(value, dict) else {}
    if part == "ngay_cap":
        return "/".join(reversed(str(held.get(part, "")).split("-")))
    if part == "loai":
        return next((sort.value for sort in ID_DOCUMENT_TYPES if sort.id == held.get(part)), "")
    return str(held.get(part, ""))
