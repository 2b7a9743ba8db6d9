"""A gateway process for tests, on the database of the environment variable; it prints its address."""

import os
import signal

from kiosk.base import codes
from kiosk.base.clock import SYSTEM
from kiosk.cli.process import exit_on_sigterm
from sync.gateway import GatewaySettings
from sync.gateway.server import serve


def main() -> None:
    signal.signal(signal.SIGTERM, exit_on_sigterm)
    settings = GatewaySettings(
        database=os.environ["KIOSK_GATEWAY_DATABASE"],
        key_file=os.environ["KIOSK_GATEWAY_KEY"],
        now=SYSTEM.now,
        token=codes.token,
        practice=True,
    )
    serve(settings, ready=lambda address: print(address, flush=True))


if __name__ == "__main__":
    main()
