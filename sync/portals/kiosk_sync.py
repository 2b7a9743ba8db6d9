"""kiosk-sync/1, the neutral contract (docs/kiosk-sync-1.yaml): sending again is the verification.

Only an answer with the headers ``Sync-Protocol`` and ``Sync-Epoch`` is one; a status code alone means nothing. The
machine's wall clock is never asked: a signature carries the portal's time of the last greeting, moved on by the
monotonic clock, so a wrong or jumping clock cannot lock a kiosk out.
"""

import gzip
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from sync import errors, signature
from sync.parcel import Audit, Event, FeedPage, FileProgress, Hello, Load, Parcel, Piece, Presence, Sent
from sync.portals import kiosk_sync_decode, kiosk_sync_encode
from sync.portals.base import PortalOptions
from sync.portals.http_client import HttpClient, HttpResponse, require_https, retry_after_seconds

PROTOCOL = "kiosk-sync/1"
BASE = "/kiosk-sync/v1"
_PROBLEM = re.compile(r"/problems/([a-z][a-z-]{1,31})", re.ASCII)


@dataclass(frozen=True)
class KioskIdentity:
    """Who sends: ``seed`` is the 32 bytes of the Ed25519 key, ``nonce`` draws a new mark for each request."""

    kiosk_id: str
    seed: bytes
    nonce: Callable[[], str]

    @property
    def key_id(self) -> str:
        """Name the key as the portal knows it."""
        return signature.key_id(signature.public_key(self.seed))


class KioskSync:
    """A portal that speaks kiosk-sync/1; ``url`` is the contract's server, https unless on this machine."""

    is_repeatable = True

    def __init__(
        self,
        url: str,
        identity: KioskIdentity,
        wire: HttpClient,
        *,
        clock: Callable[[], float] = time.monotonic,
        gzip_from: int = 1024,
    ) -> None:
        require_https(url)
        self._url = url.rstrip("/") + (BASE if urlsplit(url).path in ("", "/") else "")
        self._identity = identity
        self._wire = wire
        self._clock = clock
        self._gzip_from = gzip_from
        self._anchor: tuple[datetime, float] | None = None

    def hello(self) -> Hello:
        """Ask whether the portal is there, and what time it is there."""
        answer, epoch = self._ask("GET", "/hello")
        if answer.status != 200:
            raise _failure(answer, epoch)
        found = kiosk_sync_decode.hello(kiosk_sync_decode.parse(answer.body), epoch)
        self._anchor = (found.server_time, self._clock())
        return found

    def enrol(self, code: str, unit_code: str) -> str:
        """Make this kiosk's key known with a one-time code; give its keyid. Raises EnrolmentRefused."""
        public = signature.to_base64url(signature.public_key(self._identity.seed))
        said = {"code": code, "kioskId": self._identity.kiosk_id, "unitCode": unit_code, "publicKey": public}
        answer, epoch = self._signed("POST", "/kiosks", said)
        if answer.status in (400, 403, 422):
            raise errors.EnrolmentRefused(str(answer.status))
        if answer.status not in (200, 201):
            raise _failure(answer, epoch)
        return self._identity.key_id

    def send(self, loads: Sequence[Load]) -> Sent:
        """Hand over loads of one kind."""
        if isinstance(loads[0], Event):
            found, epoch = self._post("/events", kiosk_sync_encode.batch(loads))
            return Sent(epoch, kiosk_sync_decode.outcomes(found, "eventId"))
        found, epoch = self._post("/submissions", kiosk_sync_encode.batch(loads))
        return Sent(epoch, kiosk_sync_decode.outcomes(found, "submissionId"))

    def verify(self, load: Load) -> Presence:
        """Ask what became of a submission; of an event it cannot be told."""
        if not isinstance(load, Parcel):
            return "cannot_tell"
        answer, epoch = self._signed("GET", f"/submissions/{load.submission_id}")
        if answer.status == 404:
            return "absent"
        if answer.status != 200:
            raise _failure(answer, epoch)
        receipt = kiosk_sync_decode.receipt(kiosk_sync_decode.parse(answer.body).get("receipt", {}))
        return "present" if receipt.digest == load.digest else "different"

    def missing(self, known: Sequence[tuple[str, str]]) -> Audit:
        """Ask which of these (id, digest) the portal lacks or holds otherwise."""
        said = {"ids": [{"submissionId": subject, "digest": digest} for subject, digest in known]}
        found, epoch = self._post("/known", said)
        return kiosk_sync_decode.audit(found, epoch)

    def changes(self, cursor: str | None) -> FeedPage:
        """Read the next page of the portal's later word."""
        query = f"?cursor={quote(cursor, safe='')}" if cursor else ""
        answer, epoch = self._signed("GET", "/changes" + query)
        if answer.status != 200:
            raise _failure(answer, epoch)
        return kiosk_sync_decode.page(kiosk_sync_decode.parse(answer.body), epoch)

    def held(self, sha256: str) -> FileProgress:
        """Ask how much of a file the portal holds of this kiosk."""
        answer, epoch = self._certain("HEAD", f"/files/{sha256}")
        if answer.status == 404:
            return FileProgress(epoch, 0, is_whole=False)
        if answer.status != 200:
            raise _failure(answer, epoch)
        return FileProgress(epoch, _offset(answer), is_whole=answer.headers.get("Upload-Complete") == "?1")

    def append(self, sha256: str, piece: Piece) -> FileProgress:
        """Hand over a piece of a file; an offset that the portal does not expect is answered with the right one."""
        headers = {
            "Content-Type": "application/octet-stream",
            "Upload-Offset": str(piece.offset),
            "Upload-Complete": "?1" if piece.is_last else "?0",
        }
        answer, epoch = self._certain("PATCH", f"/files/{sha256}", piece.content, headers)
        if answer.status == 201:
            return FileProgress(epoch, piece.end, is_whole=True)
        if answer.status in (204, 409):
            return FileProgress(epoch, _offset(answer), is_whole=False)
        if answer.status in (404, 405):  # a portal that takes no files: that is no fault of the line
            raise errors.Poison(str(answer.status))
        raise _failure(answer, epoch)

    def close(self) -> None:
        """Let go of the line."""
        self._wire.close()

    def _post(self, path: str, said: dict[str, Any]) -> tuple[dict[str, Any], str]:
        answer, epoch = self._signed("POST", path, said)
        if answer.status != 200:
            raise _failure(answer, epoch)
        return kiosk_sync_decode.parse(answer.body), epoch

    def _signed(self, method: str, path: str, said: dict[str, Any] | None = None) -> tuple[HttpResponse, str]:
        """Send something said as JSON, or nothing, signed."""
        if said is None:
            return self._certain(method, path)
        content = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json"}
        if len(content) >= self._gzip_from:
            headers["Content-Encoding"] = "gzip"
            content = gzip.compress(content, compresslevel=6, mtime=0)
        return self._certain(method, path, content, headers)

    def _certain(
        self, method: str, path: str, content: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[HttpResponse, str]:
        """Sign and send; after ``clock`` or ``replay`` sign again, once."""
        if self._anchor is None:
            self.hello()
        answer, epoch = self._ask(method, path, content, headers, is_signed=True)
        problem = _problem(answer)
        # An answer to HEAD has no words: there the reason may be the clock, and the greeting puts it right.
        if answer.status != 401 or (problem not in ("clock", "replay") and method != "HEAD"):
            return answer, epoch
        if method == "HEAD":
            self.hello()
        elif problem == "clock":
            self._anchor = (kiosk_sync_decode.server_time(kiosk_sync_decode.parse(answer.body)), self._clock())
        return self._ask(method, path, content, headers, is_signed=True)

    def _ask(
        self,
        method: str,
        path: str,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        is_signed: bool = False,
    ) -> tuple[HttpResponse, str]:
        sent = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "ward-kiosk", **(headers or {})}
        request = self._wire.prepare(method, self._url + path, sent, content)
        if is_signed:
            nonce = self._identity.nonce()
            signature.sign(request, self._identity.seed, content=content, created=self._now(), nonce=nonce)
        answer = self._wire.exchange(request)
        return answer, _epoch(answer)

    def _now(self) -> datetime:
        if self._anchor is None:
            raise errors.NotSent("never greeted")
        at, then = self._anchor
        return at + timedelta(seconds=self._clock() - then)


