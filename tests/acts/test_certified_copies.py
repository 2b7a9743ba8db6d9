"""Register of certified copies under any interleaving of two desks and of cuts: no number twice, no gap."""

import json
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.acts import certified_copies as acts
from kiosk.acts.certified_copies import CopiesRequest, CopyInput, RegisterStopped, Signer
from kiosk.backup import receipt_gaps
from kiosk.base import clock
from kiosk.base.clock import FixedClock
from kiosk.base.errors import RevisionConflict
from kiosk.context import Context, clock_trust
from kiosk.dossiers import copy_numbers
from kiosk.records import audit, certified_copies, marks, submissions
from kiosk.records.certified_copies import BOOKS, CertifiedCopy, CertifiedRegister
from kiosk.records.submissions import Submission

SIGNER = Signer(name="", title="CHỦ TỊCH")
DESKS = ("CB01", "CB02")
PRESSES = st.tuples(
    st.sampled_from(DESKS),
    st.sampled_from(["certify", "cut", "cancel", "copy", "restore"]),
    st.integers(0, 2),
    st.sets(st.integers(0, 2), min_size=1),
)
"""A press: the officer, what they do, the case, and its papers (of a cancel: the last of their numbers).

`copy` and `restore` stand between two presses: the machine loses what came after its copy, and the lead types the last
number of a paper.
"""


class PowerCut(BaseException):
    """The machine stops inside a write."""


def _case(context: Context, number: int) -> Submission:
    return Submission(
        id=f"case-{number:031}",
        receipt_no=f"PK03-261124-{number:04}-X",
        procedure="2.000815",
        version="2026-11",
        unit="H57.123",
        day=context.clock.today(),
        seq=number + 1,
        completed_at=context.clock.now(),
        digest="0" * 64,
    )


@pytest.fixture(autouse=True)
def cases(app: Flask) -> None:
    """Store the cases that the presses certify."""
    context: Context = app.extensions["context"]
    with context.store.write() as db:
        for number in range(20):
            submissions.insert(db, _case(context, number), b"")


def _certify(
    context: Context,
    number: int,
    places: Sequence[int],
    actor: str = DESKS[0],
    register: CertifiedRegister = "copies",
) -> list[CertifiedCopy]:
    copies = [CopyInput(place=place, pages=2, declared_pages=1, copies=2, amount=8000) for place in places]
    request = CopiesRequest(
        case=_case(context, number),
        register=register,
        copies=copies,
        notes=(),
        originals=(),
        signer=SIGNER,
        printer="office:Máy in A4",
    )
    return acts.certify(context, request, actor=actor)


def _lines(context: Context) -> list[CertifiedCopy]:
    with context.store.read() as db:
        return certified_copies.of_day(db, context.clock.today())


def _jobs(context: Context) -> int:
    with context.store.read() as db:
        return int(db.execute("select count(*) from jobs where key like 'office:copy:%'").fetchone()[0])


def _restore(context: Context, copied: tuple[list[CertifiedCopy], str | None]) -> None:
    """Bring the register back to the state of a copy, and mark the restore as kiosk.backup.restore does."""
    lines, mark = copied
    with context.store.write() as db:
        db.execute("delete from certified_copies")
        db.execute("delete from jobs")
        for line in lines:
            certified_copies.insert(db, line)
            if line.cancel_reason and line.cancel_actor and line.cancelled_at:
                certified_copies.cancel(db, line.id, line.cancel_reason, line.cancel_actor, line.cancelled_at)
        marks.put(db, copy_numbers.MARK, mark or "[]")
        restored = [{"at": clock.timestamp(context.clock.now()), "gaps": []}]
        marks.put(db, receipt_gaps.MARK, json.dumps(restored))


def _last(copies: int) -> dict[CertifiedRegister, int]:
    """Return the last numbers as a lead types them: some copies, nothing else."""
    return {register: copies if register == "copies" else 0 for register in BOOKS}


def _mark(context: Context) -> str | None:
    with context.store.read() as db:
        return marks.get(db, copy_numbers.MARK)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(presses=st.lists(PRESSES, max_size=16))
def test_no_number_is_given_twice_and_none_is_missing(
    app: Flask, clock: FixedClock, presses: list[tuple[str, str, int, set[int]]]
) -> None:
    context: Context = app.extensions["context"]
    with context.store.write() as db:
        for table in ("certified_copies", "jobs"):
            db.execute(f"delete from {table}")  # constants of this test
        db.execute("delete from marks where key in (?, ?)", [copy_numbers.MARK, receipt_gaps.MARK])
    given_numbers: list[int] = []
    copied: tuple[list[CertifiedCopy], str | None] = ([], None)
    for actor, act, case, places in presses:
        clock.advance(1)
        before = _lines(context), _jobs(context)
        if act == "certify":
            given_numbers += [line.number for line in _certify(context, case, sorted(places), actor)]
        elif act == "cancel":
            own = [line for line in before[0] if line.receipt_no.startswith(f"PK03-261124-{case:04}")]
            if own:
                acts.cancel(context, own[-1].id, reason="misprinted", actor=actor)
        elif act == "copy":
            copied = before[0], _mark(context)
        elif act == "restore":
            _restore(context, copied)
            with pytest.raises(RegisterStopped):
                _certify(context, 3, (0,), actor)
            assert acts.continue_after(context, 2026, _last(max(given_numbers, default=0)), "handed_out", actor)
        else:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(audit, "append", _cut)
                with suppress(PowerCut):
                    _certify(context, case, sorted(places), actor)
            assert (_lines(context), _jobs(context)) == before
    lines = _lines(context)
    assert len(set(given_numbers)) == len(given_numbers)
    with context.store.read() as db:
        missing = [number for gap in copy_numbers.gaps(db) for number in gap.numbers]
    register = sorted([*(line.number for line in lines), *missing])
    assert register == list(range(1, len(register) + 1))
    assert set(given_numbers) <= set(register)
    in_force = [(line.receipt_no, line.place) for line in lines if line.cancelled_at is None]
    assert len(set(in_force)) == len(in_force)
    assert all(line.cancel_reason for line in lines if line.cancelled_at)


