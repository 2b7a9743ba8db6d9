"""Pages on which an officer fills in a form for a citizen: one step a page, then all answers to read back and submit.

Questions, checks and messages are those of the touchscreen (kiosk/pages/forms). A page is one form: its button, a
scanned card and Submit all save what was typed on it first. Submit is never refused without leading to the page that
lacks something.
"""

from collections.abc import Callable
from contextlib import nullcontext
from typing import get_args

from flask import jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import desk_drafts, desk_posts, lookups
from kiosk.acts.desk_drafts import AssistedDraft
from kiosk.base.errors import AlreadySubmitted, FormChanged, NotAllowed, NotFound, TurnLost
from kiosk.base.i18n import translator
from kiosk.dossiers import assistance
from kiosk.dossiers.assistance import REVIEW, NotReady, SignatureWay
from kiosk.dossiers.filing import FilingResult
from kiosk.dossiers.sealed_drafts import Result, UnfinishedForm
from kiosk.pages.access import allow, context
from kiosk.pages.forms import buttons, parsing, picker, rendering
from kiosk.pages.forms.parsing import MOVED, STAY, FieldErrors, FormContext
from kiosk.pages.forms.picker import PickQuery
from kiosk.pages.forms.urls import FormUrls
from kiosk.pages.officer.assist import desk_form, view
from kiosk.pages.officer.assist.answers import SIGNED_BY, answer_groups
from kiosk.pages.officer.assist.turn import LEAVING, leave_to_screen, posted_turn
from kiosk.pages.officer.assist.view import first_open, page_url
from kiosk.pages.officer.queue.panel import folded_queue
from kiosk.pages.officer.session.blueprint import officer, officer_session, render, sitting
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.model import Procedure
from kiosk.procedures.printed_forms import has_oath
from kiosk.records import staff, tickets
from kiosk.vietnam import viet_text

SIGNATURES: dict[SignatureWay, tuple[str, str]] = {
    "sign": ("Ký", "Người dân ký tay vào tờ khai in ra."),
    "fingerprint": (
        "Điểm chỉ",
        "Người không viết được: cán bộ ghi tờ khai, đọc lại cho nghe, hướng dẫn điểm chỉ vào tờ khai.",
    ),
    "witnesses": (
        "Không ký, không điểm chỉ được",
        "Cần hai người làm chứng, không có quyền lợi liên quan. Tờ khai in ra có chỗ cho hai người này ký.",
    ),
}

MAX_FOCUS_LENGTH = 80
MIGRATED = "migrated"
FORM_WAYS = {"sign": "ky", "fingerprint": "diem_chi"}
"""Way of signing -> answer of the forms that ask for it."""


@officer.get("/assist/<draft_id>")
@allow("officer")
def assist(draft_id: str) -> Answer:
    """Open a draft at the desk at its first unfinished page."""
    assisted = _load(draft_id)
    if isinstance(assisted, str):
        return redirect(assisted, 303)
    return redirect(page_url(draft_id, first_open(assisted)), 303)


@officer.route("/assist/<draft_id>/page/<page>", methods=["GET", "POST"])
@allow("officer")
def assist_step(draft_id: str, page: str) -> Answer | str:
    """Show the questions of a page, or keep its answers and go where the button leads."""
    assisted = _load(draft_id)
    if isinstance(assisted, str):
        return redirect(assisted, 303)
    form = _form(assisted, page)
    if form is None:
        return redirect(page_url(draft_id, first_open(assisted)), 303)
    return _apply_post(draft_id, form) if request.method == "POST" else _show(assisted, form, [])


def _apply_post(draft_id: str, form: FormContext) -> Answer | str:
    """Keep what was typed; then fill in the card, open a list, or go where the button leads."""
    page = _page_id(form)
    posted = request.form.to_dict()
    if posted.get("line"):
        message = _change(draft_id, lambda draft: _scan(form, draft, posted))
        return redirect(page_url(draft_id, page, said=message), 303)
    if parsing.OPENS & posted.keys():
        _change(draft_id, lambda draft: _save_typed(form, draft, posted))
        return redirect(picker.opened_url(form, posted, page), 303)
    is_last = posted.get("then") not in LEAVING | {"submit"}
    with nullcontext() if is_last else desk_posts.earlier_write(context()):
        errors = _change(draft_id, lambda draft: _save(form, draft, posted))
    if posted.get("then") in LEAVING:
        return leave_to_screen(draft_id, page, posted["then"])
    if errors and posted.get("then") != "submit":
        return _show(_require(draft_id), form, errors)
    return redirect(_after(_require(draft_id), form, posted), 303)


