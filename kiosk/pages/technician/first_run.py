"""Page of the first run (seven tasks with their states), each task done here or at the page that it leads to.

It shows what is so now, so that it goes on where it was after a power cut, and each task can be done again later.
"""

from collections.abc import Sequence
from typing import cast

from flask import current_app, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import renewing, setting_up
from kiosk.backup import recovery
from kiosk.base import clock
from kiosk.base.errors import NotAllowed
from kiosk.context.long_work import Report
from kiosk.health import backup_copies, readiness
from kiosk.health import first_run as run
from kiosk.health.check_result import CheckResult
from kiosk.health.first_run import FirstRunTask
from kiosk.pages import access
from kiosk.pages.access import allow, context
from kiosk.pages.technician.blueprint import actor, render, session_id, technician
from kiosk.portal.connection_test import NAMES, ConnectionStep
from kiosk.records import renewals, staff
from kiosk.vietnam import id_card

LONGEST_CODE = 80
NOT_A_CARD = {
    "garbled": "Đầu quét gửi chữ bị hỏng. Quét mã cài đặt trong tờ docs/scanner.pdf rồi thử lại.",
    "bhyt": "Đây là thẻ bảo hiểm. Mời quét thẻ căn cước.",
    "vietqr": "Đây là mã chuyển khoản. Mời quét thẻ căn cước.",
}
KEY_STEP = NAMES[3]
NO_CARD = "Chưa đọc được thẻ. Mời quét lại mã ở góc thẻ căn cước."


@technician.get("/first-run")
@allow("technician")
def first_run() -> str:
    """Show the tasks."""
    return _page()


@technician.post("/first-run/connection")
@allow("technician")
def try_connection() -> Answer:
    """Begin the connection test."""
    kiosk = context()
    test = current_app.extensions["test_connection"]

    def attempt(report: Report) -> object:
        report("Đang thử từng bước", 0, 0)
        steps: list[ConnectionStep] = test()
        setting_up.record_connection(kiosk, sum(step.state == "ok" for step in steps))
        return steps

    kiosk.work.begin("connection", kiosk.clock.now, attempt)
    return _back("connection")


@technician.post("/first-run/enrol")
@allow("technician")
def enrol_first() -> Answer | tuple[str, int]:
    """Take the enrolment code; the worker carries it out."""
    code = request.form.get("code", "")[:LONGEST_CODE]
    try:
        renewing.request_renewal(context(), code, actor())
    except NotAllowed as error:
        return _page({"connection": error.vi}, code=code), 422
    return _back("connection")


@technician.post("/first-run/later")
@allow("technician")
def connect_later() -> Answer:
    """Go on without a connection."""
    setting_up.connect_later(context(), actor())
    return _back("connection")


@technician.post("/first-run/scanner")
@allow("technician")
def try_scanner() -> Answer | tuple[str, int]:
    """Read a card to try the scanner: typed into the box, or from the serial port; nothing of it is kept or shown."""
    typed = request.form.get("card", "")[: id_card.LONGEST + 1]
    line = typed or context().card_inbox.pop(session_id()) or ""
    card = id_card.parse(line, is_typed=bool(typed))
    if isinstance(card, id_card.NotACard):
        return _page({"scanner": NOT_A_CARD.get(card.kind, NO_CARD)}), 422
    setting_up.record_scanner(context(), has_marks=not card.lossy, actor=actor())
    return _back("scanner")


@technician.get("/first-run/scan")
@allow("technician")
def first_run_scan() -> Answer:
    """Return the version of the card inbox; a page at the machine waits for a card while it asks."""
    version = 0 if access.is_lan() else context().card_inbox.poll(session_id())
    return jsonify(version=version)


