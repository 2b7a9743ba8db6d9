"""The procedure_versions table: each version of a procedure that a draft or a form with a body has, as JSON."""

from datetime import datetime

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows

_USED = """select procedure, version from drafts
           union select procedure, version from submissions where body is not null"""


def is_kept(db: Database, code: str, version: str) -> bool:
    """Return whether a version is kept."""
    sql = "select 1 from procedure_versions where code = ? and version = ?"
    return db.execute(sql, [code, version]).fetchone() is not None


def insert(db: Database, code: str, version: str, content: bytes, now: datetime) -> None:
    """Keep a version."""
    sql = "insert or ignore into procedure_versions (code, version, content, kept_at) values (?, ?, ?, ?)"
    db.execute(sql, [code, version, content.decode(), clock.timestamp(now)])


def list_all(db: Database) -> list[tuple[str, str]]:
    """Return the versions that are kept, by code and version."""
    return [(row[0], row[1]) for row in db.execute("select code, version from procedure_versions").fetchall()]


def content(db: Database, code: str, version: str) -> bytes:
    """Return the JSON of a version that is kept."""
    sql = "select content from procedure_versions where code = ? and version = ?"
    return str(db.execute(sql, [code, version]).fetchone()[0]).encode()


def list_used(db: Database) -> list[tuple[str, str]]:
    """Return the versions that drafts and forms with a body have, by code and version."""
    return [(row[0], row[1]) for row in db.execute(_USED).fetchall()]


def count_used(db: Database, code: str, version: str) -> int:
    """Count the drafts and the forms with a body that have a version."""
    sql = """select (select count(*) from drafts where procedure = :code and version = :version)
                  + (select count(*) from submissions where procedure = :code and version = :version
                       and body is not null)"""
    return int(db.execute(sql, {"code": code, "version": version}).fetchone()[0])


def unused() -> ExpiredRows:
    """Return the versions that no draft and no form with a body has; a new form keeps its version again."""
    return ExpiredRows(
        table="procedure_versions",
        change="delete from procedure_versions",
        where=f"(code, version) not in ({_USED})",
        key="code || ' ' || version",
    )
