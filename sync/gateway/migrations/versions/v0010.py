"""Content is sealed with a key outside the database, and has a term after which it is deleted."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Integer, LargeBinary, String, text

revision = "v0010"
down_revision = "v0009"

_FILL_TOUCHED = """update receipt_numbers set touched_at = coalesce(
  (select max(at) from (
     select received_at as at, kiosk_id, receipt_no from submissions
     union all select received_at, kiosk_id, receipt_no from events
     union all select began_at, kiosk_id, receipt_no from forward_attempts
     union all select changed_at, submissions.kiosk_id, receipt_no
       from changes join submissions on submissions.submission_id = changes.submission_id) as touches
   where touches.kiosk_id = receipt_numbers.kiosk_id and touches.receipt_no = receipt_numbers.receipt_no), '')"""


def upgrade() -> None:
    """Create table and columns; the term of stored content counts from its last change."""
    op.create_table(
        "seal_checks",
        Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
        Column("sealed", LargeBinary, nullable=False),
    )
    op.add_column("receipt_numbers", Column("touched_at", String, nullable=False, server_default=""))
    op.add_column("receipt_numbers", Column("deleted_at", String))
    op.create_index("numbers_touched", "receipt_numbers", ["touched_at"])
    op.get_bind().execute(text(_FILL_TOUCHED))
