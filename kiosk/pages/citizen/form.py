"""The form, one thing a page: show, answer, scan, leave out."""

from dataclasses import replace
from typing import Any

from flask import jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import applying
from kiosk.dossiers.sealed_drafts import OpenedDraft
from kiosk.errors import FormChanged, NotFound
from kiosk.i18n import translator
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.forms import buttons, parsing, rendering
from kiosk.pages.forms.buttons import CARD_DOUBTS
from kiosk.pages.forms.parsing import MOVED, STAY, FormContext
from kiosk.pages.forms.view_models import Notice
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft, field_at
from kiosk.procedures.draft_migration import migrate_draft
from kiosk.procedures.journey import FormPage
from kiosk.procedures.model import Field, Procedure
from kiosk.vietnam import id_card, places


def current_form() -> tuple[OpenedDraft, Procedure]:
    """Return the visitor's form and its procedure, in the version on which it was begun."""
    held = applying.current_draft(context(), visitor().id)
    procedure = context().catalogue.version(held.draft.code, held.draft.version)
    if procedure is None:
        raise FormChanged
    return held, procedure


@citizen.get("/form/changed")
@allow("citizen")
def changed() -> Answer | str:
    """Carry a form over to the version in force when its own is no longer on the shelf, and say so."""
    held = applying.current_draft(context(), visitor().id)
    here = context()
    today = here.clock.today()
    procedure = here.catalogue.in_force(held.draft.code, today)
    if procedure is None:
        raise NotFound
    if here.catalogue.version(held.draft.code, held.draft.version) is not None:
        return redirect(first_unfinished_url(procedure, held.draft), 303)
    draft = applying.replace_draft(here, visitor().id, migrate_draft(held.draft, procedure, today)).draft
    _ = translator(visitor().lang)
    return render(
        "error.html",
        title=_("Mẫu tờ khai vừa đổi"),
        text=_("Những điều đã khai mà mẫu mới vẫn hỏi thì còn nguyên. Mời xem tiếp từ chỗ còn thiếu."),
        code="",
        action=(first_unfinished_url(procedure, draft), _("Tiếp tục")),
    )


def form_context(procedure: Procedure, page: FormPage) -> FormContext:
    """Return a page with where, when and in which language it is asked."""
    here = context()
    return FormContext(
        procedure=procedure,
        page=page,
        check_context=here.check_context,
        lang=visitor().lang,
        birth_places=here.config.birth_places,
    )


def _find_page(procedure: Procedure, draft: Draft, page_id: str) -> FormPage | None:
    return journey.find_page(procedure, draft, context().clock.today(), page_id)


def first_unfinished_url(procedure: Procedure, draft: Draft) -> str:
    """Return the address of the first page that is not done, or of what comes before Submit."""
    page = journey.first_unfinished(procedure, draft, context().clock.today())
    return url_for("citizen.step", page=page.id) if page else url_for("citizen.missing")


@citizen.route("/form/<page>", methods=["GET", "POST"])
@allow("citizen")
def step(page: str) -> Answer | str:
    """Show one page of the form; take what it posts."""
    # The card before the form: what another tab fills in after this is news to this one.
    line = context().card_inbox.pop(visitor().id) if request.method == "GET" else None
    held, procedure = current_form()
    found = _find_page(procedure, held.draft, page)
    if found is None:
        return redirect(first_unfinished_url(procedure, held.draft), 303)
    if request.method == "POST":
        return _apply_post(held, procedure, found)
    if line is not None:
        return _read_card(held, procedure, page=found, line=line)
    asked = form_context(procedure, found)
    shown = rendering.step_page(context(), asked, held.draft, message=request.args.get("said", ""))
    if shown.person and shown.person.waiting:
        scans = context().card_inbox
        person = replace(shown.person, scan_version=scans.known_version(visitor().id), reader_down=scans.is_down)
        shown = replace(shown, person=person)
    return render("citizen/step.html", step=shown)


