"""Faults on demand; these pages are there only in practice."""

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sync.gateway import faults
from sync.gateway.context import context


def add_to(pages: Blueprint) -> None:
    """Give these pages their addresses."""
    pages.add_url_rule("/faults", view_func=show_faults)
    pages.add_url_rule("/faults", view_func=turn_fault, methods=["POST"])


def show_faults() -> str:
    """Show which faults can be asked for."""
    _only_in_practice()
    return render_template("faults.html", said=faults.SAID, current=context().faults.current)


def turn_fault() -> AnyResponse:
    """Ask for a fault, or for none."""
    _only_in_practice()
    if not context().faults.turn(request.form.get("fault", "")):
        abort(400)
    return Response(status=204) if "session" not in g else redirect(url_for("pages.show_faults"))


def _only_in_practice() -> None:
    if not context().settings.practice:
        abort(404)
