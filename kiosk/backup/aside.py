"""Stores that restores set aside: each is deleted after its term, counted from the day on which it was first seen.

The times of the files are not used: a clock that was wrong during the restore would delete a store on the next day.
"""

import json
import logging
import shutil
from datetime import timedelta

from kiosk.base import clock
from kiosk.context import Context
from kiosk.records import marks

log = logging.getLogger(__name__)

_MARK = "aside"


def delete_expired(context: Context) -> int:
    """Delete the stores whose term is over; return how many. The caller trusts the clock."""
    folder = context.config.folder / "aside"
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    with context.store.read() as db:
        known: dict[str, str] = json.loads(marks.get(db, _MARK) or "{}")
    now = context.clock.now()
    first_seen = {name: known.get(name, clock.timestamp(now)) for name in names}
    term = timedelta(days=context.config.keep.aside_days)
    expired = [name for name, at in first_seen.items() if now - clock.parse_timestamp(at) > term]
    for name in expired:
        shutil.rmtree(folder / name)
        del first_seen[name]
        log.info("old store deleted", extra={"number": name})
    if first_seen != known:
        with context.store.write() as db:
            marks.put(db, _MARK, json.dumps(first_seen))
    return len(expired)
