"""The line of the portal's own trail that this kiosk keeps, and the alarm when the portal has it no more (a mark)."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.records import marks

PortalTrailAlarm = Literal["shorter", "changed"]
_MARK = "portal_trail"


@dataclass(frozen=True, kw_only=True)
class PortalLine:
    """The line that is kept, and the last alarm.

    Attributes:
        no: number of the line; 0 before the first one.
        digest: digest of the line, over all lines up to it.
        alarm: shorter: the trail ended before the kept line; changed: that line was another one; None for neither ever.
        alarmed_at: when that was noticed, UTC text.
        alarmed_no: the line that was kept then.
    """

    no: int = 0
    digest: str = ""
    alarm: PortalTrailAlarm | None = None
    alarmed_at: str | None = None
    alarmed_no: int = 0

    def alarm_age_days(self, now: datetime) -> int | None:
        """Return how many days ago the alarm was raised, either way of a clock that jumped; None without one."""
        return None if self.alarmed_at is None else abs(now - clock.parse_timestamp(self.alarmed_at)).days


def find(db: Database) -> PortalLine:
    """Return the line that is kept."""
    stored = marks.get(db, _MARK)
    return PortalLine(**json.loads(stored)) if stored else PortalLine()


def save(db: Database, line: PortalLine) -> None:
    """Keep a line in place of the one before."""
    marks.put(db, _MARK, json.dumps(asdict(line)))
