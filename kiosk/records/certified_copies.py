"""The certified_copies table: the year's registers of certification, a line for each paper.

A number is taken in the write that inserts its line, so that no number is lost or given twice. A line is never deleted:
a cancelled one keeps its number, with who, when and why. The names of person and original are in the sealed form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk.base import clock

CertifiedRegister = Literal["copies", "signature", "translation", "transaction"]
"""A register, with numbers of its own: copies of originals, signatures, signatures of translators, transactions."""
BOOKS: Mapping[CertifiedRegister, str] = {
    "copies": "SCT/BS",
    "signature": "SCT/CK,ĐC",
    "translation": "SCT/CKND",
    "transaction": "SCT/HĐ,GD",
}
"""Abbreviations of the registers, to be compared by the ward.

Sources: form 08 of NĐ 280/2025/NĐ-CP as luatvietnam.vn prints it (translation, secondary); TT 01/2020/TT-BTP as
ketoanviethung.vn prints it (signature, secondary); NĐ 23/2015/NĐ-CP from memory (copies, transaction).
"""
PAPER = "copy:"
"""Begin of the id of the words of certification among the papers of a case; the id of their line follows."""
CancelReason = Literal["misprinted", "not_wanted", "mistaken", "other"]
"""Reason of a cancelled number: printed wrongly, not wanted any more, taken by mistake, or as the desk note says."""
MAX_PAGES = 999
MAX_COPIES = 99


@dataclass(frozen=True)
class CertifiedCopy:
    """A line of a register.

    Attributes:
        place: row of the list of papers in the form; 0 where the form has no list.
        pages: counted by the officer; `declared_pages` by the citizen.
        copies: copies of an original, or papers that were signed, translations, originals of a contract.
        amount: dong; None where the tariff has none.
    """

    id: str
    register: CertifiedRegister
    year: int
    number: int
    receipt_no: str
    submission_id: str
    place: int
    day: date
    pages: int
    declared_pages: int
    copies: int
    amount: int | None
    signer: str
    signer_title: str
    actor: str
    at: datetime
    cancel_reason: CancelReason | None = None
    cancel_actor: str | None = None
    cancelled_at: datetime | None = None

    @property
    def book(self) -> str:
        """The book as the certification names it."""
        return book_of(self.register, self.year)


def book_of(register: CertifiedRegister, year: int) -> str:
    """Return the name of the book of a year.

    Example:
        >>> book_of("copies", 2026)
        '01/2026-SCT/BS'
    """
    return f"01/{year}-{BOOKS[register]}"


def insert(db: Database, line: CertifiedCopy) -> None:
    """Insert a line; a second one in force for the same paper of a case breaks a unique index."""
    sql = """insert into certified_copies (id, register, year, number, receipt_no, submission_id, place, day,
               pages, declared_pages, copies, amount, signer, signer_title, actor, at)
             values (:id, :register, :year, :number, :receipt_no, :submission_id, :place, :day, :pages,
               :declared_pages, :copies, :amount, :signer, :signer_title, :actor, :at)"""
    db.execute(sql, vars(line) | {"day": line.day.isoformat(), "at": clock.timestamp(line.at)})


def cancel(db: Database, line_id: str, reason: CancelReason, actor: str, now: datetime) -> bool:
    """Cancel a line; return False when it is cancelled already or unknown."""
    sql = """update certified_copies set cancel_reason = ?, cancel_actor = ?, cancelled_at = ?
             where id = ? and cancelled_at is null"""
    return db.execute(sql, [reason, actor, clock.timestamp(now), line_id]).rowcount > 0


def reassign(db: Database, old_id: str, new_id: str) -> None:
    """Move the lines of a submission to its correction."""
    db.execute("update certified_copies set submission_id = ? where submission_id = ?", [new_id, old_id])


def find(db: Database, line_id: str) -> CertifiedCopy | None:
    """Return a line by its id."""
    return next(iter(_all(db, "where id = ?", [line_id])), None)


def of_case(db: Database, receipt_no: str) -> list[CertifiedCopy]:
    """Return the lines of a case, cancelled ones included, by number."""
    return _all(db, "where receipt_no = ? order by year, number", [receipt_no])


def of_day(db: Database, day: date) -> list[CertifiedCopy]:
    """Return the lines of a day, cancelled ones included, by register and number."""
    return _all(db, "where day = ? order by register, number", [day.isoformat()])


@dataclass(frozen=True)
class RegisterYear:
    """A year of a register: lines, those that were cancelled, and the last number; all 0 before the first."""

    count: int
    cancelled: int
    last: int


def of_year(db: Database, register: CertifiedRegister, year: int) -> RegisterYear:
    """Return the counts of a register's year."""
    sql = """select count(*), count(cancelled_at), coalesce(max(number), 0) from certified_copies
             where register = ? and year = ?"""
    count, cancelled, last = db.execute(sql, [register, year]).fetchone()
    return RegisterYear(count=count, cancelled=cancelled, last=last)


def _all(db: Database, where: str, args: list[Any]) -> list[CertifiedCopy]:
    sql = f"""select id, register, year, number, receipt_no, submission_id, place, day, pages, declared_pages, copies,
                amount, signer, signer_title, actor, at, cancel_reason, cancel_actor, cancelled_at
              from certified_copies {where}"""  # noqa: S608  # nosec B608 # constants
    return [_line(row) for row in db.query(sql, args)]


def _line(row: dict[str, Any]) -> CertifiedCopy:
    cancelled = row["cancelled_at"]
    return CertifiedCopy(
        **row
        | {
            "day": date.fromisoformat(row["day"]),
            "at": clock.parse_timestamp(row["at"]),
            "cancelled_at": clock.parse_timestamp(cancelled) if cancelled else None,
        }
    )
