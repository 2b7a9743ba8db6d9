"""The service_plans table: each change of series, counters and opening hours that a lead saved; rows are only added."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from kiosk.base import clock


@dataclass(frozen=True)
class SavedPlan:
    """A saved plan: all its values, and the parts that replace those of kiosk.toml; no part: the file is in force."""

    revision: int
    parts: tuple[str, ...]
    plan: Mapping[str, Any]
    actor: str
    at: datetime


def newest_revision(db: Database) -> int:
    """Return the revision of the newest plan; 0 where none was saved."""
    return int(db.execute("select coalesce(max(revision), 0) from service_plans").fetchone()[0])


def newest(db: Database) -> SavedPlan | None:
    """Return the newest plan; None where none was saved."""
    return next(iter(latest(db, 1)), None)


def latest(db: Database, count: int) -> list[SavedPlan]:
    """Return the last plans, newest first."""
    sql = "select revision, parts, plan, actor, at from service_plans order by revision desc limit ?"
    return [
        SavedPlan(
            revision=row["revision"],
            parts=tuple(json.loads(row["parts"])),
            plan=json.loads(row["plan"]),
            actor=row["actor"],
            at=clock.parse_timestamp(row["at"]),
        )
        for row in db.query(sql, [count])
    ]


def insert(db: Database, *, parts: Collection[str], plan: Mapping[str, Any], actor: str, now: datetime) -> int:
    """Add a plan; return its revision."""
    revision = newest_revision(db) + 1
    values = [
        revision,
        json.dumps(list(parts)),
        json.dumps(plan, ensure_ascii=False),
        actor,
        clock.timestamp(now),
    ]
    db.execute("insert into service_plans (revision, parts, plan, actor, at) values (?, ?, ?, ?, ?)", values)
    return revision
