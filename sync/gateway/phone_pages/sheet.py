"""Style sheets of the public pages: the colours of all front ends, and the sheets for phones, in one answer."""

import re
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, request

_TOKENS = Path(__file__).resolve().parents[3] / "static" / "system" / "tokens.css"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STATIC = Path(__file__).resolve().parents[1] / "static"


def add_routes(phone: Blueprint) -> None:
    """Add the style sheets to the blueprint."""
    phone.add_url_rule("/static/phone.css", "style", lambda: _style("phone.css"))
    phone.add_url_rule("/static/phone-need.css", "need_style", lambda: _style("phone.css", "need.css"))


def _style(*names: str) -> Response:
    response = Response(_sheet(names), mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.add_etag()
    response.make_conditional(request)
    return response


@cache
def _sheet(names: tuple[str, ...]) -> str:
    """Return the sheets without comments and indents, a fifth of their size: a first visit has 20 kB at most."""
    text = _TOKENS.read_text("utf-8") + "".join((_STATIC / name).read_text("utf-8") for name in names)
    lines = (line.strip() for line in _COMMENT.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)
