"""Invariants of delivery, checked after each outcome and at the end, when all faults are over and time has passed.

I2 a body is at the portal at most once. I3 `sent` implies the same bytes there, unless the portal was restored since.
I4 only bad records are set aside. I5 a bad record is set aside and blocks no other. I6 after all faults every good
record is delivered. I8 attempts are bounded while the connection is down. I9 nothing is requested while paused
(`SimulatedKiosk.begin_request`). I11 a revision never goes back (`SimulatedKiosk.apply_receipt`) and no change is lost.
I13 a restore of the kiosk loses nothing that was acknowledged before, and what is sent again is a duplicate (I2).
"""

from typing import TYPE_CHECKING, Any

from sync import outbox
from sync.parcel import Outcome, Subject
from tests.simulation.kiosk import HOUR, MadeSubject, SimulatedKiosk

if TYPE_CHECKING:
    from tests.simulation.world import World

MAX_REQUESTS_AN_HOUR = 30


def check_attempts(kiosk: SimulatedKiosk) -> None:
    """Check I8: while the connection is down a kiosk requests only a few times an hour."""
    recent = [at for at in kiosk.request_times if at > kiosk.at - HOUR]
    assert len(recent) <= MAX_REQUESTS_AN_HOUR, f"I8: {len(recent)} attempts within an hour"


def check_outcome(world: "World", kiosk: SimulatedKiosk, subject: Subject, outcome: Outcome) -> None:
    """Check an outcome that the engine has just reported (I3, I4)."""
    made = kiosk.subjects[subject.id]
    if outcome.is_refused:
        assert made.flaw or _has_lost_number(kiosk, made), f"I4: {subject.id} {outcome.kind}"
    if outcome.is_taken and subject.kind == "submission" and world.gateway.last_restored < kiosk.asked_at:
        assert world.gateway.digest(subject.id) == made.digest, f"I3: {subject.id}"


def _has_lost_number(kiosk: SimulatedKiosk, made: MadeSubject) -> bool:
    """Return whether an event may have the number of another one that a restore of the kiosk has lost."""
    if not made.seq:
        return False
    return any(other.is_lost and other.receipt_no == made.receipt_no for other in kiosk.subjects.values() if other.seq)


def check_sent(kiosk: SimulatedKiosk, stored: dict[str, Any]) -> None:
    """Check I2 and I3: every submission that is `sent` is at the portal, with the same bytes."""
    for made in kiosk.subjects.values():
        if made.seq or made.is_lost or kiosk.delivery(made.id) != "sent":
            continue
        assert made.id in stored, f"I3: {made.id} is sent and not there"
        assert stored[made.id].digest == made.digest, f"I3: {made.id} has other bytes there"


def check_stored(world: "World", stored: dict[str, Any]) -> None:
    """Check I2: every submission at the portal was made at a kiosk, with the same bytes."""
    made = {subject.id: subject for kiosk in world.kiosks for subject in kiosk.subjects.values() if not subject.seq}
    for submission_id, row in stored.items():
        assert submission_id in made, f"I2: {submission_id} was never made"
        assert row.digest == made[submission_id].digest, f"I2: {submission_id} has other bytes"


def check_end(world: "World") -> None:
    """Check all invariants at the end, when all faults are over and time has passed."""
    submissions = world.gateway.submissions()
    events = world.gateway.events()
    check_stored(world, submissions)
    for kiosk in world.kiosks:
        check_sent(kiosk, submissions)
        for made in kiosk.subjects.values():
            if not made.is_lost:
                _check_settled(kiosk, made, events if made.seq else submissions)
        _check_status(kiosk, submissions)


def _check_settled(kiosk: SimulatedKiosk, made: MadeSubject, stored: dict[str, Any]) -> None:
    """Check I5, I6 and I13 for one submission or event."""
    status = outbox.status_of(kiosk.store.db, made.id)
    assert status is not None, f"I13: {made.id} is gone"
    details = f"{made.id} {made.flaw} #{made.seq}: {status.state} {status.last_class} {status.last_code}"
    if made.seq and _waits_for_ever(kiosk, made):
        return
    if made.flaw:
        assert status.state == "refused", f"I5: {details}"
    elif _has_lost_number(kiosk, made):
        assert status.state in ("done", "refused"), f"I6: {details}"
    else:
        assert status.state == "done", f"I6: {details}"
        assert made.id in stored, f"I6: {details}, not there"


def _waits_for_ever(kiosk: SimulatedKiosk, event: MadeSubject) -> bool:
    """Return whether an event waits for a submission that was set aside and never corrected."""
    submission = kiosk.subjects[event.submission_id]
    while submission.flaw and submission.successor:
        submission = kiosk.subjects[submission.successor]
    return bool(submission.flaw)


def _check_status(kiosk: SimulatedKiosk, stored: dict[str, Any]) -> None:
    """Check I11: the kiosk has the latest status of each submission."""
    for submission_id, row in stored.items():
        if row.kiosk_id != kiosk.name or submission_id not in kiosk.subjects or kiosk.subjects[submission_id].is_lost:
            continue
        code = kiosk.store.db.execute("select code from desk where subject = ?", [submission_id]).fetchone()[0]
        assert code == row.status_code, f"I11: {submission_id} is {row.status_code} there and {code} here"
