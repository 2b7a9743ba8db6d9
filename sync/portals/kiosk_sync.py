"""Adapter of kiosk-sync/1, the neutral contract (docs/kiosk-sync-1.yaml): sending again is the verification.

Only a response with the headers `Sync-Protocol` and `Sync-Epoch` counts as one; a status code alone means nothing. The
machine's wall clock is never used: a signature carries the portal's time of the last greeting, advanced by the
monotonic clock, so a wrong or jumping clock cannot lock a kiosk out.
"""

import gzip
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from sync import errors, signature
from sync.encoding import canonical_json
from sync.parcel import Audit, Event, FeedPage, FileChunk, FileProgress, Hello, Parcel, Payload, Presence, Sent
from sync.portals import kiosk_sync_decode, kiosk_sync_encode
from sync.portals import need_list as need_lists
from sync.portals.base import (
    AuditHead,
    KioskReport,
    KnownNumbers,
    OpinionReport,
    PortalOptions,
    PostedQueue,
    ReportAnswer,
)
from sync.portals.http_client import HttpClient, HttpResponse, require_https, retry_after_seconds
from sync.portals.need_list import NeedList
from sync.versions import is_older

PROTOCOL = "kiosk-sync/1"
BASE = "/kiosk-sync/v1"
QUEUE_SECONDS = 5.0
"""Limit for an exchange of the queue: a slow line is for the forms."""
_PROXY_STATUSES = (421, 502, 503, 504)
"""The web server before the gateway answers so: to a name that it does not serve, or while the gateway is down.

A captive portal does not.
"""
_PROBLEM = re.compile(r"/problems/([a-z][a-z-]{1,31})", re.ASCII)


@dataclass(frozen=True)
class KioskIdentity:
    """The sender: `seed` is the 32 bytes of the Ed25519 key, `nonce` returns a new nonce for each request.

    `restores` is how often its store was restored from a copy: the machine that took over has the same key.
    """

    kiosk_id: str
    seed: bytes
    nonce: Callable[[], str]
    restores: int = 0

    @property
    def key_id(self) -> str:
        """Return the id of the key, as the portal knows it."""
        return signature.key_id(signature.public_key(self.seed))


