"""A draft that a desk has opened, at the citizen's screen: the page to watch, the turn, and what is typed meanwhile.

Both sides ask for the state once in a while, every 0.6 s while the draft is shared. A page carries the number of the
turn that it was shown in; a post of an older page changes nothing and gets a message with what was typed.
"""

import hashlib
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import applying, draft_turns
from kiosk.base import codes
from kiosk.base.errors import AlreadySubmitted, DraftGone, NotFound, TurnLost
from kiosk.base.i18n import translator
from kiosk.dossiers.sealed_drafts import OpenedDraft
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.open_form import find_page, first_unfinished_url, form_context, open_form, posted_turn
from kiosk.pages.forms import parsing
from kiosk.pages.forms.together_view import TogetherView, short_name, together_view
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.model import Procedure
from kiosk.records import staff
from kiosk.records.draft_turns import DraftTurn

TYPING_PAGES = {
    "citizen.step",
    "citizen.act",
    "citizen.pick",
    "citizen.rows",
    "citizen.say",
    "citizen.card",
    "citizen.changed",
    "citizen.missing",
    "citizen.check",
    "citizen.need",
}
"""Pages that lead to the shared page while the desk types."""


@citizen.before_request
def watch_desk() -> Answer | None:
    """Lead to the shared page while the desk has the turn; note that the screen is there."""
    if visitor().draft_id is None or request.method != "GET" or request.endpoint not in TYPING_PAGES:
        return None
    turn = draft_turns.find_turn(context(), visitor().draft_id or "")
    if turn is None or turn.holder == "screen":
        return None
    return redirect(url_for("citizen.together"), 303)


@citizen.get("/form/together")
@allow("citizen")
def together() -> Answer | str:
    """Show what the desk types; without a desk that types, the form goes on here."""
    opened, procedure = open_form()
    turn = draft_turns.find_turn(context(), opened.id)
    if turn is None or turn.holder == "screen":
        return redirect(_own_url(opened, procedure), 303)
    number, total = _page_number(opened, procedure)
    return render(
        "citizen/together.html",
        procedure=procedure.short.of(visitor().lang),
        part_name=_part_name(opened, procedure),
        number=number,
        total=total,
        step_id=_step_id(opened),
        view=_view(opened, procedure),
        officer=_officer(turn),
        counter=turn.counter,
    )


@citizen.get("/form/turn")
@allow("citizen")
def turn_state() -> Answer:
    """Return whose turn it is and, where the page shows something older, what to show.

    Query: `seen` is the version that the page shows, `page` the page of the form, `notices` whether it has the notices.
    """
    try:
        opened, procedure = open_form()
    except AlreadySubmitted:
        return jsonify(go=url_for("citizen.done"))
    except DraftGone:
        return jsonify(go=url_for("citizen.start"))
    app = context()
    now = app.clock.monotonic()
    page = request.args.get("page", "")[:80]
    if page:
        app.presence.show(opened.id, "screen", now, page=page)
    else:
        app.presence.note(opened.id, "screen", now)
    turn = draft_turns.find_turn(app, opened.id)
    if turn is None or not turn.is_at_desk:
        return jsonify(shared=False, mine=True, turn=turn.turn if turn else 0)
    state: dict[str, Any] = {
        "shared": True,
        "mine": turn.holder == "screen",
        "turn": turn.turn,
        "officer": _officer(turn),
        "silent": app.presence.silent_seconds(opened.id, "desk", now) >= draft_turns.SILENT_SECONDS,
        "ask": {"no": turn.ask_no, "granted": app.presence.is_granted(opened.id, turn.ask_no)}
        if turn.is_asked
        else None,
    }
    _ = translator(visitor().lang)
    if not request.args.get("notices"):
        state["notices"] = render_template("parts/turn_notices.html", _=_)
    if turn.holder == "desk":
        view = _view(opened, procedure)
        html = render_template("parts/together_now.html", view=view, officer=_officer(turn), _=_)
        version = hashlib.sha256(html.encode()).hexdigest()[:16]
        state["version"] = version
        state["step"] = _step_id(opened)
        if version != request.args.get("seen"):
            state["html"] = html
    return jsonify(state)


