"""Digital signatures of a PDF file (PAdES, ETSI EN 319 142-1): who signed, and whether that can be relied on.

A jailed process (`verifier`) checks them without a network, by certificates and revocation lists of this machine. What
it says of a signature is text and flags; the file itself is never opened here.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any, Literal, get_args

from kiosk.uploads.process import jailed

log = logging.getLogger(__name__)

Verdict = Literal["", "valid", "unsure", "bad"]
"""On all signatures of a file, by the worst of them; empty: it has none.

`valid`: nothing is in doubt. `unsure`: not changed, but something could not be checked. `bad`: changed or revoked.
"""
Change = Literal["none", "filled", "changed"]
"""After signing: nothing, fields of a form or remarks as the signature allows, anything else."""
Revocation = Literal["good", "revoked", "unknown"]
PROCESS = "kiosk.uploads.verifier"
MAX_OUTPUT = 64 * 1024
MAX_TEXT = 200
"""Characters of a name in a certificate."""


@dataclass(frozen=True)
class Trust:
    """What signatures are checked by: certificates of authorities and revocation lists (DER), and the time."""

    authorities: tuple[bytes, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()
    at: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    is_time_sure: bool = True


NOBODY = Trust()
"""No authority is known: no signature can be valid."""


@dataclass(frozen=True)
class FileSignature:
    """One digital signature, as far as it was checked."""

    signer: str
    organisation: str
    issuer: str
    """Names in the signer's certificate and of who issued it; empty if it has none."""
    signed_at: datetime | None
    """By the time stamp if it has a trusted one, else as the file says itself."""
    has_time_stamp: bool
    is_intact: bool
    """The signature fits the bytes that it signs."""
    change: Change
    is_known: bool
    """The certificate leads to a known authority."""
    is_in_time: bool
    """The certificate is within its dates."""
    is_weak: bool
    """Its digest or key is too short to rely on (SHA-1, RSA below 2048 bits)."""
    revocation: Revocation
    list_day: date | None
    """Day of the revocation list of its issuer; None: there is none."""

    @property
    def verdict(self) -> Verdict:
        """The verdict on this signature alone."""
        if not self.is_intact or self.change == "changed" or self.revocation == "revoked":
            return "bad"
        is_sure = self.is_known and self.is_in_time and self.has_time_stamp and not self.is_weak
        return "valid" if is_sure and self.change == "none" and self.revocation == "good" else "unsure"


class UnreadableSignature(Exception):  # noqa: N818 - named after what happened, as in errors.py
    """A PDF has something in the place of a signature that cannot be read as one."""


def found_in(content: bytes, trust: Trust) -> tuple[FileSignature, ...] | None:
    """Return the signatures of a PDF in the order of its fields; None: they could not be checked here.

    Raises:
        UnreadableSignature: no signature of the file can be read.
    """
    parts = [content, *trust.authorities, *trust.revocation_lists]
    head = {
        "at": trust.at.isoformat(),
        "authorities": len(trust.authorities),
        "sizes": [len(part) for part in parts],
    }
    try:
        with jailed(PROCESS, [json.dumps(head).encode() + b"\n", *parts]) as stream:
            answer = json.loads(stream.read(MAX_OUTPUT))
        if answer.get("refusal") == "signed":
            raise UnreadableSignature
        return tuple(_signature(item) for item in answer["signatures"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        log.warning("signatures not checked")
        return None


def verdict(signatures: Sequence[FileSignature] | None, trust: Trust) -> Verdict:
    """Return the verdict on a file, that of its worst signature; `unsure` if they or the time were not checked."""
    verdicts = {signature.verdict for signature in signatures} if signatures is not None else {"unsure"}
    if verdicts == {"valid"} and not trust.is_time_sure:
        return "unsure"
    ordered: tuple[Verdict, ...] = ("bad", "unsure", "valid")
    return next((worst for worst in ordered if worst in verdicts), "")


def plain(signature: FileSignature) -> dict[str, Any]:
    """Return a signature as JSON takes it."""
    values = vars(signature)
    signed_at = signature.signed_at
    return values | {
        "signed_at": signed_at.isoformat() if signed_at else "",
        "list_day": signature.list_day.isoformat() if signature.list_day else "",
    }


def _signature(item: Any) -> FileSignature:
    """Return the signature of `plain`; each field is checked, because a hostile file may have taken over the process.

    Raises:
        ValueError, KeyError, TypeError: it is nothing that `plain` returns.
    """
    values = {field.name: item[field.name] for field in fields(FileSignature)}
    for name in ("signer", "organisation", "issuer"):
        values[name] = "".join(letter for letter in str(values[name])[:MAX_TEXT] if letter.isprintable())
    for name in ("has_time_stamp", "is_intact", "is_known", "is_in_time", "is_weak"):
        if not isinstance(values[name], bool):
            raise TypeError
    if values["change"] not in get_args(Change) or values["revocation"] not in get_args(Revocation):
        raise ValueError
    values["signed_at"] = datetime.fromisoformat(values["signed_at"]).astimezone(UTC) if values["signed_at"] else None
    values["list_day"] = date.fromisoformat(values["list_day"]) if values["list_day"] else None
    return FileSignature(**values)
