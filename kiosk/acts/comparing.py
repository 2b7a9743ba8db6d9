"""The lead compares facts of a procedure with official texts, and exchanges the results with other wards.

A result is stored for the content that the page showed: a page of this morning cannot tick a fact that changed since. A
tick of the form ticks its lines too, so that a later change shows which line is new.
"""

from dataclasses import dataclass

from sqlite_utils import Database

from kiosk import comparison
from kiosk.base import clock
from kiosk.base.errors import NotAllowed, NotFound
from kiosk.comparison import Compared, ProcedureComparison, exchange_file
from kiosk.comparison.fact_contents import FORM
from kiosk.context import Context
from kiosk.procedures.model import Procedure
from kiosk.records import audit, comparisons, marks, staff
from kiosk.records.comparisons import MAX_NOTE_LENGTH, RESULTS, Comparison, ComparisonResult
from kiosk.vietnam import viet_text

IMPORTED = "comparisons of "
"""Prefix of the mark with the time of the newest file of a ward."""
CHANGED = (
    "Ý này vừa có bản mới nên chưa ghi. Mời xem lại rồi bấm.",
    "This fact has just changed, so nothing was saved. Please look again.",
)


@dataclass(frozen=True)
class ShownFact:
    """The fact that a page showed: code of the procedure, id and digest of the fact."""

    procedure: str
    fact: str
    digest: str


@dataclass(frozen=True)
class ImportReport:
    """Content of an imported file: rows for facts as they are here, rows for other contents, questions for the lead."""

    ward_name: str
    used: int
    kept: int
    """Rows for facts that this ward compared itself: its own result stays."""
    other: int
    questions: int


def compare(context: Context, shown: ShownFact, result: str, note: str, actor: str) -> None:
    """Store the result of comparing a fact; that of the form is stored for its lines too.

    Raises:
        NotAllowed: the fact has changed since the page was shown, or what differs is not said, or a line of the form
            differs while the form is called the same.
    """
    state = comparison.load(context, _procedure(context, shown.procedure))
    item = _find(state, shown)
    note = viet_text.clean(note, MAX_NOTE_LENGTH + 1)
    valid = _valid(state, item, result, note)
    now = context.clock.now()
    items = [item]
    if item.fact.id == FORM and valid == "same":
        items += [line for line in state.lines if line.own is None]
    with context.store.write() as db:
        for each in items:
            row = Comparison(
                procedure=shown.procedure,
                digest=each.fact.digest,
                fact=each.fact.id,
                result=valid,
                actor=actor,
                at=now,
                note=note if each is item else "",
            )
            comparisons.save(db, row)
        if item.question is not None:
            comparisons.settle(db, shown.procedure, shown.digest)
        facts: dict[str, audit.AuditFact] = {"fact": shown.fact, "result": valid, "digest": shown.digest[:12]}
        line = audit.AuditLine(act="compare", actor=actor, subject=shown.procedure, facts=facts)
        audit.append(db, key=context.audit_key(), now=now, line=line)


def clear(context: Context, shown: ShownFact, actor: str) -> None:
    """Clear the own result of a fact; with that of the form, those of its lines that were the same."""
    state = comparison.load(context, _procedure(context, shown.procedure))
    item = _find(state, shown)
    digests = [item.fact.digest]
    if item.fact.id == FORM:
        digests += [line.fact.digest for line in state.lines if line.own and line.own.result == "same"]
    with context.store.write() as db:
        if not comparisons.delete(db, shown.procedure, digests):
            return
        facts: dict[str, audit.AuditFact] = {"fact": shown.fact, "digest": shown.digest[:12]}
        line = audit.AuditLine(act="compare_clear", actor=actor, subject=shown.procedure, facts=facts)
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def take(context: Context, shown: ShownFact, actor: str) -> None:
    """Take over another ward's result in place of the own one; its words are kept with its name.

    Raises:
        NotAllowed: no other ward has another result for this fact.
    """
    item = _find(comparison.load(context, _procedure(context, shown.procedure)), shown)
    other = item.question
    if other is None:
        raise NotAllowed(*CHANGED)
    note = f"Theo {other.ward_name}: {other.note}" if other.note else f"Theo {other.ward_name}"
    row = Comparison(
        procedure=shown.procedure,
        digest=shown.digest,
        fact=shown.fact,
        result=other.result,
        actor=actor,
        at=context.clock.now(),
        note=note[:MAX_NOTE_LENGTH],
    )
    with context.store.write() as db:
        comparisons.save(db, row)
        facts: dict[str, audit.AuditFact] = {"fact": shown.fact, "result": other.result, "ward": other.ward}
        line = audit.AuditLine(act="compare_take", actor=actor, subject=shown.procedure, facts=facts)
        audit.append(db, key=context.audit_key(), now=row.at, line=line)


