"""Parsing of a posted page: answers for the draft, or errors. Shared by the touchscreen and the desk.

Answers with errors stay in `draft.typed` as they were typed. A warning never stops a page: all warnings are shown
together before Submit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kiosk.base import codes
from kiosk.config.list_sections import BirthPlace
from kiosk.pages.forms import date_suggestions
from kiosk.pages.forms.urls import CITIZEN_URLS, FormUrls
from kiosk.procedures import checks, journey, kinds
from kiosk.procedures.answer_errors import AnswerError, ErrorText
from kiosk.procedures.answers import Draft, complete
from kiosk.procedures.checks import CheckContext
from kiosk.procedures.conditions import holds, value_at
from kiosk.procedures.journey import FormPage
from kiosk.procedures.kinds.places import PLACE_KINDS
from kiosk.procedures.model import Check, Field, Procedure
from kiosk.vietnam import places, viet_text

FieldErrors = list[tuple[str, str]]
"""Pairs of (id of the input, message), in the order of the page."""
STAY = ".stay"
MAX_TYPED_LENGTH = 500
MOVED = "moved"
ONE_GROUP = "one_group"
"""Box of the touchscreen with the ethnic group of everybody on a page, or `APART`."""
APART = "apart"
OWN_WARD = "own"
"""Id of the suggestion button for the ward of this office."""
IN_OWN_WARD = "here"
"""Name of the button that chooses this ward for an address; its value is the key of the question."""
OPENS = {"pick", IN_OWN_WARD, "open", "add", "drop"}
"""Buttons that save a page as it is and open another one, or the page again."""
NO_BOXES = {"csrf", "turn", "page", "focus", "ask", "shown", "back"}
"""Fields of a posted page that are no boxes of the form."""


@dataclass(frozen=True)
class FormContext:
    """A page of a form, and what its questions depend on: check context, language, URLs."""

    procedure: Procedure
    page: FormPage
    check_context: CheckContext
    lang: str
    birth_places: tuple[BirthPlace, ...] = ()
    urls: FormUrls = CITIZEN_URLS

    @property
    def today(self) -> date:
        """The day on which the form is checked."""
        return self.check_context.today

    def known_answers(self, draft: Draft) -> Mapping[str, Any]:
        """Return the answers with the situations, which conditions are evaluated against."""
        return journey.answers_with_situations(self.procedure, draft, self.today)

    def complete_answers(self, draft: Draft) -> dict[str, Any]:
        """Return the answers with the derived ones."""
        return complete(self.procedure, draft.answers, office=self.check_context.office, today=self.today)


def apply_answers(form: FormContext, draft: Draft, posted: Mapping[str, str], left_out: str = "") -> FieldErrors:
    """Put the valid answers of a posted page into the draft and return the errors; without errors the page is done.

    Args:
        left_out: key of a field that is left empty on purpose ("Không nhớ").
    """
    errors: FieldErrors = []
    group = posted.get(ONE_GROUP, APART)
    if group != APART:
        fields = asked_fields(form, draft)
        posted = {**posted, **{field.key: group for field in fields if field.kind == "ethnicity"}}
    for field in asked_fields(form, draft):
        if holds(field.when, form.known_answers(draft), form.today):
            errors += _apply_field(form, draft, field=field, posted=posted, is_left_out=field.key == left_out)
    errors += _check_person(form, draft, posted) + _check_rows(form, draft)
    if not errors:
        errors += _check_rules(form, draft)
    _remember_page(draft, form.page.id, posted=posted, errors=errors)
    return errors


def checks_of(errors: FieldErrors) -> list[str]:
    """Return the question and the check of each error, without row and box: `con_ngay_sinh date_future`."""
    found = []
    for box, message in errors:
        key, *rest = box.split(".")
        column = f".{rest[1]}" if len(rest) > 1 and rest[0].isascii() and rest[0].isdigit() else ""
        check = message.check if isinstance(message, ErrorText) else ""
        found.append(f"{key}{column} {check}")
    return found


def asked_fields(form: FormContext, draft: Draft) -> list[Field]:
    """Return the fields with boxes on a page; of a row from a scanned card, those that the card does not have."""
    fields = journey.fields_on(form.procedure, form.page, draft.answers)
    if not is_row_by_card(form, draft):
        return fields
    return [field for field in fields if draft.get(field.key) is None or draft.sources.get(field.key) != "card"]


def is_row_by_card(form: FormContext, draft: Draft) -> bool:
    """Return whether a page of the touchscreen is about the person of a row whose card was scanned."""
    if not form.page.step.rows or not form.page.part or not form.urls.reads_cards:
        return False
    person = journey.person_on(form.procedure, form.page)
    if person is None or {form.page.id, form.page.step.id} & set(draft.by_hand):
        return False
    name = person.fills["full_name"]
    return draft.get(name) is not None and draft.sources.get(name) == "card"


def errors_as_typed(form: FormContext, draft: Draft) -> FieldErrors:
    """Return the errors of a page as it was sent last; the draft does not change."""
    typed = draft.typed.get(form.page.id)
    if typed is None:
        return []
    return apply_answers(form, Draft(**draft.as_json()), typed, left_out=typed.get("unknown", ""))


def save_typed(form: FormContext, draft: Draft, posted: Mapping[str, str]) -> None:
    """Save a page that is left for another one: valid answers, and the rest as typed; errors are not shown."""
    apply_answers(form, draft, posted)
    draft.typed[form.page.id] = _clean_typed(posted)
    if form.page.step.rows and not form.page.part:
        _change_rows(form, draft, posted)
    if form.page.id in draft.done:
        draft.done.remove(form.page.id)


def leave_page(form: FormContext, draft: Draft, posted: Mapping[str, str]) -> Draft:
    """Save a page on the way back as `save_typed` does; a finished page that is still right stays finished."""
    was_done = form.page.id in draft.done
    if not was_done or apply_answers(form, draft, posted):
        save_typed(form, draft, posted)
    return draft


def _change_rows(form: FormContext, draft: Draft, posted: Mapping[str, str]) -> None:
    """Add or drop a row on a page that shows all rows; a new row is named by its first column."""
    rows = list(draft.answers.get(form.page.step.rows) or ())
    choice_field = journey.row_choice_field(form.procedure, form.page.step)
    is_full = len(rows) >= journey.most_rows(form.procedure, form.page.step)
    dropped = posted.get("drop", "")
    added = posted.get("add", "")
    if 0 <= codes.parse_number(dropped) < len(rows):
        draft.remove_row(form.page.step.rows, int(dropped))
        draft.typed.pop(form.page.id)  # the inputs of the rows below have other names now
    elif choice_field and not is_full and any(option.id == added for option in choice_field.options):
        columns = form.procedure.by_key[form.page.step.rows].fields
        defaults = {column.key: column.default for column in columns if column.default is not None}
        for column_key, value in (defaults | {choice_field.key: added}).items():
            draft.put(f"{form.page.step.rows}.{len(rows)}.{column_key}", value)


def _check_rows(form: FormContext, draft: Draft) -> FieldErrors:
    """Require at least one row in a required list."""
    step = form.page.step
    if not step.rows or form.page.part or draft.answers.get(step.rows):
        return []
    field = form.procedure.by_key[step.rows]
    known = form.known_answers(draft)
    is_required = holds(field.when, known, form.today) and journey.is_required(field, known, form.today)
    return [("main", missing_message(field, form.lang))] if is_required else []


def _apply_field(
    form: FormContext, draft: Draft, field: Field, posted: Mapping[str, str], *, is_left_out: bool
) -> FieldErrors:
    before = draft.get(field.key)
    if field.kind in PLACE_KINDS:
        offered = _offered_place(form, draft, field=field, chosen=posted.get(field.key, ""))
        if before and not offered and form.page.part == journey.WHOLE:
            return []  # a place from a card that the page did not change
        before = offered or before
    if field.kind == "date":
        posted = date_suggestions.fill_boxes(posted, field, draft, today=form.today)
    reading = kinds.of(field).parse(field, posted, before=before, today=form.today)
    if reading.error:
        return [(_box_id(field, reading.error.box), reading.error.message(form.lang))]
    draft.put(field.key, reading.value)
    is_open = reading.value is None and field.default is None and not is_left_out
    if is_open and journey.is_required(field, form.known_answers(draft), form.today):
        return [(_box_id(field), missing_message(field, form.lang))]
    return []


def missing_message(field: Field, lang: str) -> ErrorText:
    """Return the error of a required field without an answer."""
    if field.missing:
        return ErrorText.of_check("required", field.missing.of(lang))
    if field.kind == "id_document":
        return AnswerError("number_missing").message(lang)
    label = field.label.of(lang)
    if label.endswith("?"):
        return AnswerError("choose_of", {"question": label}).message(lang)
    return AnswerError("required_of", {"label": label}).message(lang)


def _box_id(field: Field, box: str = "") -> str:
    """Return the id of the input that an error links to: the wrong box, or the first one."""
    return field.key + (f".{box}" if box else {"id_document": ".so", "date": ".d", "time": ".h"}.get(field.kind, ""))


def offers_own_ward(field: Field) -> bool:
    """Return whether the ward of this office is an option of a place: one without a house number and other options."""
    return field.kind == "place" and field.suggest is None


def offers_own_address(field: Field) -> bool:
    """Return whether one touch chooses the ward of this office for an address; its house is asked next."""
    return field.kind == "address" and field.suggest is None


def _offered_place(form: FormContext, draft: Draft, field: Field, chosen: str) -> dict[str, Any] | None:
    """Return the place of a suggestion button: a place of birth of the settings, or a person's home."""
    if chosen == OWN_WARD and offers_own_ward(field):
        return form.check_context.office.place
    source, _, name = chosen.partition(":")
    if source == "birth" and 0 <= codes.parse_number(name) < len(form.birth_places):
        return birth_place_answer(form.birth_places[int(name)])
    if source == "home":
        home = value_at(form.complete_answers(draft), name)
        if isinstance(home, dict) and home.get("wardCode"):
            detail = home.get("detail", "") if field.kind == "address" else ""
            return {"provinceCode": home["provinceCode"], "wardCode": home["wardCode"], "detail": detail}
    return None


