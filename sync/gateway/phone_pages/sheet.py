"""Style sheet of the public pages: the colours of all front ends, and one sheet for phones, in one answer."""

from functools import cache
from pathlib import Path

from flask import Blueprint, Response, request

_TOKENS = Path(__file__).resolve().parents[3] / "static" / "system" / "tokens.css"
_PHONE = Path(__file__).resolve().parents[1] / "static" / "phone.css"


def add_routes(phone: Blueprint) -> None:
    """Add the style sheet to the blueprint."""
    phone.get("/static/phone.css", endpoint="style")(_style)


def _style() -> Response:
    response = Response(_sheet(), mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.add_etag()
    response.make_conditional(request)
    return response


@cache
def _sheet() -> str:
    return _TOKENS.read_text("utf-8") + _PHONE.read_text("utf-8")
