"""A sealed file: a head that anybody may read, then pieces of AES-256-GCM that only the key opens, and only in order.

Each piece is bound to the head, to its place and to whether it is the last: what was cut off, changed or put together
from two files does not open. A key seals one file and no other, so a piece's place is its nonce.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.errors import SealBroken

MAGIC = b"ward-kiosk copy 1\n"
PIECE = 1 << 20
"""Bytes of a piece before it is sealed."""
_TAG = 16
_LONGEST_HEAD = 1 << 20


def write(file: BinaryIO, key: bytes, head: bytes, content: Iterable[bytes]) -> None:
    """Write a head and what is sealed behind it."""
    file.write(MAGIC + len(head).to_bytes(4, "big") + head)
    sealing, held, place = AESGCM(key), bytearray(), 0
    for some in content:
        held += some
        while len(held) > PIECE:
            file.write(sealing.encrypt(_nonce(place), bytes(held[:PIECE]), _bound(head, is_last=False)))
            del held[:PIECE]
            place += 1
    file.write(sealing.encrypt(_nonce(place), bytes(held), _bound(head, is_last=True)))


def read_head(file: BinaryIO) -> bytes:
    """Read the head, up to the first piece; SealBroken when the file does not begin like one of ours."""
    if file.read(len(MAGIC)) != MAGIC:
        raise SealBroken
    length = int.from_bytes(file.read(4), "big")
    head = file.read(length) if length <= _LONGEST_HEAD else b""
    if not head or len(head) != length:
        raise SealBroken
    return head


def read(file: BinaryIO, key: bytes, head: bytes) -> Iterator[bytes]:
    """Give what was sealed, piece by piece; SealBroken as soon as one is not as it was written."""
    opening, place = AESGCM(key), 0
    sealed = file.read(PIECE + _TAG)
    while True:
        following = file.read(PIECE + _TAG)
        try:
            yield opening.decrypt(_nonce(place), sealed, _bound(head, is_last=not following))
        except (InvalidTag, ValueError) as error:
            raise SealBroken from error
        if not following:
            return
        sealed, place = following, place + 1


def _nonce(place: int) -> bytes:
    return place.to_bytes(12, "big")


def _bound(head: bytes, *, is_last: bool) -> bytes:
    return MAGIC + (b"\1" if is_last else b"\0") + head
