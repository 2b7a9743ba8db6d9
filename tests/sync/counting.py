"""How many subjects of an outbox stand in each state."""

from sqlite_utils import Database

from sync.outbox import OutboxState


def count_by_state(db: Database) -> dict[OutboxState, int]:
    """Count the subjects by state, 0 included."""
    found: dict[OutboxState, int] = {"todo": 0, "sending": 0, "unknown": 0, "done": 0, "refused": 0}
    found.update(db.execute("select state, count(*) from outbox group by state").fetchall())
    return found