def _apply_post(held: OpenedDraft, procedure: Procedure, page: FormPage) -> Answer | str:
    asked = form_context(procedure, page)
    posted = request.form.to_dict()
    was_whole = journey.first_unfinished(procedure, held.draft, context().clock.today()) is None
    if {"pick", "open", "add", "drop"} & posted.keys():
        applying.update_draft(context(), held.id, lambda draft: parsing.save_typed(asked, draft, posted))
        key = posted.get("pick")
        address = url_for("citizen.pick", page=page.id, key=key) if key else url_for("citizen.step", page=page.id)
        return redirect(address, 303)
    errors, draft = applying.update_draft(
        context(), held.id, lambda draft: (parsing.apply_answers(asked, draft, posted, posted.get("unknown", "")), draft)
    )
    if errors:
        return render("citizen/step.html", step=rendering.step_page(context(), asked, draft, errors))
    moved = _moved_residence_key(procedure, page, posted)
    if moved:
        return redirect(url_for("citizen.pick", page=page.id, key=moved), 303)
    return redirect(_url_after_answer(procedure, draft, page, was_whole=was_whole), 303)


def _moved_residence_key(procedure: Procedure, page: FormPage, posted: dict[str, str]) -> str:
    person = journey.person_on(procedure, page)
    key = person.fills.get("residence", "") if person else ""
    return key if key and posted.get(key + STAY) == MOVED else ""


def _url_after_answer(procedure: Procedure, draft: Draft, page: FormPage, *, was_whole: bool) -> str:
    """After a correction back to the check page; else the next page that the answers open."""
    today = context().clock.today()
    if page.step.rows and page.part:
        return url_for("citizen.step", page=page.step.id)
    if page.step.place == "review" or (was_whole and journey.first_unfinished(procedure, draft, today) is None):
        return url_for("citizen.check")
    after = journey.next_page(procedure, draft, today, page)
    return url_for("citizen.step", page=after.id) if after else first_unfinished_url(procedure, draft)


# --- the card


@citizen.get("/form/<page>/scan")
@allow("citizen")
def scan(page: str) -> Any:  # noqa: ARG001 - the address says which page waits
    """Say how many cards have come for this page, and if the scanner is away; asking says that the page waits."""
    scans = context().card_inbox
    return jsonify(version=scans.poll(visitor().id), down=scans.is_down)


@citizen.post("/form/<page>/card")
@allow("citizen")
def card(page: str) -> Answer:
    """Take what the scanner read: from its own port, or typed by a scanner at the keyboard."""
    held, procedure = current_form()
    found = _find_page(procedure, held.draft, page)
    if found is None:
        return redirect(first_unfinished_url(procedure, held.draft), 303)
    line = context().card_inbox.pop(visitor().id)
    typed = request.form.get("line", "")
    return _read_card(held, procedure, page=found, line=line or typed, is_typed=not line)


def _read_card(held: OpenedDraft, procedure: Procedure, page: FormPage, line: str, *, is_typed: bool = False) -> Answer:
    here = url_for("citizen.step", page=page.id)
    person = journey.person_on(procedure, page)
    if person is None:
        return redirect(here, 303)
    read = id_card.parse(line, context().clock.today(), is_typed=is_typed)
    if isinstance(read, id_card.NotACard):
        return redirect(url_for("citizen.step", page=page.id, said=read.kind), 303)
    if context().config.kiosk.practice and not id_card.is_practice(read.id_number):
        return redirect(url_for("citizen.step", page=page.id, said="not_practice"), 303)
    if is_number_of_someone_else(procedure, held.draft, page=page, number=read.id_number):
        return redirect(url_for("citizen.step", page=page.id, said="same"), 303)
    today = context().clock.today()
    applicant = journey.applicant_step(procedure, journey.answers_with_situations(procedure, held.draft, today), today)
    kept = (
        applying.kept_answers(context(), procedure, step=page.step, number=read.id_number)
        if page.step == applicant
        else {}
    )

    def take(draft: Draft) -> bool:
        fill_from_card(procedure, draft, page=page, card=read)
        return restore_kept_answers(draft, kept)

    was_used = applying.update_draft(context(), held.id, take)
    context().card_inbox.mark_filled(visitor().id)
    if read.lossy and not page.step.rows:
        return redirect(url_for("citizen.step", page=f"{page.step.id}.{journey.NAME}", said="lost"), 303)
    return redirect(url_for("citizen.step", page=page.id, said="kept") if was_used else here, 303)


