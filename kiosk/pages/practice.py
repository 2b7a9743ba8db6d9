"""Pages of practice only: made-up cards to scan, papers of the virtual printers, components of the pages."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.base.errors import KioskError, NotFound
from kiosk.base.i18n import translator
from kiosk.config import ROOT
from kiosk.dossiers import status_page
from kiosk.pages import access
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import render
from kiosk.pages.forms.view_models import Notice
from kiosk.pages.officer.session.blueprint import explain, receive
from kiosk.portal import practice_bank
from kiosk.records import submissions
from kiosk.records.submissions import Submission
from kiosk.vietnam import id_card

practice = Blueprint("practice", __name__)
practice_desk = Blueprint("practice_desk", __name__)
"""Pages of practice for officers: they need the officer's session, as all pages of the desk do."""
practice_desk.before_request(receive)
practice_desk.errorhandler(KioskError)(explain)

SHOWN = 12
MIME_TYPES = {".png": "image/png", ".pdf": "application/pdf"}
"""Papers of the printer of receipts and of the office printer, by the ends of their files' names."""
DESIGN_SAMPLES = (
    "practice/design/layout.html",
    "practice/design/frame.html",
    "practice/design/text.html",
    "practice/design/button.html",
    "practice/design/field.html",
    "practice/design/choice.html",
    "practice/design/panel.html",
    "practice/design/notice.html",
    "practice/design/state.html",
    "practice/design/table.html",
    "practice/design/list.html",
    "practice/design/figures.html",
)
"""Components of the staff's pages in each state, in the order of the page that shows them."""
TOUCHSCREEN_SAMPLES = (
    "practice/design/touchscreen/wrong.html",
    "practice/design/touchscreen/progress.html",
    "practice/design/touchscreen/button.html",
    "practice/design/touchscreen/option.html",
    "practice/design/touchscreen/field.html",
    "practice/design/touchscreen/notice.html",
    "practice/design/touchscreen/tile.html",
    "practice/design/touchscreen/facts.html",
)
"""Components of the touchscreen in each state, in the order of the page. The errors take the focus: they are first."""
PHONE_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src data:; frame-src {}; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""Policy of the page with a phone, which alone has a frame: one of the practice gateway."""
NEED = "need"
"""In place of a receipt number: the pages of what procedures need."""
DESIGN_THEMES = ("", "desk-dark")
DESIGN_SIZES = ("", "larger")


@dataclass(frozen=True, kw_only=True)
class PhoneForm:
    """A form of today with the digits and the address of its slip."""

    receipt_no: str
    digits: str
    address: str


@practice.before_request
def check_request() -> None:
    """Require the CSRF token, as on any other page of the citizen."""
    access.check_csrf()


@practice.app_context_processor
def tray() -> dict[str, Any]:
    """Add the made-up cards to the template context of every page."""
    return {"tray_cards": id_card.practice_cards(), "tray_codes": id_card.practice_codes()}


@practice.post("/cards/<page>/<key>")
@allow("citizen")
def card(page: str, key: str) -> Answer:
    """Put a made-up card into the inbox, as the scanner does."""
    cards = id_card.practice_cards() + id_card.practice_codes()
    chosen = next((card for card in cards if card.key == key), None)
    if chosen is None:
        abort(404)
    context().card_inbox.poll(visitor().id)
    context().card_inbox.put(chosen.line)
    return redirect(url_for("citizen.step", page=page), 303)


@practice.get("/paper")
@allow("citizen")
def paper() -> str:
    """Show the papers of the virtual printers, newest first."""
    with context().store.read() as db:
        today = submissions.of_day(db, context().clock.today())
    forms = [(submission.receipt_no, submission.id) for submission in reversed(today) if _has_form(submission)]
    return render_template(
        "practice/paper.html",
        names=_newest(".png"),
        office_names=_newest(".pdf"),
        forms=forms[:SHOWN],
        lang=visitor().lang,
        _=translator(visitor().lang),
    )


def _has_form(submission: Submission) -> bool:
    """Return whether the law has a form for the procedure: copies and classes have none."""
    procedure = context().catalogue.version(submission.procedure, submission.version)
    return procedure is not None and procedure.declaration is not None


def _newest(suffix: str) -> list[str]:
    return sorted((path.name for path in context().config.paper_folder.glob(f"*{suffix}")), reverse=True)[:SHOWN]


@practice.get("/design")
@allow("citizen")
def design() -> str:
    """Show each component of the staff's pages beside its markup."""
    theme = request.args.get("theme", "")
    size = request.args.get("size", "")
    return render_template(
        "practice/design.html",
        theme=theme if theme in DESIGN_THEMES else "",
        size=size if size in DESIGN_SIZES else "",
        samples=_with_markup(DESIGN_SAMPLES),
    )


