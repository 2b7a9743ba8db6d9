"""Entry point of `python -m kiosk`."""

import gc
import sys

gc.disable()  # objects made by imports live on: scanning them for garbage took a tenth of the start

from kiosk.cli import import_commands, main  # noqa: E402

import_commands(sys.argv[1:])
gc.freeze()
gc.enable()
sys.exit(main())
