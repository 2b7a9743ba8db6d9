"""An officer goes through the papers with the citizen: ticks what was seen and copied, keeps a note."""

from collections.abc import Mapping

from kiosk import codes
from kiosk.context import Context
from kiosk.errors import NotFound
from kiosk.records import audit, inspections
from kiosk.records.inspections import Inspection, Note

LONGEST_NOTE = 500


def tick(context: Context, submission_id: str, papers: Mapping[str, tuple[bool, bool]], actor: str) -> int:
    """Write (original seen, copy taken) of papers by their id; return how many stand otherwise than before."""
    now, changed = context.clock.now(), 0
    with context.store.write() as db:
        before = inspections.marked(db, submission_id)
        for paper, (is_seen, is_copied) in papers.items():
            if paper not in before and not (is_seen or is_copied):
                continue
            if inspections.mark(db, submission_id, Inspection(paper, is_seen, is_copied, actor, now)):
                facts: dict[str, audit.Fact] = {"paper": paper, "seen": is_seen, "copied": is_copied}
                audit.note(db, context.audit_key(), now, audit.AuditLine("tick", actor, submission_id, facts))
                changed += 1
    return changed


def note(context: Context, submission_id: str, text: str, actor: str) -> None:
    """Keep what an officer notes, 1 to 500 letters, sealed; citizens never see it."""
    told = "\n".join(line.strip() for line in text.strip().splitlines() if line.strip())
    if not 1 <= len(told) <= LONGEST_NOTE:
        raise NotFound(f"Ghi chú dài 1 đến {LONGEST_NOTE} chữ.", f"A note has 1 to {LONGEST_NOTE} characters.")
    note_id, now = codes.new_id(), context.clock.now()
    sealed = context.vault.seal(inspections.NOTE, note_id, told.encode())
    with context.store.write() as db:
        inspections.note(db, submission_id, Note(note_id, sealed, actor, now))
        audit.note(db, context.audit_key(), now, audit.AuditLine("note", actor, submission_id))
