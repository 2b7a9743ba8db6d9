"""A sealed file opens whole or not at all."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.backup import sealed_file
from kiosk.base.errors import SealBroken

KEY = b"k" * 32
OTHER_KEY = b"o" * 32
HEAD = b'{"number": 1}'
PIECES = 3


def seal_content(content: bytes, head: bytes = HEAD, key: bytes = KEY) -> bytes:
    file = io.BytesIO()
    sealed_file.write(file, key, head, [content])
    return file.getvalue()


def open_content(whole: bytes, key: bytes = KEY) -> bytes:
    file = io.BytesIO(whole)
    return b"".join(sealed_file.read(file, key, sealed_file.read_head(file)))


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_file, "PIECE", 16)


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 32, 100])
def test_what_was_sealed_opens(size: int) -> None:
    assert open_content(seal_content(b"x" * size)) == b"x" * size


def test_the_content_cannot_be_read_and_the_head_can() -> None:
    whole = seal_content(b"Nguyen Thi Bich Ngoc")
    assert b"Bich" not in whole
    assert sealed_file.read_head(io.BytesIO(whole)) == HEAD


@given(st.data())
def test_a_file_that_was_cut_anywhere_does_not_open(data: st.DataObject) -> None:
    whole = seal_content(b"x" * 16 * PIECES)
    at = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(SealBroken):
        open_content(whole[:at])


@given(st.data())
def test_one_changed_bit_anywhere_is_noticed(data: st.DataObject) -> None:
    whole = bytearray(seal_content(b"x" * 16 * PIECES))
    at = data.draw(st.integers(0, len(whole) - 1))
    bit = data.draw(st.integers(0, 7))
    whole[at] ^= 1 << bit
    with pytest.raises(SealBroken):
        open_content(bytes(whole))


def test_pieces_cannot_change_places_or_files() -> None:
    whole = seal_content(b"a" * 16 + b"b" * 16 + b"c")
    start = len(sealed_file.MAGIC) + 4 + len(HEAD)
    first = whole[start : start + 32]
    second = whole[start + 32 : start + 64]
    rest = whole[start + 64 :]
    for mixed in (second + first + rest, first + rest, first + second + second + rest):
        with pytest.raises(SealBroken):
            open_content(whole[:start] + mixed)
    with pytest.raises(SealBroken):
        open_content(whole, OTHER_KEY)
    with pytest.raises(SealBroken):
        open_content(seal_content(b"a", head=b'{"number": 2}').replace(b": 2", b": 1"))