@citizen.post("/form/turn/<act>")
@allow("citizen")
def turn_act(act: str) -> Answer:
    """Take the turn, or answer the desk's question for it with what stands in the boxes of the page."""
    opened, procedure = open_form()
    ask_no = codes.parse_number(request.form.get("ask", ""), 0)
    if act == "take":
        draft_turns.take(context(), opened.id)
    elif act == "grant":
        change = _boxes_change(opened, procedure, request.form.get("page", ""))
        draft_turns.answer(context(), opened.id, ask_no, is_granted=True, change=change)
    elif act == "refuse":
        draft_turns.answer(context(), opened.id, ask_no, is_granted=False)
    else:
        raise NotFound
    if request.accept_mimetypes.best == "application/json":
        turn = draft_turns.find_turn(context(), opened.id)
        is_mine = turn is None or turn.holder == "screen"
        return jsonify(mine=is_mine, go=_own_url(opened, procedure) if is_mine else url_for("citizen.together"))
    return redirect(_own_url(opened, procedure), 303)


@citizen.post("/form/<page>/live")
@allow("citizen")
def live(page: str) -> Answer:
    """Store what stands in the boxes while the citizen types: the desk sees it, and a change of hands keeps it."""
    opened, procedure = open_form()
    change = _boxes_change(opened, procedure, page)
    if change is None:
        raise NotFound
    context().presence.show(
        opened.id, "screen", context().clock.monotonic(), page=page, focus=request.form.get("focus", "")[:80]
    )
    try:
        applying.update_draft(context(), opened.id, change, turn=posted_turn())
    except TurnLost:
        return jsonify(lost=True)
    return jsonify(lost=False)


@citizen.errorhandler(TurnLost)
def turn_lost(error: TurnLost) -> tuple[str, int]:
    """Say that the desk has the turn, and show what was typed and not written."""
    _opened, procedure = open_form()
    lang = visitor().lang
    texts = []
    for key, text in request.form.items():
        field = procedure.by_key.get(key.partition(".")[0])
        if field is not None and text.strip():
            texts.append((field.label.of(lang), text.strip()[: parsing.MAX_TYPED_LENGTH]))
    page = render("citizen/turn_lost.html", text=error.en if lang == "en" else error.vi, code=error.code, texts=texts)
    return page, error.status


def _boxes_change(opened: OpenedDraft, procedure: Procedure, page_id: str) -> Any:
    """Return the change that stores the posted boxes of a page; None for a page that the form does not have."""
    page = find_page(procedure, opened.draft, page_id)
    if page is None:
        return None
    form = form_context(procedure, page)
    posted = request.form.to_dict()

    def change(draft: Draft) -> None:
        parsing.save_typed(form, draft, posted)

    return change


def _view(opened: OpenedDraft, procedure: Procedure) -> TogetherView:
    _page, focus = context().presence.page(opened.id, "desk")
    with context().store.read() as db:
        names = staff.names(db)
    return together_view(
        procedure,
        opened.draft,
        procedure.by_step.get(_step_id(opened)),
        focus,
        lang=visitor().lang,
        names=names,
        _=translator(visitor().lang),
    )


def _step_id(opened: OpenedDraft) -> str:
    """Return the step that the desk shows; until it has said so, the one that this screen showed last."""
    presence = context().presence
    page = presence.page(opened.id, "desk")[0] or presence.page(opened.id, "screen")[0]
    return page.partition(".")[0]


def _page_number(opened: OpenedDraft, procedure: Procedure) -> tuple[int, int]:
    step_id = _step_id(opened)
    today = context().clock.today()
    in_order = journey.pages(procedure, opened.draft, today)
    page = next((page for page in in_order if page.step.id == step_id), None)
    return journey.page_number(procedure, opened.draft, today=today, page=page)


def _part_name(opened: OpenedDraft, procedure: Procedure) -> str:
    """Return the name of the part of the form that the desk shows; empty for the page before Submit."""
    step = procedure.by_step.get(_step_id(opened))
    return step.title.of(visitor().lang) if step else ""


def _own_url(opened: OpenedDraft, procedure: Procedure) -> str:
    """Return the page of this screen that asks what the desk has asked last."""
    step_id = _step_id(opened)
    for page in journey.pages(procedure, opened.draft, context().clock.today()):
        if page.step.id == step_id and find_page(procedure, opened.draft, page.id):
            return url_for("citizen.step", page=page.id)
    return first_unfinished_url(procedure, opened.draft)


def _officer(turn: DraftTurn) -> str:
    with context().store.read() as db:
        return short_name(staff.names(db).get(turn.officer or "", turn.officer or ""))
