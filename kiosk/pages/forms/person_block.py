"""A person on a page of a form: waiting for a card, read from it, or typed by hand."""

from collections.abc import Mapping
from typing import Any

from kiosk.i18n import translator
from kiosk.pages.forms.parsing import MOVED, STAY, FormContext
from kiosk.pages.forms.view_models import OldWardChoice, Option, PersonBlock, PersonFact
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.model import PersonStep
from kiosk.vietnam import id_card, places


def person_block(asked: FormContext, draft: Draft, errors: Mapping[str, str]) -> PersonBlock | None:
    """Return the person a page is about: waiting for a card, or read; None where a page has none."""
    person = journey.person_on(asked.procedure, asked.page)
    if person is None:
        return None
    _ = translator(asked.lang)
    page = asked.page
    is_there = draft.get(person.fills.get("full_name", "")) is not None or page.id in draft.skipped
    by_hand = page.step.id in draft.by_hand or (bool(page.part) and f"{page.id}" in draft.by_hand)
    waiting = not is_there and not by_hand

    def act(name: str) -> str:
        return asked.urls.url_of("act", page=page.id, act=name)

    return PersonBlock(
        waiting=waiting,
        ask_card=_("Xin đưa thẻ căn cước của %(role)s vào ô sáng dưới màn hình", role=person.role.of(asked.lang)),
        facts=() if waiting or page.part else tuple(_facts(asked, draft, person)),
        by_card=is_there and not by_hand and page.id not in draft.skipped,
        old_ward=None if waiting else _old_ward_choice(asked, draft, person, errors),
        scan_post=asked.urls.url_of("card", page=page.id),
        scan_poll=asked.urls.url_of("scan", page=page.id) if waiting else "",
        rescan_post=act("rescan"),
        by_hand_post=act("by-hand"),
        skip_label=person.skip.of(asked.lang) if person.skip and waiting else "",
        skip_post=act("skip") if person.skip else "",
        same_label=person.same.of(asked.lang) if person.same and waiting else "",
        same_post=act("same") if person.same else "",
    )


def _facts(asked: FormContext, draft: Draft, person: PersonStep) -> list[PersonFact]:
    _ = translator(asked.lang)
    by_hand = asked.page.step.id in draft.by_hand

    def change(part: str) -> str:
        return asked.urls.url_of("step", page=f"{asked.page.step.id}.{part}") if by_hand else ""

    held = {name: draft.get(key) for name, key in person.fills.items()}
    found = []
    if held.get("full_name"):
        found.append(PersonFact(_("Họ và tên"), held["full_name"], big=True, change=change(journey.NAME)))
    if held.get("date_of_birth"):
        shown = "/".join(reversed(str(held["date_of_birth"]).split("-")))
        found.append(PersonFact(_("Ngày sinh"), shown, change=change(journey.BIRTH)))
    if held.get("sex"):
        words = {"nam": _("Nam"), "nu": _("Nữ")}.get(held["sex"], "")
        found.append(PersonFact(_("Giới tính"), words, change=change(journey.BIRTH)))
    paper = held.get("id")
    number = str(paper.get("so", "") if isinstance(paper, dict) else paper or "")
    if number:
        found.append(PersonFact(_("Số định danh"), id_card.mask(number), secret=number, change=change(journey.PAPER)))
    if isinstance(held.get("residence"), dict):
        found.append(_residence_fact(held["residence"], _))
    return found


def _residence_fact(home: Mapping[str, Any], _: Any) -> PersonFact:
    if home.get("wardCode") and not home.get("card"):
        return PersonFact(_("Nơi ở"), places.display(home))
    return PersonFact(_("Nơi ở trên thẻ"), str(home.get("card") or places.display(home)))


def _old_ward_choice(asked: FormContext, draft: Draft, person: PersonStep, errors: Mapping[str, str]) -> OldWardChoice | None:
    key = person.fills.get("residence", "")
    home = draft.get(key) if key and not key.startswith("_") else None
    if not isinstance(home, dict) or not home.get("card"):
        return None
    candidates = places.resolve_card(home["card"]).candidates
    if not candidates or (home.get("wardCode") and not candidates[0].old):
        return None
    _ = translator(asked.lang)
    first = candidates[0]
    chosen = home.get("wardCode") or (MOVED if home.get(MOVED) else "")
    single = len(candidates) == 1
    options = [
        Option(
            id=one.ward.code,
            label=_("Phải, chỗ đó") if single else one.ward.name,
            hint="",
            chosen=one.ward.code == chosen,
        )
        for one in candidates
    ]
    options.append(Option(id=MOVED, label=_("Không, nơi khác"), hint="", chosen=chosen == MOVED))
    year, month, _day = first.since.split("-")
    new = " / ".join(one.ward.name[:1].lower() + one.ward.name[1:] for one in candidates)
    return OldWardChoice(
        key=key + STAY,
        old=(first.old or first.ward.name)[:1].lower() + (first.old or first.ward.name)[1:],
        new=new,
        since=_("tháng %(month)s/%(year)s", month=int(month), year=year),
        options=tuple(options),
        error=errors.get(key + STAY, ""),
    )
