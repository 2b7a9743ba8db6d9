"""A line that is down for days: how what waits is carried to the city on a stick, and by which commands.

The commands stay on the machine's own screen: a page on the LAN must not write to whatever is plugged in.
"""

import sync.outbox
from kiosk import clock
from kiosk.health.sending import said
from kiosk.pages.guard import for_, room
from kiosk.pages.technician.blueprint import render, technician
from kiosk.records import audit

DONE = {"carried_out": "Chép ra USB", "carried_back": "Đọc biên nhận từ USB"}


@technician.get("/stick")
@for_("technician")
def stick() -> str:
    """Show the steps, and whether this machine may write a stick at all."""
    here = room()
    with here.store.read() as db:
        waiting = sync.outbox.waiting(db)
        last = audit.latest(db, list(DONE), 1)
    portal = here.config.portal
    return render(
        "technician/stick.html",
        waiting=waiting,
        has_key=bool(portal.stick_key),
        goes_out=portal.kind == "kiosk-sync",
        last=(DONE[last[0].line.act], said(here, clock.stamp(last[0].at))) if last else None,
    )
