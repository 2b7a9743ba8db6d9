"""Who works at the ward: codes that are never given again, sittings that end with their session."""

import sqlite3

import pytest

from kiosk.clock import Fixed
from kiosk.records import sessions, staff
from kiosk.store.db import Store

HASH = "$argon2id$made-up"


@pytest.fixture
def store(store: Store, clock: Fixed) -> Store:
    with store.write() as db:
        staff.enlist(db, ("hoaian", "Lê Hoài An", "officer"), HASH, clock.now())
        staff.enlist(db, ("minhtam", "Phan Minh Tâm", "lead"), HASH, clock.now())
        for number, code in enumerate(("CB01", "CB01", "CB02")):
            sessions.open(db, f"s{number}", "officer", clock.now())
            staff.sit(db, f"s{number}", code)
    return store


def test_everybody_has_a_code_of_their_own(store: Store) -> None:
    with store.read() as db:
        assert staff.names(db) == {"CB01": "Lê Hoài An", "CB02": "Phan Minh Tâm"}
        assert [one.role for one in staff.listed(db)] == ["officer", "lead"]


def test_two_people_never_share_a_login(store: Store, clock: Fixed) -> None:
    with pytest.raises(sqlite3.IntegrityError), store.write() as db:
        staff.enlist(db, ("hoaian", "Người khác", "officer"), HASH, clock.now())


@pytest.mark.parametrize("row", [("x", "A", "mayor", HASH), ("abc", "A", "officer", "mật khẩu"),
                                 ("abc", "", "officer", HASH)])  # fmt: skip
def test_the_store_refuses_a_role_that_is_not_and_a_password_in_the_clear(
    store: Store, clock: Fixed, row: tuple[str, str, staff.Role, str]
) -> None:
    login, name, role, password = row
    with pytest.raises(sqlite3.IntegrityError), store.write() as db:
        staff.enlist(db, (login, name, role), password, clock.now())


def test_a_sitting_knows_person_and_counter_and_ends_with_its_session(store: Store) -> None:
    with store.write() as db:
        assert staff.take_counter(db, "s0", 3)
        found = staff.sitting(db, "s0")
        assert found is not None
        assert (found.person.login, found.counter) == ("hoaian", 3)
        assert [one.session for one in staff.at_counter(db, 3)] == ["s0"]
        sessions.close(db, "s0")
        assert staff.sitting(db, "s0") is None
        assert not staff.take_counter(db, "s0", 1)
        assert staff.at_counter(db, 3) == []


@pytest.mark.parametrize("counter", [0, 31])
def test_a_counter_has_a_number_from_1_to_30(store: Store, counter: int) -> None:
    with pytest.raises(sqlite3.IntegrityError), store.write() as db:
        staff.take_counter(db, "s0", counter)


def test_a_new_password_ends_every_sitting_of_the_person_and_of_nobody_else(store: Store) -> None:
    with store.write() as db:
        staff.set_password(db, "CB01", HASH + "2")
        assert [staff.sitting(db, one) is None for one in ("s0", "s1", "s2")] == [True, True, False]
        assert staff.secret(db, "CB01") == HASH + "2"


def test_who_has_left_stays_in_the_list_and_sits_nowhere(store: Store) -> None:
    with store.write() as db:
        staff.disable(db, "CB02")
        assert staff.sitting(db, "s2") is None
        assert [one.is_active for one in staff.listed(db)] == [True, False]
