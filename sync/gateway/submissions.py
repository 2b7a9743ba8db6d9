"""The submissions that the gateway holds, their receipts, and the feed of their changes.

A body is kept as it came; its answers are never looked at, only its shape and whether it agrees with its envelope,
the signing key and this gateway. The first with an id wins: the same bytes again are ``duplicate``, others
``conflict``. Every change is numbered for its kiosk under its row, the taking included: that one is told by the
submission itself (``taken_seq``), the later ones each by a row of ``changes``.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from sync.encoding import sha256_hex, timestamp
from sync.gateway import contract_schema, documents, kiosks
from sync.gateway.kiosks import Kiosk
from sync.gateway.problems import in_codes, in_words
from sync.gateway.tables import changes, refusals, submissions
from sync.parcel import FieldError

Result = dict[str, Any]
Take: TypeAlias = "Callable[[Connection, Desk, list[Result], Sequence[Result]], list[Result]]"

Number = TypeVar("Number", int, float)

WAIT_SECONDS = 60
# What every JSON reader can hold exactly (RFC 7493); beyond it, databases and other programs break.
_EXACT = 2**53
_WITHOUT_BODY = [column for column in submissions.c if column.name != "body"]
# Put together once: SQLAlchemy takes longer to build a statement than the database to answer.
_HELD = select(*_WITHOUT_BODY).where(submissions.c.submission_id.in_(bindparam("named", expanding=True)))
_NEW = insert(submissions)
# What is said of a submission when it is taken.
_AT_FIRST: Result = {"revision": 1, "status_code": 1, "official_no": None, "due_at": None, "note": ""}
_SAME_ID = FieldError("", "conflict", "Mã hồ sơ này đã có ở cổng với nội dung khác.")
_ASKED_FOR = FieldError("/applicant/fullName", "practice", "Tập huấn: cổng trả lại hồ sơ này theo yêu cầu.")


@dataclass(frozen=True)
class Desk:
    """Who hands over, when, and in which mode; ``refuses``: practice wants to see a refusal."""

    kiosk: Kiosk
    now: datetime
    mode: str
    refuses: bool = False


def take(db: Connection, desk: Desk, envelopes: list[Result], aside: Sequence[Result] = ()) -> list[Result]:
    """Take a batch of envelopes (of the right shape) and give a result for each, in one transaction.

    ``aside``: the submissions that may never come, so that no correction of them has to wait.

    The kiosk's row is held throughout: of two processes that are handed the same batch at once, the second finds what
    the first has taken.
    """
    tray = _Tray(db, desk, envelopes, {one["submissionId"] for one in aside})
    results = [_take_one(tray, desk, envelope) for envelope in envelopes]
    tray.put_away()
    return _with_missing(db, desk.kiosk, results, tray)


def _with_missing(db: Connection, kiosk: Kiosk, results: list[Result], tray: "_Tray") -> list[Result]:
    """Name in each receipt the files that are not here yet; a form that came alone has none."""
    numbers = {one: held["receipt_no"] for one, held in tray.held.items() if one not in tray.alone}
    taken = [one["receipt"] for one in results if "receipt" in one and one["submissionId"] in numbers]
    missing = documents.missing_files(db, kiosk.kiosk_id, {numbers[one["submissionId"]] for one in taken})
    for one in taken:
        one["missingFiles"] = missing.get(numbers[one["submissionId"]], [])
    return results


class _Tray:
    """What is held of the subjects of one batch, and what is new in it."""

    def __init__(self, db: Connection, desk: Desk, envelopes: list[Result], gone: set[str]) -> None:
        self._db = db
        self._desk = desk
        self._gone = gone
        self._ahead = len(envelopes)
        self._last = kiosks.hold_ahead(db, desk.kiosk.kiosk_id, self._ahead)
        named = [envelope["submissionId"] for envelope in envelopes]
        rows = db.execute(_HELD, {"named": named})
        self.held: dict[str, Result] = {row.submission_id: dict(row._mapping) for row in rows}
        self._fresh: list[Result] = []
        self.alone: set[str] = set()
        """What is new, names no file and corrects nothing."""
        self._papers: list[tuple[str, list[Result]]] = []
        self._refused: dict[str, str] = {}

    def keep(self, envelope: Result, body: Result) -> Result:
        facts = {**_facts(self._desk, envelope, body), **self._stands(body.get("supersedes"))}
        self._fresh.append({**facts, "body": envelope["body"].encode()})
        if papers := documents.files_in_body(body):
            self._papers.append((facts["receipt_no"], papers))
        elif facts["supersedes"] is None:
            self.alone.add(facts["submission_id"])
        self.held[facts["submission_id"]] = facts
        return facts

    def _stands(self, before: str | None) -> Result:
        """How the case of a correction stands: it does not undo what was said of the one before."""
        held = self.held.get(before or "")
        row = find(self._db, self._desk.kiosk, before) if before and held is None else None
        told = held if row is None else dict(row._mapping)
        return {name: told[name] for name in ("status_code", "official_no", "due_at")} if told else {}

    def refuse(self, subject: str, errors: list[FieldError]) -> None:
        self._refused[subject] = in_codes(errors)

    def is_settled(self, before: str) -> bool:
        """Tell whether a correction's predecessor is here, was refused for good, or was set aside at the kiosk."""
        mine = self._desk.kiosk.kiosk_id
        if before in self._gone or self.held.get(before, {}).get("kiosk_id") == mine or before in self._refused:
            return True
        return find(self._db, self._desk.kiosk, before) is not None or _was_refused(self._db, self._desk.kiosk, before)

    def put_away(self) -> None:
        """Write everything that is new, each kind at once."""
        kiosk_id = self._desk.kiosk.kiosk_id
        at = timestamp(self._desk.now)
        if len(self._fresh) < self._ahead:
            kiosks.count(self._db, kiosk_id, self._last + len(self._fresh))
        for subject, why in self._refused.items():
            refuse(self._db, self._desk, subject, why)
        if not self._fresh:
            return
        numbered = list(enumerate(self._fresh, self._last + 1))
        rows = [{**facts, "taken_seq": n if _says_itself(facts) else None} for n, facts in numbered]
        # A list of rows goes out in one flight (psycopg's pipeline): half the time of one statement with all of them.
        self._db.execute(_NEW, rows)
        if told := [_as_change(facts, n, at) for n, facts in numbered if not _says_itself(facts)]:
            self._db.execute(insert(changes), told)
        for receipt_no, items in self._papers:
            documents.record_documents(self._db, kiosk_id, receipt_no, items)