@officer.post("/assist/<draft_id>/page/<page>/live")
@allow("officer")
def assist_live(draft_id: str, page: str) -> Answer:
    """Store what stands in the boxes while the officer types: the citizen sees it, and a reload shows it again."""
    form = _form(_require(draft_id), page)
    if form is None and page != REVIEW:
        raise NotFound
    posted = request.form.to_dict()
    now = context().clock.monotonic()
    context().presence.show(draft_id, "desk", now, page=page, focus=posted.get("focus", "")[:MAX_FOCUS_LENGTH])
    try:
        _change(draft_id, lambda draft: _save_typed(form, draft, posted) if form else _save_words(draft, posted))
    except TurnLost:
        return jsonify(lost=True, holder="")
    except NotAllowed:
        holder = _require(draft_id).desk.actor
        return jsonify(lost=True, holder=_names().get(holder, holder))
    return jsonify(lost=False)


@officer.post("/assist/<draft_id>/page/<page>/do/<act>")
@allow("officer")
def assist_act(draft_id: str, page: str, act: str) -> Answer:
    """Apply a secondary button: one of `desk_form.BUTTONS`, add a row, or remove one."""
    assisted = _require(draft_id)
    form = _form(assisted, page)
    if form is None or act not in {*desk_form.BUTTONS, "add", "remove"}:
        raise NotFound
    step = form.page.step
    if act == "add":
        rows = len(assisted.draft.answers.get(step.rows) or [])
        return redirect(page_url(draft_id, f"{step.id}.{rows}"), 303)
    if act == "remove":
        _change(draft_id, lambda draft: buttons.remove_row(draft, form.page))
        return redirect(page_url(draft_id, step.id), 303)
    _change(draft_id, lambda draft: desk_form.BUTTONS[act](form.procedure, draft, form.page))
    return redirect(page_url(draft_id, _next_id(_require(draft_id), page)), 303)


@officer.route("/assist/<draft_id>/page/<page>/pick/<key>", methods=["GET", "POST"])
@allow("officer")
def assist_pick(draft_id: str, page: str, key: str) -> Answer | str:
    """Show the wards, ethnic groups or countries that match; keep the chosen one."""
    assisted = _require(draft_id)
    form = _form(assisted, page)
    if form is None:
        raise NotFound
    field = picker.picked_field(form.procedure, key)
    if request.method == "POST":
        address = picker.apply_choice(
            form,
            assisted.draft,
            field=field,
            posted=request.form,
            update_draft=lambda change: _change(draft_id, change),
        )
        return redirect(address, 303)
    pick = picker.picker_page(form, assisted.draft, field=field, query=PickQuery.of(request.args))
    turn = view.turn_box(draft_id)
    return render("officer/assist_pick.html", pick=pick, turn=turn, folded=folded_queue(), _=translator("vi"))


@officer.get("/assist/<draft_id>/page/<page>/pick/<key>/rows")
@allow("officer")
def assist_rows(draft_id: str, page: str, key: str) -> str:
    """Return the rows that match what is typed."""
    assisted = _require(draft_id)
    form = _form(assisted, page)
    if form is None:
        raise NotFound
    field = picker.picked_field(form.procedure, key)
    pick = picker.picker_page(form, assisted.draft, field=field, query=PickQuery.of(request.args))
    return render("citizen/pick_rows.html", pick=pick, _=translator("vi"))


@officer.route("/assist/<draft_id>/review", methods=["GET", "POST"])
@allow("officer")
def assist_review(draft_id: str) -> Answer | str:
    """Show all answers to read back; keep the facts about the help, and submit."""
    assisted = _load(draft_id)
    if isinstance(assisted, str):
        return redirect(assisted, 303)
    if request.method == "GET":
        return _show_review(assisted)
    posted = request.form.to_dict()
    with desk_posts.earlier_write(context()):
        _change(draft_id, lambda draft: _save_review(assisted.procedure, draft, posted))
    if posted.get("then") in LEAVING:
        return leave_to_screen(draft_id, REVIEW, posted["then"])
    return redirect(_submit(_require(draft_id)), 303)


@officer.post("/assist/<draft_id>/take")
@allow("officer")
def assist_take(draft_id: str) -> Answer:
    """Give the draft to this officer; the officer before sees it read-only."""
    desk_drafts.take_over(context(), draft_id, sitting().person.code, sitting().counter)
    return redirect(url_for("officer.assist", draft_id=draft_id), 303)


@officer.post("/assist/<draft_id>/drop")
@allow("officer")
def assist_drop(draft_id: str) -> Answer:
    """Delete the draft with everything that was typed."""
    desk_drafts.delete(context(), draft_id, sitting().person.code)
    return redirect(url_for("officer.desk", said="assist-dropped"), 303)


