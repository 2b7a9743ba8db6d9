"""The trainer's page of a lead: who practises at which screen and step, and the papers of the ward's classes.

Who practises is in the memory of this process; a screen has a short code and no name.
"""

from dataclasses import dataclass
from datetime import timedelta

from flask import Response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from kiosk.acts import lookups
from kiosk.context.practice_visits import PracticeVisit
from kiosk.dossiers import call_back_list, class_lists
from kiosk.dossiers.class_lists import ClassSignUps, Participant
from kiosk.pages.access import allow, context
from kiosk.pages.officer.lead.figure_files import pdf_response, workbook_response
from kiosk.pages.officer.session.blueprint import csrf, officer, render, sitting
from kiosk.procedures.kinds.sessions import begins_at, session_text
from kiosk.procedures.practice_tasks import find_task

STUCK_ERRORS = 2
"""Wrong answers at one step from which a screen is shown as stuck."""
STUCK_AFTER = timedelta(minutes=3)
"""Time at one step from which it is."""


@dataclass(frozen=True)
class TrainingRow:
    """A screen of the class: its code, the task, the step, since how many minutes, and why it is stuck."""

    code: int
    screen: str
    task: str
    step: str
    minutes: int
    stuck: str


@officer.get("/training")
@allow("lead")
def training() -> str:
    """Show the screens that practise, and the sessions of the classes."""
    sessions = [_session_row(row) for row in class_lists.sign_ups(context())]
    free = next((row for row in sessions if row["has_seats"]), None)
    waiting = call_back_list.count_waiting(context())
    return render("officer/training.html", rows=training_rows(), sessions=sessions, free=free, waiting=waiting)


@officer.get("/training/live")
@allow("lead")
def training_live() -> str:
    """Return the part of the page that updates itself."""
    return render_template("officer/training_live.html", rows=training_rows(), csrf=csrf())


@officer.post("/training/reset")
@allow("lead")
def training_reset() -> Answer:
    """End the practice of all screens: each goes back to the menu of tasks within seconds."""
    context().practice_visits.end_all()
    return redirect(url_for("officer.training"), 303)


@officer.get("/training/list.xlsx")
@allow("lead")
def training_list() -> Response:
    """Return the participants of a session as a workbook."""
    from kiosk.papers import class_papers  # imports the A4 layout, which would slow down the start

    session, people = _people_of_session()
    _record("class xlsx", session, len(people))
    table = class_papers.table(session, people)
    return workbook_response([table], f"lop-{session[:10]}", is_practice=context().config.kiosk.practice)


@officer.get("/training/certificates.pdf")
@allow("lead")
def training_certificates() -> Response:
    """Return a certificate slip for each participant of a session."""
    from kiosk.papers import class_papers  # imports the A4 layout, which would slow down the start

    session, people = _people_of_session()
    if not people:
        raise NotFound
    trail = _record("class pdf", session, len(people))
    document = class_papers.pdf(context(), session, people, trainer=sitting().person.name, trail=trail)
    return pdf_response(document)


def training_rows() -> list[TrainingRow]:
    """Return the screens that practise, by their code."""
    visits = context().practice_visits.list_all(context().clock.now())
    return [_row(visit) for visit in visits]


def _row(visit: PracticeVisit) -> TrainingRow:
    task = find_task(visit.task)
    waited = context().clock.now() - visit.since if visit.since else timedelta()
    if task is None:
        step = "Đang chọn bài"
    elif visit.result:
        step = "Đã xong, xem kết quả"
    elif visit.steps:
        step = f"Phần {visit.step} trên {visit.steps}: {visit.title or 'Xem lại'}"
    else:
        step = "Vừa bắt đầu"
    return TrainingRow(
        code=visit.code,
        screen=visit.screen,
        task=task.vi if task else "",
        step=step,
        minutes=max(0, int(waited.total_seconds() // 60)),
        stuck="" if visit.result else _stuck_words(visit, waited),
    )


def _stuck_words(visit: PracticeVisit, waited: timedelta) -> str:
    if visit.step_errors >= STUCK_ERRORS:
        return f"sai {visit.step_errors} lần ở bước này"
    return "ở bước này đã lâu" if visit.steps and waited >= STUCK_AFTER else ""


def _session_row(row: ClassSignUps) -> dict[str, str | int]:
    left = "đã bắt đầu" if row.left is None else f"còn {row.left} chỗ"
    return {
        "session": row.session,
        "words": session_text(row.session),
        "taken": row.taken,
        "left": left,
        "has_seats": bool(row.left),
    }


def _people_of_session() -> tuple[str, list[Participant]]:
    """Return the session of the address, and its participants."""
    session = request.args.get("session", "")
    if session not in {row.session for row in class_lists.sign_ups(context())}:
        raise NotFound
    return session, class_lists.participants(context(), session)


def _record(what: str, session: str, rows: int) -> str:
    """Write the audit line of an export; return its number and MAC for the paper."""
    begin = begins_at(session)
    day = begin.date() if begin else context().clock.today()
    head = lookups.record_export(context(), what, (day, day), rows=rows, actor=sitting().person.code)
    return f" Nhật ký dòng {head.seq}, {head.mac[:12]}."
