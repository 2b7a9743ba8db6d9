"""`kiosk gateway trail`: verify the chain of the gateway's trail against its key and a head that was kept elsewhere."""

import argparse
from typing import TYPE_CHECKING, Any

from kiosk.base.errors import BadSettings
from kiosk.cli.gateway_database import open_database
from kiosk.config import Config

if TYPE_CHECKING:
    from sync.gateway.trail_chain import TrailHead

_CHANGED = 1


def add_to(kinds: Any) -> None:
    """Add the command to those of `kiosk gateway`."""
    trail = kinds.add_parser("trail", help="whether a line of what people did was changed: verify")
    acts = trail.add_subparsers(dest="verb", required=True, metavar="verb")
    checking = acts.add_parser("verify", help="read every line; prints the last one's number and seal, to be kept")
    checking.add_argument("--known", default="", metavar="NUMBER:SEAL", help="what an earlier run printed")
    checking.set_defaults(act=verify)


def verify(config: Config, args: argparse.Namespace) -> int:
    """Verify the trail and print its head; return 1 when a line was changed."""
    from sync.gateway import trail_chain

    known = _known_head(args.known)
    with open_database(config, args) as db:
        check = trail_chain.verify(db, known)
    if check.changed_no is not None:
        print(f"Sổ việc bị sửa hoặc mất dòng, từ dòng {check.changed_no}. Báo người phụ trách an toàn thông tin.")
        return _CHANGED
    print(f"Sổ việc nguyên vẹn: {check.lines} dòng. Xin giữ ở nơi khác: {check.head.no}:{check.head.mac}")
    return 0


def _known_head(text: str) -> "TrailHead | None":
    from sync.gateway.trail_chain import TrailHead

    if not text:
        return None
    number, _, mac = text.partition(":")
    if not (number.isascii() and number.isdigit() and len(mac) == 64):
        raise BadSettings(
            "--known là số dòng và dấu mà lần kiểm trước in ra, ví dụ 120:3f…",
            "--known is the number and the seal that an earlier run printed, such as 120:3f…",
        )
    return TrailHead(no=int(number), mac=mac)