@technician.post("/first-run/finish")
@allow("technician")
def finish_first_run() -> Answer | str | tuple[str, int]:
    """Open the machine to citizens; with open tasks lead to the first of them, and ask before going on without."""
    left = [task for task in run.tasks(context()) if task.is_open]
    if left and not request.form.get("sure"):
        return render(
            "technician/sure.html",
            question=f"Còn {len(left)} việc. Vẫn mở cho người dân?",
            consequences=[f"{task.name}: {task.words}." for task in left],
            button="Vẫn mở",
            address=url_for("technician.finish_first_run"),
            back=url_for("technician.first_run", _anchor=left[0].id),
        )
    try:
        setting_up.finish(context(), actor())
    except NotAllowed as error:
        return _page({"start": error.vi}), error.status
    return redirect(url_for("technician.overview"), 303)


def _back(task: str) -> Answer:
    return redirect(url_for("technician.first_run", _anchor=task), 303)


def _page(wrong: dict[str, str] | None = None, code: str = "") -> str:
    """Show the tasks; `wrong` has an error by the id of its task."""
    kiosk = context()
    is_here = not access.is_lan()
    version = kiosk.card_inbox.known_version(session_id()) if is_here else 0
    tasks = run.tasks(kiosk)
    with kiosk.store.read() as db:
        state = run.load(db)
        has_paper = recovery.read_state(db) is not None
        people = [person for person in staff.list_all(db) if person.is_active]
        enrolled_at = renewals.done_at(db)
    left = sum(task.is_open for task in tasks)
    is_enrolled = enrolled_at is not None and clock.timestamp(enrolled_at) > state.tested_at
    steps = [_after_enrolment(step) if is_enrolled else step for step in _steps()]
    return render(
        "technician/first_run.html",
        tasks=tasks,
        current=_current(tasks),
        left=left,
        is_new=state.is_open,
        steps=steps,
        is_enrolled=is_enrolled,
        needs_code=bool(wrong) or any(step.name == KEY_STEP and step.state == "fault" for step in steps),
        has_paper=has_paper,
        testing=kiosk.work.state("connection"),
        sends=kiosk.config.portal.capabilities.takes_forms,
        takes_code=kiosk.config.portal.capabilities.can_be_enrolled,
        cards=_cards(kiosk.config.backup_folder is not None, people),
        serial=bool(kiosk.config.scanner.port),
        is_here=is_here,
        version=version,
        printers_page=url_for("technician.printers"),
        wrong=wrong or {},
        code=code,
    )


def _current(tasks: Sequence[FirstRunTask]) -> str:
    return next((task.id for task in tasks if task.is_open), "start")


def _steps() -> list[ConnectionStep]:
    """Return the steps of the last test, or five that wait for it."""
    state = context().work.state("connection")
    steps = cast("list[ConnectionStep]", state.result) if state and state.result else []
    return steps or [ConnectionStep(name, "waits", "Chưa thử") for name in NAMES]


def _after_enrolment(step: ConnectionStep) -> ConnectionStep:
    """Return a step of a test before the portal took the key: the key is good now, what waited for it is not known."""
    if step.name != KEY_STEP or step.state != "fault":
        return step
    return ConnectionStep(step.name, "ok", "Cổng vừa nhận khóa của máy")


def _cards(has_backup: bool, people: Sequence[staff.StaffMember]) -> dict[str, CheckResult]:
    """Return the words of the cards below the connection."""
    kiosk = context()
    rows = {row.name: row for row in readiness.readiness(kiosk)}
    leads = ", ".join(person.name for person in people if person.role == "lead")
    officers = sum(person.role == "officer" for person in people)
    who = f"{leads} phụ trách. {officers} cán bộ." if leads else "Chưa có người phụ trách: thêm một người trước."
    backup = backup_copies.check(kiosk) if has_backup else None
    return {
        "printers": rows[readiness.PRINTED],
        "scanner": rows[readiness.SCANNER],
        "backup": backup or CheckResult("", "warning", "Cắm một ổ USB từ 16 GB vào cổng phía sau, để đó luôn."),
        "people": CheckResult("", "ok" if leads else "warning", who),
    }
