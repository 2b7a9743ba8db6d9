"""The citizen's call for an officer: make it, follow it, end it; the form stays as it is."""

from flask import redirect, request
from werkzeug.wrappers import Response as Answer

from kiosk.acts import help_calls
from kiosk.pages import access
from kiosk.pages.access import allow, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.call_notice import call_place
from kiosk.pages.citizen.local_path import local_path


@citizen.post("/help", endpoint="help")
@allow("citizen")
def call_officer() -> Answer | str:
    """Call an officer, or end the call; the visitor stays on the page.

    A script asks for the parts of the page that show the call (`part`), and puts them into the page.
    """
    page = local_path(request.form.get("back", "")).partition("?")[0]
    is_wanted = request.form.get("want", "1") != "0"
    is_withdrawn = False
    if is_wanted:
        help_calls.call_officer(access.call_context(), access.call_session(), call_place(page))
    else:
        is_withdrawn = help_calls.withdraw(access.call_context(), access.call_session())
    if "part" in request.form:
        return render("parts/call_parts.html", call_page=page, is_withdrawn=is_withdrawn)
    return redirect(page, 303)


@citizen.get("/help/state")
@allow("citizen")
def help_state() -> str:
    """Return the parts of a page that show the call, and store which page the visitor sees; a page asks every 2 s."""
    page = local_path(request.args.get("page", "")).partition("?")[0]
    call = access.open_call()
    # A call from practice names no form: the desks do not have it.
    draft_id = None if access.live_visit() else visitor().draft_id
    if call is not None and (call.place != page or call.draft_id != draft_id):
        help_calls.follow_citizen(access.call_context(), access.call_session(), call_place(page))
    return render("parts/call_parts.html", call_page=page)
