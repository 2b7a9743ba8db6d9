"""Documents that are files, and their content in pieces."""

from alembic import op
from sqlalchemy import Boolean, Column, Integer, LargeBinary, String

revision = "v0003"
down_revision = "v0002"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "documents",
        Column("kiosk_id", String, primary_key=True),
        Column("item_id", String, primary_key=True),
        Column("receipt_no", String, nullable=False),
        Column("document_code", String, nullable=False),
        Column("name", String, nullable=False),
        Column("sha256", String),
        Column("size", Integer),
        Column("media_type", String),
        Column("is_gone", Boolean, nullable=False),
    )
    op.create_index("documents_of", "documents", ["kiosk_id", "receipt_no"])
    op.create_index("documents_with", "documents", ["kiosk_id", "sha256"])
    op.create_table(
        "files",
        Column("kiosk_id", String, primary_key=True),
        Column("sha256", String, primary_key=True),
        Column("held", Integer, nullable=False),
        Column("is_whole", Boolean, nullable=False),
        Column("touched_at", String, nullable=False),
    )
    op.create_index("ix_files_touched_at", "files", ["touched_at"])
    op.create_table(
        "file_pieces",
        Column("kiosk_id", String, primary_key=True),
        Column("sha256", String, primary_key=True),
        Column("offset", Integer, primary_key=True),
        Column("content", LargeBinary, nullable=False),
    )
