"""Between kiosk and sync: what a file behind a form is, and how its dossier stands when it has come or cannot go.

A file of sync is a scan, by its id. `open_scan` opens the vault at the moment of sending and at no other; `tell` runs
inside the write that moves the file's row, so that a dossier never stands as confirmed before its last scan is there.
"""

from sqlite_utils import Database

from kiosk.context import Context
from kiosk.dossiers.scan_events import update_delivery
from kiosk.errors import SealBroken
from kiosk.records import audit, scans, submissions
from kiosk.store import files
from sync.file_transfer import FileContent, FileResult


def open_scan(context: Context, scan_id: str) -> FileContent:
    """Return what a scan holds; or that nobody has it any more, that its file is missing, or is not what it was."""
    with context.store.read() as db:
        found = scans.by_id(db, scan_id)
    if found is None:
        return "gone"
    sealed = files.read(context.config.scans_folder, found.name)
    if sealed is None:
        return "missing"
    try:
        return context.vault.open(scans.FILE, found.id, found.key + sealed)
    except SealBroken:
        return "changed"


def apply_result(context: Context, db: Database, scan_id: str, word: FileResult) -> None:
    """Write down what became of a scan on its way: with the last one its dossier is confirmed."""
    found = scans.by_id(db, scan_id)
    if found is None:
        return
    update_delivery(context, db, found.receipt_no)
    submission = submissions.by_receipt(db, found.receipt_no)
    if word == "refused" and submission is not None:
        line = audit.AuditLine("scan_refused", "portal", submission.id, {"paper": found.paper})
        audit.append(db, context.audit_key(), context.clock.now(), line)
