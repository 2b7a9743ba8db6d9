"""Heads of the kiosks' audit trails: a trail that lost lines, or was rewritten, raises an alarm.

Each batch of a kiosk names the last line of its trail and, once the gateway has answered with the line that it holds,
that line too. A trail is a chain: who cuts its end or rewrites a line cannot show the old digests any more. The
gateway's answer chooses the line, so a trail that was cut and has grown again is found with the next batch.

A batch that a slow network delivers after a newer one shows the trail as it was: only a batch that was signed no
earlier than the stored head is compared.
"""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from sync.encoding import timestamp
from sync.gateway import accounts, epochs
from sync.gateway.kiosks import Kiosk
from sync.gateway.tables import audit_heads

JsonObject = dict[str, Any]
Alarm = Literal["shorter", "forked"]
GATEWAY = "gateway"
"""The actor of what the gateway itself has noticed, as its trail names it."""
ALARM_WORDS: dict[Alarm, str] = {
    "shorter": "ngắn hơn lần trước, có dòng đã mất",
    "forked": "khác với lần trước, có dòng đã bị thay",
}


# Of every batch, built once: SQLAlchemy takes longer to build a statement than the database to run it.
_SELECT_HEAD = select(audit_heads).where(audit_heads.c.kiosk_id == bindparam("kiosk"))


def record_head(
    db: Connection, kiosk: Kiosk, head: JsonObject | None, signed_at: datetime, now: datetime
) -> int | None:
    """Compare a kiosk's head with the stored one and store it; the kiosk's row is locked.

    Args:
        db: the store, inside a transaction.
        kiosk: the sender.
        head: the member `auditHead` of a batch; None from a kiosk of an older release.
        signed_at: when the batch was signed, by the kiosk's idea of this gateway's time.
        now: the time.

    Returns:
        The number of the line that is stored now, for the answer; None when there is none.
    """
    stored = find_head(db, kiosk.kiosk_id)
    if head is None:
        return stored.lines if stored else None
    values = {"lines": head["count"], "digest": head["digest"], "seen_at": timestamp(signed_at)}
    if stored is None:
        db.execute(insert(audit_heads).values(kiosk_id=kiosk.kiosk_id, **values))
        return int(head["count"])
    if timestamp(signed_at) < stored.seen_at:
        return int(stored.lines)
    alarm = _compare(stored, head)
    if alarm is None and not _shows(stored, head):
        return int(stored.lines)
    if alarm:
        values |= {"alarm": alarm, "alarmed_at": timestamp(now)}
        _raise_alarm(db, kiosk, alarm, counts=(stored.lines, head["count"]), now=now)
    is_kiosk = audit_heads.c.kiosk_id == kiosk.kiosk_id
    db.execute(update(audit_heads).where(is_kiosk).values(**values))
    return int(head["count"])


def find_head(db: Connection, kiosk_id: str) -> Row[Any] | None:
    """Return the stored head of a kiosk."""
    return db.execute(_SELECT_HEAD, {"kiosk": kiosk_id}).one_or_none()


def _shows(stored: Row[Any], head: JsonObject) -> bool:
    """Return whether a head proves the stored line; a kiosk that has just started does not know that line yet.

    Until it does, the stored line is kept and named in the answer: else a restart would hide a trail that was cut and
    has grown again.
    """
    return stored.lines in (head["count"], head.get("held", {}).get("count"))


def _compare(stored: Row[Any], head: JsonObject) -> Alarm | None:
    if head["count"] < stored.lines:
        return "shorter"
    held: JsonObject = head if head["count"] == stored.lines else head.get("held", {})
    is_same_line = held.get("count") == stored.lines
    return "forked" if is_same_line and held["digest"] != stored.digest else None


def _raise_alarm(db: Connection, kiosk: Kiosk, alarm: Alarm, counts: tuple[int, int], now: datetime) -> None:
    before, after = counts
    words = f"{ALARM_WORDS[alarm]} (dòng {before}, nay {after})"
    text = (
        f"Nhật ký của máy {kiosk.kiosk_id} ({kiosk.unit_code}) {words}. Hỏi phường: máy vừa được khôi phục từ bản sao? "
        "Nếu không, kho của máy đã bị sửa: báo người phụ trách an toàn thông tin."
    )
    epochs.notify(db, text, now)
    accounts.record(
        db, login=GATEWAY, act=f"trail_{alarm}", subject=kiosk.kiosk_id, now=now, reason=f"{before} {after}"
    )
