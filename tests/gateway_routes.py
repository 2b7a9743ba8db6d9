"""Routes of gateways in this process: built once, because a thousand tests make a gateway and change no route."""

from copy import copy
from functools import cache

from flask import Flask

from sync.gateway import app as gateway_app

_routes = cache(gateway_app.create_routes)


def share_routes() -> None:
    """Let each gateway that is created from now on serve the same routes and templates."""
    gateway_app.create_routes = _copy_routes


def _copy_routes() -> Flask:
    """Return an app with the shared routes, to which a gateway gives its context."""
    shared = _routes()
    _ = shared.jinja_env  # copies have the same, with its compiled templates
    app = copy(shared)
    app.view_functions = dict(shared.view_functions)
    app.extensions = dict(shared.extensions)
    return app
