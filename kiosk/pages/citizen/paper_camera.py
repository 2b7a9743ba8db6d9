"""Pages of photographed papers: the list of papers, the camera, the page that was taken.

They are offered on touchscreens with a camera only, after the list of papers to bring, and can always be left out: an
officer scans at the counter. The picture comes from the browser, so everything about it is checked again here.
"""

from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import uploads
from kiosk.acts import draft_pages
from kiosk.base.errors import BadUpload, DraftFull, NotFound, StoreUnavailable, TooManyTries
from kiosk.base.i18n import translator
from kiosk.context import rate_limit
from kiosk.context.rate_limit import Guess
from kiosk.dossiers import checklist
from kiosk.dossiers.sealed_drafts import OpenedDraft
from kiosk.pages import access
from kiosk.pages.access import accept_file, allow, context, has_open_form, has_paper_camera, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.open_form import open_form, posted_turn, redirect_if_unfinished
from kiosk.procedures import journey
from kiosk.procedures.model import PaperToBring, Procedure
from kiosk.records import scans
from kiosk.records.scans import DraftPage
from kiosk.store import files

PICTURE_PAUSE = 1.0
"""Seconds between two pictures of a touchscreen: each is decoded in a process that the desks' uploads wait for."""
FEW_LEFT = 2
"""Pages that are left when the page of a picture says so."""


@dataclass(frozen=True)
class PhotographedPaper:
    """A paper of the form's list, the pages that were taken of it, and whether the camera takes more.

    Pages whose paper is no longer asked for are those of one paper more, "Giấy khác": they can be seen and removed.
    """

    id: str
    name: str
    pages: tuple[DraftPage, ...]
    is_taken: bool


@dataclass(frozen=True)
class _OpenPapers:
    """The visitor's form, and the papers that may be photographed."""

    opened: OpenedDraft
    procedure: Procedure
    papers: tuple[PhotographedPaper, ...]

    @property
    def count(self) -> int:
        """Pages of all papers."""
        return sum(len(paper.pages) for paper in self.papers)

    def find(self, paper_id: str) -> PhotographedPaper:
        """Return a paper of the list.

        Raises:
            NotFound: the form asks for no such paper.
        """
        paper = next((paper for paper in self.papers if paper.id == paper_id), None)
        if paper is None:
            raise NotFound
        return paper

    def find_for_camera(self, paper_id: str) -> PhotographedPaper:
        """Return a paper of the list that the camera takes.

        Raises:
            NotFound: the form asks for no such paper, or the screen has no camera.
        """
        paper = self.find(paper_id)
        if not paper.is_taken:
            raise NotFound
        return paper

    def place(self, paper: PhotographedPaper) -> int:
        """Return the number of a paper in the list, from 1."""
        return self.papers.index(paper) + 1

    def url_after(self, paper: PhotographedPaper) -> str:
        """Return the URL of the camera for the next paper without a page; that of the list after the last one."""
        later = next((other for other in self.papers[self.place(paper) :] if other.is_taken and not other.pages), None)
        return url_for("citizen.camera", paper=later.id) if later else url_for("citizen.papers")


def photographed_pages(opened: OpenedDraft, procedure: Procedure) -> int | None:
    """Return how many pages were taken; None where there are none, and nothing can be photographed here."""
    with context().store.read() as db:
        count = len(scans.pages_of_draft(db, opened.id))
    return count if count or (has_paper_camera() and _papers(opened, procedure)) else None


def _papers(opened: OpenedDraft, procedure: Procedure) -> list[PaperToBring]:
    today = context().clock.today()
    known = journey.answers_with_situations(procedure, opened.draft, today)
    return checklist.papers_to_photograph(procedure, known, today)


def _open_papers() -> _OpenPapers:
    """Return the papers of the visitor's form.

    Raises:
        NotFound: no page was taken, and nothing can be photographed here.
    """
    opened, procedure = open_form()
    _ = translator(visitor().lang)
    needed = _papers(opened, procedure)
    has_camera = has_paper_camera()
    with context().store.read() as db:
        pages = scans.pages_of_draft(db, opened.id)
    papers = [
        PhotographedPaper(
            id=paper.id,
            name=paper.name.of(visitor().lang),
            pages=tuple(page for page in pages if page.paper == paper.id),
            is_taken=has_camera,
        )
        for paper in needed
    ]
    shown = [paper for paper in papers if paper.is_taken or paper.pages]
    asked = {paper.id for paper in needed}
    others = tuple(page for page in pages if page.paper not in asked)
    if others:
        other = PhotographedPaper(id=checklist.OTHER_PAPER, name=_("Giấy khác"), pages=others, is_taken=False)
        shown.append(other)
    if not shown:
        raise NotFound
    return _OpenPapers(opened=opened, procedure=procedure, papers=tuple(shown))


def _render(template: str, current: _OpenPapers, **values: Any) -> str:
    today = context().clock.today()
    number, total = journey.page_number(current.procedure, current.opened.draft, today=today, page=None)
    return render(
        template,
        procedure=current.procedure.short.of(visitor().lang),
        number=number,
        total=total,
        count=current.count,
        max_pages=draft_pages.MAX_PAGES,
        **values,
    )


@citizen.get("/form/papers")
@allow("citizen")
def papers() -> Answer | str:
    """List the papers that may be photographed, with the pages that were taken."""
    current = _open_papers()
    redirection = redirect_if_unfinished(current.opened, current.procedure)
    return redirection or _render("citizen/papers.html", current, papers=current.papers)


@citizen.get("/form/papers/<paper>")
@allow("citizen")
def camera(paper: str) -> Answer | str:
    """Show the camera's picture, and take the page when it is still, sharp and without glare."""
    current = _open_papers()
    redirection = redirect_if_unfinished(current.opened, current.procedure)
    if redirection:
        return redirection
    shown = current.find_for_camera(paper)
    if current.count >= draft_pages.MAX_PAGES:
        return redirect(url_for("citizen.papers"), 303)
    page = _render(
        "citizen/camera.html",
        current,
        paper=shown,
        paper_number=current.place(shown),
        papers=len(current.papers),
        skip=current.url_after(shown),
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
    current = _open_papers()
    shown = current.find_for_camera(paper)
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
    current = _open_papers()
    shown = current.find(paper)
    taken = _find_page(shown, page_id)
    return _render(
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
    current = _open_papers()
    shown = current.find(paper)
    draft_pages.remove(context(), current.opened.id, page_id, turn=posted_turn())
    if not shown.is_taken:
        return redirect(url_for("citizen.papers" if current.count > 1 else "citizen.check"), 303)
    return redirect(url_for("citizen.camera", paper=shown.id, again=1), 303)


@citizen.get("/form/papers/<paper>/<page_id>/picture")
@allow("citizen")
def page_picture(paper: str, page_id: str) -> Response:
    """Return the picture of a page, decrypted."""
    taken = _find_page(_open_papers().find(paper), page_id)
    sealed = files.read(context().config.scans_folder, taken.name)
    if sealed is None:
        raise NotFound
    return Response(context().vault.open(scans.FILE, taken.id, taken.key + sealed), mimetype="image/jpeg")


def _find_page(paper: PhotographedPaper, page_id: str) -> DraftPage:
    page = next((page for page in paper.pages if page.id == page_id), None)
    if page is None:
        raise NotFound
    return page
