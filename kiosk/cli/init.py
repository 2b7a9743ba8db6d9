"""`kiosk init`: create the store and its key, once in the life of a machine."""

import argparse
import sys

from kiosk.backup import page_chain, rotation
from kiosk.backup.startup import is_lost, is_missing
from kiosk.base.errors import BadSettings, RecoveryPaperWrong
from kiosk.cli import recovery
from kiosk.config import Config
from kiosk.dossiers import numbering
from kiosk.startup.context_factory import create_store, open_context


def add_init(command: argparse.ArgumentParser) -> None:
    """Add the options of `kiosk init`."""
    command.add_argument("--new", action="store_true", help="also when there are copies of a machine of this name")
    command.set_defaults(act=init)


def init(config: Config, args: argparse.Namespace) -> int:
    """Create the store, its key and, at a terminal, the recovery paper, unless they exist; copies are restored instead.

    Raises:
        BadSettings: there is a key without a store, or there are copies of this kiosk.
        BackupMissing: the medium of the copies is missing.
    """
    is_new = is_missing(config)
    if is_new:
        _refuse_lost_store(config)
        if not args.new:
            _refuse_beside_copies(config)
        create_store(config)
    context = open_context(config)
    with context.store.write() as db:
        numbering.mark_fresh(db)
    context.store.close()
    print(f"Kho: {config.store_path}\nKhóa: {config.key_path}")
    if is_new and sys.stdin.isatty():
        _make_paper(config, args)
    else:
        print("Tiếp theo, lập giấy khôi phục cho két của phường: kiosk recovery new")
    print(f"Máy chạy rồi thì mở http://127.0.0.1:{config.web.port}/technician/ ngay trên máy: Lần đầu bật máy.")
    return 0


def _make_paper(config: Config, args: argparse.Namespace) -> None:
    """Make the recovery paper while somebody sits at the terminal; the store is complete without it."""
    args.printer = bool(config.printers)
    try:
        recovery.make_new(config, args)
    except RecoveryPaperWrong as error:
        print(f"{error.vi}\nKho đã lập xong, giấy thì chưa. Lập lại: kiosk recovery new")


def _refuse_lost_store(config: Config) -> None:
    """Refuse beside a key: its store was lost, and would get a second one with the same receipt numbers."""
    if is_lost(config) or config.key_path.exists():
        raise BadSettings(
            f"Có khóa {config.key_path} mà không có kho: kho đã mất. Cắm ổ sao lưu rồi chạy: kiosk restore",
            f"There is a key {config.key_path} without its store: the store was lost. Put the backup disk in and run: "
            "kiosk restore",
        )


def _refuse_beside_copies(config: Config) -> None:
    second = config.second_folder
    if second is not None and page_chain.highest_generation(second, config.kiosk.id):
        raise BadSettings(
            f"Ở {second} có bản từng phút của máy {config.kiosk.id}: máy này đã dùng rồi. Máy dự phòng tiếp quản: "
            "kiosk standby take-over. Thay máy hỏng: kiosk restore --paper",
            f"There are minute copies of {config.kiosk.id} in {second}: this machine was in use. A stand-by: "
            "kiosk standby take-over. In place of a broken machine: kiosk restore --paper",
        )
    folder = config.backup_folder
    count = rotation.count_files(folder, config.kiosk.id) if folder else 0
    if count:
        raise BadSettings(
            f"Ở {folder} có {count} bản sao của máy {config.kiosk.id}: máy này đã dùng rồi. Khôi phục: kiosk restore\n"
            "Chỉ khi không bản nào dùng được nữa: kiosk init --new (các bản sao cũ giữ nguyên).",
            f"There are {count} copies of {config.kiosk.id} in {folder}: this machine was in use. Restore: "
            "kiosk restore\nOnly when none of them can be used: kiosk init --new (the old copies stay).",
        )
