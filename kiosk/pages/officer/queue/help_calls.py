"""Calls from touchscreens on every page of the desk: the panel, the answer, the digits that open a covered screen.

The first officer who answers gets the call; the others see for a minute who it was.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, jsonify, render_template, url_for
from sqlite_utils import Database
from werkzeug.wrappers import Response as Answer

from kiosk.acts import help_calls as help_call_acts
from kiosk.dossiers import help_calls
from kiosk.pages.access import BESIDE_PREFIX, allow, context
from kiosk.pages.officer.session.blueprint import csrf, officer, sitting
from kiosk.procedures.model import Procedure
from kiosk.records import help_calls as help_call_records
from kiosk.records import screen_covers, sessions, staff, touchscreens
from kiosk.records.help_calls import OfficerCall
from kiosk.vietnam.calendar import time_of_day

ELSEWHERE_SHOWN = timedelta(minutes=1)
"""For so long the other desks are told who answered a call."""
PUT_AWAY_SHOWN = timedelta(hours=4)
PRACTISING = "Đang tập khai thử"
LAST_SHOWN = timedelta(hours=2)
OPEN_AT_DESK = "officer.assist_open"
"""Endpoint that opens a citizen's form at the desk."""


@dataclass(frozen=True)
class CallRow:
    """A call in the panel.

    `kind` is "new" for a call that nobody answered, "own" for one that this officer answered, "other" for one that
    another officer answered a moment ago, "away" for a form that was put away after the longest wait.
    """

    id: int
    kind: str
    screen: str
    at: str
    seconds: int
    procedure: str
    step: str
    is_covered: bool
    is_practising: bool
    officer: str = ""
    counter: int | None = None
    state: str = ""
    code: str = ""
    code_until: str = ""
    draft_id: str | None = None


@dataclass(frozen=True)
class ScreenRow:
    """A touchscreen in the list: what is done there, and whether it calls."""

    name: str
    procedure: str
    is_calling: bool


@officer.get("/calls")
@allow("officer")
def help_calls_panel() -> str:
    """Return the panel of calls, which every page of the desk asks for every 2 s."""
    rows = call_rows()
    return render_template(
        "officer/help_calls.html",
        rows=rows,
        waiting=sum(row.kind == "new" for row in rows),
        csrf=csrf(),
        assist_url=url_for(OPEN_AT_DESK) if OPEN_AT_DESK in current_app.view_functions else "",
    )


@officer.get("/calls/count")
@allow("officer")
def help_waiting() -> Answer:
    """Return how many calls wait; a locked desk rings too."""
    with context().store.read() as db:
        return jsonify(waiting=sum(call.answered_at is None for call in help_call_records.open_calls(db)))


@officer.post("/calls/<int:call_id>/seen")
@allow("officer")
def help_seen(call_id: int) -> Answer:
    """Record that an officer is at a page that shows a call."""
    return jsonify(changed=help_call_acts.see(context(), call_id, sitting().person.code))


@officer.post("/calls/<int:call_id>/come")
@allow("officer")
def help_come(call_id: int) -> str:
    """Answer a call: its screen says who comes, and the panel shows the digits that open it."""
    help_call_acts.answer(context(), call_id, sitting().person.code, sitting().counter)
    return help_calls_panel()


@officer.post("/calls/<int:call_id>/code")
@allow("officer")
def help_code(call_id: int) -> str:
    """Give the officer who comes new digits."""
    help_call_acts.renew_code(context(), call_id, sitting().person.code)
    return help_calls_panel()


@officer.post("/calls/<int:call_id>/end")
@allow("officer")
def help_end(call_id: int) -> str:
    """End a call."""
    help_call_acts.finish(context(), call_id, sitting().person.code)
    return help_calls_panel()


def call_rows() -> list[CallRow]:
    """Return the rows of the panel: calls that wait and this officer's, oldest first; then news of other desks."""
    now = context().clock.now()
    me = sitting().person.code
    with context().store.read() as db:
        open_calls = help_call_records.open_calls(db)
        put_away = help_call_records.put_away(db, now - PUT_AWAY_SHOWN)
        if not (open_calls or put_away):
            return []
        covered = screen_covers.covered_sessions(db)
        names = staff.names(db)
    rows = []
    for call in open_calls:
        if call.answered_at is None:
            rows.append(_row(call, "new", now, names, is_covered=call.session in covered))
        elif call.officer == me:
            rows.append(_row(call, "own", now, names, is_covered=call.session in covered))
    for call in open_calls:
        if call.answered_at and call.officer != me and timedelta() <= now - call.answered_at < ELSEWHERE_SHOWN:
            rows.append(_row(call, "other", now, names))
    return rows + [_row(call, "away", now, names) for call in put_away]


def screen_rows(db: Database, open_calls: Iterable[OfficerCall]) -> list[ScreenRow]:
    """Return the touchscreens of the ward by name: filling in, calling, or free."""
    config = context().config
    names = {config.screen.name}
    names |= {screen.name for screen in touchscreens.list_all(db, context().clock.now()) if screen.is_open}
    in_use = {use.screen: use for use in sessions.screens_in_use(db)}
    calling = {call.screen for call in open_calls}
    practising = {visit.screen for visit in context().practice_visits.list_all(context().clock.now())}
    rows = []
    for name in sorted(names):
        use = in_use.get(name)
        procedure = context().catalogue.version(use.procedure, use.version) if use else None
        words = PRACTISING if name in practising else ""
        rows.append(ScreenRow(name, procedure.short.vi if procedure else words, name in calling))
    return rows


def last_call_text(db: Database) -> str:
    """Return who answered the last call and after how many minutes; empty for none."""
    call = help_call_records.last_answered(db, context().clock.now() - LAST_SHOWN)
    if call is None or call.answered_at is None:
        return ""
    minutes = int((call.answered_at - call.since).total_seconds() // 60)
    after = f"sau {minutes} phút" if minutes > 0 else "ngay"
    name = staff.names(db).get(call.officer or "", "").rpartition(" ")[2]
    return f"{time_of_day(call.since)}, {call.screen}. Cán bộ {name} trả lời {after}."


def _row(call: OfficerCall, kind: str, now: datetime, names: dict[str, str], *, is_covered: bool = False) -> CallRow:
    procedure = context().catalogue.version(call.procedure, call.version or "") if call.procedure else None
    code = help_calls.officer_code(context(), call) if kind == "own" else ""
    code_until = call.code_at + timedelta(minutes=help_calls.CODE_MINUTES) if call.code_at else None
    return CallRow(
        id=call.id,
        kind=kind,
        screen=call.screen,
        at=time_of_day(call.ended_at or call.since) if kind == "away" else time_of_day(call.since),
        seconds=max(0, int((now - call.since).total_seconds())),
        procedure=procedure.short.vi if procedure else "",
        step=_step_words(call, procedure),
        is_covered=is_covered,
        is_practising=call.place.startswith(BESIDE_PREFIX),
        officer=names.get(call.officer or "", "").rpartition(" ")[2],
        counter=call.counter,
        state=call.state,
        code=code,
        code_until=time_of_day(code_until) if code and code_until else "",
        draft_id=call.draft_id,
    )


def _step_words(call: OfficerCall, procedure: Procedure | None) -> str:
    if procedure is None or call.step is None:
        return ""
    step_id = call.place.rpartition("/")[2].partition(".")[0]
    step = procedure.by_step.get(step_id)
    title = f", {step.title.vi}" if step else ""
    return f"phần {call.step} trên {call.steps}{title}"
