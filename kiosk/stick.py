"""Forms on a stick, as a kiosk does it: what it writes there is for its gateway alone, and so is what it reads back.

The key of an answer is made of the ward's key and the parcel's name: nothing has to be kept for it, and a kiosk that
was restored still reads the answers to what it wrote before.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from kiosk import codes, delivery
from kiosk.errors import BadSettings, StickFailed
from kiosk.room import Room
from sync import stick as sticks
from sync.errors import BadFile
from sync.portals import folder
from sync.portals.folder import Sender
from sync.stick import Tally, Way


def sender(room: Room, seed: bytes) -> Sender:
    """Return this kiosk as parcels name it; BadSettings where no gateway could open them."""
    portal = room.config.portal
    if portal.kind != "kiosk-sync" or not portal.stick_key:
        raise BadSettings(
            'Chưa ghi khóa USB của cổng. Hỏi tỉnh dòng bắt đầu bằng "stick1-" (lệnh kiosk gateway stick key), ghi vào '
            "[portal] stick_key của kiosk.toml.",
            "The gateway's stick key is missing: ask the province for it (kiosk gateway stick key) and write it into "
            "[portal] stick_key of kiosk.toml.",
        )
    return Sender(
        room.config.kiosk.id,
        seed,
        folder.read_key(portal.stick_key),
        lambda parcel_id: room.vault.key_for(f"stick answer {parcel_id}"),
    )


def carry_out(room: Room, seed: bytes, place: Path, tell: Callable[[Tally], None]) -> Tally:
    """Copy everything that waits for the line onto a stick; StickFailed when it is full, away or forgets."""
    now = room.clock.now()
    way = Way(sender(room, seed), place, f"{now:%Y%m%dT%H%M%SZ}-{codes.nonce()[:8].replace('_', '-')}")
    pack, _settle, _heard = delivery.answers_for(room)
    try:
        return sticks.carry_out(room.store, pack, way, now, tell)
    except OSError as cause:
        raise StickFailed from cause


def carry_back(room: Room, seed: bytes, place: Path) -> Iterator[tuple[str, Tally | str]]:
    """Settle each answer to this kiosk that lies on a stick: its file's name, and what it settled or why it did not."""
    here = sender(room, seed)
    _pack, settle, _heard = delivery.answers_for(room)
    for path in folder.files(place, folder.ANSWER):
        try:
            content = path.read_bytes()
            if folder.read_head(content, folder.ANSWER).kiosk_id == here.kiosk_id:
                yield path.name, sticks.carry_back(room.store, settle, content, here, room.clock.now())
        except BadFile as fault:
            yield path.name, fault.code
        except OSError as cause:
            raise StickFailed from cause
