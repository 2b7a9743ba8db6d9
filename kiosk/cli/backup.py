"""Commands for the copies: take one now, put one in the store's place, or only try whether that would work."""

import argparse
from typing import Any

from kiosk import clock as clocks
from kiosk.app import open_context
from kiosk.backup import create, restore, rotation
from kiosk.backup.startup import is_lost
from kiosk.backup.verify import Looked
from kiosk.clock import SYSTEM
from kiosk.config import Config
from kiosk.errors import BadSettings
from kiosk.store.db import alone


def add_to(commands: Any) -> None:
    """Add `kiosk backup` and `kiosk restore`."""
    backup = commands.add_parser("backup", help="take a sealed copy of the store now; --list shows what there is")
    backup.add_argument("--list", action="store_true", help="the copies that are kept, the newest first")
    backup.set_defaults(act=take)
    restore = commands.add_parser("restore", help="put a copy in the store's place; the old store is set aside")
    restore.add_argument("--copy", type=int, metavar="N", help="this copy (default: the newest that is sound)")
    restore.add_argument("--drill", action="store_true", help="only try it: open a copy and look it through")
    restore.add_argument("--replace", action="store_true", help="also when the store is sound")
    restore.set_defaults(act=put_back)


def take(config: Config, asked: argparse.Namespace) -> int:
    """Take a copy now, or list what there is."""
    if config.backup_folder is None:
        raise BadSettings(
            "Chưa đặt nơi sao lưu: ghi thư mục trên ổ thứ hai vào [backup] path của kiosk.toml.",
            "No place for copies: write a folder on a second disk into [backup] path of kiosk.toml.",
        )
    if not asked.list:
        context = open_context(config)
        try:
            path = create.take(context)
        finally:
            context.store.close()
        print(f"Đã sao lưu: {path} ({path.stat().st_size / 1e6:.1f} MB)")
    for copy in rotation.listed(config.backup_folder, config.kiosk.id):
        print(f"  bản {copy.number:6}  {_when(copy)}  {copy.bytes / 1e6:8.1f} MB")
    return 0


def put_back(config: Config, asked: argparse.Namespace) -> int:
    """Put a copy in the store's place, or only try it; exit status 1 when records in it do not open."""
    if asked.drill:
        looked = restore.drill(config, asked.copy)
        print("Diễn tập khôi phục: mở được, kho đang dùng không thay đổi.")
        _tell(looked)
        return 1 if looked.broken else 0
    config.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(config.store_path):
        restore.finish(config)
        if not asked.replace and config.store_path.exists() and not is_lost(config):
            raise BadSettings(
                "Kho đang dùng vẫn tốt. Nếu vẫn muốn thay bằng bản sao, thêm --replace (kho cũ được cất riêng).",
                "The store is sound. To put a copy in its place all the same, add --replace (it is set aside).",
            )
        done = restore.restore(config, SYSTEM, asked.copy)
    print("Đã khôi phục.")
    _tell(done.looked)
    for gap in done.gaps:
        print(f"  Thiếu số phiếu: {gap.words}")
    if not done.gaps:
        print("  Không thiếu số phiếu nào.")
    if done.aside:
        print(f"  Kho cũ cất ở {done.aside}. Đừng xóa.")
    return 1 if done.looked.broken else 0


def _tell(looked: Looked) -> None:
    print(f"  Bản {looked.copy.number}, lập lúc {_when(looked.copy)}: {looked.forms} tờ khai.")
    print(f"  Mở thử {looked.bodies} tờ còn nội dung: {looked.bodies - looked.broken} tờ đúng nguyên văn.")
    if looked.trail is not None:
        print(f"  Nhật ký không còn nguyên từ dòng {looked.trail}.")


def _when(copy: rotation.Copy) -> str:
    return f"{clocks.local(copy.made_at):%H:%M:%S, %d/%m/%Y}"
