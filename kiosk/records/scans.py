"""The scans table: photos and scans of papers, each a sealed file under a name that tells nothing.

They belong to a receipt number and a paper of its list, so that a correction has them too. What a file was is known by
its SHA-256: the same one twice is one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from kiosk import clock

FILE = "scan"
"""The kind of record that a sealed scan is, for the vault."""


@dataclass(frozen=True)
class Scan:
    """A scan: its wrapped data key, the SHA-256 of what was sealed, its media type, pages, size in bytes."""

    id: str
    receipt_no: str
    paper: str
    name: str
    key: bytes
    sha256: str
    media: str
    pages: int
    bytes: int
    actor: str
    at: datetime


def keep(db: Database, one: Scan) -> bool:
    """Write down a scan; False when this paper has the same one already."""
    sql = """insert into scans (id, receipt_no, paper, name, key, sha256, media, pages, bytes, actor, at) values
             (:id, :receipt_no, :paper, :name, :key, :sha256, :media, :pages, :bytes, :actor, :at)
             on conflict (receipt_no, paper, sha256) do nothing"""
    return db.execute(sql, vars(one) | {"at": clock.stamp(one.at)}).rowcount > 0


def of_receipt(db: Database, receipt_no: str) -> list[Scan]:
    """List the scans of a dossier, the first first."""
    return [_scan(row) for row in db.query("select * from scans where receipt_no = ? order by rowid", [receipt_no])]


def find(db: Database, receipt_no: str, scan_id: str) -> Scan | None:
    """Find a scan of a dossier."""
    rows = db.query("select * from scans where receipt_no = ? and id = ?", [receipt_no, scan_id])
    return next((_scan(row) for row in rows), None)


def by_id(db: Database, scan_id: str) -> Scan | None:
    """Find a scan by its id alone."""
    return next((_scan(row) for row in db.query("select * from scans where id = ?", [scan_id])), None)


def drop(db: Database, scan_id: str) -> None:
    """Forget a scan; its file has no key any more."""
    db.execute("delete from scans where id = ?", [scan_id])


def names(db: Database) -> set[str]:
    """Return the names of all files that somebody still has a key for."""
    return {str(row[0]) for row in db.execute("select name from scans").fetchall()}


def wipe(db: Database) -> list[str]:
    """Forget the scans of dossiers no body of which is left; return their ids."""
    sql = """delete from scans where receipt_no not in (select receipt_no from submissions where body is not null)
             returning id"""
    return [str(row[0]) for row in db.execute(sql).fetchall()]


def _scan(row: dict[str, Any]) -> Scan:
    return Scan(**{**row, "at": clock.read(row["at"])})
