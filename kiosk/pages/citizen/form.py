"""Pages of the form, one question or group of questions each: show, answer, secondary buttons."""

from collections.abc import Callable
from dataclasses import replace

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import applying, page_counts
from kiosk.base.errors import NotFound
from kiosk.base.i18n import translator
from kiosk.dossiers import kept_details
from kiosk.dossiers.sealed_drafts import OpenedDraft
from kiosk.pages import access
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.card import is_reader_down, read_card
from kiosk.pages.citizen.open_form import change_draft, find_page, first_unfinished_url, form_context, open_form
from kiosk.pages.citizen.photographed_papers import photographed_pages, url_of_originals
from kiosk.pages.forms import buttons, parsing, picker, rendering, typed_dates
from kiosk.pages.forms.parsing import MOVED, STAY, FieldErrors, FormContext
from kiosk.pages.forms.place_notices import failed_place_checks
from kiosk.pages.forms.questions import page_questions
from kiosk.pages.forms.view_models import PersonBlock
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.journey import FormPage
from kiosk.procedures.model import Procedure
from kiosk.records.page_counts import PagePlace
from kiosk.vietnam import phones


@citizen.get("/form/changed")
@allow("citizen")
def changed() -> Answer | str:
    """Migrate a draft to the version in force if the catalogue no longer has its own, and say so."""
    today = context().clock.today()
    if context().catalogue.in_force(applying.current_draft(context(), visitor().id).draft.code, today) is None:
        raise NotFound
    is_migrated = applying.migrate_draft(context(), visitor().id)
    opened, procedure = open_form()
    if not is_migrated:
        return redirect(first_unfinished_url(procedure, opened.draft), 303)
    _ = translator(visitor().lang)
    return render(
        "error.html",
        title=_("Mẫu tờ khai vừa đổi"),
        text=_("Những điều đã khai mà mẫu mới vẫn hỏi thì còn nguyên. Mời xem tiếp từ chỗ còn thiếu."),
        code="",
        action=(first_unfinished_url(procedure, opened.draft), _("Tiếp tục")),
    )


@citizen.route("/form/<page>", methods=["GET", "POST"])
@allow("citizen")
def step(page: str) -> Answer | str:
    """Show one page of the form, or apply its answers."""
    inbox = context().card_inbox
    # The card is read before the draft: if another tab fills in a card after this, the page must reload.
    line = inbox.pop(visitor().id) if request.method == "GET" else None
    opened, procedure = open_form()
    form_page = find_page(procedure, opened.draft, page)
    if form_page is None:
        return redirect(first_unfinished_url(procedure, opened.draft), 303)
    if request.method == "POST":
        return _apply_post(opened, procedure, form_page)
    if line is not None:
        return read_card(opened, procedure, page=form_page, line=line)
    form = form_context(procedure, form_page)
    errors = parsing.errors_as_typed(form, opened.draft) if "wrong" in request.args else None
    message = request.args.get("said", "")
    shown = rendering.step_page(context(), form, opened.draft, errors=errors, message=message)
    if shown.person and shown.person.waiting:
        held = inbox.take_held(visitor().id)
        if held is not None:
            return read_card(opened, procedure, page=form_page, line=held.line, is_typed=held.is_typed)
        inbox.note_shown(visitor().id, form_page.id, context().clock.monotonic())
        shown = replace(shown, person=_waiting_person(shown.person))
    elif shown.person:
        shown = replace(shown, person=replace(shown.person, kept=_kept_text(opened, procedure, form_page)))
    if shown.counted and shown.person:
        shown = replace(shown, photographed=photographed_pages(opened, procedure))
    return render("citizen/step.html", step=shown, shown_at=int(context().clock.monotonic()))


def _waiting_person(person: PersonBlock) -> PersonBlock:
    """Return a person that waits for a card, as this screen's scanner reads it."""
    if not access.has_scanner():
        return replace(person, scan_poll="")
    version = context().card_inbox.known_version(visitor().id)
    return replace(person, scan_version=version, reader_down=is_reader_down())


