"""Page of the restart: asks first, says what is kept, then waits until the kiosk is back."""

from datetime import timedelta

from flask import Response, jsonify

from kiosk.acts import restarting
from kiosk.base import codes
from kiosk.pages.access import allow, context
from kiosk.pages.technician.blueprint import actor, render, technician
from kiosk.records import drafts
from printers import spool

STARTED = codes.nonce()
"""Value of this process: the page that waits sees by another one that the kiosk has started again."""
IN_USE = timedelta(minutes=10)
"""A form that was worked at since then is counted as being filled in."""
WORK = {
    "copy": "sao lưu",
    "drill": "diễn tập khôi phục",
    "doctor": "khám máy",
    "connection": "thử kết nối",
    "update": "tải bản mới",
    "disk": "tìm hoặc gắn ổ sao lưu",
}


@technician.get("/restart")
@allow("technician")
def restart() -> str:
    """Ask, and say what goes on now."""
    kiosk = context()
    with kiosk.store.read() as db:
        forms = drafts.count_touched(db, kiosk.clock.now() - IN_USE)
        papers = spool.count_jobs(db, ["queued", "sending"])
    works = [WORK[kind] for kind in kiosk.work.running()]
    return render("technician/restart.html", forms=forms, papers=papers, works=works)


@technician.post("/restart")
@allow("technician")
def begin_restart() -> str:
    """Ask all processes to restart, and show the page that waits."""
    restarting.request_restart(context(), actor())
    return render("technician/restarting.html", started=STARTED)


@technician.get("/restart/state")
@allow("technician")
def restart_state() -> Response:
    """Return the value of this process."""
    answer = jsonify(started=STARTED)
    answer.headers["Cache-Control"] = "no-store"
    return answer
