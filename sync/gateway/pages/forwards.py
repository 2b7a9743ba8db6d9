"""What waits for the province's system: how much, how old, and what each one's last attempt said."""

from flask import Blueprint, render_template

from sync.gateway import forwarding
from sync.gateway.context import context

ON_A_PAGE = 100


def add_to(pages: Blueprint) -> None:
    """Give these pages their addresses."""
    pages.add_url_rule("/forwarding", view_func=show_forwards)


def show_forwards() -> str:
    """Show the queue towards the far side."""
    with context().engine.begin() as db:
        counts = forwarding.counts(db)
        oldest = forwarding.oldest_waiting(db)
        rows = forwarding.waiting(db, ON_A_PAGE)
    is_joined = bool(context().settings.forward_to)
    return render_template("forwarding.html", counts=counts, oldest=oldest, rows=rows, is_joined=is_joined)
