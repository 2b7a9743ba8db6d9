"""Page of the devices: print jobs, and links to the touchscreens and the certificate."""

from flask import redirect, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import health
from kiosk.acts import printing
from kiosk.pages.access import allow, context
from kiosk.pages.technician.blueprint import render, technician
from kiosk.vietnam.calendar import short_time
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
@allow("technician")
def devices() -> str:
    """Show the print jobs and the state of the printers."""
    today = context().clock.today()
    with context().store.read() as db:
        jobs = spool.list_jobs(db, ["unknown", "waiting", "queued", "sending", "printed"], SHOWN)
    return render(
        "technician/devices.html",
        jobs=[(job, PAPERS.get(job.kind, job.kind), SPOOL[job.state], short_time(job.created, today)) for job in jobs],
        printers=health.printers(context()),
    )


@technician.post("/paper/<int:job>/<answer>")
@allow("technician")
def paper(job: int, answer: str) -> Answer:
    """Record whether a paper came out, or print one more copy."""
    if answer in {"out", "not-out"}:
        printing.confirm_paper(context(), job, is_out=answer == "out")
    elif answer == "again":
        printing.reprint(context(), job, "technician page")
    return redirect(url_for("technician.devices"), 303)
