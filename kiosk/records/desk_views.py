"""The desk_views table: how each member of the staff has the desk pages shown."""

from dataclasses import dataclass
from typing import Literal, get_args

from sqlite_utils import Database

Theme = Literal["light", "dark"]
TextSize = Literal["normal", "large", "larger"]
THEMES: tuple[Theme, ...] = get_args(Theme)
SIZES: tuple[TextSize, ...] = get_args(TextSize)


@dataclass(frozen=True)
class DeskView:
    """Theme and text size of the desk pages."""

    theme: Theme = "light"
    size: TextSize = "normal"


def find(db: Database, person: str) -> DeskView:
    """Return the view that a member of the staff chose; the usual one where they chose none."""
    row = db.execute("select theme, size from desk_views where person = ?", [person]).fetchone()
    return DeskView(theme=row[0], size=row[1]) if row else DeskView()


def put(db: Database, person: str, view: DeskView) -> None:
    """Set the view of a member of the staff."""
    sql = """insert into desk_views (person, theme, size) values (?, ?, ?)
             on conflict (person) do update set theme = excluded.theme, size = excluded.size"""
    db.execute(sql, [person, view.theme, view.size])
