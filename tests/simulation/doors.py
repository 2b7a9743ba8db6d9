"""Two ways into the gateway, with the same weather on both.

``Direct`` calls the gateway's taking itself: a day of a ward in a tenth of a second. ``whole_way`` is the product's own
adapter, its signatures, HTTP and addresses: everything but the socket.
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
from sync.parcel import Audit, Event, FeedPage, Hello, Load, Presence, Sent
from sync.portals import kiosk_sync, kiosk_sync_decode, kiosk_sync_encode
from sync.portals.http_client import HttpResponse
from sync.portals.kiosk_sync import PROTOCOL, KioskIdentity, KioskSync
from tests.simulation.gateway import Province, kiosk_of
from tests.simulation.weather import NEVER_ARRIVED, NEVER_LEFT, UNHEARD

T = TypeVar("T")


class Line(Protocol):
    """The kiosk's end of the line: draws a fate, lets time pass, and may lose its power before and after."""

    lot: random.Random

    def fate(self, call: str) -> str:
        """Begin a request: say what becomes of it."""

    def late(self, do: Callable[[], object]) -> None:
        """Let a request arrive when nobody waits for its answer any more."""

    def answered(self) -> None:
        """End a request."""


def carry(line: Line, call: str, do: Callable[[], T], spoil: Callable[[str, T], T]) -> T:
    """Take one request to the portal and its answer back, as the line's fate has it."""
    fate = line.fate(call)
    if fate in NEVER_LEFT:
        raise errors.NotSent(fate)
    if fate == "late":
        line.late(do)
        raise errors.Unsure("deadline")
    if fate in NEVER_ARRIVED:
        raise errors.Unsure(fate)
    try:
        if fate == "twice":
            do()
        found = do()
    except errors.SyncError:
        if fate in UNHEARD:
            raise errors.Unsure(fate) from None
        line.answered()
        raise
    if fate in UNHEARD:
        raise errors.Unsure(fate)
    line.answered()
    return spoil(fate, found)


class Direct:
    """A portal that is the gateway's own functions; one that may not be asked twice is asked what it has."""

    def __init__(self, province: Province, line: Line, name: str, *, is_repeatable: bool = True) -> None:
        self.is_repeatable = is_repeatable
        self._province = province
        self._line = line
        self._name = name

    def hello(self) -> Hello:
        return self._ask("hello", (), self._hello)

    def send(self, loads: Sequence[Load]) -> Sent:
        return self._ask("send", [load.body for load in loads], lambda: self._send(loads))

    def verify(self, load: Load) -> Presence:
        return self._ask("verify", (), lambda: self._verify(load))

    def missing(self, known: Sequence[tuple[str, str]]) -> Audit:
        return self._ask("known", (), lambda: self._missing(dict(known)))

    def changes(self, cursor: str | None) -> FeedPage:
        return self._ask("changes", (), lambda: self._changes(cursor))

    def close(self) -> None:
        pass

    def _ask(self, call: str, words: Sequence[bytes], work: Callable[[], T]) -> T:
        def do() -> T:
            refusal = self._province.refusal(call, len(words), words)
            if refusal is not None:
                raise kiosk_sync._failure(refusal, refusal.headers["Sync-Epoch"])
            try:
                return self._province.serve(work)
            except OperationalError as error:
                raise errors.TooFast("503", 30.0) from error

        return carry(self._line, call, do, self._spoil)

    def _spoil(self, fate: str, found: T) -> T:
        if not isinstance(found, Sent) or fate not in ("shuffled", "missing", "foreign"):
            return found
        outcomes = dict(found.outcomes)
        if fate == "missing" and outcomes:
            outcomes.pop(self._line.lot.choice(sorted(outcomes)))
        if fate == "foreign" and outcomes:
            outcomes["somebody-else"] = outcomes[min(outcomes)]
        return Sent(found.epoch, outcomes)

    def _hello(self) -> Hello:
        is_small = self._province.mood == "small"
        return Hello(
            epoch=self._province.epoch(),
            server_time=self._province.now(),
            is_maintenance=self._province.mood == "maintenance",
            batch_limit=2 if is_small else api_request.BATCH_LIMIT,
            bytes_limit=api_request.BYTES_LIMIT,
        )

    def _send(self, loads: Sequence[Load]) -> Sent:
        desk = BatchContext(kiosk_of(self._name), self._province.now(), "practice")
        epoch = self._province.epoch()
        kind = "Events" if isinstance(loads[0], Event) else "Submissions"
        name, take = ("eventId", events.receive_events) if kind == "Events" else ("submissionId", submissions.receive_submissions)
        said = kiosk_sync_encode.batch(loads)
        if contract_schema.validate(kind, said):
            raise errors.Poison("422")
        items = said[kind.lower()]
        aside = said.get("setAside", [])
        results = self._province.done(lambda db: take(db, desk, items, aside))
        return Sent(epoch, kiosk_sync_decode.outcomes({"results": results}, name))

    def _verify(self, load: Load) -> Presence:
        if isinstance(load, Event):
            return "present" if load.event_id in self._province.acts() else "absent"
        found = self._province.digest(load.submission_id)
        return "absent" if found is None else "present" if found == load.digest else "different"

    def _missing(self, asked: dict[str, str]) -> Audit:
        epoch = self._province.epoch()
        found = self._province.done(lambda db: submissions.compare_digests(db, kiosk_of(self._name), asked))
        return kiosk_sync_decode.audit(dict(zip(("missing", "different"), found, strict=True)), epoch)

    def _changes(self, cursor: str | None) -> FeedPage:
        epoch = self._province.epoch()
        page = self._province.done(lambda db: feed.read_changes(db, kiosk_of(self._name), epoch, cursor or "", 20))
        if isinstance(page, feed.ChangesPage):
            return kiosk_sync_decode.page({"items": page.items, "cursor": page.cursor, "more": page.has_more}, epoch)
        if page == "forgotten":
            self._province.forgot(epoch)
        raise errors.Restored("410", self._province.epoch())