def _take_one(tray: _Tray, desk: Desk, envelope: Result) -> Result:
    subject = envelope["submissionId"]
    held = tray.held.get(subject)
    if held is not None:
        return _again(desk.kiosk, held, envelope)
    body, errors = _read(desk, envelope, envelope["body"])
    if errors:
        tray.refuse(subject, errors)
        return {"submissionId": subject, "outcome": "invalid", "errors": in_words(errors)}
    before = body.get("supersedes")
    if before is not None and not tray.is_settled(before):
        return {"submissionId": subject, "outcome": "wait", "retryAfter": WAIT_SECONDS}
    return {"submissionId": subject, "outcome": "created", "receipt": receipt(tray.keep(envelope, body))}


def refuse(db: Connection, desk: Desk, subject: str, why: str) -> None:
    """Remember that a subject was refused, so that what comes after it need not wait."""
    if not _was_refused(db, desk.kiosk, subject):
        facts = {"kiosk_id": desk.kiosk.kiosk_id, "subject": subject, "why": why, "refused_at": timestamp(desk.now)}
        db.execute(insert(refusals).values(**facts))


def find(db: Connection, kiosk: Kiosk, subject: str) -> Row[Any] | None:
    """Find a submission of this kiosk; those of others do not exist."""
    mine = (submissions.c.submission_id == subject) & (submissions.c.kiosk_id == kiosk.kiosk_id)
    return db.execute(select(submissions).where(mine)).one_or_none()


def receipt_of(db: Connection, kiosk: Kiosk, subject: str) -> Result | None:
    """Give the receipt of a submission of this kiosk; None when there is none."""
    row = find(db, kiosk, subject)
    if row is None:
        return None
    missing = documents.missing_files(db, kiosk.kiosk_id, [row.receipt_no])
    return receipt(row._mapping) | {"missingFiles": missing.get(row.receipt_no, [])}


def known(db: Connection, kiosk: Kiosk, asked: dict[str, str]) -> tuple[list[str], list[str]]:
    """Tell which of these (id: digest) are missing here and which differ."""
    columns = select(submissions.c.submission_id, submissions.c.digest)
    mine = (submissions.c.kiosk_id == kiosk.kiosk_id) & submissions.c.submission_id.in_(asked)
    held = {row.submission_id: row.digest for row in db.execute(columns.where(mine))}
    missing = [subject for subject in asked if subject not in held]
    return missing, [subject for subject, digest in held.items() if digest != asked[subject]]


def feed(db: Connection, kiosk: Kiosk, after: int, limit: int) -> tuple[list[Result], int, bool]:
    """Give the changes after a number: receipts as they were then, the last number, and whether there are more."""
    said = (submissions.c.digest, submissions.c.received_at, submissions.c.receipt_no)
    later = select(changes, *said).join(submissions, submissions.c.submission_id == changes.c.submission_id)
    mine = (changes.c.kiosk_id == kiosk.kiosk_id) & (changes.c.seq > after)
    taken = select(submissions.c.submission_id, submissions.c.taken_seq.label("seq"), *said)
    new = (submissions.c.kiosk_id == kiosk.kiosk_id) & (submissions.c.taken_seq > after)
    rows = [dict(row) for row in db.execute(later.where(mine).order_by(changes.c.seq).limit(limit + 1)).mappings()]
    takings = db.execute(taken.where(new).order_by(submissions.c.taken_seq).limit(limit + 1)).mappings()
    rows = sorted([*rows, *({**row, **_AT_FIRST} for row in takings)], key=itemgetter("seq"))
    page = rows[:limit]
    missing = documents.missing_files(db, kiosk.kiosk_id, {row["receipt_no"] for row in page})
    items = [receipt(row) | {"missingFiles": missing.get(row["receipt_no"], [])} for row in page]
    return items, page[-1]["seq"] if page else after, len(rows) > limit


