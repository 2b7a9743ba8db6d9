"""Trail page: account, act, time and reason. It names submissions by id, never a citizen."""

from flask import Blueprint, render_template, request

from sync.gateway import accounts, trail_chain
from sync.gateway.context import context

PAGE_SIZE = 100


def add_routes(pages: Blueprint) -> None:
    """Add the route of this module."""
    pages.add_url_rule("/trail", view_func=show_trail)


def show_trail() -> str:
    """Show the trail, latest first; a line that was changed in the database is marked."""
    before = request.args.get("before", type=int)
    with context().engine.begin() as db:
        trail_chain.seal_earlier(db)
        rows = accounts.list_trail(db, before, PAGE_SIZE + 1)
        changed = trail_chain.find_changed(db, rows[:PAGE_SIZE])
    older = rows[PAGE_SIZE - 1].no if len(rows) > PAGE_SIZE else None
    return render_template("trail.html", rows=rows[:PAGE_SIZE], older=older, changed=changed)
