"""Pages of the scans of a paper: list, add a photo or PDF, show, remove.

Only the officer with the dossier at their counter opens a scan. It is shown in a sandbox, and no browser stores it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, make_response, redirect, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as Answer

import sync.file_outbox
from kiosk import uploads
from kiosk.acts import attaching, inspecting
from kiosk.acts.attaching import PaperFile
from kiosk.base import clock
from kiosk.base.errors import BadUpload, NotFound
from kiosk.context import signature_trust
from kiosk.dossiers import checklist, original_pictures
from kiosk.dossiers.certified_copies import listed_papers
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.dossiers.scan_events import ScannedPaper
from kiosk.pages.access import accept_file, allow, context
from kiosk.pages.officer.case import signature_rows, stack_papers
from kiosk.pages.officer.case.current_case import case_in_hand, needed_papers, who_and_when
from kiosk.pages.officer.case.refusal_words import refusal_words
from kiosk.pages.officer.session import sent_posts
from kiosk.pages.officer.session.blueprint import frame_part, has_session, officer, render, sitting
from kiosk.records import inspections, scans, staff
from kiosk.records.scans import Flaw, Scan, Verdict
from kiosk.records.staff import Sitting
from kiosk.store import files
from kiosk.uploads import signatures
from sync.file_outbox import FileStatus

FLAWS: dict[Flaw, str] = {
    "": "",
    "dark": "Ảnh tối.",
    "glare": "Có chỗ lóa.",
    "blurred": "Chữ hơi mờ.",
    "small": "Ảnh nhỏ, chữ khó đọc.",
}
"""Words for the flaw of a citizen's picture."""
MAX_NAME = 60
"""Characters of a file's name in an answer."""
SCAN_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'self'; sandbox"
"""Content security policy of a scan: show it, nothing else."""


@dataclass(frozen=True)
class ScanRow:
    """A scan in the list of a paper; one that `is_broken` can no longer be decrypted here."""

    id: str
    is_picture: bool
    about: str
    delivery: str
    trouble: str
    is_broken: bool
    signed: Verdict
    is_citizens: bool
    flaw: str


@dataclass(frozen=True)
class UploadTerms:
    """Limits of a file, and why one is refused; the server checks both again."""

    megabytes: int
    max_bytes: int
    max_edge: int
    post_megabytes: int
    max_files: int
    too_large: str
    heic: str
    other: str


TERMS = UploadTerms(
    megabytes=uploads.MAX_BYTES // 1024 // 1024,
    max_bytes=uploads.MAX_BYTES,
    max_edge=uploads.MAX_EDGE,
    post_megabytes=uploads.MAX_POST_BYTES // 1024 // 1024,
    max_files=uploads.MAX_POST_FILES,
    too_large=uploads.too_large_error().vi,
    heic=uploads.heic_error().vi,
    other=uploads.other_type_error().vi,
)


@frame_part
def upload_terms_in_frame(_current: Sitting | None) -> dict[str, Any]:
    """Return the terms of uploads for the script of every page with papers."""
    return {"upload_terms": TERMS}


@officer.get("/ticket/<ticket_id>/scans/<paper>")
@allow("officer")
def scanning(ticket_id: str, paper: str) -> Answer:
    """List the scans of a paper, and ask for more."""
    return _page(case_in_hand(ticket_id).opened, ticket_id, paper)


@officer.post("/ticket/<ticket_id>/scans/<paper>")
@allow("officer")
@accept_file(uploads.MAX_POST_BYTES, has_session, uploads.post_too_large_error)
def attach(ticket_id: str, paper: str) -> Answer:
    """Save photos and PDFs; say on the same page which were refused and why. The others are saved.

    A script sends one file a post and asks for JSON, so that it can put the reason beside that file.
    """
    opened = case_in_hand(ticket_id).opened
    sent = request.files.getlist("file")
    try:
        bad = _attach(opened, paper, sent)
    except BadUpload as error:
        bad = [error.vi]
    if bad and request.accept_mimetypes.best == "application/json":
        return make_response(jsonify(bad=bad), BadUpload.status)
    if bad:
        answer = _page(opened, ticket_id, paper, bad=bad)
        answer.status_code = BadUpload.status
        return answer
    return redirect(url_for("officer.scanning", ticket_id=ticket_id, paper=paper), 303)


@officer.get("/ticket/<ticket_id>/scan/<scan_id>")
@allow("officer")
def scan(ticket_id: str, scan_id: str) -> Response:
    """Return a scan, decrypted."""
    stored, content = _opened_scan(ticket_id, scan_id)
    return shown(uploads.redrawn(content) if stored.signed else content, stored.media)


