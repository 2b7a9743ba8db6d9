"""Refuses passwords that are guessed first: too short, repeated, in a row, digits only, common words, own names.

Sign-in allows about a hundred guesses a day from an address, so a password must not be among the first thousands of a
guesser's list. It need not withstand guessing at a stolen hash: that is the task of argon2id.
"""

import re
from collections.abc import Iterable

from kiosk.base import codes
from kiosk.base.errors import NotAllowed
from kiosk.vietnam import viet_text

MIN_LENGTH = 8
PASSWORD_LENGTH = 8
MIN_DISTINCT = 4
MIN_DIGITS = 12
"""Shorter passwords of digits alone are telephone numbers, birthdays and PINs."""
MIN_LEFT = 3
"""Characters that must be left of a password without its rows, or without its common words."""
ROWS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "!@#$%^&*()",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)  # fmt: skip
"""Neighbours on a keyboard or in the alphabet; the last one goes down its columns."""
MIN_ROW = 4
MAX_ROW = 26
COMMON_WORDS = (
    "password", "passw", "passwd", "matkhau", "admin", "administrator", "welcome", "letmein", "login", "iloveyou",
    "anhyeuem", "emyeuanh", "yeuem", "yeuanh", "vietnam", "hanoi", "saigon", "hochiminh", "danang", "hue", "khongbiet",
    "khongcho", "kiosk", "phuong", "ubnd", "canbo", "motcua", "kythuat", "master", "monkey", "dragon", "football",
    "sunshine", "princess", "qwerty", "secret", "changeme", "default", "computer", "internet", "congan", "hanhchinh",
    "ghexanhchomua", "baomat", "xinchao", "hello", "gateway", "operator", "officer", "technician", "test",
)  # fmt: skip
_SYLLABLES = """
an anh ba bao bich bien binh bui chau chi cuc cuong dan dang dao dat diem diep do doan duc dung duong duy giang ha hai
hang hanh hien hieu ho hoa hoai hoang hong hue hung huong huy huynh khanh khoa kiet kim lam lan le lien linh loan loc
long ly mai minh my nam nga ngan ngo ngoc nguyen nhan nhi nhu nhung oanh pham phan phat phong phu phuc phung phuong quan
quang quoc quyen quynh son tai tam tan thang thanh thao thi thien thinh tho thoa thu thuy tien tin toan tram tran trang
tri trinh truc trung truong tu tuan tung tuyet uyen van vi viet vinh vo vu xuan y yen
"""
SYLLABLES_OF_NAMES = frozenset(_SYLLABLES.split())
"""Syllables of usual names, without marks: a name and a year is what somebody tries who knows nobody of the ward."""
LONGEST_SYLLABLE = 7
MOST_SYLLABLES = 4
LEET = str.maketrans("013457", "oieast")
ADVICE = (
    "Mời ghép bốn từ không liên quan với nhau, như: ghế xanh chờ mưa.",
    "Join four words that have nothing to do with each other.",
)


def require_strong(password: str, names: Iterable[str] = ()) -> None:
    """Check that a password is not easy to guess.

    Args:
        names: the login, the person's and the ward's name.

    Raises:
        NotAllowed: it is; the text says why, and how to choose another.
    """
    problem = _problem(password, names)
    if problem is not None:
        raise NotAllowed(f"{problem[0]} {ADVICE[0]}", f"{problem[1]} {ADVICE[1]}")


def random_password(names: Iterable[str] = ()) -> str:
    """Return a first password: 8 characters, 36 bits, so sign-in must be rate-limited.

    One that `require_strong` would refuse with these names is drawn again.
    """
    refused = tuple(names)
    while True:
        password = codes.random_letters(PASSWORD_LENGTH)
        if _problem(password, refused) is None:
            return password


def _problem(password: str, names: Iterable[str]) -> tuple[str, str] | None:
    """Return the first problem of a password, in Vietnamese and English."""
    if len(password) < MIN_LENGTH:
        return "Mật khẩu cần ít nhất 8 ký tự.", "A password needs at least 8 characters."
    folded = viet_text.fold(password)
    if len(set(password.casefold())) < MIN_DISTINCT:
        return "Mật khẩu này lặp lại vài ký tự nên dễ đoán.", "This password repeats a few characters."
    if password.isdigit() and len(password) < MIN_DIGITS:
        return "Mật khẩu chỉ có số thì dễ đoán.", "A password of digits alone is easy to guess."
    if len(_without_rows(password.casefold())) < MIN_LEFT:
        return "Mật khẩu này là dãy phím liền nhau nên dễ đoán.", "This password is a row of keys."
    words = _words(names)
    is_name = " " not in password.strip() and bool(letters := _letters(folded)) and _is_name(letters, MOST_SYLLABLES)
    if is_name or _is_common(folded, words) or _is_common(folded.translate(LEET), words):
        return "Mật khẩu này là từ hay gặp hoặc tên nên dễ đoán.", "This password is a common word or a name."
    return None


def _is_name(letters: str, most: int) -> bool:
    """Return whether letters are a name of at most some syllables, written together."""
    if not letters or not most:
        return not letters
    heads = range(1, min(len(letters), LONGEST_SYLLABLE) + 1)
    return any(letters[:end] in SYLLABLES_OF_NAMES and _is_name(letters[end:], most - 1) for end in heads)


def _without_rows(text: str) -> str:
    """Remove each run of at least four neighbours of a row of keys, forwards and backwards."""
    rows = [direction for row in ROWS for direction in (row, row[::-1])]
    for length in range(min(len(text), MAX_ROW), MIN_ROW - 1, -1):
        for start in range(len(text) - length, -1, -1):
            if any(text[start : start + length] in row for row in rows):
                text = text[:start] + text[start + length :]
    return text


def _words(names: Iterable[str]) -> list[str]:
    """Return the common words and the names and their syllables, longest first."""
    words = set(COMMON_WORDS)
    for name in names:
        folded = viet_text.fold(name)
        words |= {_letters(word) for word in (folded, *folded.split())}
    return sorted((word for word in words if len(word) > 2), key=len, reverse=True)


def _is_common(text: str, words: list[str]) -> bool:
    """Return whether nearly nothing but digits and signs is left of a password without its common words."""
    letters = _letters(text)
    left = letters
    for word in words:
        left = left.replace(word, "")
    return left != letters and len(_without_rows(left)) < MIN_LEFT


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text)
