"""Five roles of accounts instead of two, and versions of the content that wait for an approver.

Everybody keeps what they may do: an operator of before does the work of all roles, an auditor reads the trail.
"""

import sqlalchemy as sa
from alembic import op

revision = "v0026"
down_revision = "v0025"
_CHECK = "role in ('viewer', 'operator', 'editor', 'approver', 'administrator')"
_NEW_ROLE = "case role when 'operator' then 'administrator' when 'auditor' then 'viewer' else role end"
_OTHERS = "login, name, password_hash, is_active, added_at, units"


def upgrade() -> None:
    """Change the roles and their check, and create the table of proposals."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("people_role_check", "people", type_="check")
        op.execute(f"update people set role = {_NEW_ROLE}")  # noqa: S608  # nosec B608 # words of this module
        op.create_check_constraint("people_role_check", "people", _CHECK)
    else:
        _rebuild_people()
    op.create_table(
        "content_proposals",
        sa.Column("kind", sa.String, sa.CheckConstraint("kind = 'content'"), primary_key=True),
        sa.Column("version", sa.String, nullable=False),
        sa.Column("former", sa.String, nullable=False),
        sa.Column("unit_code", sa.String, nullable=False),
        sa.Column("pace_hours", sa.Integer, nullable=False),
        sa.Column("proposed_by", sa.String, nullable=False),
        sa.Column("proposed_at", sa.String, nullable=False),
    )


def _rebuild_people() -> None:
    """Copy the accounts into a table with the new check: SQLite changes no check of a table."""
    op.rename_table("people", "former_people")
    op.create_table(
        "people",
        sa.Column("login", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("role", sa.String, sa.CheckConstraint(_CHECK), nullable=False),
        sa.Column("password_hash", sa.String, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("added_at", sa.String, nullable=False),
        sa.Column("units", sa.String, nullable=False, server_default=""),
    )
    op.execute(
        f"insert into people ({_OTHERS}, role) select {_OTHERS}, {_NEW_ROLE} from former_people"  # noqa: S608  # nosec B608 # words of this module
    )
    op.drop_table("former_people")
