"""Forwarding page: dossiers that need a person, and those that wait, with their step and the other side's words."""

from flask import Blueprint, render_template

from sync.gateway import forward_steps, forwarding
from sync.gateway.context import context
from sync.gateway.pages import access

PAGE_SIZE = 100


def add_routes(pages: Blueprint) -> None:
    """Add the route of this module."""
    pages.add_url_rule("/forwarding", view_func=show_forwards)


def show_forwards() -> str:
    """Show the dossiers that are not forwarded yet."""
    with context().engine.begin() as db:
        wards = access.current_wards()
        counts = forwarding.count_by_state(db, wards)
        oldest = forwarding.oldest_open(db, wards)
        rows = forwarding.list_open(db, PAGE_SIZE, wards)
        doubtful = forward_steps.count_doubtful(db, wards)
    return render_template(
        "forwarding.html",
        counts=counts,
        oldest=oldest,
        doubtful=doubtful,
        refused=[row for row in rows if row.state == "refused"],
        waiting=[row for row in rows if row.state != "refused"],
        has_target=bool(context().settings.forward_to),
    )
