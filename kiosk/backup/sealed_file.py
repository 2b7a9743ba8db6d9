"""The format of a sealed file: a readable head, then pieces of AES-256-GCM that open only in order.

Each piece is bound to the head, to its index and to whether it is the last, so a file that was cut, changed or joined
from two files does not open. A key seals one file only, so the index of a piece is its nonce.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.base.errors import SealBroken

MAGIC = b"ward-kiosk copy 1\n"
PIECE = 1 << 20
"""Bytes of a piece before it is sealed."""
_TAG = 16
_MAX_HEAD = 1 << 20


def write(file: BinaryIO, key: bytes, head: bytes, content: Iterable[bytes]) -> None:
    """Write the head and the sealed content."""
    file.write(MAGIC + len(head).to_bytes(4, "big") + head)
    cipher = AESGCM(key)
    buffer = bytearray()
    index = 0
    for chunk in content:
        buffer += chunk
        while len(buffer) > PIECE:
            file.write(cipher.encrypt(_nonce(index), bytes(buffer[:PIECE]), _bound(head, is_last=False)))
            del buffer[:PIECE]
            index += 1
    file.write(cipher.encrypt(_nonce(index), bytes(buffer), _bound(head, is_last=True)))


def read_head(file: BinaryIO) -> bytes:
    """Read the head and stop before the first piece.

    Raises:
        SealBroken: the file does not begin with a valid head.
    """
    if file.read(len(MAGIC)) != MAGIC:
        raise SealBroken
    length = int.from_bytes(file.read(4), "big")
    head = file.read(length) if length <= _MAX_HEAD else b""
    if not head or len(head) != length:
        raise SealBroken
    return head


def read(file: BinaryIO, key: bytes, head: bytes) -> Iterator[bytes]:
    """Yield the content piece by piece.

    Raises:
        SealBroken: at the first piece that was changed.
    """
    cipher = AESGCM(key)
    index = 0
    sealed = file.read(PIECE + _TAG)
    while True:
        following = file.read(PIECE + _TAG)
        try:
            yield cipher.decrypt(_nonce(index), sealed, _bound(head, is_last=not following))
        except (InvalidTag, ValueError) as error:
            raise SealBroken from error
        if not following:
            return
        sealed = following
        index += 1


def _nonce(index: int) -> bytes:
    return index.to_bytes(12, "big")


def _bound(head: bytes, *, is_last: bool) -> bytes:
    return MAGIC + (b"\1" if is_last else b"\0") + head
