"""Forms on a stick, as a kiosk does it: what it writes there is for its gateway alone, and so is what it reads back.

The key of an answer is made of the ward's key and the parcel's name: nothing has to be kept for it, and a kiosk that
was restored still reads the answers to what it wrote before.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

import sync.outbox
from kiosk import codes
from kiosk.context import Context
from kiosk.errors import BadSettings
from kiosk.portal import delivery
from kiosk.portal.signing_key import portal_key
from sync import usb as sticks
from sync.errors import BadFile
from sync.portals import usb_files
from sync.portals.usb_files import ParcelSender
from sync.usb import ParcelWriter, UsbCounts

ANSWER_ERRORS = {
    "changed": "tệp bị hỏng hoặc bị sửa, hoặc máy này đã đổi kho; lấy lại tệp này ở cổng",
    "foreign": "không phải biên nhận của cổng",
    "not-json": "cổng viết tệp này bằng bản khác; báo tỉnh",
}
"""Why an answer settles nothing, in a technician's words."""
NOTHING_SETTLED = (
    "Biên nhận đọc được, nhưng không còn tờ nào chờ nó: những tờ ấy đã xong, hoặc đã chép ra lần nữa sau đó. "
    "Lần chép sau cùng cần biên nhận của chính nó; có mạng thì máy tự hỏi lại cổng."
)
"""What is said when answers were read and none settled anything."""


def parcel_sender(context: Context) -> ParcelSender:
    """Return this kiosk as parcels name it; BadSettings where no gateway could open them."""
    key = gateway_key(context)
    if not context.config.portal.capabilities.takes_usb_parcels or not key:
        raise BadSettings(
            'Chưa ghi khóa USB của cổng. Hỏi tỉnh dòng bắt đầu bằng "stick1-" (lệnh kiosk gateway stick key), ghi vào '
            "[portal] stick_key của kiosk.toml.",
            "The gateway's stick key is missing: ask the province for it (kiosk gateway stick key) and write it into "
            "[portal] stick_key of kiosk.toml.",
        )
    return ParcelSender(
        context.config.kiosk.id,
        portal_key(context.config.portal_key_path),
        usb_files.parse_key(key),
        lambda parcel_id: context.vault.key_for(f"stick answer {parcel_id}"),
    )


def gateway_key(context: Context) -> str:
    """Return the key of the settings; in practice, without one, that of the gateway beside this kiosk."""
    if context.config.portal.stick_key or not context.config.kiosk.practice:
        return context.config.portal.stick_key
    with suppress(OSError):
        return context.config.practice_stick_path.read_text(encoding="ascii").strip()
    return ""


def write_parcels(
    context: Context, write_file: Callable[[str, bytes], object], on_progress: Callable[[UsbCounts], None]
) -> UsbCounts:
    """Copy everything that waits for the line into parcels, each laid down by ``lay`` under its name."""
    now = context.clock.now()
    way = ParcelWriter(
        parcel_sender(context), f"{now:%Y%m%dT%H%M%SZ}-{codes.nonce()[:8].replace('_', '-')}", write_file
    )
    pack, _settle, _heard = delivery.sync_callbacks(context)
    return sticks.write_parcels(context.store, pack, way, now, on_progress)


def apply_answers(context: Context, found: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, UsbCounts | str]]:
    """Settle each answer to this kiosk among files (name, content): the name, and what it settled or why it did not."""
    here = parcel_sender(context)
    _pack, settle, _heard = delivery.sync_callbacks(context)
    for name, content in found:
        try:
            if usb_files.read_head(content, usb_files.ANSWER).kiosk_id == here.kiosk_id:
                yield name, sticks.apply_answer(context.store, settle, content, here, context.clock.now())
        except BadFile as fault:
            yield name, fault.code


def count_waiting(context: Context) -> UsbCounts:
    """Count what a stick would carry now."""
    with context.store.read() as db:
        return UsbCounts(*(sync.outbox.count_to_carry(db, kind) for kind in sticks.KINDS))


def count_unanswered(context: Context) -> tuple[int, str | None]:
    """Count what was carried and has no answer yet, and name the first parcel of it, which begins with its time."""
    with context.store.read() as db:
        return sync.outbox.count_unanswered(db)
