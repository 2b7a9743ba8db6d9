"""Two portals of the simulation, with the same network faults on both.

`DirectPortal` calls the gateway's functions: a day of a ward in a tenth of a second. `open_http_portal` opens the
product's own adapter with signatures, HTTP and endpoints: everything but the socket.
"""

import gzip
import io
import json
import random
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from sqlalchemy.exc import OperationalError

from sync import errors
from sync.gateway import api_request, contract_schema, events, feed, submissions
from sync.gateway.submissions import BatchContext
from sync.parcel import Audit, Event, FeedPage, Hello, Payload, Presence, Sent
from sync.portals import kiosk_sync, kiosk_sync_decode, kiosk_sync_encode
from sync.portals.http_client import HttpResponse
from sync.portals.kiosk_sync import PROTOCOL, KioskIdentity, KioskSync
from tests.simulation.gateway import SimulatedGateway, gateway_kiosk
from tests.simulation.network import NO_ANSWER, NOT_RECEIVED, NOT_SENT

T = TypeVar("T")

WRONG_RESULTS = ("results shuffled", "result missing", "foreign result")


class KioskLink(Protocol):
    """The kiosk's side of the connection: draws faults, lets time pass, and may lose its power before and after."""

    rng: random.Random

    def begin_request(self, call: str) -> str:
        """Begin a request; return its fault."""

    def deliver_late(self, work: Callable[[], object]) -> None:
        """Schedule the work of a request whose answer is no longer waited for."""

    def end_request(self) -> None:
        """End a request."""


def exchange(link: KioskLink, call: str, work: Callable[[], T], spoil: Callable[[str, T], T]) -> T:
    """Run one request with the network fault that the link draws.

    Args:
        link: the kiosk's side of the connection.
        call: name of the request.
        work: the portal's work; returns the answer.
        spoil: changes the answer by the fault.
    """
    fault = link.begin_request(call)
    if fault in NOT_SENT:
        raise errors.NotSent(fault)
    if fault == "request late":
        link.deliver_late(work)
        raise errors.Unsure("deadline")
    if fault in NOT_RECEIVED:
        raise errors.Unsure(fault)
    try:
        if fault == "request twice":
            work()
        answer = work()
    except errors.SyncError:
        if fault in NO_ANSWER:
            raise errors.Unsure(fault) from None
        link.end_request()
        raise
    if fault in NO_ANSWER:
        raise errors.Unsure(fault)
    link.end_request()
    return spoil(fault, answer)


