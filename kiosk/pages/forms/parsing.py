"""A posted form as answers or errors; the citizen's pages and the desk share it.

What could not be kept stays in `draft.typed` as it was typed. A doubt never stops a page: all doubts are said once,
before Submit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.config.sections import BirthPlace
from kiosk.pages.forms import date_suggestions
from kiosk.pages.forms.urls import CITIZEN_URLS, FormUrls
from kiosk.procedures import checks, journey, kinds
from kiosk.procedures.answer_errors import AnswerError
from kiosk.procedures.answers import Draft, complete
from kiosk.procedures.checks import CheckContext
from kiosk.procedures.conditions import holds, value_at
from kiosk.procedures.journey import FormPage
from kiosk.procedures.kinds.places import PLACE_KINDS
from kiosk.procedures.model import Check, Field, Procedure
from kiosk.vietnam import places, viet_text

FieldErrors = list[tuple[str, str]]
STAY = ".stay"
MAX_TYPED_LENGTH = 500
MOVED = "moved"


@dataclass(frozen=True)
class FormContext:
    """A page in hand: which form, which page, where and in which language."""

    procedure: Procedure
    page: FormPage
    check_context: CheckContext
    lang: str
    birth_places: tuple[BirthPlace, ...] = ()
    urls: FormUrls = CITIZEN_URLS


def apply_answers(asked: FormContext, draft: Draft, posted: Mapping[str, str], unknown: str = "") -> FieldErrors:
    """Keep what a page posted; return (field id, words) of what is wrong. A page without errors is done.

    `unknown` is the key of an answer that is left out on purpose ("Không nhớ").
    """
    errors: FieldErrors = []
    for item in journey.fields_on(asked.procedure, asked.page, draft.answers):
        known = journey.answers_with_situations(asked.procedure, draft, asked.check_context.today)
        if holds(item.when, known, asked.check_context.today):
            errors += _apply_field(asked, draft, item, posted, is_left_out=item.key == unknown)
    errors += _check_person(asked, draft, posted) + _check_rows(asked, draft)
    if not errors:
        errors += _check_rules(asked, draft)
    _remember_page(draft, asked.page.id, posted, errors)
    return errors


def save_typed(asked: FormContext, draft: Draft, posted: Mapping[str, str]) -> None:
    """Keep what is right and remember the rest as it was typed, without saying what is wrong: another page opens."""
    apply_answers(asked, draft, posted)
    draft.typed[asked.page.id] = _clean_typed(posted)
    if asked.page.step.rows and not asked.page.part:
        _change_rows(asked, draft, posted)
    if asked.page.id in draft.done:
        draft.done.remove(asked.page.id)


def _change_rows(asked: FormContext, draft: Draft, posted: Mapping[str, str]) -> None:
    """Add a row that is named by its first column, or take one out, on the page that has them all."""
    rows = list(draft.answers.get(asked.page.step.rows) or ())
    named = journey.row_choice_field(asked.procedure, asked.page.step)
    dropped = posted.get("drop", "")
    added = posted.get("add", "")
    if dropped.isdigit() and int(dropped) < len(rows):
        del rows[int(dropped)]
        draft.typed.pop(asked.page.id)  # the boxes of the rows below have other names now
    elif named and len(rows) < journey.MOST_ROWS and any(one.id == added for one in named.options):
        columns = asked.procedure.by_key[asked.page.step.rows].fields
        rows.append({one.key: one.default for one in columns if one.default is not None} | {named.key: added})
    draft.put(asked.page.step.rows, rows or None)


def _check_rows(asked: FormContext, draft: Draft) -> FieldErrors:
    """A list that the form wants has at least one row."""
    step = asked.page.step
    if not step.rows or asked.page.part or draft.answers.get(step.rows):
        return []
    item = asked.procedure.by_key[step.rows]
    known = journey.answers_with_situations(asked.procedure, draft, asked.check_context.today)
    is_wanted = holds(item.when, known, asked.check_context.today) and journey.is_required(item, known, asked.check_context.today)
    return [("main", _missing_message(item, asked.lang))] if is_wanted else []


def _apply_field(asked: FormContext, draft: Draft, item: Field, posted: Mapping[str, str], *, is_left_out: bool) -> FieldErrors:
    before = draft.get(item.key)
    if item.kind in PLACE_KINDS:
        offered = _offered_place(asked, draft, item, posted.get(item.key, ""))
        if before and not offered and asked.page.part == journey.WHOLE:
            return []  # a place that a card told, and nobody touches, stands as it was read
        before = offered or before
    if item.kind == "date":
        posted = date_suggestions.fill_boxes(posted, item, draft, asked.check_context.today)
    reading = kinds.of(item).parse(item, posted, before, asked.check_context.today)
    if reading.error:
        return [(_box_id(item), reading.error.message(asked.lang))]
    draft.put(item.key, reading.value)
    known = journey.answers_with_situations(asked.procedure, draft, asked.check_context.today)
    is_open = reading.value is None and item.default is None and not is_left_out
    if is_open and journey.is_required(item, known, asked.check_context.today):
        return [(_box_id(item), _missing_message(item, asked.lang))]
    return []


def _missing_message(item: Field, lang: str) -> str:
    if item.missing:
        return item.missing.of(lang)
    label = item.label.of(lang)
    if label.endswith("?"):
        return AnswerError("choose_of", {"question": label}).message(lang)
    return AnswerError("required_of", {"what": label[:1].lower() + label[1:]}).message(lang)


def _box_id(item: Field) -> str:
    """Return the id of the box that a fault leads to."""
    return item.key + {"id_document": ".so", "date": ".d", "time": ".h"}.get(item.kind, "")


def _offered_place(asked: FormContext, draft: Draft, item: Field, chosen: str) -> dict[str, Any] | None:
    """Return the place behind one of the buttons: a place of birth of the settings, or somebody's home."""
    sort, _, name = chosen.partition(":")
    if sort == "birth" and name.isdigit() and int(name) < len(asked.birth_places):
        return birth_place_answer(asked.birth_places[int(name)])
    if sort == "home":
        full = complete(asked.procedure, draft.answers, asked.check_context.office, asked.check_context.today)
        home = value_at(full, name)
        if isinstance(home, dict) and home.get("wardCode"):
            detail = home.get("detail", "") if item.kind == "address" else ""
            return {"provinceCode": home["provinceCode"], "wardCode": home["wardCode"], "detail": detail}
    return None


