"""Signed releases as static files: metadata and targets of a repository that `kiosk release` publishes.

They are public, like those of a Linux distribution: kiosks trust signatures, not the machine that serves the files. A
range of a file can be asked for, so that a download goes on after a broken line.
"""

from pathlib import Path

from flask import Blueprint, Response, abort, send_from_directory

from sync.gateway.context import context

releases = Blueprint("releases", __name__, url_prefix="/releases")


@releases.get("/<any(metadata, targets):part>/<name>")
def send_file(part: str, name: str) -> Response:
    """Return a file of the repository, or the range of it that was asked for."""
    folder = context().settings.releases
    if not folder or name.startswith("."):
        abort(404)
    kind = "application/json" if part == "metadata" else "application/octet-stream"
    response = send_from_directory(Path(folder) / part, name, mimetype=kind, conditional=True, etag=False)
    response.headers["Cache-Control"] = "no-store" if part == "metadata" else "public, max-age=3600"
    return response