def _cut(*_: object, **__: object) -> None:
    raise PowerCut


def test_two_desks_at_the_same_moment_share_no_number(app: Flask) -> None:
    context: Context = app.extensions["context"]
    gate = threading.Barrier(2)

    def press(desk: int) -> None:
        for case in range(desk, 20, 2):
            gate.wait()
            _certify(context, case, (0, 1), DESKS[desk])

    threads = [threading.Thread(target=press, args=(desk,)) for desk in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [line.number for line in _lines(context)] == list(range(1, 41))


def test_numbers_begin_again_in_a_new_year(app: Flask, clock: FixedClock) -> None:
    context: Context = app.extensions["context"]
    assert [line.number for line in _certify(context, 0, (0, 1))] == [1, 2]
    clock.jump((datetime(2027, 1, 4, 1, 30, tzinfo=UTC) - clock.now()).total_seconds())
    with context.store.write() as db:
        clock_trust.mark_trusted(db, context)
    (line,) = _certify(context, 1, (0,))
    assert (line.number, line.book) == (1, "01/2027-SCT/BS")


def test_no_number_is_given_while_the_clock_is_in_doubt(app: Flask, clock: FixedClock) -> None:
    context: Context = app.extensions["context"]
    assert [line.number for line in _certify(context, 0, (0,))] == [1]
    clock.jump((datetime(2021, 1, 4, 1, 30, tzinfo=UTC) - clock.now()).total_seconds())
    with pytest.raises(RegisterStopped):
        _certify(context, 1, (0,))
    with context.store.read() as db:
        assert copy_numbers.last_number(db, "copies", 2021) == 0


def test_the_last_number_is_typed_once_and_not_less_than_a_known_one(app: Flask) -> None:
    context: Context = app.extensions["context"]
    assert [line.number for line in _certify(context, 0, (0, 1))] == [1, 2]
    assert not acts.continue_after(context, 2026, _last(2), "handed_out", "PT01"), "nothing was restored"
    _restore(context, (_lines(context)[:1], None))
    assert not acts.continue_after(context, 2026, _last(0), "handed_out", "PT01")
    assert not acts.continue_after(context, 2026, _last(1 + copy_numbers.MOST_MISSING + 1), "handed_out", "PT01")
    assert acts.continue_after(context, 2026, _last(2), "handed_out", "PT01")
    assert not acts.continue_after(context, 2026, _last(9), "handed_out", "PT01")
    assert [line.number for line in _certify(context, 0, (1,))] == [3]


def test_each_register_has_numbers_of_its_own(app: Flask) -> None:
    context: Context = app.extensions["context"]
    given_numbers = [
        (line.number, line.book)
        for case, register in enumerate(BOOKS)
        for line in _certify(context, case, (0,), register=register)
    ]
    assert given_numbers == [(1, f"01/2026-{book}") for book in ("SCT/BS", "SCT/CK,ĐC", "SCT/CKND", "SCT/HĐ,GD")]
    assert [line.number for line in _certify(context, 9, (0,), register="signature")] == [2]


def test_after_a_restore_the_last_number_of_every_register_is_typed(app: Flask) -> None:
    context: Context = app.extensions["context"]
    _certify(context, 0, (0,), register="signature")
    _restore(context, ([], None))
    assert not acts.continue_after(context, 2026, {"copies": 0}, "not_used", "PT01")
    assert acts.continue_after(context, 2026, {**_last(0), "signature": 1}, "not_used", "PT01")
    assert [line.number for line in _certify(context, 1, (0,), register="signature")] == [2]
    with context.store.read() as db:
        sequence = copy_numbers.sequence(db, "signature", 2026)
    assert (sequence.last, sequence.lost, sequence.unexplained) == (2, 1, 0)


def test_a_register_begins_once_after_the_last_number_of_the_paper_book(app: Flask) -> None:
    context: Context = app.extensions["context"]
    assert not acts.begin_after(context, "copies", 0, DESKS[0])
    assert not acts.begin_after(context, "copies", 100_000, DESKS[0])
    assert acts.begin_after(context, "copies", 812, DESKS[0])
    assert not acts.begin_after(context, "copies", 900, DESKS[0])
    assert [line.number for line in _certify(context, 0, (0, 1))] == [813, 814]
    assert [line.number for line in _certify(context, 1, (0,), register="signature")] == [1]
    assert not acts.begin_after(context, "signature", 5, DESKS[0])
    with context.store.read() as db:
        sequence = copy_numbers.sequence(db, "copies", 2026)
    assert (sequence.last, sequence.on_paper, sequence.lost, sequence.unexplained) == (814, 812, 0, 0)


def test_a_closed_case_and_an_old_revision_get_no_number(app: Flask) -> None:
    context: Context = app.extensions["context"]
    with context.store.write() as db:
        db.execute("update submissions set desk = 'handed_out' where id = ?", [_case(context, 0).id])
        case = _case(context, 1)
        submissions.insert(db, replace(case, id="c" * 36, revision=2, supersedes=case.id, seq=30), b"")
    with pytest.raises(RegisterStopped):
        _certify(context, 0, (0,))
    with pytest.raises(RevisionConflict):
        _certify(context, 1, (0,))
    assert _lines(context) == []