def is_number_of_someone_else(procedure: Procedure, draft: Draft, page: FormPage, number: str) -> bool:
    """Return whether this number was given for somebody else of the form that is still asked about."""
    way = journey.pages(procedure, draft, context().clock.today())
    steps = {one.step.id: one.step for one in way if one.step.id != page.step.id and one.step.person}
    papers = [draft.get(step.person.fills.get("id", "")) for step in steps.values() if step.person]
    return number in {str(paper.get("so") if isinstance(paper, dict) else paper) for paper in papers}


def restore_kept_answers(draft: Draft, kept: dict[str, Any]) -> bool:
    """Put in what a person let be kept: a home only while the card still says the same, a telephone always."""
    used = False
    for key, value in kept.items():
        held = draft.get(key)
        is_same_home = isinstance(value, dict) and isinstance(held, dict) and held.get("card") == value.get("card")
        if is_same_home or (held is None and not isinstance(value, dict)):
            draft.put(key, value, "kept")
            used = True
    return used


def fill_from_card(procedure: Procedure, draft: Draft, page: FormPage, card: id_card.Card) -> None:
    """Put what a card tells into a draft; what the card does not tell stays empty."""
    for listed in (draft.by_hand, draft.skipped):
        if page.step.id in listed:
            listed.remove(page.step.id)
    told = _card_answers(card)
    person = journey.person_on(procedure, page)
    for name, key in person.fills.items() if person else ():
        draft.put(key, _as_field_value(told[name], key, field_at(procedure, key)), "card")
    if not page.part:  # a form need not ask for the sex that the card tells
        draft.put(f"{CARD_DOUBTS}.{page.step.id}", sorted(rendering.CONTRADICTIONS & set(card.warnings)) or None, "card")
    if card.lossy:
        draft.by_hand.append(page.step.id)


def _as_field_value(value: Any, key: str, item: Field | None) -> Any:
    """Return what a card tells as the field keeps it: a paper or its number alone, a home or where it likely is."""
    if item is not None and item.kind == "id_number":
        return value["so"]
    return _with_likely_ward(value) if key.startswith("_") and value else value


def _card_answers(card: id_card.Card) -> dict[str, Any]:
    paper = {"loai": "can_cuoc", "so": card.id_number}
    if card.issued_on:
        paper |= {"ngay_cap": card.issued_on, "noi_cap": id_card.issuer(card.issued_on)}
    return {
        "full_name": card.full_name or None,
        "date_of_birth": card.date_of_birth or None,
        "year_of_birth": card.date_of_birth[:4] or None,
        "sex": card.sex or None,
        "id": paper,
        "issued": _issue_line(card.issued_on),
        "residence": _residence_answer(card.residence_text),
    }


def _issue_line(day: str | None) -> str | None:
    """Day and place of issue in one line, as the forms of social support have it."""
    return f"{'/'.join(reversed(day.split('-')))}, {id_card.issuer(day)}" if day else None


def _with_likely_ward(home: dict[str, Any]) -> dict[str, Any]:
    """A home that is only compared, never written down: its ward is taken where the card leaves one choice."""
    found = places.resolve_card(str(home["card"])).candidates
    if len(found) == 1:
        return home | {"wardCode": found[0].ward.code, "provinceCode": found[0].ward.province_code}
    return home


