"""The lock of the desk: by a touch, by nobody's touch, and open again by a PIN, with what was typed still there.

With the script the page stays where it is, covered. Without it the locked page carries what was sent, sealed; the
right PIN shows it once more with a button that sends it where it was going.
"""

from flask import Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import locking
from kiosk.pages.access import context, for_
from kiosk.pages.officer.blueprint import locked, officer, opened_kept, render, sitting

LONGEST = 200


@officer.post("/lock")
@for_("staff")
def lock() -> Answer:
    """Lock now; the script stays where it is, a page without it is led to the lock."""
    locking.lock(context(), sitting().session, "touch")
    if request.form.get("quiet"):
        return Response(status=204)
    return redirect(url_for(home_of(sitting().person.role)), 303)


@officer.post("/awake")
@for_("staff")
def awake() -> Answer:
    """Hear that somebody types; what counts is that the request came."""
    return Response(status=204)


@officer.post("/unlock")
@for_("staff")
def unlock() -> Answer:
    """Open the lock; the last of five wrong tries ends the session."""
    told = request.form.get("pin", "")[:LONGEST]
    outcome, left = locking.unlock(context(), sitting().session, told, request.remote_addr or "")
    if request.form.get("quiet"):
        return jsonify(outcome=outcome, said=_said(outcome, left), door=url_for("signin.sign_in"))
    if outcome == "ended":
        return redirect(url_for("signin.sign_in", said="ended"), 303)
    kept = request.form.get("kept", "")
    if outcome == "wrong":
        return locked(_said(outcome, left), kept)
    return _go_on(opened_kept(kept))


def home_of(role: str) -> str:
    """Return the page where somebody in this role begins."""
    return "officer.trail" if role == "auditor" else "officer.desk"


def _go_on(kept: dict[str, object]) -> Answer:
    path, form = kept.get("path"), kept.get("form")
    if not isinstance(path, str):
        return redirect(url_for(home_of(sitting().person.role)), 303)
    if isinstance(form, list):
        return Response(render("officer/kept.html", path=path, form=form))
    return redirect(path, 303)


def _said(outcome: str, left: int) -> str:
    if outcome == "ended":
        return "Đã sai 5 lần, ca này đã khép. Mời vào ca lại bằng mật khẩu."
    return f"Mã chưa đúng. Còn {left} lần gõ." if outcome == "wrong" else ""
