"""Correcting the form at the counter with the citizen: a step's questions in the officer's frame, then one write.

The questions, checks and messages are those of the touchscreen (kiosk/pages/forms); a person is
asked on one page. What is typed lies in a sealed draft until it is written as the next revision, or dropped.
"""

from dataclasses import dataclass, replace

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import correcting
from kiosk.acts.correcting import CorrectionInput, OpenCorrection
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.dossiers.sealed_drafts import UnfinishedForm
from kiosk.errors import CorrectionClosed, NotFound, Overtaken
from kiosk.i18n import translator
from kiosk.pages.access import context, for_
from kiosk.pages.forms import buttons, parsing, picker, rendering
from kiosk.pages.forms.parsing import Asked, Errors
from kiosk.pages.forms.picker import Sought
from kiosk.pages.forms.urls import FormUrls
from kiosk.pages.forms.view_models import Pick
from kiosk.pages.officer.blueprint import officer, render, sitting
from kiosk.pages.officer.queue import panel, places
from kiosk.pages.officer.ticket import at_counter, opened
from kiosk.procedures import journey, revision
from kiosk.procedures.answers import Draft
from kiosk.procedures.conditions import holds
from kiosk.procedures.journey import FormPage
from kiosk.procedures.revision import Difference
from kiosk.records.tickets import Ticket


@dataclass(frozen=True)
class Correction:
    """A correction in hand as the desk shows it: what differs, and which steps (title, address) are still open."""

    base: str
    differs: tuple[Difference, ...]
    open_steps: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str], ...] = tuple(correcting.REASON_LABELS.items())


def correction_of(ticket: Ticket) -> Correction | None:
    """Return what this officer has in hand of the form of a number; None where nothing was begun."""
    base = opened(ticket)
    held = correcting.current_correction(context(), base, sitting().person.code)
    if not held.is_begun:
        return None
    steps = revision.unfinished_steps(base.procedure, held.draft, base.submission.day)
    way = _way(ticket.id)
    listed = tuple((one.title.vi, way.to("step", page=one.id)) for one in steps)
    return Correction(base.submission.id, held.differences, listed)


@officer.route("/ticket/<ticket_id>/correct/<page>", methods=["GET", "POST"])
@for_("officer")
def correct_step(ticket_id: str, page: str) -> Answer | str:
    """Show the questions of one step; keep what it posts."""
    base, held, asked = _asked(ticket_id, page)
    if request.method == "GET":
        return _show(asked, held.draft, [])
    posted = request.form.to_dict()
    if {"pick", "open", "add", "drop"} & posted.keys():
        _change(base, lambda draft: parsing.keep_typed(asked, draft, posted))
        key, here = posted.get("pick"), asked.way.to("step", page=asked.page.id)
        return redirect(asked.way.to("pick", page=asked.page.id, key=key) if key else here, 303)
    errors, draft = correcting.update_draft(
        context(), base, sitting().person.code, lambda one: (_take(asked, one, posted), one)
    )
    if errors:
        return _show(asked, draft, errors)
    if asked.page.step.rows and asked.page.part:
        return redirect(asked.way.to("step", page=asked.page.step.id), 303)
    return redirect(url_for("officer.desk"), 303)


@officer.post("/ticket/<ticket_id>/correct/<page>/do/<act>")
@for_("officer")
def correct_act(ticket_id: str, page: str, act: str) -> Answer:
    """Leave a person out, say that it is the same one, answer with nothing, add or take out a row."""
    base, held, asked = _asked(ticket_id, page)
    step, procedure = asked.page.step, asked.procedure
    if act == "add":
        rows = len(held.draft.answers.get(step.rows) or [])
        return redirect(asked.way.to("step", page=f"{step.id}.{rows}"), 303)
    if act == "remove":
        _change(base, lambda draft: buttons.remove(draft, asked.page))
        return redirect(asked.way.to("step", page=step.id), 303)
    if act not in PRESSED:
        raise NotFound
    _change(base, lambda draft: PRESSED[act](procedure, draft, asked.page))
    return redirect(url_for("officer.desk"), 303)


PRESSED = {"skip": buttons.skip, "same": buttons.same, "none": buttons.none}


@officer.route("/ticket/<ticket_id>/correct/<page>/pick/<key>", methods=["GET", "POST"])
@for_("officer")
def correct_pick(ticket_id: str, page: str, key: str) -> Answer | str:
    """Show the wards, peoples or countries that fit; keep the one that is chosen."""
    base, held, asked = _asked(ticket_id, page)
    if request.method == "POST":
        item = picker.item_of(asked.procedure, key)
        return redirect(picker.choose(asked, item, request.form, lambda change: _change(base, change)), 303)
    return render("officer/correct_pick.html", pick=_picked(held, asked, key), panel=panel(), _=_words(), **places())


