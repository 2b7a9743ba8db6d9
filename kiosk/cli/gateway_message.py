"""`kiosk gateway message`: try the senders of messages before kiosks ask for consents."""

import argparse
from typing import Any

from kiosk.base import codes
from kiosk.base.clock import SYSTEM
from kiosk.base.errors import BadSettings
from kiosk.cli.gateway_database import open_engine, plain_errors
from kiosk.config import Config

RECEIPT_NO = "PK00-000000-0000-0"
"""A receipt number that no kiosk has."""


def add_to(commands: Any) -> None:
    """Add `kiosk gateway message`."""
    message = commands.add_parser("message", help="messages to phones: try")
    acts = message.add_subparsers(dest="verb", required=True, metavar="verb")
    attempt = acts.add_parser("try", help="send one message of a made-up receipt number by each sender of a place")
    attempt.add_argument("place", help="as in --messages, such as sms:/etc/kiosk-gateway/sms.toml")
    attempt.add_argument("phone", help="a mobile number of your own")
    attempt.set_defaults(act=try_place)


def try_place(config: Config, args: argparse.Namespace) -> int:
    """Send one message by each sender; 1 when one of them has not accepted it."""
    from sync.gateway.message_port import OutgoingMessage
    from sync.gateway.message_senders import check_place, open_senders
    from sync.phone_numbers import parse_phone_number

    phone = parse_phone_number(args.phone).digits
    if not phone:
        raise BadSettings(
            f"{args.phone} không phải số di động Việt Nam.", f"{args.phone} is no mobile number of Vietnam."
        )
    message = OutgoingMessage(tracking_id=codes.new_id(), phone=phone, occasion="result-ready", receipt_no=RECEIPT_NO)
    outcomes = []
    with open_engine(config, args) as engine:
        with plain_errors():
            check_place(args.place, practice=config.kiosk.practice)
            senders = open_senders(args.place, engine, SYSTEM.now)
        for sender in senders:
            result = sender.send(message)
            sender.close()
            outcomes.append(result.outcome)
            print(f"{sender.name}: {result.outcome} ({result.code})")
    return 0 if outcomes and set(outcomes) == {"accepted"} else 1
