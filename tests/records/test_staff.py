"""Staff codes are never given again, and sittings end with their session."""

import sqlite3

import pytest

from kiosk.base.clock import FixedClock
from kiosk.records import sessions, staff
from kiosk.records.staff import NewStaffMember
from kiosk.store.db import Store

HASH = "$argon2id$made-up"


@pytest.fixture
def store(store: Store, clock: FixedClock) -> Store:
    with store.write() as db:
        staff.insert(
            db, NewStaffMember(login="hoaian", name="Lê Hoài An", role="officer", password_hash=HASH), clock.now()
        )
        staff.insert(
            db, NewStaffMember(login="minhtam", name="Phan Minh Tâm", role="lead", password_hash=HASH), clock.now()
        )
        for number, code in enumerate(("CB01", "CB01", "CB02")):
            sessions.insert(db, f"s{number}", "officer", clock.now())
            staff.insert_sitting(db, f"s{number}", code)
    return store


def test_everybody_has_a_code_of_their_own(store: Store) -> None:
    with store.read() as db:
        assert staff.names(db) == {"CB01": "Lê Hoài An", "CB02": "Phan Minh Tâm"}
        assert [member.role for member in staff.list_all(db)] == ["officer", "lead"]


def test_two_people_never_share_a_login(store: Store, clock: FixedClock) -> None:
    with pytest.raises(sqlite3.IntegrityError), store.write() as db:
        staff.insert(
            db, NewStaffMember(login="hoaian", name="Người khác", role="officer", password_hash=HASH), clock.now()
        )


@pytest.mark.parametrize("row", [("x", "A", "mayor", HASH), ("abc", "A", "officer", "mật khẩu"),
                                 ("abc", "", "officer", HASH)])  # fmt: skip
def test_the_store_refuses_a_role_that_is_not_and_a_password_in_the_clear(
    store: Store, clock: FixedClock, row: tuple[str, str, staff.Role, str]
) -> None:
    login, name, role, password = row
    with pytest.raises(sqlite3.IntegrityError), store.write() as db:
        staff.insert(db, NewStaffMember(login=login, name=name, role=role, password_hash=password), clock.now())


def test_a_sitting_knows_person_and_counter_and_ends_with_its_session(store: Store) -> None:
    with store.write() as db:
        assert staff.set_counter(db, "s0", 3)
        sitting = staff.find_sitting(db, "s0")
        assert sitting is not None
        assert (sitting.person.login, sitting.counter) == ("hoaian", 3)
        assert [sitting.session for sitting in staff.sittings_at(db, 3)] == ["s0"]
        sessions.delete(db, "s0")
        assert staff.find_sitting(db, "s0") is None
        assert not staff.set_counter(db, "s0", 1)
        assert staff.sittings_at(db, 3) == []


@pytest.mark.parametrize("counter", [0, 31])
def test_a_counter_has_a_number_from_1_to_30(store: Store, counter: int) -> None:
    with pytest.raises(sqlite3.IntegrityError), store.write() as db:
        staff.set_counter(db, "s0", counter)


def test_a_new_password_ends_every_sitting_of_the_person_and_no_other(store: Store) -> None:
    with store.write() as db:
        staff.set_password(db, "CB01", HASH + "2")
        assert [staff.find_sitting(db, session) is None for session in ("s0", "s1", "s2")] == [True, True, False]
        assert staff.password_hash(db, "CB01") == HASH + "2"


def test_who_has_left_stays_in_the_list_and_sits_nowhere(store: Store) -> None:
    with store.write() as db:
        staff.disable(db, "CB02")
        assert staff.find_sitting(db, "s2") is None
        assert [member.is_active for member in staff.list_all(db)] == [True, False]
