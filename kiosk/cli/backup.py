"""`kiosk backup` and `kiosk restore`: back up now, restore a copy, or only try whether it would work."""

import argparse
from contextlib import suppress
from pathlib import Path

from kiosk.acts import backups
from kiosk.backup import create, lost_log, page_chain, restore, rotation
from kiosk.backup.recovery import RecoveryPaper
from kiosk.backup.restore import RestoreResult
from kiosk.backup.settings_copy import SettingsOfCopy, read_settings
from kiosk.backup.startup import is_lost, is_missing
from kiosk.backup.unpack import CopyKeys
from kiosk.backup.verify import CopyReport
from kiosk.base import clock as clocks
from kiosk.base.clock import SYSTEM
from kiosk.base.errors import BadSettings, KeyMissing, KioskError
from kiosk.cli.recovery import ask_for_paper
from kiosk.config import Config
from kiosk.startup.context_factory import open_context
from kiosk.store.db import exclusive
from kiosk.store.vault import read_vault


def add_backup(command: argparse.ArgumentParser) -> None:
    """Add the options of `kiosk backup`."""
    command.add_argument("--list", action="store_true", help="the copies that are kept, the newest first")
    command.set_defaults(act=back_up)


def add_restore(command: argparse.ArgumentParser) -> None:
    """Add the options of `kiosk restore`."""
    command.add_argument("--copy", type=int, metavar="N", help="this copy (default: the newest that is sound)")
    which = command.add_mutually_exclusive_group()
    which.add_argument("--drill", action="store_true", help="only try it: open a copy and look it through")
    which.add_argument(
        "--settings",
        type=Path,
        metavar="FOLDER",
        help="also kiosk.toml, from the newest copy in this folder: for a machine that replaces a lost one",
    )
    command.add_argument("--kiosk", default="", metavar="ID", help="of --settings: the lost machine, of several there")
    command.add_argument("--paper", action="store_true", help="open it with the recovery paper, without the key file")
    command.add_argument("--replace", action="store_true", help="also when the store is sound")
    command.set_defaults(act=restore_copy)


def back_up(config: Config, args: argparse.Namespace) -> int:
    """Back up the store now, or list the copies."""
    if config.backup_folder is None:
        raise BadSettings(
            "Chưa đặt nơi sao lưu: ghi thư mục trên ổ thứ hai vào [backup] path của kiosk.toml.",
            "No place for copies: write a folder on a second disk into [backup] path of kiosk.toml.",
        )
    if not args.list:
        context = open_context(config)
        try:
            path = create.create(context)
        finally:
            context.store.close()
        print(f"Đã sao lưu: {path} ({path.stat().st_size / 1e6:.1f} MB)")
    for copy in rotation.list_copies(config.backup_folder, config.kiosk.id):
        print(f"  bản {copy.number:6}  {when(copy)}  {copy.bytes / 1e6:8.1f} MB  kho {copy.store_id or 'bản cũ'}")
    for path in rotation.list_renamed(config.backup_folder, config.kiosk.id):
        print(f"  {path.name}: tệp bị đổi tên, máy không dùng")
    _list_chains(config)
    return 0


def _list_chains(config: Config) -> None:
    """Print the chains of minute copies, if there is a folder for them."""
    for chain in page_chain.list_chains(config.second_folder, config.kiosk.id) if config.second_folder else []:
        newest = chain[-1]
        size = sum(file.path.stat().st_size for file in chain) / 1e6
        at = f"{clocks.local(newest.made_at):%H:%M:%S, %d/%m/%Y}"
        print(f"  từng phút   {at}  {size:8.1f} MB  kho {newest.store_id}  ({len(chain)} tệp)")


