"""Kiosks that file forms at two gateways until they are told to end, and what they were told of each form."""

import itertools
import threading
import time
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from sync.parcel import Outcome, Subject
from tests.province.cluster import Cluster
from tests.sync.practice_gateway import CODE, UNIT, Kiosk, PracticeGateway

KIOSKS = 4
PATIENCE = 240.0  # seconds: only a hang takes so long
_FORMS_A_ROUND = 3
_NUMBERS = 2400
"""Receipt numbers of each kiosk's day."""
_SEED = bytes(range(32))


class LoadKiosk(Kiosk):
    """A kiosk that files without an end; `acknowledged`: when each form was, by the monotonic clock."""

    def __init__(self, url: str, folder: Path, first_number: int) -> None:
        self.acknowledged: dict[str, float] = {}
        self.refused: list[str] = []
        super().__init__(url, folder, seconds=20.0, seed=_SEED)
        self._numbers = itertools.count(first_number)

    def record_outcome(self, db: Database, subject: Subject, outcome: Outcome) -> None:
        super().record_outcome(db, subject, outcome)
        if outcome.is_taken:
            self.acknowledged[subject.id] = time.monotonic()
        elif outcome.is_refused:
            self.refused.append(subject.id)

    def file_until(self, end: threading.Event) -> None:
        while not end.is_set():
            for _ in range(_FORMS_A_ROUND):
                self.submit()
            self.round()
            end.wait(0.1)


class Load:
    """Two gateways on the cluster, and kiosks at them."""

    def __init__(self, cluster: Cluster, folder: Path, *, needs_standby: bool = True) -> None:
        self.cluster = cluster
        changes: dict[str, Any] = {"database": cluster.url, "needs_standby": needs_standby}
        self.gateways = [PracticeGateway(folder, **changes)]
        self.gateways.append(PracticeGateway(folder, enrolment=(), **changes))
        self.kiosks = [LoadKiosk(self.gateways[at % 2].url, folder, 1 + at * _NUMBERS) for at in range(KIOSKS)]
        self.kiosks[0].portal.enrol(CODE, UNIT)
        self._end = threading.Event()
        self._threads = [threading.Thread(target=kiosk.file_until, args=[self._end]) for kiosk in self.kiosks]

    def start(self) -> None:
        """Begin to file, and wait until each kiosk has some receipts."""
        for thread in self._threads:
            thread.start()
        self.wait_until_all_file(time.monotonic())

    def wait_until_all_file(self, since: float) -> float:
        """Wait until each kiosk has a receipt that is later than a time; return the seconds of the slowest."""
        for kiosk in self.kiosks:
            self.cluster.wait(
                lambda one=kiosk: any(at > since for at in list(one.acknowledged.values())), "a kiosk gets a receipt"
            )
        return max(min(at for at in list(kiosk.acknowledged.values()) if at > since) for kiosk in self.kiosks) - since

    def end(self) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join(PATIENCE)

    def acknowledged(self) -> set[str]:
        return {form for kiosk in self.kiosks for form in kiosk.acknowledged}

    def refused(self) -> list[str]:
        return [form for kiosk in self.kiosks for form in kiosk.refused]

    def digests(self) -> dict[str, str]:
        """Return the digest of every form that was filed."""
        return {form: load.digest for kiosk in self.kiosks for form, load in kiosk.loads.items()}

    def stored(self) -> list[tuple[str, str]]:
        """Return id and digest of every form in the database, as the primary has it."""
        rows = self.cluster.primary().rows("select submission_id, digest from submissions")
        return [(str(form), str(digest)) for form, digest in rows]

    def deliver_the_rest(self) -> None:
        for kiosk in self.kiosks:
            kiosk.drain()

    def close(self) -> None:
        self.end()
        for kiosk in self.kiosks:
            kiosk.portal.close()
        for gateway in self.gateways:
            gateway.close()
