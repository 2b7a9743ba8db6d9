"""Pages of the scanner at the touchscreen: lay papers down, watch them go through, keep what was scanned.

Pages wait in memory (`kiosk/paper_scanner`) until the person keeps them; then they are pages of the draft, as those of
the camera are. What the scanner cannot do is left to an officer, and pages that are scanned stay.
"""

from dataclasses import dataclass, replace

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import draft_pages
from kiosk.base.errors import DraftFull, NotFound
from kiosk.base.i18n import N_
from kiosk.pages.access import allow, context, has_paper_camera, has_paper_scanner
from kiosk.pages.citizen.blueprint import citizen
from kiosk.pages.citizen.open_form import posted_turn
from kiosk.pages.citizen.paper_camera import render_papers, url_before
from kiosk.pages.citizen.photographed_papers import (
    CopyCost,
    PhotographedForm,
    PhotographedPaper,
    cost_with_pages,
    photographed_form,
)
from kiosk.paper_scanner import Ending, Stack, StackKey

SHOWN_PAGES = 4
"""Newest pages that are shown as pictures; those before are counted."""
JAMS_AT_ONE_PAGE = 2
"""Jams at one page after which the camera is offered first."""
TROUBLES: dict[Ending, tuple[str, str]] = {
    "busy": (N_("Máy quét đang bận"), N_("Xin chờ một phút rồi thử lại.")),
    "silent": (N_("Máy quét chưa trả lời"), N_("Cán bộ sẽ quét tại quầy.")),
    "no_feeder": (N_("Máy quét này không có khay trên"), N_("Cán bộ sẽ quét tại quầy.")),
}
"""Endings that only an officer or a technician can do something about; any other is `OUT_OF_ORDER`."""
OUT_OF_ORDER = (N_("Máy quét chưa dùng được"), N_("Cán bộ sẽ quét tại quầy."))


@dataclass(frozen=True)
class FeederPicture:
    """A scanned page that is shown: `picture` is its place in the stack, from 1."""

    picture: int
    number: int | None
    """Its number as the title counts; None for a blank back that is left out."""


@dataclass(frozen=True)
class FeederView:
    """State of the scanner, as the page shows it."""

    state: str
    """`laying`, `running`, `done`, `jam`, `open` or `trouble`."""
    pages: int
    """Pages that are scanned."""
    blanks: int = 0
    is_empty: bool = False
    """The feeder had no paper."""
    is_blank: bool = False
    """All that was scanned has no ink."""
    is_full: bool = False
    has_camera_first: bool = False
    """The same page jammed again: photograph it."""
    trouble: tuple[str, str] = OUT_OF_ORDER
    cost: CopyCost | None = None
    """With the written pages."""
    can_keep_blanks: bool = False
    cost_with_blanks: CopyCost | None = None
    shown: tuple[FeederPicture, ...] = ()
    """Newest pages, in their order."""

    @property
    def written(self) -> int:
        """Pages that have ink."""
        return self.pages - self.blanks


@citizen.get("/form/papers/<paper>/feeder")
@allow("citizen")
def feeder(paper: str) -> Answer | str:
    """Show how to lay the papers, the pages that come, and what to do when the scanner stops."""
    current = photographed_form()
    if current.redirection:
        return current.redirection
    shown = current.find_for(paper, has_device=has_paper_scanner())
    stack = _stack(current, shown)
    if current.count >= draft_pages.MAX_PAGES and stack is None:
        return redirect(url_for("citizen.papers"), 303)
    return _page(current, shown, _view(current, shown, stack))


@citizen.post("/form/papers/<paper>/feeder")
@allow("citizen")
def scan_feeder(paper: str) -> Answer | str:
    """Begin to scan, or scan more pages."""
    current = photographed_form()
    shown = current.find_for(paper, has_device=has_paper_scanner())
    settings = context().config.paper_scanner
    key = _key(current, shown)
    is_begun = context().paper_scanner.begin(key, settings.screen_device, settings.screen_source, room=_room(current))
    stack = context().paper_scanner.stack(key)
    if not is_begun and (stack is None or not stack.is_running):
        busy = FeederView(state="trouble", pages=len(stack.pages) if stack else 0, trouble=TROUBLES["busy"])
        return _page(current, shown, busy)
    return redirect(url_for("citizen.feeder", paper=shown.id), 303)


@citizen.get("/form/papers/<paper>/feeder/<int:number>")
@allow("citizen")
def feeder_picture(paper: str, number: int) -> Response:
    """Return a scanned page, from 1, as a picture."""
    current = photographed_form()
    stack = _stack(current, current.find(paper))
    if stack is None or not 1 <= number <= len(stack.pages):
        raise NotFound
    return Response(stack.pages[number - 1].page.jpeg, mimetype="image/jpeg")


