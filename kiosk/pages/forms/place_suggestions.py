"""Places that one touch answers: places of birth of the settings, and the homes of persons of the form."""

from collections.abc import Mapping
from typing import Any

from kiosk.base.i18n import translator
from kiosk.config.list_sections import BirthPlace
from kiosk.pages.forms.parsing import OWN_WARD, FormContext, birth_place_answer, offers_own_address, offers_own_ward
from kiosk.pages.forms.view_models import Option
from kiosk.procedures.answers import Draft
from kiosk.procedures.conditions import value_at
from kiosk.procedures.model import Field
from kiosk.vietnam import places


def asks_facility(form: FormContext, draft: Draft, field: Field) -> bool:
    """Return whether the place is a hospital or health station in this situation: the form wants its name."""
    suggest = field.suggest or {}
    return bool(suggest.get("birth_places")) and _is_offered(form, draft, suggest.get("birth_places_when"))


def asks_home(form: FormContext, draft: Draft, field: Field) -> bool:
    """Return whether the place may be a home in this situation."""
    suggest = field.suggest or {}
    return bool(suggest.get("home_of")) and _is_offered(form, draft, suggest.get("home_when"))


def _is_offered(form: FormContext, draft: Draft, rule: Mapping[str, Any] | None) -> bool:
    """Return whether the answers that a suggestion is limited to are given; True without a limit."""
    known = form.known_answers(draft)
    return all(value_at(known, key) in values for key, values in (rule or {}).items())


def place_options(form: FormContext, draft: Draft, field: Field) -> tuple[Option, ...]:
    """Return the suggested places of a question."""
    options = _facilities(form.birth_places, draft.get(field.key)) if asks_facility(form, draft, field) else []
    if asks_home(form, draft, field):
        options += _homes(form, draft, field)
    if offers_own_ward(field):
        options += _own_ward(form, draft.get(field.key))
    return tuple(options)


def own_ward_label(form: FormContext, field: Field) -> str:
    """Return the label of the button that chooses this ward for an address; empty where there is none."""
    _ = translator(form.lang)
    own = form.check_context.office.place
    if not offers_own_address(field) or places.ward(own["wardCode"]) is None:
        return ""
    return _("Ở %(place)s", place=places.display(own))


def _own_ward(form: FormContext, value: Any) -> list[Option]:
    """Return the ward of this office: the first row of the picker, offered without it."""
    own = form.check_context.office.place
    label = places.display(own)
    is_known = places.ward(own["wardCode"]) is not None
    return [Option(id=OWN_WARD, label=label[:1].upper() + label[1:], chosen=value == own)] if is_known else []


def _facilities(birth_places: tuple[BirthPlace, ...], value: Any) -> list[Option]:
    return [
        Option(id=f"birth:{index}", label=place.name, chosen=value == birth_place_answer(place))
        for index, place in enumerate(birth_places)
    ]


def _homes(form: FormContext, draft: Draft, field: Field) -> list[Option]:
    """Return the homes of persons of the form; the house number belongs to an address only."""
    value = draft.get(field.key)
    answers = form.complete_answers(draft)
    options = []
    for vi, en, key in (field.suggest or {}).get("home_of", ()):
        home = value_at(answers, key)
        if isinstance(home, dict) and home.get("wardCode"):
            detail = str(home.get("detail", "")) if field.kind == "address" else ""
            label = f"{en if form.lang == 'en' else vi}: {places.display({**home, 'detail': detail})}"
            is_same_ward = isinstance(value, dict) and value.get("wardCode") == home["wardCode"]
            is_chosen = is_same_ward and value.get("detail", "") == detail
            options.append(Option(id=f"home:{key}", label=label, chosen=is_chosen))
    return options
