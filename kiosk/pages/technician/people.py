"""Page of the technicians' accounts, of the first lead of a new machine, and of the machine's own password."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import signing, staffing
from kiosk.base.errors import NotAllowed, NotFound
from kiosk.pages.access import allow, context
from kiosk.pages.technician.blueprint import actor, render, session_id, technician
from kiosk.records import staff
from kiosk.records.staff import StaffMember

LONGEST = 200
MESSAGES = {
    "gone": "Đã khóa tài khoản. Người đó ra khỏi mọi nơi đang mở.",
    "back": "Đã mở lại tài khoản.",
    "machine": "Đã đổi mật khẩu của máy. Nơi khác đang mở bằng mật khẩu cũ đã ra.",
}
ASKED = {
    "password": ("Cấp mật khẩu mới cho {name}?", "Mật khẩu cũ không dùng được nữa.", "Cấp mật khẩu mới"),
    "disable": ("Khóa tài khoản của {name}?", "Người này không vào máy được cho đến khi mở lại.", "Khóa tài khoản"),
}
"""Acts that are asked first: title, consequence, button."""


@dataclass(frozen=True)
class NewTechnician:
    """Typed values of the form that adds a person."""

    login: str = ""
    name: str = ""
    role: str = "technician"


@technician.get("/people")
@allow("technician")
def people() -> str:
    """Show the technicians."""
    return _page(message=MESSAGES.get(request.args.get("said", ""), ""))


@technician.post("/people")
@allow("technician")
def add_technician() -> str | tuple[str, int]:
    """Add a technician, or the first lead; show the form again with what was typed where it has an error."""
    typed = NewTechnician(login=_typed("login"), name=_typed("name"), role=_typed("role") or "technician")
    try:
        given = staffing.add_person(
            context(), login=typed.login, name=typed.name, role=typed.role, actor=actor(), scope="technicians"
        )
    except NotAllowed as error:
        return _page(wrong=error.vi, typed=typed), 422
    return _page(given=given)


@technician.post("/people/<code>/<act>")
@allow("technician")
def change_technician(code: str, act: str) -> Answer | str | tuple[str, int]:
    """Give a password, disable or enable a technician; what puts somebody out is asked first."""
    if act in ASKED and not request.form.get("sure"):
        return _ask(code, act)
    try:
        if act == "password":
            return _page(given=staffing.reset_password(context(), code, actor(), "technicians"))
        if act == "disable":
            staffing.disable_person(context(), code, actor(), "technicians")
            return redirect(url_for("technician.people", said="gone"), 303)
        if act == "enable":
            staffing.enable_person(context(), code, actor(), "technicians")
            return redirect(url_for("technician.people", said="back"), 303)
    except NotAllowed as error:
        return _page(wrong_at=(code, error.vi)), 422
    raise NotFound("Không có việc này.", "There is no such act.")


@technician.post("/people/machine-password")
@allow("technician")
def machine_password() -> Answer | tuple[str, int]:
    """Change the machine's own password."""
    try:
        signing.change_machine_password(
            context(),
            session=session_id(),
            actor=actor(),
            old=_typed("old"),
            new=_typed("new"),
            again=_typed("again"),
        )
    except NotAllowed as error:
        return _page(wrong_machine=error.vi), 422
    return redirect(url_for("technician.people", said="machine"), 303)


def _ask(code: str, act: str) -> str:
    title, consequence, button = ASKED[act]
    with context().store.read() as db:
        person = staff.find(db, code)
        places = len(staff.sittings_of(db, code)) if person else 0
    if person is None:
        raise NotFound
    consequences = [consequence]
    if places:
        consequences.append(f"Người này đang mở trang kỹ thuật ở {places} nơi, sẽ bị đưa ra ngay.")
    return render(
        "technician/sure.html",
        question=title.format(name=person.name),
        consequences=consequences,
        button=button,
        address=url_for("technician.change_technician", code=code, act=act),
        back=url_for("technician.people"),
    )


def _page(
    *,
    message: str = "",
    wrong: str = "",
    wrong_at: tuple[str, str] = ("", ""),
    wrong_machine: str = "",
    typed: NewTechnician | None = None,
    given: tuple[StaffMember, str] | None = None,
) -> str:
    """Show the page.

    Args:
        wrong_at: code of a person and the error of a change to them.
        given: a person and their new password, shown once.
    """
    with context().store.read() as db:
        everybody = staff.list_all(db)
        has_lead = staff.has_lead(db)
        signed_in = {person.code for person in everybody if staff.sittings_of(db, person.code)}
    return render(
        "technician/people.html",
        rows=[person for person in everybody if person.role == "technician"],
        others=sum(person.is_active and person.role != "technician" for person in everybody),
        signed_in=signed_in,
        own=actor(),
        has_lead=has_lead,
        needs_old=actor() == signing.MACHINE,
        message=message,
        wrong=wrong,
        wrong_at=wrong_at,
        wrong_machine=wrong_machine,
        typed=typed or NewTechnician(),
        given=given,
    )


def _typed(name: str) -> str:
    return request.form.get(name, "")[:LONGEST]