@citizen.post("/form/papers/<paper>/feeder/stop")
@allow("citizen")
def stop_feeder(paper: str) -> Answer:
    """Stop the scanner after the page that it moves; what is scanned stays."""
    current = photographed_form()
    shown = current.find(paper)
    context().paper_scanner.stop(_key(current, shown))
    return redirect(url_for("citizen.feeder", paper=shown.id), 303)


@citizen.post("/form/papers/<paper>/feeder/drop")
@allow("citizen")
def drop_feeder(paper: str) -> Answer:
    """Forget what is scanned; the paper is scanned again, or with `skip` left to an officer."""
    current = photographed_form()
    shown = current.find(paper)
    context().paper_scanner.drop_form(current.opened.id)
    if request.form.get("skip"):
        return redirect(current.skip_url(shown), 303)
    return redirect(url_for("citizen.feeder", paper=shown.id), 303)


@citizen.post("/form/papers/<paper>/feeder/use")
@allow("citizen")
def use_feeder(paper: str) -> Answer:
    """Keep the scanned pages in the form, without blank backs unless they are wanted, and go on to the next paper."""
    current = photographed_form()
    shown = current.find(paper)
    stack = _stack(current, shown)
    if stack is None or stack.is_running:
        return redirect(url_for("citizen.feeder", paper=shown.id), 303)
    pages = stack.pages if request.form.get("blanks") else stack.written
    try:
        draft_pages.add_scanned(
            context(),
            current.opened.id,
            paper=shown.id,
            jpegs=[scanned.page.jpeg for scanned in pages[: _room(current)]],
            turn=posted_turn(),
        )
    except DraftFull:
        return redirect(url_for("citizen.papers"), 303)
    context().paper_scanner.drop_form(current.opened.id)
    if request.form.get("then") == "camera" and has_paper_camera():
        return redirect(url_for("citizen.camera", paper=shown.id), 303)
    after = photographed_form()
    return redirect(after.url_after(after.find(paper)), 303)


def _key(current: PhotographedForm, paper: PhotographedPaper) -> StackKey:
    return StackKey(person="", form=current.opened.id, paper=paper.id)


def _stack(current: PhotographedForm, paper: PhotographedPaper) -> Stack | None:
    return context().paper_scanner.stack(_key(current, paper))


def _room(current: PhotographedForm) -> int:
    return max(0, draft_pages.MAX_PAGES - current.count)


def _view(current: PhotographedForm, paper: PhotographedPaper, stack: Stack | None) -> FeederView:
    if stack is None:
        return FeederView(state="laying", pages=0)
    count = len(stack.pages)
    blanks = count - len(stack.written)
    if stack.ending is None:
        return FeederView(state="running", pages=count, blanks=blanks, shown=_shown(stack, counts_blanks=True))
    if stack.ending not in ("done", "stopped", "full", "empty"):
        return _view_of_trouble(stack, FeederView(state="trouble", pages=count, blanks=blanks))
    if not stack.written:
        return FeederView(state="laying", pages=0, is_empty=not count, is_blank=bool(count))
    before = len(paper.pages)
    can_keep_blanks = bool(blanks) and count <= _room(current)
    return FeederView(
        state="done",
        pages=count,
        blanks=blanks,
        is_full=len(stack.written) >= _room(current),
        can_keep_blanks=can_keep_blanks,
        cost=cost_with_pages(current, paper, before + len(stack.written)),
        cost_with_blanks=cost_with_pages(current, paper, before + count) if can_keep_blanks else None,
        shown=_shown(stack, counts_blanks=False),
    )


def _shown(stack: Stack, *, counts_blanks: bool) -> tuple[FeederPicture, ...]:
    """Return the newest pages; while the scanner works, blank ones are counted, as a jam names the next one."""
    pictures: list[FeederPicture] = []
    number = 0
    for place, scanned in enumerate(stack.pages, start=1):
        is_counted = counts_blanks or not scanned.is_blank
        number += is_counted
        pictures.append(FeederPicture(picture=place, number=number if is_counted else None))
    return tuple(pictures[-SHOWN_PAGES:])


def _view_of_trouble(stack: Stack, view: FeederView) -> FeederView:
    """Return the view of a scanner that the person can help, or that is left to an officer."""
    ending = stack.ending or "fault"
    if ending in ("jam", "open"):
        is_again = stack.jams >= JAMS_AT_ONE_PAGE and has_paper_camera()
        return replace(view, state=ending, has_camera_first=is_again)
    return replace(view, trouble=TROUBLES.get(ending, OUT_OF_ORDER))


def _page(current: PhotographedForm, paper: PhotographedPaper, view: FeederView) -> str:
    settings = context().config.paper_scanner
    return render_papers(
        "citizen/feeder.html",
        current,
        paper=paper,
        view=view,
        room=_room(current),
        is_glass=settings.screen_source == "glass",
        camera=url_for("citizen.camera", paper=paper.id) if has_paper_camera() else "",
        skip=current.skip_url(paper),
        back=url_for("citizen.camera", paper=paper.id) if has_paper_camera() else url_before(current),
    )
