"""Scans of papers: an officer attaches some to a dossier, or removes one.

The file is checked, sealed and synced to disk before the store names it. A power cut in between leaves a file without a
key, which the next clean-up deletes. The scan follows its form to the portal.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlite_utils import Database

from kiosk import uploads
from kiosk.base import codes
from kiosk.base.errors import BadUpload, KioskError
from kiosk.context import Context, signature_trust
from kiosk.dossiers import scan_events
from kiosk.dossiers.scan_events import ScannedPaper
from kiosk.records import audit, scans
from kiosk.records.scans import Scan
from kiosk.records.submissions import Submission
from kiosk.store import files
from kiosk.uploads import CheckedUpload
from sync.encoding import sha256_hex

MAX_SCANS = 20
"""Scans of one dossier by officers; pages that the citizen photographed have their own limit."""


class _DossierFullError(Exception):
    """No scan of a post can be inserted."""


@dataclass(frozen=True)
class RefusedFile:
    """A file that was not attached: its place among those of the post, from 1, and the reason."""

    number: int
    error: KioskError


@dataclass(frozen=True)
class PaperFile:
    """A file of a paper of the form's list: uploaded, or checked before as the pages of the paper scanner."""

    paper: ScannedPaper
    content: bytes | CheckedUpload


def attach(context: Context, submission: Submission, scanned: Sequence[PaperFile], actor: str) -> list[RefusedFile]:
    """Attach uploaded scans of papers, in their order; one that is there already changes nothing.

    A file that was checked is stored as it is: a stack of the paper scanner was never a file of somebody else.

    A refused file does not stop the others. All rows are stored in one write, so a post that is repeated by its key
    repeats all of them or none.

    Returns:
        The files that were not attached.

    Raises:
        StoreFull: the disk has no space.
    """
    refused = []
    sealed: list[tuple[int, Scan]] = []
    names = {file.paper.id: file.paper for file in scanned}
    for number, file in enumerate(scanned, start=1):
        try:
            sealed.append((number, _seal(context, submission, file=file, actor=actor)))
        except BadUpload as error:
            refused.append(RefusedFile(number=number, error=error))
    new_scans = [scan for _number, scan in sealed]
    too_many = {scan.id for scan in new_scans}
    with suppress(_DossierFullError), context.store.write() as db:
        too_many = _insert(db, context, submission, names=names, new_scans=new_scans)
    refused += [RefusedFile(number=number, error=_too_many_error()) for number, scan in sealed if scan.id in too_many]
    _delete_unnamed(context, submission, new_scans)
    return sorted(refused, key=lambda file: file.number)


def _insert(
    db: Database,
    context: Context,
    submission: Submission,
    *,
    names: Mapping[str, ScannedPaper],
    new_scans: Sequence[Scan],
) -> set[str]:
    """Insert and announce scans; return the ids of those above `MAX_SCANS`.

    Raises:
        _DossierFullError: none can be inserted. The write is rolled back, and with it the key of the post: a repeated
            post must not be answered as done.
    """
    too_many = set()
    count = sum(scan.actor != scans.CITIZEN for scan in scans.of_receipt(db, submission.receipt_no))
    for scan in new_scans:
        if count >= MAX_SCANS:
            too_many.add(scan.id)
        elif scans.insert(db, scan):
            _announce(db, context, submission, scan=scan, paper=names[scan.paper])
            count += 1
    if len(too_many) == len(new_scans):
        raise _DossierFullError
    return too_many


def _delete_unnamed(context: Context, submission: Submission, new_scans: Sequence[Scan]) -> None:
    """Delete the files of scans that have no row."""
    with context.store.read() as db:
        stored = {scan.id for scan in scans.of_receipt(db, submission.receipt_no)}
    for scan in new_scans:
        if scan.id not in stored:
            files.delete(context.config.scans_folder, scan.name)


def _seal(context: Context, submission: Submission, *, file: PaperFile, actor: str) -> Scan:
    """Check an upload and save its sealed file; return the row that will name it.

    The pages of the paper scanner come as an upload that was checked before.
    """
    content = file.content
    upload = (
        content if isinstance(content, CheckedUpload) else uploads.check_upload(content, signature_trust.trust(context))
    )
    scan_id = codes.new_id()
    key, sealed = context.vault.seal_detached(scans.FILE, scan_id, upload.content)
    scan = Scan(
        id=scan_id,
        receipt_no=submission.receipt_no,
        paper=file.paper.id,
        name=context.vault.keyed_hash(scans.FILE, scan_id),
        key=key,
        sha256=sha256_hex(upload.content),
        media=upload.media,
        pages=upload.pages,
        bytes=len(upload.content),
        actor=actor,
        at=context.clock.now(),
        signed=upload.verdict,
        is_scanned=isinstance(content, CheckedUpload),
    )
    files.save(context.config.scans_folder, scan.name, sealed)
    return scan


def _announce(db: Database, context: Context, submission: Submission, *, scan: Scan, paper: ScannedPaper) -> None:
    scan_events.append_line(db, context, scan=scan, subject=submission.id)
    scan_events.announce_scan(db, context, scan=scan, paper=paper)


def _too_many_error() -> BadUpload:
    return BadUpload(
        f"Một hồ sơ giữ nhiều nhất {MAX_SCANS} bản chụp. Bỏ bớt bản thừa rồi chụp lại.",
        f"A dossier keeps at most {MAX_SCANS} scans. Remove some and try again.",
    )


def detach(context: Context, submission: Submission, paper: ScannedPaper, scan_id: str, actor: str) -> bool:
    """Delete a scan and its file; False when it is deleted already."""
    with context.store.write() as db:
        scan = scans.find(db, submission.receipt_no, scan_id)
        if scan is None:
            return False
        scans.delete(db, scan_id)
        line = audit.AuditLine(act="detach", actor=actor, subject=submission.id, facts={"paper": scan.paper})
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
        scan_events.announce_removal(db, context, scan=scan, paper=paper, actor=actor)
    files.delete(context.config.scans_folder, scan.name)
    return True
