"""Event loop of the LAN listener: accepts connections, counts them, and ends them all at the end."""

import asyncio
import ipaddress
import logging
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from typing import Any
from wsgiref.types import WSGIApplication, WSGIEnvironment

import h11

from kiosk.base import allocator
from kiosk.lan_server.capacity import Capacity
from kiosk.lan_server.connection import Connection, Site, end_at_once

log = logging.getLogger(__name__)

HANDSHAKE_SECONDS = 5.0
SHUTDOWN_SECONDS = 2.0
"""How long the end of TLS may take: a silent browser must not hold a connection that is over."""
STOP_SECONDS = 3.0
READ_BUFFER_BYTES = 32 * 1024
WRITE_BUFFER_BYTES = 64 * 1024
CROWD = 40
"""More connections than the browsers of a ward have."""
ACCEPT_PAUSE_SECONDS = 0.2
"""Pause after the system refused a new connection, for example for lack of open files."""


class Server:
    """The server behind one listening socket: run in one thread, closed from another."""

    def __init__(self, app: WSGIApplication, body_limit: Callable[[WSGIEnvironment], int], *, threads: int) -> None:
        self._app = app
        self._body_limit = body_limit
        self._threads = threads
        self._connections: dict[asyncio.Task[None], Connection | None] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._is_closing = False
        self._crowd = 0

    def run(self, listening: socket.socket, context: ssl.SSLContext) -> None:
        """Serve until closed."""
        with listening, ThreadPoolExecutor(self._threads, thread_name_prefix="lan") as pool:
            site = Site(app=self._app, body_limit=self._body_limit, pool=pool, capacity=Capacity())
            asyncio.run(self._run(site, listening, context))

    def close(self) -> None:
        """Finish the requests in flight, then stop."""
        self._is_closing = True
        if self._loop is not None and self._stop is not None:
            with suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._stop.set)

    async def _run(self, site: Site, listening: socket.socket, context: ssl.SSLContext) -> None:
        self._stop = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        if self._is_closing:
            return
        self._loop.set_exception_handler(_log_error)
        accepting = self._loop.create_task(self._accept(site, listening, context))
        await self._stop.wait()
        accepting.cancel()
        for task, connection in self._connections.items():
            if connection is None or connection.is_idle:
                task.cancel()
            else:
                connection.is_last = True
        if self._connections:
            await asyncio.wait(list(self._connections), timeout=STOP_SECONDS)

    async def _accept(self, site: Site, listening: socket.socket, context: ssl.SSLContext) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                wire, peer = await loop.sock_accept(listening)
            except OSError:
                await asyncio.sleep(ACCEPT_PAUSE_SECONDS)
                continue
            task = loop.create_task(self._serve(site, wire, context, _address_of(peer)))
            self._connections[task] = None
            self._crowd = max(self._crowd, len(self._connections))
            task.add_done_callback(self._forget)

    def _forget(self, task: "asyncio.Task[None]") -> None:
        del self._connections[task]
        self._return_memory()
        if not task.cancelled() and task.exception() is not None:
            log.error("lan connection failed", exc_info=task.exception())

    def _return_memory(self) -> None:
        """Return the memory of a crowd of connections when most have left; officers' browsers stay connected."""
        if self._crowd >= CROWD and len(self._connections) < self._crowd // 4:
            self._crowd = 0
            allocator.return_memory()

    async def _serve(self, site: Site, wire: socket.socket, context: ssl.SSLContext, client: str) -> None:
        with ExitStack() as stack:
            stack.enter_context(wire)
            # Another connection may have taken the place that was freed before this one goes on.
            while site.capacity.is_full_for(client) and await self._end_oldest_replaceable():
                pass
            if not stack.enter_context(site.capacity.connection(client)):
                return
            try:
                reader, writer = await _start_tls(wire, context)
                try:
                    connection = Connection(site, reader, writer, client)
                    self._connections[asyncio.current_task()] = connection  # type: ignore[index]
                    await connection.serve()
                finally:
                    await _close(writer)
            except (OSError, h11.ProtocolError) as error:  # TimeoutError and ssl.SSLError are OSErrors
                _forget_traceback(error)

    async def _end_oldest_replaceable(self) -> bool:
        """End the oldest connection that still waits for a head or a form, as nginx does when it has none left.

        Return whether there was one.

        A browser sends them within milliseconds; strangers who hold all connections do not finish theirs.
        """
        own = asyncio.current_task()
        for task, connection in self._connections.items():
            if task is own or task.cancelling() or (connection is not None and not connection.is_replaceable):
                continue
            if connection is not None:
                connection.abort()
            task.cancel()
            await asyncio.wait([task])
            return True
        return False


async def _start_tls(wire: socket.socket, context: ssl.SSLContext) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=READ_BUFFER_BYTES, loop=loop)
    protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
    transport, _ = await loop.connect_accepted_socket(
        lambda: protocol,
        wire,
        ssl=context,
        ssl_handshake_timeout=HANDSHAKE_SECONDS,
        ssl_shutdown_timeout=SHUTDOWN_SECONDS,
    )
    transport.set_write_buffer_limits(high=WRITE_BUFFER_BYTES)
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


async def _close(writer: asyncio.StreamWriter) -> None:
    """Close a connection; what the browser has not read after a moment is thrown away."""
    writer.close()
    try:
        async with asyncio.timeout(SHUTDOWN_SECONDS):
            await writer.wait_closed()
    except OSError as error:
        _forget_traceback(error)
    finally:
        end_at_once(writer.transport)  # also where the server stops meanwhile, which cancels the wait


def _forget_traceback(error: BaseException) -> None:
    """Clear the tracebacks of an error that is handled.

    The stream keeps the error, and its traceback keeps the stream with 0.4 MB of buffers, until the next full garbage
    collection: after 900 connections that were broken off the process was 100 MB larger.
    """
    current: BaseException | None = error
    while current is not None:
        current.__traceback__ = None
        current = current.__context__


def _address_of(peer: Any) -> str:
    """Return the address of a browser; an IPv4 address that came through an IPv6 socket as IPv4."""
    host = str(peer[0])
    with suppress(ValueError):
        mapped = getattr(ipaddress.ip_address(host), "ipv4_mapped", None)
        return str(mapped or host)
    return host


def _log_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log an error of the loop; a failed handshake and a lost connection are none."""
    if not isinstance(context.get("exception"), OSError):
        log.error("lan loop failed", exc_info=context.get("exception"))
