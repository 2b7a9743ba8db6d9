"""What an answer of kiosk-sync/1 says, as plain values.

A portal's words are hostile until they have the right shape: what does not is dropped where it stands alone (that id
stays unknown) or is ``Unsure`` where the whole answer is meant. Nothing is quoted in an error.
"""

import json
import re
import zlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from sync.errors import Unsure
from sync.parcel import Audit, FeedPage, FieldError, Hello, Outcome, Receipt

T = TypeVar("T")

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_KINDS = ("created", "duplicate", "conflict", "invalid", "retry", "wait")
_MOST_TEXT = 2000


def parse(body: bytes) -> dict[str, Any]:
    """Read an answer as a JSON object."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unsure("not json") from error
    if not isinstance(found, dict):
        raise Unsure("not an object")
    return found


def inflated(content: bytes, most: int) -> bytes:
    """Inflate one whole gzip and stop at the limit; OverflowError beyond ``most`` bytes, ValueError when it is none."""
    inflater = zlib.decompressobj(wbits=31)
    try:
        plain = inflater.decompress(content, most + 1)
    except zlib.error as error:
        raise ValueError("not gzip") from error
    if len(plain) > most:
        raise OverflowError
    if not inflater.eof or inflater.unused_data:
        raise ValueError("not one whole gzip")
    return plain


def hello(found: dict[str, Any], epoch: str) -> Hello:
    """Read a greeting."""
    return _whole(
        lambda: Hello(
            epoch=epoch,
            server_time=server_time(found),
            is_maintenance=_one_of(found["status"], ("ok", "maintenance")) == "maintenance",
            batch_limit=_between(found["batchLimit"], 1, 50),
            bytes_limit=_between(found["bytesLimit"], 1, 1 << 31),
        )
    )


def server_time(found: dict[str, Any]) -> datetime:
    """Read the portal's own time; Unsure when it does not say it."""
    return _whole(lambda: _moment(found["serverTime"]))


def outcomes(found: dict[str, Any], name: str) -> dict[str, Outcome]:
    """Read results by id (``submissionId`` or ``eventId``); two different results for an id are none."""
    read: dict[str, Outcome] = {}
    doubtful: set[str] = set()
    for item in _whole(lambda: _list(found["results"])):
        subject, outcome = _perhaps(lambda: _text(item[name])), _perhaps(lambda: _outcome(item))  # noqa: B023
        if subject is None or outcome is None:
            continue
        if read.setdefault(subject, outcome) != outcome:
            doubtful.add(subject)
    return {subject: outcome for subject, outcome in read.items() if subject not in doubtful}


def receipt(found: dict[str, Any]) -> Receipt:
    """Read a receipt; Unsure when it has not the shape of one."""
    return _whole(lambda: _receipt(found))


def audit(found: dict[str, Any], epoch: str) -> Audit:
    """Read the answer to an audit."""
    return _whole(lambda: Audit(epoch, _ids(found["missing"]), _ids(found["different"])))


def page(found: dict[str, Any], epoch: str) -> FeedPage:
    """Read a page of the changes feed; one receipt without the right shape spoils it, else it would be lost."""
    return _whole(
        lambda: FeedPage(
            epoch=epoch,
            receipts=tuple(_receipt(item) for item in _list(found["items"])),
            cursor=_text(found["cursor"], 200),
            has_more=_flag(found["more"]),
        )
    )


def field_errors(found: Any) -> tuple[FieldError, ...]:
    """Read what is said to be wrong with a form, cut to a bearable length."""
    errors = found if isinstance(found, list) else []
    return tuple(
        FieldError(_cut(item.get("pointer")), _cut(item.get("code")), _cut(item.get("message")))
        for item in errors[:100]
        if isinstance(item, dict)
    )


def _outcome(item: dict[str, Any]) -> Outcome:
    kind = _one_of(item["outcome"], _KINDS)
    if kind in ("retry", "wait"):
        return Outcome(kind, retry_after=_between(item.get("retryAfter", 60), 1, 3600))
    if kind in ("conflict", "invalid"):
        return Outcome(kind, errors=field_errors(item.get("errors")))
    return Outcome(kind, _receipt(item["receipt"]) if "receipt" in item else None)


def _receipt(item: dict[str, Any]) -> Receipt:
    if not _SHA256.fullmatch(item["digest"]):
        raise ValueError("digest")
    return Receipt(
        submission_id=_text(item["submissionId"]),
        digest=item["digest"],
        received_at=_moment(item["receivedAt"]).isoformat(),
        revision=_between(item["revision"], 1, 1 << 53),
        status_code=_between(item["statusCode"], 1, 10),
        official_no=_perhaps(lambda: _text(item["officialNo"])),
        due_at=_perhaps(lambda: _moment(item["dueAt"]).isoformat()),
        note=_cut(item.get("note")),
        missing_files=tuple(_text(name) for name in _list(item.get("missingFiles", []))),
    )


def _whole(read: Callable[[], T]) -> T:
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unsure("unreadable answer") from error


def _perhaps(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _moment(found: Any) -> datetime:
    at = datetime.fromisoformat(found)
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at


def _text(found: Any, most: int = 64) -> str:
    if not isinstance(found, str) or not 0 < len(found) <= most:
        raise ValueError("text")
    return found


def _cut(found: Any) -> str:
    return found[:_MOST_TEXT] if isinstance(found, str) else ""


def _list(found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise TypeError("list")
    return found


def _ids(found: Any) -> frozenset[str]:
    return frozenset(_text(item) for item in _list(found))


def _flag(found: Any) -> bool:
    if not isinstance(found, bool):
        raise TypeError("flag")
    return found


def _between(found: Any, least: int, most: int) -> int:
    if type(found) is not int or not least <= found <= most:
        raise ValueError("number")
    return found


def _one_of(found: Any, words: tuple[str, ...]) -> Any:
    if found not in words:
        raise ValueError("word")
    return found
