"""Process that forwards from a gateway's store to a dvcqg twin, and kills itself (SIGKILL) at a labelled point."""

import os
import signal
import sys
import tomllib
import uuid
from datetime import datetime
from pathlib import Path

from sync.gateway.app import create_app
from sync.gateway.forward_worker import ForwardWorker
from sync.gateway.forwarding import ForwardPace
from sync.gateway.settings import GatewaySettings
from sync.gateway.targets import open_mapped_target


def main(database: str, mapping: str, now: str, point: str, turn: str) -> None:
    """Forward until nothing is due, or until the point is reached for the nth time."""
    seen = 0

    def reached(name: str) -> None:
        nonlocal seen
        seen += name == point
        if name == point and seen == int(turn):
            os.kill(os.getpid(), signal.SIGKILL)

    at = datetime.fromisoformat(now)
    settings = GatewaySettings(database=database, now=lambda: at, token=lambda: uuid.uuid4().hex, practice=True)
    context = create_app(settings).extensions["gateway"]
    target = open_mapped_target(tomllib.loads(Path(mapping).read_text("utf-8")))
    worker = ForwardWorker(context, target, ForwardPace(interval=0.0, lease=60.0), reached)
    while worker.step():
        pass


if __name__ == "__main__":
    main(*sys.argv[1:])
