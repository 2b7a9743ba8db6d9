"""Sign-in of the staff: five tries, then longer and longer waits; a disabled person is signed out at once."""

import pytest
from flask import Flask

from kiosk.acts import signing, sittings
from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.base.errors import NotAllowed, NotFound, TooManyTries
from kiosk.context import Context, rate_limit
from kiosk.records import audit, sessions, staff

SESSION = "a" * 64
HERE = "127.0.0.1"


@pytest.fixture
def context(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    signing.set_technician_password(context, "mật khẩu dài")
    return context


def sign_in_wrongly(context: Context) -> None:
    with pytest.raises(NotAllowed):
        signing.sign_in_technician(context, "sai rồi nhé", SESSION, HERE)


def test_the_right_password_opens_a_session_and_signing_out_ends_it(context: Context) -> None:
    signing.sign_in_technician(context, "mật khẩu dài", SESSION, HERE)
    with context.store.read() as db:
        assert sessions.find(db, SESSION, "technician") is not None
    signing.sign_out(context, SESSION)
    with context.store.read() as db:
        assert sessions.find(db, SESSION, "technician") is None


def test_after_five_wrong_tries_even_the_right_one_waits(context: Context, clock: FixedClock) -> None:
    for _ in range(5):
        sign_in_wrongly(context)
    with pytest.raises(TooManyTries):
        signing.sign_in_technician(context, "mật khẩu dài", SESSION, HERE)
    clock.advance(rate_limit.FIRST_WAIT + 1)
    sign_in_wrongly(context)
    clock.advance(rate_limit.FIRST_WAIT + 1)
    with pytest.raises(TooManyTries):
        signing.sign_in_technician(context, "mật khẩu dài", SESSION, HERE)
    clock.advance(rate_limit.FIRST_WAIT + 1)
    signing.sign_in_technician(context, "mật khẩu dài", SESSION, HERE)


def test_a_kiosk_without_a_password_allows_no_sign_in(app: Flask) -> None:
    with pytest.raises(NotAllowed):
        signing.sign_in_technician(app.extensions["context"], "", SESSION, HERE)


def test_the_password_itself_is_nowhere(context: Context) -> None:
    content = b"".join(path.read_bytes() for path in context.config.folder.rglob("*") if path.is_file())
    assert "mật khẩu dài".encode() not in content
    assert b"argon2id" in content


def test_a_demo_password_is_new_each_time_and_works(context: Context) -> None:
    first = signing.reset_demo_technician(context)
    second = signing.reset_demo_technician(context)
    assert first != second
    signing.sign_in_technician(context, second, SESSION, HERE)


OFFICER = ("hoaian", "Lê Hoài An", "officer", "mật khẩu riêng")


def fail_sign_in(context: Context, login: str, workstation: str = "10.0.0.5") -> NotAllowed:
    with pytest.raises(NotAllowed) as missed:
        signing.sign_in(context, login, password="sai rồi nhé", session=SESSION, workstation=workstation)
    return missed.value


def find_sitting(context: Context, session: str) -> staff.Sitting | None:
    with context.store.read() as db:
        return staff.find_sitting(db, session)


def test_an_officer_enters_sits_down_and_leaves(context: Context) -> None:
    signing.add_person(context, *OFFICER)
    assert (
        signing.sign_in(context, "hoaian", password="mật khẩu riêng", session=SESSION, workstation="10.0.0.5").code
        == "CB01"
    )
    sitting = find_sitting(context, SESSION)
    assert sitting is not None
    assert sittings.sit_at_counter(context, SESSION, 2)
    again = find_sitting(context, SESSION)
    assert again is not None
    assert again.counter == 2
    with pytest.raises(NotFound):
        sittings.sit_at_counter(context, SESSION, 29)
    signing.sign_out(context, SESSION, "CB01")
    assert find_sitting(context, SESSION) is None
    assert not sittings.sit_at_counter(context, SESSION, 1)
    with context.store.read() as db:
        acts = [(line.act, line.actor) for _at, line in audit.of_subject(db, "CB01")]
        assert audit.verify(db, context.audit_key()) is None
    assert acts == [("enlist", "cli"), ("sign_in", "CB01"), ("sign_out", "CB01")]


def test_a_name_that_is_not_known_is_answered_like_a_wrong_password(context: Context) -> None:
    signing.add_person(context, *OFFICER)
    assert fail_sign_in(context, "hoaian").vi == fail_sign_in(context, "nobody").vi


def test_wrong_tries_count_for_one_account_at_one_workstation(context: Context, clock: FixedClock) -> None:
    signing.add_person(context, *OFFICER)
    for _ in range(5):
        fail_sign_in(context, "hoaian")
    with pytest.raises(TooManyTries) as raised:
        signing.sign_in(context, "hoaian", password="mật khẩu riêng", session=SESSION, workstation="10.0.0.5")
    assert raised.value.seconds == rate_limit.FIRST_WAIT
    signing.sign_in(context, "hoaian", password="mật khẩu riêng", session=SESSION, workstation="10.0.0.6")
    clock.advance(rate_limit.FIRST_WAIT + 1)
    signing.sign_in(context, "hoaian", password="mật khẩu riêng", session="b" * 64, workstation="10.0.0.5")


def test_who_is_disabled_is_out_at_once_and_comes_in_no_more(context: Context) -> None:
    signing.add_person(context, *OFFICER)
    signing.sign_in(context, "hoaian", password="mật khẩu riêng", session=SESSION, workstation="here")
    signing.disable_person(context, "hoaian")
    assert find_sitting(context, SESSION) is None
    with pytest.raises(NotAllowed):
        signing.sign_in(context, "hoaian", password="mật khẩu riêng", session=SESSION, workstation="here")


def test_a_new_password_ends_the_sessions_of_the_old_one(context: Context) -> None:
    signing.add_person(context, *OFFICER)
    signing.sign_in(context, "hoaian", password="mật khẩu riêng", session=SESSION, workstation="here")
    signing.reset_password(context, "hoaian", "mật khẩu mới hơn")
    assert find_sitting(context, SESSION) is None
    signing.sign_in(context, "hoaian", password="mật khẩu mới hơn", session="b" * 64, workstation="here")


@pytest.mark.parametrize(
    "args",
    [
        ("x", "Lê Hoài An", "officer", "mật khẩu riêng"),
        ("Hoài An", "Lê Hoài An", "officer", "mật khẩu riêng"),
        ("hoaian", " ", "officer", "mật khẩu riêng"),
        ("hoaian", "Lê\x1bAn", "officer", "mật khẩu riêng"),
        ("hoaian", "Lê Hoài An", "mayor", "mật khẩu riêng"),
        ("hoaian", "Lê Hoài An", "officer", "ngắn"),
    ],
)
def test_what_cannot_be_a_person_is_refused_in_words(context: Context, args: tuple[str, str, str, str]) -> None:
    with pytest.raises(NotAllowed):
        signing.add_person(context, *args)


def test_a_login_is_one_persons(context: Context) -> None:
    signing.add_person(context, *OFFICER)
    with pytest.raises(NotAllowed):
        signing.add_person(context, *OFFICER)
    for act in (signing.disable_person, lambda context, login: signing.reset_password(context, login, "mật khẩu mới")):
        with pytest.raises(NotFound):
            act(context, "nobody")


def test_the_demo_people_have_a_new_password_at_each_start(context: Context) -> None:
    _people, first = signing.reset_demo_staff(context)
    people, second = signing.reset_demo_staff(context)
    assert first != second
    assert [person.role for person in people] == ["officer", "officer", "lead"]
    for person in people:
        assert (
            signing.sign_in(context, person.login, password=second, session=codes.token(), workstation="here").role
            == person.role
        )
        with pytest.raises(NotAllowed):
            signing.sign_in(context, person.login, password=first, session=codes.token(), workstation="here")


def lines_of(context: Context, subject: str) -> list[audit.AuditLine]:
    with context.store.read() as db:
        assert audit.verify(db, context.audit_key()) is None
        return [line for _at, line in audit.of_subject(db, subject)]


def test_a_failed_sign_in_leaves_a_line_without_the_typed_name(context: Context) -> None:
    signing.add_person(context, *OFFICER)
    fail_sign_in(context, "hoaian")
    fail_sign_in(context, "my secret typed as a name")
    sign_in_wrongly(context)
    of_person = lines_of(context, "CB01")[-1]
    assert of_person.act == "sign_in_failed"
    assert of_person.facts == {"count": 1, "workstation": "10.0.0.5"}
    assert [line.act for line in lines_of(context, signing.UNKNOWN)] == ["sign_in_failed"]
    assert [line.act for line in lines_of(context, signing.MACHINE)] == ["password", "sign_in_failed"]
    with context.store.read() as db:
        assert "my secret" not in repr(db.execute("select * from audit").fetchall())


def test_many_wrong_names_of_one_address_lock_out_nobody_at_another(context: Context) -> None:
    signing.add_person(context, *OFFICER)
    for number in range(rate_limit.ADDRESS_FREE_TRIES):
        fail_sign_in(context, f"name{number}", "10.0.0.66")
    with pytest.raises(TooManyTries):
        signing.sign_in(context, "hoaian", password="mật khẩu riêng", session=SESSION, workstation="10.0.0.66")
    signing.sign_in(context, "hoaian", password="mật khẩu riêng", session=SESSION, workstation="10.0.0.5")


def test_a_new_machine_password_ends_the_sessions_of_the_old_one_and_no_persons(context: Context) -> None:
    signing.sign_in_technician(context, "mật khẩu dài", SESSION, HERE)
    signing.add_person(context, "kythuat", name="Đỗ Kỳ Thuật", role="technician", password="mật khẩu riêng")
    signing.sign_in(context, "kythuat", password="mật khẩu riêng", session="b" * 64, workstation=HERE)
    signing.set_technician_password(context, "mật khẩu khác")
    with context.store.read() as db:
        assert sessions.find(db, SESSION, "technician") is None
        assert sessions.find(db, "b" * 64, "technician") is not None


@pytest.mark.parametrize("password", ["12345678", "password", "aaaaaaaa", "hoaian2026"])
def test_a_password_that_is_easy_to_guess_is_refused_wherever_it_is_set(context: Context, password: str) -> None:
    with pytest.raises(NotAllowed):
        signing.add_person(context, *OFFICER[:3], password=password)
    signing.add_person(context, *OFFICER)
    with pytest.raises(NotAllowed):
        signing.reset_password(context, "hoaian", password)
    if "hoaian" not in password:
        with pytest.raises(NotAllowed):
            signing.set_technician_password(context, password)
