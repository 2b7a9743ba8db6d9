"""Decoder of kiosk-sync/1 responses into plain values.

A response is untrusted until it has the right shape. A wrong item of a list is dropped (that id stays unknown); a wrong
response as a whole raises `Unsure`. No error quotes the response.
"""

import json
import re
import zlib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar, cast

from sync.errors import Unsure
from sync.parcel import Audit, FeedPage, FieldError, Hello, Outcome, PaymentNotice, Receipt, ReportedState
from sync.portals.base import EndedConsent, KnownNumbers, MessageMonth, PortalOpening, PortalTrail
from sync.versions import parse_version

T = TypeVar("T")

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ACCOUNT = re.compile(r"[a-z2-7]{16}", re.ASCII)
_KINDS = ("created", "duplicate", "conflict", "invalid", "retry", "wait")
_MAX_TEXT = 2000


def parse(content: bytes) -> dict[str, Any]:
    """Return a response body as a JSON object."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unsure("not json") from error
    if not isinstance(body, dict):
        raise Unsure("not an object")
    return body


def inflated(content: bytes, max_bytes: int) -> bytes:
    """Return the content of one whole gzip.

    Raises:
        OverflowError: it is longer than `max_bytes`.
        ValueError: it is not exactly one whole gzip.
    """
    inflater = zlib.decompressobj(wbits=31)
    try:
        plain = inflater.decompress(content, max_bytes + 1)
    except zlib.error as error:
        raise ValueError("not gzip") from error
    if len(plain) > max_bytes:
        raise OverflowError
    if not inflater.eof or inflater.unused_data:
        raise ValueError("not one whole gzip")
    return plain


def hello(body: dict[str, Any], epoch: str) -> Hello:
    """Decode a greeting."""
    return _required(
        lambda: Hello(
            epoch=epoch,
            server_time=server_time(body),
            is_maintenance=_one_of(body["status"], ("ok", "maintenance")) == "maintenance",
            batch_limit=_between(body["batchLimit"], 1, 50),
            bytes_limit=_between(body["bytesLimit"], 1, 1 << 31),
            minimum_version=_optional(lambda: _version(body["minimumVersion"])) or "",
            signs_restores=body.get("signedRestores") is True,
        )
    )


def server_time(body: dict[str, Any]) -> datetime:
    """Decode the portal's own time."""
    return _required(lambda: _moment(body["serverTime"]))


def outcomes(body: dict[str, Any], id_name: str) -> dict[str, Outcome]:
    """Decode results by id (`submissionId` or `eventId`); an id with two different results is left out."""
    by_id: dict[str, Outcome] = {}
    ambiguous: set[str] = set()
    for item in _required(lambda: _list(body["results"])):
        subject = _optional(lambda: _text(item[id_name]))  # noqa: B023 - called at once
        outcome = _optional(lambda: _outcome(item))  # noqa: B023 - called at once
        if subject is None or outcome is None:
            continue
        if by_id.setdefault(subject, outcome) != outcome:
            ambiguous.add(subject)
    return {subject: outcome for subject, outcome in by_id.items() if subject not in ambiguous}


def receipt(body: dict[str, Any]) -> Receipt:
    """Decode a receipt."""
    return _required(lambda: _receipt(body))


def audit(body: dict[str, Any], epoch: str) -> Audit:
    """Decode the result of an audit."""
    return _required(lambda: Audit(epoch, _ids(body["missing"]), _ids(body["different"])))


def page(body: dict[str, Any], epoch: str) -> FeedPage:
    """Decode a page of the changes feed; a wrong receipt spoils the whole page, otherwise it would be lost."""
    return _required(
        lambda: FeedPage(
            epoch=epoch,
            receipts=tuple(_receipt(item) for item in _list(body["items"])),
            cursor=_text(body["cursor"], 200),
            has_more=_flag(body["more"]),
            payments=tuple(_payment_notice(item) for item in _list(body.get("payments", []))),
        )
    )


def numbers(body: dict[str, Any], epoch: str) -> KnownNumbers:
    """Decode the highest receipt number of each day."""
    return _required(
        lambda: KnownNumbers(
            epoch,
            {date.fromisoformat(item["day"]): _between(item["last"], 1, 9999) for item in _list(body["items"])},
        )
    )


def audit_count(body: dict[str, Any]) -> int | None:
    """Decode the number of the line of the audit trail that the portal holds; None when it names none."""
    return _optional(lambda: _between(body["auditHead"]["count"], 1, 1 << 53))


def opinions_held(body: dict[str, Any]) -> str | None:
    """Decode the newest month of opinions that the portal has; None from a portal that takes none."""
    return _optional(lambda: "" if body["opinions"]["month"] == "" else _text(body["opinions"]["month"], 7))


def allowed_release(body: dict[str, Any]) -> dict[str, Any] | None:
    """Return the member that names the releases that this kiosk may take; its reader checks it."""
    member = body.get("release")
    return member if isinstance(member, dict) else None


def need_list_held(body: dict[str, Any]) -> str | None:
    """Return the digest of the need list that a portal has, empty for none; None where it takes no lists."""
    member = body.get("needList")
    if not isinstance(member, dict):
        return None
    held = member.get("digest", "")
    return held if isinstance(held, str) and _SHA256.fullmatch(held) else ""


