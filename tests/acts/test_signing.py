"""The staff signs in: five tries, then longer and longer waits; who has left is out at once."""

import pytest
from flask import Flask

from kiosk import codes
from kiosk.acts import signing
from kiosk.clock import Fixed
from kiosk.errors import NotAllowed, NotFound, TooManyTries
from kiosk.records import audit, sessions, staff
from kiosk.room import Room

SESSION = "a" * 64


@pytest.fixture
def room(app: Flask) -> Room:
    here: Room = app.extensions["room"]
    signing.set_password(here, "mật khẩu dài")
    return here


def _wrong(room: Room) -> None:
    with pytest.raises(NotAllowed):
        signing.sign_in(room, "sai rồi nhé", SESSION)


def test_the_right_password_opens_a_session_and_signing_out_ends_it(room: Room) -> None:
    signing.sign_in(room, "mật khẩu dài", SESSION)
    with room.store.read() as db:
        assert sessions.read(db, SESSION, "technician") is not None
    signing.sign_out(room, SESSION)
    with room.store.read() as db:
        assert sessions.read(db, SESSION, "technician") is None


def test_after_five_wrong_tries_even_the_right_one_waits(room: Room, clock: Fixed) -> None:
    for _ in range(5):
        _wrong(room)
    with pytest.raises(TooManyTries):
        signing.sign_in(room, "mật khẩu dài", SESSION)
    clock.forward(signing.FIRST_WAIT + 1)
    _wrong(room)
    clock.forward(signing.FIRST_WAIT + 1)
    with pytest.raises(TooManyTries):
        signing.sign_in(room, "mật khẩu dài", SESSION)
    clock.forward(signing.FIRST_WAIT + 1)
    signing.sign_in(room, "mật khẩu dài", SESSION)


def test_a_kiosk_without_a_password_lets_nobody_in(app: Flask) -> None:
    with pytest.raises(NotAllowed):
        signing.sign_in(app.extensions["room"], "", SESSION)


def test_the_password_itself_is_nowhere(room: Room) -> None:
    content = b"".join(path.read_bytes() for path in room.config.folder.rglob("*") if path.is_file())
    assert "mật khẩu dài".encode() not in content
    assert b"argon2id" in content


def test_a_demo_password_is_new_each_time_and_works(room: Room) -> None:
    first, second = signing.demo_password(room), signing.demo_password(room)
    assert first != second
    signing.sign_in(room, second, SESSION)


OFFICER = ("hoaian", "Lê Hoài An", "officer", "mật khẩu riêng")


def _miss(room: Room, login: str, workstation: str = "10.0.0.5") -> NotAllowed:
    with pytest.raises(NotAllowed) as missed:
        signing.enter(room, login, "sai rồi nhé", SESSION, workstation)
    return missed.value


def _sitting(room: Room, session: str) -> staff.Sitting | None:
    with room.store.read() as db:
        return staff.sitting(db, session)


def test_an_officer_enters_sits_down_and_leaves(room: Room) -> None:
    signing.enlist(room, *OFFICER)
    assert signing.enter(room, "hoaian", "mật khẩu riêng", SESSION, "10.0.0.5").code == "CB01"
    found = _sitting(room, SESSION)
    assert found is not None
    assert signing.take_counter(room, SESSION, 2)
    again = _sitting(room, SESSION)
    assert again is not None
    assert again.counter == 2
    with pytest.raises(NotFound):
        signing.take_counter(room, SESSION, 29)
    signing.sign_out(room, SESSION, "CB01")
    assert _sitting(room, SESSION) is None
    assert not signing.take_counter(room, SESSION, 1)
    with room.store.read() as db:
        acts = [(line.act, line.actor) for _at, line in audit.of_subject(db, "CB01")]
        assert audit.verify(db, room.audit_key()) is None
    assert acts == [("enlist", "cli"), ("sign_in", "CB01"), ("sign_out", "CB01")]


def test_a_name_that_is_not_known_is_answered_like_a_wrong_password(room: Room) -> None:
    signing.enlist(room, *OFFICER)
    assert _miss(room, "hoaian").vi == _miss(room, "nobody").vi


def test_wrong_tries_count_for_one_account_at_one_workstation(room: Room, clock: Fixed) -> None:
    signing.enlist(room, *OFFICER)
    for _ in range(5):
        _miss(room, "hoaian")
    with pytest.raises(TooManyTries) as told:
        signing.enter(room, "hoaian", "mật khẩu riêng", SESSION, "10.0.0.5")
    assert told.value.seconds == signing.FIRST_WAIT
    signing.enter(room, "hoaian", "mật khẩu riêng", SESSION, "10.0.0.6")
    clock.forward(signing.FIRST_WAIT + 1)
    signing.enter(room, "hoaian", "mật khẩu riêng", "b" * 64, "10.0.0.5")


def test_guessing_at_many_names_fills_no_memory(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "MOST_COUNTED", 3)
    for number in range(6):
        _miss(room, f"name{number}")
    assert len(signing._tries) <= 3


def test_who_is_disabled_is_out_at_once_and_comes_in_no_more(room: Room) -> None:
    signing.enlist(room, *OFFICER)
    signing.enter(room, "hoaian", "mật khẩu riêng", SESSION, "here")
    signing.disable(room, "hoaian")
    assert _sitting(room, SESSION) is None
    with pytest.raises(NotAllowed):
        signing.enter(room, "hoaian", "mật khẩu riêng", SESSION, "here")


def test_a_new_password_puts_everybody_out_who_has_the_old_one(room: Room) -> None:
    signing.enlist(room, *OFFICER)
    signing.enter(room, "hoaian", "mật khẩu riêng", SESSION, "here")
    signing.change_password(room, "hoaian", "mật khẩu mới hơn")
    assert _sitting(room, SESSION) is None
    signing.enter(room, "hoaian", "mật khẩu mới hơn", SESSION, "here")


@pytest.mark.parametrize(
    "told",
    [
        ("x", "Lê Hoài An", "officer", "mật khẩu riêng"),
        ("Hoài An", "Lê Hoài An", "officer", "mật khẩu riêng"),
        ("hoaian", " ", "officer", "mật khẩu riêng"),
        ("hoaian", "Lê\x1bAn", "officer", "mật khẩu riêng"),
        ("hoaian", "Lê Hoài An", "mayor", "mật khẩu riêng"),
        ("hoaian", "Lê Hoài An", "officer", "ngắn"),
    ],
)
def test_what_cannot_be_a_person_is_refused_in_words(room: Room, told: tuple[str, str, str, str]) -> None:
    with pytest.raises(NotAllowed):
        signing.enlist(room, *told)


def test_a_login_is_one_persons(room: Room) -> None:
    signing.enlist(room, *OFFICER)
    with pytest.raises(NotAllowed):
        signing.enlist(room, *OFFICER)
    for act in (signing.disable, lambda room, login: signing.change_password(room, login, "mật khẩu mới")):
        with pytest.raises(NotFound):
            act(room, "nobody")


def test_the_demo_people_have_a_new_password_at_each_start(room: Room) -> None:
    (_people, first), (people, second) = signing.demo_staff(room), signing.demo_staff(room)
    assert first != second
    assert [one.role for one in people] == ["officer", "officer", "lead"]
    for one in people:
        assert signing.enter(room, one.login, second, codes.token(), "here").role == one.role
        with pytest.raises(NotAllowed):
            signing.enter(room, one.login, first, codes.token(), "here")