def open_portal(options: PortalOptions) -> KioskSync:
    """Open the adapter of a gateway."""
    identity = KioskIdentity(options.kiosk_id, options.key(), options.nonce)
    return KioskSync(options.url, identity, HttpClient(ca=options.ca, seconds=options.seconds))


def _epoch(answer: HttpResponse) -> str:
    """Give the epoch of an answer that proves to be the portal's; anything else is no answer."""
    protocol, epoch = answer.headers.get("Sync-Protocol", ""), answer.headers.get("Sync-Epoch", "")
    if not 1 <= len(epoch) <= 64 or not protocol.startswith("kiosk-sync/"):
        raise errors.Unsure("foreign answer")
    if protocol != PROTOCOL:
        raise errors.WrongVersion("protocol")
    return epoch


def _problem(answer: HttpResponse) -> str:
    """Name the problem of an answer (RFC 9457), empty when it names none: a name is a short word, never a sentence."""
    try:
        kind = kiosk_sync_decode.parse(answer.body).get("type")
    except errors.Unsure:
        return ""
    named = _PROBLEM.fullmatch(kind) if isinstance(kind, str) else None
    return named[1] if named else ""


def _failure(answer: HttpResponse, epoch: str) -> errors.SyncError:
    """Say what an answer of the portal that is not 200 asks for."""
    code, wait = str(answer.status), retry_after_seconds(answer)
    if answer.status == 401:
        return errors.WrongClock(code) if _problem(answer) == "clock" else errors.NotKnown(_problem(answer) or code)
    if answer.status == 503 and wait is not None:
        return errors.TooFast(code, wait)
    if answer.status == 410:
        return errors.Restored(code, epoch)
    plain: dict[int, errors.SyncError] = {
        400: errors.Poison(code),
        403: errors.NotAllowed(_problem(answer) or code),
        413: errors.TooLarge(code),
        422: errors.Poison(code),
        426: errors.WrongVersion(code),
        429: errors.TooFast(code, wait),
    }
    return plain.get(answer.status, errors.Unsure(code))


def _offset(answer: HttpResponse) -> int:
    said = answer.headers.get("Upload-Offset", "")
    if not (said.isascii() and said.isdigit() and len(said) <= 15):
        raise errors.Unsure("no offset")
    return int(said)
