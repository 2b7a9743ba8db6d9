"""Delivery by USB stick at the kiosk: parcels that only its gateway can open, and the gateway's answers.

The key of an answer is derived from the ward's key and the parcel's name. Nothing has to be stored for it, and a
restored kiosk can still read the answers to its earlier parcels.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

import sync.outbox
import sync.usb
from kiosk.base import codes
from kiosk.base.errors import BadSettings
from kiosk.context import Context
from kiosk.portal import delivery
from kiosk.portal.signing_key import portal_key
from sync.errors import BadFile
from sync.portals import usb_files
from sync.portals.usb_files import ParcelSender
from sync.usb import ParcelWriter, UsbCounts

ANSWER_ERRORS = {
    "changed": "tệp bị hỏng hoặc bị sửa, hoặc máy này đã đổi kho; lấy lại tệp này ở cổng",
    "foreign": "không phải biên nhận của cổng",
    "not-json": "cổng viết tệp này bằng bản khác; báo tỉnh",
}
"""Texts for technicians: why an answer cannot be used, by error code."""
NOTHING_SETTLED = (
    "Biên nhận đọc được, nhưng không còn tờ nào chờ nó: những tờ đó đã xong, hoặc đã chép ra lần nữa sau đó. "
    "Lần chép sau cùng cần biên nhận của chính nó; có mạng thì máy tự hỏi lại cổng."
)
"""Text for technicians: the answers are valid, but they settled nothing."""


def parcel_sender(context: Context) -> ParcelSender:
    """Return this kiosk as the sender of parcels.

    Raises:
        BadSettings: no gateway could open them.
    """
    key = gateway_key(context)
    if not context.config.portal.capabilities.takes_usb_parcels or not key:
        raise BadSettings(
            'Chưa ghi khóa USB của cổng. Hỏi tỉnh dòng bắt đầu bằng "stick1-" (lệnh kiosk gateway stick key), ghi vào '
            "[portal] stick_key của kiosk.toml.",
            "The gateway's stick key is missing: ask the province for it (kiosk gateway stick key) and write it into "
            "[portal] stick_key of kiosk.toml.",
        )
    return ParcelSender(
        kiosk_id=context.config.kiosk.id,
        seed=portal_key(context.config.portal_key_path),
        gateway_key=usb_files.parse_key(key),
        answer_key=lambda parcel_id: context.vault.key_for(f"stick answer {parcel_id}"),
    )


def gateway_key(context: Context) -> str:
    """Return the gateway's stick key of the settings; in practice mode without one, that of the practice gateway."""
    if context.config.portal.stick_key or not context.config.kiosk.practice:
        return context.config.portal.stick_key
    with suppress(OSError):
        return context.config.practice_stick_path.read_text(encoding="ascii").strip()
    return ""


def write_parcels(
    context: Context, write_file: Callable[[str, bytes], object], on_progress: Callable[[UsbCounts], None]
) -> UsbCounts:
    """Copy everything that waits for delivery into parcels; return the counts.

    Args:
        context: the context.
        write_file: writes a file of a name and content.
        on_progress: called after each file with the counts so far.

    Raises:
        BadSettings: no gateway could open the parcels.
    """
    now = context.clock.now()
    name = f"{now:%Y%m%dT%H%M%SZ}-{codes.nonce()[:8].replace('_', '-')}"
    writer = ParcelWriter(sender=parcel_sender(context), name=name, write_file=write_file)
    open_subject, _apply_outcome, _apply_receipt = delivery.sync_callbacks(context)
    return sync.usb.write_parcels(context.store, open_subject, writer, now=now, on_progress=on_progress)


def apply_answers(context: Context, answers: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, UsbCounts | str]]:
    """Settle the answers to this kiosk among files (name, content); yield the name and the counts or error code."""
    sender = parcel_sender(context)
    _open_subject, apply_outcome, _apply_receipt = delivery.sync_callbacks(context)
    for name, content in answers:
        try:
            if usb_files.read_head(content, usb_files.ANSWER).kiosk_id == sender.kiosk_id:
                now = context.clock.now()
                yield name, sync.usb.apply_answer(context.store, apply_outcome, content, sender=sender, now=now)
        except BadFile as error:
            yield name, error.code


def count_waiting(context: Context) -> UsbCounts:
    """Return the counts of submissions and events that a USB stick would carry now."""
    with context.store.read() as db:
        return UsbCounts(
            forms=sync.outbox.count_to_carry(db, "submission"), events=sync.outbox.count_to_carry(db, "event")
        )


def count_unanswered(context: Context) -> tuple[int, str | None]:
    """Return the number of subjects without an answer, and the first parcel's name, which begins with its time."""
    with context.store.read() as db:
        return sync.outbox.count_unanswered(db)
