"""The auditor's page: who did what, when and why. It names submissions by id, never a citizen."""

from flask import Blueprint, render_template, request

from sync.gateway import accounts
from sync.gateway.context import context

ON_A_PAGE = 100


def add_to(pages: Blueprint) -> None:
    """Give these pages their addresses."""
    pages.add_url_rule("/trail", view_func=show_trail)


def show_trail() -> str:
    """Show the trail, the latest first."""
    before = request.args.get("before", type=int)
    with context().engine.begin() as db:
        rows = accounts.list_trail(db, before, ON_A_PAGE + 1)
    older = rows[ON_A_PAGE - 1].no if len(rows) > ON_A_PAGE else None
    return render_template("trail.html", rows=rows[:ON_A_PAGE], older=older)