@officer.get("/ticket/<ticket_id>/scan/<scan_id>/page")
@allow("officer")
def scan_page(ticket_id: str, scan_id: str) -> Response:
    """Return the first page of a PDF as a picture."""
    _stored, content = _opened_scan(ticket_id, scan_id)
    return shown(uploads.first_page(content), "image/jpeg")


@officer.get("/ticket/<ticket_id>/scan/<scan_id>/signatures")
@allow("officer")
def scan_signatures(ticket_id: str, scan_id: str) -> str:
    """Say who signed a PDF digitally, and how far that can be relied on today."""
    stored, content = _signed_scan(ticket_id, scan_id)
    trust = signature_trust.trust(context())
    found = uploads.signatures_of(content, trust)
    verdict = signatures.verdict(found, trust)
    opened = case_in_hand(ticket_id).opened
    with context().store.read() as db:
        inspection = inspections.by_paper(db, opened.submission.id).get(stored.paper)
        names = staff.names(db)
    return render(
        "officer/signatures.html",
        ticket_id=ticket_id,
        back=url_for("officer.scanning", ticket_id=ticket_id, paper=stored.paper),
        paper=paper_of(opened, stored.paper),
        may_use=verdict != "bad" and stored.paper != checklist.OTHER_PAPER,
        is_used=inspection is not None and inspection.is_seen,
        by=who_and_when(inspection, names) if inspection else "",
        scan=stored,
        kilobytes=_kilobytes(stored),
        verdict=verdict,
        words=signature_rows.verdict_words(found, verdict),
        signatures=[signature_rows.rows(one, is_time_sure=trust.is_time_sure) for one in found or ()],
    )


def _signed_scan(ticket_id: str, scan_id: str) -> tuple[Scan, bytes]:
    stored, content = _opened_scan(ticket_id, scan_id)
    if not stored.signed:
        raise NotFound("Bản này không có chữ ký số.", "This scan has no digital signature.")
    return stored, content


@officer.post("/ticket/<ticket_id>/scan/<scan_id>/signatures")
@allow("officer")
def use_signed_file(ticket_id: str, scan_id: str) -> Answer:
    """Use a file with a digital signature in place of the original, or no more; the signature is checked again."""
    stored, content = _signed_scan(ticket_id, scan_id)
    trust = signature_trust.trust(context())
    verdict = signatures.verdict(uploads.signatures_of(content, trust), trust)
    opened = case_in_hand(ticket_id).opened
    if stored.paper not in {paper.id for paper in needed_papers(opened)}:
        raise NotFound("Giấy này không có trong danh sách của hồ sơ.", "The case has no such paper.")
    is_used = request.form.get("use") == "1"
    inspecting.use_signed_file(
        context(), opened.submission.id, stored.paper, verdict=verdict, actor=_actor(), is_used=is_used
    )
    return redirect(url_for("officer.scan_signatures", ticket_id=ticket_id, scan_id=scan_id), 303)


def _opened_scan(ticket_id: str, scan_id: str) -> tuple[Scan, bytes]:
    """Return a scan of the case in hand, decrypted."""
    opened = case_in_hand(ticket_id).opened
    with context().store.read() as db:
        stored = scans.find(db, opened.submission.receipt_no, scan_id)
    sealed = files.read(context().config.scans_folder, stored.name) if stored else None
    if stored is None or sealed is None:
        raise NotFound("Bản chụp này không còn trong máy.", "This scan is no longer here.")
    return stored, context().vault.open(scans.FILE, stored.id, stored.key + sealed)


def shown(content: bytes, media: str) -> Response:
    """Return the answer with a file that is looked at and nothing else."""
    headers = {"Content-Security-Policy": SCAN_POLICY, "Content-Disposition": "inline"}
    return Response(content, mimetype=media, headers=headers)


