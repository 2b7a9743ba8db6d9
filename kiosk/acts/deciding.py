"""The desk decides on a case: accept, ask for more, refuse, extend, stop, hand out.

Each press names how many acts its page had seen on the case. It counts only while that is still so, the submission is
the newest under its number and `decisions.MAY_FOLLOW` lets it follow; otherwise nothing changes and it is answered with
None. So a double press, or a page of this morning, is no second decision. Who may press is decided by the page.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

import sync.outbox
from kiosk import clock, codes
from kiosk.context import Context
from kiosk.dossiers import case_summary, deadlines
from kiosk.dossiers.opened import OpenedSubmission, open_submission
from kiosk.errors import NotFound
from kiosk.procedures.model import Procedure
from kiosk.records import audit, decisions, inspections, submissions
from kiosk.records.decisions import Decision, DecisionKind, Fact
from kiosk.records.submissions import Submission
from kiosk.vietnam import viet_text

LONGEST = 1000
"""Letters of a reason; the contract takes 2000 for reason and items together."""
LONGEST_LINE = 200
MOST_ITEMS = 20
MOST_SETS = 99
RELATIONS = ("self", "proxy", "kin")
"""Who takes a result: the applicant, somebody with an authorisation, a relative."""
PLACES = ("counter", "post", "online")
"""Where a result is to be had."""


@dataclass(frozen=True)
class Press:
    """A press on a case: which submission, how many acts on it the page had seen, and whose press it is."""

    submission_id: str
    seen: int
    actor: str


@dataclass(frozen=True)
class Acceptance:
    """What is accepted: by which term of the procedure, or by a day that the officer names; a number if known."""

    term: int | None = None
    due_on: date | None = None
    official_no: str = ""
    sets: int | None = 1
    place: str = "counter"


@dataclass(frozen=True)
class Request:
    """What is asked for, all of it at once: papers of the shelf by id, and further lines."""

    papers: tuple[str, ...]
    lines: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Stopping:
    """Why a case stops: the applicant asked on a day; how far it was, and what is given back."""

    asked_on: date | None
    reason: str
    stage: str = ""
    returned: str = ""


@dataclass(frozen=True)
class HandingOut:
    """What is handed out, who takes it, and what he is to the applicant."""

    what: str
    taken_by: str
    relation: str


class Unclear(Exception):  # noqa: N818 - read in a sentence
    """A decision that cannot be written down as it is: what to mend, by the name of the box."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(", ".join(faults))
        self.faults = dict(faults)


@dataclass(frozen=True)
class _Act:
    """What an act writes: facts that stay, words that are sealed, what its event says, what the desk holds."""

    kind: DecisionKind
    detail: Mapping[str, Any]
    facts: Mapping[str, Fact] = field(default_factory=dict)
    event: Mapping[str, str] = field(default_factory=dict)
    official_no: str | None = None
    due_at: datetime | None = None


def accept(context: Context, press: Press, said: Acceptance) -> Decision | None:
    """Accept a case: when the result is due, in working days from now, and what was handed in; form 01 tells it."""
    now, held = context.clock.now(), _opened(context, press.submission_id)
    due_at, words, faults = _due(context, held.procedure, said, now)
    number = _official_no(said.official_no, faults)
    if said.sets is None or not 1 <= said.sets <= MOST_SETS:
        faults["sets"] = f"Số bộ là số từ 1 đến {MOST_SETS}."
    if said.place not in PLACES:
        faults["place"] = "Chưa chọn nơi nhận kết quả."
    if faults or due_at is None:
        raise Unclear(faults)
    event = {"dueAt": clock.stamp(due_at)} | ({"officialNo": number} if number else {})
    facts: dict[str, Fact] = {"due": clock.stamp(due_at), "term": said.term, "place": said.place}
    with context.store.write() as db:
        detail = {
            "term": words,
            "sets": said.sets,
            "papers": case_summary.papers_received(held, inspections.marked(db, held.submission.id)),
            "fees": case_summary.fee_summary(held),
        }
        return _decide(db, context, press, _Act("accepted", detail, facts, event, number or None, due_at))


def ask_more(context: Context, press: Press, said: Request) -> Decision | None:
    """Ask for everything that is lacking at once, and say why; form 02 tells it."""
    held = _opened(context, press.submission_id)
    wanted = {one.id: one for one in held.procedure.papers}
    papers = [one for one in dict.fromkeys(said.papers) if one in wanted]
    lines = [line for line in (" ".join(one.split()) for one in said.lines) if line]
    reason, faults = _words(said.reason), dict[str, str]()
    if not papers and not lines:
        faults["items"] = "Chưa ghi cần bổ sung gì. Đánh dấu giấy, hoặc ghi mỗi điều một dòng."
    if len(papers) + len(lines) > MOST_ITEMS or any(len(one) > LONGEST_LINE for one in lines):
        faults["items"] = f"Ghi nhiều nhất {MOST_ITEMS} điều, mỗi điều một dòng không quá {LONGEST_LINE} chữ."
    _want(faults, "reason", reason, "Chưa ghi lý do vì sao phải bổ sung.")
    if faults:
        raise Unclear(faults)
    items = [*(wanted[one].name.vi for one in papers), *lines]
    facts: dict[str, Fact] = {"papers": ",".join(papers), "lines": len(lines)}
    told = "; ".join([*items, reason])[:2000]
    with context.store.write() as db:
        detail = {"items": items, "reason": reason}
        return _decide(db, context, press, _Act("supplement", detail, facts, {"reason": told}))


