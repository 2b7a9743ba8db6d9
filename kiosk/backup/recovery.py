"""The recovery pair: its private half is on paper in the ward's safe, its public half in the store.

Each copy is also sealed to the public half (HPKE, RFC 9180) and holds the key file of its store, so the paper and a
copy restore a machine that is lost with its key. The private half is written on no disk: 18 words and a QR code of the
same 18 bytes, of which the last two are a checksum. A stand-by has a pair of its own: its private half is a file there,
and copies are sealed to its public half too.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlite_utils import Database

from kiosk.base.errors import RecoveryPaperWrong, SealBroken
from kiosk.records import marks
from kiosk.vietnam.viet_text import fold

CODE_HEAD = "KHOA1-"
SEED_BYTES = 16
WORDS = 18
CHECKSUM_BYTES = WORDS - SEED_BYTES
_PUBLIC_BYTES = 32
PUBLIC_HEAD = "DP1-"
"""Begins the public half of a stand-by's pair, as it is typed."""
_MARK = "recovery"
_STANDBY_MARK = "standby"
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True)
class RecoveryPaper:
    """The private half, as the paper has it."""

    seed: bytes

    @property
    def words(self) -> tuple[str, ...]:
        """The 18 words of the paper, one for each byte."""
        return tuple(_words()[byte] for byte in self._checked)

    @property
    def code(self) -> str:
        """The text of the QR code."""
        return CODE_HEAD + base64.b32encode(self._checked).decode().rstrip("=")

    @property
    def public(self) -> str:
        """The public half as base64."""
        return base64.b64encode(self._private.public_key().public_bytes_raw()).decode()

    def open(self, head: Mapping[str, Any]) -> bytes:
        """Return the key of a copy's content.

        Raises:
            RecoveryPaperWrong: the copy was sealed to another paper, or to none.
            SealBroken: the head was changed.
        """
        members = (head.get("recovery"), head.get("standby"))
        sealed = next((each for each in members if isinstance(each, dict) and each.get("public") == self.public), None)
        if sealed is None:
            raise RecoveryPaperWrong(
                "Giấy khôi phục này không mở được bản sao: bản sao lập trước khi có giấy, hoặc theo giấy khác.",
                "This recovery paper does not open the copy: the copy is older than the paper, or of another one.",
            )
        try:
            return _SUITE.decrypt(base64.b64decode(sealed["key"]), self._private, info=_bound(head))
        except (InvalidTag, KeyError, TypeError, ValueError) as error:
            raise SealBroken from error

    @property
    def _checked(self) -> bytes:
        return self.seed + _checksum(self.seed)

    @cached_property
    def _private(self) -> X25519PrivateKey:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"ward-kiosk recovery 1").derive(self.seed)
        return X25519PrivateKey.from_private_bytes(derived)


@dataclass(frozen=True)
class RecoveryState:
    """Recovery paper of a store: public half, creation time, time of the last drill."""

    public: str
    made_at: str
    tried_at: str = ""


def parse_paper(text: str) -> RecoveryPaper:
    """Return the paper of the typed words, with or without their marks, or of the scanned code.

    Raises:
        RecoveryPaperWrong: it is mistyped; the message names the place.
    """
    text = text.strip()
    content = _parse_code(text) if text.upper().startswith(CODE_HEAD) else _parse_words(fold(text).split())
    paper = RecoveryPaper(content[:SEED_BYTES])
    if paper._checked != content:
        raise RecoveryPaperWrong
    return paper


def seal(public: str, key: bytes, head: Mapping[str, Any]) -> dict[str, str]:
    """Seal the key of a copy's content to the paper; the result is `recovery` in the copy's head."""
    recipient = X25519PublicKey.from_public_bytes(base64.b64decode(public))
    sealed = _SUITE.encrypt(key, recipient, info=_bound(head))
    return {"public": public, "key": base64.b64encode(sealed).decode()}


def public_code(public: str) -> str:
    """Return a public half as a code that is typed at another machine."""
    content = base64.b64decode(public)
    return PUBLIC_HEAD + base64.b32encode(content + _checksum(content)).decode().rstrip("=")


def parse_public_code(text: str) -> str:
    """Return the public half of a typed code.

    Raises:
        RecoveryPaperWrong: it is mistyped.
    """
    letters = "".join(text.split()).upper().removeprefix(PUBLIC_HEAD)
    content = _decode(letters)
    if len(content) != _PUBLIC_BYTES + CHECKSUM_BYTES or _checksum(content[:_PUBLIC_BYTES]) != content[_PUBLIC_BYTES:]:
        raise RecoveryPaperWrong(
            "Mã của máy dự phòng gõ chưa đúng. Xem lại trên máy dự phòng (kiosk standby prepare) rồi gõ lại cả dòng.",
            "The stand-by's code is mistyped. Look at it again there (kiosk standby prepare), and type the whole line.",
        )
    return base64.b64encode(content[:_PUBLIC_BYTES]).decode()


def read_standby(db: Database) -> str:
    """Return the public half of the stand-by's pair; empty when there is none."""
    return marks.get(db, _STANDBY_MARK) or ""


def save_standby(db: Database, public: str) -> None:
    """Save the public half of the stand-by's pair."""
    marks.put(db, _STANDBY_MARK, public)


def read_state(db: Database) -> RecoveryState | None:
    """Return what the store knows of its paper; None when there is none."""
    text = marks.get(db, _MARK)
    return RecoveryState(**json.loads(text)) if text else None


def save_state(db: Database, state: RecoveryState) -> None:
    """Save what the store knows of its paper."""
    marks.put(db, _MARK, json.dumps(state.__dict__))


def _bound(head: Mapping[str, Any]) -> bytes:
    """Return the facts of a head that the sealed key is bound to."""
    return json.dumps([head["kiosk"], head["store"], head["number"], head["salt"]]).encode()


@cache
def _words() -> tuple[str, ...]:
    return tuple(Path(__file__).with_name("recovery_words.txt").read_text("utf-8").split())


@cache
def _byte_of_word() -> dict[str, int]:
    return {fold(word): byte for byte, word in enumerate(_words())}


def _parse_words(words: list[str]) -> bytes:
    if len(words) != WORDS:
        raise RecoveryPaperWrong(
            f"Giấy khôi phục có {WORDS} chữ, vừa gõ {len(words)}. Gõ lại cả {WORDS} chữ, cách nhau một dấu cách.",
            f"The recovery paper has {WORDS} words, {len(words)} were typed. Type all {WORDS}, with spaces between.",
        )
    for place, word in enumerate(words, 1):
        if word not in _byte_of_word():
            raise RecoveryPaperWrong(
                f"Chữ thứ {place} không có trong giấy khôi phục nào. Xem lại rồi gõ lại.",
                f"Word {place} is on no recovery paper. Look again, then type again.",
            )
    return bytes(_byte_of_word()[word] for word in words)


def _parse_code(code: str) -> bytes:
    content = _decode(code.upper().removeprefix(CODE_HEAD))
    if len(content) != WORDS:
        raise RecoveryPaperWrong
    return content


def _checksum(content: bytes) -> bytes:
    return sha256(content).digest()[:CHECKSUM_BYTES]


def _decode(letters: str) -> bytes:
    try:
        return base64.b32decode(letters + "=" * (-len(letters) % 8))
    except (binascii.Error, ValueError) as error:
        raise RecoveryPaperWrong from error
