"""Lead's page of the staff and their roles, and of the counters that are open now."""

from dataclasses import dataclass
from datetime import datetime

from flask import redirect, request, url_for
from sqlite_utils import Database
from werkzeug.wrappers import Response as Answer

from kiosk.acts import calling, staffing
from kiosk.base import clock
from kiosk.base.errors import NotAllowed, NotFound
from kiosk.config.list_sections import Counter
from kiosk.pages.access import allow, context
from kiosk.pages.officer.session import messages
from kiosk.pages.officer.session.blueprint import officer, render, sitting
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


@dataclass(frozen=True)
class ActQuestion:
    """A question before an act: what happens, to whom, and the address that does it."""

    title: str
    consequences: tuple[str, ...]
    button: str
    address: str


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
    """Reset a password, set a role, disable or enable a person; what puts somebody out is asked first."""
    actor = sitting().person.code
    if act in ASKED and not request.form.get("sure"):
        return _ask_about_person(code, act)
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
    """Close a counter that an officer forgot to close, after a question."""
    if not request.form.get("sure"):
        return _ask_about_counter(number)
    if not calling.close_counter(context(), number, sitting().person.code):
        return _page(message="Quầy này đã đóng, hoặc còn số ở quầy nên chưa đóng được.")
    return redirect(url_for("officer.people", said="closed"), 303)


ASKED = {
    "password": ("Cấp mật khẩu mới cho {name}?", "Mật khẩu cũ không dùng được nữa.", "Cấp mật khẩu mới"),
    "disable": ("Khóa tài khoản của {name}?", "Người này không vào máy được cho đến khi mở lại.", "Khóa tài khoản"),
    "role": ("Đổi vai trò của {name}?", "Các trang của vai trò cũ không mở được nữa.", "Đổi vai trò"),
}
"""Acts on a person that are asked first: title, consequence, button."""


def _ask_about_person(code: str, act: str) -> str:
    """Return the question before an act on a person: what they are doing now, and that they are put out."""
    title, consequence, button = ASKED[act]
    with context().store.read() as db:
        person = staff.find(db, code)
        if person is None:
            raise NotFound
        now = [_sitting_words(db, one) for one in staff.sittings_of(db, code)]
    consequences = [consequence, *now]
    if now:
        consequences.append("Người này bị đưa ra ngay. Nên báo trước để họ ghi xong việc đang làm.")
    question = ActQuestion(
        title=title.format(name=person.name),
        consequences=tuple(consequences),
        button=button,
        address=url_for("officer.change_person", code=code, act=act),
    )
    kept = {"role": request.form.get("role", "")} if act == "role" else {}
    return render("officer/people_sure.html", question=question, kept=kept)


def _sitting_words(db: Database, current: staff.Sitting) -> str:
    """Return where a person is signed in, and with which ticket."""
    if current.counter is None:
        return f"Đang đăng nhập từ {clock.local(current.since):%H:%M}, chưa ngồi quầy nào."
    ticket = tickets.at_counter(db, context().clock.today(), current.counter)
    at = f", đang có số {ticket.label}" if ticket else ""
    return f"Đang đăng nhập từ {clock.local(current.since):%H:%M}, ngồi quầy {current.counter}{at}."


def _ask_about_counter(number: int) -> str:
    """Return the question before a counter is closed."""
    with context().store.read() as db:
        row = next((row for row in _counter_rows(db) if row.counter.number == number), None)
    if row is None:
        raise NotFound
    consequences = ["Bảng gọi số ghi quầy nghỉ. Số chuyển riêng tới quầy này về hàng chung."]
    if row.by:
        consequences.insert(0, f"{row.by} mở quầy này từ {row.since:%H:%M}; muốn làm tiếp thì mở lại quầy.")
    question = ActQuestion(
        title=f"Đóng {row.counter.place.lower()}?",
        consequences=tuple(consequences),
        button="Đóng quầy",
        address=url_for("officer.close_for", number=number),
    )
    return render("officer/people_sure.html", question=question, kept={})


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
