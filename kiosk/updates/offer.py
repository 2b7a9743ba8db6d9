"""The releases that the gateway lets this kiosk take, as its last answer named them."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from kiosk.records import marks
from sync.versions import parse_version

_MARK = "release-offer"
_CONTENT = re.compile(r"[0-9]{4}\.[0-9]{2}\.[0-9]{2}(\.[0-9]{1,3})?", re.ASCII)
_MAX_ATTEMPT = 1000


@dataclass(frozen=True)
class Offer:
    """The program and the content that this kiosk may take (empty: none), and the number of the try."""

    version: str = ""
    content: str = ""
    attempt: int = 1


def save(db: Database, member: Mapping[str, Any] | None) -> None:
    """Save the member `release` of an answer; None: an old gateway, which lets every kiosk take the newest.

    A value of another shape counts as absent, so that a wrong answer holds a kiosk back and never moves it.
    """
    if member is None:
        marks.put(db, _MARK, "")
        return
    version = member.get("version")
    content = member.get("content")
    attempt = member.get("attempt", 1)
    offer = Offer(
        version=version if isinstance(version, str) and parse_version(version) else "",
        content=content if isinstance(content, str) and _CONTENT.fullmatch(content) else "",
        attempt=attempt if type(attempt) is int and 1 <= attempt <= _MAX_ATTEMPT else 1,
    )
    marks.put(db, _MARK, json.dumps(asdict(offer)))


def read(db: Database) -> Offer | None:
    """Return the last offer; None when the gateway has named none."""
    with suppress(ValueError, TypeError):
        return Offer(**json.loads(marks.get(db, _MARK) or ""))
    return None
