"""Recorder of a real system: a server on loopback between gateway and system, which writes the shapes of exchanges.

The gateway forwards to a copy of its mapping file whose addresses lead here. Requests and answers pass unchanged; a
failure of the connection becomes a reset, as the gateway would see it. The file gets no value: `shapes`.
"""

import contextlib
import json
import re
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sync import errors
from sync.gateway.targets.mapping import MAX_SECONDS, BadMapping
from sync.gateway.targets.shapes import exchange_shape
from sync.gateway.targets.twin import reset_connection
from sync.portals.http_client import HttpClient, HttpResponse, require_https

ADDRESSES = ("url", "sign_in")
"""Settings of `[service]` that are addresses of requests."""
_FILES = ("password_file", "ca", "files")
_OWN_HEADERS = {"host", "connection", "content-length", "accept-encoding"}
_PASSED = ("Content-Type", "Retry-After", "Date")


class Recorder:
    """Servers for the addresses of a mapping file, and the file that they write; `folder` takes both.

    Raises:
        BadMapping: the file has no address, or one without https.
    """

    def __init__(self, text: str, content: Mapping[str, Any], folder: Path) -> None:
        service = content.get("service", {})
        addresses = {service[name].rstrip("/") for name in ADDRESSES if isinstance(service.get(name), str)}
        _check_addresses(text, addresses)
        paths = (
            value for name, value in service.items() if name not in _FILES and str(value).startswith(("/", "http"))
        )
        self.path_words = frozenset(part for path in paths for part in urlsplit(path).path.split("/"))
        self.file = folder / "exchanges.jsonl"
        self.mapping = folder / f"{content.get('kind')}.toml"
        self._ca = Path(service["ca"]) if service.get("ca") else None
        self._lock = threading.Lock()
        self._servers: list[_RecorderServer] = []
        for address in sorted(addresses, key=len, reverse=True):
            server = _RecorderServer(self, address)
            self._servers.append(server)
            text = _with_address(text, address, server.url)
        self.file.touch(mode=0o600)
        self.mapping.write_text(text, encoding="utf-8")
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def exchange(self, method: str, url: str, headers: Mapping[str, str], content: bytes) -> HttpResponse | None:
        """Pass a request on; None when no answer came."""
        http = HttpClient(ca=self._ca, seconds=MAX_SECONDS)
        passed = {name: value for name, value in headers.items() if name.lower() not in _OWN_HEADERS}
        try:
            return http.exchange(http.prepare(method, url, passed, content or None))
        except errors.SyncError:
            return None
        finally:
            http.close()

    def write(self, shape: dict[str, Any]) -> None:
        """Add an exchange to the file."""
        line = json.dumps(shape, ensure_ascii=False)
        with self._lock, self.file.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def close(self) -> None:
        """Stop answering."""
        for server in self._servers:
            server.shutdown()
            server.server_close()


def _check_addresses(text: str, addresses: set[str]) -> None:
    if not addresses - {""}:
        raise BadMapping("service.url: missing")
    for address in addresses:
        try:
            require_https(address)
        except errors.BadPortal as error:
            raise BadMapping(f"service.url: {error}") from None
        if _with_address(text, address, "") == text:
            raise BadMapping("service.url: not on a line of its own")


def _with_address(text: str, address: str, here: str) -> str:
    """Return a mapping file whose connection leads here; other settings may hold the same address for others."""
    line = re.compile(rf"""^(\s*(?:{"|".join(ADDRESSES)})\s*=\s*)(["']){re.escape(address)}/?\2""", re.MULTILINE)
    return line.sub(lambda match: f'{match[1]}"{here}"', text)


class _RecorderServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, recorder: Recorder, address: str) -> None:
        super().__init__(("127.0.0.1", 0), _RecorderHandler)
        self.recorder = recorder
        self.address = address

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _RecorderHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _RecorderServer

    def do_GET(self) -> None:
        """Pass a request on."""
        self._pass_on()

    def do_POST(self) -> None:
        """Pass a request on."""
        self._pass_on()

    def do_PUT(self) -> None:
        """Pass a request on."""
        self._pass_on()

    def log_message(self, *_args: Any) -> None:
        """Write no line for each request: its address may name a person."""

    def _pass_on(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        recorder = self.server.recorder
        response = recorder.exchange(self.command, self.server.address + self.path, headers, content)
        base = urlsplit(self.server.address).path
        recorder.write(exchange_shape(self.command, base + self.path, headers, content, response, recorder.path_words))
        if response is None:
            reset_connection(self)
            return
        self.send_response_only(response.status)
        for name in _PASSED:
            if name in response.headers:
                self.send_header(name, response.headers[name])
        self.send_header("Content-Length", str(len(response.body)))
        with contextlib.suppress(OSError):
            self.end_headers()
            self.wfile.write(response.body)
