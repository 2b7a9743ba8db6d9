"""The gateway running: waitress behind its limits, in practice with a breakable line before it.

In practice the address that kiosks are given is the line (``proxy``); waitress listens on a port of this machine that
nobody is told. Otherwise waitress listens itself, on the loopback, and TLS stands before it.
"""

import sys
import threading
from collections.abc import Callable

import waitress
from waitress import wasyncore

from sync.gateway.api_request import BYTES_LIMIT
from sync.gateway.app import create_app
from sync.gateway.fault_proxy import Proxy
from sync.gateway.faults import Faults
from sync.gateway.forward_targets import open_far_side
from sync.gateway.forward_worker import Courier
from sync.gateway.forwarding import ForwardPace
from sync.gateway.settings import Settings
from sync.portals.kiosk_sync import BASE

THREADS = 8
_STOP_SECONDS = 5.0
# Above what the gateway takes, so that it is the gateway that refuses, with the marks of the protocol.
_MOST_BODY = 2 * BYTES_LIMIT


class Gateway:
    """A gateway that listens from its making on; ``run`` blocks, ``close`` may come from another thread."""

    def __init__(self, settings: Settings) -> None:
        self.faults = Faults()
        far = open_far_side(settings.forward_to)
        self.app = create_app(settings, self.faults)
        self._courier = Courier(self.app.extensions["gateway"], far, ForwardPace(interval=settings.forward_interval))
        self._leaving = threading.Event()
        inner = ("127.0.0.1", 0) if settings.practice else (settings.host, settings.port)
        self._server = waitress.create_server(
            self.app,
            host=inner[0],
            port=inner[1],
            threads=THREADS,
            ident=None,
            # TLS stands before this port; who calls is what it says, and what a caller writes there himself is dropped.
            trusted_proxy="127.0.0.1",
            trusted_proxy_headers={"x-forwarded-for"},
            clear_untrusted_proxy_headers=True,
            connection_limit=200,
            channel_timeout=60,
            max_request_header_size=32768,
            max_request_body_size=_MOST_BODY,
            inbuf_overflow=_MOST_BODY + 65536,
            outbuf_overflow=_MOST_BODY,
        )
        # Where waitress itself listens; in practice only the line before it knows.
        self.inner_port = self.port = int(self._server.effective_port)
        self._open = self._server._map
        self._closing = threading.Lock()
        self._proxy: Proxy | None = None
        self._end_figures: Callable[[], None] = _nothing
        if settings.practice:
            self._proxy = self._line(settings)
        if settings.metrics_port:
            self._end_figures = self._figures(settings.metrics_port)
        self.url = f"http://{settings.host}:{self.port}"

    def _line(self, settings: Settings) -> Proxy:
        target = ("127.0.0.1", self.inner_port)
        try:
            proxy = Proxy(settings.host, settings.port, target, self.faults, BASE)
        except OSError:
            self.tidy()
            raise
        self.port = proxy.port
        return proxy

    def _figures(self, port: int) -> Callable[[], None]:
        try:
            found: Callable[[], None] = self.app.extensions["gateway"].figures.listen(port)
        except OSError:
            self.tidy()
            raise
        return found

    def run(self) -> None:
        """Serve until closed."""
        if self._proxy is not None:
            self._proxy.start()
        courier = threading.Thread(target=self._courier.run, args=[self._leaving], name="courier", daemon=True)
        courier.start()
        try:
            self._server.run()
        finally:
            self._leaving.set()
            courier.join(_STOP_SECONDS)
            self.tidy()

    def tidy(self) -> None:
        """Let go of ports, threads and database; only when nothing is served any more."""
        self._server.task_dispatcher.shutdown()
        self._end_figures()
        with self._closing:
            wasyncore.close_all(self._open)
        if self._proxy is not None:
            self._proxy.close()
        self.app.extensions["gateway"].close()

    def close(self) -> None:
        """Stop serving; ``run`` returns soon after."""
        with self._closing:
            self._server.trigger.pull_trigger(self._leave)

    def _leave(self) -> None:
        """End waitress's loop, in its own thread: it goes on as long as its map holds anything.

        Nothing is closed here: another request may have woken the loop before ``close`` has written to the trigger's
        pipe, and what is written must not meet a pipe that is closed, or another file at its number.
        """
        self._open = dict(self._server._map)
        self._server._map.clear()


def _nothing() -> None:
    """End nothing: no figures are given out."""


def share_out() -> None:
    """Let threads take turns ten times as often as Python does by itself.

    An answer is a dozen short waits for the database; after each, a thread would wait up to 5 ms for one that computes.
    """
    sys.setswitchinterval(0.0005)


def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until the process is told to stop; ``ready`` is told the address once. OSError: the port is taken."""
    share_out()
    gateway = Gateway(settings)
    try:
        ready(gateway.url)
    except BaseException:
        gateway.tidy()
        raise
    gateway.run()


def serve_in_thread(settings: Settings) -> tuple[Gateway, threading.Thread]:
    """Serve beside the caller, for tests and figures."""
    gateway = Gateway(settings)
    thread = threading.Thread(target=gateway.run, daemon=True)
    thread.start()
    return gateway, thread
