"""Page of the USB export: download sealed parcels in the browser, upload the portal's receipts.

Nothing is mounted or written on the kiosk itself: the browser saves the file, on any computer. The page shows counts
only.
"""

import io
import zipfile
from datetime import UTC, datetime

from flask import Response, request

from kiosk.acts import delivering
from kiosk.base import clock
from kiosk.base.errors import BadSettings, NotFound
from kiosk.pages.access import accept_file, allow, context
from kiosk.pages.technician.blueprint import actor, has_session, render, technician
from kiosk.portal.usb import (
    ANSWER_ERRORS,
    NOTHING_SETTLED,
    apply_answers,
    count_unanswered,
    count_waiting,
    gateway_key,
    write_parcels,
)
from kiosk.vietnam.calendar import short_time
from sync.usb import UsbCounts

LARGEST = 8 << 20
"""Most bytes of all receipts in one upload."""


@technician.get("/stick")
@allow("technician")
def stick() -> str:
    """Show the subjects to export, and those exported without a receipt."""
    return _page()


@technician.post("/stick/out")
@allow("technician")
def take_out() -> Response:
    """Return everything that waits as one file; several files as a zip."""
    parcels: list[tuple[str, bytes]] = []
    try:
        tally = write_parcels(context(), lambda name, content: parcels.append((name, content)), lambda _tally: None)
    except BadSettings as error:
        raise NotFound(error.vi, error.en) from error
    if not parcels and tally.bad:
        raise NotFound(
            f"{tally.bad} tờ đang chờ không mở được trong máy nên không chép ra được. Lấy lại từ bản sao của kho.",
            f"{tally.bad} that wait cannot be opened here, so nothing was written. Put back a copy of the store.",
        )
    if not parcels:
        raise NotFound("Không có gì chờ gửi.", "Nothing waits to be sent.")
    delivering.record_export(context(), actor(), forms=tally.forms, acts=tally.events)
    name, content = parcels[0]
    if len(parcels) > 1:
        name = f"{name.rpartition('-')[0]}.zip"
        content = _zipped(parcels)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype="application/octet-stream", headers=headers)


@technician.post("/stick/back")
@allow("technician")
@accept_file(LARGEST, has_session)
def bring_back() -> str:
    """Apply the uploaded receipts, and report each file that cannot be used."""
    uploads = [(file.filename or "", file.read()) for file in request.files.getlist("answers")]
    total = UsbCounts()
    faults: list[str] = []
    try:
        for name, outcome in apply_answers(context(), [upload for upload in uploads if upload[1]]):
            if isinstance(outcome, UsbCounts):
                total += outcome
            else:
                faults.append(f"{name}: {ANSWER_ERRORS.get(outcome, outcome)}.")
    except BadSettings as error:
        raise NotFound(error.vi, error.en) from error
    if total.files:
        delivering.record_import(context(), actor(), taken=total.forms + total.events, refused=total.bad)
    return _page(_words(total) if total.files or not faults else "", faults)


def _page(words: str = "", faults: list[str] | None = None) -> str:
    portal = context().config.portal
    count, parcel = count_unanswered(context())
    return render(
        "technician/stick.html",
        is_ready=portal.capabilities.takes_usb_parcels and bool(gateway_key(context())),
        goes_out=portal.capabilities.takes_usb_parcels,
        waiting=count_waiting(context()),
        unanswered=count,
        since=short_time(_created_at(parcel), context().clock.today()),
        words=words,
        faults=faults or [],
    )


def _words(total: UsbCounts) -> str:
    if not total.files:
        return "Không có biên nhận nào của máy này."
    if not (total.forms or total.events or total.bad):
        return NOTHING_SETTLED
    accepted = f"Cổng đã nhận {total.forms} tờ khai và {total.events} việc của quầy."
    return f"{accepted} {total.bad} cái cổng không nhận: xem mục Cần xem lại." if total.bad else accepted


def _created_at(parcel: str | None) -> str | None:
    """Return the time in the name of a parcel."""
    if parcel is None:
        return None
    return clock.timestamp(datetime.strptime(parcel.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC))


def _zipped(files: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()
