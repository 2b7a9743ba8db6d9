"""The corrections table: the drafts in which officers correct dossiers, each with the revision that it began from.

An officer has at most one correction of a dossier. It belongs to the officer, not to a session, so that the end of a
session loses nothing that was typed. The row is deleted together with its draft: submitted, dropped or expired.
"""

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True)
class CorrectionRow:
    """An unfinished correction; its answers were copied from `revision`."""

    draft_id: str
    receipt_no: str
    revision: int
    actor: str


def insert(db: Database, correction: CorrectionRow) -> None:
    """Insert a correction."""
    sql = """insert into corrections (draft_id, receipt_no, revision, actor)
             values (:draft_id, :receipt_no, :revision, :actor)"""
    db.execute(sql, vars(correction))


def find(db: Database, receipt_no: str, actor: str) -> CorrectionRow | None:
    """Return an officer's unfinished correction of a dossier."""
    sql = "select draft_id, receipt_no, revision, actor from corrections where receipt_no = ? and actor = ?"
    return next((CorrectionRow(**row) for row in db.query(sql, [receipt_no, actor])), None)


def is_correction(db: Database, draft_id: str) -> bool:
    """Return whether a draft is an unfinished correction of a submitted form."""
    return bool(db.execute("select 1 from corrections where draft_id = ?", [draft_id]).fetchall())


def set_revision(db: Database, draft_id: str, revision: int) -> None:
    """Set the revision that a correction is based on."""
    db.execute("update corrections set revision = ? where draft_id = ?", [revision, draft_id])
