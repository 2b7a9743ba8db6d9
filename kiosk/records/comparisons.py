"""The comparisons table: which facts of a procedure were laid beside the official text, by whom, with which result.

A row belongs to the content of a fact (its digest), not to a version of a file: a new content has no row, and an old
one that returns has its row again. `ward` is empty for the ward itself, else the unit code of the ward whose file was
imported. Rows of another ward never change a row of this one. Notes are about facts, never about people, so they are
not sealed.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args

from sqlite_utils import Database

from kiosk.base import clock

ComparisonResult = Literal["same", "differs"]
RESULTS: tuple[str, ...] = get_args(ComparisonResult)
OWN = ""
"""The `ward` of this ward's own rows."""
MAX_NOTE_LENGTH = 300
MAX_NAME_LENGTH = 80
_COLUMNS = "procedure, digest, ward, ward_name, fact, result, note, actor, at, is_settled"


@dataclass(frozen=True)
class Comparison:
    """The result for one content of a fact; `actor` is a code of the staff, in rows of another ward a name.

    `is_settled`: the lead has seen another ward's result and keeps the own one.
    """

    procedure: str
    digest: str
    fact: str
    result: ComparisonResult
    actor: str
    at: datetime
    note: str = ""
    ward: str = OWN
    ward_name: str = ""
    is_settled: bool = False


@dataclass(frozen=True)
class ImportedWard:
    """Another ward whose file was imported: unit code, name, number of rows."""

    code: str
    name: str
    count: int


def save(db: Database, comparison: Comparison) -> None:
    """Insert a comparison, or replace the one of this ward for the same content."""
    sql = f"""insert into comparisons ({_COLUMNS})
              values (:procedure, :digest, :ward, :ward_name, :fact, :result, :note, :actor, :at, :is_settled)
              on conflict (procedure, digest, ward) do update set fact = excluded.fact, result = excluded.result,
                note = excluded.note, actor = excluded.actor, at = excluded.at"""  # noqa: S608  # nosec B608 # constants
    stored = {"at": clock.timestamp(comparison.at), "is_settled": int(comparison.is_settled)}
    db.execute(sql, asdict(comparison) | stored)


def delete(db: Database, procedure: str, digests: Iterable[str]) -> int:
    """Delete this ward's rows of some contents; return how many there were."""
    sql = "delete from comparisons where procedure = ? and digest = ? and ward = ''"
    return sum(db.execute(sql, [procedure, digest]).rowcount for digest in digests)


def replace_ward(db: Database, ward: str, rows: Iterable[Comparison]) -> None:
    """Replace all rows of another ward by those of its newer file; settled results that did not change stay settled."""
    kept = "select procedure, digest, result, note from comparisons where ward = ? and is_settled = 1"
    settled = {(row["procedure"], row["digest"]): (row["result"], row["note"]) for row in db.query(kept, [ward])}
    db.execute("delete from comparisons where ward = ?", [ward])
    for row in rows:
        is_settled = settled.get((row.procedure, row.digest)) == (row.result, row.note)
        save(db, replace(row, is_settled=is_settled))


def imported_wards(db: Database) -> list[ImportedWard]:
    """Return the wards with imported rows, by name."""
    sql = """select ward as code, max(ward_name) as name, count(*) as count from comparisons where ward <> ''
             group by ward order by name"""
    return [ImportedWard(**row) for row in db.query(sql)]


def delete_ward(db: Database, ward: str) -> int:
    """Delete all rows of another ward; return how many there were."""
    return db.execute("delete from comparisons where ward = ? and ward <> ''", [ward]).rowcount


def settle(db: Database, procedure: str, digest: str) -> int:
    """Settle the results of other wards for a content; return how many there were."""
    sql = "update comparisons set is_settled = 1 where procedure = ? and digest = ? and ward <> '' and is_settled = 0"
    return db.execute(sql, [procedure, digest]).rowcount


def of_procedure(db: Database, procedure: str) -> list[Comparison]:
    """Return all rows of a procedure, of every content and ward, the newest last."""
    sql = f"select {_COLUMNS} from comparisons where procedure = ? order by at, ward"  # noqa: S608  # nosec B608 # constants
    return [_comparison(row) for row in db.query(sql, [procedure])]


def of_all(db: Database) -> dict[str, list[Comparison]]:
    """Return all rows by procedure, the newest last."""
    by_procedure: dict[str, list[Comparison]] = {}
    for row in db.query(f"select {_COLUMNS} from comparisons order by at, ward"):  # noqa: S608  # nosec B608 # constants
        by_procedure.setdefault(row["procedure"], []).append(_comparison(row))
    return by_procedure


def has_difference(db: Database) -> bool:
    """Return whether any fact, of whichever content, was found to differ."""
    return db.execute("select 1 from comparisons where result = 'differs' limit 1").fetchone() is not None


def own(db: Database) -> list[Comparison]:
    """Return this ward's own rows, by procedure and time."""
    sql = f"select {_COLUMNS} from comparisons where ward = '' order by procedure, at, fact"  # noqa: S608  # nosec B608 # constants
    return [_comparison(row) for row in db.query(sql)]


def _comparison(row: dict[str, Any]) -> Comparison:
    return Comparison(**{**row, "at": clock.parse_timestamp(row["at"]), "is_settled": bool(row["is_settled"])})
