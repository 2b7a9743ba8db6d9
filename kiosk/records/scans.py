"""The scans and draft_pages tables: photos and scans of papers, each a sealed file whose name is a keyed hash.

A scan belongs to a receipt number and a paper, so a correction keeps it. The SHA-256 identifies the content: a second
identical scan of a paper is not stored. A page that a citizen photographed belongs to the draft and goes with it; when
the form is filed, it becomes a scan with the same id, file and key.

Originals that are certified are not handed in. The id of their paper says how long their pictures stay, as it was said
to the person before the picture was taken: a changed setting breaks no promise.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows

FILE = "scan"
"""Vault purpose of a sealed scan."""
Verdict = Literal["", "valid", "unsure", "bad"]
"""On the digital signatures of a scan, as in `kiosk.uploads.signatures`."""
Flaw = Literal["", "dark", "glare", "blurred", "small"]
"""Flaw of a citizen's picture, as in `kiosk.uploads.picture_quality`."""
CITIZEN = "citizen"
"""`actor` of a scan that the citizen took at the touchscreen."""
ORIGINAL = "original:"
"""Begin of the id of an original that is certified; its pictures are deleted at the end of the day."""
KEPT_ORIGINAL = "original-kept:"
"""The same where the ward keeps a copy by law: its pictures stay with the form."""
_ENDS_WITH_THE_DAY = f"substr(paper, 1, {len(ORIGINAL)}) = '{ORIGINAL}'"


def is_original(paper: str) -> bool:
    """Return whether a paper is an original that is certified: its pictures never leave the ward."""
    return paper.startswith((ORIGINAL, KEPT_ORIGINAL))


@dataclass(frozen=True)
class Scan:
    """A scan: `key` is its wrapped data key, `sha256` and `bytes` are of the content before sealing."""

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
    signed: Verdict = ""
    """The verdict on its digital signatures when it was attached; empty: it has none and is our own drawing."""
    flaw: Flaw = ""
    is_scanned: bool = False
    """A paper scanner gave it; else a camera, or a file of the desk."""


@dataclass(frozen=True)
class DraftPage:
    """A page of a paper that the citizen photographed or scanned; the fields are those of the scan that it becomes."""

    id: str
    draft_id: str
    paper: str
    name: str
    key: bytes
    sha256: str
    bytes: int
    flaw: Flaw
    at: datetime
    is_scanned: bool


def insert(db: Database, scan: Scan) -> bool:
    """Insert a scan; return False when this paper has an identical one."""
    sql = """insert into scans (id, receipt_no, paper, name, key, sha256, media, pages, bytes, actor, at, signed,
               flaw, is_scanned)
             values (:id, :receipt_no, :paper, :name, :key, :sha256, :media, :pages, :bytes, :actor, :at, :signed,
               :flaw, :is_scanned)
             on conflict (receipt_no, paper, sha256) do nothing"""
    return db.execute(sql, vars(scan) | {"at": clock.timestamp(scan.at)}).rowcount > 0


def of_receipt(db: Database, receipt_no: str) -> list[Scan]:
    """Return the scans of a dossier, oldest first."""
    return [_scan(row) for row in db.query("select * from scans where receipt_no = ? order by rowid", [receipt_no])]


def find(db: Database, receipt_no: str, scan_id: str) -> Scan | None:
    """Return a scan of a dossier."""
    rows = db.query("select * from scans where receipt_no = ? and id = ?", [receipt_no, scan_id])
    return next((_scan(row) for row in rows), None)


def by_id(db: Database, scan_id: str) -> Scan | None:
    """Return a scan by its id alone."""
    return next((_scan(row) for row in db.query("select * from scans where id = ?", [scan_id])), None)


def delete(db: Database, scan_id: str) -> None:
    """Delete a scan and with it the key of its file."""
    db.execute("delete from scans where id = ?", [scan_id])


def file_names(db: Database) -> set[str]:
    """Return the names of all files whose key is stored."""
    sql = "select name from scans union all select name from draft_pages"
    return {str(row[0]) for row in db.execute(sql).fetchall()}


def copied_file_names(db: Database) -> set[str]:
    """Return the names of the files that backups keep too: not those that go at the end of the day."""
    sql = f"""select name from scans where not {_ENDS_WITH_THE_DAY}
              union all select name from draft_pages where not {_ENDS_WITH_THE_DAY}"""  # noqa: S608  # nosec B608 # constants of this module
    return {str(row[0]) for row in db.execute(sql).fetchall()}


def insert_page(db: Database, page: DraftPage) -> bool:
    """Insert a page of a draft; return False when its paper has an identical one."""
    sql = """insert into draft_pages (id, draft_id, paper, name, key, sha256, bytes, flaw, at, is_scanned)
             values (:id, :draft_id, :paper, :name, :key, :sha256, :bytes, :flaw, :at, :is_scanned)
             on conflict (draft_id, paper, sha256) do nothing"""
    return db.execute(sql, vars(page) | {"at": clock.timestamp(page.at)}).rowcount > 0


def pages_of_draft(db: Database, draft_id: str) -> list[DraftPage]:
    """Return the photographed pages of a draft, oldest first."""
    rows = db.query("select * from draft_pages where draft_id = ? order by rowid", [draft_id])
    return [DraftPage(**_typed(row)) for row in rows]


def delete_page(db: Database, page_id: str) -> None:
    """Delete a page of a draft and with it the key of its file."""
    db.execute("delete from draft_pages where id = ?", [page_id])


def originals_before(since: datetime, table: Literal["scans", "draft_pages"]) -> ExpiredRows:
    """Return the pictures of originals that were taken before a time, without those that the ward keeps."""
    return ExpiredRows(
        table=table,
        change=f"delete from {table}",  # noqa: S608  # nosec B608 # one of two names
        where=f"{_ENDS_WITH_THE_DAY} and at < :since",
        args={"since": clock.timestamp(since)},
    )


_WITHOUT_BODY = """not exists (select 1 from submissions s where s.receipt_no = scans.receipt_no
                   and s.body is not null)"""


def find_without_body(db: Database, limit: int) -> list[str]:
    """Return the ids of some scans of dossiers without a body."""
    sql = f"select id from scans where {_WITHOUT_BODY} limit ?"  # noqa: S608  # nosec B608 # constants of this module
    return [str(row[0]) for row in db.execute(sql, [limit]).fetchall()]


def delete_without_body(db: Database, ids: Sequence[str]) -> list[str]:
    """Delete those of the scans whose dossier has no body; return their ids."""
    sql = f"delete from scans where {_WITHOUT_BODY} and id in (select value from json_each(?)) returning id"  # noqa: S608  # nosec B608 # constants of this module
    return [str(row[0]) for row in db.execute(sql, [json.dumps(list(ids))]).fetchall()]


def _scan(row: dict[str, Any]) -> Scan:
    return Scan(**_typed(row))


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "at": clock.parse_timestamp(row["at"]), "is_scanned": bool(row["is_scanned"])}
