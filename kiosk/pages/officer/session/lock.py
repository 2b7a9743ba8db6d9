"""Lock of the desk: by a button or after idle minutes; a PIN unlocks it, and what was typed is kept.

With JavaScript the page stays, covered. Without it the locked page carries the posted form, sealed; the right PIN
shows it again with a button that posts it where it was going.
"""

from flask import Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import locking, lookups
from kiosk.pages.access import allow, context
from kiosk.pages.kept_request import open_kept
from kiosk.pages.officer.session.blueprint import locked, officer, officer_session, render, sitting

LONGEST = 200


@officer.post("/lock")
@allow("staff")
def lock() -> Answer:
    """Lock now; the script stays on its page, without it the browser is sent to the lock."""
    locking.lock(context(), sitting().session, "touch")
    if request.form.get("quiet"):
        return Response(status=204)
    return redirect(url_for(home_of(sitting().person.role)), 303)


@officer.post("/awake")
@allow("staff")
def awake() -> Answer:
    """Count as activity while the officer types; a case that was opened for a reason stays open."""
    opened = request.args.get("case", "")
    if opened:
        lookups.prolong_case(context(), opened, officer_session())
    return Response(status=204)


@officer.post("/unlock")
@allow("staff")
def unlock() -> Answer:
    """Unlock by PIN; the fifth wrong PIN ends the session."""
    pin = request.form.get("pin", "")[:LONGEST]
    outcome, left = locking.unlock(context(), sitting().session, pin=pin, workstation=request.remote_addr or "")
    if request.form.get("quiet"):
        return jsonify(outcome=outcome, said=_message(outcome, left), door=url_for("signin.sign_in"))
    if outcome == "ended":
        return redirect(url_for("signin.sign_in", said="ended"), 303)
    kept = request.form.get("kept", "")
    if outcome == "wrong":
        return locked(_message(outcome, left), kept)
    return _resume(open_kept(sitting().session, kept))


def home_of(role: str) -> str:
    """Return the first page of a role."""
    return "officer.trail" if role == "auditor" else "officer.desk"


def _resume(kept: dict[str, object]) -> Answer:
    """Return to the requested page, or show the form that was posted while locked."""
    path = kept.get("path")
    form = kept.get("form")
    if not isinstance(path, str):
        return redirect(url_for(home_of(sitting().person.role)), 303)
    if isinstance(form, list):
        return Response(render("officer/kept.html", path=path, form=form))
    return redirect(path, 303)


def _message(outcome: str, left: int) -> str:
    if outcome == "ended":
        return "Đã sai 5 lần, phải đăng nhập lại. Mời đăng nhập lại bằng mật khẩu."
    return f"Mã chưa đúng. Còn {left} lần gõ." if outcome == "wrong" else ""
