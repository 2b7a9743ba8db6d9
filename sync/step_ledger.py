"""Ledger of delivery steps: which steps of a submission are done, so that delivery resumes there after a power cut.

Some portals take a submission in many requests, none of which may be repeated without a check. A step is in the ledger
**before** its request, and `is_done` only when the portal shows it; a begun step is verified first. For the engine all
steps together are one delivery that may be repeated: `StepwiseAdapter` is a portal like any other. The ledger holds ids
and numbers of the portal, nothing personal; the steps of a lost submission are deleted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from sync import errors
from sync.link import Store
from sync.parcel import Audit, FeedPage, FieldError, Hello, Outcome, Payload, Presence, Sent
from sync.portals.base import StepRefused, StepwisePortal

MAX_TRIES = 5
RETRY_SECONDS = 60
_CHANGED = StepRefused("conflict", "Ở cổng đã có nội dung khác dưới mã của hồ sơ này.", is_final=True)


@dataclass(frozen=True)
class StepRecord:
    """A step in the ledger; `fact` is the portal's id or number that later steps need."""

    is_done: bool
    tries: int
    fact: str


def read_steps(db: Database, subject: str) -> dict[str, StepRecord]:
    """Return the begun steps of a subject, by name."""
    rows = db.execute("select step, is_done, tries, fact from steps where subject = ?", [subject])
    return {step: StepRecord(bool(is_done), tries, fact) for step, is_done, tries, fact in rows}


def begin_step(db: Database, subject: str, step: str) -> int:
    """Record, before its request, that a step may reach the portal from now on; return how often it was begun."""
    sql = """insert into steps (subject, step, tries) values (?, ?, 1)
             on conflict (subject, step) do update set tries = tries + 1 returning tries"""
    return int(db.execute(sql, [subject, step]).fetchone()[0])


def undo_step(db: Database, subject: str, step: str) -> None:
    """Record that nothing of a step has reached the portal; a step that was begun for the first time is deleted."""
    db.execute("update steps set tries = tries - 1 where subject = ? and step = ?", [subject, step])
    db.execute("delete from steps where subject = ? and step = ? and tries = 0", [subject, step])


def finish_step(db: Database, subject: str, step: str, fact: str) -> None:
    """Record that the portal shows a step."""
    db.execute("update steps set is_done = 1, fact = ? where subject = ? and step = ?", [fact, subject, step])


def delete_steps(db: Database, subject: str) -> None:
    """Delete the steps of a subject; the next delivery begins at the first step."""
    db.execute("delete from steps where subject = ?", [subject])


class StepwiseAdapter:
    """Adapter of a stepwise portal to `base.Portal`; `store` keeps the ledger, in writes of its own."""

    is_repeatable = True

    def __init__(self, store: Store, portal: StepwisePortal) -> None:
        self._store = store
        self._portal = portal

    def hello(self) -> Hello:
        """Ask whether the portal is there."""
        return self._portal.hello()

    def send(self, payloads: Sequence[Payload]) -> Sent:
        """Deliver each of them, from the first step that is not done."""
        return Sent(self._portal.epoch, {payload.subject.id: self._deliver(payload) for payload in payloads})

    def verify(self, payload: Payload) -> Presence:
        """Return whether every step is done according to the ledger; sending again is the better check."""
        plan = self._portal.plan(payload)
        with self._store.read() as db:
            records = read_steps(db, payload.subject.id)
        is_over = not isinstance(plan, StepRefused) and all(step in records and records[step].is_done for step in plan)
        return "present" if is_over else "absent"

    def missing(self, known: Sequence[tuple[str, str]], events: Sequence[str]) -> Audit:  # noqa: ARG002
        """Return which of these (id, digest) the portal lacks; their steps are deleted. It takes no events."""
        audit = self._portal.missing(known)
        with self._store.write() as db:
            for subject in audit.missing:
                delete_steps(db, subject)
        return audit

    def changes(self, cursor: str | None) -> FeedPage:
        """Return an empty page: such a portal has no feed."""
        return FeedPage(self._portal.epoch, (), cursor or "", has_more=False)

    def close(self) -> None:
        """Close the connection."""
        self._portal.close()

    def _deliver(self, payload: Payload) -> Outcome:
        try:
            return self._do_steps(payload)
        except errors.NotSent as error:
            # The connection broke between two steps: `NotSent` would wrongly mean that nothing has left.
            with self._store.read() as db:
                has_begun = bool(read_steps(db, payload.subject.id))
            raise (errors.Unsure(error.code) if has_begun else error) from error

    def _do_steps(self, payload: Payload) -> Outcome:
        plan = self._portal.plan(payload)
        if isinstance(plan, StepRefused):
            return self._refuse(payload, plan)
        with self._store.read() as db:
            ledger = read_steps(db, payload.subject.id)
        facts = {step: record.fact for step, record in ledger.items() if record.is_done}
        for step in plan:
            if step not in facts:
                outcome = self._do_step(payload, step, before=ledger.get(step), facts=facts)
                if outcome is not None:
                    return outcome
        # A submission begun in an earlier exchange may have been taken in that one.
        return Outcome("duplicate" if ledger else "created", self._portal.receipt(payload, facts))

    def _do_step(
        self, payload: Payload, step: str, *, before: StepRecord | None, facts: dict[str, str]
    ) -> Outcome | None:
        """Do a step and verify it; return None when the portal shows it, else the outcome of the whole delivery."""
        tries = before.tries if before else 0
        fact = before.fact if before else ""
        presence = self._portal.verify(payload, step, facts) if before else "absent"
        refused: StepRefused | None = None
        if presence == "absent" and tries < MAX_TRIES:
            result = self._request_step(payload, step, facts)
            refused = result if isinstance(result, StepRefused) else None
            if refused is not None and refused.is_final:
                return self._refuse(payload, refused)
            fact = result if isinstance(result, str) else ""
            presence = self._portal.verify(payload, step, facts)
        if presence == "present":
            with self._store.write() as db:
                finish_step(db, payload.subject.id, step, fact=fact)
            facts[step] = fact
            return None
        if presence == "different":
            return self._refuse(payload, _CHANGED)
        return self._not_yet(payload, tries + 1, refused)

    def _request_step(self, payload: Payload, step: str, facts: Mapping[str, str]) -> str | StepRefused:
        with self._store.write() as db:
            begin_step(db, payload.subject.id, step)
        try:
            return self._portal.do(payload, step, facts)
        except (errors.NotSent, errors.Pause, errors.BatchRefused):
            # The portal has answered that it took nothing, or nothing has left this machine.
            with self._store.write() as db:
                undo_step(db, payload.subject.id, step)
            raise

    def _not_yet(self, payload: Payload, tries: int, refused: StepRefused | None) -> Outcome:
        """Retry a step that the portal does not show, up to `MAX_TRIES`; then refuse the submission."""
        if tries < MAX_TRIES:
            return Outcome("retry", retry_after=RETRY_SECONDS)
        words = "Cổng nhận rồi mà không giữ hồ sơ này." if refused is None else refused.words
        return self._refuse(payload, StepRefused("not-kept" if refused is None else refused.code, words, is_final=True))

    def _refuse(self, payload: Payload, refused: StepRefused) -> Outcome:
        with self._store.write() as db:
            delete_steps(db, payload.subject.id)
        field_error = FieldError("", refused.code, refused.words)
        return Outcome("conflict" if refused is _CHANGED else "invalid", errors=(field_error,))