class DirectPortal:
    """Portal that calls the gateway's functions; without `is_repeatable` the engine asks before it sends again."""

    def __init__(
        self, gateway: SimulatedGateway, link: KioskLink, kiosk_id: str, *, is_repeatable: bool = True
    ) -> None:
        self.is_repeatable = is_repeatable
        self._gateway = gateway
        self._link = link
        self._kiosk_id = kiosk_id

    def hello(self) -> Hello:
        return self._request("hello", (), self._hello)

    def send(self, loads: Sequence[Payload]) -> Sent:
        return self._request("send", [load.body for load in loads], lambda: self._send(loads))

    def verify(self, load: Payload) -> Presence:
        return self._request("verify", (), lambda: self._verify(load))

    def missing(self, known: Sequence[tuple[str, str]], events: Sequence[str]) -> Audit:
        return self._request("known", (), lambda: self._missing(dict(known), events))

    def changes(self, cursor: str | None) -> FeedPage:
        return self._request("changes", (), lambda: self._changes(cursor))

    def close(self) -> None:
        pass

    def _request(self, call: str, bodies: Sequence[bytes], work: Callable[[], T]) -> T:
        def serve() -> T:
            refusal = self._gateway.refusal(call, len(bodies), bodies)
            if refusal is not None:
                raise kiosk_sync._failure(refusal, refusal.headers["Sync-Epoch"])
            try:
                return self._gateway.serve(work)
            except OperationalError as error:
                raise errors.TooFast("503", 30.0) from error

        return exchange(self._link, call, serve, self._spoil)

    def _spoil(self, fault: str, answer: T) -> T:
        if not isinstance(answer, Sent) or fault not in WRONG_RESULTS:
            return answer
        outcomes = dict(answer.outcomes)
        if fault == "result missing" and outcomes:
            outcomes.pop(self._link.rng.choice(sorted(outcomes)))
        if fault == "foreign result" and outcomes:
            outcomes["somebody-else"] = outcomes[min(outcomes)]
        return Sent(answer.epoch, outcomes)

    def _hello(self) -> Hello:
        is_small = self._gateway.behaviour == "small"
        return Hello(
            epoch=self._gateway.epoch(),
            server_time=self._gateway.now(),
            is_maintenance=self._gateway.behaviour == "maintenance",
            batch_limit=2 if is_small else api_request.BATCH_LIMIT,
            bytes_limit=api_request.BYTES_LIMIT,
        )

    def _send(self, loads: Sequence[Payload]) -> Sent:
        batch = BatchContext(kiosk=gateway_kiosk(self._kiosk_id), now=self._gateway.now(), mode="practice")
        epoch = self._gateway.epoch()
        content = kiosk_sync_encode.batch(loads)
        set_aside = content.get("setAside", [])
        is_events = isinstance(loads[0], Event)
        if contract_schema.validate("Events" if is_events else "Submissions", content):
            raise errors.BadRequestBody("422")
        if is_events:
            results = self._gateway.transaction(
                lambda db: events.receive_events(db, batch, content["events"], set_aside)
            )
            return Sent(epoch, kiosk_sync_decode.outcomes({"results": results}, "eventId"))
        results = self._gateway.transaction(
            lambda db: submissions.receive_submissions(db, batch, content["submissions"], set_aside)
        )
        return Sent(epoch, kiosk_sync_decode.outcomes({"results": results}, "submissionId"))

    def _verify(self, load: Payload) -> Presence:
        if isinstance(load, Event):
            return "present" if load.event_id in self._gateway.events() else "absent"
        digest = self._gateway.digest(load.submission_id)
        return "absent" if digest is None else "present" if digest == load.digest else "different"

    def _missing(self, digests: dict[str, str], event_ids: Sequence[str]) -> Audit:
        epoch = self._gateway.epoch()
        missing, different = self._gateway.transaction(
            lambda db: submissions.compare_digests(db, gateway_kiosk(self._kiosk_id), digests)
        )
        missing += self._gateway.transaction(lambda db: events.find_missing(db, self._kiosk_id, list(event_ids)))
        return kiosk_sync_decode.audit({"missing": missing, "different": different}, epoch)

    def _changes(self, cursor: str | None) -> FeedPage:
        epoch = self._gateway.epoch()
        kiosk = gateway_kiosk(self._kiosk_id)
        page = self._gateway.transaction(lambda db: feed.read_changes(db, kiosk, epoch, cursor or "", limit=20))
        if isinstance(page, feed.ChangesPage):
            return kiosk_sync_decode.page({"items": page.items, "cursor": page.cursor, "more": page.has_more}, epoch)
        if page == "restored":
            self._gateway.renew_epoch(epoch)
        raise errors.Restored("410", self._gateway.epoch())


def open_http_portal(
    gateway: SimulatedGateway, link: KioskLink, kiosk_id: str, seed: bytes, clock: Callable[[], float]
) -> KioskSync:
    """Open the product's adapter with an HTTP client that calls the gateway's app."""
    identity = KioskIdentity(kiosk_id, seed, lambda: f"{link.rng.getrandbits(96):024x}")
    client: Any = _InProcessClient(gateway, link)
    return KioskSync("http://localhost", identity, client, clock=clock)


