"""What the procedures of wards need: the lists that kiosks have computed from their files, for the public pages.

Each kiosk of a ward sends its own, so that two machines with different files do not replace each other's list at each
report. The pages show one of them: the newest one whose kiosk still reports it. Nothing here is about a person.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import prod
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, insert, select, update

from sync.encoding import timestamp
from sync.gateway import kiosks
from sync.gateway.kiosks import Kiosk
from sync.gateway.problems import Problem
from sync.gateway.tables import kiosks as kiosk_table
from sync.gateway.tables import need_lists
from sync.parcel import FieldError
from sync.portals import need_list as need_list_format
from sync.portals.need_list import NeedList, NeedProcedure

FRESH = timedelta(days=1)
"""A list that was confirmed this long before the newest one of its ward is another machine's old one."""
_CACHED = 256
"""Lists that are kept in memory, 100 kB of JSON each."""
_MESSAGES = {
    "foreign-unit": "Danh sách này của đơn vị khác.",
    "twice": "Mã này có hai lần.",
    "case": "Các cách trả lời không đủ, hoặc có cách không có trong câu hỏi.",
    "place": "Chỉ tới mục không có trong danh sách.",
}
_lists: dict[str, NeedList] = {}
"""Decoded lists of this process, by digest."""


@dataclass(frozen=True, kw_only=True)
class StoredNeedList:
    """A list as the pages show it; `confirmed_at`: when its kiosk has named it last."""

    kiosk_id: str
    confirmed_at: datetime
    need_list: NeedList


def store_list(db: Connection, kiosk: Kiosk, body: Mapping[str, Any], now: datetime) -> str:
    """Store the list of a kiosk, which the schema allows, in place of the one before; return its digest.

    Raises:
        Problem: it is of another unit, or its places and answers do not fit each other.
    """
    need_list = need_list_format.decode(body)
    errors = list(_errors(need_list, kiosk.unit_code))
    if errors:
        raise Problem("shape", errors[:20])
    kiosks.lock_kiosk(db, kiosk.kiosk_id)
    digest = need_list_format.digest(body)
    content = json.dumps(need_list_format.encode(need_list), ensure_ascii=False, separators=(",", ":"))
    db.execute(delete(need_lists).where(need_lists.c.kiosk_id == kiosk.kiosk_id))
    db.execute(
        insert(need_lists).values(
            kiosk_id=kiosk.kiosk_id,
            unit_code=kiosk.unit_code,
            digest=digest,
            content=content,
            received_at=timestamp(now),
            confirmed_at=timestamp(now),
        )
    )
    return digest


def confirm(db: Connection, kiosk: Kiosk, digest: str, now: datetime) -> str:
    """Note that a kiosk still has the list with this digest; return the digest of the list that is stored of it.

    A report without a digest deletes the list: the ward publishes none any more, or an older release runs there.
    """
    is_kiosk = (need_lists.c.kiosk_id == kiosk.kiosk_id) & (need_lists.c.unit_code == kiosk.unit_code)
    if not digest:
        db.execute(delete(need_lists).where(need_lists.c.kiosk_id == kiosk.kiosk_id))
        return ""
    same = update(need_lists).where(is_kiosk & (need_lists.c.digest == digest))
    db.execute(same.values(confirmed_at=timestamp(now)))
    return db.execute(select(need_lists.c.digest).where(is_kiosk)).scalar() or ""


def find_list(db: Connection, unit_code: str) -> StoredNeedList | None:
    """Return the list of a ward; None where no kiosk of it has sent one."""
    shown = _shown(_rows(db, need_lists.c.unit_code == unit_code))
    if not shown:
        return None
    row = shown[unit_code]
    return StoredNeedList(
        kiosk_id=row.kiosk_id,
        confirmed_at=datetime.fromisoformat(row.confirmed_at),
        need_list=_need_list(db, row),
    )


