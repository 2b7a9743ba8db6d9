"""Lead's page of the call-back list: who asked to be called when a class is near, and what came of the calls."""

from collections.abc import Callable

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import call_backs, lookups
from kiosk.base import clock
from kiosk.base.errors import NotAllowed, NotFound
from kiosk.context import Context
from kiosk.dossiers import call_back_list, class_seats
from kiosk.dossiers.call_back_list import CallBackEntry
from kiosk.pages.access import allow, context
from kiosk.pages.officer.lead.figure_files import workbook_response
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.procedures.kinds.sessions import session_text
from kiosk.records.call_backs import SETTLED_DAYS, WAITING_DAYS
from kiosk.vietnam import phones


@officer.get("/training/calls")
@allow("lead")
def class_calls() -> str:
    """Show the list, and the sessions to which people can be invited."""
    return _page()


@officer.post("/training/calls/<submission_id>/<act>")
@allow("lead")
def class_call_act(submission_id: str, act: str) -> Answer | str:
    """Note what came of a call; an error is shown beside the list."""
    actor = sitting().person.code
    try:
        if act == "invite":
            call_backs.invite(context(), submission_id, session=request.form.get("session", ""), actor=actor)
        elif act in ACTS:
            ACTS[act](context(), submission_id, actor)
        else:
            raise NotFound
    except NotAllowed as error:
        return _page(wrong=error.vi)
    return redirect(url_for("officer.class_calls"), 303)


ACTS: dict[str, Callable[[Context, str, str], None]] = {
    "missed": call_backs.note_try,
    "decline": call_backs.decline,
    "back": call_backs.put_back,
}


@officer.get("/training/calls.xlsx")
@allow("lead")
def class_calls_book() -> Response:
    """Return the list as a workbook."""
    from kiosk.papers import class_papers  # imports the A4 layout, which would slow down the start

    entries = call_back_list.entries(context())
    today = context().clock.today()
    lookups.record_export(context(), "class calls xlsx", (today, today), rows=len(entries), actor=sitting().person.code)
    table = class_papers.call_back_table(entries, today)
    return workbook_response([table], f"cho-goi-{today}", is_practice=context().config.kiosk.practice)


def _page(wrong: str = "") -> str:
    entries = call_back_list.entries(context())
    call_backs.record_view(context(), len(entries), sitting().person.code)
    return render(
        "officer/class_calls.html",
        waiting=[_row(entry) for entry in entries if entry.call_back.outcome is None],
        settled=[_row(entry) for entry in entries if entry.call_back.outcome],
        sessions=_free_sessions(),
        wrong=wrong,
        waiting_days=WAITING_DAYS.days,
        settled_days=SETTLED_DAYS.days,
    )


def _free_sessions() -> list[tuple[str, str]]:
    """Return the id and the words of each session with seats; its place only where there are several."""
    free = {session: left for session, left in class_seats.seats_left(context()).items() if left > 0}
    has_places = len({session.partition(" ")[2] for session in free}) > 1
    rows = []
    for session, left in sorted(free.items()):
        day = session_text(session).removesuffix(f", {session.partition(' ')[2]}")
        place = f", {session.partition(' ')[2]}" if has_places else ""
        rows.append((session, f"{day}, còn {left} chỗ{place}"))
    return rows


def _row(entry: CallBackEntry) -> dict[str, str | int]:
    call_back = entry.call_back
    return {
        "id": call_back.submission_id,
        "name": entry.person.name,
        "born": entry.person.birth_year,
        "phone": phones.grouped(entry.person.phone),
        "group": entry.person.group,
        "wishes": entry.person.wishes,
        "since": f"{clock.local(call_back.added_at):%d/%m}",
        "tries": call_back.tries,
        "tried": f"{clock.local(call_back.tried_at):%H:%M %d/%m}" if call_back.tried_at else "",
        "result": _result(entry),
    }


def _result(entry: CallBackEntry) -> str:
    if entry.call_back.outcome == "invited":
        return f"Đã xếp: {session_text(entry.session)}" if entry.session else "Đã xếp buổi"
    return "Thôi, không học nữa"