def sends_messages(body: dict[str, Any]) -> bool:
    """Return whether a portal sends messages to phones; an older one does not say it."""
    return isinstance(body.get("messages"), dict)


def message_month(body: dict[str, Any]) -> MessageMonth | None:
    """Decode this month's messages; None where the portal is older, or the member is none."""
    member = body.get("messages")
    month = member.get("month") if isinstance(member, dict) else None
    if not isinstance(month, dict) or not _MONTH.fullmatch(str(month.get("month"))):
        return None
    counts = {name: month.get(name) for name in ("sent", "unsent", "cost")}
    if not all(type(count) is int and count >= 0 for count in counts.values()):
        return None
    return MessageMonth(month=month["month"], **cast("dict[str, int]", counts))


def ended_consents(body: dict[str, Any]) -> tuple[EndedConsent, ...]:
    """Decode the consents that have ended; an entry that is none is dropped, and an older portal has none."""
    member = body.get("messages")
    entries = member.get("ended") if isinstance(member, dict) else None
    decoded = [_ended_consent(entry) for entry in entries] if isinstance(entries, list) else []
    return tuple(entry for entry in decoded if entry is not None)


def _ended_consent(entry: object) -> EndedConsent | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("receiptNo"), str):
        return None
    try:
        at = datetime.fromisoformat(str(entry.get("at")))
    except ValueError:
        return None
    return EndedConsent(receipt_no=entry["receiptNo"], at=at) if at.tzinfo else None


def portal_trail(body: dict[str, Any]) -> PortalTrail | None:
    """Decode a line of the portal's trail; None from a portal that shows none. An opening that is none is dropped."""
    return _optional(lambda: _portal_trail(body["trail"]))


def field_errors(items: Any) -> tuple[FieldError, ...]:
    """Decode field errors: at most 100, each text cut to 2,000 characters."""
    errors = items if isinstance(items, list) else []
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
        official_no=_optional(lambda: _text(item["officialNo"])),
        due_at=_optional(lambda: _moment(item["dueAt"]).isoformat()),
        note=_cut(item.get("note")),
        missing_files=tuple(_text(name) for name in _list(item.get("missingFiles", []))),
        reported=_optional(lambda: _reported(item["reported"])),
    )


def _payment_notice(item: dict[str, Any]) -> PaymentNotice:
    if not _ACCOUNT.fullmatch(item["account"]):
        raise ValueError("account")
    return PaymentNotice(
        account=item["account"],
        reference=_text(item["reference"]),
        direction=_one_of(item["direction"], ("in", "out")),
        amount=_between(item["amount"], 1, 10**12),
        booked_at=_moment(item["bookedAt"]),
        received_at=_moment(item["receivedAt"]),
        source=_one_of(item["source"], ("notice", "statement")),
        key=_text(item["key"]) if "key" in item else "",
        hint=_text(item["receiptNo"]) if "receiptNo" in item else "",
    )


def _portal_trail(member: dict[str, Any]) -> PortalTrail:
    openings = [_optional(lambda: _opening(item)) for item in _list(member["openings"])]  # noqa: B023 - called at once
    return PortalTrail(
        no=_between(member["line"], 0, (1 << 31) - 1),
        digest=_sha256(member["digest"]),
        held=_sha256(member["held"]) if "held" in member else None,
        openings=tuple(opening for opening in openings if opening is not None),
    )


def _opening(item: dict[str, Any]) -> PortalOpening:
    return PortalOpening(
        at=_moment(item["at"]).isoformat(),
        submission_id=_text(item["submissionId"]),
        receipt_no=_text(item["receiptNo"]),
        login=_text(item["login"]),
        reason=_cut(item["reason"]),
    )


def _reported(item: dict[str, Any]) -> ReportedState:
    """Decode a reported state; a former one that cannot be read is left out."""
    former = _optional(lambda: (_between(item["former"]["statusCode"], 1, 10), _moment(item["former"]["at"])))
    return ReportedState(
        code=_between(item["statusCode"], 1, 10),
        at=_moment(item["at"]).isoformat(),
        former_code=former[0] if former else None,
        former_at=former[1].isoformat() if former else None,
    )


def _required(read: Callable[[], T]) -> T:
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unsure("unreadable answer") from error


def _optional(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _moment(value: Any) -> datetime:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at


def _sha256(value: Any) -> str:
    if not _SHA256.fullmatch(value):
        raise ValueError("digest")
    return str(value)


def _text(value: Any, max_length: int = 64) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= max_length:
        raise ValueError("text")
    return value


def _cut(value: Any) -> str:
    return value[:_MAX_TEXT] if isinstance(value, str) else ""


def _version(value: Any) -> str:
    if parse_version(value) is None:
        raise ValueError("version")
    return str(value)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("list")
    return value


def _ids(value: Any) -> frozenset[str]:
    return frozenset(_text(item) for item in _list(value))


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("flag")
    return value


def _between(value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError("number")
    return value


def _one_of(value: Any, words: tuple[str, ...]) -> Any:
    if value not in words:
        raise ValueError("word")
    return value
