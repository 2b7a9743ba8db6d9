"""A release after this one, whose gateway has a migration more."""

import shutil
from pathlib import Path

import pytest

from sync.gateway import database

NEXT_STEP = "next"
_MIGRATION = f"""
import sqlalchemy as sa
from alembic import op

revision = "{NEXT_STEP}"
down_revision = "{{head}}"


def upgrade():
    op.add_column("submissions", sa.Column("next", sa.Integer, nullable=False, server_default="0"))
"""


def install_next_release(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the gateway of this process have one migration more, which adds a column."""
    migrations = folder / "migrations"
    shutil.copytree(database._MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    head = database.ScriptDirectory(str(migrations)).get_current_head()
    (migrations / "versions" / f"{NEXT_STEP}.py").write_text(_MIGRATION.format(head=head))
    monkeypatch.setattr(database, "_MIGRATIONS", migrations)
