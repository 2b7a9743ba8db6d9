"""The key file: a header and the store's key in base64, on the disk of the store or on another medium."""

import base64
from pathlib import Path

from kiosk.base.errors import KeyMissing, KeyWrong
from kiosk.store import files

KEY_BYTES = 32
_HEADER = "ward-kiosk key 1"


def read(path: Path) -> bytes:
    """Return the key of a file.

    Raises:
        KeyMissing: the file is gone, or belongs to another user.
        KeyWrong: it is damaged.
    """
    try:
        return parse(path.read_bytes())
    except PermissionError as error:
        raise KeyMissing(
            f"Máy không đọc được tệp khóa {path}: tệp có đó nhưng thuộc về người dùng khác. Chạy lệnh bằng đúng người "
            "dùng của máy, hoặc trả tệp cho người đó (chown), quyền 600.",
            f"The key file {path} is there and cannot be read: it belongs to another user. Run the command as the "
            "kiosk's user, or give the file back (chown), mode 600.",
        ) from error
    except OSError as error:
        raise KeyMissing from error


def parse(content: bytes) -> bytes:
    """Return the key in the content of a file.

    Raises:
        KeyWrong: it is damaged.
    """
    try:
        header, text = content.decode("ascii").splitlines()
        key = base64.b64decode(text, validate=True)
    except ValueError as error:  # not ASCII, not two lines, not base64
        raise KeyWrong from error
    if header != _HEADER or len(key) != KEY_BYTES:
        raise KeyWrong
    return key


def write(path: Path, key: bytes) -> None:
    """Write a new key file; when two processes start at once, the first one's key stays.

    The folder is not created: a USB key that is not connected must not become a folder on the disk.

    Raises:
        OSError: the folder refuses.
    """
    files.write_once(path, content_of(key))


def content_of(key: bytes) -> bytes:
    """Return the content of the file of a key."""
    return f"{_HEADER}\n{base64.b64encode(key).decode()}\n".encode("ascii")