def _kept_text(opened: OpenedDraft, procedure: Procedure, page: FormPage) -> str:
    """Return the kept details that a touch on this page fills in, masked: a card lies on a counter for all to see."""
    _ = translator(visitor().lang)
    details = applying.find_kept_details(context(), procedure, opened.draft)
    keys = set(page.step.fields) | set(page.step.person.fills.values() if page.step.person else ())
    texts = []
    for key, value in details.items():
        if key in keys and not page.part:
            texts.append(_("nơi ở") if isinstance(value, dict) else _("số %(phone)s", phone=phones.mask(str(value))))
    return ", ".join(texts)


def _apply_post(opened: OpenedDraft, procedure: Procedure, page: FormPage) -> Answer:
    form = form_context(procedure, page)
    posted = request.form.to_dict()
    was_finished = journey.first_unfinished(procedure, opened.draft, context().clock.today()) is None
    if (parsing.OPENS | {"save"}) & posted.keys():
        change_draft(opened.id, lambda draft: parsing.save_typed(form, draft, posted))
        return redirect(picker.opened_url(form, posted, page.id), 303)

    if "back" in posted:
        return redirect(change_draft(opened.id, lambda draft: _go_back(form, draft, posted)), 303)

    for button, press in BUTTONS.items():
        if button in posted:
            return press(opened, procedure, form, posted)

    checks: list[str] = []

    def change(draft: Draft) -> tuple[FieldErrors, Draft]:
        buttons.type_person(draft, form.page)
        errors = parsing.apply_answers(form, draft, posted, left_out=posted.get("unknown", ""))
        checks[:] = parsing.checks_of(errors)
        return errors, draft

    place = PagePlace(procedure=procedure.code, version=procedure.version, step=page.step.id)
    with page_counts.counting(context(), place, seconds=_seconds_shown(posted), checks=checks):
        errors, draft = change_draft(opened.id, change)
    if errors:
        # A page that answers a form itself has what was typed in the browser's session file.
        return redirect(url_for("citizen.step", page=page.id, wrong=1), 303)
    moved_key = _moved_residence_key(procedure, page, posted)
    if moved_key:
        return redirect(url_for("citizen.pick", page=page.id, key=moved_key), 303)
    is_new = len(failed_place_checks(form, draft)) > len(failed_place_checks(form, opened.draft))
    same_page = url_for("citizen.step", page=page.id)  # tells once that another ward is competent
    url = same_page if is_new else _url_after_answer(procedure, draft, page=page, was_finished=was_finished)
    camera = url_of_originals(OpenedDraft(opened.id, draft), procedure) if page.step.counts and not page.part else ""
    return redirect(camera or url, 303)


def _seconds_shown(posted: dict[str, str]) -> float | None:
    """Return the time since the page was shown, on the monotonic clock; None where the form does not say it."""
    shown = posted.get("shown", "")
    is_number = shown.isascii() and shown.isdigit() and len(shown) < MAX_SHOWN_DIGITS
    return context().clock.monotonic() - int(shown) if is_number else None


MAX_SHOWN_DIGITS = 12


def _go_back(form: FormContext, draft: Draft, posted: dict[str, str]) -> str:
    """Keep what stands in the boxes and return the URL of the page before: of a person without a name, the scan."""
    parsing.leave_page(form, draft, posted)
    if buttons.stop_typing_person(form.procedure, draft, form.page):
        return url_for("citizen.step", page=form.page.id if form.page.step.rows else form.page.step.id)
    return rendering.back_url(form, draft)


def _fill_in_kept_details(
    opened: OpenedDraft, procedure: Procedure, form: FormContext, posted: dict[str, str]
) -> Answer:
    """Fill in the details of the last visit; what was typed on the page stays."""

    def change(draft: Draft) -> bool:
        parsing.save_typed(form, draft, posted)
        details = applying.find_kept_details(context(), procedure, draft)
        typed = draft.typed[form.page.id]
        draft.typed[form.page.id] = {box: text for box, text in typed.items() if box.partition(".")[0] not in details}
        return kept_details.restore(draft, details)

    is_restored = change_draft(opened.id, change)
    message = "kept" if is_restored else None
    return redirect(url_for("citizen.step", page=form.page.id, said=message), 303)