@practice.get("/design/touchscreen")
@allow("citizen")
def design_touchscreen() -> str:
    """Show each component of the touchscreen beside its markup, in the visitor's colours and text size."""
    return render("practice/design_touchscreen.html", samples=_with_markup(TOUCHSCREEN_SAMPLES), notice=Notice)


def _with_markup(templates: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Return the name, the file and the markup of each sample."""
    return [(Path(name).stem, name, (ROOT / "templates" / name).read_text("utf-8")) for name in templates]


@practice.get("/phone")
@allow("citizen")
def phone() -> Answer:
    """Show what a citizen's phone shows: the gateway's page of a form of today, or of what procedures need.

    The page is in a frame, as large as a phone.
    """
    shown = _phone_forms()
    number = request.args.get("no")
    first = shown[0] if shown and number != NEED else None
    chosen = next((form for form in shown if form.receipt_no == number), first)
    config = context().config
    need = status_page.need_address(config) if status_page.is_offered(config) else ""
    page = render_template("practice/phone.html", forms=shown, chosen=chosen, need=need, lang=visitor().lang)
    origin = config.portal.public_url
    return Response(page, headers={"Content-Security-Policy": PHONE_POLICY.format(origin)})


def _phone_forms() -> list[PhoneForm]:
    """Return the newest forms of today whose slips have the address of a status page."""
    with context().store.read() as db:
        first = [
            submissions.revisions(db, submission.receipt_no)[0]
            for submission in reversed(submissions.of_day(db, context().clock.today()))
            if submission.delivery is not None and status_page.is_offered(context().config)
        ][:SHOWN]
    return [_phone_form(submission) for submission in first]


def _phone_form(first: Submission) -> PhoneForm:
    key = status_page.status_key(context(), first.receipt_no, first.id)
    address = status_page.address(context().config, key, first.receipt_no)
    return PhoneForm(receipt_no=first.receipt_no, digits=key.digits, address=address)


@practice.get("/declaration/<submission_id>.pdf")
@allow("citizen")
def form(submission_id: str) -> Any:
    """Return the declaration of a practice submission as the PDF that would be printed on A4."""
    from kiosk.papers import declaration  # imported late: it would delay each start

    pdf = declaration.pdf(context(), submission_id)
    if pdf is None:
        abort(404)
    return Response(pdf, mimetype="application/pdf")


@practice.get("/paper/<name>")
@allow("citizen")
def sheet(name: str) -> Any:
    """Return a paper as an image, or as PDF."""
    path = context().config.paper_folder / name
    if path.suffix not in MIME_TYPES or path.parent != context().config.paper_folder or not path.is_file():
        abort(404)
    return send_file(path, mimetype=MIME_TYPES[path.suffix], max_age=0)


@practice_desk.post("/transfer/<key>/<int:due>")
@allow("officer")
def transfer(key: str, due: int) -> Answer:
    """Let the bank of practice tell of a transfer; the page with the code stays and shows what the gateway tells."""
    press = request.form.get("press", "")
    if press not in practice_bank.PRESSES or not practice_bank.is_open(context().config) or not due:
        raise NotFound
    practice_bank.transfer(context(), press, key=key, due=due)
    return Response(status=204)
