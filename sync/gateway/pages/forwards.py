"""Forwarding page: dossiers that wait for the provincial system, with age and latest attempt."""

from flask import Blueprint, render_template

from sync.gateway import forwarding
from sync.gateway.context import context

PAGE_SIZE = 100


def add_routes(pages: Blueprint) -> None:
    """Add the route of this module."""
    pages.add_url_rule("/forwarding", view_func=show_forwards)


def show_forwards() -> str:
    """Show the dossiers that are not forwarded yet."""
    with context().engine.begin() as db:
        counts = forwarding.count_by_state(db)
        oldest = forwarding.oldest_open(db)
        rows = forwarding.list_open(db, PAGE_SIZE)
    has_target = bool(context().settings.forward_to)
    return render_template("forwarding.html", counts=counts, oldest=oldest, rows=rows, has_target=has_target)
