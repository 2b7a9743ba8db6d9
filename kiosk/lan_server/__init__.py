"""The LAN listener: the same pages over TLS, for officers, technicians, boards and enrolled touchscreens.

The loopback listener is waitress and works without this one. This one runs an event loop in a thread of its own: a
connection that sends half a request costs a coroutine and a few kilobytes, never a thread that renders pages. While its
address or its certificate is missing it tries again every few seconds; the health checks show the reason.
"""

import logging
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING
from wsgiref.types import WSGIApplication, WSGIEnvironment

from kiosk.base.clock import SYSTEM
from kiosk.base.errors import BadSettings
from kiosk.config import Config
from kiosk.security import tls

if TYPE_CHECKING:
    from kiosk.lan_server.server import Server

log = logging.getLogger(__name__)

BACKLOG = 512
RETRY_SECONDS = 10.0


@contextmanager
def lan(app: WSGIApplication, config: Config, body_limit: Callable[[WSGIEnvironment], int]) -> Iterator[None]:
    """Serve on the LAN while the block runs, if kiosk.toml says so; practice stays on loopback."""
    if not config.lan.host or config.kiosk.practice:
        yield
        return
    from kiosk.lan_server.server import STOP_SECONDS, Server  # asyncio and h11: 16 ms and 2 MB for a kiosk with no LAN

    listener = _Listener(Server(app, body_limit, threads=config.web.threads), config)
    thread = Thread(target=listener.run, name="lan")
    thread.start()
    listener.was_tried.wait()
    try:
        yield
    finally:
        listener.close()
        thread.join(STOP_SECONDS * 2)


class _Listener:
    """Opens the socket of the LAN as soon as it can, and serves on it: run in its own thread, closed from another."""

    def __init__(self, server: "Server", config: Config) -> None:
        self.was_tried = Event()
        """Set when the socket is open, or could not be opened the first time."""
        self._config = config
        self._server = server
        self._closing = Event()

    def run(self) -> None:
        """Serve until closed; no error here reaches the loopback listener."""
        reason = ""
        while not self._closing.is_set():
            try:
                listening, context = self._open()
            except (BadSettings, OSError) as error:
                if str(error) != reason:
                    log.error("lan closed", extra={"kind": type(error).__name__})
                reason = str(error)
                self.was_tried.set()
                self._closing.wait(RETRY_SECONDS)
                continue
            reason = ""
            self.was_tried.set()
            self._serve(listening, context)

    def _serve(self, listening: socket.socket, context: ssl.SSLContext) -> None:
        try:
            self._server.run(listening, context)
        except Exception:  # an error of ours: log it, and open again
            log.exception("lan failed")
            self._closing.wait(RETRY_SECONDS)

    def close(self) -> None:
        """Finish the requests in flight, then stop."""
        self._closing.set()
        self._server.close()

    def _open(self) -> tuple[socket.socket, ssl.SSLContext]:
        from kiosk.security.certificate_making import renew_if_due

        config = self._config
        renew_if_due(config.tls_folder, config.lan.names, SYSTEM.now())
        chain, key = tls.server_paths(config.tls_folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
        context.set_alpn_protocols(["http/1.1"])
        context.load_cert_chain(str(chain), str(key))
        return _listen(config.lan.host, config.lan.port), context


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    listening.settimeout(0)
    return listening
