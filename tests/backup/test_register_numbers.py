"""Last register numbers after a restore: proposed from the store that was replaced, never taken by themselves."""

from contextlib import closing

import pytest

from kiosk.acts import certified_copies as acts
from kiosk.acts.certified_copies import CopiesRequest, CopyInput, RegisterStopped, Signer
from kiosk.backup import create, restore
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.dossiers import copy_numbers
from kiosk.records import submissions
from kiosk.records.certified_copies import BOOKS
from kiosk.startup.context_factory import open_context
from kiosk.store.db import exclusive
from tests.backup.conftest import overwrite_pages
from tests.faults.submitting import submit_form


def _certify(context: Context, count: int) -> None:
    """Give numbers of the register of signatures, to a case each."""
    for _ in range(count):
        submit_form(context)
        with context.store.read() as db:
            (case_id,) = db.execute("select id from submissions order by seq desc limit 1").fetchone()
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
        assert acts.continue_after(again, last, "handed_out", "PT01")
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
