"""Enrolment of a browser on the LAN: install the ward's certificate, become a touchscreen.

No page here needs a sign-in. A touchscreen's code is valid once; the cookie is a random id and the store keeps its
hash. The authority's certificate is no secret: its fingerprint is compared by eye with the technician's page.
"""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from kiosk.acts import screens
from kiosk.base import codes
from kiosk.base.errors import NotAllowed, NotFound, TooManyTries
from kiosk.pages import access
from kiosk.pages.access import SCREEN_COOKIE, allow, context, hash_token, is_secure
from kiosk.pages.qr_code import qr_svg
from kiosk.security import tls

enrolment = Blueprint("enrolment", __name__)
COOKIE_DAYS = 400
"""Longest life of a cookie in browsers; each start of a visit renews it."""


@enrolment.get("/certificate")
@allow("anyone")
def certificate() -> str:
    """Explain in steps how an officer's browser comes to trust this machine."""
    config = context().config
    addresses = [f"https://{config.lan.address(name)}" for name in config.lan.names]
    code = ""
    if addresses:
        code = Markup(qr_svg(addresses[0] + url_for("enrolment.certificate")))  # noqa: S704  # nosec B704 # our own SVG
    return render_template(
        "enrolment/certificate.html",
        ward=config.ward,
        certificates=tls.read_certificates(config.tls_folder),
        addresses=addresses,
        code=code,
        is_open=bool(config.lan.host),
    )


@enrolment.get("/ca.crt")
@allow("anyone")
def authority() -> Response:
    """Return the ward's authority certificate as a file."""
    path = tls.authority_path(context().config.tls_folder)
    if not path.is_file():
        raise NotFound("Máy chưa có chứng thư. Cán bộ kỹ thuật chạy kiosk tls init.", "There is no certificate yet.")
    headers = {"Content-Disposition": 'attachment; filename="chung-thu-phuong.crt"'}
    return Response(path.read_bytes(), mimetype="application/x-x509-ca-cert", headers=headers)


@enrolment.get("/touchscreen")
@allow("anyone")
def touchscreen() -> str | Answer:
    """Ask for the code that makes this browser a touchscreen, or the tablet of a counter."""
    if access.counter_of_tablet() is not None:
        return redirect(url_for("tablet.show"), 303)
    return redirect(url_for("citizen.start"), 303) if access.serves_citizens() else _code_page()


@enrolment.post("/touchscreen")
@allow("anyone")
def enrol() -> Answer | tuple[str, int]:
    """Check the code and enrol the browser; wrong codes are rate-limited per address like passwords."""
    token = codes.token()
    address = request.remote_addr or ""
    try:
        screen = screens.enrol(context(), request.form.get("code", "")[:64], hash_token(token), address)
    except TooManyTries as error:
        return _code_page(f"Đã sai nhiều lần. Mời đợi {error.seconds} giây rồi gõ lại."), error.status
    except NotAllowed as error:
        return _code_page(error.vi), 200
    home = url_for("citizen.start") if screen.counter is None else url_for("tablet.show")
    return set_screen_cookie(redirect(home, 303), token)


def set_screen_cookie(response: Answer, token: str) -> Answer:
    """Set a touchscreen's cookie, for as long as browsers keep one."""
    response.set_cookie(
        SCREEN_COOKIE,
        token,
        max_age=COOKIE_DAYS * 86400,
        httponly=True,
        samesite="Strict",
        path="/",
        secure=is_secure(),
    )
    return response


def _code_page(error: str = "") -> str:
    return render_template("enrolment/touchscreen.html", ward=context().config.ward, wrong=error)