class _InProcessClient:
    """HTTP client without a socket: calls the gateway's app and returns the bytes of its answer."""

    def __init__(self, gateway: SimulatedGateway, link: KioskLink) -> None:
        self._gateway = gateway
        self._link = link

    def prepare(self, method: str, url: str, headers: Any, content: bytes | None) -> Any:
        return requests.Request(method, url, headers=dict(headers), data=content).prepare()

    def exchange(self, request: Any) -> HttpResponse:
        call = urlsplit(request.url).path.removeprefix(kiosk_sync.BASE)
        try:
            return exchange(self._link, call, lambda: self._answer(request), self._spoil)
        except errors.Unsure as error:
            broken = _BROKEN_ANSWERS.get(error.code)
            if broken is None:
                raise
            return broken

    def close(self) -> None:
        pass

    def _answer(self, request: Any) -> HttpResponse:
        content = request.body or b""
        plain = gzip.decompress(content) if request.headers.get("Content-Encoding") == "gzip" else content
        path = urlsplit(request.url).path.removeprefix(kiosk_sync.BASE)
        if path == "/hello" and self._gateway.behaviour in ("maintenance", "small"):
            return self._greeting()
        count = plain.count(b'"submissionId":') if path in ("/submissions", "/events") else 0
        refusal = self._gateway.refusal(path.removeprefix("/"), count, [plain])
        if refusal is not None:
            return HttpResponse(refusal.status, CaseInsensitiveDict(refusal.headers), refusal.body)
        return self._gateway.serve(lambda: _call_app(self._gateway.app, request))

    def _greeting(self) -> HttpResponse:
        is_small = self._gateway.behaviour == "small"
        epoch = self._gateway.epoch()
        content = {
            "status": "ok" if is_small else "maintenance",
            "serverTime": self._gateway.now().isoformat(),
            "batchLimit": 2 if is_small else 50,
            "bytesLimit": api_request.BYTES_LIMIT,
        }
        return HttpResponse(200, _sync_headers(epoch), json.dumps(content).encode())

    def _spoil(self, fault: str, response: HttpResponse) -> HttpResponse:
        if response.status != 200 or fault not in WRONG_RESULTS:
            return response
        content = json.loads(response.body)
        results = content.get("results")
        if not results:
            return response
        if fault == "results shuffled":
            self._link.rng.shuffle(results)
        elif fault == "result missing":
            results.pop(self._link.rng.randrange(len(results)))
        else:
            name = "eventId" if "eventId" in results[0] else "submissionId"
            results.insert(0, {**results[0], name: "0199ffff-0000-7000-8000-00000000ffff"})
        return HttpResponse(200, response.headers, json.dumps(content).encode())


def _sync_headers(epoch: str) -> Any:
    return CaseInsensitiveDict({"Sync-Protocol": PROTOCOL, "Sync-Epoch": epoch})


_CAPTIVE_PAGE = b"<!doctype html><title>Wi-Fi</title><p>Xin dang nhap.</p>"
_BROKEN_ANSWERS = {
    "captive portal": HttpResponse(200, CaseInsensitiveDict({"Content-Type": "text/html"}), _CAPTIVE_PAGE),
    "captive portal json": HttpResponse(200, CaseInsensitiveDict({"Content-Type": "application/json"}), b"{}"),
    "answer cut": HttpResponse(200, _sync_headers("cut"), b'{"results": [{"submissionId": "0199'),
}


def _call_app(app: Any, request: Any) -> HttpResponse:
    """Call a WSGI app in this process."""
    url = urlsplit(request.url)
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": url.path,
        "QUERY_STRING": url.query,
        "REQUEST_URI": url.path + (f"?{url.query}" if url.query else ""),
        "SERVER_NAME": url.hostname,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": url.netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": io.BytesIO(request.body or b""),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    started: list[Any] = []
    body = b"".join(app(environ, lambda status, headers, _error=None: started.extend([status, headers])))
    headers = CaseInsensitiveDict(started[1])
    if headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return HttpResponse(int(started[0][:3]), headers, body)
