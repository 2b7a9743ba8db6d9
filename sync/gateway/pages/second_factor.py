"""Page on which a person turns the second factor of the own account on, and off again.

Both ask for the password too, as a sign-in does, and wrong tries count as there: who finds a browser that somebody has
left open can neither lock that person out nor try codes.
"""

import segno
from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from sync.gateway import accounts, kiosks, second_factors
from sync.gateway.context import context
from sync.gateway.pages import access


def add_routes(pages: Blueprint) -> None:
    """Add the routes of this module."""
    pages.add_url_rule("/second-factor", view_func=show_second_factor)
    pages.add_url_rule("/second-factor", view_func=turn_on_second_factor, methods=["POST"])
    pages.add_url_rule("/second-factor/off", view_func=turn_off_second_factor, methods=["POST"])


def show_second_factor() -> str:
    """Show whether the account has a second factor; without one a new secret to scan."""
    login = access.current_session().login
    with context().engine.begin() as db:
        is_on = second_factors.is_on(db, login)
        left = second_factors.recovery_left(db, login)
    return _render(secret="" if is_on else second_factors.new_secret(), is_on=is_on, left=left)


def turn_on_second_factor() -> str | tuple[str, int]:
    """Turn the second factor on after the password and a right code; the recovery codes are shown once."""
    settings = context().settings
    secret = request.form.get("secret", "")
    if not second_factors.is_secret(secret):
        abort(400)
    login = access.current_session().login
    if not _is_person():
        return _render(secret=secret, is_wrong=True), 422
    with context().engine.begin() as db:
        if second_factors.is_on(db, login):
            abort(409)
        codes = second_factors.turn_on(
            db,
            login,
            secret=secret,
            typed=request.form.get("code", ""),
            now=settings.now(),
            make_code=lambda: kiosks.make_code(settings.token()),
        )
        if codes is not None:
            accounts.record(db, login=login, act="second_on", subject=login, now=settings.now())
    if codes is None:
        return _render(secret=secret, is_wrong=True), 422
    return _render(codes=codes, is_on=True, left=len(codes))


def turn_off_second_factor() -> AnyResponse | tuple[str, int]:
    """Turn the second factor off after the password and a right code."""
    now = context().settings.now()
    login = access.current_session().login
    if access.needs_second_factor(access.current_session()):
        g.is_wrong_role = True
        abort(403)
    is_right = _is_person()
    with context().engine.begin() as db:
        if is_right and second_factors.turn_off(db, login):
            accounts.record(db, login=login, act="second_off", subject=login, now=now)
        left = second_factors.recovery_left(db, login)
    if not is_right:
        return _render(is_on=True, is_wrong=True, left=left), 422
    return redirect(url_for("pages.show_second_factor"))


def _is_person() -> bool:
    """Return whether the form has the account's password, and its code where a second factor is on."""
    return accounts.check_password(
        context().engine,
        login=access.current_session().login,
        password=request.form.get("password", ""),
        address=request.remote_addr or "",
        now=context().settings.now(),
        code=request.form.get("code", ""),
    )


def _render(
    *, secret: str = "", codes: list[str] | None = None, is_on: bool = False, is_wrong: bool = False, left: int = 0
) -> str:
    picture = ""
    if secret:
        made = segno.make(second_factors.address(access.current_session().login, secret), micro=False, error="m")
        picture = Markup(made.svg_inline(scale=4, border=4, light="#fff"))  # noqa: S704  # nosec B704 # made here
    return render_template(
        "second_factor.html",
        secret=secret,
        picture=picture,
        codes=codes,
        is_on=is_on,
        is_wrong=is_wrong,
        left=left,
        is_needed=access.needs_second_factor(access.current_session()),
    )
