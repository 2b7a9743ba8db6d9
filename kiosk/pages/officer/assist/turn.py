"""A citizen's draft at the desk: open it, whose turn it is, what is typed meanwhile, and back to its screen.

The page of `assist` shows the draft; here are the turn and what the page's script asks for. A page that asks by itself
is no activity of the officer, but it is the sign for the screen that the desk is there.
"""

import hashlib

from flask import jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import desk_drafts as desk_draft_acts
from kiosk.acts import desk_posts, draft_turns, kept_forms, lookups
from kiosk.acts.draft_turns import Desk
from kiosk.base import codes
from kiosk.base.errors import AlreadySubmitted, DraftElsewhere, DraftGone, NotAllowed, NotFound, TurnLost
from kiosk.dossiers.assistance import REVIEW
from kiosk.pages.access import allow, context
from kiosk.pages.forms import parsing
from kiosk.pages.officer.assist.view import page_url
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.pages.officer.session.case_users import users_by_subject
from kiosk.procedures.model import Field
from kiosk.records import desk_drafts, drafts, help_calls, kept_drafts, screen_covers, sessions, tickets

LEAVING = {"give", "screen"}
"""Buttons of a page that give the turn to the screen: for a while, or for good."""
NAME_REASONS = {
    "here": "Người dân đang ở quầy, nhờ khai tiếp",
    "screen": "Người dân đang ở máy, gọi giúp",
    "phone": "Người dân gọi điện hỏi",
    "check": "Soát lại việc đã làm ở quầy",
}
"""Why an officer opens a form that was found by a name; the trail keeps it with the form."""


def posted_turn() -> int:
    """Return the number of the turn that the posted page was shown in; 0 for a draft that no screen has."""
    return codes.parse_number(request.form.get("turn", ""), 0)


@officer.post("/assist/open")
@allow("officer")
def assist_open() -> Answer | str | tuple[str, int]:
    """Open a citizen's draft at this desk: that of a call, a number or a slip, or one that was found."""
    draft_id, is_found = _posted_draft()
    desk = Desk(officer=sitting().person.code, counter=sitting().counter, ticket_id=ticket_without_form())
    is_forced = request.form.get("take") == "1"
    needs_reason = is_found and not (is_forced and _is_at_another_desk(draft_id))
    reason = _reason() if needs_reason else ""
    try:
        draft_turns.open_at_desk(context(), draft_id, desk, is_forced=is_forced, reason=reason)
    except DraftElsewhere as elsewhere:
        return render("officer/assist_elsewhere.html", text=elsewhere.vi, draft_id=draft_id), elsewhere.status
    page, _focus = context().presence.page(draft_id, "screen")
    if page:
        return redirect(page_url(draft_id, page.partition(".")[0]), 303)
    return redirect(url_for("officer.assist", draft_id=draft_id), 303)


def _reason() -> str:
    """Return why a draft is opened that was found by a name, whose person did not call or come with a number or slip.

    Raises:
        NotAllowed: none was chosen.
    """
    reason = request.form.get("reason", "")
    if reason not in NAME_REASONS:
        raise NotAllowed("Mời chọn vì sao mở tờ khai này.", "Please say why this form is opened.")
    return reason


def _is_at_another_desk(draft_id: str) -> bool:
    """Return whether another officer has the draft: taking it over is an act of its own in the trail."""
    with context().store.read() as db:
        desk_draft = desk_drafts.find(db, draft_id)
    return desk_draft is not None and desk_draft.actor != sitting().person.code


def _posted_draft() -> tuple[str, bool]:
    """Return the draft of the posted call, number, slip, or draft, and whether it was found by a name alone.

    Raises:
        NotFound: there is no draft for it.
    """
    posted = request.form
    brought = ""
    if posted.get("slip"):
        code = codes.parse_kept_code(posted["slip"][:80])
        with desk_posts.earlier_write(context()):
            brought = kept_forms.resume_at_desk(context(), code, sitting().person.code) if code else ""
    with context().store.read() as db:
        if posted.get("ticket"):
            brought = kept_drafts.draft_of_ticket(db, posted["ticket"]) or ""
        if posted.get("call"):
            call = help_calls.find(db, codes.parse_number(posted["call"]))
            session = sessions.find(db, call.session, "citizen") if call else None
            brought = (session.draft_id if session else None) or (call.draft_id if call else None) or brought
        try:
            return drafts.read(db, brought or posted.get("draft", "")).id, not brought
        except DraftGone as gone:
            raise NotFound(
                "Không có bản khai dở nào như thế: người dân đã gửi, đã xóa, hoặc mã gõ chưa đúng.",
                "There is no such form in progress.",
            ) from gone


