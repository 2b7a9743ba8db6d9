"""Rows past their retention, and how they are wiped: found in a read, wiped in small writes.

Finding them may scan a table, which must not hold up a citizen's Submit; so the scan runs in a read. The write looks
only at the rows that were found, and checks each of them again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database


@dataclass(frozen=True)
class ExpiredRows:
    """Rows of a table that have expired.

    Attributes:
        change: the statement that wipes them, without its condition.
        where: the condition; with the key it must need no scan.
        args: the named values of the condition.
        key: the column that names a row, or several that are wiped together.
    """

    table: str
    change: str
    where: str
    args: Mapping[str, str] = field(default_factory=dict)
    key: str = "rowid"

    def find(self, db: Database, limit: int) -> list[Any]:
        """Return the keys of some expired rows."""
        sql = f"select distinct {self.key} from {self.table} where {self.where} limit :limit"  # noqa: S608  # nosec B608 # constants of the records
        return [row[0] for row in db.execute(sql, {**self.args, "limit": limit}).fetchall()]

    def wipe(self, db: Database, keys: list[Any]) -> int:
        """Wipe those of the found rows that are still expired; return how many."""
        sql = f"{self.change} where {self.key} in (select value from json_each(:keys)) and ({self.where})"  # noqa: S608  # nosec B608 # constants of the records
        return db.execute(sql, {**self.args, "keys": json.dumps(keys)}).rowcount

    def wipe_all(self, db: Database) -> int:
        """Wipe all expired rows at once, when they are known to be few; return how many."""
        return self.wipe(db, self.find(db, limit=-1))
