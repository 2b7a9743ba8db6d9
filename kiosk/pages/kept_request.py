"""Request that was sent while a page of the staff was locked: sealed into the lock page, resumed after the unlock.

Nobody can read or change it there, and no other session opens it.
"""

import base64
import json
from typing import Any

from flask import request

from kiosk.base.errors import SealBroken
from kiosk.pages.access import context

KEPT = "kept while locked"
"""Vault purpose of a sealed request."""


def seal_request(session: str) -> str:
    """Seal path and form of this request, without its CSRF token."""
    content: dict[str, Any] = {"path": request.full_path.rstrip("?")}
    if request.method == "POST":
        content["form"] = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf"]
    sealed = context().vault.seal(KEPT, session, json.dumps(content).encode())
    return base64.urlsafe_b64encode(sealed).decode()


def open_kept(session: str, kept: str) -> dict[str, Any]:
    """Open a request that this session sealed; empty where it was changed or is another session's."""
    try:
        sealed = base64.urlsafe_b64decode(kept)
        content: dict[str, Any] = json.loads(context().vault.open(KEPT, session, sealed))
    except (SealBroken, ValueError):
        return {}
    return content
