"""Pages of photographed papers: the list of papers, the camera, the page that was taken.

They are offered on touchscreens with a camera only, after the list of papers to bring, and can always be left out: an
officer scans at the counter. The picture comes from the browser, so everything about it is checked again here.
"""

from typing import Any

from flask import Response, jsonify, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import uploads
from kiosk.acts import draft_pages
from kiosk.base.errors import BadUpload, DraftFull, NotFound, StoreUnavailable, TooManyTries
from kiosk.base.i18n import translator
from kiosk.context import rate_limit
from kiosk.context.rate_limit import Guess
from kiosk.pages import access
from kiosk.pages.access import accept_file, allow, context, has_open_form, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.open_form import posted_turn
from kiosk.pages.citizen.photographed_papers import PhotographedForm, PhotographedPaper, photographed_form
from kiosk.records import scans
from kiosk.records.scans import DraftPage
from kiosk.store import files

PICTURE_PAUSE = 1.0
"""Seconds between two pictures of a touchscreen: each is decoded in a process that the desks' uploads wait for."""
FEW_LEFT = 2
"""Pages that are left when the page of a picture says so."""


def render_papers(template: str, current: PhotographedForm, **values: Any) -> str:
    """Return a page about the papers of a form."""
    number, total = current.part
    return render(
        template,
        procedure=current.procedure.short.of(visitor().lang),
        number=number,
        total=total,
        count=current.count,
        max_pages=draft_pages.MAX_PAGES,
        originals=current.has_originals,
        kept=context().config.keep.originals,
        **values,
    )


def url_before(current: PhotographedForm) -> str:
    """Return the URL before the camera or the scanner: the list of papers, if it says more than the page before it."""
    return url_for("citizen.papers") if current.count or not current.has_originals else current.back_url


@citizen.get("/form/papers")
@allow("citizen")
def papers() -> Answer | str:
    """List the papers that may be photographed, with the pages that were taken."""
    current = photographed_form()
    return current.redirection or render_papers(
        "citizen/papers.html", current, papers=current.papers, back=current.back_url, onward=current.end_url
    )


@citizen.get("/form/papers/<paper>")
@allow("citizen")
def camera(paper: str) -> Answer | str:
    """Show the camera's picture, and take the page when it is still, sharp and without glare."""
    current = photographed_form()
    if current.redirection:
        return current.redirection
    shown = current.find_for(paper, has_device=access.has_paper_camera())
    if current.count >= draft_pages.MAX_PAGES:
        return redirect(url_for("citizen.papers"), 303)
    page = render_papers(
        "citizen/camera.html",
        current,
        paper=shown,
        paper_number=current.place(shown),
        papers=len(current.papers),
        skip=current.skip_url(shown),
        back=url_before(current),
        feeder=url_for("citizen.feeder", paper=shown.id) if access.has_paper_scanner() else "",
        waits=bool(current.count) and "again" not in request.args,
    )
    answer = make_response(page)
    # Only this page may ask for the camera; every other forbids it.
    answer.headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    return answer


@citizen.post("/form/papers/<paper>")
@allow("citizen")
@accept_file(uploads.MAX_BYTES, has_open_form)
def take_page(paper: str) -> Answer | tuple[Answer, int]:
    """Keep a picture of a page; answer with the URL that shows it, or with one sentence."""
    current = photographed_form()
    shown = current.find_for(paper, has_device=access.has_paper_camera())
    _ = translator(visitor().lang)
    sent = request.files.get("file")
    try:
        draft_pages.require_room(context(), current.opened.id)
        rate_limit.space_out(context(), Guess("picture", access.touchscreen()), PICTURE_PAUSE)
        content = sent.read() if sent else b""
        page = draft_pages.add(context(), current.opened.id, paper=shown.id, content=content, turn=posted_turn())
    except TooManyTries:
        return jsonify(say=_("Xin chờ một chút rồi chụp lại.")), TooManyTries.status
    except DraftFull:
        return jsonify(say=_("Đã đủ ảnh. Giấy còn lại cán bộ quét ở quầy.")), DraftFull.status
    except BadUpload:
        return jsonify(say=_("Máy chưa nhận được ảnh này. Xin chụp lại, hoặc để cán bộ quét.")), BadUpload.status
    except StoreUnavailable as error:
        return jsonify(say=_("Máy không giữ thêm ảnh được. Cán bộ sẽ quét tại quầy.")), error.status
    return jsonify(go=url_for("citizen.paper_page", paper=shown.id, page_id=page.id))


@citizen.get("/form/papers/<paper>/<page_id>")
@allow("citizen")
def paper_page(paper: str, page_id: str) -> Answer | str:
    """Show a page that was taken, and ask whether it can be read."""
    current = photographed_form()
    shown = current.find(paper)
    taken = _find_page(shown, page_id)
    return render_papers(
        "citizen/paper_page.html",
        current,
        paper=shown,
        page=taken,
        page_number=shown.pages.index(taken) + 1,
        left=draft_pages.MAX_PAGES - current.count,
        few_left=FEW_LEFT,
        onward=current.url_after(shown),
    )


@citizen.post("/form/papers/<paper>/<page_id>/remove")
@allow("citizen")
def remove_page(paper: str, page_id: str) -> Answer:
    """Delete a page that was taken, and show the camera again."""
    current = photographed_form()
    shown = current.find(paper)
    draft_pages.remove(context(), current.opened.id, page_id, turn=posted_turn())
    if not shown.is_taken:
        return redirect(url_for("citizen.papers") if current.count > 1 else current.end_url, 303)
    return redirect(f"{shown.take_url}?again=1", 303)


@citizen.get("/form/papers/<paper>/<page_id>/picture")
@allow("citizen")
def page_picture(paper: str, page_id: str) -> Response:
    """Return the picture of a page, decrypted."""
    taken = _find_page(photographed_form().find(paper), page_id)
    sealed = files.read(context().config.scans_folder, taken.name)
    if sealed is None:
        raise NotFound
    return Response(context().vault.open(scans.FILE, taken.id, taken.key + sealed), mimetype="image/jpeg")


def _find_page(paper: PhotographedPaper, page_id: str) -> DraftPage:
    page = next((page for page in paper.pages if page.id == page_id), None)
    if page is None:
        raise NotFound
    return page
