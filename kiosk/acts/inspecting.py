"""An officer inspects the papers with the citizen: ticks what was seen and copied, and adds notes."""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.base import codes
from kiosk.base.errors import NotAllowed, NotFound
from kiosk.context import Context
from kiosk.records import audit, inspections
from kiosk.records.inspections import DeskNote, Inspection
from kiosk.records.scans import Verdict

MAX_NOTE_LENGTH = 500
MAX_SHEETS = 99


@dataclass(frozen=True)
class PaperTick:
    """Entry of an officer about a paper: whether the original was seen and a copy taken, and the number received."""

    is_seen: bool
    is_copied: bool
    count: int = 1


def tick_papers(context: Context, submission_id: str, papers: Mapping[str, PaperTick], actor: str) -> int:
    """Store the ticks of papers by their id; return how many changed.

    A number outside 1 to `MAX_SHEETS` counts as the nearest of them.
    """
    now = context.clock.now()
    changed = 0
    with context.store.write() as db:
        before = inspections.by_paper(db, submission_id)
        for paper, tick in papers.items():
            if paper not in before and not (tick.is_seen or tick.is_copied):
                continue
            count = min(max(tick.count, 1), MAX_SHEETS)
            inspection = Inspection(
                paper=paper, is_seen=tick.is_seen, is_copied=tick.is_copied, actor=actor, at=now, count=count
            )
            if inspections.save(db, submission_id, inspection):
                facts: dict[str, audit.AuditFact] = {"paper": paper, "seen": tick.is_seen, "copied": tick.is_copied}
                if count > 1:
                    facts["sheets"] = count
                line = audit.AuditLine(act="tick", actor=actor, subject=submission_id, facts=facts)
                audit.append(db, key=context.audit_key(), now=now, line=line)
                changed += 1
    return changed


def use_signed_file(
    context: Context, submission_id: str, paper: str, verdict: Verdict, actor: str, *, is_used: bool = True
) -> bool:
    """Store that a file with a digital signature is used in place of the original, or no more; False: no change.

    Raises:
        NotAllowed: the file was changed after signing, or its certificate was revoked.
    """
    if is_used and verdict == "bad":
        raise NotAllowed(
            "Không dùng được chữ ký này thay bản chính. Xin bản chính, hoặc hỏi nơi cấp.",
            "This signature cannot be used in place of the original.",
        )
    now = context.clock.now()
    with context.store.write() as db:
        before = inspections.by_paper(db, submission_id).get(paper)
        is_copied = before.is_copied if before else False
        count = before.count if before else 1
        inspection = Inspection(paper=paper, is_seen=is_used, is_copied=is_copied, actor=actor, at=now, count=count)
        if not inspections.save(db, submission_id, inspection):
            return False
        facts: dict[str, audit.AuditFact] = {
            "paper": paper,
            "seen": is_used,
            "copied": is_copied,
            "used": is_used,
            "signed": verdict,
        }
        line = audit.AuditLine(act="tick", actor=actor, subject=submission_id, facts=facts)
        audit.append(db, key=context.audit_key(), now=now, line=line)
        return True


def add_note(context: Context, submission_id: str, text: str, actor: str) -> None:
    """Store an officer's sealed note; citizens never see it.

    Raises:
        NotFound: the note is empty or longer than `MAX_NOTE_LENGTH`.
    """
    text = "\n".join(line.strip() for line in text.strip().splitlines() if line.strip())
    if not 1 <= len(text) <= MAX_NOTE_LENGTH:
        raise NotFound(f"Ghi chú dài 1 đến {MAX_NOTE_LENGTH} chữ.", f"A note has 1 to {MAX_NOTE_LENGTH} characters.")
    note_id = codes.new_id()
    now = context.clock.now()
    sealed = context.vault.seal(inspections.NOTE, note_id, text.encode())
    with context.store.write() as db:
        inspections.insert_note(db, submission_id, DeskNote(id=note_id, text=sealed, actor=actor, at=now))
        line = audit.AuditLine(act="note", actor=actor, subject=submission_id)
        audit.append(db, key=context.audit_key(), now=now, line=line)
