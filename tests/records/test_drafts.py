import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlite_utils import Database

from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.base.errors import DraftGone
from kiosk.records import drafts, sessions
from kiosk.records.drafts import DraftRow
from kiosk.store.db import Store


@pytest.fixture
def draft(store: Store, clock: FixedClock) -> DraftRow:
    """Insert a session's draft with sealed answers."""
    row = DraftRow(
        id=codes.new_id(),
        session="session-a",
        procedure="1.001193",
        version="2026-11",
        body=b"sealed 1",
        created_at=clock.now(),
        touched_at=clock.now(),
    )
    with store.write() as db:
        drafts.insert(db, row)
    return row


def test_a_draft_is_read_as_it_was_begun(store: Store, draft: DraftRow) -> None:
    with store.read() as db:
        assert drafts.read(db, draft.id) == draft


def test_new_answers_replace_old_ones(store: Store, clock: FixedClock, draft: DraftRow) -> None:
    clock.advance(60)
    with store.write() as db:
        drafts.save(db, draft.id, b"sealed 2", clock.now())
    with store.read() as db:
        saved = drafts.read(db, draft.id)
    assert (saved.body, saved.touched_at, saved.created_at) == (b"sealed 2", clock.now(), draft.created_at)


def test_only_the_first_of_many_touches_gets_the_draft(store: Store, draft: DraftRow) -> None:
    popped: list[DraftRow | None] = []

    def touch() -> None:
        with store.write() as db:
            popped.append(drafts.pop(db, draft.id))

    threads = [threading.Thread(target=touch) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(popped, key=bool) == [None] * 5 + [draft]


@pytest.mark.parametrize(
    "call",
    [
        lambda db, draft, clock: drafts.read(db, draft.id),
        lambda db, draft, clock: drafts.save(db, draft.id, b"late", clock.now()),
    ],
)
def test_a_wiped_draft_is_gone_for_a_late_request(
    store: Store, clock: FixedClock, draft: DraftRow, call: Callable[[Database, DraftRow, FixedClock], object]
) -> None:
    with store.write() as db:
        assert drafts.delete(db, draft.id)
        assert not drafts.delete(db, draft.id)
    with store.write() as db, pytest.raises(DraftGone):
        call(db, draft, clock)


def test_an_idle_draft_is_wiped_and_its_session_loses_it(store: Store, clock: FixedClock, draft: DraftRow) -> None:
    with store.write() as db:
        sessions.insert(db, "session-a", "citizen", clock.now())
        sessions.set_current(db, "session-a", draft_id=draft.id)
        clock.advance(86400)
        assert drafts.untouched(clock.now() - timedelta(hours=24), clock.today()).wipe_all(db) == 0
        clock.advance(1)
        assert drafts.untouched(clock.now() - timedelta(hours=24), clock.today()).wipe_all(db) == 1
        session = sessions.find(db, "session-a", "citizen")
    assert session is not None
    assert session.draft_id is None
