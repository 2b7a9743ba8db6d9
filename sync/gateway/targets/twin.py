"""Twins: stand-ins for the systems behind the gateway, for training and for the conformance suite.

A twin answers real HTTP, keeps its state in SQLite, and counts what it got. Faults of the line are the same for all; a
twin adds the oddities of its system. A fault strikes the next request of a kind, or every one until it is taken back.
"""

import contextlib
import io
import json
import socket
import sqlite3
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol

from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from sync.encoding import sha256_hex
from sync.gateway.forward_targets import ForwardTarget

BEFORE_FAULTS = ("down", "page", "error", "busy")
"""Faults that strike before the request has an effect: reset, a sign-in page with 200, 500, 503 with Retry-After."""
AFTER_FAULTS = ("lost", "slow", "cut", "large", "gateway")
"""Faults after the effect: reset, no answer in time, half an answer, too long an answer, 502."""
LINE_FAULTS = BEFORE_FAULTS + AFTER_FAULTS
TWIN_SECONDS = 1.5
"""Limit of a request in the conformance suite: a busy machine needs more than half a second for an ordinary answer."""
UNIT_CODE = "H57.99.01"
PROCEDURE_CODE = "1.001193"
_PAGE = b"<!doctype html><title>Sign in</title><form><input name=user></form>"
_LARGE_BYTES = 5 << 20


@dataclass(frozen=True, kw_only=True)
class TwinCounts:
    """Counts of a twin: dossiers, files, actions and forbidden requests.

    Attributes:
        dossiers: dossiers, doubled ones too.
        files: files of all dossiers, doubled ones too.
        actions: actions or lines of progress, doubled ones too.
        forbidden: requests that the system forbids, such as a number reserved twice.
    """

    dossiers: int
    files: int
    actions: int
    forbidden: int


@dataclass(frozen=True)
class TwinFile:
    """File of a posted form; `field` is the name of its field."""

    field: str
    name: str
    content: bytes


@dataclass(frozen=True)
class TwinRequest:
    """Request to a twin; `body` is parsed JSON, None without one; `form` and `files` are those of a form."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    form: dict[str, str] = field(default_factory=dict)
    files: tuple[TwinFile, ...] = ()


@dataclass(frozen=True)
class TwinAnswer:
    """Answer of a twin, sent as JSON."""

    body: object
    status: int = 200


class TargetTwin(Protocol):
    """Twin as the conformance suite drives it; a province writes one beside its own target.

    The twin's target must know the unit `UNIT_CODE` and the procedure `PROCEDURE_CODE`.
    """

    @property
    def requests(self) -> Sequence[str]:
        """Return the kinds of request, those of the first dossier in their order."""

    @property
    def faults(self) -> Sequence[str]:
        """Return the faults that each kind of request can have."""

    @property
    def gives_number(self) -> bool:
        """Return whether the system gives the official number; otherwise the desk has typed it."""

    @property
    def actions_each(self) -> int:
        """Return how many actions or lines of progress one accepted dossier causes."""

    @property
    def takes_files(self) -> bool:
        """Return whether it counts files."""

    @property
    def takes_changes(self) -> bool:
        """Return whether the system has a call that changes a dossier; else a person changes it there."""

    def open_target(self) -> ForwardTarget:
        """Open the target that is examined, connected to this twin."""

    def break_next(self, request: str, fault: str) -> None:
        """Let a fault strike the next request of a kind."""

    def break_often(self, rate: float) -> None:
        """Let a fault strike this share of all requests, at places that are the same in each run; 0 ends it."""

    def count(self) -> TwinCounts:
        """Return what it holds and got since `reset`."""

    def numbers(self) -> set[str]:
        """Return the official numbers of its dossiers."""

    def reset(self) -> None:
        """Delete all dossiers and counts."""

    def close(self) -> None:
        """Stop answering."""


class TwinFaults:
    """The faults that strike next."""

    def __init__(self, faults: Sequence[str]) -> None:
        self._faults = faults
        self._next: dict[str, str] = {}
        self._rate = 0.0
        self._requests = 0
        self._lock = threading.Lock()
        self.standing = ""
        """A fault that strikes every request, for training."""

    def break_next(self, request: str, fault: str) -> None:
        """Let a fault strike the next request of a kind."""
        with self._lock:
            self._next[request] = fault

    def break_often(self, rate: float) -> None:
        """Let a fault strike this share of all requests."""
        self._rate = rate
        self._requests = 0

    def strike(self, request: str) -> str:
        """Return the fault of a request; "" for none."""
        with self._lock:
            fault = self._next.pop(request, "") or self.standing
            self._requests += 1
            number = int(sha256_hex(f"{request} {self._requests}".encode())[:8], 16)
            if not fault and number % 1000 < self._rate * 1000:
                fault = self._faults[number // 1000 % len(self._faults)]
            return fault


class AnsweringTwin(Protocol):
    """Twin as the server calls it."""

    faults_ahead: TwinFaults

    def kind_of(self, request: TwinRequest) -> str:
        """Return the kind of a request."""

    def answer(self, request: TwinRequest, fault: str) -> TwinAnswer:
        """Do a request, with an oddity of this system or without."""


class TwinServer:
    """HTTP server of a twin on loopback; `stall`: how long a slow answer takes, in seconds."""

    def __init__(self, twin: AnsweringTwin, port: int = 0, stall: float = TWIN_SECONDS + 0.5) -> None:
        self.twin = twin
        self.stall = stall
        self.is_closing = threading.Event()
        self._server = _TwinHttpServer(("127.0.0.1", port), _TwinHandler)
        self._server.owner = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Return the address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Stop answering."""
        self.is_closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _TwinHttpServer(ThreadingHTTPServer):
    daemon_threads = True
    owner: TwinServer