def refuse(context: Context, press: Press, reason: str) -> Decision | None:
    """Refuse a case in words that its owner understands; form 03 tells it, and the case is closed."""
    reason, faults = _words(reason), dict[str, str]()
    _want(faults, "reason", reason, "Chưa ghi lý do. Nói bằng lời để người nộp hiểu vì sao và làm lại thế nào.")
    if faults:
        raise Unclear(faults)
    with context.store.write() as db:
        return _decide(db, context, press, _Act("refused", {"reason": reason}, event={"reason": reason}))


def extend(context: Context, press: Press, due_on: date | None, reason: str) -> Decision | None:
    """Beg pardon and name a later working day; form 04 tells it."""
    reason, faults = _words(reason), dict[str, str]()
    _want(faults, "reason", reason, "Chưa ghi lý do chậm trả.")
    with context.store.write() as db:
        found = _current(db, press)
        if found is None:
            return None
        before, received = found.desk_due_at, _received(db, found)
        if due_on is None:
            faults["due_on"] = "Chưa ghi ngày hẹn mới, như 27/11/2026."
        elif before and due_on <= clock.local(before).date():
            faults["due_on"] = f"Ngày hẹn mới phải sau ngày hẹn cũ, {clock.local(before):%d/%m/%Y}."
        else:
            _want_working(context, faults, due_on)
        if faults or due_on is None:
            raise Unclear(faults)
        due_at = deadlines.end_of(context, due_on)
        told = clock.stamp(due_at)
        facts: dict[str, Fact] = {"due": told, "before": clock.stamp(before) if before else None, "received": received}
        event = {"dueAt": told, "reason": reason}
        return _decide(db, context, press, _Act("extended", {"reason": reason}, facts, event, due_at=due_at))


def stop(context: Context, press: Press, said: Stopping) -> Decision | None:
    """Stop a case because its owner asked for it; form 05 tells it, and the case is closed."""
    faults = dict[str, str]()
    told = {name: _words(getattr(said, name)) for name in ("reason", "stage", "returned")}
    _want(faults, "reason", told["reason"], "Chưa ghi lý do dừng.")
    for name in ("stage", "returned"):
        if len(told[name]) > LONGEST:
            faults[name] = f"Ghi gọn trong {LONGEST} chữ."
    if said.asked_on is None:
        faults["asked_on"] = "Chưa ghi người nộp xin dừng ngày nào, như 24/11/2026."
    elif said.asked_on > context.clock.today():
        faults["asked_on"] = "Ngày xin dừng chưa tới. Xem lại ngày."
    if faults or said.asked_on is None:
        raise Unclear(faults)
    facts: dict[str, Fact] = {"asked_on": said.asked_on.isoformat()}
    with context.store.write() as db:
        return _decide(db, context, press, _Act("stopped", told, facts, {"reason": told["reason"]}))


def hand_out(context: Context, press: Press, said: HandingOut) -> Decision | None:
    """Hand out a result: what, to whom, and what he is to the applicant; a sheet is signed for it."""
    held = _opened(context, press.submission_id)
    what, taken_by, faults = _words(said.what), " ".join(said.taken_by.split()), dict[str, str]()
    _want(faults, "what", what, "Chưa ghi giao kết quả gì.")
    if not 2 <= len(taken_by) <= LONGEST_LINE:
        faults["taken_by"] = "Chưa ghi họ tên người nhận."
    if said.relation not in RELATIONS:
        faults["relation"] = "Chưa chọn người nhận là ai."
    elif said.relation != "self" and viet_text.same(taken_by, str(held.applicant.get("fullName", ""))):
        faults["taken_by"] = "Đang là tên người nộp. Ghi họ tên người nhận thay."
    if faults:
        raise Unclear(faults)
    detail = {"what": what, "taken_by": taken_by}
    with context.store.write() as db:
        return _decide(db, context, press, _Act("handed_out", detail, {"relation": said.relation}))


def number(context: Context, press: Press, official_no: str) -> bool:
    """Write down the official number of an accepted case once it is known; False when the page was out of date."""
    faults = dict[str, str]()
    told = _official_no(official_no, faults)
    if not faults and not told:
        faults["official_no"] = "Chưa ghi mã hồ sơ."
    if faults:
        raise Unclear(faults)
    with context.store.write() as db:
        found = _current(db, press)
        if found is None or found.desk != "accepted":
            return False
        submissions.keep_desk(db, found.id, told, None)
        line = audit.AuditLine("official_no", press.actor, found.id, {"receipt": found.receipt_no, "number": told})
        audit.note(db, context.audit_key(), context.clock.now(), line)
        return True


# --- what every act writes