def _residence_answer(text: str) -> dict[str, Any] | None:
    if not text:
        return None
    found = places.resolve_card(text)
    if found.exact and not found.candidates[0].old:
        ward = found.candidates[0].ward
        return {
            "card": text, "detail": found.detail, "wardCode": ward.code, "provinceCode": ward.province_code,
        }  # fmt: skip
    return {"card": text, "detail": found.detail}


# --- the other buttons of a page


@citizen.post("/form/<page>/do/<act>")
@allow("citizen")
def act(page: str, act: str) -> Answer:
    """Scan again, type by hand, leave a person out, say that it is the same person, add or take out a row."""
    held, procedure = current_form()
    found = _find_page(procedure, held.draft, page)
    if found is None or act not in ACTS:
        raise NotFound
    address = applying.update_draft(context(), held.id, lambda draft: ACTS[act](procedure, draft, found))
    return redirect(address, 303)


def _rescan(procedure: Procedure, draft: Draft, page: FormPage) -> str:
    buttons.forget_person(procedure, draft, page)
    return url_for("citizen.step", page=page.id)


def _by_hand(procedure: Procedure, draft: Draft, page: FormPage) -> str:
    name = page.id if page.step.rows else page.step.id
    if name not in draft.by_hand:
        draft.by_hand.append(name)
    if page.step.rows:
        return url_for("citizen.step", page=page.id)
    return first_unfinished_url(procedure, draft)


def _skip(procedure: Procedure, draft: Draft, page: FormPage) -> str:
    buttons.skip_person(procedure, draft, page)
    return _next_url(procedure, draft, page)


def _same(procedure: Procedure, draft: Draft, page: FormPage) -> str:
    buttons.use_same_person(procedure, draft, page)
    return _next_url(procedure, draft, page)


def _next_url(procedure: Procedure, draft: Draft, page: FormPage) -> str:
    after = journey.next_page(procedure, draft, context().clock.today(), page)
    return url_for("citizen.step", page=after.id) if after else first_unfinished_url(procedure, draft)


def _none(procedure: Procedure, draft: Draft, page: FormPage) -> str:
    buttons.leave_empty(procedure, draft, page)
    return _url_after_answer(procedure, draft, page, was_whole=False)


def _add(procedure: Procedure, draft: Draft, page: FormPage) -> str:  # noqa: ARG001 - one signature
    rows = len(draft.answers.get(page.step.rows) or [])
    return url_for("citizen.step", page=f"{page.step.id}.{rows}")


def _remove(procedure: Procedure, draft: Draft, page: FormPage) -> str:  # noqa: ARG001
    buttons.remove_row(draft, page)
    return url_for("citizen.step", page=page.step.id)


ACTS = {
    "rescan": _rescan, "by-hand": _by_hand, "skip": _skip, "same": _same, "none": _none, "add": _add,
    "remove": _remove,
}  # fmt: skip


@citizen.post("/form/<page>/say")
@allow("citizen")
def say(page: str) -> str:
    """Say back what stands in the boxes before it is posted: a date in words, and what it means."""
    held, procedure = current_form()
    found = _find_page(procedure, held.draft, page)
    if found is None:
        raise NotFound
    asked = form_context(procedure, found)
    draft = Draft(**held.draft.as_json())
    parsing.apply_answers(asked, draft, request.form.to_dict())
    shown = rendering.step_page(context(), asked, draft)
    notes = [Notice("info", *_split_at_comma(one.note), icon="calendar") for one in shown.questions if one.note]
    return render("parts/said_back.html", notices=notes + list(shown.notices), step=shown)


def _split_at_comma(note: str) -> tuple[str, str]:
    lead, comma, rest = note.partition(",")
    return lead + comma, rest.strip()


def redirect_if_unfinished(held: OpenedDraft, procedure: Procedure) -> Answer | None:
    """Return the way back to the first open page; None when the whole form has been walked."""
    if journey.first_unfinished(procedure, held.draft, context().clock.today()) is None:
        return None
    return redirect(first_unfinished_url(procedure, held.draft), 303)