def birth_place_answer(place: BirthPlace) -> dict[str, Any]:
    """Return a place of birth of the settings as an answer."""
    detail = f"{place.name}, {place.detail}" if place.detail else place.name
    return {"provinceCode": place.province_code, "wardCode": place.ward_code, "detail": detail}


def _check_person(form: FormContext, draft: Draft, posted: Mapping[str, str]) -> FieldErrors:
    """Require the person of a page, unless it is skipped, and a confirmed ward if the card's ward is old."""
    person = journey.person_on(form.procedure, form.page)
    if form.page.part == journey.WHOLE and form.page.step.person:
        return _apply_old_ward(form, draft, key=form.page.step.person.fills.get("residence", "_"), posted=posted)
    if person is None or form.page.part or form.page.step.id in draft.skipped:
        return []
    name_key = person.fills.get("full_name", "")
    if draft.get(name_key) is None:
        field = form.procedure.by_key.get(name_key)
        if field:
            return [("main", missing_message(field, form.lang))]
        return [("main", AnswerError("required").message(form.lang))]
    return _apply_old_ward(form, draft, key=person.fills.get("residence", ""), posted=posted)


def _apply_old_ward(form: FormContext, draft: Draft, key: str, posted: Mapping[str, str]) -> FieldErrors:
    """Apply the chosen ward of today to a residence on a card, or that the person has moved."""
    home = draft.get(key)
    if key.startswith("_") or not needs_ward_choice(home):
        return []
    card_text = home["card"]
    resolved = places.resolve_card(card_text)
    chosen = posted.get(key + STAY, "")
    candidate = next((candidate for candidate in resolved.candidates if candidate.ward.code == chosen), None)
    if candidate:
        ward = candidate.ward
        answer = {"provinceCode": ward.province_code, "wardCode": ward.code, "detail": resolved.detail}
        draft.put(key, {"card": card_text, **answer}, "card")
    elif chosen == MOVED:
        draft.put(key, {"card": card_text, MOVED: True}, "card")
    else:
        return [(key + STAY, AnswerError("choose_ward").message(form.lang))]
    return []


