"""One connection of the LAN listener: HTTP/1.1 by h11, each stage with a limit in bytes and a deadline.

A connection is a coroutine on the event loop. It reads the head, refuses what is too large before it reads a body,
reads the body, lets a thread run the app, and writes the answer. There is no HTTP/2: its preface gets 505, and an
`Upgrade` is ignored, as RFC 9110 7.8 allows.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from functools import partial
from http import HTTPStatus
from io import BytesIO
from typing import Any, TypeVar
from wsgiref.types import WSGIApplication, WSGIEnvironment

import h11

from kiosk.lan_server.capacity import Capacity
from kiosk.lan_server.wsgi import Answer, environ_of
from kiosk.pages.access import FORM_BYTES

log = logging.getLogger(__name__)

HEAD_BYTES = 16 * 1024
HEAD_READ_BYTES = 4 * 1024
BODY_READ_BYTES = 64 * 1024
DISCARD_BYTES = 64 * 1024 * 1024
"""A browser shows the answer to a body that it is still sending only if the body is read on; nothing of it is kept."""
HEAD_SECONDS = 5.0
"""From the end of the last answer to the end of a head."""
FORM_SECONDS = 20.0
FILE_SECONDS = 120.0
"""For a whole body with a file: 10 MB at 0.7 Mbit/s."""
DISCARD_SECONDS = 20.0
SEND_SECONDS = 120.0
REASONS = {
    400: "Máy không hiểu yêu cầu này.",
    411: "Yêu cầu gửi lên không ghi độ dài.",
    431: "Yêu cầu có phần đầu dài quá. Xóa cookie của trang này trong trình duyệt rồi mở lại.",
    500: "Máy trục trặc. Mời gọi cán bộ kỹ thuật.",
    501: "Máy không hiểu yêu cầu này.",
    503: "Máy đang nhận nhiều tệp cùng lúc. Đợi một phút rồi gửi lại.",
    505: "Máy chỉ dùng HTTP/1.1.",
}
"""Answers that the listener gives without the app."""
ResultT = TypeVar("ResultT")


@dataclass(frozen=True)
class Site:
    """The app with its body limits, and what all connections share.

    `body_limit` returns the most bytes that the body of a request may have; it may read the store.
    """

    app: WSGIApplication
    body_limit: Callable[[WSGIEnvironment], int]
    pool: Executor
    capacity: Capacity

    async def in_thread(self, function: Callable[..., ResultT], *arguments: Any) -> ResultT:
        """Run a function in a thread of the pool."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, partial(function, *arguments))


def end_at_once(transport: asyncio.WriteTransport) -> None:
    """End a connection and throw away what was not read; one that has ended stays as it is.

    Python 3.11.2 of Debian 12 raises AttributeError for a TLS transport that was closed twice (asyncio/sslproto.py).
    """
    with suppress(AttributeError):
        transport.abort()


