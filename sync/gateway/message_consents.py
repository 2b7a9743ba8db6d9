"""Consents to messages: which number agreed to which occasions, when, and to which words.

The number is sealed, and deleted with the dossier's content. A number that can get no message is not stored; the
reason is, for the ward. The first consent of a dossier counts: a correction changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, insert, select, update

from sync.encoding import timestamp
from sync.gateway import kiosk_reports, sealing
from sync.gateway.message_port import OCCASIONS
from sync.gateway.message_tables import message_consents
from sync.phone_numbers import NumberFault, parse_phone_number

PHONE = "phone"
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
    number = parse_phone_number(member["phone"])
    fault: ConsentFault = number.fault or ("own-number" if _is_own(db, kiosk_id, number.digits) else "")
    known = [occasion for occasion in OCCASIONS if occasion in member["occasions"]]
    phone = sealing.sealer(db).seal(PHONE, f"{kiosk_id} {receipt_no}", number.digits.encode())
    db.execute(
        insert(message_consents).values(
            kiosk_id=kiosk_id,
            receipt_no=receipt_no,
            phone=sealing.DELETED if fault else phone,
            fault=fault,
            occasions=" ".join(known),
            agreed_at=timestamp(datetime.fromisoformat(member["agreedAt"])),
            words=member["words"],
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
