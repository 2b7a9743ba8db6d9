"""Last register numbers after a restore: proposed from the store that was replaced, never taken by themselves."""

from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from kiosk.acts import certified_copies as acts
from kiosk.acts.certified_copies import CopiesRequest, CopyInput, RegisterStopped, Signer
from kiosk.backup import create, restore
from kiosk.base.clock import FixedClock
from kiosk.context import Context, clock_trust
from kiosk.dossiers import copy_numbers
from kiosk.papers import copies_register
from kiosk.records import submissions
from kiosk.records.certified_copies import BOOKS
from kiosk.startup.context_factory import open_context
from kiosk.store.db import exclusive
from tests.backup.conftest import overwrite_pages
from tests.faults.submitting import submit_form


def _certify(context: Context, count: int) -> None:
    """Give numbers of the register of signatures, to a case each."""
    for _ in range(count):
        case_id, _ = submit_form(context)
        with context.store.read() as db:
            case = submissions.find(db, case_id)
        assert case is not None
        request = CopiesRequest(
            case=case,
            register="signature",
            copies=[CopyInput(place=0, pages=1, declared_pages=1, copies=1, amount=10_000)],
            notes=(),
            originals=(),
            signer=Signer(name="", title="CHỦ TỊCH"),
            printer="",
        )
        assert acts.certify(context, request, actor="CB01")


@pytest.mark.parametrize(("is_damaged", "proposed"), [(False, {3}), (True, {1, 3})])
def test_the_last_number_is_proposed_from_the_replaced_store_and_not_taken(
    context: Context, clock: FixedClock, is_damaged: bool, proposed: set[int]
) -> None:
    _certify(context, 1)
    create.create(context)
    _certify(context, 2)
    context.store.close()
    if is_damaged:
        overwrite_pages(context.config.store_path)
    with exclusive(context.config.store_path):
        restore.restore(context.config, clock)
    again = open_context(context.config, clock)
    with closing(again.store):
        with again.store.read() as db:
            assert copy_numbers.last_number(db, "signature", 2026) == 1
            assert copy_numbers.proposed_last(db, "signature", 2026) in proposed
            assert copy_numbers.proposed_last(db, "copies", 2026) == 0
        with pytest.raises(RegisterStopped):
            _certify(again, 1)
        last = {register: 3 if register == "signature" else 0 for register in BOOKS}
        assert acts.continue_after(again, 2026, last, "handed_out", "PT01")
        _certify(again, 1)
        with again.store.read() as db:
            assert copy_numbers.last_number(db, "signature", 2026) == 4


def test_a_store_that_is_gone_proposes_nothing(context: Context, clock: FixedClock) -> None:
    _certify(context, 1)
    create.create(context)
    context.store.close()
    context.config.store_path.unlink()
    with exclusive(context.config.store_path):
        restore.restore(context.config, clock)
    again = open_context(context.config, clock)
    with closing(again.store), again.store.read() as db:
        assert copy_numbers.proposed_last(db, "signature", 2026) == 1


def _go_on_at(context: Context, clock: FixedClock, at: datetime) -> None:
    """Let the kiosk run on at a later time, with a clock that it trusts."""
    clock.jump((at - clock.now()).total_seconds())
    with context.store.write() as db:
        clock_trust.mark_trusted(db, context)


def test_a_restore_over_new_year_asks_for_the_last_numbers_of_both_years(context: Context, clock: FixedClock) -> None:
    _go_on_at(context, clock, datetime(2026, 12, 30, 2, tzinfo=UTC))
    _certify(context, 1)
    create.create(context)
    _go_on_at(context, clock, datetime(2026, 12, 31, 2, tzinfo=UTC))
    _certify(context, 2)
    _go_on_at(context, clock, datetime(2027, 1, 2, 2, tzinfo=UTC))
    _certify(context, 1)
    context.store.close()
    with exclusive(context.config.store_path):
        restore.restore(context.config, clock)
    again = open_context(context.config, clock)
    with closing(again.store):
        with again.store.read() as db:
            assert copy_numbers.unknown_years(db, clock.today()) == [2026, 2027]
            assert copy_numbers.proposed_last(db, "signature", 2026) == 3
            assert copy_numbers.proposed_last(db, "signature", 2027) == 1
        _go_on_at(again, clock, clock.now())
        last = dict.fromkeys(BOOKS, 0)
        assert not acts.continue_after(again, 2025, last | {"signature": 3}, "handed_out", "PT01")
        assert acts.continue_after(again, 2026, last | {"signature": 3}, "handed_out", "PT01")
        with pytest.raises(RegisterStopped):
            _certify(again, 1)
        assert acts.continue_after(again, 2027, last | {"signature": 1}, "not_used", "PT01")
        _certify(again, 1)
        with again.store.read() as db:
            old = copy_numbers.sequence(db, "signature", 2026)
            new = copy_numbers.sequence(db, "signature", 2027)
        assert (old.last, old.lost, old.unexplained) == (3, 2, 0)
        assert (new.last, new.lost, new.unexplained) == (2, 1, 0)
        rows = copies_register.table(again, "signature", date(2026, 12, 31)).rows
        assert [row[0] for row in rows] == [2, 3]
        rows = copies_register.table(again, "signature", date(2027, 1, 2)).rows
        assert [row[0] for row in rows] == [1, 2]


def test_a_second_restore_does_not_forget_that_the_year_before_was_not_answered(
    context: Context, clock: FixedClock
) -> None:
    _go_on_at(context, clock, datetime(2026, 12, 30, 2, tzinfo=UTC))
    _certify(context, 1)
    create.create(context)
    _certify(context, 1)
    for day in (2, 3):
        _go_on_at(context, clock, datetime(2027, 1, day, 2, tzinfo=UTC))
        context.store.close()
        with exclusive(context.config.store_path):
            restore.restore(context.config, clock)
        context = open_context(context.config, clock)
        create.create(context)
    with closing(context.store), context.store.read() as db:
        assert copy_numbers.unknown_years(db, clock.today()) == [2026, 2027]
        assert copy_numbers.proposed_last(db, "signature", 2026) == 2
