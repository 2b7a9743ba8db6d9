import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlite_utils import Database

from kiosk import codes
from kiosk.clock import Fixed
from kiosk.errors import DraftGone
from kiosk.records import drafts, sessions
from kiosk.records.drafts import DraftRow
from kiosk.store.db import Store


@pytest.fixture
def draft(store: Store, clock: Fixed) -> DraftRow:
    """A draft of a session, with sealed answers."""
    made = DraftRow(codes.new_id(), "session-a", "1.001193", "2026-11", b"sealed 1", clock.now(), clock.now())
    with store.write() as db:
        drafts.begin(db, made)
    return made


def test_a_draft_is_read_as_it_was_begun(store: Store, draft: DraftRow) -> None:
    with store.read() as db:
        assert drafts.read(db, draft.id) == draft


def test_new_answers_take_the_place_of_old_ones(store: Store, clock: Fixed, draft: DraftRow) -> None:
    clock.forward(60)
    with store.write() as db:
        drafts.save(db, draft.id, b"sealed 2", clock.now())
    with store.read() as db:
        kept = drafts.read(db, draft.id)
    assert (kept.body, kept.touched_at, kept.created_at) == (b"sealed 2", clock.now(), draft.created_at)


def test_only_the_first_of_many_touches_takes_the_draft(store: Store, draft: DraftRow) -> None:
    taken: list[DraftRow | None] = []

    def touch() -> None:
        with store.write() as db:
            taken.append(drafts.take(db, draft.id))

    threads = [threading.Thread(target=touch) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken, key=bool) == [None] * 5 + [draft]


@pytest.mark.parametrize(
    "use",
    [
        lambda db, draft, clock: drafts.read(db, draft.id),
        lambda db, draft, clock: drafts.save(db, draft.id, b"late", clock.now()),
        lambda db, draft, clock: drafts.park(db, draft.id, "claim", clock.now()),
    ],
)
def test_a_wiped_draft_is_gone_for_whoever_comes_late(
    store: Store, clock: Fixed, draft: DraftRow, use: Callable[[Database, DraftRow, Fixed], object]
) -> None:
    with store.write() as db:
        assert drafts.drop(db, draft.id)
        assert not drafts.drop(db, draft.id)
    with store.write() as db, pytest.raises(DraftGone):
        use(db, draft, clock)


def test_a_parked_draft_is_fetched_once_by_its_claim(store: Store, clock: Fixed, draft: DraftRow) -> None:
    with store.write() as db:
        drafts.park(db, draft.id, "claim-hash", clock.now())
        assert [each.id for each in drafts.parked(db)] == [draft.id]
        with pytest.raises(DraftGone):
            drafts.resume(db, "another-hash", "session-b", clock.now())
        assert drafts.resume(db, "claim-hash", "session-b", clock.now()).session == "session-b"
        with pytest.raises(DraftGone):
            drafts.resume(db, "claim-hash", "session-c", clock.now())
        assert drafts.parked(db) == []


def test_what_nobody_touches_is_wiped_and_sessions_let_go_of_it(store: Store, clock: Fixed, draft: DraftRow) -> None:
    with store.write() as db:
        sessions.open(db, "session-a", "citizen", clock.now())
        sessions.hold(db, "session-a", draft_id=draft.id)
        clock.forward(86400)
        assert drafts.forget_untouched(db, clock.now() - timedelta(hours=24)) == 0
        clock.forward(1)
        assert drafts.forget_untouched(db, clock.now() - timedelta(hours=24)) == 1
        session = sessions.read(db, "session-a", "citizen")
    assert session is not None
    assert session.draft_id is None
