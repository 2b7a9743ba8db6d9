"""Lines of the gateway's trail for the kiosks, which keep them: a trail that was cut or rewritten is noticed there.

Each report of a kiosk names the line that it keeps, and is answered with the digest of that line and with a later one.
With the line come the openings of the kiosk's own forms since the kept one, for the ward's lead.
"""

from typing import Any

from sqlalchemy import Connection, Row, func, select

from sync.gateway import accounts, trail_chain
from sync.gateway.kiosks import Kiosk
from sync.gateway.tables import submissions, trail

MAX_OPENINGS = 50
"""Openings of one answer; the next report gets more."""


def show_line(db: Connection, kiosk: Kiosk, held_no: int) -> dict[str, Any]:
    """Return the member `trail` of an answer.

    Args:
        db: the store, inside a transaction.
        kiosk: the sender of the report.
        held_no: number of the line that the kiosk keeps; 0 for none.
    """
    trail_chain.seal_earlier(db)
    openings = _list_openings(db, kiosk, held_no)
    last_no = openings[-1].no if len(openings) == MAX_OPENINGS else _last_no(db)
    member: dict[str, Any] = {
        "line": last_no,
        "digest": trail_chain.find_digest(db, last_no) or trail_chain.FIRST_MAC,
        "openings": [_opening_json(row) for row in openings],
    }
    held = trail_chain.find_digest(db, held_no)
    return member if held is None else member | {"held": held}


def _last_no(db: Connection) -> int:
    return int(db.execute(select(func.max(trail.c.no))).scalar() or 0)


def _list_openings(db: Connection, kiosk: Kiosk, after: int) -> list[Row[Any]]:
    """Return the openings of a kiosk's forms after a line, oldest first."""
    is_opening = (trail.c.no > after) & (trail.c.act == accounts.OPENED) & (submissions.c.kiosk_id == kiosk.kiosk_id)
    columns = select(trail, submissions.c.receipt_no).join(submissions, submissions.c.submission_id == trail.c.subject)
    return list(db.execute(columns.where(is_opening).order_by(trail.c.no).limit(MAX_OPENINGS)))


def _opening_json(row: Row[Any]) -> dict[str, str]:
    return {
        "at": row.at,
        "submissionId": row.subject,
        "receiptNo": row.receipt_no,
        "login": row.login,
        "reason": row.reason[:300],
    }