@officer.get("/ticket/<ticket_id>/correct/<page>/pick/<key>/rows")
@for_("officer")
def correct_rows(ticket_id: str, page: str, key: str) -> str:
    """Return those that fit, while they are typed."""
    _base, held, asked = _asked(ticket_id, page)
    return render_template("citizen/pick_rows.html", pick=_picked(held, asked, key), _=_words())


@officer.post("/ticket/<ticket_id>/correction")
@for_("officer")
def write_correction(ticket_id: str) -> Answer:
    """Write the correction down as the next revision."""
    base, posted = opened(at_counter(ticket_id)), request.form
    helped = CorrectionInput(sitting().person.code, posted.get("reason", ""), bool(posted.get("read_back")))
    said = "corrected"
    try:
        correcting.write(context(), base, posted.get("base", ""), helped)
    except UnfinishedForm as found:
        said = "broken" if found.failed_checks else "unfinished"
    except Overtaken:
        said = "overtaken"
    return redirect(url_for("officer.desk", said=said), 303)


@officer.post("/ticket/<ticket_id>/correction/drop")
@for_("officer")
def drop_correction(ticket_id: str) -> Answer:
    """Forget the correction; the form stays as it was."""
    base = opened(at_counter(ticket_id))
    correcting.discard(context(), base.submission.receipt_no, sitting().person.code)
    return redirect(url_for("officer.desk", said="dropped"), 303)


def _asked(ticket_id: str, page_id: str) -> tuple[OpenedSubmission, OpenCorrection, Asked]:
    base = opened(at_counter(ticket_id))
    if not correcting.may_correct(base.submission):
        raise CorrectionClosed
    held, here = correcting.current_correction(context(), base, sitting().person.code), context()
    page = _page(base, held.draft, page_id)
    if page is None:
        raise NotFound("Tờ khai này không hỏi mục ấy.", "This form does not ask for that.")
    scene = replace(here.scene, today=base.submission.day)
    return base, held, Asked(base.procedure, page, scene, "vi", here.config.birth_places, _way(ticket_id))


def _page(base: OpenedSubmission, draft: Draft, page_id: str) -> FormPage | None:
    step_id, _dot, part = page_id.partition(".")
    step, today = base.procedure.by_step.get(step_id), base.submission.day
    if step is None or not holds(step.when, journey.answers_with_situations(base.procedure, draft, today), today):
        return None
    if not step.rows or not part:
        return revision.whole_step(step)
    count = len(draft.answers.get(step.rows) or [])
    return FormPage(step, part) if part.isascii() and part.isdigit() and int(part) <= count < journey.MOST_ROWS else None


def _way(ticket_id: str) -> FormUrls:
    return FormUrls("officer.correct_", {"ticket_id": ticket_id}, url_for("officer.desk"), reads_cards=False)


def _take(asked: Asked, draft: Draft, posted: dict[str, str]) -> Errors:
    """Keep a step; one with something wrong in it is open until it is mended."""
    errors = parsing.take(asked, draft, posted, posted.get("unknown", ""))
    step = asked.page.step
    if errors:
        draft.done[:] = [one for one in draft.done if one.partition(".")[0] != step.id]
    else:
        if step.id in draft.skipped:
            draft.skipped.remove(step.id)
        revision.mark_step_done(asked.procedure, draft, step, asked.scene.today)
    return errors


def _change(base: OpenedSubmission, change: "picker.Change") -> None:
    correcting.update_draft(context(), base, sitting().person.code, change)


def _show(asked: Asked, draft: Draft, errors: Errors) -> str:
    shown = rendering.show(context(), asked, draft, errors)
    person = asked.page.step.person
    acts = [("skip", person.skip), ("same", person.same)] if person else []
    ways_out = [(words.vi, asked.way.to("act", page=asked.page.id, act=act)) for act, words in acts if words]
    side = panel()
    return render("officer/correct.html", step=shown, ways_out=ways_out, panel=side, _=_words(), **places())


def _picked(held: OpenCorrection, asked: Asked, key: str) -> Pick:
    sought = Sought(request.args.get("q"), request.args.get("chosen", ""))
    return picker.show(asked, held.draft, picker.item_of(asked.procedure, key), sought)


def _words() -> object:
    return translator("vi")
