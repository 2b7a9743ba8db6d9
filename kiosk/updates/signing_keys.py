"""Keys that sign releases: Ed25519, one PEM file each, sealed with a password unless a machine must sign by itself."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner

from kiosk.base.errors import BadSettings
from kiosk.store import files

SEALED = b"ENCRYPTED"


def make_key(path: Path, password: str) -> CryptoSigner:
    """Make a key and write it; an empty password leaves the file unsealed, for the machine that signs each night.

    Raises:
        BadSettings: the file exists: a key is never replaced.
    """
    if path.exists():
        raise BadSettings(
            f"Đã có khóa {path}: khóa ký bản phát hành không bị ghi đè.",
            f"The key {path} exists: a key that signs releases is never replaced.",
        )
    private = Ed25519PrivateKey.generate()
    sealing: KeySerializationEncryption = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    files.write_atomic(path, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealing))
    return CryptoSigner(private)


def is_sealed(path: Path) -> bool:
    """Return whether a key file needs a password."""
    return SEALED in path.read_bytes()


def open_key(path: Path, password: str = "") -> CryptoSigner:  # nosec B107 # empty: the key file has no password
    """Open a key file.

    Raises:
        BadSettings: the password is wrong, or the file is no key.
    """
    try:
        private = load_pem_private_key(path.read_bytes(), password.encode() or None)
        return CryptoSigner(private)
    except (ValueError, TypeError, OSError) as cause:
        raise BadSettings(
            f"Không mở được khóa {path}: sai mật khẩu, hoặc tệp không phải là khóa.",
            f"The key {path} does not open: the password is wrong, or it is no key.",
        ) from cause
