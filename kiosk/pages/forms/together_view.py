"""View of a shared draft for the side that watches: the field that the other side types in, and the answers so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.base.i18n import Translate
from kiosk.procedures import journey, kinds, revision
from kiosk.procedures.answers import OFFICER, Draft, is_empty
from kiosk.procedures.model import Field, FormStep, Procedure

PARTS = (".d", ".m", ".y", ".h", ".min", ".so", "")
"""Endings of the boxes that a typed answer consists of."""


@dataclass(frozen=True)
class GivenAnswer:
    """An answer in words, and who gave it in words (empty: the citizen)."""

    label: str
    text: str
    giver: str


@dataclass(frozen=True)
class TogetherView:
    """The page that the other side shows: question, official label, what is typed, and the answers so far."""

    title: str
    official: str
    typed: str
    rows: tuple[GivenAnswer, ...]


def together_view(
    procedure: Procedure,
    draft: Draft,
    step: FormStep | None,
    focus: str,
    *,
    lang: str,
    names: Mapping[str, str],
    _: Translate,
) -> TogetherView:
    """Return the view of a step.

    Args:
        step: the step that the other side shows; None on a page that asks nothing.
        focus: the box that the other side types in.
        names: names of the officers by code.
    """
    fields = _fields(procedure, draft, step)
    field = _focused(fields, focus) if step else None
    typed = _typed_text(draft, step, field, lang) if step and field else ""
    shown = field.key if field else ""
    rows = [
        GivenAnswer(
            label=item.label.of(lang),
            text=kinds.of(item).on_screen(item, draft.answers[item.key], lang),
            giver=_giver_words(draft, item.key, names, _),
        )
        for item in _newest_first(procedure, draft)
        if item.key != shown
    ]
    title = "" if step is None else (step.title if step.person else step.ask).of(lang)
    return TogetherView(title=title, official=field.label.of(lang) if field else "", typed=typed, rows=tuple(rows))


def short_name(name: str) -> str:
    """Return the name by which an officer is addressed: the last word of a Vietnamese name."""
    return name.rsplit(maxsplit=1)[-1] if name.split() else name


def _fields(procedure: Procedure, draft: Draft, step: FormStep | None) -> list[Field]:
    if step is None:
        return []
    return journey.fields_on(procedure, revision.whole_step(step), draft.answers)


def _focused(fields: list[Field], focus: str) -> Field | None:
    """Return the field of a box; the first field of the page where none has the focus."""
    named = next((item for item in fields if focus == item.key or focus.startswith(f"{item.key}.")), None)
    return named or (fields[0] if fields else None)


def _typed_text(draft: Draft, step: FormStep, field: Field, lang: str) -> str:
    """Return the text in the boxes of a field; the stored answer in words where nothing is typed."""
    for page, boxes in draft.typed.items():
        if page.partition(".")[0] == step.id:
            texts = [boxes[field.key + part] for part in PARTS if boxes.get(field.key + part)]
            if texts and not field.options:
                return "/".join(texts).upper()
    value = draft.get(field.key)
    return "" if is_empty(value) else kinds.of(field).on_screen(field, value, lang)


def _newest_first(procedure: Procedure, draft: Draft) -> list[Field]:
    """Return the answered fields; those that were answered last come first."""
    places: dict[str, int] = {}
    for place, path in enumerate(draft.sources):
        places[path.partition(".")[0]] = place
    answered = [item for item in procedure.fields if _is_shown(item, draft.answers.get(item.key))]
    return sorted(answered, key=lambda item: -places.get(item.key, -1))


def _is_shown(item: Field, value: Any) -> bool:
    return item.asked and not item.derive and not is_empty(value)


def _giver_words(draft: Draft, key: str, names: Mapping[str, str], _: Translate) -> str:
    """Return in words who gave an answer, each giver of a list once."""
    words: dict[str, None] = {}
    for path, source in draft.sources.items():
        if path == key or path.startswith(f"{key}."):
            words[giver_words(source, names.get(draft.givers.get(path, ""), ""), _)] = None
    return ", ".join(word for word in words if word)


def giver_words(source: str, officer: str, _: Translate) -> str:
    """Return in words who gave an answer; empty for the citizen."""
    if source == OFFICER:
        return _("cán bộ %(name)s ghi", name=short_name(officer)) if officer else _("cán bộ ghi")
    return {"card": _("quét thẻ"), "kept": _("giữ lần trước")}.get(source, "")
