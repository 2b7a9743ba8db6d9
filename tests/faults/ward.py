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

from kiosk.health import backup_copies, connection, trail_check
from tests.faults.machine import Kiosk
from tests.faults.portal import Portal
from tests.faults.processes import FAST, SCALE
from tests.faults.proxy import ChaosProxy
from tests.faults.table import RowResult

ACCUSING = ("COPY-02", "SEND-04", "TRAIL-01", "TRAIL-02")
"""Codes of alarms that say: numbers are missing, or somebody has changed or cut the trail, or has another's number."""


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

    def false_notices(self) -> list[str]:
        """Return what kiosk and portal tell that is not so: here nobody changes a store or deletes anything.

        These are alarms that accuse somebody or report numbers as missing, and the portal's notices to its operator,
        except that of a restore that the test has made.
        """
        context = self.kiosk.context
        results = [backup_copies.check(context), trail_check.trail(context), connection.queue(context)]
        alarms = [result.words for result in results if result.code in ACCUSING]
        notices = [text for (text,) in self.portal.sql("select text from notices order by no")]
        return alarms + notices[self.portal.restores :]

    def close(self) -> None:
        self.kiosk.close()
        self.proxy.close()
        self.portal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                assert self.false_notices() == []
        finally:
            self.close()


def expect_delivery(ward: Ward, ids: list[str], row: RowResult) -> None:
    """End all faults; check that each submission arrives once with its bytes, and is confirmed.

    Before that, the technician must not read that nothing waits while the portal lacks one.
    """
    if not ward.has_all(ids):
        assert not connection.queue(ward.kiosk.context).words.startswith("0 ")
    ward.end_faults()
    ward.kiosk.wait_until_confirmed(ids, 90 + 900 * SCALE)
    assert ward.has_all(ids)
    attempts = ward.kiosk.attempts(ids)
    row.observe(kiosk=f"{len(ids)} confirmed, {attempts} attempts", portal=f"{len(ids)} stored, the same bytes")
