"""New passwords of the commands: asked for twice at a terminal, or read once from standard input."""

import getpass
import sys

from kiosk.base.errors import BadSettings


def ask_new_password() -> str:
    """Return a new password.

    Raises:
        BadSettings: the two that were typed differ.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Mật khẩu mới: ")
    if getpass.getpass("Gõ lại mật khẩu mới: ") != password:
        raise BadSettings(
            "Hai lần gõ mật khẩu chưa giống nhau. Chưa đổi gì; mời chạy lại lệnh.",
            "The two passwords differ. Nothing was changed; run the command again.",
        )
    return password
