"""How many subjects of an outbox stand in each state."""

from sqlite_utils import Database

from sync.outbox import State


def counts(db: Database) -> dict[State, int]:
    """Count the subjects by state, 0 included."""
    found: dict[State, int] = {"todo": 0, "sending": 0, "unknown": 0, "done": 0, "refused": 0}
    found.update(db.execute("select state, count(*) from outbox group by state").fetchall())
    return found
