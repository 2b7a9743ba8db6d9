"""Forms on a USB stick: taken as a file through this browser, to wherever the stick is, and answers read back.

Nothing on the machine itself need be writable or plugged in. What is taken is sealed; the page shows counts alone.
"""

import io
import zipfile
from datetime import UTC, datetime

from flask import Response, request

from kiosk import clock
from kiosk.acts import delivering
from kiosk.errors import NotFound
from kiosk.pages.access import context, for_, takes
from kiosk.pages.technician.blueprint import actor, render, technician
from kiosk.portal.usb import BAD, NOTHING_NEW, carry_back, carry_out, gateways_key, unanswered, waiting
from kiosk.vietnam.calendar import short_time
from sync.usb import Tally

LARGEST = 8 << 20
"""Bytes of all answers that are brought at once."""


@technician.get("/stick")
@for_("technician")
def stick() -> str:
    """Show what waits for a stick, and what is without an answer."""
    return _page()


@technician.post("/stick/out")
@for_("technician")
def take_out() -> Response:
    """Hand over everything that waits, as one file; more files than one in a zip."""
    made: list[tuple[str, bytes]] = []
    tally = carry_out(context(), lambda name, content: made.append((name, content)), lambda _tally: None)
    if not made and tally.bad:
        raise NotFound(
            f"{tally.bad} tờ đang chờ không mở được trong máy nên không chép ra được. Lấy lại từ bản sao của kho.",
            f"{tally.bad} that wait cannot be opened here, so nothing was written. Put back a copy of the store.",
        )
    if not made:
        raise NotFound("Không có gì chờ gửi.", "Nothing waits to be sent.")
    delivering.carried_out(context(), actor(), tally.forms, tally.acts)
    name, content = made[0] if len(made) == 1 else (f"{made[0][0].rpartition('-')[0]}.zip", _zipped(made))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype="application/octet-stream", headers=headers)


@technician.post("/stick/back")
@for_("technician")
@takes(LARGEST)
def bring_back() -> str:
    """Settle what the answers name, and say what became of each file."""
    found = [(one.filename or "", one.read()) for one in request.files.getlist("answers")]
    whole, told = Tally(), []
    for name, outcome in carry_back(context(), [one for one in found if one[1]]):
        if isinstance(outcome, Tally):
            whole += outcome
        else:
            told.append(f"{name}: {BAD.get(outcome, outcome)}.")
    if whole.files:
        delivering.carried_back(context(), actor(), whole.forms + whole.acts, whole.bad)
    return _page(_words(whole) if whole.files or not told else "", told)


def _page(words: str = "", faults: list[str] | None = None) -> str:
    here = context()
    portal = here.config.portal
    count, parcel = unanswered(here)
    return render(
        "technician/stick.html",
        is_ready=portal.kind == "kiosk-sync" and bool(gateways_key(here)),
        goes_out=portal.kind == "kiosk-sync",
        waiting=waiting(here),
        unanswered=count,
        since=short_time(_since(parcel), here.clock.today()),
        words=words,
        faults=faults or [],
    )


def _words(whole: Tally) -> str:
    if not whole.files:
        return "Không có biên nhận nào của máy này."
    if not (whole.forms or whole.acts or whole.bad):
        return NOTHING_NEW
    told = f"Cổng đã nhận {whole.forms} tờ khai và {whole.acts} việc của quầy."
    return f"{told} {whole.bad} cái cổng không nhận: xem mục Cần xem lại." if whole.bad else told


def _since(parcel: str | None) -> str | None:
    """Read when a parcel was made off its name."""
    if parcel is None:
        return None
    return clock.stamp(datetime.strptime(parcel.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC))


def _zipped(made: list[tuple[str, bytes]]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as file:
        for name, content in made:
            file.writestr(name, content)
    return whole.getvalue()
