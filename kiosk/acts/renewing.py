"""The machine's key to the portal is renewed: a technician asks with a one-time code, the worker carries it out."""

import re

import sync.engine
from kiosk.context import Context
from kiosk.errors import NotAllowed
from kiosk.records import audit, renewals
from kiosk.records.renewals import Renewal

LENGTH = range(10, 65)
"""Letters of a code, by the contract."""
_GROUPS = re.compile(r"([A-Za-z0-9]{4})[-. ]?([A-Za-z0-9]{4})[-. ]?([A-Za-z0-9]{4})", re.ASCII)


def ask(context: Context, told: str, actor: str) -> None:
    """Ask for a new key with a code as a hand types it; NotAllowed where it cannot be one."""
    code = _read_code(told)
    if len(code) not in LENGTH or not (code.isascii() and code.isprintable()):
        raise NotAllowed(
            "Mã có ba nhóm bốn chữ, ví dụ KX7M-93PA-TQ4C. Mời gõ lại như phòng công nghệ đọc.",
            "The code has three groups of four letters. Please type it as it was read out.",
        )
    sealed = context.vault.seal(renewals.CODE, renewals.CODE, code.encode())
    with context.store.write() as db:
        renewals.ask(db, sealed, actor, context.clock.now())
        audit.note(
            db, context.audit_key(), context.clock.now(), audit.AuditLine("renew_key", actor, context.config.kiosk.id)
        )


def name(context: Context, no: int, key_id: str) -> None:
    """Write down which key the portal is going to hear of."""
    with context.store.write() as db:
        renewals.name(db, no, key_id)


def missed(context: Context, no: int, code: str) -> None:
    """Write down that the portal was not reached; it is tried again."""
    with context.store.write() as db:
        renewals.missed(db, no, code)


def refused(context: Context, asked: Renewal, code: str) -> None:
    """Write down that the portal did not take this code; another one is needed, the old key stays."""
    with context.store.write() as db:
        renewals.refused(db, asked.no, asked.code, code, context.clock.now())


def renewed(context: Context, no: int) -> None:
    """Write down that the portal knows the new key, and let everything go out with it."""
    now = context.clock.now()
    with context.store.write() as db:
        renewals.renewed(db, no, now)
        sync.engine.send_now(db)
        audit.note(db, context.audit_key(), now, audit.AuditLine("key_renewed", "worker", context.config.kiosk.id))


def _read_code(told: str) -> str:
    """Read a code as a hand types it: three groups of four in capitals, anything else as it is without its spaces."""
    bare = " ".join(told.split())
    groups = _GROUPS.fullmatch(bare)
    return "-".join(groups.groups()).upper() if groups else bare.replace(" ", "")
