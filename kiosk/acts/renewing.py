"""Renew the kiosk's key for the portal: a technician requests it with a one-time code, the worker carries it out."""

import re

import sync.engine
from kiosk.base.errors import NotAllowed
from kiosk.context import Context
from kiosk.records import audit, renewals
from kiosk.records.renewals import Renewal

CODE_LENGTHS = range(10, 65)
"""Allowed lengths of a code, by the contract."""
_GROUPS = re.compile(r"([A-Za-z0-9]{4})[-. ]?([A-Za-z0-9]{4})[-. ]?([A-Za-z0-9]{4})", re.ASCII)


def request_renewal(context: Context, text: str, actor: str) -> None:
    """Request a new key with a typed code.

    Raises:
        NotAllowed: the text is not a code.
    """
    code = _parse_code(text)
    if len(code) not in CODE_LENGTHS or not (code.isascii() and code.isprintable()):
        raise NotAllowed(
            "Mã có ba nhóm bốn chữ, ví dụ KX7M-93PA-TQ4C. Mời gõ lại như phòng công nghệ đọc.",
            "The code has three groups of four letters. Please type it as it was read out.",
        )
    sealed = context.vault.seal(renewals.CODE, renewals.CODE, code.encode())
    now = context.clock.now()
    with context.store.write() as db:
        renewals.request(db, sealed, actor=actor, now=now)
        line = audit.AuditLine(act="renew_key", actor=actor, subject=context.config.kiosk.id)
        audit.append(db, key=context.audit_key(), now=now, line=line)


def record_key_id(context: Context, no: int, key_id: str) -> None:
    """Store the id of the key that the worker is about to send."""
    with context.store.write() as db:
        renewals.set_key_id(db, no, key_id)


def record_no_answer(context: Context, no: int, code: str) -> None:
    """Store the error code of an attempt without an answer of the portal; the worker tries again."""
    with context.store.write() as db:
        renewals.set_failure(db, no, code)


def record_refusal(context: Context, renewal: Renewal, code: str) -> None:
    """Store that the portal refused the code; the old key stays and another code is needed."""
    with context.store.write() as db:
        renewals.mark_refused(db, renewal.no, tried_code=renewal.code, code=code, now=context.clock.now())


def record_renewal(context: Context, no: int) -> None:
    """Store that the portal accepted the new key, and make everything due at once."""
    now = context.clock.now()
    with context.store.write() as db:
        renewals.mark_done(db, no, now)
        sync.engine.send_now(db)
        line = audit.AuditLine(act="key_renewed", actor="worker", subject=context.config.kiosk.id)
        audit.append(db, key=context.audit_key(), now=now, line=line)


def _parse_code(text: str) -> str:
    """Return a typed code: three groups of four in capitals; any other text without its spaces."""
    joined = " ".join(text.split())
    groups = _GROUPS.fullmatch(joined)
    return "-".join(groups.groups()).upper() if groups else joined.replace(" ", "")
