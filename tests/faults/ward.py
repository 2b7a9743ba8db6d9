"""A ward for fault tests: kiosk, proxy and portal as real processes in one folder, with shorter waits.

    with Ward(folder) as ward:
        ids = ward.kiosk.submit(3)
        ward.proxy.inject(network_faults.lose_answer)
        ...
        ward.end_faults()
        ward.kiosk.wait_until_confirmed(ids)
        assert ward.has_all(ids)

`make faults` runs with `WARD_SCALE` = 1/30 (`processes.SCALE`): a back-off of half a minute lasts a second.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Self

from tests.faults.machine import Kiosk
from tests.faults.portal import Portal
from tests.faults.processes import FAST, SCALE
from tests.faults.proxy import ChaosProxy
from tests.faults.table import RowResult


class Ward:
    """A portal, a proxy before it, and an enrolled kiosk whose worker runs; the pages start when they are read."""

    def __init__(
        self, folder: Path, *, database: str = "", processes: int = 1, more: str = "", defect: str = ""
    ) -> None:
        self.folder = folder
        self.portal = Portal(folder / "portal", database, processes)
        self.proxy = ChaosProxy(("127.0.0.1", self.portal.port))
        self.portal.publish(self.proxy.port, *self.portal.ports)
        self.portal.start()
        self.url = f"http://127.0.0.1:{self.proxy.port}"
        self.kiosk = Kiosk(folder / "kiosk", self.url, more=more)
        if defect:
            self.kiosk.worker.env |= {"WARD_DEFECT": defect, "WARD_SCALE": str(FAST)}
        self.kiosk.enrol(self.portal.make_code(self.kiosk.id))
        self.kiosk.start()

    def add_kiosk(self, kiosk_id: str) -> Kiosk:
        """Enrol another kiosk behind the same proxy; the caller starts its worker and closes it."""
        kiosk = Kiosk(self.folder / kiosk_id, self.url, kiosk_id)
        kiosk.enrol(self.portal.make_code(kiosk_id))
        return kiosk

    def end_faults(self) -> None:
        """Start the portal and forward everything again; the kiosk notices automatically."""
        self.portal.start()
        self.proxy.end_fault()

    def has_all(self, ids: Iterable[str]) -> bool:
        """Return whether the portal has each of these submissions with the bytes of the kiosk."""
        digests = self.kiosk.digests(ids)
        stored = self.portal.digests()
        return bool(digests) and all(stored.get(submission_id) == digest for submission_id, digest in digests.items())

    def close(self) -> None:
        self.kiosk.close()
        self.proxy.close()
        self.portal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def expect_delivery(ward: Ward, ids: list[str], row: RowResult) -> None:
    """End all faults; check that each submission arrives once with its bytes, and is confirmed."""
    ward.end_faults()
    ward.kiosk.wait_until_confirmed(ids, 90 + 900 * SCALE)
    assert ward.has_all(ids)
    attempts = ward.kiosk.attempts(ids)
    row.observe(kiosk=f"{len(ids)} confirmed, {attempts} attempts", portal=f"{len(ids)} stored, the same bytes")