def ticket_without_form() -> str | None:
    """Return the number at this counter, where it has no form yet: the draft will belong to it."""
    number = sitting().counter
    if number is None:
        return None
    with context().store.read() as db:
        ticket = tickets.at_counter(db, context().clock.today(), number)
    return ticket.id if ticket is not None and ticket.submission_id is None else None


@officer.get("/assist/<draft_id>/turn")
@allow("officer")
def assist_turn(draft_id: str) -> Answer:
    """Return whose turn it is, and the version of what the page would show."""
    app = context()
    try:
        assisted = desk_draft_acts.load(app, draft_id)
        with app.store.read() as db:
            body = drafts.read(db, draft_id).body
            session = sessions.of_draft(db, draft_id)
            covered = session is not None and screen_covers.find(db, session.id) is not None
    except (AlreadySubmitted, DraftGone):
        return jsonify(go=url_for("officer.assist", draft_id=draft_id))
    turn = draft_turns.find_turn(app, draft_id)
    is_mine = assisted.desk.actor == sitting().person.code
    now = app.clock.monotonic()
    if is_mine:
        app.presence.show(
            draft_id,
            "desk",
            now,
            page=request.args.get("page", "")[:80],
            focus=request.args.get("focus", "")[:80],
        )
    if turn is None:
        return jsonify(mine=is_mine, away="", left=False, version=hashlib.sha256(body).hexdigest()[:16])
    if not turn.is_at_desk:
        return jsonify(go=url_for("officer.desk", said="assist-returned"))
    is_silent = app.presence.silent_seconds(draft_id, "screen", now) >= draft_turns.SILENT_SECONDS
    page, focus = app.presence.page(draft_id, "screen")
    step_id = page.partition(".")[0]
    return jsonify(
        turn=turn.turn,
        mine=is_mine and turn.holder == "desk",
        asked=turn.is_asked,
        away="" if session is None else "covered" if covered else "silent" if is_silent else "",
        left=session is None,
        focus=focus,
        page=step_id,
        url=page_url(draft_id, step_id) if step_id in assisted.procedure.by_step else "",
        version=hashlib.sha256(body).hexdigest()[:16],
    )


@officer.post("/assist/<draft_id>/turn/<act>")
@allow("officer")
def assist_turn_act(draft_id: str, act: str) -> Answer:
    """Ask the citizen for the turn, or end the desk's part."""
    actor = sitting().person.code
    page = request.form.get("page", "")[:80]
    if act == "ask":
        draft_turns.ask(context(), draft_id, actor)
        return redirect(page_url(draft_id, page) if page else url_for("officer.assist", draft_id=draft_id), 303)
    if act == "end":
        return leave_to_screen(draft_id, page, "screen")
    raise NotFound


def leave_to_screen(draft_id: str, page: str, then: str) -> Answer:
    """Give the turn to the screen; `then` is "give" to watch on, "screen" to end the desk's part."""
    actor = sitting().person.code
    if then == "give":
        draft_turns.give_back(context(), draft_id, actor)
        return redirect(page_url(draft_id, page), 303)
    turn = draft_turns.end(context(), draft_id, actor)
    if turn is not None and turn.officer == actor:
        raise NotAllowed(
            "Người dân đã rời máy, nên bản khai ở lại quầy: nộp, giữ lại hoặc xóa tại đây.",
            "The citizen has left the screen: the form stays at the desk.",
        )
    return redirect(url_for("officer.desk", said="assist-returned"), 303)


@officer.post("/assist/find")
@allow("officer")
def assist_find() -> str:
    """Find drafts in progress by a person's whole name."""
    name = request.form.get("name", "")[:80]
    found = lookups.find_drafts(context(), name, sitting().person.code)
    return render(
        "officer/assist_found.html",
        name=name,
        found=found,
        reasons=NAME_REASONS,
        users=users_by_subject(sitting().person.code),
    )


@officer.errorhandler(TurnLost)
def turn_lost(error: TurnLost) -> tuple[str, int]:
    """Say that the citizen has the turn, and show what was typed and not written."""
    draft_id = str((request.view_args or {}).get("draft_id", ""))
    assisted = desk_draft_acts.load(context(), draft_id)
    texts = [
        (field.label.vi, _words_of(field, text.strip()[: parsing.MAX_TYPED_LENGTH]))
        for key, text in request.form.items()
        if (field := assisted.procedure.by_key.get(key.partition(".")[0])) is not None
        and text.strip() not in ("", str(assisted.draft.get(key)))
    ]
    page = str((request.view_args or {}).get("page", REVIEW))
    url = page_url(draft_id, page)
    return render("officer/turn_lost.html", text=error.vi, code=error.code, texts=texts, url=url), error.status


def _words_of(field: Field, text: str) -> str:
    """Return what an officer typed, or the label of the option that they chose."""
    return next((option.label.vi for option in field.options if option.id == text), text)
