"""A ward to try faults in: kiosk, line and portal as real processes in one folder, with time that runs faster.

    with Ward(folder) as ward:
        forms = ward.kiosk.file(3)
        ward.line.break_(faults.lost)
        ...
        ward.heal()
        ward.kiosk.until_confirmed(forms)
        assert ward.is_whole(forms)

``make faults`` runs with ``WARD_SCALE`` = 1/30 (see ``processes.SCALE``): a back-off of half a minute lasts a second.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Self

from tests.faults.line import Line
from tests.faults.machine import Kiosk
from tests.faults.portal import Portal
from tests.faults.processes import FAST, SCALE
from tests.faults.table import Seen


class Ward:
    """A portal, a line before it, and an enrolled kiosk whose worker runs; the pages start when they are asked."""

    def __init__(
        self, folder: Path, *, database: str = "", processes: int = 1, more: str = "", plant: str = ""
    ) -> None:
        self.folder = folder
        self.portal = Portal(folder / "portal", database, processes)
        self.portal.start()
        self.line = Line(("127.0.0.1", self.portal.port))
        self.url = f"http://127.0.0.1:{self.line.port}"
        self.kiosk = Kiosk(folder / "kiosk", self.url, more=more)
        if plant:
            self.kiosk.worker.env |= {"WARD_PLANT": plant, "WARD_SCALE": str(FAST)}
        self.kiosk.enrol(self.portal.code(self.kiosk.id))
        self.kiosk.start()

    def another(self, kiosk_id: str) -> Kiosk:
        """Enrol another kiosk behind the same line; its caller closes it, and starts its worker."""
        kiosk = Kiosk(self.folder / kiosk_id, self.url, kiosk_id)
        kiosk.enrol(self.portal.code(kiosk_id))
        return kiosk

    def heal(self) -> None:
        """Mend line and portal; the kiosk notices by itself."""
        self.portal.start()
        self.line.heal()

    def is_whole(self, forms: Iterable[str]) -> bool:
        """Tell whether the portal holds each of these forms, with the very bytes that the kiosk froze."""
        mine = self.kiosk.digests(forms)
        there = self.portal.held()
        return bool(mine) and all(there.get(form) == digest for form, digest in mine.items())

    def close(self) -> None:
        self.kiosk.close()
        self.line.shut()
        self.portal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def arrive(ward: Ward, forms: list[str], row: Seen) -> None:
    """Mend everything; each form arrives, once, with its very bytes, and the kiosk says so."""
    ward.heal()
    ward.kiosk.until_confirmed(forms, 90 + 900 * SCALE)
    assert ward.is_whole(forms)
    attempts = ward.kiosk.attempts(forms)
    row.saw(kiosk=f"{len(forms)} confirmed, {attempts} attempts", portal=f"{len(forms)} held, the same bytes")
