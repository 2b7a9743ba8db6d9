"""One's own password and PIN; a password that was given by somebody else is changed here before anything else."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import locking, staffing
from kiosk.errors import NotAllowed
from kiosk.pages.access import context, for_
from kiosk.pages.officer.blueprint import officer, render, sitting

SAID = {"pin": "Đã đặt mã mở khóa.", "password": "Đã đổi mật khẩu. Nơi khác đang mở tên này đã ra ca."}
LONGEST = 200


@officer.get("/me")
@for_("staff")
def me() -> str:
    """Show both forms."""
    return render("officer/me.html", said=SAID.get(request.args.get("said", ""), ""), wrong={})


@officer.post("/me/pin")
@for_("staff")
def set_pin() -> Answer | str:
    """Set the PIN that unlocks."""
    told = [request.form.get(name, "")[:LONGEST] for name in ("password", "pin", "again")]
    try:
        locking.set_pin(context(), sitting(), *told)
    except NotAllowed as fault:
        return render("officer/me.html", said="", wrong={"pin": fault.vi})
    return redirect(url_for("officer.me", said="pin"), 303)


@officer.post("/me/password")
@for_("staff")
def change_password() -> Answer | str:
    """Choose another password."""
    told = [request.form.get(name, "")[:LONGEST] for name in ("old", "new", "again")]
    try:
        staffing.change_own_password(context(), sitting(), *told)
    except NotAllowed as fault:
        return render("officer/me.html", said="", wrong={"password": fault.vi})
    return redirect(url_for("officer.me", said="password"), 303)
