"""Fault page, only in practice: switch a fault on or off."""

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sync.gateway import faults
from sync.gateway.context import context


def add_routes(pages: Blueprint) -> None:
    """Add the routes of this module."""
    pages.add_url_rule("/faults", view_func=show_faults)
    pages.add_url_rule("/faults", view_func=switch_fault, methods=["POST"])


def show_faults() -> str:
    """Show the faults and the current one."""
    _require_practice()
    return render_template("faults.html", fault_labels=faults.LABELS, current=context().faults.current)


def switch_fault() -> AnyResponse:
    """Switch to a fault, or to none."""
    _require_practice()
    if not context().faults.switch(request.form.get("fault", "")):
        abort(400)
    return Response(status=204) if "session" not in g else redirect(url_for("pages.show_faults"))


def _require_practice() -> None:
    if not context().settings.practice:
        abort(404)
