from datetime import timedelta

import pytest

from kiosk.base.clock import FixedClock
from kiosk.records import sessions
from kiosk.store.db import Store


@pytest.fixture
def store(store: Store, clock: FixedClock) -> Store:
    """Insert a citizen's session."""
    with store.write() as db:
        sessions.insert(db, "hash", "citizen", clock.now())
    return store


def test_a_session_has_its_settings_and_nothing_else(store: Store) -> None:
    with store.write() as db:
        assert sessions.change_settings(db, "hash", lang="en", aloud=True)
        assert sessions.change_settings(db, "hash", size="xl", aloud=False)
        session = sessions.find(db, "hash", "citizen")
    assert session is not None
    assert session.settings == {"lang": "en", "aloud": False, "size": "xl"}
    assert (session.draft_id, session.submission_id) == (None, None)


@pytest.mark.parametrize("settings", [{"name": "x"}, {"lang": "Hồ Thị Mận"}, {"lang": "x" * 17}])
def test_a_session_stores_no_answers(store: Store, settings: dict[str, str]) -> None:
    with store.write() as db, pytest.raises(ValueError, match="holds no"):
        sessions.change_settings(db, "hash", **settings)


def test_a_cookie_of_another_audience_opens_nothing(store: Store) -> None:
    with store.read() as db:
        assert sessions.find(db, "hash", "officer") is None
        assert sessions.find(db, "hash", "citizen") is not None


def test_a_closed_session_cannot_come_back(store: Store) -> None:
    with store.write() as db:
        sessions.delete(db, "hash")
        assert sessions.find(db, "hash", "citizen") is None
        assert not sessions.change_settings(db, "hash", lang="en")
        assert not sessions.set_current(db, "hash")


def test_an_unused_session_ends(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        clock.advance(600)
        sessions.touch(db, "hash", clock.now())
        clock.advance(600)
        assert sessions.unseen(clock.now() - timedelta(seconds=600)).wipe_all(db) == 0
        assert sessions.unseen(clock.now()).wipe_all(db) == 1
