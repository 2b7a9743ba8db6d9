"""Tables of the first release; the name is that of the last trial step, so databases of the trial are at it."""

revision = "v0017"
down_revision = None


def upgrade() -> None:
    """Do nothing: a new database gets the tables of `tables.py` and starts at the last step."""
