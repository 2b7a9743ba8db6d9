"""The ledger of steps: what of a submission's way to a portal is done, so that a power cut goes on where it was.

Some portals take a submission in many requests, none of which may be made twice without looking. Each step is
``doing`` in the ledger **before** its request and ``done`` only when the portal shows it; what is found ``doing`` is
looked at first. To the engine all steps together are one hand-over that may be repeated: ``Stepper`` is a portal like
any other. The ledger holds ids and numbers of the portal, nothing of a person; what the portal lost is forgotten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from sync import errors
from sync.link import Store
from sync.parcel import Audit, FieldError, Hello, Load, Outcome, Page, Presence, Sent
from sync.portals.base import Refused, Stepwise

MOST_TRIES = 5
RETRY_SECONDS = 60
_CHANGED = Refused("conflict", "Ở cổng đã có nội dung khác dưới mã của hồ sơ này.", is_final=True)


@dataclass(frozen=True)
class Held:
    """A step in the ledger; ``fact`` is what the portal said that later steps need."""

    is_done: bool
    tries: int
    fact: str


def held(db: Database, subject: str) -> dict[str, Held]:
    """Read the steps of a subject by name, those that were never begun left out."""
    rows = db.execute("select step, is_done, tries, fact from steps where subject = ?", [subject])
    return {step: Held(bool(is_done), tries, fact) for step, is_done, tries, fact in rows}


def begin(db: Database, subject: str, step: str) -> int:
    """Say, before its request, that a step may reach the portal from now on; give how often it was begun."""
    sql = """insert into steps (subject, step, tries) values (?, ?, 1)
             on conflict (subject, step) do update set tries = tries + 1 returning tries"""
    return int(db.execute(sql, [subject, step]).fetchone()[0])


def undo(db: Database, subject: str, step: str) -> None:
    """Say that nothing of a step has reached the portal; a step that was begun for the first time is forgotten."""
    db.execute("update steps set tries = tries - 1 where subject = ? and step = ?", [subject, step])
    db.execute("delete from steps where subject = ? and step = ? and tries = 0", [subject, step])


def finish(db: Database, subject: str, step: str, fact: str) -> None:
    """Note that the portal shows a step."""
    db.execute("update steps set is_done = 1, fact = ? where subject = ? and step = ?", [fact, subject, step])


def forget(db: Database, subject: str) -> None:
    """Begin again from the first step the next time."""
    db.execute("delete from steps where subject = ?", [subject])


class Stepper:
    """A portal of many steps, as the engine sees it; ``store`` keeps the ledger, in writes of its own."""

    is_repeatable = True
    has_feed = False

    def __init__(self, store: Store, portal: Stepwise) -> None:
        self._store = store
        self._portal = portal

    def hello(self) -> Hello:
        """Ask whether the portal is there."""
        return self._portal.hello()

    def send(self, loads: Sequence[Load]) -> Sent:
        """Go on with each of them, from the first step that is not done."""
        return Sent(self._portal.epoch, {load.subject.id: self._walk(load) for load in loads})

    def verify(self, load: Load) -> Presence:
        """Tell whether every step is done; to send again is the better question."""
        plan = self._portal.plan(load)
        with self._store.read() as db:
            found = held(db, load.subject.id)
        is_over = not isinstance(plan, Refused) and all(step in found and found[step].is_done for step in plan)
        return "present" if is_over else "absent"

    def missing(self, known: Sequence[tuple[str, str]]) -> Audit:
        """Ask which of these the portal lacks; their steps begin again."""
        found = self._portal.missing(known)
        with self._store.write() as db:
            for subject in found.missing:
                forget(db, subject)
        return found

    def changes(self, cursor: str | None) -> Page:
        """Give an empty page: such a portal says nothing by itself."""
        return Page(self._portal.epoch, (), cursor or "", has_more=False)

    def close(self) -> None:
        """Let go of the line."""
        self._portal.close()

    def _walk(self, load: Load) -> Outcome:
        try:
            return self._walked(load)
        except errors.NotSent as error:
            # The line broke on the way: to whoever counts on "nothing has left" that would be wrong.
            with self._store.read() as db:
                has_begun = bool(held(db, load.subject.id))
            raise (errors.Unsure(error.code) if has_begun else error) from error

    def _walked(self, load: Load) -> Outcome:
        plan = self._portal.plan(load)
        if isinstance(plan, Refused):
            return self._refuse(load, plan)
        with self._store.read() as db:
            ledger = held(db, load.subject.id)
        facts = {step: one.fact for step, one in ledger.items() if one.is_done}
        for step in plan:
            if step not in facts:
                outcome = self._take(load, step, ledger.get(step), facts)
                if outcome is not None:
                    return outcome
        # What was begun in an earlier exchange was taken in that one, as far as anybody can tell.
        return Outcome("duplicate" if ledger else "created", self._portal.receipt(load, facts))

    def _take(self, load: Load, step: str, before: Held | None, facts: dict[str, str]) -> Outcome | None:
        """Take a step and look whether it stands; None when it does, else what that means for the whole."""
        tries, done = (before.tries, before.fact) if before else (0, "")
        presence = self._portal.verify(load, step, facts) if before else "absent"
        refused: Refused | None = None
        if presence == "absent" and tries < MOST_TRIES:
            told = self._do(load, step, facts)
            refused = told if isinstance(told, Refused) else None
            if refused is not None and refused.is_final:
                return self._refuse(load, refused)
            done = told if isinstance(told, str) else ""
            presence = self._portal.verify(load, step, facts)
        if presence == "present":
            with self._store.write() as db:
                finish(db, load.subject.id, step, done)
            facts[step] = done
            return None
        if presence == "different":
            return self._refuse(load, _CHANGED)
        return self._not_yet(load, tries + 1, refused)

    def _do(self, load: Load, step: str, facts: Mapping[str, str]) -> str | Refused:
        with self._store.write() as db:
            begin(db, load.subject.id, step)
        try:
            return self._portal.do(load, step, facts)
        except (errors.NotSent, errors.Pause, errors.Smaller):
            # The portal has said that it took nothing, or nothing has left this machine.
            with self._store.write() as db:
                undo(db, load.subject.id, step)
            raise

    def _not_yet(self, load: Load, tries: int, refused: Refused | None) -> Outcome:
        """The portal says that it took a step, or refuses it, and does not show it: a few times more, then enough."""
        if tries < MOST_TRIES:
            return Outcome("retry", retry_after=RETRY_SECONDS)
        words = "Cổng nhận rồi mà không giữ hồ sơ này." if refused is None else refused.words
        return self._refuse(load, Refused("not-kept" if refused is None else refused.code, words, is_final=True))

    def _refuse(self, load: Load, refused: Refused) -> Outcome:
        with self._store.write() as db:
            forget(db, load.subject.id)
        said = (FieldError("", refused.code, refused.words),)
        return Outcome("conflict" if refused is _CHANGED else "invalid", errors=said)
