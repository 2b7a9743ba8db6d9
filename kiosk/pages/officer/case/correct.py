"""Pages that correct the form at the counter with the citizen: the questions of a step, and the write at the end.

Questions, checks and messages are those of the touchscreen (kiosk/pages/forms); a person is asked on one page. Answers
stay in a sealed draft until they are written as the next revision, or discarded.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from kiosk.acts import correcting
from kiosk.acts.correcting import CorrectionInput, OpenCorrection
from kiosk.base.errors import CorrectionClosed, NotFound, RevisionConflict
from kiosk.base.i18n import translator
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.dossiers.sealed_drafts import Result, UnfinishedForm
from kiosk.pages.access import allow, context
from kiosk.pages.forms import buttons, parsing, picker, rendering
from kiosk.pages.forms.parsing import FieldErrors, FormContext
from kiosk.pages.forms.picker import PickQuery
from kiosk.pages.forms.urls import FormUrls
from kiosk.pages.forms.view_models import PickerPage
from kiosk.pages.officer.assist import desk_form
from kiosk.pages.officer.case.current_case import CurrentCase, case_in_hand
from kiosk.pages.officer.queue.panel import panel, transfer_targets
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.procedures import revision
from kiosk.procedures.answers import Draft
from kiosk.procedures.revision import Difference


@dataclass(frozen=True)
class CorrectionBox:
    """A correction that is not written yet: what differs, and the steps (title, address) still to fill in."""

    base: str
    differences: tuple[Difference, ...]
    open_steps: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str], ...] = tuple(correcting.REASON_LABELS.items())


def correction_box(case: CurrentCase) -> CorrectionBox | None:
    """Return this officer's correction of the case at the counter; None where none was begun."""
    base = case.opened
    correction = correcting.current_correction(context(), base, sitting().person.code)
    if not correction.is_begun:
        return None
    urls = _urls(case)
    steps = revision.unfinished_steps(base.procedure, correction.draft, base.submission.day)
    return CorrectionBox(
        base=base.submission.id,
        differences=correction.differences,
        open_steps=tuple((step.title.vi, urls.url_of("step", page=step.id)) for step in steps),
    )


@officer.route("/ticket/<ticket_id>/correct/<page>", methods=["GET", "POST"])
@allow("officer")
def correct_step(ticket_id: str, page: str) -> Answer | str:
    """Show the questions of one step; keep the posted answers."""
    correction, form_page = _load(ticket_id, page)
    if request.method == "GET":
        return _show(form_page, correction.draft, [])
    posted = request.form.to_dict()
    urls = form_page.urls
    if posted.get("line"):
        message = _change(correction.base, lambda draft: _scan(form_page, draft, posted))
        return redirect(urls.url_of("step", page=page, said=message), 303)
    if parsing.OPENS & posted.keys():
        _change(correction.base, lambda draft: parsing.save_typed(form_page, draft, posted))
        return redirect(picker.opened_url(form_page, posted, page), 303)
    errors, draft = correcting.update_draft(
        context(),
        correction.base,
        actor=sitting().person.code,
        change=lambda draft: (desk_form.apply_page(form_page, draft, posted), draft),
    )
    if errors:
        return _show(form_page, draft, errors)
    if form_page.page.step.rows and form_page.page.part:
        return redirect(urls.url_of("step", page=form_page.page.step.id), 303)
    return redirect(case_in_hand(ticket_id).access.url(), 303)


@officer.post("/ticket/<ticket_id>/correct/<page>/do/<act>")
@allow("officer")
def correct_act(ticket_id: str, page: str, act: str) -> Answer:
    """Apply a secondary button: one of `desk_form.BUTTONS`, add a row, or remove one."""
    correction, form_page = _load(ticket_id, page)
    step = form_page.page.step
    if act == "add":
        rows = len(correction.draft.answers.get(step.rows) or [])
        return redirect(form_page.urls.url_of("step", page=f"{step.id}.{rows}"), 303)
    if act == "remove":
        _change(correction.base, lambda draft: buttons.remove_row(draft, form_page.page))
        return redirect(form_page.urls.url_of("step", page=step.id), 303)
    if act not in desk_form.BUTTONS:
        raise NotFound
    _change(correction.base, lambda draft: desk_form.BUTTONS[act](form_page.procedure, draft, form_page.page))
    return redirect(case_in_hand(ticket_id).access.url(), 303)


