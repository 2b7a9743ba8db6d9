"""Consents to messages: which number agreed to which occasions, when, and to which words.

The number is sealed, and deleted with the dossier's content or at the end of the consent. A number that can get no
message is not stored; the reason is, for the ward. The first consent of a form counts: a correction changes nothing. An
event of the kiosk replaces it, unless the consent was ended after that event.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, delete, insert, select, update

from sync.encoding import timestamp
from sync.gateway import kiosk_reports, sealing
from sync.gateway.message_port import OCCASIONS
from sync.gateway.message_tables import message_consents
from sync.phone_numbers import NumberFault, parse_phone_number

PHONE = "phone"
CITIZEN = "citizen"
"""The officer of an event that a citizen caused at the touchscreen."""
ENDS_TOLD = timedelta(days=30)
MOST_ENDS = 50
"""Ends of consents that an answer to a report has."""
ConsentFault = NumberFault | Literal["own-number"]


@dataclass(frozen=True, kw_only=True)
class MessageConsent:
    """A consent that counts: ten digits, and the occasions that the gateway knows."""

    phone: str
    occasions: frozenset[str]


def record_consent(db: Connection, kiosk_id: str, body: Mapping[str, Any]) -> None:
    """Store the consent of a submission's body, unless its dossier has one."""
    member = body.get("messages")
    if member is None:
        return
    receipt_no = body["receiptNo"]
    if db.execute(select(message_consents.c.fault).where(_is_of(kiosk_id, receipt_no))).first() is not None:
        return
    _insert(db, kiosk_id, receipt_no, member, agreed_at=member["agreedAt"], way="form")


def apply_event(db: Connection, kiosk_id: str, receipt_no: str, event: Mapping[str, Any]) -> bool:
    """Store or end a consent by an event of the kind `messages`; return whether the event has ended it."""
    member = event.get("messages", {"wanted": False})
    row = db.execute(select(message_consents.c.ended_at).where(_is_of(kiosk_id, receipt_no))).one_or_none()
    if not member["wanted"]:
        end_consent(db, kiosk_id, receipt_no, datetime.fromisoformat(event["at"]))
        return True
    if row is None or row.ended_at < timestamp(datetime.fromisoformat(event["at"])):
        db.execute(delete(message_consents).where(_is_of(kiosk_id, receipt_no)))
        way = "touchscreen" if event["officer"] == CITIZEN else "desk"
        _insert(db, kiosk_id, receipt_no, member, agreed_at=event["at"], way=way)
    return False


def end_consent(db: Connection, kiosk_id: str, receipt_no: str, at: datetime) -> None:
    """End the consent of a dossier and delete its number; that somebody agreed stays."""
    is_open = _is_of(kiosk_id, receipt_no) & (message_consents.c.ended_at == "")
    db.execute(update(message_consents).where(is_open).values(phone=sealing.DELETED, ended_at=timestamp(at)))


def state_of(phone: bytes | None, ended_at: str | None) -> Literal["none", "open", "ended"]:
    """Return whether a dossier gets messages, by its consent; `none` without one, and where its number can get none."""
    if ended_at:
        return "ended"
    return "none" if phone is None or phone == sealing.DELETED else "open"


def list_ended(db: Connection, kiosk_id: str, now: datetime) -> list[dict[str, str]]:
    """Return the consents of a kiosk that have ended lately, as an answer has them, the newest first.

    The kiosk learns so of an end on the status page; it knows those of its own events already.
    """
    columns = select(message_consents.c.receipt_no, message_consents.c.ended_at)
    is_late = message_consents.c.ended_at > timestamp(now - ENDS_TOLD)
    rows = db.execute(
        columns.where((message_consents.c.kiosk_id == kiosk_id) & is_late)
        .order_by(message_consents.c.ended_at.desc(), message_consents.c.receipt_no)
        .limit(MOST_ENDS)
    )
    return [{"receiptNo": row.receipt_no, "at": row.ended_at} for row in rows]


def _insert(
    db: Connection, kiosk_id: str, receipt_no: str, member: Mapping[str, Any], *, agreed_at: str, way: str
) -> None:
    number = parse_phone_number(member.get("phone", ""))
    fault: ConsentFault = number.fault or ("own-number" if _is_own(db, kiosk_id, number.digits) else "")
    known = [occasion for occasion in OCCASIONS if occasion in member.get("occasions", ())]
    phone = sealing.sealer(db).seal(PHONE, f"{kiosk_id} {receipt_no}", number.digits.encode())
    db.execute(
        insert(message_consents).values(
            kiosk_id=kiosk_id,
            receipt_no=receipt_no,
            phone=sealing.DELETED if fault else phone,
            fault=fault,
            occasions=" ".join(known),
            agreed_at=timestamp(datetime.fromisoformat(agreed_at)),
            words=member.get("words", ""),
            way=way,
            ended_at="",
        )
    )


def find_consent(db: Connection, kiosk_id: str, receipt_no: str) -> MessageConsent | None:
    """Return the consent of a dossier; None without one, without a number, or after its term."""
    row = db.execute(select(message_consents).where(_is_of(kiosk_id, receipt_no))).one_or_none()
    if row is None or row.phone == sealing.DELETED:
        return None
    phone = sealing.sealer(db).open(PHONE, f"{kiosk_id} {receipt_no}", row.phone).decode()
    return MessageConsent(phone=phone, occasions=frozenset(row.occasions.split()))


def delete_number(db: Connection, kiosk_id: str, receipt_no: str) -> None:
    """Delete the number of a dossier; that somebody agreed stays."""
    db.execute(update(message_consents).where(_is_of(kiosk_id, receipt_no)).values(phone=sealing.DELETED))


def _is_own(db: Connection, kiosk_id: str, digits: str) -> bool:
    """Return whether a number is that of the ward itself."""
    report = kiosk_reports.find_report(db, kiosk_id)
    return (
        report is not None and report.office is not None and parse_phone_number(report.office.hotline).digits == digits
    )


def _is_of(kiosk_id: str, receipt_no: str) -> Any:
    return (message_consents.c.kiosk_id == kiosk_id) & (message_consents.c.receipt_no == receipt_no)
