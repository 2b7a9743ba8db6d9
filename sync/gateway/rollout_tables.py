"""Tables of the roll-outs: versions, their machines, and what waits for an approver.

Importing any module of the package imports this one too, through `sync.gateway`, so `metadata` always has its tables.
"""

from sqlalchemy import CheckConstraint, Column, Integer, String, Table

from sync.gateway.tables import metadata

# Roll-outs of a release of the program or of a version of the content, in stages; the newest of a kind is in force.
rollouts = Table(
    "rollouts",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=True),
    Column("kind", String, CheckConstraint("kind in ('program', 'content')"), nullable=False),
    Column("version", String, nullable=False),
    # The version to go back to.
    Column("former", String, nullable=False),
    # The ward of the first stage.
    Column("unit_code", String, nullable=False),
    Column("pace_hours", Integer, nullable=False),
    # The attempt of its machines: one more than in the roll-outs of this version before.
    Column("attempt", Integer, nullable=False),
    Column("stage", String, CheckConstraint("stage in ('ward', 'tenth', 'all')"), nullable=False),
    Column("state", String, CheckConstraint("state in ('running', 'paused', 'done', 'back')"), nullable=False),
    Column("started_at", String, nullable=False),
    Column("changed_at", String, nullable=False),
    # The machine whose failure has paused it; empty where an operator did.
    Column("paused_by", String, nullable=False, default=""),
)

# The version of the content that waits for an approver; at most one.
content_proposals = Table(
    "content_proposals",
    metadata,
    Column("kind", String, CheckConstraint("kind = 'content'"), primary_key=True),
    Column("version", String, nullable=False),
    Column("former", String, nullable=False),
    Column("unit_code", String, nullable=False),
    Column("pace_hours", Integer, nullable=False),
    Column("proposed_by", String, nullable=False),
    Column("proposed_at", String, nullable=False),
)

# The machines of a roll-out: the stage that they are in, and what became of the version there.
rollout_kiosks = Table(
    "rollout_kiosks",
    metadata,
    Column("rollout_no", Integer, primary_key=True),
    Column("kiosk_id", String, primary_key=True),
    Column("stage", String, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("outcome", String, CheckConstraint("outcome in ('taken', 'failed')")),
    Column("code", String, nullable=False, default=""),
    # The version that the machine went back to.
    Column("back_to", String, nullable=False, default=""),
    Column("outcome_at", String),
)
