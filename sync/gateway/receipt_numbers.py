"""Receipt numbers: each belongs to one dossier of a kiosk, whichever machine has sent it.

A machine that replaces another one keeps the kiosk's code, so it could issue a number again. The first submission
under a number keeps it; another first revision is refused, so that two people never share a dossier. The highest
number of each day tells a machine which numbers it must not issue.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select, update

from sync.encoding import timestamp
from sync.gateway import database
from sync.gateway.tables import receipt_numbers
from sync.parcel import FieldError

TAKEN = FieldError("/receiptNo", "number", "Số phiếu này đã thuộc một hồ sơ khác của máy này ở cổng.")
"""The error of a submission under a number of another dossier; its code is part of the contract."""
FOREIGN = FieldError("/receiptNo", "disagrees", "Số phiếu này không bắt đầu bằng mã của máy gửi.")
"""The error of a submission under a number of another kiosk: its slip would name that kiosk's dossier."""
DAYS = timedelta(days=31)
"""The highest numbers are returned for so many days before today."""

# Of every batch, built once: SQLAlchemy takes longer to build a statement than the database to run it.
_SELECT_DOSSIERS = select(receipt_numbers.c.receipt_no, receipt_numbers.c.dossier_id).where(
    receipt_numbers.c.kiosk_id == bindparam("kiosk"),
    receipt_numbers.c.receipt_no.in_(bindparam("numbers", expanding=True)),
)


def is_of_kiosk(receipt_no: str, kiosk_id: str) -> bool:
    """Return whether a number was issued by a kiosk: it begins with the kiosk's code."""
    return receipt_no.startswith(f"{kiosk_id}-")


def find_dossiers(db: Connection, kiosk_id: str, numbers: Iterable[str]) -> dict[str, str]:
    """Return the dossiers of receipt numbers: the id of their first submission, by number."""
    wanted = list(numbers)
    if not wanted:
        return {}
    rows = db.execute(_SELECT_DOSSIERS, {"kiosk": kiosk_id, "numbers": wanted})
    return {row.receipt_no: row.dossier_id for row in rows}


def insert_numbers(db: Connection, kiosk_id: str, dossiers: dict[str, str], now: datetime) -> None:
    """Insert the numbers of new dossiers; `dossiers` is by number."""
    if not dossiers:
        return
    touched_at = timestamp(now)
    rows = [_row(kiosk_id, number, dossier_id, touched_at) for number, dossier_id in dossiers.items()]
    database.insert_rows(db, receipt_numbers, rows)


def touch(db: Connection, kiosk_id: str, numbers: Iterable[str], now: datetime) -> None:
    """Begin the term of the content of dossiers again: they have changed."""
    wanted = list(numbers)
    if wanted:
        is_wanted = (receipt_numbers.c.kiosk_id == kiosk_id) & receipt_numbers.c.receipt_no.in_(wanted)
        db.execute(update(receipt_numbers).where(is_wanted).values(touched_at=timestamp(now), deleted_at=None))


def find_content_times(db: Connection, kiosk_id: str, receipt_no: str) -> tuple[str, str | None]:
    """Return when a dossier last changed, and when its content was deleted, as UTC text."""
    is_number = (receipt_numbers.c.kiosk_id == kiosk_id) & (receipt_numbers.c.receipt_no == receipt_no)
    row = db.execute(select(receipt_numbers.c.touched_at, receipt_numbers.c.deleted_at).where(is_number)).one()
    return row.touched_at, row.deleted_at


def _row(kiosk_id: str, receipt_no: str, dossier_id: str, touched_at: str) -> dict[str, str | int]:
    _kiosk, day, seq, _check = receipt_no.split("-")
    return {
        "kiosk_id": kiosk_id,
        "receipt_no": receipt_no,
        "dossier_id": dossier_id,
        "day": day,
        "seq": int(seq),
        "touched_at": touched_at,
    }


def highest_by_day(db: Connection, kiosk_id: str, now: datetime) -> dict[date, int]:
    """Return the highest number of each day from `DAYS` before now; days of a wrong clock may lie ahead."""
    since = f"{now - DAYS:%y%m%d}"
    is_recent = (receipt_numbers.c.kiosk_id == kiosk_id) & (receipt_numbers.c.day >= since)
    highest = select(receipt_numbers.c.day, func.max(receipt_numbers.c.seq).label("seq")).where(is_recent)
    rows = db.execute(highest.group_by(receipt_numbers.c.day).order_by(receipt_numbers.c.day))
    by_day = ((_parse_day(row.day), row.seq) for row in rows)
    return {day: seq for day, seq in by_day if day is not None}


def _parse_day(digits: str) -> date | None:
    """Return the day of a number; None for digits that are no day, which the contract allows."""
    try:
        return datetime.strptime(digits, "%y%m%d").date()  # noqa: DTZ007 - a date, no time in it
    except ValueError:
        return None