def birth_place_answer(place: BirthPlace) -> dict[str, Any]:
    """Return a place of birth of the settings as an answer."""
    detail = f"{place.name}, {place.detail}" if place.detail else place.name
    return {"provinceCode": place.province_code, "wardCode": place.ward_code, "detail": detail}


def _check_person(asked: FormContext, draft: Draft, posted: Mapping[str, str]) -> FieldErrors:
    """A person must be there: scanned, typed, or left out on purpose; an old ward must be confirmed."""
    person = journey.person_on(asked.procedure, asked.page)
    if person is None or asked.page.part or asked.page.step.id in draft.skipped:
        return []
    name = person.fills.get("full_name", "")
    if draft.get(name) is None:
        item = asked.procedure.by_key.get(name)
        return [("main", _missing_message(item, asked.lang) if item else AnswerError("required").message(asked.lang))]
    return _apply_old_ward(asked, draft, person.fills.get("residence", ""), posted)


def _apply_old_ward(asked: FormContext, draft: Draft, key: str, posted: Mapping[str, str]) -> FieldErrors:
    home = draft.get(key)
    if key.startswith("_") or not needs_ward_choice(home):
        return []
    chosen = posted.get(key + STAY, "")
    found = next((one for one in places.resolve_card(home["card"]).candidates if one.ward.code == chosen), None)
    if found:
        detail = places.resolve_card(home["card"]).detail
        ward = {"provinceCode": found.ward.province_code, "wardCode": found.ward.code, "detail": detail}
        draft.put(key, {"card": home["card"], **ward}, "card")
    elif chosen == MOVED:
        draft.put(key, {"card": home["card"], MOVED: True}, "card")
    else:
        return [(key + STAY, AnswerError("choose_ward").message(asked.lang))]
    return []


def needs_ward_choice(home: Any) -> bool:
    """Return whether the old words of a card wait for the person to say which ward they mean."""
    if not isinstance(home, Mapping) or not home.get("card") or home.get("wardCode") or home.get(MOVED):
        return False
    return bool(places.resolve_card(home["card"]).candidates)


def _check_rules(asked: FormContext, draft: Draft) -> FieldErrors:
    full = complete(asked.procedure, draft.answers, asked.check_context.office, asked.check_context.today)
    step = asked.page.step.id
    whole = draft.answers | full | {key: value for key, value in draft.answers.items() if key.startswith("_")}
    if asked.page.part not in {"", journey.WHOLE}:
        return []
    found = checks.failed_checks(asked.procedure, whole, asked.check_context, step)
    return [(_asked_key(asked, draft, check), check.say.of(asked.lang)) for check in found if check.level == "error"]


def _asked_key(asked: FormContext, draft: Draft, check: Check) -> str:
    """Return the box that a rule's fault leads to: the first of its keys that this page asks."""
    here = {item.key: _box_id(item) for item in journey.fields_on(asked.procedure, asked.page, draft.answers)}
    return next((here[key] for key in check.keys if key in here), check.keys[0])


def _remember_page(draft: Draft, page_id: str, posted: Mapping[str, str], errors: FieldErrors) -> None:
    if errors:
        draft.typed[page_id] = _clean_typed(posted)
        if page_id in draft.done:
            draft.done.remove(page_id)
        return
    draft.typed.pop(page_id, None)
    if page_id not in draft.done:
        draft.done.append(page_id)


def _clean_typed(posted: Mapping[str, str]) -> dict[str, str]:
    return {key: viet_text.clean(value, MAX_TYPED_LENGTH) for key, value in posted.items() if key != "csrf"}
