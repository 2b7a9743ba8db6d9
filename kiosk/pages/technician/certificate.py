"""Page of the LAN's certificate: its names and dates, and its renewal."""

from datetime import datetime

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import lan_certificates
from kiosk.base import clock
from kiosk.base.errors import BadSettings
from kiosk.health import certificate_dates
from kiosk.pages.access import allow, context
from kiosk.pages.technician.blueprint import actor, render, technician
from kiosk.security import tls


@technician.get("/certificate")
@allow("technician")
def certificate() -> str:
    """Show the state of the certificate."""
    return _page()


@technician.post("/certificate")
@allow("technician")
def renew_certificate() -> Answer | tuple[str, int]:
    """Renew the certificate, or make the first one."""
    try:
        lan_certificates.renew_certificate(context(), actor())
    except BadSettings as error:
        return _page(error.vi), 422
    return redirect(url_for("technician.certificate", said="renewed"), 303)


def _page(wrong: str = "") -> str:
    config = context().config
    found = tls.read_certificates(config.tls_folder)
    return render(
        "technician/certificate.html",
        check=certificate_dates.check(context()),
        found=found,
        ends=_day(found.expires_at) if found else "",
        authority_ends=_day(found.authority_expires_at) if found else "",
        host=config.lan.host,
        names=config.lan.names,
        address=f"https://{config.lan.address(config.lan.names[0])}/" if config.lan.names else "",
        is_renewed=request.args.get("said") == "renewed",
        wrong=wrong,
    )


def _day(at: datetime) -> str:
    return f"{clock.local(at):%d/%m/%Y}"