# --- loading


def _load(draft_id: str) -> AssistedDraft | str:
    """Return a draft at the desk; where it was submitted, the URL of its case.

    A draft whose version of the form is gone is migrated; the page that follows says so.
    """
    try:
        return desk_drafts.load(context(), draft_id)
    except AlreadySubmitted as submitted:
        return url_for("officer.case", submission_id=str(submitted.submission_id))
    except FormChanged:
        desk_drafts.migrate(context(), draft_id)
        return page_url(draft_id, first_open(_require(draft_id)), lacks=MIGRATED)


def _require(draft_id: str) -> AssistedDraft:
    return desk_drafts.load(context(), draft_id)


def _form(assisted: AssistedDraft, page_id: str) -> FormContext | None:
    today = context().clock.today()
    page = desk_form.find_page(assisted.procedure, assisted.draft, page_id, today)
    if page is None:
        return None
    draft_id = assisted.desk.draft_id
    return FormContext(
        procedure=assisted.procedure,
        page=page,
        check_context=context().check_context,
        lang="vi",
        birth_places=context().config.birth_places,
        urls=FormUrls("officer.assist_", {"draft_id": draft_id}, page_url(draft_id, REVIEW), reads_cards=False),
    )


def _page_id(form: FormContext) -> str:
    """Return the id of a page in its URL: at the desk a step with a person is one page."""
    return form.page.step.id if form.page.part == journey.WHOLE else form.page.id


def _next_id(assisted: AssistedDraft, page_id: str) -> str:
    """Return the page after a page; the last one is `REVIEW`."""
    steps = [step.id for step in assistance.asked_steps(context(), assisted.procedure, assisted.draft)]
    step_id = page_id.partition(".")[0]
    at = steps.index(step_id) if step_id in steps else len(steps)
    return steps[at + 1] if at + 1 < len(steps) else REVIEW


# --- saving


def _change(draft_id: str, change: Callable[[Draft], Result]) -> Result:
    return desk_drafts.update_draft(context(), draft_id, sitting().person.code, change, turn=posted_turn())


def _save(form: FormContext, draft: Draft, posted: dict[str, str]) -> FieldErrors:
    """Keep the answers of a page and the facts about the help; a page with errors is not read back."""
    errors = desk_form.apply_page(form, draft, posted)
    _save_help(draft, form.page.step.id, {**posted, "read_back": ""} if errors else posted)
    return errors


def _save_typed(form: FormContext, draft: Draft, posted: dict[str, str]) -> None:
    step_id = form.page.step.id
    parsing.save_typed(form, draft, posted)
    # A person's page at the desk stands for all parts of the person at the screen: none of them is finished now.
    draft.done[:] = [page_id for page_id in draft.done if page_id.partition(".")[0] != step_id]
    _save_help(draft, form.page.step.id, {**posted, "read_back": ""})


def _save_words(draft: Draft, posted: dict[str, str]) -> None:
    """Save the facts about the help that are typed on the page to read back; it is read back when it is sent."""
    _save_help(draft, REVIEW, {**posted, "read_back": ""})


def _scan(form: FormContext, draft: Draft, posted: dict[str, str]) -> str:
    """Save what was typed, then fill in the person of the page from the card."""
    _save_typed(form, draft, {name: value for name, value in posted.items() if name != "line"})
    return desk_form.apply_card(form, draft, posted["line"])


def _save_help(draft: Draft, page_id: str, posted: dict[str, str]) -> None:
    """Keep why the officer helps, who came, how it is signed, and whether this page was read back."""
    for name, known in (
        ("reason", assistance.REASONS),
        ("comes", assistance.COMES),
        ("signature", dict.fromkeys(get_args(SignatureWay))),
    ):
        if posted.get(name) in known:
            draft.help[name] = posted[name]
    for name in ("words", "submitter"):
        if name in posted:
            draft.help[name] = viet_text.clean(posted[name])[: assistance.LONGEST_WORDS]
    is_read = bool(posted.get("read_back"))
    if is_read and page_id not in draft.read_back:
        draft.read_back.append(page_id)
    elif not is_read and page_id in draft.read_back:
        draft.read_back.remove(page_id)


def _save_review(procedure: Procedure, draft: Draft, posted: dict[str, str]) -> None:
    """Keep the facts about the help; a form that asks how it is signed gets that answer too."""
    _save_help(draft, REVIEW, posted)
    way = FORM_WAYS.get(draft.help.get("signature", ""))
    if way and SIGNED_BY in procedure.by_key:
        draft.put(SIGNED_BY, way)