@officer.route("/ticket/<ticket_id>/correct/<page>/pick/<key>", methods=["GET", "POST"])
@allow("officer")
def correct_pick(ticket_id: str, page: str, key: str) -> Answer | str:
    """Show the wards, ethnic groups or countries that match; keep the chosen one."""
    correction, form_page = _load(ticket_id, page)
    if request.method == "POST":
        item = picker.picked_field(form_page.procedure, key)
        address = picker.apply_choice(
            form_page,
            correction.draft,
            field=item,
            posted=request.form,
            update_draft=lambda change: _change(correction.base, change),
        )
        return redirect(address, 303)
    return render(
        "officer/correct_pick.html",
        pick=_pick(correction, form_page, key),
        panel=panel(),
        _=translator("vi"),
        **transfer_targets(),
    )


@officer.get("/ticket/<ticket_id>/correct/<page>/pick/<key>/rows")
@allow("officer")
def correct_rows(ticket_id: str, page: str, key: str) -> str:
    """Return the rows that match what is typed."""
    correction, form_page = _load(ticket_id, page)
    return render_template("citizen/pick_rows.html", pick=_pick(correction, form_page, key), _=translator("vi"))


@officer.post("/ticket/<ticket_id>/correction")
@allow("officer")
def write_correction(ticket_id: str) -> Answer:
    """Write the correction as the next revision."""
    base = case_in_hand(ticket_id).opened
    written = CorrectionInput(
        officer=sitting().person.code,
        reason=request.form.get("reason", ""),
        read_back=bool(request.form.get("read_back")),
    )
    message = "corrected"
    try:
        correcting.write(context(), base, seen=request.form.get("base", ""), correction_input=written)
    except UnfinishedForm as error:
        message = "broken" if error.failed_checks else "unfinished"
    except RevisionConflict:
        message = "overtaken"
    return redirect(case_in_hand(ticket_id).access.url(message), 303)


@officer.post("/ticket/<ticket_id>/correction/drop")
@allow("officer")
def drop_correction(ticket_id: str) -> Answer:
    """Discard the correction; the form stays as it was."""
    case = case_in_hand(ticket_id)
    correcting.discard(context(), case.opened.submission.receipt_no, sitting().person.code)
    return redirect(case.access.url("dropped"), 303)


def _load(ticket_id: str, page_id: str) -> tuple[OpenCorrection, FormContext]:
    """Return the correction of the case at the counter, and the page of a step or row.

    Raises:
        CorrectionClosed: the case can no longer be corrected.
        NotFound: the form has no such page.
    """
    case = case_in_hand(ticket_id)
    base = case.opened
    if not correcting.may_correct(base.submission):
        raise CorrectionClosed
    correction = correcting.current_correction(context(), base, sitting().person.code)
    page = desk_form.find_page(base.procedure, correction.draft, page_id, base.submission.day)
    if page is None:
        raise NotFound("Tờ khai này không hỏi mục đó.", "This form does not ask for that.")
    form_page = FormContext(
        procedure=base.procedure,
        page=page,
        check_context=replace(context().check_context, today=base.submission.day),
        lang="vi",
        birth_places=context().config.birth_places,
        urls=_urls(case),
    )
    return correction, form_page


def _urls(case: CurrentCase) -> FormUrls:
    return FormUrls("officer.correct_", {"ticket_id": case.handle}, case.access.url(), reads_cards=False)


def _change(base: OpenedSubmission, change: Callable[[Draft], Result]) -> Result:
    return correcting.update_draft(context(), base, actor=sitting().person.code, change=change)


def _scan(form_page: FormContext, draft: Draft, posted: dict[str, str]) -> str:
    """Save what was typed, then fill in the person of the page from the card."""
    parsing.save_typed(form_page, draft, {name: value for name, value in posted.items() if name != "line"})
    return desk_form.apply_card(form_page, draft, posted["line"])


def _show(form_page: FormContext, draft: Draft, errors: FieldErrors) -> str:
    person = form_page.page.step.person
    acts = [("skip", person.skip), ("same", person.same)] if person else []
    urls = form_page.urls
    return render(
        "officer/correct.html",
        step=rendering.step_page(context(), form_page, draft, errors=errors),
        old_ward=desk_form.old_ward(form_page, draft, errors),
        card_message=desk_form.CARD_MESSAGES.get(request.args.get("said", ""), ""),
        is_card_read=request.args.get("said") == desk_form.CARD_READ,
        reads_card=desk_form.person_of(form_page.procedure, form_page.page) is not None,
        person_acts=[(label.vi, urls.url_of("act", page=form_page.page.id, act=act)) for act, label in acts if label],
        panel=panel(),
        _=translator("vi"),
        **transfer_targets(),
    )


def _pick(correction: OpenCorrection, form_page: FormContext, key: str) -> PickerPage:
    field = picker.picked_field(form_page.procedure, key)
    return picker.picker_page(form_page, correction.draft, field=field, query=PickQuery.of(request.args))