def set_status(db: Connection, row: Row[Any], now: datetime, **facts: object) -> None:
    """Change what is said about a submission (status_code, official_no, due_at, note); the kiosk will hear of it."""
    seq = kiosks.hold(db, row.kiosk_id) + 1
    mine = submissions.c.submission_id == row.submission_id
    changed = update(submissions).where(mine).values(revision=submissions.c.revision + 1, **facts)
    after = db.execute(changed.returning(*_WITHOUT_BODY)).one()
    db.execute(insert(changes).values(_as_change(dict(after._mapping), seq, timestamp(now))))
    kiosks.count(db, row.kiosk_id, seq)


def latest(db: Connection, kiosk_id: str, receipt_no: str) -> Row[Any] | None:
    """Find the latest revision of a receipt number."""
    mine = (submissions.c.kiosk_id == kiosk_id) & (submissions.c.receipt_no == receipt_no)
    newest = (submissions.c.form_revision.desc(), submissions.c.received_at.desc(), submissions.c.submission_id.desc())
    return db.execute(select(submissions).where(mine).order_by(*newest).limit(1)).one_or_none()


def receipt(held: Mapping[Any, Any]) -> Result:
    """Write a receipt as the contract has it."""
    return {
        "submissionId": held["submission_id"],
        "digest": held["digest"],
        "receivedAt": held["received_at"],
        "revision": held["revision"],
        "officialNo": held["official_no"],
        "dueAt": held["due_at"],
        "statusCode": held["status_code"],
        "note": held["note"],
        "missingFiles": [],
    }


def load(text: str) -> Any:
    """Read JSON strictly: no NaN, no half a letter, no number that others cannot hold exactly; else ValueError."""
    text.encode()
    return json.loads(text, parse_constant=_no_constant, parse_int=_whole, parse_float=_real)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _whole(text: str) -> int:
    return _exact(int(text))


def _real(text: str) -> float:
    return _exact(float(text))


def _exact(number: Number) -> Number:
    if abs(number) >= _EXACT:
        raise ValueError("a number too large for JSON")
    return number


def _again(kiosk: Kiosk, held: Result, envelope: Result) -> Result:
    subject = envelope["submissionId"]
    if held["kiosk_id"] == kiosk.kiosk_id and held["digest"] == envelope["digest"]:
        return {"submissionId": subject, "outcome": "duplicate", "receipt": receipt(held)}
    return {"submissionId": subject, "outcome": "conflict", "errors": in_words([_SAME_ID])}


def _read(desk: Desk, envelope: Result, text: str) -> tuple[Result, list[FieldError]]:
    """Read a body, or say what keeps it from being taken."""
    try:
        body = load(text)
        digest = sha256_hex(text.encode())
    except (ValueError, RecursionError):
        return {}, [FieldError("", "json", "Nội dung hồ sơ không đọc được.")]
    if digest != envelope["digest"]:
        return {}, [FieldError("", "digest", "Nội dung hồ sơ khác với mã băm đi kèm.")]
    errors = contract_schema.faults("Submission", body) or _disagreements(desk, envelope, body)
    if desk.refuses and not errors:
        errors = [_ASKED_FOR]
    return body, errors


def _disagreements(desk: Desk, envelope: Result, body: Result) -> list[FieldError]:
    wanted = {
        "submissionId": envelope["submissionId"],
        "kioskId": desk.kiosk.kiosk_id,
        "unitCode": desk.kiosk.unit_code,
        "mode": desk.mode,
    }
    said = "Mục này khác với phong bì, khóa ký hoặc chế độ của cổng."
    return [FieldError(f"/{name}", "disagrees", said) for name, value in wanted.items() if body[name] != value]


def _was_refused(db: Connection, kiosk: Kiosk, subject: str) -> bool:
    mine = (refusals.c.kiosk_id == kiosk.kiosk_id) & (refusals.c.subject == subject)
    return db.execute(select(refusals.c.subject).where(mine)).first() is not None


def _facts(desk: Desk, envelope: Result, body: Result) -> Result:
    return {
        "submission_id": envelope["submissionId"],
        "kiosk_id": desk.kiosk.kiosk_id,
        "digest": envelope["digest"],
        "receipt_no": body["receiptNo"],
        "unit_code": body["unitCode"],
        "procedure_code": body["procedureCode"],
        "form_revision": body["revision"],
        "supersedes": body.get("supersedes"),
        "received_at": timestamp(desk.now),
        **_AT_FIRST,
    }


def _says_itself(facts: Result) -> bool:
    """Tell whether a taking says no more than that: a correction takes over what was said of the one before."""
    return all(facts[name] == value for name, value in _AT_FIRST.items())


def _as_change(facts: Result, seq: int, at: str) -> Result:
    said = ("kiosk_id", "submission_id", "revision", "status_code", "official_no", "due_at", "note")
    return {**{name: facts[name] for name in said}, "seq": seq, "changed_at": at}
