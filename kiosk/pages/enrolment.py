"""What a strange browser finds at the LAN's door: how to trust this machine, and how to become a touchscreen.

Nobody is signed in here. A touchscreen's code is told once; the cookie that it gets is a random id, the store knows its
hash. The authority's certificate is no secret; its fingerprint is compared by eye with the technician's page.
"""

import io

import segno
from flask import Blueprint, Response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from kiosk import codes, tls
from kiosk.acts import screens, signing
from kiosk.errors import NotAllowed, NotFound, TooManyTries
from kiosk.pages import access
from kiosk.pages.access import SCREEN_COOKIE, context, for_, hashed, is_secure

doors = Blueprint("doors", __name__)
COOKIE_DAYS = 400
"""Browsers keep no cookie longer; each start of a visit gives it another 400 days."""


@doors.get("/certificate")
@for_("anyone")
def certificate() -> str:
    """Say step by step how an officer's browser comes to trust this machine."""
    config = context().config
    found = tls.read(config.tls_folder)
    addresses = [f"https://{config.lan.address(name)}" for name in config.lan.names]
    code = Markup(_code(addresses[0] + url_for("doors.certificate"))) if addresses else ""  # noqa: S704 - our own SVG
    return render_template(
        "doors/certificate.html", ward=config.ward, found=found, addresses=addresses, code=code,
        is_open=bool(config.lan.host),
    )  # fmt: skip


@doors.get("/ca.crt")
@for_("anyone")
def authority() -> Response:
    """Hand out the ward's authority as a file."""
    path = tls.authority_path(context().config.tls_folder)
    if not path.is_file():
        raise NotFound("Máy chưa có chứng thư. Cán bộ kỹ thuật chạy kiosk tls init.", "There is no certificate yet.")
    told = {"Content-Disposition": 'attachment; filename="chung-thu-phuong.crt"'}
    return Response(path.read_bytes(), mimetype="application/x-x509-ca-cert", headers=told)


@doors.get("/touchscreen")
@for_("anyone")
def touchscreen() -> str | Answer:
    """Ask for the code that makes this browser a touchscreen."""
    return redirect(url_for("citizen.start"), 303) if access.serves_citizens() else _ask()


@doors.post("/touchscreen")
@for_("anyone")
def enrol() -> Answer | tuple[str, int]:
    """Take the code; five wrong ones in a row from one place wait, like a wrong password."""
    token = codes.token()
    place = request.remote_addr or ""
    try:
        signing.check_rate_limit(context(), "touchscreen", place)
        screens.enrol(context(), request.form.get("code", "")[:64], hashed(token))
    except TooManyTries as fault:
        return _ask(f"Đã sai nhiều lần. Mời đợi {fault.seconds} giây rồi gõ lại."), fault.status
    except NotAllowed as fault:
        signing.count_failure(context(), "touchscreen", place)
        return _ask(fault.vi), 200
    return keep_screen(redirect(url_for("citizen.start"), 303), token)


def keep_screen(answer: Answer, token: str) -> Answer:
    """Give a touchscreen its cookie, for as long as browsers keep one."""
    answer.set_cookie(
        SCREEN_COOKIE, token, max_age=COOKIE_DAYS * 86400, httponly=True, samesite="Strict", path="/",
        secure=is_secure(),
    )  # fmt: skip
    return answer


def _ask(wrong: str = "") -> str:
    return render_template("doors/touchscreen.html", ward=context().config.ward, wrong=wrong)


def _code(text: str) -> str:
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, nl=False)
    return out.getvalue().decode()
