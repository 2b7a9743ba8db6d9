"""Callbacks of the file transfer: open a scan, record its result.

A file of sync is a scan, by its id. `open_scan` opens the vault at the moment of sending and at no other.
`apply_result` runs inside the write that moves the file's row, so that a dossier is never confirmed before its last
scan is delivered.
"""

from sqlite_utils import Database

from kiosk.base.errors import SealBroken
from kiosk.context import Context
from kiosk.dossiers.scan_events import update_dossier_delivery
from kiosk.records import audit, scans, submissions
from kiosk.store import files
from sync.file_transfer import FileContent, FileResult


def open_scan(context: Context, scan_id: str) -> FileContent:
    """Return the content of a scan; or that it was removed, its file is missing, or its content has changed."""
    with context.store.read() as db:
        scan = scans.by_id(db, scan_id)
    if scan is None:
        return "gone"
    sealed = files.read(context.config.scans_folder, scan.name)
    if sealed is None:
        return "missing"
    try:
        return context.vault.open(scans.FILE, scan.id, scan.key + sealed)
    except SealBroken:
        return "changed"


def apply_result(context: Context, db: Database, scan_id: str, result: FileResult) -> None:
    """Record the result for a scan; the last delivered one confirms its dossier."""
    scan = scans.by_id(db, scan_id)
    if scan is None:
        return
    update_dossier_delivery(context, db, scan.receipt_no)
    submission = submissions.by_receipt(db, scan.receipt_no)
    if result == "refused" and submission is not None:
        facts = {"paper": scan.paper}
        line = audit.AuditLine(act="scan_refused", actor="portal", subject=submission.id, facts=facts)
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
