"""Lead's page of the staff and their roles, and of the counters that are open now."""

from dataclasses import dataclass
from datetime import datetime

from flask import redirect, request, url_for
from sqlite_utils import Database
from werkzeug.wrappers import Response as Answer

from kiosk import clock
from kiosk.acts import calling, staffing
from kiosk.config.sections import Counter
from kiosk.errors import NotAllowed, NotFound
from kiosk.pages.access import allow, context
from kiosk.pages.officer import messages
from kiosk.pages.officer.blueprint import officer, render, sitting
from kiosk.records import counters, staff, tickets
from kiosk.records.staff import StaffMember

ROLES = {
    "officer": "cán bộ quầy",
    "lead": "phụ trách",
    "technician": "kỹ thuật",
    "auditor": "kiểm tra nhật ký",
}


@dataclass(frozen=True)
class StaffRow:
    """A member of the staff; `is_in` says whether they are signed in anywhere."""

    person: StaffMember
    role: str
    is_in: bool


@dataclass(frozen=True)
class CounterRow:
    """A counter: who opened it and when, and the label of the ticket that is there."""

    counter: Counter
    by: str = ""
    since: datetime | None = None
    label: str = ""


@officer.get("/people")
@allow("lead")
def people() -> str:
    """Show staff and counters."""
    return _page(message=messages.PEOPLE.get(request.args.get("said", ""), ""))


@officer.post("/people")
@allow("lead")
def take_up() -> str:
    """Add a member of the staff; show the form again with what was typed where it has an error."""
    login = request.form.get("login", "")
    name = request.form.get("name", "")
    role = request.form.get("role", "")
    try:
        person, password = staffing.add_person(
            context(), login=login, name=name, role=role, actor=sitting().person.code
        )
    except NotAllowed as error:
        return _page(wrong=error.vi, typed=(login, name, role))
    return _page(given=(person, password))


@officer.post("/people/<code>/<act>")
@allow("lead")
def change_person(code: str, act: str) -> Answer | str:
    """Reset a password, set a role, disable or enable a person."""
    actor = sitting().person.code
    if act == "password":
        return _page(given=staffing.reset_password(context(), code, actor))
    try:
        message = _change(act, code, actor)
    except NotAllowed as error:
        return _page(wrong_at=(code, error.vi))
    return redirect(url_for("officer.people", said=message), 303)


@officer.post("/people/counters/<int:number>/close")
@allow("lead")
def close_for(number: int) -> Answer | str:
    """Close a counter that an officer forgot to close."""
    if not calling.close_counter(context(), number, sitting().person.code):
        return _page(message="Quầy này đã đóng, hoặc còn số ở quầy nên chưa đóng được.")
    return redirect(url_for("officer.people", said="closed"), 303)


def _change(act: str, code: str, actor: str) -> str:
    """Change a person; return the key of the message."""
    if act == "role":
        staffing.set_role(context(), code, role=request.form.get("role", ""), actor=actor)
        return "role"
    if act == "disable":
        staffing.disable_person(context(), code, actor)
        return "gone"
    if act == "enable":
        staffing.enable_person(context(), code, actor)
        return "back"
    raise NotFound("Không có việc này.", "There is no such act.")


def _page(
    message: str = "",
    wrong: str = "",
    wrong_at: tuple[str, str] = ("", ""),
    typed: tuple[str, str, str] = ("", "", "officer"),
    given: tuple[StaffMember, str] | None = None,
) -> str:
    """Show the page.

    Args:
        wrong_at: code of a person and the error of a change to them.
        typed: login, name and role of the form that adds a person.
        given: a person and their new password, shown once.
    """
    with context().store.read() as db:
        rows = [_staff_row(db, person) for person in staff.list_all(db)]
        places = _counter_rows(db)
    return render(
        "officer/people.html",
        rows=rows,
        places=places,
        roles=ROLES,
        message=message,
        wrong=wrong,
        wrong_at=wrong_at,
        typed=typed,
        given=given,
    )


def _staff_row(db: Database, person: StaffMember) -> StaffRow:
    return StaffRow(
        person=person,
        role=ROLES[person.role],
        is_in=bool(staff.sittings_of(db, person.code)),
    )


def _counter_rows(db: Database) -> list[CounterRow]:
    day = context().clock.today()
    names = staff.names(db)
    actors = counters.open_counters(db, day)
    since = {event.counter: event.at for event in counters.events(db, day) if event.event == "opened"}
    labels = {ticket.counter: ticket.label for ticket in tickets.all_at_counters(db, day)}
    rows = []
    for counter in context().config.counters:
        if counter.number in actors:
            actor = actors[counter.number]
            row = CounterRow(
                counter=counter,
                by=names.get(actor, actor),
                since=clock.local(since[counter.number]),
                label=labels.get(counter.number, ""),
            )
        else:
            row = CounterRow(counter)
        rows.append(row)
    return rows