def _kilobytes(scan: Scan) -> int:
    return max(1, scan.bytes // 1024)


@officer.post("/ticket/<ticket_id>/scans/<paper>/remove")
@allow("officer")
def detach(ticket_id: str, paper: str) -> Answer:
    """Remove a scan."""
    opened = case_in_hand(ticket_id).opened
    scan_id = request.form.get("scan", "")
    attaching.detach(context(), opened.submission, paper_of(opened, paper), scan_id=scan_id, actor=_actor())
    return redirect(url_for("officer.scanning", ticket_id=ticket_id, paper=paper), 303)


def _attach(opened: OpenedSubmission, paper: str, sent: Sequence[FileStorage]) -> list[str]:
    """Attach the files of a post; return a sentence for each refused one."""
    if len(sent) > uploads.MAX_POST_FILES:
        raise uploads.too_many_error()
    contents = [file.read() for file in sent] or [b""]
    scanned = [PaperFile(paper=paper_of(opened, paper), content=content) for content in contents]
    refused = attaching.attach(context(), opened.submission, scanned, actor=_actor())
    if len(contents) == 1:
        return [file.error.vi for file in refused]
    return [f"{_name(file.number, sent)}: {file.error.vi}" for file in refused]


def _name(number: int, sent: Sequence[FileStorage]) -> str:
    """Return how the answer calls a file: by its place and name.

    Answers of a script's posts are stored for a while, and names of files tell of people: there the place is enough.
    """
    if sent_posts.HEADER in request.headers:
        return f"Tệp {number}"
    return f"Tệp {number} ({(sent[number - 1].filename or '')[:MAX_NAME]})"


def _page(opened: OpenedSubmission, ticket_id: str, paper_id: str, bad: Sequence[str] = ()) -> Answer:
    paper = paper_of(opened, paper_id)
    with context().store.read() as db:
        names = staff.names(db)
        rows = [
            _row(scan, names, sync.file_outbox.status_of(db, scan.id))
            for scan in scans.of_receipt(db, opened.submission.receipt_no)
            if scan.paper == paper.id
        ]
    page = render(
        "officer/scans.html",
        ticket=opened.ticket,
        ticket_id=ticket_id,
        back=case_in_hand(ticket_id).access.url(),
        paper=paper,
        rows=rows,
        bad=bad,
        signed_words=signature_rows.SHORT,
        has_scanner=bool(context().config.paper_scanner.device),
        has_separators=len(stack_papers.separator_papers(opened)) > 1,
        choices=[ScannedPaper(id, name) for id, name in _paper_names(opened).items() if not scans.is_original(id)],
    )
    answer = make_response(page)
    # Only this page may ask for the document camera; every other forbids it.
    answer.headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    return answer


def _row(scan: Scan, names: dict[str, str], status: FileStatus | None) -> ScanRow:
    size = f"{scan.pages} trang" if scan.media == "application/pdf" else "ảnh"
    is_citizens = scan.actor == scans.CITIZEN
    officer_words = names.get(scan.actor, scan.actor) + (" quét" if scan.is_scanned else "")
    citizen_words = "người dân tự quét" if scan.is_scanned else "người dân tự chụp"
    by = citizen_words if is_citizens else officer_words
    delivery, trouble = _delivery(status)
    return ScanRow(
        id=scan.id,
        is_picture=scan.media == "image/jpeg",
        about=f"{size}, {_kilobytes(scan)} kB, {by}, {clock.local(scan.at):%H:%M %d/%m}",
        delivery=delivery,
        trouble=trouble,
        is_broken=status is not None and (status.state, status.last_class) == ("refused", "record"),
        signed=scan.signed,
        is_citizens=is_citizens,
        flaw=FLAWS[scan.flaw],
    )


def _delivery(status: FileStatus | None) -> tuple[str, str]:
    """Return the progress to the portal and the trouble, in words; class and code only."""
    if status is None or status.state == "dropped":
        return "", ""
    if status.state == "done":
        return "Cổng đã nhận đủ.", ""
    if status.state == "todo":
        if status.sent:
            return f"Đang gửi lên cổng, được {status.sent * 100 // status.size}%.", ""
        return "Chờ gửi lên cổng.", ""
    if status.last_class == "record":
        return "", "Bản này hỏng trong máy nên không gửi lên cổng được. Bỏ bản này rồi chụp lại giấy."
    return "", f"Cổng không nhận bản này ({refusal_words(status.last_class, status.last_code)}). Báo kỹ thuật."


def paper_of(opened: OpenedSubmission, paper_id: str) -> ScannedPaper:
    """Return a paper of the form's list, or the one for all others; NotFound for any other id."""
    names = _paper_names(opened)
    if paper_id not in names:
        raise NotFound("Tờ khai này không cần giấy đó.", "This form asks for no such paper.")
    return ScannedPaper(paper_id, names[paper_id])


def _paper_names(opened: OpenedSubmission) -> dict[str, str]:
    names = {paper.id: paper.name.vi for paper in needed_papers(opened)} | {checklist.OTHER_PAPER: checklist.OTHER_NAME}
    keys = original_pictures.row_keys(context(), opened.procedure, opened.answers)
    for key, paper in zip(keys, listed_papers(opened), strict=False):  # no papers are listed without an amount
        names |= {begin + key: f"Bản chính: {paper.name}" for begin in (scans.ORIGINAL, scans.KEPT_ORIGINAL)}
    return names


def _actor() -> str:
    return sitting().person.code
