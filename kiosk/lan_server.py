"""The LAN listener: the same pages over TLS, for officers, technicians, boards and enrolled touchscreens.

The loopback listener is waitress and keeps working when the LAN is down. This one is Hypercorn on an event loop in a
thread of its own: a connection that sends half a request costs a coroutine, never a thread that renders pages. Every
stage has a timeout: the handshake, the head of a request, the pause between two parts of a body.
"""

import asyncio
import logging
import resource
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from hypercorn.asyncio import serve
from hypercorn.config import Config as Listener

from kiosk import tls
from kiosk.clock import SYSTEM
from kiosk.config import Config
from kiosk.errors import BadSettings
from kiosk.pages.access import LAN, LISTENER

log = logging.getLogger(__name__)

HANDSHAKE_SECONDS = 5
HEAD_SECONDS = 5
PAUSE_SECONDS = 20
STOP_SECONDS = 3
LARGEST_HEAD = 16 * 1024
BACKLOG = 512
OPEN_FILES = 8192


@contextmanager
def lan(app: WSGIApplication, config: Config, largest_body: int) -> Iterator[None]:
    """Serve on the LAN while the block runs, if kiosk.toml says so; practice stays on loopback."""
    if not config.lan.host or config.kiosk.practice:
        yield
        return
    tls.renew_if_due(config.tls_folder, config.lan.names, SYSTEM.now())
    _allow_connections()
    server = _Server(_mark_lan(app), config, _listen(config), largest_body)
    thread = Thread(target=server.run, name="lan")
    thread.start()
    server.is_open.wait()
    try:
        yield
    finally:
        server.close()
        thread.join(STOP_SECONDS * 2)


class _Server:
    """The LAN server: run in its own thread, closed from another."""

    def __init__(self, app: WSGIApplication, config: Config, listening: socket.socket, largest_body: int) -> None:
        self.app = app
        self.threads = config.web.threads
        self.is_open = Event()
        self.listener = _Listener()
        chain, key = tls.server_paths(config.tls_folder)
        self.listener.certfile = str(chain)
        self.listener.keyfile = str(key)
        self.listener.bind = [f"fd://{listening.detach()}"]  # Hypercorn closes this descriptor
        self.listener.wsgi_max_body_size = largest_body
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()

    def run(self) -> None:
        """Serve until closed; an error here does not stop the loopback listener."""
        try:
            asyncio.run(self._serve())
        except OSError:
            log.exception("lan closed")
        finally:
            self.is_open.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_default_executor(ThreadPoolExecutor(self.threads, thread_name_prefix="lan"))
        self.is_open.set()
        await serve(self.app, self.listener, shutdown_trigger=self._stop.wait, mode="wsgi")

    def close(self) -> None:
        """Finish the requests in flight, then stop."""
        if self._loop is not None and self._loop.is_running():
            self._loop.call_soon_threadsafe(self._stop.set)


class _Listener(Listener):
    """Hypercorn's settings with our limits; HTTP/1.1 only, because that is less to secure."""

    alpn_protocols = ["http/1.1"]  # noqa: RUF012 - as the library declares it
    backlog = BACKLOG
    errorlog = logging.getLogger("hypercorn.error")
    graceful_timeout = STOP_SECONDS
    h11_max_incomplete_size = LARGEST_HEAD
    include_server_header = False
    keep_alive_timeout = HEAD_SECONDS
    read_timeout = PAUSE_SECONDS
    ssl_handshake_timeout = HANDSHAKE_SECONDS

    def create_ssl_context(self) -> ssl.SSLContext:
        """Return a context for TLS 1.2 with forward secrecy, or TLS 1.3."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
        context.set_alpn_protocols(self.alpn_protocols)
        context.load_cert_chain(str(self.certfile), str(self.keyfile))
        return context


def _mark_lan(app: WSGIApplication) -> WSGIApplication:
    """Mark each request as coming from the LAN; a header could be forged."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> object:
        environ[LISTENER] = LAN
        return app(environ, start)

    return answer  # type: ignore[return-value]


def _listen(config: Config) -> socket.socket:
    host = config.lan.host
    port = config.lan.port
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as cause:
        listening.close()
        raise BadSettings(
            f"[lan] không mở được {host} cổng {port}: không phải địa chỉ của máy, hoặc cổng có chương trình dùng.",
            f"[lan] {host} port {port} cannot be opened: not an address of this machine, or the port is in use.",
        ) from cause
    return listening


def _allow_connections() -> None:
    """Raise the limit of open files: each half-sent request holds one until its timeout."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