def has_list(unit_code: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that the ward of a column has a list."""
    listed = kiosk_table.alias()
    is_enrolled = (listed.c.unit_code == need_lists.c.unit_code) & listed.c.revoked_at.is_(None)
    is_of_ward = (need_lists.c.unit_code == unit_code) & (listed.c.kiosk_id == need_lists.c.kiosk_id)
    return exists().where(is_of_ward & is_enrolled)


def kiosks_by_unit(db: Connection) -> dict[str, str]:
    """Return the wards that have a list, each with the kiosk whose list is shown, by unit code."""
    return {unit: row.kiosk_id for unit, row in sorted(_shown(_rows(db)).items())}


def _rows(db: Connection, *only: ColumnElement[bool]) -> list[Row[Any]]:
    """Return the lists of kiosks that are enrolled for the ward of their list, the newest last."""
    is_enrolled = (
        (kiosk_table.c.kiosk_id == need_lists.c.kiosk_id)
        & (kiosk_table.c.unit_code == need_lists.c.unit_code)
        & kiosk_table.c.revoked_at.is_(None)
    )
    columns = [column for column in need_lists.c if column.name != "content"]
    joined = select(*columns).join(kiosk_table, is_enrolled)
    return list(db.execute(joined.where(*only).order_by(need_lists.c.received_at, need_lists.c.kiosk_id)))


def _shown(rows: Sequence[Row[Any]]) -> dict[str, Row[Any]]:
    """Return the row of each ward that is shown: the newest of those that were confirmed lately."""
    confirmed: dict[str, datetime] = {}
    for row in rows:
        at = datetime.fromisoformat(row.confirmed_at)
        confirmed[row.unit_code] = max(at, confirmed.get(row.unit_code, at))
    is_fresh = (datetime.fromisoformat(row.confirmed_at) >= confirmed[row.unit_code] - FRESH for row in rows)
    return {row.unit_code: row for row, fresh in zip(rows, is_fresh, strict=True) if fresh}


def _need_list(db: Connection, row: Row[Any]) -> NeedList:
    """Return the list of a row; the content of a digest never changes, so it is read once."""
    found = _lists.get(row.digest)
    if found is None:
        content = db.execute(select(need_lists.c.content).where(need_lists.c.kiosk_id == row.kiosk_id)).scalar_one()
        found = need_list_format.decode(json.loads(content))
        if len(_lists) >= _CACHED:
            _lists.clear()
        _lists[row.digest] = found
    return found


def _errors(need_list: NeedList, unit_code: str) -> Iterator[FieldError]:
    """Return what the schema cannot say: the unit, codes that come twice, places and answers that do not exist."""
    if need_list.unit != unit_code:
        yield _error("/unitCode", "foreign-unit")
    codes = [procedure.code for procedure in need_list.procedures]
    for index, procedure in enumerate(need_list.procedures):
        place = f"/procedures/{index}"
        if codes.index(procedure.code) != index:
            yield _error(f"{place}/code", "twice")
        yield from _question_errors(procedure, place)
        yield from _result_errors(procedure, place)


def _question_errors(procedure: NeedProcedure, place: str) -> Iterator[FieldError]:
    """Return questions and options that come twice, and combinations of answers that are missing or come twice."""
    keys = [question.key for question in procedure.questions]
    options = [[option.id for option in question.options] for question in procedure.questions]
    if any(len(set(names)) < len(names) for names in (keys, *options)):
        yield _error(f"{place}/questions", "twice")
        return
    wanted = prod(len(names) for names in options)
    answers = {case.answers for case in procedure.cases}
    are_options = all(
        len(case.answers) == len(options)
        and all(answer in names for answer, names in zip(case.answers, options, strict=True))
        for case in procedure.cases
    )
    if not are_options or len(answers) != wanted or len(procedure.cases) != wanted:
        yield _error(f"{place}/cases", "case")


def _result_errors(procedure: NeedProcedure, place: str) -> Iterator[FieldError]:
    """Return places of papers, facts and results that do not exist."""
    if any(case.result >= len(procedure.results) for case in procedure.cases):
        yield _error(f"{place}/cases", "place")
    for index, result in enumerate(procedure.results):
        is_in = max(result.papers, default=-1) < len(procedure.papers)
        if not is_in or max(result.facts, default=-1) >= len(procedure.facts):
            yield _error(f"{place}/results/{index}", "place")


def _error(pointer: str, code: str) -> FieldError:
    return FieldError(pointer, code, _MESSAGES[code])
