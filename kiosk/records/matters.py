"""The tables submission_matters and matter_answers: forms that look like the same matter, and what officers say.

A matter is stored as a keyed hash of procedure and subject (`dossiers.matters`): two forms of one matter are found, and
none can be read. Its rows are deleted with the body.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows

MatterAnswer = Literal["different", "mistaken"]
"""Answer of an officer about two forms: two matters, such as twins, or a mistaken hint."""


@dataclass(frozen=True)
class AnsweredPair:
    """Two receipt numbers of which an officer said that they are not one matter."""

    receipt_no: str
    other_receipt_no: str
    answer: MatterAnswer
    actor: str
    at: datetime


def insert(db: Database, submission_id: str, matters: Collection[str]) -> None:
    """Insert the matters of a submission."""
    sql = "insert into submission_matters (matter, submission_id) values (?, ?) on conflict do nothing"
    for matter in matters:
        db.execute(sql, [matter, submission_id])


def delete(db: Database, submission_id: str) -> None:
    """Delete the matters of a submission: a correction has its own."""
    db.execute("delete from submission_matters where submission_id = ?", [submission_id])


def of_same_matter(db: Database, submission_id: str) -> list[str]:
    """Return the ids of the other submissions of a submission's matter, newest first."""
    sql = """select distinct other.submission_id from submission_matters own
             join submission_matters other on other.matter = own.matter
             where own.submission_id = ? and other.submission_id <> own.submission_id
             order by other.submission_id desc"""
    return [row[0] for row in db.execute(sql, [submission_id]).fetchall()]


def answered_with(db: Database, receipt_no: str) -> set[str]:
    """Return the receipt numbers that an officer has told apart from a receipt number."""
    sql = """select case receipt_no when :this then other_receipt_no else receipt_no end from matter_answers
             where receipt_no = :this or other_receipt_no = :this"""
    return {row[0] for row in db.execute(sql, {"this": receipt_no}).fetchall()}


def save_answer(db: Database, pair: AnsweredPair) -> None:
    """Store what an officer says of two forms; the last answer counts."""
    sql = """insert into matter_answers (receipt_no, other_receipt_no, answer, actor, at) values (?, ?, ?, ?, ?)
             on conflict do update set answer = excluded.answer, actor = excluded.actor, at = excluded.at"""
    first, second = sorted((pair.receipt_no, pair.other_receipt_no))
    db.execute(sql, [first, second, pair.answer, pair.actor, clock.timestamp(pair.at)])


def without_body() -> ExpiredRows:
    """Return the matters of submissions without a body."""
    where = "exists (select 1 from submissions s where s.id = submission_matters.submission_id and s.body is null)"
    change = "delete from submission_matters"
    return ExpiredRows(table="submission_matters", change=change, where=where, key="submission_id")


def answers_without_body() -> ExpiredRows:
    """Return the answers about forms of which one has no body any more."""
    where = """not exists (select 1 from submissions s where s.receipt_no = matter_answers.receipt_no
                 and s.body is not null)
               or not exists (select 1 from submissions s where s.receipt_no = matter_answers.other_receipt_no
                 and s.body is not null)"""
    return ExpiredRows(table="matter_answers", change="delete from matter_answers", where=where, key="receipt_no")
