"""Opinions of citizens: the monthly report of each kiosk, in groups that name nobody.

A report comes with a batch (member `opinions`) and replaces an earlier one of its month, unless it has fewer answers:
then the kiosk was restored from an older copy. The answer names the newest month that is stored, so that the kiosk goes
on with the next one.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select

from sync.encoding import timestamp
from sync.gateway.kiosks import Kiosk
from sync.gateway.tables import kiosks, opinion_reports

JsonObject = dict[str, Any]
FACES = 5
WORDS = ("wait", "unclear", "manner", "fast", "easy", "kind")

# Of every batch, built once: SQLAlchemy takes longer to build a statement than the database to run it.
_SELECT_NEWEST_MONTH = select(func.max(opinion_reports.c.month)).where(opinion_reports.c.kiosk_id == bindparam("kiosk"))


@dataclass
class OpinionSum:
    """Sums of opinions: answers by face, pages that nobody answered, and words."""

    faces: list[int] = field(default_factory=lambda: [0] * FACES)
    unanswered: int = 0
    words: dict[str, int] = field(default_factory=dict)

    @property
    def answers(self) -> int:
        """The number of answers."""
        return sum(self.faces)

    @property
    def good(self) -> int:
        """The answers with one of the two good faces."""
        return sum(self.faces[3:])

    def add(self, group: JsonObject) -> None:
        """Add a group of a report."""
        self.faces = [one + another for one, another in zip(self.faces, group["faces"], strict=True)]
        self.unanswered += group["unanswered"]


@dataclass(frozen=True)
class StoredReport:
    """A report of a kiosk."""

    kiosk_id: str
    unit_code: str
    content: JsonObject


def record_report(db: Connection, kiosk: Kiosk, report: JsonObject | None, now: datetime) -> str:
    """Store a kiosk's report; return the newest month that is stored of this kiosk, empty for none."""
    if report is not None:
        _store(db, kiosk, report, now)
    return db.execute(_SELECT_NEWEST_MONTH, {"kiosk": kiosk.kiosk_id}).scalar_one() or ""


def _store(db: Connection, kiosk: Kiosk, report: JsonObject, now: datetime) -> None:
    is_same = and_(opinion_reports.c.kiosk_id == kiosk.kiosk_id, opinion_reports.c.month == report["month"])
    stored = db.execute(select(opinion_reports.c.content).where(is_same)).scalar_one_or_none()
    if stored is not None and _answers(json.loads(stored)) > _answers(report):
        return
    db.execute(delete(opinion_reports).where(is_same))
    values = {"kiosk_id": kiosk.kiosk_id, "month": report["month"], "received_at": timestamp(now)}
    db.execute(insert(opinion_reports).values(content=json.dumps(_counts(report)), **values))


def _answers(report: JsonObject) -> int:
    return sum(sum(group["faces"]) for group in report["groups"])


def _counts(report: JsonObject) -> JsonObject:
    """Return the counts of a report without other members, which the contract allows and nobody checks."""
    known = ("procedureCode", "faces", "unanswered")
    groups = [{name: group[name] for name in known if name in group} for group in report["groups"]]
    return {"groups": groups, "words": {word: report["words"][word] for word in WORDS if word in report["words"]}}


def months(db: Connection) -> list[str]:
    """Return the months that any kiosk has reported, newest first."""
    months = select(opinion_reports.c.month).distinct().order_by(opinion_reports.c.month.desc())
    return list(db.execute(months).scalars())


def reports(db: Connection, month: str) -> list[StoredReport]:
    """Return the reports of a month, by kiosk."""
    columns = select(opinion_reports.c.kiosk_id, kiosks.c.unit_code, opinion_reports.c.content)
    joined = columns.outerjoin(kiosks, kiosks.c.kiosk_id == opinion_reports.c.kiosk_id)
    rows = db.execute(joined.where(opinion_reports.c.month == month).order_by(opinion_reports.c.kiosk_id))
    return [
        StoredReport(kiosk_id=kiosk_id, unit_code=unit_code or "", content=json.loads(content))
        for kiosk_id, unit_code, content in rows
    ]


def by_kiosk(stored: Iterable[StoredReport]) -> dict[tuple[str, str], OpinionSum]:
    """Return the sums of each kiosk, by kiosk id and unit code."""
    sums: dict[tuple[str, str], OpinionSum] = {}
    for report in stored:
        total = sums.setdefault((report.kiosk_id, report.unit_code), OpinionSum())
        for group in report.content["groups"]:
            total.add(group)
        total.words |= report.content["words"]
    return sums


def by_procedure(stored: Iterable[StoredReport]) -> dict[str, OpinionSum]:
    """Return the sums of each procedure over all kiosks, the most answers first; "" for the small groups."""
    sums: dict[str, OpinionSum] = {}
    for report in stored:
        for group in report.content["groups"]:
            sums.setdefault(group.get("procedureCode", ""), OpinionSum()).add(group)
    return dict(sorted(sums.items(), key=lambda item: (-item[1].answers, item[0])))