def whole_way(province: Province, line: Line, name: str, seed: bytes, clock: Callable[[], float]) -> KioskSync:
    """Give the product's adapter, with a wire that ends in the gateway's app."""
    identity = KioskIdentity(name, seed, lambda: f"{line.lot.getrandbits(96):024x}")
    wire: Any = _Wire(province, line)
    return KioskSync("http://localhost", identity, wire, clock=clock)


class _Wire:
    """The wire without a socket: the request goes to the gateway's app, what comes back is bytes."""

    def __init__(self, province: Province, line: Line) -> None:
        self._province = province
        self._line = line

    def prepare(self, method: str, url: str, headers: Any, content: bytes | None) -> Any:
        return requests.Request(method, url, headers=dict(headers), data=content).prepare()

    def exchange(self, request: Any) -> HttpResponse:
        call = urlsplit(request.url).path.removeprefix(kiosk_sync.BASE)
        try:
            return carry(self._line, call, lambda: self._answer(request), self._spoil)
        except errors.Unsure as error:
            broken = _BROKEN.get(error.code)
            if broken is None:
                raise
            return broken

    def close(self) -> None:
        pass

    def _answer(self, request: Any) -> HttpResponse:
        content = request.body or b""
        plain = gzip.decompress(content) if request.headers.get("Content-Encoding") == "gzip" else content
        path = urlsplit(request.url).path.removeprefix(kiosk_sync.BASE)
        if path == "/hello" and self._province.mood in ("maintenance", "small"):
            return self._greeting()
        count = plain.count(b'"submissionId":') if path in ("/submissions", "/events") else 0
        refusal = self._province.refusal(path.removeprefix("/"), count, [plain])
        if refusal is not None:
            return HttpResponse(refusal.status, CaseInsensitiveDict(refusal.headers), refusal.body)
        return self._province.serve(lambda: _called(self._province.app, request))

    def _greeting(self) -> HttpResponse:
        is_small = self._province.mood == "small"
        epoch = self._province.epoch()
        said = {
            "status": "ok" if is_small else "maintenance",
            "serverTime": self._province.now().isoformat(),
            "batchLimit": 2 if is_small else 50,
            "bytesLimit": api_request.BYTES_LIMIT,
        }
        return HttpResponse(200, _marks(epoch), json.dumps(said).encode())

    def _spoil(self, fate: str, found: HttpResponse) -> HttpResponse:
        if found.status != 200 or fate not in ("shuffled", "missing", "foreign"):
            return found
        said = json.loads(found.body)
        results = said.get("results")
        if not results:
            return found
        if fate == "shuffled":
            self._line.lot.shuffle(results)
        elif fate == "missing":
            results.pop(self._line.lot.randrange(len(results)))
        else:
            name = "eventId" if "eventId" in results[0] else "submissionId"
            results.insert(0, {**results[0], name: "0199ffff-0000-7000-8000-00000000ffff"})
        return HttpResponse(200, found.headers, json.dumps(said).encode())


def _marks(epoch: str) -> Any:
    return CaseInsensitiveDict({"Sync-Protocol": PROTOCOL, "Sync-Epoch": epoch})


_SIGN_IN = b"<!doctype html><title>Wi-Fi</title><p>Xin dang nhap.</p>"
_BROKEN = {
    "captive": HttpResponse(200, CaseInsensitiveDict({"Content-Type": "text/html"}), _SIGN_IN),
    "captive empty": HttpResponse(200, CaseInsensitiveDict({"Content-Type": "application/json"}), b"{}"),
    "cut": HttpResponse(200, _marks("cut"), b'{"results": [{"submissionId": "0199'),
}


def _called(app: Any, request: Any) -> HttpResponse:
    """Ask a WSGI app in this process."""
    place = urlsplit(request.url)
    around = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": place.path,
        "QUERY_STRING": place.query,
        "REQUEST_URI": place.path + (f"?{place.query}" if place.query else ""),
        "SERVER_NAME": place.hostname,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": place.netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": place.scheme,
        "wsgi.input": io.BytesIO(request.body or b""),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        around[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    said: list[Any] = []
    body = b"".join(app(around, lambda status, headers, _error=None: said.extend([status, headers])))
    headers = CaseInsensitiveDict(said[1])
    if headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return HttpResponse(int(said[0][:3]), headers, body)
