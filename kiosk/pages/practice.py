"""What only practice has: a tray of made-up cards to scan, and the paper that the virtual printer put out."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.i18n import translator
from kiosk.pages import access
from kiosk.pages.access import allow, context, visitor
from kiosk.records import submissions
from kiosk.vietnam import id_card

practice = Blueprint("practice", __name__)


@practice.before_request
def receive() -> None:
    """The tray is touched from a form of this session, like any other page."""
    access.check_csrf()


@practice.app_context_processor
def tray() -> dict[str, Any]:
    """Give every page the cards that lie beside the screen."""
    return {"tray_cards": id_card.practice_cards(), "tray_codes": id_card.practice_codes()}


@practice.post("/cards/<page>/<key>")
@allow("citizen")
def card(page: str, key: str) -> Answer:
    """Hold a made-up card to the scanner: it goes the way of every card."""
    found = next((one for one in id_card.practice_cards() + id_card.practice_codes() if one.key == key), None)
    if found is None:
        abort(404)
    context().card_inbox.poll(visitor().id)
    context().card_inbox.put(found.line)
    return redirect(url_for("citizen.step", page=page), 303)


@practice.get("/paper")
@allow("citizen")
def paper() -> str:
    """Show what came out of the virtual printer, the newest first."""
    names = sorted((path.name for path in context().config.paper_folder.glob("*.png")), reverse=True)
    here = context()
    with here.store.read() as db:
        forms = [(one.receipt_no, one.id) for one in reversed(submissions.of_day(db, here.clock.today()))]
    return render_template(
        "practice/paper.html", names=names[:12], forms=forms[:12], lang=visitor().lang, _=translator(visitor().lang)
    )


@practice.get("/declaration/<submission_id>.pdf")
@allow("citizen")
def form(submission_id: str) -> Any:
    """Return the filled-in declaration of a made-up case as it would be printed on A4."""
    from kiosk.papers import declaration  # lays out A4: no start waits for it

    made = declaration.pdf(context(), submission_id)
    if made is None:
        abort(404)
    return Response(made, mimetype="application/pdf")


@practice.get("/paper/<name>")
@allow("citizen")
def sheet(name: str) -> Any:
    """Return one paper as a picture."""
    path = context().config.paper_folder / name
    if path.suffix != ".png" or path.parent != context().config.paper_folder or not path.is_file():
        abort(404)
    return send_file(path, mimetype="image/png", max_age=0)