def _delete_kept_details(
    opened: OpenedDraft, procedure: Procedure, form: FormContext, posted: dict[str, str]
) -> Answer:
    """Delete the details of the last visit: the person takes the consent back."""
    change_draft(opened.id, lambda draft: parsing.save_typed(form, draft, posted))
    is_deleted = applying.delete_kept_details(context(), procedure, opened.draft)
    message = "forgotten" if is_deleted else None
    return redirect(url_for("citizen.step", page=form.page.id, said=message), 303)


BUTTONS: dict[str, Callable[[OpenedDraft, Procedure, FormContext, dict[str, str]], Answer]] = {
    "reuse": _fill_in_kept_details,
    "forget": _delete_kept_details,
}
"""Buttons of a page that send its boxes without answering it."""


def _moved_residence_key(procedure: Procedure, page: FormPage, posted: dict[str, str]) -> str:
    """Return the residence field if the person answered to have moved; else empty."""
    person = journey.person_on(procedure, page)
    key = person.fills.get("residence", "") if person else ""
    return key if key and posted.get(key + STAY) == MOVED else ""


def _url_after_answer(procedure: Procedure, draft: Draft, page: FormPage, *, was_finished: bool) -> str:
    """Return the check page after a correction, else the next page that the answers open."""
    if page.step.rows and page.part:
        return url_for("citizen.step", page=page.step.id)
    is_finished = journey.first_unfinished(procedure, draft, context().clock.today()) is None
    if page.step.place == "review" or (was_finished and is_finished):
        return url_for("citizen.check")
    return _next_url(procedure, draft, page)


def _next_url(procedure: Procedure, draft: Draft, page: FormPage) -> str:
    next_page = journey.next_page(procedure, draft, today=context().clock.today(), page=page)
    return url_for("citizen.step", page=next_page.id) if next_page else first_unfinished_url(procedure, draft)


# --- secondary buttons of a page


@citizen.post("/form/<page>/do/<act>")
@allow("citizen")
def act(page: str, act: str) -> Answer:
    """Apply a secondary button: one of `ACTS`."""
    opened, procedure = open_form()
    form_page = find_page(procedure, opened.draft, page)
    if form_page is None or act not in ACTS:
        raise NotFound
    url = change_draft(opened.id, lambda draft: ACTS[act](procedure, draft, form_page))
    return redirect(url, 303)


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


def _none(procedure: Procedure, draft: Draft, page: FormPage) -> str:
    buttons.leave_empty(procedure, draft, page)
    return _url_after_answer(procedure, draft, page=page, was_finished=False)


def _add(procedure: Procedure, draft: Draft, page: FormPage) -> str:  # noqa: ARG001 - one signature
    rows = len(draft.answers.get(page.step.rows) or [])
    return url_for("citizen.step", page=f"{page.step.id}.{rows}")


def _remove(procedure: Procedure, draft: Draft, page: FormPage) -> str:  # noqa: ARG001
    buttons.remove_row(draft, page)
    return url_for("citizen.step", page=page.step.id)


ACTS = {
    "rescan": _rescan,
    "by-hand": _by_hand,
    "skip": _skip,
    "same": _same,
    "none": _none,
    "add": _add,
    "remove": _remove,
}
"""Button -> changes the draft and returns the URL to go on."""


@citizen.post("/form/<page>/say")
@allow("citizen")
def say(page: str) -> str:
    """Return the message to a typed date before it is posted: what is wrong with it, else the date in words."""
    opened, procedure = open_form()
    form_page = find_page(procedure, opened.draft, page)
    if form_page is None:
        raise NotFound
    form = form_context(procedure, form_page)
    draft = Draft(**opened.draft.as_json())
    posted = request.form.to_dict()
    errors = parsing.apply_answers(form, draft, posted)
    field = rendering.answered_date(form, draft, page_questions(context(), form, draft=draft, errors={}))
    if field is None:
        raise NotFound
    notice = typed_dates.message_while_typed(form, draft, field=field, posted=posted, errors=errors)
    return render("parts/said_back.html", notice=notice)
