"""`kiosk recovery`: make the recovery paper for the ward's safe, and check that it is this store's.

The private half is shown and printed once and stored nowhere. It becomes valid when it was typed or scanned from the
paper, so that no store counts on a paper with a slip.
"""

import argparse
import sys

import segno

from kiosk.acts import backups
from kiosk.backup import recovery
from kiosk.backup.recovery import SEED_BYTES, RecoveryPaper, parse_paper
from kiosk.base import clock as clocks
from kiosk.base import codes
from kiosk.base.errors import BadSettings, NotAllowed, RecoveryPaperWrong
from kiosk.cli.agreement import asking_the_lead
from kiosk.config import Config
from kiosk.papers import recovery_paper
from kiosk.startup.context_factory import use_context
from kiosk.startup.wiring import print_now
from printers.errors import PrinterError

_CLEAR = "\033[2J\033[3J\033[H"
"""Clears a terminal with its scrollback."""


def add_recovery(command: argparse.ArgumentParser) -> None:
    """Add the acts of `kiosk recovery`."""
    acts = command.add_subparsers(dest="what", required=True, metavar="what")
    new = acts.add_parser("new", help="make a paper; an older one opens later copies no more")
    new.add_argument("--printer", action="store_true", help="print it on the slip printer too")
    new.set_defaults(act=make_new)
    acts.add_parser("check", help="is this paper of this store?").set_defaults(act=check)


def make_new(config: Config, args: argparse.Namespace) -> int:
    """Show and print a new paper once, and save its public half when the paper was read back."""
    with use_context(config) as context:
        paper = RecoveryPaper(codes.random_bytes(SEED_BYTES))
        _show(config, paper)
        if args.printer:
            _print(config, paper)
        print("\nĐã chép hoặc in xong thì đọc lại từ giấy, để chắc là giấy đúng.")
        read_back = ask_for_paper()
        if sys.stdout.isatty():
            print(_CLEAR, end="")
        if read_back != paper:
            raise RecoveryPaperWrong
        with asking_the_lead(context):
            backups.save_paper(context, paper)
    print("Giấy khôi phục đã có hiệu lực, từ bản sao tới. Cất vào két của phường. Giấy cũ, nếu có, hủy đi.")
    print("Sau khi có bản sao mới, diễn tập: kiosk restore --drill --paper")
    return 0


def check(config: Config, args: argparse.Namespace) -> int:
    """Read a paper and compare it with the store."""
    with use_context(config) as context:
        with context.store.read() as db:
            state = recovery.read_state(db)
        if state is None:
            raise BadSettings(
                "Máy chưa có giấy khôi phục. Chạy: kiosk recovery new",
                "This machine has no recovery paper. Run: kiosk recovery new",
            )
        if ask_for_paper().public != state.public:
            raise RecoveryPaperWrong(
                "Giấy này không phải giấy đang dùng của máy: giấy cũ, hoặc của máy khác.",
                "This is not the paper in use: it is an older one, or of another machine.",
            )
    print(f"Đúng giấy khôi phục của máy, lập ngày {clocks.local(clocks.parse_timestamp(state.made_at)):%d/%m/%Y}.")
    return 0


def ask_for_paper() -> RecoveryPaper:
    """Read a paper from standard input: the words, or the code from a scanner that types.

    Raises:
        RecoveryPaperWrong: it is mistyped.
    """
    print("Gõ 18 chữ trên giấy khôi phục (không cần dấu, cách nhau một dấu cách), hoặc quét mã, rồi Enter:", flush=True)
    return parse_paper(sys.stdin.readline())


def _show(config: Config, paper: RecoveryPaper) -> None:
    print(f"GIẤY KHÔI PHỤC của máy {config.kiosk.id}, {config.ward.name}. Chỉ hiện một lần này.")
    print("Chép ra giấy hoặc in, cất ở két. Ai có giấy này và một bản sao thì đọc được mọi hồ sơ.\n")
    for line in recovery_paper.numbered_lines(paper.words):
        print(f"  {line}")
    if sys.stdout.isatty():
        segno.make_qr(paper.code).terminal(compact=True)
    print(f"  {paper.code}")


def _print(config: Config, paper: RecoveryPaper) -> None:
    """Print on the first printer, past the spool, which would store the words."""
    try:
        print_now(config, recovery_paper.compose(config, words=paper.words, code=paper.code))
    except NotAllowed as error:
        print(error.vi)
    except PrinterError:
        print("Máy in chưa in được, hoặc chưa rõ. Xem giấy ra chưa; chưa ra thì chép tay.")