class _TwinHandler(BaseHTTPRequestHandler):
    """Handles one connection; a fault of the line ends it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and body are two writes; the second would wait 40 ms
    server: _TwinHttpServer

    def do_GET(self) -> None:
        """Answer a request."""
        self._handle()

    def do_POST(self) -> None:
        """Answer a request."""
        self._handle()

    def do_PUT(self) -> None:
        """Answer a request."""
        self._handle()

    def log_message(self, *_args: Any) -> None:
        """Write no line for each request."""

    def _handle(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        owner = self.server.owner
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = parse_request(self.command, self.path, headers, content)
        fault = owner.twin.faults_ahead.strike(owner.twin.kind_of(request))
        if fault in BEFORE_FAULTS:
            self._break_before(fault)
            return
        answer = owner.twin.answer(request, fault)
        encoded = json.dumps(answer.body, ensure_ascii=False).encode()
        if fault in AFTER_FAULTS:
            self._break_after(fault, encoded)
        else:
            self._send(answer.status, encoded, "application/json")

    def _break_before(self, fault: str) -> None:
        if fault == "down":
            reset_connection(self)
        elif fault == "page":
            self._send(200, _PAGE, "text/html")
        elif fault == "busy":
            self._send(503, b"", "text/plain", retry_after="40")
        else:
            self._send(500, b"", "text/plain")

    def _break_after(self, fault: str, encoded: bytes) -> None:
        if fault == "slow":
            self.server.owner.is_closing.wait(self.server.owner.stall)
            reset_connection(self)
        elif fault == "cut":
            self._send(200, encoded[: len(encoded) // 2], "application/json")
        elif fault == "large":
            self._send(200, encoded + b" " * _LARGE_BYTES, "application/json")
        elif fault == "gateway":
            self._send(502, _PAGE, "text/html")
        else:
            reset_connection(self)

    def _send(self, status: int, body: bytes, media_type: str, retry_after: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        if retry_after:
            self.send_header("Retry-After", retry_after)
        with contextlib.suppress(OSError):
            self.end_headers()
            self.wfile.write(body)


def reset_connection(handler: BaseHTTPRequestHandler) -> None:
    """Close a connection with a reset (RST), which the client sees at once."""
    handler.close_connection = True
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def parse_request(method: str, path: str, headers: dict[str, str], content: bytes) -> TwinRequest:
    """Return a request with a JSON body, or with a form."""
    media_type = headers.get("content-type", "")
    if not media_type.startswith(("multipart/", "application/x-www-form-urlencoded")):
        body = json.loads(content) if content else None
        return TwinRequest(method=method, path=path, headers=headers, body=body)
    kind, options = parse_options_header(media_type)
    _, form, files = FormDataParser().parse(io.BytesIO(content), kind, len(content), options)
    parts = []
    for name, part in files.items(multi=True):
        parts.append(TwinFile(name, part.filename or "", part.read()))
        part.close()
    return TwinRequest(method=method, path=path, headers=headers, body=None, form=form.to_dict(), files=tuple(parts))


class TwinState:
    """State of a twin in an SQLite file, one transaction a block; `tables` are created if they are missing."""

    def __init__(self, path: Path, tables: dict[str, str]) -> None:
        self._path = path
        self._tables = tables
        with self.write() as db:
            for name, columns in tables.items():
                db.execute(f"create table if not exists {name} ({columns})")

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Open the state for one transaction."""
        with contextlib.closing(sqlite3.connect(self._path, timeout=30, isolation_level=None)) as db:
            db.execute("pragma synchronous = off")
            db.execute("begin immediate")
            yield db
            db.execute("commit")

    def count(self, table: str) -> int:
        """Return the number of rows of a table."""
        with self.write() as db:
            return int(db.execute(f"select count(*) from {table}").fetchone()[0])  # noqa: S608  # nosec B608 # names of the twins

    def clear(self) -> None:
        """Delete all rows."""
        with self.write() as db:
            for name in self._tables:
                db.execute(f"delete from {name}")  # noqa: S608  # nosec B608 # names of the twins
