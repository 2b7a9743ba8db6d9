"""Owner of the data folder: only that user may write there.

A command that root runs once leaves files that the kiosk's user cannot open: a lock, a log, the store itself.
"""

import os
import pwd
from pathlib import Path
from typing import BinaryIO

from kiosk.base.errors import StoreUnavailable, WrongUser

_ROOT = 0


def require_owner(folder: Path, store: Path) -> None:
    """Refuse to go on as another user than the owner of the data folder and of the store in it.

    Before the folder exists, root is refused where it would create it inside another user's folder.

    Raises:
        WrongUser: this process runs as another user.
    """
    user = os.geteuid()
    for path in (folder, store):
        if path.exists() and path.stat().st_uid != user:
            raise _wrong_user(path, path.stat().st_uid, user)
    if not folder.exists() and user == _ROOT:
        parent = next(parent for parent in folder.absolute().parents if parent.exists())
        if parent.stat().st_uid != _ROOT:
            raise _wrong_user(parent, parent.stat().st_uid, user)


def open_lock(path: Path) -> BinaryIO:
    """Open a lock file.

    Raises:
        StoreUnavailable: it belongs to another user, or the folder refuses.
    """
    try:
        return path.open("wb")
    except OSError as error:
        raise StoreUnavailable(
            f"Máy không mở được tệp {path}: thường do từng chạy một lệnh bằng người dùng khác. Trả tệp cho chủ của thư "
            f"mục: chown --reference={path.parent} {path}",
            f"The file {path} cannot be opened, mostly because a command once ran as another user. Give it back: "
            f"chown --reference={path.parent} {path}",
        ) from error


def _wrong_user(path: Path, owner: int, user: int) -> WrongUser:
    if owner == 0:  # as root nothing of the kiosk runs: the package's command goes back to its own user
        name = user_name(user)
        return WrongUser(
            f"{path} thuộc về root, còn máy chạy bằng {name}. Trả lại cho {name}: chown -R {name}: {path.parent}",
            f"{path} belongs to root, but the kiosk runs as {name}. Give it back: chown -R {name}: {path.parent}",
        )
    return WrongUser(
        f"{path} thuộc về người dùng {user_name(owner)}, còn lệnh này chạy bằng {user_name(user)}. Chạy lại bằng "
        f"người dùng đó: sudo -u {user_name(owner)} (hoặc su - {user_name(owner)}), rồi gõ lại lệnh.",
        f"{path} belongs to {user_name(owner)}, but this command runs as {user_name(user)}. Run it as that user: "
        f"sudo -u {user_name(owner)} (or su - {user_name(owner)}), then the same command.",
    )


def user_name(user: int) -> str:
    """Return the name of a user; its number if it has none."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"#{user}"
