"""A technician signs in: five tries, then longer and longer waits."""

import pytest
from flask import Flask

from kiosk.acts import signing
from kiosk.clock import Fixed
from kiosk.errors import NotAllowed, TooManyTries
from kiosk.records import sessions
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
