"""Ways into a machine whose screen is locked: the technician's pages on the LAN, and ssh with a key.

A locked screen opens citizens' pages only, and its keyboard has no keys that lead elsewhere. Without one of these ways
only a disk from outside opens the machine again.
"""

import socket
from pathlib import Path

from kiosk.context import Context
from kiosk.health import lan, machine
from kiosk.health.machine import Machine
from kiosk.records import staff

KEYS = "etc/ssh/authorized_keys"
"""Folder with a file of public keys for each account; what is in the folders of people the kiosk may not see."""
SSH_PORT = 22
SECONDS = 2.0
NO_WAY_IN = (
    "Chưa khóa màn hình: khóa rồi thì không còn đường vào máy. Làm một trong hai việc rồi bấm lại. Mở trang kỹ thuật ra"
    " mạng: Bảo trì, Chứng thư, lập chứng thư; Cài đặt, Mạng nội bộ, ghi địa chỉ; thêm một cán bộ kỹ thuật; khởi động"
    " lại. Hoặc cài ssh và chép khóa công khai vào /etc/ssh/authorized_keys.",
    "The screen is not locked: nobody could get into the machine again. Open the technician's pages on the LAN (a"
    " certificate, [lan] host, an account of a technician), or install ssh with a public key in"
    " /etc/ssh/authorized_keys.",
)


def leaves_way_in(context: Context, this: Machine | None = None) -> bool:
    """Return whether somebody gets into the machine when its screen is locked; without the package nothing locks."""
    this = this or machine.this_machine()
    return not this.is_installed() or _has_lan(context) or _has_ssh(this.root)


def _has_lan(context: Context) -> bool:
    """Return whether a technician can sign in from the LAN: the machine's own password works at the machine only."""
    with context.store.read() as db:
        can_sign_in = any(person.role == "technician" and person.is_active for person in staff.list_all(db))
    return can_sign_in and lan.check(context).state == "ok"


def _has_ssh(root: Path) -> bool:
    try:
        has_key = any(path.stat().st_size for path in (root / KEYS).iterdir())
        with socket.create_connection(("127.0.0.1", SSH_PORT), SECONDS) as wire:
            wire.settimeout(SECONDS)
            return has_key and wire.recv(4) == b"SSH-"
    except OSError:
        return False
