"""A kiosk with 30,000 forms that wait for the portal against an empty one: Submit, and a page of each audience.

So many wait after 75 days without a portal. Nobody has decided on one and none has a number, which is the longest way
for a list of an officer's own work: each of them is looked at, none is shown. As in bench/archived.py, both kiosks run
in this process and get their requests in turns; a figure is the ratio of the medians. Of 30,000 to 2,000 queued the
desk was 8.6 and the own work 9.1 before the store had indexes for it.

Start page, desk and technician's page count what waits on each request, from an index, so they may take four times as
long as without a queue; the own work may take ten times as long, because it looks at each form.
"""

import tempfile
from pathlib import Path

from bench._figures import Figures
from bench.archived import PAGES, KioskUnderTest, compare, open_kiosk
from bench.queued import fill_queue

QUEUED = 30_000
TARGETS = {"start page": "<= 4", "officer's desk": "<= 4", "technician's page": "<= 4", "own work": "<= 10"}
TARGET = "<= 1.5"
"""Of the pages that are not in `TARGETS`."""


def own_work(kiosk: KioskUnderTest) -> float:
    """Request the list of an officer's own work."""
    return kiosk.seconds_of("/officer/work", f"kiosk_officer={kiosk.officer}")


def run() -> Figures:
    """Request each page from both kiosks in turns."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_kiosk(Path(folder) / "new") as new,
        open_kiosk(Path(folder) / "long") as long,
    ):
        fill_queue(long.context, QUEUED)
        return [
            compare(f"{name}: {QUEUED:,} queued / none", page, new, long, TARGETS.get(name, TARGET))
            for name, page in (PAGES | {"own work": own_work}).items()
        ]
