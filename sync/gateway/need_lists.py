"""What the procedures of wards need: the lists that kiosks have computed from their files, for the public pages.

Each kiosk of a ward sends its own, so that two machines with different files do not replace each other's list at each
report. Nothing here is about a person.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from math import prod
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from sync.encoding import timestamp
from sync.gateway import kiosks
from sync.gateway.kiosks import Kiosk
from sync.gateway.problems import Problem
from sync.gateway.tables import need_lists
from sync.parcel import FieldError
from sync.portals import need_list as need_list_format
from sync.portals.need_list import NeedList, NeedProcedure

_MESSAGES = {
    "foreign-unit": "Danh sách này của đơn vị khác.",
    "twice": "Mã này có hai lần.",
    "case": "Các cách trả lời không đủ, hoặc có cách không có trong câu hỏi.",
    "place": "Chỉ tới mục không có trong danh sách.",
}


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
    """Note that a kiosk still has the list with this digest; return the digest of the list that is stored of it."""
    is_kiosk = (need_lists.c.kiosk_id == kiosk.kiosk_id) & (need_lists.c.unit_code == kiosk.unit_code)
    if digest:
        same = update(need_lists).where(is_kiosk & (need_lists.c.digest == digest))
        db.execute(same.values(confirmed_at=timestamp(now)))
    return db.execute(select(need_lists.c.digest).where(is_kiosk)).scalar() or ""


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
