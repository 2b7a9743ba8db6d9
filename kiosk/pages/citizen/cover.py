"""The covered screen: cover it, choose four digits, open it again. The page behind is not in its document."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from flask import jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import applying, covering
from kiosk.acts.covering import Opening
from kiosk.base.errors import TurnLost
from kiosk.base.i18n import N_, translator
from kiosk.dossiers.draft_owner import has_personal_answers, scanned_numbers
from kiosk.pages import access
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.call_notice import FORM_PAGE
from kiosk.pages.citizen.local_path import local_path
from kiosk.pages.citizen.open_form import change_draft, find_page, first_unfinished_url, form_context, open_form
from kiosk.pages.forms import parsing
from kiosk.procedures.answers import Draft
from kiosk.records import screen_covers
from kiosk.records.screen_covers import ScreenCover
from kiosk.vietnam import id_card
from kiosk.vietnam.calendar import time_of_day

OWN = {"cover_place", "cover_now"} | parsing.NO_BOXES
"""Fields of the form that covers a page; the others are those of the page."""
WAYS = ("card", "digits", "officer")
MESSAGES = {
    "card": N_("Không phải thẻ đã quét trong tờ khai này."),
    "not_card": N_("Đây không phải mã trên thẻ căn cước. Xin đưa thẻ căn cước."),
    "digits": N_("Bốn số chưa đúng. Mời bấm lại."),
    "officer": N_("Bốn số chưa đúng hoặc đã quá 5 phút. Cán bộ xem lại số trên màn hình ở quầy."),
    "five": N_("Đã thử 5 lần chưa đúng. Nay chỉ cán bộ mở được."),
}


@citizen.post("/cover")
@allow("citizen")
def cover() -> Answer:
    """Keep what is typed on a page, then cover the screen.

    A person who asks for it without a scanned card chooses four digits first.
    """
    place = local_path(request.form.get("cover_place", "")).partition("?")[0]
    if visitor().draft_id is None:
        return redirect(place, 303)
    _save_typed(place)
    if request.form.get("cover_now") and not scanned_numbers(_draft()):
        return redirect(url_for("citizen.cover_digits", back=place), 303)
    covering.cover(context(), visitor().id, place)
    return redirect(url_for("citizen.covered"), 303)


@citizen.route("/cover/digits", methods=["GET", "POST"])
@allow("citizen")
def cover_digits() -> Answer | str:
    """Ask for four digits that open the screen again, then cover it."""
    place = local_path(request.values.get("back", "")).partition("?")[0]
    if visitor().draft_id is None:
        return redirect(place, 303)
    digits = request.form.get("digits", "")
    if request.method == "POST" and _are_four(digits):
        covering.cover(context(), visitor().id, place, digits)
        return redirect(url_for("citizen.covered"), 303)
    _ = translator(visitor().lang)
    errors = [("digits", _("Mời bấm đủ 4 số."))] if request.method == "POST" else []
    return render("citizen/cover_digits.html", call_page=place, errors=errors)


@citizen.get("/covered")
@allow("citizen")
def covered() -> Answer | str:
    """Show the cover, or one way to open it; a card that was scanned opens it."""
    screen = _cover()
    if screen is None:
        return _go_on()
    line = context().card_inbox.pop(visitor().id)
    if line is not None:
        return _open_by_line(screen, line, is_typed=False)
    way = request.args.get("by", "")
    return render(
        "citizen/covered.html",
        way=way if way in WAYS else "",
        cover=_cover_values(screen),
        errors=_errors(request.args.get("said", "")),
        scan_version=context().card_inbox.known_version(visitor().id) if access.has_scanner() else 0,
    )


@citizen.get("/covered/state")
@allow("citizen")
def covered_state() -> Any:
    """Return whether the screen is still covered, the words about the call, and the version of the card inbox.

    A form that was covered for too long is put away first.
    """
    screen = _cover()
    if screen is not None and context().clock.now() >= _until(screen):
        covering.put_away_overdue(context())
        return jsonify(covered=False)
    call = render("citizen/covered_call.html") if screen else ""
    version = context().card_inbox.poll(visitor().id) if access.has_scanner() else 0
    return jsonify(covered=screen is not None, call=call, version=version)


@citizen.post("/covered/open")
@allow("citizen")
def open_cover() -> Answer:
    """Try to open the covered screen by a typed card, four digits, the officer's digits or a touch."""
    screen = _cover()
    if screen is None:
        return _go_on()
    way = request.form.get("by", "")
    digits = request.form.get("digits", "")
    if way == "line":
        return _open_by_line(screen, request.form.get("line", ""), is_typed=True)
    if way == "touch":
        return _show(screen, covering.open_by_touch(context(), visitor().id), way="")
    if not _are_four(digits):
        return redirect(url_for("citizen.covered", by=way, said=way), 303)
    if way == "officer":
        return _show(screen, covering.open_by_officer(context(), visitor().id, digits), way=way)
    return _show(screen, covering.open_by_digits(context(), visitor().id, digits), way=way)


