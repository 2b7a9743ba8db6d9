"""View model of the person on a page: waiting for a card, read from a card, or typed by hand."""

from collections.abc import Mapping
from typing import Any

from kiosk.base.i18n import Translate, translator
from kiosk.pages.forms.parsing import MOVED, STAY, FormContext, is_row_by_card
from kiosk.pages.forms.view_models import OldWardChoice, Option, PersonBlock, PersonFact
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.model import PersonStep
from kiosk.vietnam import id_card, places


def person_block(form: FormContext, draft: Draft, errors: Mapping[str, str]) -> PersonBlock | None:
    """Return the person block of a page; None if the page is not about a person."""
    person = journey.person_on(form.procedure, form.page)
    if person is None:
        return None
    _ = translator(form.lang)
    page = form.page
    is_skipped = page.id in draft.skipped
    is_there = draft.get(person.fills.get("full_name", "")) is not None or is_skipped
    by_hand = page.step.id in draft.by_hand or (bool(page.part) and page.id in draft.by_hand)
    waiting = not is_there and not by_hand

    def act_url(name: str) -> str:
        return form.urls.url_of("act", page=page.id, act=name)

    return PersonBlock(
        waiting=waiting,
        ask_card=_("Xin đưa thẻ căn cước của %(role)s vào ô sáng dưới màn hình", role=person.role.of(form.lang)),
        facts=() if waiting or (page.part and not is_row_by_card(form, draft)) else tuple(_facts(form, draft, person)),
        by_card=is_there and not by_hand and not is_skipped,
        old_ward=None if waiting else old_ward_choice(form, draft, person=person, errors=errors),
        scan_post=form.urls.url_of("card", page=page.id),
        scan_poll=form.urls.url_of("scan", page=page.id) if waiting else "",
        rescan_post=act_url("rescan"),
        by_hand_post=act_url("by-hand"),
        skip_label=person.skip.of(form.lang) if person.skip and waiting else "",
        skip_post=act_url("skip") if person.skip else "",
        same_label=person.same.of(form.lang) if person.same and waiting else "",
        same_post=act_url("same") if person.same else "",
    )


def id_number_of(answers: Mapping[str, Any]) -> str:
    """Return the ID number of a person's answers, by the names in `PersonStep.fills`; empty if there is none."""
    paper = answers.get("id")
    return str(paper.get("so", "") if isinstance(paper, dict) else paper or "")


def _facts(form: FormContext, draft: Draft, person: PersonStep) -> list[PersonFact]:
    """Return the known facts about a person; facts typed by hand have a link to change them."""
    _ = translator(form.lang)
    step = form.page.step
    by_hand = step.id in draft.by_hand

    def change_url(part: str) -> str:
        return form.urls.url_of("step", page=f"{step.id}.{part}") if by_hand else ""

    answers = {name: draft.get(key) for name, key in person.fills.items()}
    facts = []
    if answers.get("full_name"):
        name = answers["full_name"]
        facts.append(PersonFact(label=_("Họ và tên"), value=name, big=True, change=change_url(journey.NAME)))
    if answers.get("date_of_birth"):
        born = "/".join(reversed(str(answers["date_of_birth"]).split("-")))
        facts.append(PersonFact(label=_("Ngày sinh"), value=born, change=change_url(journey.BIRTH)))
    if answers.get("sex"):
        sex = {"nam": _("Nam"), "nu": _("Nữ")}.get(answers["sex"], "")
        facts.append(PersonFact(label=_("Giới tính"), value=sex, change=change_url(journey.BIRTH)))
    number = id_number_of(answers)
    if number:
        masked = id_card.mask(number)
        change = change_url(journey.ID_DOCUMENT)
        facts.append(PersonFact(label=_("Số định danh"), value=masked, secret=number, change=change))
    if isinstance(answers.get("residence"), dict):
        facts.append(_residence_fact(answers["residence"], _))
    return facts


def _residence_fact(home: Mapping[str, Any], _: Translate) -> PersonFact:
    if home.get("wardCode") and not home.get("card"):
        return PersonFact(label=_("Nơi ở"), value=places.display(home))
    return PersonFact(label=_("Nơi ở trên thẻ"), value=str(home.get("card") or places.display(home)))


def old_ward_choice(
    form: FormContext, draft: Draft, person: PersonStep, errors: Mapping[str, str]
) -> OldWardChoice | None:
    """Return the question about a ward of the card that was merged; None if there is no such ward."""
    key = person.fills.get("residence", "")
    home = draft.get(key) if key and not key.startswith("_") else None
    if not isinstance(home, dict) or not home.get("card"):
        return None
    candidates = places.resolve_card(home["card"]).candidates
    if not candidates or (home.get("wardCode") and not candidates[0].old):
        return None
    _ = translator(form.lang)
    first = candidates[0]
    neighbour, ward_code = _same_card_address(form, draft, key=key, card_text=home["card"])
    chosen = home.get("wardCode") or (MOVED if home.get(MOVED) else ward_code)
    is_single = len(candidates) == 1
    options = [
        Option(
            id=candidate.ward.code,
            label=_("Đúng, ở đó") if is_single else candidate.ward.name,
            hint=_("Cùng chỗ với %(role)s", role=neighbour) if candidate.ward.code == ward_code else "",
            chosen=candidate.ward.code == chosen,
        )
        for candidate in candidates
    ]
    options.append(Option(id=MOVED, label=_("Không, ở nơi khác"), chosen=chosen == MOVED))
    year, month, _day = first.since.split("-")
    return OldWardChoice(
        key=key + STAY,
        old=_lowercase_first(first.old or first.ward.name),
        new=" / ".join(_lowercase_first(candidate.ward.name) for candidate in candidates),
        since=_("tháng %(month)s/%(year)s", month=int(month), year=year),
        options=tuple(options),
        ask=_("Nơi ở cuối cùng có phải ở đó không?") if person.died else _("Nay vẫn ở đó phải không?"),
        error=errors.get(key + STAY, ""),
    )


def _same_card_address(form: FormContext, draft: Draft, key: str, card_text: str) -> tuple[str, str]:
    """Return the role of a person whose card has the same address, and the ward of today that was chosen for it."""
    for step in form.procedure.steps:
        other = step.person.fills.get("residence", "") if step.person else ""
        home = draft.get(other) if other and other != key else None
        if step.person and isinstance(home, dict) and home.get("card") == card_text and home.get("wardCode"):
            return step.person.role.of(form.lang), str(home["wardCode"])
    return "", ""


def _lowercase_first(name: str) -> str:
    return name[:1].lower() + name[1:]
