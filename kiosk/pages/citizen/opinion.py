"""Pages after the done page: five faces, words that fit the face, a text; and thanks."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import opinions as opinion_acts
from kiosk.acts.opinions import OpinionInput
from kiosk.base.errors import DraftGone
from kiosk.base.i18n import translator
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.start import end_visit
from kiosk.pages.forms.faces import THANKS_SECONDS, faces_page, given_opinion
from kiosk.records import opinions


@citizen.route("/opinion", methods=["GET", "POST"])
@allow("citizen")
def opinion() -> Answer | str:
    """Ask for an opinion, or record it; without a touch for some seconds the visit ends and counts as no answer."""
    if not visitor().submission_id:
        raise DraftGone
    if request.method == "POST":
        return _apply_post()
    _ = translator(visitor().lang)
    faces = faces_page(_, is_wrong="wrong" in request.args)
    return render("citizen/opinion.html", faces=faces, max_text=opinions.MAX_TEXT)


@citizen.get("/opinion/thanks")
@allow("citizen")
def thanks() -> str:
    """Thank for an opinion, and end the visit after some seconds."""
    if not visitor().submission_id:
        raise DraftGone
    return render("citizen/thanks.html", seconds=THANKS_SECONDS)


def _apply_post() -> Answer:
    is_idle = request.form.get("idle") == "1"
    if is_idle or "skip" in request.form:
        opinion_acts.rate_visit(context(), visitor().id, OpinionInput())
        return end_visit(is_idle=is_idle)
    given = given_opinion(request.form)
    if given.face == opinions.NO_ANSWER:
        return redirect(url_for("citizen.opinion", wrong=1), 303)
    opinion_acts.rate_visit(context(), visitor().id, given)
    return redirect(url_for("citizen.thanks"), 303)
