"""Check of the audit trail: the result of the worker's verification, and whether the ledger's head is still in it.

The worker verifies the whole chain piece by piece and stores the result in a mark; `kiosk doctor` verifies it at once.
The alarm about the portal's own trail is shown here too.
"""

import json

from sqlite_utils import Database

from kiosk.backup import ledger, page_chain
from kiosk.base.errors import BackupMissing
from kiosk.context import Context
from kiosk.health import portal_lines
from kiosk.health.check_result import CheckResult
from kiosk.records import audit, marks, submissions
from kiosk.records.audit import AuditHead

NAME = "Nhật ký"
PORTAL_ALARM_DAYS = 7
"""So long an alarm about the portal's trail is shown; its line in the trail stays."""
_MARK = "trail"
_DO = "Đừng xóa, đừng cài lại gì. Báo người phụ trách và phòng công nghệ: có người đã sửa kho của máy."


def save_result(db: Database, broken: int | None, head: AuditHead, cut: int | None) -> None:
    """Store the result of a verification.

    Args:
        broken: the first changed line; None for none.
        head: the last verified line, which must be there ever after.
        cut: the line that a copy knew and the trail has no more; None for none.
    """
    marks.put(db, _MARK, json.dumps({"broken": broken, "lines": head.seq, "mac": head.mac, "cut": cut}))


def trail(context: Context) -> CheckResult:
    """Report the last verification of the chain, and check now that the end of the trail was not cut off."""
    with context.store.read() as db:
        stored = json.loads(marks.get(db, _MARK) or "{}")
    if stored.get("broken") is not None:
        return _changed(stored["broken"])
    cut = stored.get("cut") or cut_after(context)
    if cut is not None:
        return _cut(cut)
    if not stored:
        return CheckResult(NAME, "note", "Chưa soát, máy sẽ tự soát")
    return _portal_alarm(context) or CheckResult(NAME, "ok", f"Nguyên vẹn, {stored['lines']} dòng")


def verify(context: Context) -> CheckResult:
    """Verify the whole chain now."""
    with context.store.read() as db:
        broken = audit.verify(db, context.audit_key())
        lines = audit.head(db).seq
    if broken is not None:
        return _changed(broken)
    cut = cut_after(context) if (copied := copied_cut_after(context)) is None else copied
    if cut is not None:
        return _cut(cut)
    return _portal_alarm(context) or CheckResult(NAME, "ok", f"Nguyên vẹn, {lines} dòng")


def cut_after(context: Context) -> int | None:
    """Return the line up to which the trail was known, where it no longer has it; else None.

    It was known to the last backup and to the last verification. A trail without a line beside forms was emptied: each
    Submit writes one.
    """
    with context.store.read() as db:
        stored = json.loads(marks.get(db, _MARK) or "{}")
        verified = AuditHead(stored["lines"], stored["mac"]) if stored.get("mac") else None
        known = [head for head in (ledger.audit_head(context.config, context.vault), verified) if head is not None]
        lost = [head.seq for head in known if not audit.contains(db, head)]
        if not lost and audit.head(db).seq == 0 and submissions.exist(db):
            return 1
    return max(lost, default=None)


def copied_cut_after(context: Context) -> int | None:
    """Return the line up to which the newest copy of a minute knew the trail, where it no longer has it; else None.

    It reads the head of every file in the folder, so it is asked once an hour and by a command.
    """
    folder = context.config.second_folder
    if folder is None:
        return None
    try:
        chains = page_chain.list_chains(folder, context.config.kiosk.id)
    except BackupMissing:
        return None
    heads = [chain[-1].audit_head for chain in chains if chain[-1].store_id == context.vault.store_id]
    with context.store.read() as db:
        return max((head.seq for head in heads if not audit.contains(db, head)), default=None)


def _portal_alarm(context: Context) -> CheckResult | None:
    """Return the alarm about the portal's own trail, for a week; a practice portal is emptied again and again."""
    with context.store.read() as db:
        line = portal_lines.find(db)
    age = line.alarm_age_days(context.clock.now())
    if age is None or age >= PORTAL_ALARM_DAYS or context.config.kiosk.practice:
        return None
    what = "bị cắt" if line.alarm == "shorter" else "bị viết lại"
    return CheckResult(
        name=NAME,
        state="warning",
        words=f"Sổ việc của cổng tỉnh {what}: máy giữ dòng {line.alarmed_no}, nay cổng không còn dòng đó",
        do="Hỏi tỉnh: cổng vừa khôi phục từ bản sao? Nếu không, báo người phụ trách và phòng công nghệ.",
        code="TRAIL-03",
    )


def _changed(seq: int) -> CheckResult:
    words = f"Bị sửa hoặc mất từ dòng {seq}"
    return CheckResult(name=NAME, state="fault", words=words, do=_DO, code="TRAIL-01")


def _cut(seq: int) -> CheckResult:
    words = f"Bị cắt hoặc viết lại: máy đã ghi đến dòng {seq}, nay không còn dòng đó"
    return CheckResult(name=NAME, state="fault", words=words, do=_DO, code="TRAIL-02")
