"""Check of the audit trail: the result of the worker's verification, and whether the ledger's head is still in it.

The worker verifies the whole chain piece by piece and stores the result in a mark; `kiosk doctor` verifies it at once.
"""

import json

from sqlite_utils import Database

from kiosk.backup import ledger
from kiosk.context import Context
from kiosk.health.check_result import CheckResult
from kiosk.records import audit, marks

NAME = "Nhật ký"
_MARK = "trail"
_DO = "Đừng xóa, đừng cài lại gì. Báo người phụ trách và phòng công nghệ: có người đã sửa kho của máy."


def save_result(db: Database, broken: int | None, lines: int) -> None:
    """Store the result of a verification: the first changed line, None for none, and the number of verified lines."""
    marks.put(db, _MARK, json.dumps({"broken": broken, "lines": lines}))


def trail(context: Context) -> CheckResult:
    """Report the last verification of the chain, and check now that the end of the trail was not cut off."""
    with context.store.read() as db:
        stored = json.loads(marks.get(db, _MARK) or "{}")
    if stored.get("broken") is not None:
        return _changed(stored["broken"])
    cut = cut_after(context)
    if cut is not None:
        return _cut(cut)
    if not stored:
        return CheckResult(NAME, "note", "Chưa soát, máy sẽ tự soát")
    return CheckResult(NAME, "ok", f"Nguyên vẹn, {stored['lines']} dòng")


def verify(context: Context) -> CheckResult:
    """Verify the whole chain now."""
    with context.store.read() as db:
        broken = audit.verify(db, context.audit_key())
        lines = audit.head(db).seq
    if broken is not None:
        return _changed(broken)
    cut = cut_after(context)
    return _cut(cut) if cut is not None else CheckResult(NAME, "ok", f"Nguyên vẹn, {lines} dòng")


def cut_after(context: Context) -> int | None:
    """Return the line up to which the last backup knew the trail, where the trail no longer has it; else None."""
    known = ledger.audit_head(context.config, context.vault)
    if known is None:
        return None
    with context.store.read() as db:
        return None if audit.contains(db, known) else known.seq


def _changed(seq: int) -> CheckResult:
    words = f"Bị sửa hoặc mất từ dòng {seq}"
    return CheckResult(name=NAME, state="fault", words=words, do=_DO, code="TRAIL-01")


def _cut(seq: int) -> CheckResult:
    words = f"Bị cắt hoặc viết lại: bản sao gần nhất ghi đến dòng {seq}, nay không còn dòng đó"
    return CheckResult(name=NAME, state="fault", words=words, do=_DO, code="TRAIL-02")
