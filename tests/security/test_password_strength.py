"""Passwords that are guessed first are refused by a sentence; long phrases and random ones are not."""

import pytest

from kiosk.base import codes
from kiosk.base.errors import NotAllowed
from kiosk.security.password_strength import random_password, require_strong

NAMES = ("hoaian", "Lê Hoài An", "Phường Thuận Hóa")


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("ngắn", "8 ký tự"),
        ("1qaz2wsx", "dãy phím"),
        ("zaq1xsw2", "dãy phím"),
        ("hoaian1990", "dễ đoán"),
        ("lan1990lan", "tên nên dễ đoán"),
        ("trangtrang1", "tên nên dễ đoán"),
        ("MinhTam@2026", "tên nên dễ đoán"),
        ("aaaaaaaa", "lặp lại"),
        ("abcabcabcabc", "lặp lại"),
        ("12345678", "chỉ có số"),
        ("0905123456", "chỉ có số"),
        ("27051983", "chỉ có số"),
        ("ghế xanh chờ mưa", "từ hay gặp"),
        ("123456789012", "dãy phím"),
        ("qwertyuiop", "dãy phím"),
        ("abcd4321", "dãy phím"),
        ("!@#$%^&*", "dãy phím"),
        ("password", "từ hay gặp"),
        ("P4ssw0rd!2026", "từ hay gặp"),
        ("matkhau123", "từ hay gặp"),
        ("Mật khẩu 2026", "từ hay gặp"),
        ("anhyeuem1", "từ hay gặp"),
        ("hoaian2026", "từ hay gặp"),
        ("lehoaian", "từ hay gặp"),
        ("ThuanHoa@1", "từ hay gặp"),
    ],
)
def test_a_password_that_is_guessed_first_is_refused_by_a_sentence(password: str, word: str) -> None:
    with pytest.raises(NotAllowed) as raised:
        require_strong(password, NAMES)
    assert word in raised.value.vi
    assert "bốn từ" in raised.value.vi


@pytest.mark.parametrize(
    "password", ["bút cam hỏi gió", "mật khẩu riêng", "8$2&1!9^*5%7", "Trung thu 1990 rước đèn", "kx7Wq2mPz9"]
)
def test_a_password_that_takes_long_to_guess_is_taken(password: str) -> None:
    require_strong(password, NAMES)


def test_generated_passwords_are_taken() -> None:
    for _ in range(2000):
        require_strong(random_password())


def test_a_generated_password_that_a_name_makes_weak_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["HOAIAN24", "KQ7MXW3P"])
    monkeypatch.setattr(codes, "random_letters", lambda _length: next(drawn))
    assert random_password(["Lê Hoài An"]) == "KQ7MXW3P"


def test_a_very_long_password_is_checked_at_once() -> None:
    require_strong("bút cam hỏi gió " * 12, NAMES)
