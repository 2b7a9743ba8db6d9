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
from sync.portals.usb_files import Sender
from sync.usb import Tally, Way

BAD = {
    "changed": "tệp bị hỏng hoặc bị sửa, hoặc máy này đã đổi kho; lấy lại tệp này ở cổng",
    "foreign": "không phải biên nhận của cổng",
    "not-json": "cổng viết tệp này bằng bản khác; báo tỉnh",
}
"""Why an answer settles nothing, in a technician's words."""
NOTHING_NEW = (
    "Biên nhận đọc được, nhưng không còn tờ nào chờ nó: những tờ ấy đã xong, hoặc đã chép ra lần nữa sau đó. "
    "Lần chép sau cùng cần biên nhận của chính nó; có mạng thì máy tự hỏi lại cổng."
)
"""What is said when answers were read and none settled anything."""


def sender(context: Context) -> Sender:
    """Return this kiosk as parcels name it; BadSettings where no gateway could open them."""
    key = gateways_key(context)
    if context.config.portal.kind != "kiosk-sync" or not key:
        raise BadSettings(
            'Chưa ghi khóa USB của cổng. Hỏi tỉnh dòng bắt đầu bằng "stick1-" (lệnh kiosk gateway stick key), ghi vào '
            "[portal] stick_key của kiosk.toml.",
            "The gateway's stick key is missing: ask the province for it (kiosk gateway stick key) and write it into "
            "[portal] stick_key of kiosk.toml.",
        )
    return Sender(
        context.config.kiosk.id,
        portal_key(context.config.portal_key_path),
        usb_files.read_key(key),
        lambda parcel_id: context.vault.key_for(f"stick answer {parcel_id}"),
    )


def gateways_key(context: Context) -> str:
    """Return the key of the settings; in practice, without one, that of the gateway beside this kiosk."""
    if context.config.portal.stick_key or not context.config.kiosk.practice:
        return context.config.portal.stick_key
    with suppress(OSError):
        return context.config.practice_stick_path.read_text(encoding="ascii").strip()
    return ""


def carry_out(context: Context, lay: Callable[[str, bytes], object], tell: Callable[[Tally], None]) -> Tally:
    """Copy everything that waits for the line into parcels, each laid down by ``lay`` under its name."""
    now = context.clock.now()
    way = Way(sender(context), f"{now:%Y%m%dT%H%M%SZ}-{codes.nonce()[:8].replace('_', '-')}", lay)
    pack, _settle, _heard = delivery.answers_for(context)
    return sticks.carry_out(context.store, pack, way, now, tell)


def carry_back(context: Context, found: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, Tally | str]]:
    """Settle each answer to this kiosk among files (name, content): the name, and what it settled or why it did not."""
    here = sender(context)
    _pack, settle, _heard = delivery.answers_for(context)
    for name, content in found:
        try:
            if usb_files.read_head(content, usb_files.ANSWER).kiosk_id == here.kiosk_id:
                yield name, sticks.carry_back(context.store, settle, content, here, context.clock.now())
        except BadFile as fault:
            yield name, fault.code


def waiting(context: Context) -> Tally:
    """Count what a stick would carry now."""
    with context.store.read() as db:
        return Tally(*(sync.outbox.count_to_carry(db, kind) for kind in sticks.KINDS))


def unanswered(context: Context) -> tuple[int, str | None]:
    """Count what was carried and has no answer yet, and name the first parcel of it, which begins with its time."""
    with context.store.read() as db:
        return sync.outbox.unanswered(db)
