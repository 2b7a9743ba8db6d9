"""The corrections table: which draft is an officer's correction of which dossier, and which revision it began from.

An officer has at most one correction of a dossier in hand. It belongs to the person, not to a browser, so that a
session that ends takes nothing along that was typed. The row goes with its draft: written, dropped, or forgotten.
"""

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True)
class Correction:
    """A correction in hand; `revision` is the one that its answers were taken from."""

    draft_id: str
    receipt_no: str
    revision: int
    actor: str


def begin(db: Database, one: Correction) -> None:
    """Say whose correction of what a draft is."""
    sql = "insert into corrections (draft_id, receipt_no, revision, actor) values (?, ?, ?, ?)"
    db.execute(sql, [one.draft_id, one.receipt_no, one.revision, one.actor])


def find(db: Database, receipt_no: str, actor: str) -> Correction | None:
    """Find what an officer has in hand of a dossier."""
    sql = "select draft_id, receipt_no, revision, actor from corrections where receipt_no = ? and actor = ?"
    return next((Correction(**row) for row in db.query(sql, [receipt_no, actor])), None)


def move_on(db: Database, draft_id: str, revision: int) -> None:
    """Say that a correction now stands on a later revision."""
    db.execute("update corrections set revision = ? where draft_id = ?", [revision, draft_id])
