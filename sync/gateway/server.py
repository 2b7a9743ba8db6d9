"""Gateway server: waitress with limits, the forward worker, and in practice a fault proxy before it.

In practice kiosks connect to the fault proxy, and waitress listens on an unannounced port of this machine. Otherwise
waitress listens on the loopback address, behind a proxy that terminates TLS.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable

import waitress
from waitress import wasyncore

from sync.gateway.api_request import BYTES_LIMIT
from sync.gateway.app import create_app, create_waiting_app
from sync.gateway.context import GatewayContext
from sync.gateway.database import StandbyDatabase
from sync.gateway.database_address import parse_address
from sync.gateway.database_state import find_state
from sync.gateway.fault_proxy import FaultProxy
from sync.gateway.faults import FaultSwitch
from sync.gateway.forward_worker import ForwardWorker
from sync.gateway.forwarding import ForwardPace
from sync.gateway.message_senders import check_place, open_senders
from sync.gateway.message_worker import MessageWorker
from sync.gateway.settings import GatewaySettings
from sync.gateway.targets import open_forward_target
from sync.portals.kiosk_sync import BASE

_log = logging.getLogger(__name__)

THREADS = 8
_STOP_SECONDS = 5.0
_STATE_INTERVAL = 2.0
"""Seconds between two questions which server takes writes, while none does."""
# Larger than the gateway's own limit, so that the gateway refuses and its answer has the headers of the protocol.
_MAX_BODY_BYTES = 2 * BYTES_LIMIT


class Gateway:
    """A gateway that listens as soon as it is created; `run` blocks, another thread may call `close`."""

    def __init__(self, settings: GatewaySettings) -> None:
        self.faults = FaultSwitch()
        check_place(settings.send_messages, practice=settings.practice)
        self._target = open_forward_target(settings.forward_to)
        self.app = create_app(settings, self.faults)
        self._context: GatewayContext = self.app.extensions["gateway"]
        self._worker = ForwardWorker(self._context, self._target, ForwardPace(interval=settings.forward_interval))
        self._senders = open_senders(settings.send_messages, self._context.engine, settings.now)
        self._message_worker = MessageWorker(self._context, self._senders)
        self._stopping = threading.Event()
        self._server = waitress.create_server(
            self.app,
            host="127.0.0.1" if settings.practice else settings.host,
            port=0 if settings.practice else settings.port,
            threads=THREADS,
            ident=None,
            # A local proxy terminates TLS: its X-Forwarded-For is trusted, a caller's own is dropped.
            trusted_proxy="127.0.0.1",
            trusted_proxy_headers={"x-forwarded-for"},
            clear_untrusted_proxy_headers=True,
            connection_limit=200,
            channel_timeout=60,
            max_request_header_size=32768,
            max_request_body_size=_MAX_BODY_BYTES,
            inbuf_overflow=_MAX_BODY_BYTES + 65536,
            outbuf_overflow=_MAX_BODY_BYTES,
        )
        self.inner_port = int(self._server.effective_port)
        """The port of waitress; in practice only the fault proxy knows it."""
        self.port = self.inner_port
        self._open_channels = self._server._map
        self._closing = threading.Lock()
        self._proxy: FaultProxy | None = None
        self._stop_metrics: Callable[[], None] = _nothing
        if settings.practice:
            self._proxy = self._open_proxy(settings)
            self.port = self._proxy.port
        if settings.metrics_port:
            self._stop_metrics = self._serve_metrics(settings.metrics_port)
        self.url = f"http://{settings.host}:{self.port}"

    def _open_proxy(self, settings: GatewaySettings) -> FaultProxy:
        try:
            return FaultProxy(
                host=settings.host,
                port=settings.port,
                target=("127.0.0.1", self.inner_port),
                faults=self.faults,
                base=BASE,
            )
        except OSError:
            self.release()
            raise

    def _serve_metrics(self, port: int) -> Callable[[], None]:
        try:
            return self._context.metrics.serve(port)
        except OSError:
            self.release()
            raise

    def run(self) -> None:
        """Serve until closed."""
        if self._proxy is not None:
            self._proxy.start()
        worker = threading.Thread(target=self._worker.run, args=[self._stopping], name="forward worker", daemon=True)
        worker.start()
        messenger = threading.Thread(
            target=self._message_worker.run, args=[self._stopping], name="message worker", daemon=True
        )
        messenger.start()
        try:
            self._server.run()
        finally:
            self._stopping.set()
            worker.join(_STOP_SECONDS)
            messenger.join(_STOP_SECONDS)
            self.release()

    def release(self) -> None:
        """Close ports, threads and database, when nothing is served any more."""
        self._server.task_dispatcher.shutdown()
        self._stop_metrics()
        with self._closing:
            wasyncore.close_all(self._open_channels)
        if self._proxy is not None:
            self._proxy.close()
        if self._target is not None:
            self._target.close()
        for sender in self._senders:
            sender.close()
        self._context.close()

    def close(self) -> None:
        """Stop serving; `run` returns soon after."""
        with self._closing:
            self._server.trigger.pull_trigger(self._end_loop)

    def _end_loop(self) -> None:
        """End waitress's loop, in its own thread: it runs as long as its map contains a channel.

        Nothing is closed here: another request may have woken the loop before `close` has written to the trigger's
        pipe. A closed pipe would make that write fail, or reach another file with the same descriptor.
        """
        self._open_channels = dict(self._server._map)
        self._server._map.clear()


def _nothing() -> None:
    """Stop nothing: no metrics are served."""


def shorten_thread_switches() -> None:
    """Shorten Python's thread switch interval from 5 ms to 0.5 ms.

    An answer waits a dozen times for the database for a short time; after each wait, a thread would wait up to 5 ms
    for another thread that computes.
    """
    sys.setswitchinterval(0.0005)


def serve(settings: GatewaySettings, ready: Callable[[str], None]) -> None:
    """Serve until the process is stopped.

    Args:
        settings: the settings.
        ready: called once with the URL.

    Raises:
        OSError: the port is in use.
    """
    shorten_thread_switches()
    gateway = _open_gateway(settings)
    try:
        ready(gateway.url)
    except BaseException:
        gateway.release()
        raise
    gateway.run()


def _open_gateway(settings: GatewaySettings) -> Gateway:
    """Open the gateway; while only a standby database answers, serve the waiting page."""
    while True:
        try:
            return Gateway(settings)
        except StandbyDatabase:
            _log.warning("standby database, waiting for the primary")
        _serve_while_waiting(settings)
        _log.warning("primary database found")


def _serve_while_waiting(settings: GatewaySettings) -> None:
    """Serve the waiting page until a server takes writes.

    Raises:
        OSError: the port is in use.
    """
    address = parse_address(settings.database)
    server = waitress.create_server(
        create_waiting_app(), host=settings.host, port=settings.port, threads=2, ident=None, connection_limit=200
    )
    thread = threading.Thread(target=server.run, name="waiting page", daemon=True)
    thread.start()
    try:
        while find_state(address) != "writable":
            time.sleep(_STATE_INTERVAL)
    finally:
        channels = dict(server._map)
        server.trigger.pull_trigger(server._map.clear)
        thread.join(_STOP_SECONDS)
        server.task_dispatcher.shutdown()
        wasyncore.close_all(channels)


def serve_in_thread(settings: GatewaySettings) -> tuple[Gateway, threading.Thread]:
    """Serve in a thread, for tests and benchmarks."""
    gateway = Gateway(settings)
    thread = threading.Thread(target=gateway.run, daemon=True)
    thread.start()
    return gateway, thread
