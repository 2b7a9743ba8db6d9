"""`kiosk standby`: a cold stand-by takes over the ward's kiosk, or looks whether it could.

The second machine has the software, the same kiosk.toml and the copies of each minute, and no store of its own, or one
that was never used (a package makes it at the first start).
"""

import argparse
import sys
from threading import Event

from kiosk.acts import backups
from kiosk.backup import lost_log, recovery, restore, take_over
from kiosk.backup.recovery import SEED_BYTES, RecoveryPaper, parse_paper
from kiosk.backup.startup import is_lost, is_missing
from kiosk.base import codes
from kiosk.base.clock import SYSTEM
from kiosk.base.errors import BadSettings, FormerMachineOn, KeyMissing
from kiosk.cli.agreement import asking_the_lead
from kiosk.cli.backup import print_report, when
from kiosk.cli.recovery import ask_for_paper
from kiosk.config import Config
from kiosk.startup.context_factory import open_context
from kiosk.store import files
from kiosk.store.db import exclusive

MINUTES_LATE = 5


def add_standby(command: argparse.ArgumentParser) -> None:
    """Add the acts of `kiosk standby`."""
    acts = command.add_subparsers(dest="what", required=True, metavar="what")
    prepare = acts.add_parser("prepare", help="here: make this machine's own key, and show the code for the other one")
    prepare.set_defaults(act=prepare_key)
    trust = acts.add_parser("trust", help="at the machine in use: let the stand-by of this code open the copies")
    trust.add_argument("code", help="as kiosk standby prepare shows it")
    trust.set_defaults(act=trust_code)
    check = acts.add_parser("check", help="open the newest copy; exit status 1 when it is old")
    check.add_argument("--paper", action="store_true", help="open it with the recovery paper, without a key file")
    check.set_defaults(act=check_copies)
    take = acts.add_parser("take-over", help="go on as the ward's kiosk; the former machine must be off")
    take.add_argument("--paper", action="store_true", help="open the copies with the recovery paper")
    take.add_argument("--former", action="append", default=[], metavar="HOST[:PORT]", help="also ask this address")
    take.add_argument("--former-is-off", action="store_true", help="the machine is off: do not ask me to type its id")
    take.set_defaults(act=take_over_now)


def prepare_key(config: Config, args: argparse.Namespace) -> int:
    """Make this machine's pair, unless it has one, and print its public half."""
    config.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files.write_once(config.standby_key_path, RecoveryPaper(codes.random_bytes(SEED_BYTES)).code.encode())
    print("Gõ lệnh này ở máy đang dùng (mã không phải bí mật):")
    print(f"  kiosk standby trust {recovery.public_code(_own_key(config).public)}")
    return 0


def trust_code(config: Config, args: argparse.Namespace) -> int:
    """Save the public half of a stand-by's pair at the machine in use."""
    public = recovery.parse_public_code(args.code)
    context = open_context(config)
    try:
        with asking_the_lead(context):
            backups.trust_standby(context, public)
    finally:
        context.store.close()
    print("Từ bản sao tới, máy dự phòng mở được bản sao bằng khóa của nó. Thử ở máy đó: kiosk standby check")
    return 0


def check_copies(config: Config, args: argparse.Namespace) -> int:
    """Open and verify the newest copy, and say how old it is; nothing changes."""
    paper = _paper(config, args)
    config.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = take_over.newest_copy(config, paper)
    report = restore.drill(config, paper=paper)
    print(f"Máy dự phòng sẵn sàng tiếp quản máy {config.kiosk.id}, kho {copy.store_id}.")
    print_report(report)
    minutes = abs((SYSTEM.now() - copy.made_at).total_seconds()) / 60
    if minutes > MINUTES_LATE:
        print(f"  Bản mới nhất đã cũ {minutes:.0f} phút: xem máy chính còn chạy không, thư mục {config.second_folder}.")
    return 1 if report.broken or minutes > MINUTES_LATE else 0


def take_over_now(config: Config, args: argparse.Namespace) -> int:
    """Restore the newest copy here, after the former machine was found and confirmed to be off."""
    if not is_missing(config) and not is_lost(config) and take_over.is_used(config.store_path):
        raise BadSettings(
            f"Máy này đã có kho đang dùng ({config.store_path}): đây không phải máy dự phòng. Muốn thay kho này bằng "
            "bản sao thì dùng kiosk restore --replace.",
            f"This machine has a store in use ({config.store_path}): it is no stand-by. To replace that store by a "
            "copy, use kiosk restore --replace.",
        )
    paper = _paper(config, args)
    config.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = take_over.newest_copy(config, paper)
    print(f"Sẽ tiếp quản máy {config.kiosk.id} từ bản lập lúc {when(copy)}, kho {copy.store_id}.", flush=True)
    if take_over.may_be_running(config, SYSTEM):
        print("Bản này vừa lập xong: xem máy cũ còn chạy không, đợi hơn một phút.", flush=True)
    take_over.require_off(config, take_over.addresses_of(config, args.former), SYSTEM, Event())
    if not args.former_is_off:
        _confirm(config)
    lost_log.notice(config, SYSTEM)
    with exclusive(config.store_path):
        restore.finish(config)
        done = restore.restore(config, SYSTEM, None, paper)
    print(f"Máy này nay là máy {config.kiosk.id}.")
    print_report(done.report)
    for gap in done.gaps:
        print(f"  Có thể thiếu số phiếu: {gap.words}")
    print("  Số phiếu hôm nay đi tiếp từ 9001 (tiếp quản lần hai trong ngày: 9501).")
    print("Còn phải làm:")
    print("  1. Máy cũ: rút điện, ghi “ĐÃ THAY”, không bật lại. Cổng không nhận máy cũ nữa.")
    print("  2. Đặt cho máy này địa chỉ mạng của máy cũ, cắm máy in và đầu quét sang.")
    print("  3. Chạy: kiosk doctor, rồi kiosk run (hoặc bật dịch vụ của máy).")
    return 1 if done.report.broken else 0


def _paper(config: Config, args: argparse.Namespace) -> RecoveryPaper | None:
    """Return the recovery paper or this machine's own pair; None where only a key file is here.

    Raises:
        KeyMissing: there is none of them.
    """
    if args.paper:
        return ask_for_paper()
    if config.standby_key_path.exists():
        return _own_key(config)
    if config.key_path.exists():
        return None
    raise KeyMissing(
        "Máy này chưa có khóa nào mở được bản sao. Dùng giấy khôi phục ở két: thêm --paper.",
        "This machine has no key that opens the copies. Use the recovery paper of the safe: add --paper.",
    )


def _own_key(config: Config) -> RecoveryPaper:
    return parse_paper(config.standby_key_path.read_text("ascii"))


def _confirm(config: Config) -> None:
    """Let the technician confirm that the former machine is off.

    Raises:
        FormerMachineOn: something else was typed.
    """
    print(f"Máy cũ đã tắt hẳn chưa? Tắt rồi thì gõ {config.kiosk.id} và Enter:", flush=True)
    if sys.stdin.readline().strip().upper() != config.kiosk.id:
        raise FormerMachineOn(
            "Chưa xác nhận nên máy chưa tiếp quản, không gì thay đổi. Tắt hẳn máy cũ rồi chạy lại lệnh này.",
            "Not confirmed, so nothing was taken over or changed. Turn the former machine off, then run this again.",
        )