def _decide(db: Database, context: Context, press: Press, act: _Act) -> Decision | None:
    """Write one act down, move the case, and put its event in line where the submission itself goes out."""
    found = _current(db, press)
    if found is None or found.desk not in decisions.MAY_FOLLOW[act.kind]:
        return None
    now, decision_id, seq = context.clock.now(), codes.new_id(), decisions.last_seq(db, found.receipt_no) + 1
    event = _freeze(press, act, decision_id, seq, now)
    goes_out = found.delivery not in (None, "withdrawn") and context.config.portal.takes_acts
    decision = Decision(
        decision_id,
        found.id,
        found.receipt_no,
        seq,
        act.kind,
        press.actor,
        now,
        act.facts,
        hashlib.sha256(event).hexdigest() if goes_out else None,
        "queued" if goes_out else None,
    )
    detail = context.vault.seal(
        decisions.DETAIL, decision_id, json.dumps(dict(act.detail), ensure_ascii=False).encode()
    )
    sealed = context.vault.seal(decisions.EVENT, decision_id, event) if goes_out else None
    decisions.keep(db, decision, detail, sealed)
    submissions.set_desk(db, found.id, decisions.LEAVES[act.kind], now)
    submissions.keep_desk(db, found.id, act.official_no, act.due_at)
    if goes_out:
        sync.outbox.put(db, decision_id, now, kind="event", parent=found.id, seq=seq)
    facts = {"receipt": found.receipt_no, "seq": seq, **act.facts}
    audit.note(db, context.audit_key(), now, audit.AuditLine(act.kind, press.actor, found.id, facts))
    return decision


def _current(db: Database, press: Press) -> Submission | None:
    """Return the submission of a press; None where the page had not seen the last act or the last revision."""
    found = submissions.find(db, press.submission_id)
    if found is None or decisions.count(db, found.receipt_no) != press.seen:
        return None
    return None if submissions.heir(db, found.id) else found


def _received(db: Database, found: Submission) -> str | None:
    """Return when a case was accepted the last time."""
    times = [one.at for one in decisions.of_case(db, found.receipt_no) if one.kind == "accepted"]
    return clock.stamp(times[-1]) if times else None


def _freeze(press: Press, act: _Act, decision_id: str, seq: int, now: datetime) -> bytes:
    """Return the contract's event; its bytes, once hashed, are never made again."""
    table = {
        "eventId": decision_id,
        "submissionId": press.submission_id,
        "seq": seq,
        "kind": act.kind,
        "at": clock.stamp(now),
        "officer": press.actor,
        **act.event,
    }
    return json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()


def _opened(context: Context, submission_id: str) -> OpenedSubmission:
    held = open_submission(context, submission_id)
    if held is None:
        raise NotFound("Tờ khai này đã xóa khỏi máy.", "This form has been erased.")
    return held


def _due(
    context: Context, procedure: Procedure, said: Acceptance, now: datetime
) -> tuple[datetime | None, str, dict[str, str]]:
    """Return when the result is due, the term in words, and what is wrong with what was said."""
    listed = deadlines.of(context, procedure, now)
    if said.term is not None:
        if not 0 <= said.term < len(listed):
            return None, "", {"due": "Chưa chọn thời hạn."}
        return listed[said.term].due_at, deadlines.in_days(listed[said.term].days), {}
    faults = dict[str, str]()
    if said.due_on is None:
        faults["due"] = "Chưa ghi ngày hẹn trả, như 27/11/2026."
    elif said.due_on < context.clock.today():
        faults["due"] = "Ngày hẹn trả đã qua. Xem lại ngày."
    else:
        _want_working(context, faults, said.due_on, "due")
    if faults or said.due_on is None:
        return None, "", faults
    return deadlines.end_of(context, said.due_on), deadlines.in_days(listed[0].days) if listed else "", {}


def _want_working(context: Context, faults: dict[str, str], day: date, name: str = "due_on") -> None:
    if not context.calendar.is_working(day):
        nearest = context.calendar.after(day, 1)
        faults[name] = f"{day:%d/%m/%Y} là ngày nghỉ. Ngày làm việc gần nhất sau đó là {nearest:%d/%m/%Y}."


def _official_no(text: str, faults: dict[str, str]) -> str:
    """Return the number as the province writes it, nothing where none was typed."""
    found = codes.read_official_no(text)
    if text.strip() and found is None:
        ours = codes.read_receipt_no(text) is not None
        faults["official_no"] = (
            "Đây là mã phiếu của máy. Mã hồ sơ do hệ thống của thành phố cấp, như H57.132-261124-0583."
            if ours
            else "Mã hồ sơ viết như H57.132-261124-0583. Xem lại trên hệ thống của thành phố."
        )
    return found or ""


def _words(text: str) -> str:
    """Return what was typed without empty lines and blanks at the ends."""
    return "\n".join(line.strip() for line in text.strip().splitlines() if line.strip())


def _want(faults: dict[str, str], name: str, text: str, lacking: str) -> None:
    if not text:
        faults[name] = lacking
    elif len(text) > LONGEST:
        faults[name] = f"Ghi gọn trong {LONGEST} chữ; đang có {len(text)} chữ."