def restore_copy(config: Config, args: argparse.Namespace) -> int:
    """Replace the store by a copy, or only try it; exit status 1 when records of the copy do not open.

    With `--settings` the copies are those of the machine that the settings name. The files that they name are written
    before the store, kiosk.toml after it: a restore that fails changes nothing that is in use.
    """
    if args.kiosk and not args.settings:
        raise BadSettings(
            "--kiosk chỉ dùng cùng --settings: thêm thư mục của bản sao.",
            "--kiosk goes with --settings: add the folder of the copies.",
        )
    paper = ask_for_paper() if args.paper else None
    if args.drill:
        return _drill(config, args.copy, paper)
    config.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lost_log.notice(config, SYSTEM)  # before the check of the old store, which makes a new log
    with exclusive(config.store_path):
        restore.finish(config)
        if not args.replace and config.store_path.exists() and not is_lost(config):
            raise BadSettings(
                "Kho đang dùng vẫn tốt. Nếu vẫn muốn thay bằng bản sao, thêm --replace (kho cũ được cất riêng).",
                "The store is sound. To put a copy in its place all the same, add --replace (it is set aside).",
            )
        try:
            settings = _read_settings(config, args, paper) if args.settings else None
            if settings:
                config = settings.config
                for path in settings.write_files():
                    print(f"Lấy lại {path}.")
            done = restore.restore(config, SYSTEM, args.copy, paper)
            if settings:
                settings.edit.save()
        except KeyMissing as error:
            raise KeyMissing(
                f"{error.vi} Không có tệp khóa thì dùng giấy khôi phục: kiosk restore --paper",
                f"{error.en} Without the key file, use the recovery paper: kiosk restore --paper",
            ) from error
    print("Đã khôi phục.")
    _print_result(config, done)
    return 1 if done.report.broken else 0


def _print_result(config: Config, done: RestoreResult) -> None:
    """Print which copy was restored, which numbers are missing, and where the old store is."""
    print_report(done.report)
    if done.newest > done.report.copy.number:
        print(f"  Bản mới nhất từng lập là bản {done.newest}: nay không còn ở ổ sao lưu, hoặc không dùng được.")
    for gap in done.gaps:
        print(f"  Thiếu số phiếu: {gap.words}")
    if not done.gaps:
        print("  Không thiếu số phiếu nào so với kho cũ.")
    if done.aside:
        print(f"  Kho cũ cất ở {done.aside}, máy tự xóa sau {config.keep.aside_days} ngày.")


def _read_settings(config: Config, args: argparse.Namespace, paper: RecoveryPaper | None) -> SettingsOfCopy:
    """Return the settings of the newest copy in the folder of `--settings`; they are written after the store."""
    keys = CopyKeys(paper=paper) if paper else CopyKeys(vault=read_vault(config.key_path))
    file = config.file or config.root / "kiosk.toml"
    settings = read_settings(file, args.settings.resolve(), keys, args.kiosk)
    copy = settings.copy
    name = "bản từng phút" if copy.is_of_minute else f"bản {copy.number}"
    at = f"{clocks.local(settings.made_at):%H:%M:%S, %d/%m/%Y}"
    print(f"Lấy lại kiosk.toml của máy {settings.config.kiosk.id} từ {name}, ghi lúc {at}.")
    return settings


def _drill(config: Config, number: int | None, paper: RecoveryPaper | None) -> int:
    report = restore.drill(config, number, paper)
    print("Diễn tập khôi phục: mở được, kho đang dùng không thay đổi.")
    print_report(report)
    if not is_missing(config):
        with suppress(KioskError):  # a store that cannot be opened is why somebody tries its copies
            context = open_context(config)
            backups.record_drill(context, report, paper, actor="cli")
            context.store.close()
    return 1 if report.broken else 0


def print_report(report: CopyReport) -> None:
    """Print which copy was opened, and what is in it."""
    name = "Bản từng phút" if report.copy.is_of_minute else f"Bản {report.copy.number}"
    print(f"  {name}, lập lúc {when(report.copy)}: {report.forms} tờ khai.")
    print(f"  Mở thử {report.bodies} tờ còn nội dung: {report.bodies - report.broken} tờ đúng nguyên văn.")
    if report.trail is not None:
        print(f"  Nhật ký không còn nguyên từ dòng {report.trail}.")


def when(copy: rotation.BackupCopy) -> str:
    """Return when a copy was made, in the ward's time."""
    return f"{clocks.local(copy.made_at):%H:%M:%S, %d/%m/%Y}"
