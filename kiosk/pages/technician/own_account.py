"""Page of a technician's own password and PIN; a temporary password must be changed here first."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import locking, staffing
from kiosk.base.errors import NotAllowed
from kiosk.pages.access import allow, context
from kiosk.pages.technician.blueprint import render, require_sitting, technician

LONGEST = 200
MESSAGES = {
    "pin": "Đã đặt mã mở khóa.",
    "password": "Đã đổi mật khẩu. Nơi khác đang mở tên này đã ra.",
}  # nosec B105 # a name, no password


@technician.get("/me")
@allow("technician")
def me() -> str:
    """Show both forms."""
    return _page(message=MESSAGES.get(request.args.get("said", ""), ""))


@technician.post("/me/pin")
@allow("technician")
def set_pin() -> Answer | str:
    """Set the PIN that unlocks the session."""
    sitting = require_sitting()
    try:
        locking.set_pin(context(), sitting, password=_typed("password"), pin=_typed("pin"), again=_typed("again"))
    except NotAllowed as error:
        return _page(wrong={"pin": error.vi})
    return redirect(url_for("technician.me", said="pin"), 303)


@technician.post("/me/password")
@allow("technician")
def change_password() -> Answer | str:
    """Set another password."""
    sitting = require_sitting()
    try:
        staffing.change_own_password(context(), sitting, old=_typed("old"), new=_typed("new"), again=_typed("again"))
    except NotAllowed as error:
        return _page(wrong={"password": error.vi})
    return redirect(url_for("technician.me", said="password"), 303)


def _page(message: str = "", wrong: dict[str, str] | None = None) -> str:
    person = require_sitting().person
    return render("technician/me.html", member=person, message=message, wrong=wrong or {})


def _typed(name: str) -> str:
    return request.form.get(name, "")[:LONGEST]