def needs_ward_choice(home: Any) -> bool:
    """Return whether a residence on a card still needs the person to choose its ward of today."""
    if not isinstance(home, Mapping) or not home.get("card") or home.get("wardCode") or home.get(MOVED):
        return False
    return bool(places.resolve_card(home["card"]).candidates)


def _check_rules(form: FormContext, draft: Draft) -> FieldErrors:
    """Return the errors of the procedure's rules on this step; parts of a person and rows have none."""
    if form.page.part not in {"", journey.WHOLE}:
        return []
    hidden = {key: value for key, value in draft.answers.items() if key.startswith("_")}
    answers = draft.answers | form.complete_answers(draft) | hidden
    failed = checks.failed_checks(form.procedure, answers, context=form.check_context, step=form.page.step.id)
    return [
        (_box_of_rule(form, draft, check), ErrorText.of_check(check.rule, check.say.of(form.lang)))
        for check in failed
        if check.level == "error"
    ]


def _box_of_rule(form: FormContext, draft: Draft, check: Check) -> str:
    """Return the input that a rule's error links to: a key of this page that fails by itself, or else the first."""
    fields = journey.fields_on(form.procedure, form.page, draft.answers)
    boxes = {field.key: _box_id(field) for field in fields}
    keys = [*checks.failing_keys(check, draft.answers, form.check_context), *check.keys]
    first = check.keys[0]
    return next((boxes[key] for key in keys if key in boxes), "main" if first.startswith("_") else first)


def _remember_page(draft: Draft, page_id: str, posted: Mapping[str, str], errors: FieldErrors) -> None:
    """Keep the typed texts of a page with errors; mark a page without errors as done."""
    if errors:
        draft.typed[page_id] = _clean_typed(posted)
        if page_id in draft.done:
            draft.done.remove(page_id)
        return
    draft.typed.pop(page_id, None)
    if page_id not in draft.done:
        draft.done.append(page_id)


def _clean_typed(posted: Mapping[str, str]) -> dict[str, str]:
    return {key: viet_text.clean(value, MAX_TYPED_LENGTH) for key, value in posted.items() if key not in NO_BOXES}
