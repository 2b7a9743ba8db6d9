"""`kiosk init`: create the store and its key."""

import argparse
from typing import Any

from kiosk.app import open_context
from kiosk.config import Config


def add_to(commands: Any) -> None:
    """Add `kiosk init`."""
    commands.add_parser("init", help="make the store and its key").set_defaults(act=init)


def init(config: Config, args: argparse.Namespace) -> int:
    """Create the store and its key, unless they exist."""
    context = open_context(config)
    context.store.close()
    print(f"Kho: {config.store_path}\nKhóa: {config.key_path} (giữ riêng một bản ở két của phường)")
    return 0
