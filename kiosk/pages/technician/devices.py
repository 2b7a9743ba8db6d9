"""Devices: papers that wait or that nobody knows of, touchscreens, the certificate, the machine's key."""

from flask import redirect, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import health
from kiosk.acts import printing
from kiosk.health.connection import said
from kiosk.pages.access import context, for_
from kiosk.pages.technician.blueprint import render, technician
from printers import spool

SHOWN = 12
SPOOL = {
    "queued": "Chờ in",
    "sending": "Đang in",
    "printed": "Đã in",
    "unknown": "Chưa rõ đã ra chưa",
    "waiting": "Chờ máy in",
    "cancelled": "Đã bỏ",
    "pdf": "Giữ bản PDF",
}
PAPERS = {"slip": "Phiếu tờ khai", "ticket": "Phiếu số", "missing": "Danh sách mang thêm", "fee": "Phiếu thu"}


@technician.get("/devices")
@for_("technician")
def devices() -> str:
    """Show the papers of the printers, and where the other devices are looked after."""
    here = context()
    with here.store.read() as db:
        jobs = spool.listed(db, ["unknown", "waiting", "queued", "sending", "printed"], SHOWN)
    return render(
        "technician/devices.html",
        jobs=[(one, PAPERS.get(one.kind, one.kind), SPOOL[one.state], said(here, one.created)) for one in jobs],
        printers=health.printers(here),
    )


@technician.post("/paper/<int:job>/<answer>")
@for_("technician")
def paper(job: int, answer: str) -> Answer:
    """Take a person's word on a paper: it is out, it is not, or one more is wanted."""
    if answer in {"out", "not-out"}:
        printing.paper_seen(context(), job, is_out=answer == "out")
    elif answer == "again":
        printing.reprint(context(), job, "technician page")
    return redirect(url_for("technician.devices"), 303)
