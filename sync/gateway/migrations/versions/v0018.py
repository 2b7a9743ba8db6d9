"""Keys of status pages, and the tries of strangers to find one."""

from alembic import op
from sqlalchemy import Column, Integer, String

revision = "v0018"
down_revision = "v0017"


def upgrade() -> None:
    """Add the two tables, empty: forms of before have no code on their slip."""
    op.create_table(
        "status_keys",
        Column("key_hash", String, primary_key=True),
        Column("kiosk_id", String, nullable=False),
        Column("receipt_no", String, nullable=False),
        Column("digits_hash", String, nullable=False),
        Column("wrong_digits", Integer, nullable=False),
    )
    op.create_index("status_keys_of", "status_keys", ["kiosk_id", "receipt_no"])
    op.create_table(
        "status_tries",
        Column("address", String, primary_key=True),
        Column("unknown", Integer, nullable=False),
        Column("began_at", String, nullable=False),
    )
