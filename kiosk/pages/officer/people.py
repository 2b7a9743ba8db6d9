"""The lead's page: who works here and in which role, and which counters are open now, since when and by whom."""

from dataclasses import dataclass
from datetime import datetime

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import clock
from kiosk.acts import calling, staffing
from kiosk.config.sections import Counter
from kiosk.errors import NotAllowed, NotFound
from kiosk.pages.access import context, for_
from kiosk.pages.officer.blueprint import officer, render, sitting
from kiosk.records import counters, staff, tickets
from kiosk.records.staff import Person

ROLES = {
    "officer": "cán bộ quầy",
    "lead": "phụ trách",
    "technician": "kỹ thuật",
    "auditor": "kiểm tra nhật ký",
}
SAID = {"role": "Đã đổi vai trò.", "gone": "Người này không vào được nữa.", "back": "Người này vào lại được.",
        "closed": "Đã đóng quầy."}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """Somebody of the staff; `is_in` says that they are signed in somewhere."""

    person: Person
    role: str
    is_in: bool
    is_me: bool


@dataclass(frozen=True)
class Place:
    """A counter as it is now: who opened it, since when, and the number that stands there."""

    counter: Counter
    by: str = ""
    since: datetime | None = None
    label: str = ""


@officer.get("/people")
@for_("lead")
def people() -> str:
    """Show staff and counters."""
    return _page(said=SAID.get(request.args.get("said", ""), ""))


@officer.post("/people")
@for_("lead")
def take_up() -> str:
    """Take somebody up; what was typed stays when something has to be mended."""
    told = (request.form.get("login", ""), request.form.get("name", ""), request.form.get("role", ""))
    try:
        person, password = staffing.take_up(context(), told, sitting().person.code)
    except NotAllowed as fault:
        return _page(wrong=fault.vi, told=told)
    return _page(given=(person, password))


@officer.post("/people/<code>/<act>")
@for_("lead")
def change_person(code: str, act: str) -> Answer | str:
    """Give a new password or another role, let go, take back."""
    here, actor = context(), sitting().person.code
    if act == "password":
        return _page(given=staffing.give_password(here, code, actor))
    try:
        said = _change(act, code, actor)
    except NotAllowed as fault:
        return _page(wrong_at=(code, fault.vi))
    return redirect(url_for("officer.people", said=said), 303)


@officer.post("/people/counters/<int:number>/close")
@for_("lead")
def close_for(number: int) -> Answer | str:
    """Close a counter that somebody forgot to close."""
    if not calling.close_counter(context(), number, sitting().person.code):
        return _page(said="Quầy này đã đóng, hoặc còn số ở quầy nên chưa đóng được.")
    return redirect(url_for("officer.people", said="closed"), 303)


def _change(act: str, code: str, actor: str) -> str:
    if act == "role":
        staffing.set_role(context(), code, request.form.get("role", ""), actor)
        return "role"
    if act == "disable":
        staffing.let_go(context(), code, actor)
        return "gone"
    if act == "enable":
        staffing.take_back(context(), code, actor)
        return "back"
    raise NotFound("Không có việc này.", "There is no such act.")


def _page(
    said: str = "",
    wrong: str = "",
    wrong_at: tuple[str, str] = ("", ""),
    told: tuple[str, str, str] = ("", "", "officer"),
    given: tuple[Person, str] | None = None,
) -> str:
    here = context()
    with here.store.read() as db:
        listed = staff.listed(db)
        rows = [
            Row(one, ROLES[one.role], bool(staff.of_person(db, one.code)), one.code == sitting().person.code)
            for one in listed
        ]
        names, day = staff.names(db), here.clock.today()
        open_now = counters.opened(db, day)
        since = {one.counter: one.at for one in counters.events(db, day) if one.event == "opened"}
        there = {one.counter: one.label for one in tickets.all_at_counters(db, day)}
    places = [
        Place(one, names.get(open_now[one.number], open_now[one.number]), clock.local(since[one.number]),
              there.get(one.number, ""))
        if one.number in open_now else Place(one)
        for one in here.config.counters
    ]  # fmt: skip
    return render(
        "officer/people.html", rows=rows, places=places, roles=ROLES, said=said, wrong=wrong, wrong_at=wrong_at,
        told=told, given=given,
    )  # fmt: skip
