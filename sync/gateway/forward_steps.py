"""Ledger of forwarding steps: which steps of a dossier are begun or done at a target.

A step is here **before** its request. Only an attempt that still holds the dossier may begin one, and beginning renews
its lease, so that no other process asks the system for the same dossier meanwhile. The name of a step is its kind, and
a version of what it sends (`dossier:4f1c`). Beginning one replaces the other versions of its kind: when an older
content comes back, it is sent again. Facts are ids and numbers of the other side. The words of the other side are
masked, may still name a person, and are deleted with the dossier's content (`retention`).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, case, delete, func, insert, select, update

from sync.encoding import timestamp
from sync.gateway.forward_targets import Dossier, StepCheck, StepResult
from sync.gateway.tables import forward_steps, forwards
from sync.gateway.wards import ALL, Wards

MAX_WORDS = 500
MAX_CODE = 60
_LONG_NUMBER = re.compile(r"(?<!\d)\d{9,12}(?!\d)")


def kind_of(step: str) -> str:
    """Return the kind of a step, the part of its name before the version."""
    return step.partition(":")[0]


def mask_words(words: str, dossier: Dossier) -> str:
    """Replace the applicant's name and every long number in what the other side said: lists show it.

    Halves of a pair of code units and NUL, which no database stores, become question marks and blanks.
    """
    words = words.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    name = str((json.loads(dossier.body).get("applicant") or {}).get("fullName", ""))
    masked = re.sub(re.escape(name), "•••", words, flags=re.IGNORECASE) if name else words
    return _LONG_NUMBER.sub("•••", masked)


def read_facts(ledger: Mapping[str, Row[Any]]) -> dict[str, str]:
    """Return the fact of each kind: of its done version, else of one that is being replaced."""
    rows = sorted(ledger.values(), key=lambda row: row.state == "done")
    return {row.kind: row.fact for row in rows if row.fact}


def read_steps(db: Connection, target: str, dossier: Dossier) -> Mapping[str, Row[Any]]:
    """Return the begun and done steps of a dossier by name, oldest first."""
    rows = db.execute(select(forward_steps).where(_of_dossier(target, dossier)).order_by(forward_steps.c.no))
    return {row.step: row for row in rows}


def read_facts_of(db: Connection, target: str, kiosk_id: str, receipt_no: str) -> dict[str, str]:
    """Return the facts of a receipt number at a target, by kind."""
    rows = {row.step: row for row in list_steps(db, kiosk_id, receipt_no) if row.target == target}
    return read_facts(rows)


def hold(db: Connection, dossier: Dossier, until: datetime) -> bool:
    """Renew the lease of an attempt; return False when it has lost the dossier to another one."""
    is_own = (
        (forwards.c.kiosk_id == dossier.kiosk_id)
        & (forwards.c.receipt_no == dossier.receipt_no)
        & (forwards.c.state == "sending")
        & (forwards.c.lease_no == dossier.lease_no)
    )
    return db.execute(update(forwards).where(is_own).values(due_at=timestamp(until))).rowcount == 1


def begin(db: Connection, *, target: str, dossier: Dossier, step: str, now: datetime, lease: float) -> bool:
    """Record, before its request, that a step may reach the system; False when the attempt has lost the dossier."""
    if not hold(db, dossier, now + timedelta(seconds=lease)):
        return False
    is_step = _of_dossier(target, dossier) & (forward_steps.c.step == step)
    is_other = _of_dossier(target, dossier) & (forward_steps.c.kind == kind_of(step)) & (forward_steps.c.step != step)
    db.execute(update(forward_steps).where(is_other).values(state="replaced"))
    again = update(forward_steps).where(is_step).values(tries=forward_steps.c.tries + 1, state="begun", done_at=None)
    if db.execute(again).rowcount:
        return True
    db.execute(
        insert(forward_steps).values(
            target=target,
            kiosk_id=dossier.kiosk_id,
            receipt_no=dossier.receipt_no,
            kind=kind_of(step),
            step=step,
            state="begun",
            tries=1,
            begun_at=timestamp(now),
        )
    )
    return True


def record_result(
    db: Connection, *, target: str, dossier: Dossier, step: str, result: StepResult, now: datetime
) -> None:
    """Record the answer to a step; one that has not reached the system is taken back."""
    is_step = _of_dossier(target, dossier) & (forward_steps.c.step == step)
    if result.outcome == "done":
        words = mask_words(result.words, dossier)
        _finish(db, is_step, state="done", result=replace(result, words=words), now=now)
        return
    said = {"code": result.code[:MAX_CODE], "words": mask_words(result.words, dossier)[:MAX_WORDS]}
    if result.outcome == "unknown":
        fact = result.fact or forward_steps.c.fact
        db.execute(update(forward_steps).where(is_step).values(fact=fact, **said))
        return
    db.execute(update(forward_steps).where(is_step).values(tries=forward_steps.c.tries - 1, **said))
    if result.outcome == "later":
        db.execute(delete(forward_steps).where(is_step & (forward_steps.c.tries == 0)))


def record_check(db: Connection, *, target: str, dossier: Dossier, step: str, check: StepCheck, now: datetime) -> None:
    """Record that a begun step is there after all, or is doubtful for good; one that was done before stays done."""
    is_step = _of_dossier(target, dossier) & (forward_steps.c.step == step)
    was_done = case((forward_steps.c.done_at.is_not(None), "done"), else_="doubtful")
    state = "done" if check.presence == "present" else was_done
    result = StepResult("done", code=check.code or "ok", fact=check.fact, official_no=check.official_no)
    _finish(db, is_step, state=state, result=result, now=now)


def _finish(db: Connection, is_step: Any, *, state: Any, result: StepResult, now: datetime) -> None:
    values = {
        "state": state,
        "code": result.code[:MAX_CODE],
        "fact": result.fact or forward_steps.c.fact,
        "words": result.words[:MAX_WORDS],
        "official_no": result.official_no or forward_steps.c.official_no,
        "done_at": timestamp(now),
    }
    db.execute(update(forward_steps).where(is_step).values(**values))


def reopen(db: Connection, kiosk_id: str, receipt_no: str) -> None:
    """Let every done step of a dossier be verified again, for a system that may have lost it."""
    of_receipt = (forward_steps.c.kiosk_id == kiosk_id) & (forward_steps.c.receipt_no == receipt_no)
    db.execute(update(forward_steps).where(of_receipt & (forward_steps.c.state == "done")).values(state="begun"))


def list_steps(db: Connection, kiosk_id: str, receipt_no: str) -> list[Row[Any]]:
    """Return the steps of a receipt number, oldest first."""
    of_receipt = (forward_steps.c.kiosk_id == kiosk_id) & (forward_steps.c.receipt_no == receipt_no)
    return list(db.execute(select(forward_steps).where(of_receipt).order_by(forward_steps.c.no)))


def count_doubtful(db: Connection, wards: Wards = ALL) -> int:
    """Return the number of steps of some wards of which nobody knows whether the system has them."""
    is_doubtful = forward_steps.c.state == "doubtful"
    counting = select(func.count()).select_from(forward_steps)
    return db.execute(counting.where(is_doubtful & wards.of_kiosks(forward_steps.c.kiosk_id))).scalar_one()


def _of_dossier(target: str, dossier: Dossier) -> Any:
    return (
        (forward_steps.c.target == target)
        & (forward_steps.c.kiosk_id == dossier.kiosk_id)
        & (forward_steps.c.receipt_no == dossier.receipt_no)
    )
