"""`python -m kiosk`."""

import gc
import sys

gc.disable()  # what the imports make stays: to look for garbage in it took a tenth of the start

from kiosk.cli import main  # noqa: E402

gc.freeze()
gc.enable()
sys.exit(main())