def _after(assisted: AssistedDraft, form: FormContext, posted: dict[str, str]) -> str:
    """Return the URL that a posted page leads to."""
    draft_id = assisted.desk.draft_id
    step = form.page.step
    if posted.get("then") == "submit":
        return _submit(assisted)
    residence = step.person.fills.get("residence", "") if step.person else ""
    if residence and posted.get(residence + STAY) == MOVED:
        return form.urls.url_of("pick", page=form.page.step.id, key=residence)
    if step.rows and form.page.part:
        return page_url(draft_id, step.id)
    if posted.get("then") == "stay":
        return page_url(draft_id, step.id)
    return page_url(draft_id, _next_id(assisted, step.id))


def _submit(assisted: AssistedDraft) -> str:
    """Submit the form and return the URL of its case; or that of the first page that lacks something."""
    draft_id = assisted.desk.draft_id
    try:
        filed = desk_drafts.submit(context(), draft_id, sitting().person.code, turn=posted_turn())
    except NotReady as error:
        return page_url(draft_id, error.step, lacks=error.need)
    except UnfinishedForm as error:
        return page_url(draft_id, REVIEW, lacks="checks") if error.failed_checks else page_url(draft_id, REVIEW)
    except AlreadySubmitted:
        return url_for("officer.desk")
    return _case_url(filed)


def _case_url(filed: FilingResult) -> str:
    """Return the desk where the form's number is at this counter; elsewhere the case, opened for this officer."""
    number = sitting().counter
    with context().store.read() as db:
        ticket = tickets.at_counter(db, context().clock.today(), number) if number is not None else None
        label = given.label if (given := tickets.of_submission(db, filed.submission.id)) else ""
    if ticket is not None and ticket.submission_id == filed.submission.id:
        return url_for("officer.desk", said="assisted", number=label)
    lookups.open_case(context(), filed.submission.id, reason="check", words="", officer_session=officer_session())
    return url_for("officer.case", submission_id=filed.submission.id, said="assisted", number=label)


# --- showing


def _show(assisted: AssistedDraft, form: FormContext, errors: FieldErrors) -> str:
    step = form.page.step
    urls = form.urls
    person = step.person
    part = form.page.part
    is_row = part.isascii() and part.isdigit()
    acts = [("skip", person.skip), ("same", person.same)] if person and not is_row else []
    page_id = _page_id(form)
    names = _names()
    shown = rendering.step_page(context(), form, assisted.draft, errors=errors)
    frame = view.frame(assisted, page_id, names, sitting().person.code)
    return render(
        "officer/assist.html",
        step=shown,
        form_page=page_id,
        frame=frame,
        turn=frame.turn,
        sources={q.key: view.source_of(assisted, q.key, names) for q in shown.all_questions},
        old_ward=desk_form.old_ward(form, assisted.draft, errors),
        reads_card=desk_form.person_of(form.procedure, form.page) is not None,
        is_skipped=step.id in assisted.draft.skipped,
        person_acts=[(label.vi, urls.url_of("act", page=step.id, act=act)) for act, label in acts if label],
        message=_message(assisted),
        card_message=desk_form.CARD_MESSAGES.get(request.args.get("said", ""), ""),
        is_card_read=request.args.get("said") == desk_form.CARD_READ,
        folded=folded_queue(),
        _=translator("vi"),
    )


def _show_review(assisted: AssistedDraft) -> str:
    names = _names()
    frame = view.frame(assisted, REVIEW, names, sitting().person.code)
    today = context().clock.today()
    known = journey.answers_with_situations(assisted.procedure, assisted.draft, today)
    return render(
        "officer/assist_review.html",
        frame=frame,
        turn=frame.turn,
        groups=answer_groups(assisted, names),
        oath=has_oath(assisted.procedure, known, today),
        comes=assistance.COMES,
        signatures=SIGNATURES,
        message=_message(assisted),
        folded=folded_queue(),
        _=translator("vi"),
    )


def _message(assisted: AssistedDraft) -> str:
    """Return the sentence about what the form lacks, where Submit has led to this page."""
    need = request.args.get("lacks", "")
    if need == "checks":
        return "Chưa nộp được: có chỗ chưa khớp nhau, xem các dòng đánh dấu ở dưới."
    if need == MIGRATED:
        return "Mẫu tờ khai vừa đổi. Mẫu mới vẫn dùng được phần đã khai; xem tiếp rồi đọc lại từng trang."
    if need not in view.NEEDS:
        return ""
    page_id = (request.view_args or {}).get("page", REVIEW)
    return view.NEEDS[need].format(title=view.step_title(assisted, page_id))


def _names() -> dict[str, str]:
    with context().store.read() as db:
        return staff.names(db)