class Connection:
    """One connection, from its first request to its end."""

    def __init__(self, site: Site, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, client: str) -> None:
        self.is_idle = True
        self.is_replaceable = True
        """Set while only a head, a form or the rest of a refused body is awaited: a new connection may replace it."""
        self.is_last = False
        """Set at the end of the server: the current answer is the last one."""
        self._site = site
        self._reader = reader
        self._writer = writer
        self._client = client
        self._server: tuple[str, int] = writer.get_extra_info("sockname")[:2]
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_BYTES)

    async def serve(self) -> None:
        """Answer requests until one side ends the connection."""
        while not self.is_last:
            self.is_idle = True
            self.is_replaceable = True
            try:
                async with asyncio.timeout(HEAD_SECONDS):
                    event = await self._next_event(HEAD_READ_BYTES)
            except h11.RemoteProtocolError as error:
                await self._refuse(error.error_status_hint)
                return
            if not isinstance(event, h11.Request):
                return
            self.is_idle = False
            await self._answer(event)
            if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
                return
            self._http.start_next_cycle()

    def abort(self) -> None:
        """End the connection at once, without the farewell of TLS."""
        end_at_once(self._writer.transport)

    async def _answer(self, head: h11.Request) -> None:
        status = _fault_of(head)
        if status:
            await self._refuse(status)
            return
        environ = environ_of(head, client=self._client, server=self._server)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        is_file = length > FORM_BYTES
        if is_file and length > await self._limit(environ):
            # The app sees the length and no body: it refuses with the page that it also shows on the machine itself.
            await self._run_app(environ, is_last=True)
            await self._discard()
            return
        with self._site.capacity.body(length) as is_admitted:
            if not is_admitted:
                await self._refuse(503)
                await self._discard()
                return
            self.is_replaceable = not is_file
            async with asyncio.timeout(FILE_SECONDS if is_file else FORM_SECONDS):
                environ["wsgi.input"] = BytesIO(await self._read_body())
            await self._run_app(environ, is_last=self.is_last)

    async def _limit(self, environ: WSGIEnvironment) -> int:
        try:
            return await self._site.in_thread(self._site.body_limit, environ)
        except Exception:  # the store fails, or the Host is none: the app answers with its own page
            log.exception("no body limit")
            return FORM_BYTES

    async def _read_body(self) -> bytes:
        if self._http.they_are_waiting_for_100_continue:
            await self._send(h11.InformationalResponse(status_code=100, headers=[]))
        parts: list[bytes] = []
        while True:
            event = await self._next_event(BODY_READ_BYTES)
            if isinstance(event, h11.Data):
                parts.append(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                return b"".join(parts)
            else:
                raise ConnectionError

    async def _run_app(self, environ: WSGIEnvironment, *, is_last: bool) -> None:
        self.is_replaceable = False
        try:
            answer = await self._site.in_thread(Answer, self._site.app, environ)
        except Exception:  # the error page of the app failed; the next request may do better
            log.exception("no answer of the app")
            await self._refuse(500)
            return
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._send_answer(answer, is_last=is_last)
        finally:
            if not answer.is_complete:
                self._site.pool.submit(answer.close)

    async def _send_answer(self, answer: Answer, *, is_last: bool) -> None:
        headers = [*answer.headers, ("Date", formatdate(usegmt=True))]
        if is_last:
            headers.append(("Connection", "close"))
        start = h11.Response(status_code=answer.status, headers=headers, reason=answer.reason)
        events: list[h11.Event] = [start, h11.Data(data=answer.piece)]
        while not answer.is_complete:
            await self._send(*events)
            events = [h11.Data(data=await self._site.in_thread(answer.next_piece))]
        await self._send(*events, h11.EndOfMessage())

    async def _refuse(self, status: int) -> None:
        """Answer without the app, and end the connection."""
        if self._http.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            return
        page = f"<!doctype html><html lang=vi><meta charset=utf-8><title>{status}</title><p>{REASONS[status]}".encode()
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(page))),
            ("Cache-Control", "no-store"),
            ("Connection", "close"),
        ]
        async with asyncio.timeout(SEND_SECONDS):
            start = h11.Response(status_code=status, headers=headers, reason=HTTPStatus(status).phrase)
            await self._send(start, h11.Data(data=page), h11.EndOfMessage())

    async def _discard(self) -> None:
        """Read and forget the rest of a refused body, so that the browser gets to the answer."""
        self.is_replaceable = True
        left = DISCARD_BYTES
        async with asyncio.timeout(DISCARD_SECONDS):
            while left > 0 and (data := await self._reader.read(BODY_READ_BYTES)):
                left -= len(data)

    async def _next_event(self, size: int) -> object:
        while True:
            event = self._http.next_event()
            if event is not h11.NEED_DATA:
                return event
            self._http.receive_data(await self._reader.read(size))

    async def _send(self, *events: h11.Event) -> None:
        self._writer.write(b"".join(self._http.send(event) or b"" for event in events))
        await self._writer.drain()


def _fault_of(head: h11.Request) -> int:
    """Return the status with which a head is refused without the app; 0 if it is sound."""
    size = len(head.target) + sum(len(name) + len(value) + 4 for name, value in head.headers)
    if size > HEAD_BYTES:
        return 431
    if head.http_version not in {b"1.0", b"1.1"}:
        return 505
    if not head.target.startswith(b"/"):
        return 400
    if any(name == b"transfer-encoding" for name, _value in head.headers):
        return 411
    return 0