class KioskSync:
    """A portal with kiosk-sync/1; `url` is the contract's server, https unless on this machine."""

    is_repeatable = True

    def __init__(
        self,
        url: str,
        identity: KioskIdentity,
        http: HttpClient,
        *,
        clock: Callable[[], float] = time.monotonic,
        gzip_from: int = 1024,
        audit_head: Callable[[int | None], AuditHead | None] | None = None,
    ) -> None:
        require_https(url)
        self._url = url.rstrip("/") + (BASE if urlsplit(url).path in ("", "/") else "")
        self._identity = identity
        self._http = http
        self._clock = clock
        self._gzip_from = gzip_from
        self._audit_head = audit_head
        self.release = ""
        """The number of the kiosk's release; empty: not told."""
        self._audit_line_held: int | None = None
        """The line of the audit trail that the gateway holds, by its last answer."""
        self.opinions: Callable[[str], OpinionReport | None] | None = None
        """Returns the report of the month after one that the gateway has."""
        self._opinions_held: str | None = ""
        """The newest month of opinions that the gateway has, by its last answer; None where it takes none."""
        self._anchor: tuple[datetime, float] | None = None
        self._signs_restores = False
        """Whether the gateway of the last greeting accepts a signature that covers `Kiosk-Restores`."""

    def hello(self) -> Hello:
        """Return the portal's greeting, and keep its time for signatures.

        Raises:
            WrongVersion: the portal takes submissions only of later releases.
        """
        greeting = self._greet()
        if self.release and is_older(self.release, greeting.minimum_version):
            raise errors.WrongVersion(errors.MINIMUM + greeting.minimum_version)
        return greeting

    def _greet(self) -> Hello:
        response, epoch = self._exchange("GET", "/hello")
        if response.status != 200:
            raise _failure(response, epoch)
        greeting = kiosk_sync_decode.hello(kiosk_sync_decode.parse(response.body), epoch)
        self._anchor = (greeting.server_time, self._clock())
        self._signs_restores = greeting.signs_restores
        return greeting

    def enrol(self, code: str, unit_code: str) -> str:
        """Enrol this kiosk's key with a one-time code; return its keyid.

        Raises:
            EnrolmentRefused: the portal refused the code.
        """
        public = signature.to_base64url(signature.public_key(self._identity.seed))
        body = {"code": code, "kioskId": self._identity.kiosk_id, "unitCode": unit_code, "publicKey": public}
        response, epoch = self._exchange_json("POST", "/kiosks", body)
        if response.status in (400, 403, 422):
            raise errors.EnrolmentRefused(str(response.status))
        if response.status not in (200, 201):
            raise _failure(response, epoch)
        return self._identity.key_id

    def send(self, payloads: Sequence[Payload]) -> Sent:
        """Send payloads of one kind."""
        if isinstance(payloads[0], Event):
            results, epoch = self._post("/events", kiosk_sync_encode.batch(payloads))
            return Sent(epoch, kiosk_sync_decode.outcomes(results, "eventId"))
        results, epoch = self._post("/submissions", kiosk_sync_encode.batch(payloads))
        return Sent(epoch, kiosk_sync_decode.outcomes(results, "submissionId"))

    def verify(self, payload: Payload) -> Presence:
        """Return whether the portal has a submission; of an event it cannot be known."""
        if not isinstance(payload, Parcel):
            return "cannot_tell"
        response, epoch = self._exchange_json("GET", f"/submissions/{payload.submission_id}")
        if response.status == 404:
            return "absent"
        if response.status != 200:
            raise _failure(response, epoch)
        receipt = kiosk_sync_decode.receipt(kiosk_sync_decode.parse(response.body).get("receipt", {}))
        return "present" if receipt.digest == payload.digest else "different"

    def missing(self, known: Sequence[tuple[str, str]], events: Sequence[str]) -> Audit:
        """Return which of these submissions (id, digest) and events the portal lacks, and which submissions differ."""
        ids = [{"submissionId": subject, "digest": digest} for subject, digest in known]
        result, epoch = self._post("/known", {"ids": ids, "events": list(events)})
        return kiosk_sync_decode.audit(result, epoch)

    def changes(self, cursor: str | None) -> FeedPage:
        """Return the next page of the changes feed, with the payment notices that this release reads."""
        place = f"cursor={quote(cursor, safe='')}&" if cursor else ""
        response, epoch = self._exchange_json("GET", f"/changes?{place}payments=true")
        if response.status != 200:
            raise _failure(response, epoch)
        return kiosk_sync_decode.page(kiosk_sync_decode.parse(response.body), epoch)

    def numbers(self) -> KnownNumbers:
        """Return the highest receipt number of each recent day; none of a gateway that is older than this question."""
        response, epoch = self._exchange_json("GET", "/numbers")
        if response.status == 404:
            return KnownNumbers(epoch, {})
        if response.status != 200:
            raise _failure(response, epoch)
        return kiosk_sync_decode.numbers(kiosk_sync_decode.parse(response.body), epoch)

    def report(self, report: KioskReport) -> ReportAnswer:
        """Send the state of the kiosk; a gateway that is older than this call names no release."""
        response, epoch = self._exchange_json("POST", "/report", kiosk_sync_encode.kiosk_report(report))
        if response.status in (404, 405):
            return ReportAnswer(epoch, None)
        if response.status != 200:
            raise _failure(response, epoch)
        answer = kiosk_sync_decode.parse(response.body)
        release = kiosk_sync_decode.allowed_release(answer)
        need_list = kiosk_sync_decode.need_list_held(answer)
        trail = kiosk_sync_decode.portal_trail(answer)
        return ReportAnswer(
            epoch=epoch,
            release=release,
            need_list=need_list,
            trail=trail,
            sends_messages=kiosk_sync_decode.sends_messages(answer),
            message_month=kiosk_sync_decode.message_month(answer),
            ended_consents=kiosk_sync_decode.ended_consents(answer),
        )

    def put_need_list(self, need_list: NeedList) -> str:
        """Send what the ward's procedures need; a gateway that is older than this call takes nothing, and is fine."""
        response, epoch = self._exchange_json("PUT", "/need-list", need_lists.encode(need_list))
        if response.status in (200, 404, 405):
            return epoch
        raise _failure(response, epoch)

    def post_queue(self, queue: PostedQueue) -> bool:
        """Send the queue within `QUEUE_SECONDS`; return False when the gateway is older than this call."""
        body = kiosk_sync_encode.queue(queue)
        with self._http.limited(QUEUE_SECONDS):
            response, epoch = self._exchange_json("PUT", "/queue", body)
        if response.status in (404, 405):
            return False
        if response.status != 200:
            raise _failure(response, epoch)
        return True

    def held(self, sha256: str) -> FileProgress:
        """Return how much of a file the portal holds of this kiosk."""
        response, epoch = self._exchange_signed("HEAD", f"/files/{sha256}")
        if response.status == 404:
            return FileProgress(epoch, 0, is_whole=False)
        if response.status != 200:
            raise _failure(response, epoch)
        return FileProgress(epoch, _offset(response), is_whole=response.headers.get("Upload-Complete") == "?1")

    def append(self, sha256: str, chunk: FileChunk) -> FileProgress:
        """Send a chunk of a file; to an unexpected offset the portal answers with the right one."""
        headers = {
            "Content-Type": "application/octet-stream",
            "Upload-Offset": str(chunk.offset),
            "Upload-Complete": "?1" if chunk.is_last else "?0",
        }
        response, epoch = self._exchange_signed("PATCH", f"/files/{sha256}", chunk.content, headers)
        if response.status == 201:
            return FileProgress(epoch, chunk.end, is_whole=True)
        if response.status in (204, 409):
            return FileProgress(epoch, _offset(response), is_whole=False)
        if response.status in (404, 405):  # this portal takes no files: not a fault of the connection
            raise errors.BadRequestBody(str(response.status))
        raise _failure(response, epoch)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _post(self, path: str, body: dict[str, Any]) -> tuple[dict[str, Any], str]:
        is_batch = path in ("/submissions", "/events")
        response, epoch = self._exchange_json("POST", path, body | self._members() if is_batch else body)
        if response.status != 200:
            raise _failure(response, epoch)
        result = kiosk_sync_decode.parse(response.body)
        if is_batch:
            self._audit_line_held = kiosk_sync_decode.audit_count(result)
            self._opinions_held = kiosk_sync_decode.opinions_held(result)
        return result, epoch

    def _members(self) -> dict[str, Any]:
        """Return the members of a batch besides its items."""
        report = self.opinions(self._opinions_held) if self.opinions and self._opinions_held is not None else None
        opinions = {"opinions": kiosk_sync_encode.opinions(report)} if report else {}
        return self._audit_member() | opinions

    def _audit_member(self) -> dict[str, Any]:
        """Return the member that names the last line of the audit trail, and the line that the gateway holds."""
        head = self._audit_head(None) if self._audit_head else None
        if head is None or self._audit_head is None:
            return {}
        member: dict[str, Any] = {"count": head.count, "digest": head.digest}
        held = self._audit_head(self._audit_line_held) if self._audit_line_held else None
        if held is not None:
            member["held"] = {"count": held.count, "digest": held.digest}
        return {"auditHead": member}

    def _exchange_json(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[HttpResponse, str]:
        """Send a signed request with a JSON body, or without a body; return the response and its epoch."""
        if body is None:
            return self._exchange_signed(method, path)
        content = canonical_json(body)
        headers = {"Content-Type": "application/json"}
        if len(content) >= self._gzip_from:
            headers["Content-Encoding"] = "gzip"
            content = gzip.compress(content, compresslevel=6, mtime=0)
        return self._exchange_signed(method, path, content, headers)

    def _exchange_signed(
        self, method: str, path: str, content: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[HttpResponse, str]:
        """Sign and send; after `clock` or `replay` sign again, once."""
        if self._anchor is None:
            self._greet()
        response, epoch = self._exchange(method, path, content, headers, is_signed=True)
        problem = _problem(response)
        # A response to HEAD has no body: the reason may be the clock, and a greeting corrects that.
        if response.status != 401 or (problem not in ("clock", "replay") and method != "HEAD"):
            return response, epoch
        if method == "HEAD":
            self._greet()
        elif problem == "clock":
            self._anchor = (kiosk_sync_decode.server_time(kiosk_sync_decode.parse(response.body)), self._clock())
        return self._exchange(method, path, content, headers, is_signed=True)

    def _exchange(
        self,
        method: str,
        path: str,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        is_signed: bool = False,
    ) -> tuple[HttpResponse, str]:
        all_headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": f"ward-kiosk/{self.release}" if self.release else "ward-kiosk",
            **(headers or {}),
        }
        if is_signed and (self._identity.restores or self._signs_restores):
            all_headers["Kiosk-Restores"] = str(self._identity.restores)
        request = self._http.prepare(method, self._url + path, headers=all_headers, content=content)
        if is_signed:
            signature.sign(
                request,
                self._identity.seed,
                content=content,
                created=self._now(),
                nonce=self._identity.nonce(),
                covers_restores=self._signs_restores,
            )
        response = self._http.exchange(request)
        epoch = _epoch(response)
        # A proxy that mixes answers up gave a kiosk the cursor of another one. An older gateway names no key.
        if is_signed and response.headers.get("Sync-Key-Id", self._identity.key_id) != self._identity.key_id:
            raise errors.Unsure("foreign answer")
        return response, epoch

    def _now(self) -> datetime:
        if self._anchor is None:
            raise errors.NotSent("never greeted")
        server_time, then = self._anchor
        return server_time + timedelta(seconds=self._clock() - then)


def open_portal(options: PortalOptions) -> KioskSync:
    """Open the adapter of a gateway."""
    identity = KioskIdentity(
        kiosk_id=options.kiosk_id, seed=options.key(), nonce=options.nonce, restores=options.restores
    )
    http = HttpClient(ca=options.ca, seconds=options.seconds)
    portal = KioskSync(options.url, identity, http, audit_head=options.audit_head)
    portal.opinions = options.opinions
    portal.release = options.release
    return portal


def _epoch(response: HttpResponse) -> str:
    """Return the epoch of a response that proves to come from the portal; anything else is `Unsure`."""
    protocol = response.headers.get("Sync-Protocol", "")
    epoch = response.headers.get("Sync-Epoch", "")
    if not 1 <= len(epoch) <= 64 or not protocol.startswith("kiosk-sync/"):
        raise errors.Unsure(str(response.status) if response.status in _PROXY_STATUSES else "foreign answer")
    if protocol != PROTOCOL:
        raise errors.WrongVersion("protocol")
    return epoch


def _problem(response: HttpResponse) -> str:
    """Return the problem that a response names (RFC 9457), a short word; empty when it names none."""
    try:
        kind = kiosk_sync_decode.parse(response.body).get("type")
    except errors.Unsure:
        return ""
    named = _PROBLEM.fullmatch(kind) if isinstance(kind, str) else None
    return named[1] if named else ""


def _failure(response: HttpResponse, epoch: str) -> errors.SyncError:
    """Return the error for a response of the portal that is not a success."""
    code = str(response.status)
    wait = retry_after_seconds(response)
    if response.status == 401:
        return errors.WrongClock(code) if _problem(response) == "clock" else errors.NotKnown(_problem(response) or code)
    if response.status == 503 and wait is not None:
        return errors.TooFast(code, wait)
    if response.status == 410:
        return errors.Restored(code, epoch)
    by_status: dict[int, errors.SyncError] = {
        400: errors.BadRequestBody(code),
        403: errors.NotAllowed(_problem(response) or code),
        413: errors.TooLarge(code),
        421: errors.NotSent(code),
        422: errors.BadRequestBody(code),
        426: errors.WrongVersion(code),
        429: errors.TooFast(code, wait),
    }
    return by_status.get(response.status, errors.Unsure(code))


def _offset(response: HttpResponse) -> int:
    value = response.headers.get("Upload-Offset", "")
    if not (value.isascii() and value.isdigit() and len(value) <= 15):
        raise errors.Unsure("no offset")
    return int(value)
