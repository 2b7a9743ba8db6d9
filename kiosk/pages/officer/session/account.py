"""Page of an officer's own password and PIN; a temporary password must be changed here first."""

from dataclasses import replace

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import locking, staffing
from kiosk.base.errors import NotAllowed
from kiosk.pages.access import allow, context
from kiosk.pages.officer.session import messages
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.records import desk_views

LONGEST = 200


@officer.get("/me")
@allow("staff")
def me() -> str:
    """Show both forms."""
    return render("officer/me.html", message=messages.ACCOUNT.get(request.args.get("said", ""), ""), wrong={})


@officer.post("/me/pin")
@allow("staff")
def set_pin() -> Answer | str:
    """Set the PIN that unlocks the session."""
    try:
        locking.set_pin(context(), sitting(), password=_typed("password"), pin=_typed("pin"), again=_typed("again"))
    except NotAllowed as error:
        return render("officer/me.html", message="", wrong={"pin": error.vi})
    return redirect(url_for("officer.me", said="pin"), 303)


@officer.post("/me/password")
@allow("staff")
def change_password() -> Answer | str:
    """Set another password."""
    try:
        staffing.change_own_password(context(), sitting(), old=_typed("old"), new=_typed("new"), again=_typed("again"))
    except NotAllowed as error:
        return render("officer/me.html", message="", wrong={"password": error.vi})
    return redirect(url_for("officer.me", said="password"), 303)


@officer.post("/me/view")
@allow("staff")
def set_view() -> Answer:
    """Set the theme or the text size of this person's desk pages, and show the page again."""
    with context().store.read() as db:
        view = desk_views.find(db, sitting().person.code)
    for theme in desk_views.THEMES:
        if request.form.get("theme") == theme:
            view = replace(view, theme=theme)
    for size in desk_views.SIZES:
        if request.form.get("size") == size:
            view = replace(view, size=size)
    staffing.set_view(context(), sitting().person.code, view)
    page = request.form.get("page", "")
    return redirect(page if page.startswith("/officer/") else url_for("officer.me"), 303)


def _typed(name: str) -> str:
    return request.form.get(name, "")[:LONGEST]