def _go_on() -> Answer:
    """Return to the form of a cover that was opened meanwhile; the start page would end the visit and delete it."""
    if visitor().draft_id is None:
        return redirect(url_for("citizen.start"), 303)
    opened, procedure = open_form()
    return redirect(first_unfinished_url(procedure, opened.draft), 303)


def _open_by_line(screen: ScreenCover, line: str, *, is_typed: bool) -> Answer:
    reading = id_card.parse(line, context().clock.today(), is_typed=is_typed)
    if isinstance(reading, id_card.NotACard):
        return redirect(url_for("citizen.covered", by="card", said="not_card"), 303)
    return _show(screen, covering.open_by_card(context(), visitor().id, reading.id_number), way="card")


def _show(screen: ScreenCover, result: Opening, way: str) -> Answer:
    """Return to the page behind the cover after it was opened; else to the cover with a message."""
    if result in ("open", "gone"):
        return redirect(screen.place, 303)
    if result == "officer":
        return redirect(url_for("citizen.covered", said="five"), 303)
    return redirect(url_for("citizen.covered", by=way, said=way), 303)


def _cover_values(screen: ScreenCover) -> dict[str, Any]:
    draft = _draft()
    may_open = not screen.is_for_officer
    return {
        "until": time_of_day(_until(screen)),
        "by_card": may_open and bool(scanned_numbers(draft)),
        "by_digits": may_open and screen.digits is not None,
        "by_touch": may_open and screen.digits is None and not has_personal_answers(draft),
    }


def _errors(message: str) -> list[tuple[str, str]]:
    _ = translator(visitor().lang)
    return [("digits", _(MESSAGES[message]))] if message in MESSAGES else []


def _cover() -> ScreenCover | None:
    if visitor().draft_id is None:
        return None
    with context().store.read() as db:
        return screen_covers.find(db, visitor().id)


def _until(screen: ScreenCover) -> datetime:
    return screen.since + timedelta(minutes=context().config.screen.cover_minutes)


def _draft() -> Draft:
    return applying.current_draft(context(), visitor().id).draft


def _save_typed(place: str) -> None:
    """Keep the answers and texts that stand in the boxes of a page of the form."""
    posted = {name: value for name, value in request.form.items() if name not in OWN}
    match = FORM_PAGE.fullmatch(place)
    if match is None or not any(value.strip() for value in posted.values()):
        return
    opened, procedure = open_form()
    page = find_page(procedure, opened.draft, match[1])
    if page is not None:
        form = form_context(procedure, page)
        # While a desk types, the boxes of this page are not the citizen's, and the cover must come all the same.
        with suppress(TurnLost):
            change_draft(opened.id, lambda draft: parsing.save_typed(form, draft, posted))


def _are_four(digits: str) -> bool:
    return len(digits) == 4 and digits.isascii() and digits.isdigit()
