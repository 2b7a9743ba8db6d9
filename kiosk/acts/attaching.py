"""Scans of papers: an officer attaches one to a dossier, or removes it.

The file is checked, sealed and synced to disk before the store names it. A power cut in between leaves a file without a
key, which the next clean-up deletes. The scan follows its form to the portal.
"""

from kiosk import codes, uploads
from kiosk.context import Context
from kiosk.dossiers import scan_events
from kiosk.dossiers.scan_events import ScannedPaper
from kiosk.errors import NotFound
from kiosk.records import audit, scans
from kiosk.records.scans import Scan
from kiosk.records.submissions import Submission
from kiosk.store import files
from sync.encoding import sha256_hex

MAX_SCANS = 20
"""Scans of one dossier."""


def attach(context: Context, submission: Submission, paper: ScannedPaper, content: bytes, actor: str) -> bool:
    """Attach an uploaded scan of a paper of the form's list.

    Returns:
        False when the paper has this scan already.

    Raises:
        BadUpload: the content is not a readable image or PDF.
        NotFound: the dossier has `MAX_SCANS` scans.
        StoreFull: the disk has no space.
    """
    upload = uploads.check_upload(content)
    scan_id = codes.new_id()
    key, sealed = context.vault.seal_detached(scans.FILE, scan_id, upload.content)
    scan = Scan(
        id=scan_id,
        receipt_no=submission.receipt_no,
        paper=paper.id,
        name=context.vault.keyed_hash(scans.FILE, scan_id),
        key=key,
        sha256=sha256_hex(upload.content),
        media=upload.media,
        pages=upload.pages,
        bytes=len(upload.content),
        actor=actor,
        at=context.clock.now(),
    )
    files.save(context.config.scans_folder, scan.name, sealed)
    with context.store.write() as db:
        is_full = len(scans.of_receipt(db, submission.receipt_no)) >= MAX_SCANS
        is_new = not is_full and scans.insert(db, scan)
        if is_new:
            facts: dict[str, audit.AuditFact] = {"paper": paper.id, "pages": scan.pages, "bytes": scan.bytes}
            line = audit.AuditLine(act="attach", actor=actor, subject=submission.id, facts=facts)
            audit.append(db, key=context.audit_key(), now=scan.at, line=line)
            scan_events.announce_scan(db, context, scan=scan, paper=paper)
    if not is_new:
        files.delete(context.config.scans_folder, scan.name)
    if is_full:
        raise NotFound(
            f"Một hồ sơ giữ nhiều nhất {MAX_SCANS} bản chụp. Bỏ bớt bản thừa rồi chụp lại.",
            f"A dossier keeps at most {MAX_SCANS} scans. Remove some and try again.",
        )
    return is_new


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
