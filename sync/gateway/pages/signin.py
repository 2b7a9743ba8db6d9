"""Sign-in and sign-out."""

import math

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sync.gateway import accounts
from sync.gateway.context import context, public_address
from sync.gateway.pages import access


def add_routes(pages: Blueprint) -> None:
    """Add the routes of this module."""
    pages.add_url_rule("/sign-in", view_func=sign_in, methods=["GET", "POST"])
    pages.add_url_rule("/sign-out", view_func=sign_out, methods=["POST"])


def sign_in() -> AnyResponse | str | tuple[str, int]:
    """Show the sign-in form, or open a session."""
    if request.method == "GET":
        login = accounts.OPERATOR if context().settings.practice else ""
        return render_template("sign_in.html", seconds=0, is_wrong=False, login=login)
    login = request.form.get("login", "").strip().lower()
    password = request.form.get("password", "")
    settings = context().settings
    engine = context().engine
    address = request.remote_addr or ""
    code = request.form.get("code", "")
    now = settings.now()
    if not accounts.check_password(engine, login=login, password=password, address=address, now=now, code=code):
        with engine.begin() as db:
            seconds = math.ceil(accounts.lock_seconds(db, login=login, address=address, now=settings.now()))
        return render_template("sign_in.html", seconds=seconds, is_wrong=True, login=login), 403
    token = settings.token()
    with engine.begin() as db:
        accounts.sign_in(db, login, token, csrf=settings.token(), now=settings.now())
    response = redirect(url_for("pages.arrivals"))
    response.set_cookie(access.COOKIE, token, httponly=True, samesite="Strict", secure=public_address().is_secure)
    return response


def sign_out() -> AnyResponse:
    """End the session."""
    with context().engine.begin() as db:
        accounts.sign_out(db, access.current_session(), context().settings.now())
    response = redirect(url_for("pages.sign_in"))
    response.delete_cookie(access.COOKIE)
    return response
