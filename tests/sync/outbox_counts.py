"""Counts of an outbox by state."""

from sqlite_utils import Database

from sync.outbox import OutboxState


def count_by_state(db: Database) -> dict[OutboxState, int]:
    """Return the number of subjects in each state, 0 included."""
    counts: dict[OutboxState, int] = {"todo": 0, "sending": 0, "unknown": 0, "done": 0, "refused": 0}
    counts.update(db.execute("select state, count(*) from outbox group by state").fetchall())
    return counts
