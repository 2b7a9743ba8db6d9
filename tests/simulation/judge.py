"""What has to be true: at every word that a desk hears, and when everything has healed and time has passed.

I2 a body is at the portal at most once. I3 "sent" implies the same bytes there, unless the portal was put back since.
I4 only bad records are set aside. I5 a bad one ends there and blocks nobody. I6 when all is healed, every good record
is delivered. I8 attempts are bounded while the line is down. I9 nothing is asked while paused (``kiosk.fate``).
I11 a revision never goes back (``kiosk.apply``) and no change is lost. I13 after a kiosk was put back, nothing that was
acknowledged before is lost, and what is sent again is a duplicate (I2).
"""

from typing import TYPE_CHECKING, Any

from sync import outbox
from sync.parcel import Outcome, Subject
from tests.simulation.kiosk import HOUR, Form, Kiosk

if TYPE_CHECKING:
    from tests.simulation.world import World

MOST_IN_AN_HOUR = 30


def attempts_are_bounded(kiosk: Kiosk) -> None:
    """I8: while the line is down a kiosk asks a few times an hour, not more."""
    since = [at for at in kiosk.calls if at > kiosk.at - HOUR]
    assert len(since) <= MOST_IN_AN_HOUR, f"I8: {len(since)} attempts within an hour"


def heard(world: "World", kiosk: Kiosk, subject: Subject, outcome: Outcome) -> None:
    """Judge what a desk was told a moment ago."""
    form = kiosk.forms[subject.id]
    if outcome.is_refused:
        assert form.flaw or _is_excused(kiosk, form), f"I4: {subject.id} {outcome.kind}"
    if outcome.is_taken and subject.kind == "submission" and world.province.last_restored < kiosk.asked_at:
        assert world.province.digest(subject.id) == form.digest, f"I3: {subject.id}"


def _is_excused(kiosk: Kiosk, form: Form) -> bool:
    """Tell whether an act bears a number that an act on paper had before the kiosk was put back."""
    return bool(form.seq) and any(
        one.is_forgotten and one.receipt_no == form.receipt_no for one in kiosk.forms.values() if one.seq
    )


def sent_is_there(world: "World", kiosk: Kiosk, held: dict[str, Any]) -> None:
    """I3 and I2 for everything of a kiosk that has asked since the portal was last put back."""
    for form in kiosk.forms.values():
        if form.seq or form.is_forgotten or kiosk.word(form.id) != "sent":
            continue
        assert form.id in held, f"I3: {form.id} is sent and not there"
        assert held[form.id].digest == form.digest, f"I3: {form.id} has other bytes there"


def nothing_is_there_twice(world: "World", held: dict[str, Any]) -> None:
    """I2: what is at the portal was made at a kiosk, each revision of a case once."""
    made = {form.id: form for kiosk in world.kiosks for form in kiosk.forms.values() if not form.seq}
    for subject, row in held.items():
        assert subject in made, f"I2: {subject} was never filed"
        assert row.digest == made[subject].digest, f"I2: {subject} has other bytes"


def all_is_well(world: "World") -> None:
    """Judge the end: everything has healed, and time has passed."""
    held = world.province.held()
    acts = world.province.acts()
    nothing_is_there_twice(world, held)
    for kiosk in world.kiosks:
        sent_is_there(world, kiosk, held)
        for form in kiosk.forms.values():
            if not form.is_forgotten:
                _is_settled(kiosk, form, acts if form.seq else held)
        _has_heard_everything(kiosk, held)


def _is_settled(kiosk: Kiosk, form: Form, there: dict[str, Any]) -> None:
    standing = outbox.status_of(kiosk.store.db, form.id)
    assert standing is not None, f"I13: {form.id} is gone"
    how = f"{form.id} {form.flaw} #{form.seq}: {standing.state} {standing.last_class} {standing.last_code}"
    if form.seq and _waits_for_good(kiosk, form):
        return
    if form.flaw:
        assert standing.state == "refused", f"I5: {how}"
    elif _is_excused(kiosk, form):
        assert standing.state in ("done", "refused"), f"I6: {how}"
    else:
        assert standing.state == "done", f"I6: {how}"
        assert form.id in there, f"I6: {how}, not there"


def _waits_for_good(kiosk: Kiosk, act: Form) -> bool:
    """Tell whether an act waits for a form that was set aside and that nobody has mended."""
    form = kiosk.forms[act.of]
    while form.flaw and form.heir:
        form = kiosk.forms[form.heir]
    return bool(form.flaw)


def _has_heard_everything(kiosk: Kiosk, held: dict[str, Any]) -> None:
    for subject, row in held.items():
        if row.kiosk_id != kiosk.name or subject not in kiosk.forms or kiosk.forms[subject].is_forgotten:
            continue
        code = kiosk.store.db.execute("select code from desk where subject = ?", [subject]).fetchone()[0]
        assert code == row.status_code, f"I11: {subject} is {row.status_code} there and {code} here"
