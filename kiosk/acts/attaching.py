"""An officer keeps a photo or scan of a paper beside the form, and takes it away again.

The file is looked at, sealed and safely on the disk before the store says that it is there; a power cut in between
leaves a file without a key, which is swept. It goes to the portal behind its form, where that goes.
"""

from kiosk import codes, uploads
from kiosk.context import Context
from kiosk.dossiers import scan_events
from kiosk.dossiers.scan_events import Paper
from kiosk.errors import NotFound
from kiosk.records import audit, scans
from kiosk.records.scans import Scan
from kiosk.records.submissions import Submission
from kiosk.store import files
from sync.parcel import sha256

MOST = 20
"""Scans of one dossier."""


def attach(context: Context, submission: Submission, paper: Paper, content: bytes, actor: str) -> bool:
    """Keep an upload for a paper of the form's list; BadUpload, StoreFull. False when the paper has it already."""
    looked = uploads.look(content)
    scan_id, now = codes.new_id(), context.clock.now()
    name = context.vault.keyed_hash(scans.FILE, scan_id)
    key, sealed = context.vault.seal_apart(scans.FILE, scan_id, looked.content)
    one = Scan(
        id=scan_id,
        receipt_no=submission.receipt_no,
        paper=paper.id,
        name=name,
        key=key,
        sha256=sha256(looked.content),
        media=looked.media,
        pages=looked.pages,
        bytes=len(looked.content),
        actor=actor,
        at=now,
    )
    files.keep(context.config.scans_folder, name, sealed)
    with context.store.write() as db:
        is_full = len(scans.of_receipt(db, submission.receipt_no)) >= MOST
        is_new = not is_full and scans.keep(db, one)
        if is_new:
            facts: dict[str, audit.Fact] = {"paper": paper.id, "pages": looked.pages, "bytes": one.bytes}
            audit.note(db, context.audit_key(), now, audit.AuditLine("attach", actor, submission.id, facts))
            scan_events.enclose(db, context, one, paper)
    if not is_new:
        files.remove(context.config.scans_folder, name)
    if is_full:
        raise NotFound(
            f"Một hồ sơ giữ nhiều nhất {MOST} bản chụp. Bỏ bớt bản thừa rồi chụp lại.",
            f"A dossier keeps at most {MOST} scans. Remove some and try again.",
        )
    return is_new


def detach(context: Context, submission: Submission, paper: Paper, scan_id: str, actor: str) -> bool:
    """Take a scan away for good; False when it is gone already."""
    with context.store.write() as db:
        found = scans.find(db, submission.receipt_no, scan_id)
        if found is None:
            return False
        scans.drop(db, scan_id)
        line = audit.AuditLine("detach", actor, submission.id, {"paper": found.paper})
        audit.note(db, context.audit_key(), context.clock.now(), line)
        scan_events.take_back(db, context, found, paper, actor)
    files.remove(context.config.scans_folder, found.name)
    return True
