"""The machine's key to the portal is renewed: a technician asks with a one-time code, the worker carries it out."""

import re

import sync.engine
from kiosk.errors import NotAllowed
from kiosk.records import audit, renewals
from kiosk.records.renewals import Renewal
from kiosk.room import Room

LENGTH = range(10, 65)
"""Letters of a code, by the contract."""
_GROUPS = re.compile(r"([A-Za-z0-9]{4})[-. ]?([A-Za-z0-9]{4})[-. ]?([A-Za-z0-9]{4})", re.ASCII)


def ask(room: Room, told: str, actor: str) -> None:
    """Ask for a new key with a code as a hand types it; NotAllowed where it cannot be one."""
    code = _read_code(told)
    if len(code) not in LENGTH or not (code.isascii() and code.isprintable()):
        raise NotAllowed(
            "Mã có ba nhóm bốn chữ, ví dụ KX7M-93PA-TQ4C. Mời gõ lại như phòng công nghệ đọc.",
            "The code has three groups of four letters. Please type it as it was read out.",
        )
    sealed = room.vault.seal(renewals.CODE, renewals.CODE, code.encode())
    with room.store.write() as db:
        renewals.ask(db, sealed, actor, room.clock.now())
        audit.note(db, room.audit_key(), room.clock.now(), audit.Line("renew_key", actor, room.config.kiosk.id))


def name(room: Room, no: int, key_id: str) -> None:
    """Write down which key the portal is going to hear of."""
    with room.store.write() as db:
        renewals.name(db, no, key_id)


def missed(room: Room, no: int, code: str) -> None:
    """Write down that the portal was not reached; it is tried again."""
    with room.store.write() as db:
        renewals.missed(db, no, code)


def refused(room: Room, asked: Renewal, code: str) -> None:
    """Write down that the portal did not take this code; another one is needed, the old key stays."""
    with room.store.write() as db:
        renewals.refused(db, asked.no, asked.code, code, room.clock.now())


def renewed(room: Room, no: int) -> None:
    """Write down that the portal knows the new key, and let everything go out with it."""
    now = room.clock.now()
    with room.store.write() as db:
        renewals.renewed(db, no, now)
        sync.engine.send_now(db)
        audit.note(db, room.audit_key(), now, audit.Line("key_renewed", "worker", room.config.kiosk.id))


def _read_code(told: str) -> str:
    """Read a code as a hand types it: three groups of four in capitals, anything else as it is without its spaces."""
    bare = " ".join(told.split())
    groups = _GROUPS.fullmatch(bare)
    return "-".join(groups.groups()).upper() if groups else bare.replace(" ", "")