def settle(context: Context, shown: ShownFact, actor: str) -> None:
    """Keep the own result of a fact although another ward has another one."""
    item = _find(comparison.load(context, _procedure(context, shown.procedure)), shown)
    with context.store.write() as db:
        if item.own is None or not comparisons.settle(db, shown.procedure, item.fact.digest):
            return
        facts: dict[str, audit.AuditFact] = {"fact": shown.fact, "result": item.own.result}
        line = audit.AuditLine(act="compare_keep", actor=actor, subject=shown.procedure, facts=facts)
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def export(context: Context, actor: str) -> bytes:
    """Return the file of this ward's own results for other wards."""
    now = context.clock.now()
    with context.store.write() as db:
        rows = comparisons.own(db)
        names = staff.names(db)
        states = comparison.load_all(context, db)
        line = audit.AuditLine(act="compare_export", actor=actor, subject="comparisons", facts={"rows": len(rows)})
        audit.append(db, key=context.audit_key(), now=now, line=line)
    texts = {
        (state.procedure.code, item.fact.digest): f"{state.procedure.short.vi}, {item.fact.label}: {item.fact.value}"
        for state in states
        for item in state.facts
    }
    return exchange_file.encode(context.config.ward, rows, names=names, texts=texts, now=now)


def import_file(context: Context, content: bytes, actor: str) -> ImportReport:
    """Store the results of another ward beside the own ones, in place of those of its older file.

    Raises:
        BadUpload: the file is no file of comparisons, or damaged; nothing was stored.
        NotAllowed: a newer file of that ward was imported before.
    """
    now = context.clock.now()
    file = exchange_file.decode(content, now)
    mark = IMPORTED + file.ward
    with context.store.write() as db:
        newest = marks.get(db, mark)
        if newest and clock.parse_timestamp(newest) > file.exported_at:
            raise NotAllowed(
                f"Tệp này cũ hơn tệp của {file.ward_name} đã nhập. Máy giữ tệp mới, không đổi gì.",
                "A newer file of that ward was imported before; nothing was changed.",
            )
        comparisons.replace_ward(db, file.ward, file.rows)
        marks.put(db, mark, clock.timestamp(file.exported_at))
        report = _report(context, db, file)
        facts: dict[str, audit.AuditFact] = {"ward": file.ward, "rows": len(file.rows), "used": report.used}
        line = audit.AuditLine(act="compare_import", actor=actor, subject="comparisons", facts=facts)
        audit.append(db, key=context.audit_key(), now=now, line=line)
    return report


def drop_import(context: Context, ward: str, actor: str) -> int:
    """Delete what was imported from another ward, whose file was not what it said; return how many rows."""
    with context.store.write() as db:
        count = comparisons.delete_ward(db, ward)
        if count:
            marks.put(db, IMPORTED + ward, "")
            facts: dict[str, audit.AuditFact] = {"ward": ward, "rows": count}
            line = audit.AuditLine(act="compare_drop", actor=actor, subject="comparisons", facts=facts)
            audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
    return count


def _report(context: Context, db: Database, file: exchange_file.ComparisonFile) -> ImportReport:
    states = comparison.load_all(context, db)
    items = [item for state in states for item in state.facts]
    brought = [item for item in items if any(other.ward == file.ward for other in item.others)]
    used = {(row.procedure, row.digest) for item in brought for row in item.others if row.ward == file.ward}
    return ImportReport(
        ward_name=file.ward_name,
        used=len(used),
        kept=sum(item.own is not None for item in brought),
        other=len({(row.procedure, row.digest) for row in file.rows} - used),
        questions=sum(item.question is not None for item in brought),
    )


def _procedure(context: Context, code: str) -> Procedure:
    procedure = context.catalogue.in_force(code, context.clock.today())
    if procedure is None:
        raise NotFound("Máy không có thủ tục này.", "There is no such procedure here.")
    return procedure


def _find(state: ProcedureComparison, shown: ShownFact) -> Compared:
    item = next((item for item in state.facts if item.fact.id == shown.fact), None)
    if item is None or item.fact.digest != shown.digest:
        raise NotAllowed(*CHANGED)
    return item


def _valid(state: ProcedureComparison, item: Compared, result: str, note: str) -> ComparisonResult:
    if result not in RESULTS:
        raise NotAllowed("Mời bấm Đúng hoặc Khác.", "Choose the same or different.")
    if len(note) > MAX_NOTE_LENGTH:
        raise NotAllowed(
            f"Ghi chú dài nhất {MAX_NOTE_LENGTH} chữ.", f"A note has at most {MAX_NOTE_LENGTH} characters."
        )
    if result == "differs":
        if not note:
            raise NotAllowed("Mời ghi văn bản nói khác thế nào.", "Please write what the official text says.")
        return "differs"
    wrong = [line for line in state.lines if line.result == "differs"]
    if item.fact.id == FORM and wrong:
        raise NotAllowed(
            f"{wrong[0].fact.label} của mẫu đang ghi Khác. Sửa dòng đó trước, rồi bấm Đúng cho cả mẫu.",
            "A line of the form differs. Change that line first.",
        )
    return "same"
