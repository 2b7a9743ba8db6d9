"""Photos and scans of a paper: taken with a document camera or chosen as a file, looked at, taken away.

They are opened for the officer at whose counter the dossier is, and go as they are to nobody else; what is shown runs
in a sandbox of its own and is kept by no browser.
"""

from dataclasses import dataclass

from flask import Response, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import sync.file_outbox
from kiosk import clock, uploads
from kiosk.acts import attaching
from kiosk.dossiers import checklist
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.dossiers.scan_events import ScannedPaper
from kiosk.errors import BadUpload, NotFound
from kiosk.pages.access import context, for_, takes
from kiosk.pages.officer.blueprint import officer, render, sitting
from kiosk.pages.officer.ticket import at_counter, opened
from kiosk.procedures import model
from kiosk.records import scans, staff
from kiosk.records.scans import Scan
from kiosk.store import files
from sync.file_outbox import FileStatus

OTHER = "khac"
"""What is on no list of the form: a paper that the officer keeps all the same."""
OTHER_NAME = "Giấy khác"
SHOWN = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'self'; sandbox"
"""What a browser may do with a scan that it shows: nothing but show it."""


@dataclass(frozen=True)
class Kept:
    """A scan as a page lists it; one that ``is_broken`` cannot be opened here any more."""

    id: str
    is_picture: bool
    about: str
    way: str
    trouble: str
    is_broken: bool


@officer.get("/ticket/<ticket_id>/scans/<paper>")
@for_("officer")
def scanning(ticket_id: str, paper: str) -> Answer:
    """Show what is kept of a paper, and take more."""
    return _page(ticket_id, paper)


@officer.post("/ticket/<ticket_id>/scans/<paper>")
@for_("officer")
@takes(uploads.LARGEST)
def attach(ticket_id: str, paper: str) -> Answer:
    """Keep a photo or a PDF; what cannot be kept is said on the same page."""
    held = opened(at_counter(ticket_id))
    file = request.files.get("file")
    try:
        attaching.attach(context(), held.submission, _paper(held, paper), file.read() if file else b"", _actor())
    except BadUpload as fault:
        answer = _page(ticket_id, paper, fault.vi)
        answer.status_code = fault.status
        return answer
    return redirect(url_for("officer.scanning", ticket_id=ticket_id, paper=paper), 303)


@officer.get("/ticket/<ticket_id>/scan/<scan_id>")
@for_("officer")
def scan(ticket_id: str, scan_id: str) -> Response:
    """Show a scan as it was kept."""
    held = opened(at_counter(ticket_id))
    with context().store.read() as db:
        found = scans.find(db, held.submission.receipt_no, scan_id)
    sealed = files.read(context().config.scans_folder, found.name) if found else None
    if found is None or sealed is None:
        raise NotFound("Bản chụp này không còn trong máy.", "This scan is no longer here.")
    content = context().vault.open(scans.FILE, found.id, found.key + sealed)
    told = {"Content-Security-Policy": SHOWN, "Content-Disposition": "inline"}
    return Response(content, mimetype=found.media, headers=told)


@officer.post("/ticket/<ticket_id>/scans/<paper>/remove")
@for_("officer")
def detach(ticket_id: str, paper: str) -> Answer:
    """Take a scan away."""
    held = opened(at_counter(ticket_id))
    attaching.detach(context(), held.submission, _paper(held, paper), request.form.get("scan", ""), _actor())
    return redirect(url_for("officer.scanning", ticket_id=ticket_id, paper=paper), 303)


@dataclass(frozen=True)
class Count:
    """How many scans a paper has, and how many of them cannot reach the portal."""

    all: int = 0
    bad: int = 0

    @property
    def words(self) -> str:
        """Say it; nothing where there are none."""
        return f"{self.all} bản chụp" + (f", {self.bad} bản phải chụp lại" if self.bad else "") if self.all else ""


def counted(held: OpenedSubmission) -> dict[str, Count]:
    """Count the scans of a dossier, by paper."""
    found: dict[str, Count] = {}
    with context().store.read() as db:
        for one in scans.of_receipt(db, held.submission.receipt_no):
            way, so_far = sync.file_outbox.status_of(db, one.id), found.get(one.paper, Count())
            is_bad = way is not None and way.state == "refused"
            found[one.paper] = Count(so_far.all + 1, so_far.bad + is_bad)
    return found


def _page(ticket_id: str, paper: str, bad: str = "") -> Answer:
    held = opened(at_counter(ticket_id))
    wanted = _paper(held, paper)
    with context().store.read() as db:
        kept = [one for one in scans.of_receipt(db, held.submission.receipt_no) if one.paper == wanted.id]
        people, ways = staff.names(db), {one.id: sync.file_outbox.status_of(db, one.id) for one in kept}
    shown = render(
        "officer/scans.html",
        ticket=held.ticket,
        ticket_id=ticket_id,
        paper=wanted,
        kept=[_kept(one, people, ways[one.id]) for one in kept],
        bad=bad,
        limit=uploads.LARGEST // 1024 // 1024,
    )
    answer = make_response(shown)
    # Only this page may ask for the document camera; every other forbids it.
    answer.headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    return answer


def _kept(one: Scan, people: dict[str, str], way: FileStatus | None) -> Kept:
    size = f"{one.pages} trang" if one.media == "application/pdf" else "ảnh"
    about = f"{size}, {max(1, one.bytes // 1024)} kB, {people.get(one.actor, one.actor)}, "
    about = f"{about}{clock.local(one.at):%H:%M %d/%m}"
    is_broken = way is not None and (way.state, way.last_class) == ("refused", "record")
    return Kept(one.id, one.media == "image/jpeg", about, *_way(way), is_broken)


def _way(way: FileStatus | None) -> tuple[str, str]:
    """Say how far a scan is on its way to the portal, and what is wrong with it, by class and code alone."""
    if way is None or way.state == "dropped":
        return "", ""
    if way.state == "done":
        return "Cổng đã nhận đủ.", ""
    if way.state == "todo":
        return (f"Đang gửi lên cổng, được {way.sent * 100 // way.size}%." if way.sent else "Chờ gửi lên cổng."), ""
    if way.last_class == "record":
        return "", "Bản này hỏng trong máy nên không gửi lên cổng được. Bỏ bản này rồi chụp lại giấy."
    return "", f"Cổng không nhận bản này (mã {way.last_class}: {way.last_code}). Báo kỹ thuật."


def _paper(held: OpenedSubmission, paper: str) -> ScannedPaper:
    """Return a paper of the form's list, or the one for all others; NotFound."""
    listed: list[model.PaperToBring] = checklist.papers_needed(held.procedure, held.answers, held.submission.day)
    found = next((ScannedPaper(one.id, one.name.vi) for one in listed if one.id == paper), None)
    if found is None and paper == OTHER:
        return ScannedPaper(OTHER, OTHER_NAME)
    if found is None:
        raise NotFound("Tờ khai này không cần giấy ấy.", "This form asks for no such paper.")
    return found


def _actor() -> str:
    return sitting().person.code
