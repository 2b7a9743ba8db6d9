"""Faults of the network and of a portal's answer, each a function of a `ProxiedRequest` (see `proxy`)."""

import gzip
import json
import re
from collections.abc import Callable
from typing import Any

from tests.faults.proxy import NetworkFault, ProxiedRequest

SUBMISSIONS = "POST /kiosk-sync/v1/submissions"
EVENTS = "POST /kiosk-sync/v1/events"
CAPTIVE_PAGE = b"<!doctype html><title>Wi-Fi</title><p>Xin dang nhap de dung mang nay.</p>"


def reset_request(_request: ProxiedRequest) -> None:
    """Reset the connection; the portal receives nothing."""


def lose_answer(request: ProxiedRequest) -> None:
    """Wait for the portal's answer (and so its commit), and reset the connection before the kiosk reads a byte."""
    request.forward()


def cut_answer(request: ProxiedRequest) -> bytes:
    """End the answer in the middle of its JSON."""
    answer = request.forward()
    head, _, body = answer.partition(b"\r\n\r\n")
    return answer[: len(head) + 4 + len(body) // 2]


def answer_slowly(request: ProxiedRequest) -> bytes:
    """Send the answer at a byte a second."""
    answer = request.forward()
    for position in range(len(answer)):
        request.kiosk.sendall(answer[position : position + 1])
        if request.is_closing.wait(1.0):
            break
    return b""


def never_answer(request: ProxiedRequest) -> bytes:
    """Read the request and never answer."""
    request.is_closing.wait(30)
    return b""


def deliver_twice(request: ProxiedRequest) -> bytes:
    """Deliver the request twice, as a network device may; the kiosk reads the second answer."""
    request.forward()
    return request.forward()


def captive_portal(body: bytes, media_type: str) -> NetworkFault:
    """Return a fault that answers 200 as a network does that requires a sign-in."""

    def answer(_request: ProxiedRequest) -> bytes:
        return _http_response("200 OK", body, f"Content-Type: {media_type}")

    return answer


def portal_answers(status: str, *headers: str, body: bytes = b"{}") -> NetworkFault:
    """Return a fault that answers as the portal, with the headers of the protocol, and forwards nothing."""

    def answer(request: ProxiedRequest) -> bytes:
        sync_headers = (
            "Sync-Protocol: kiosk-sync/1",
            f"Sync-Epoch: {current_epoch(request)}",
            "Content-Type: application/problem+json",
        )
        return _http_response(status, body, *sync_headers, *headers)

    return answer


def proxy_answers(status: str) -> NetworkFault:
    """Return a fault that answers as a proxy between kiosk and portal, without the headers of the protocol."""

    def answer(_request: ProxiedRequest) -> bytes:
        return _http_response(status, b"<html>Bad Gateway</html>", "Content-Type: text/html")

    return answer


def refuse_batches(max_items: int, poison: str, status: str) -> NetworkFault:
    """Return a fault that refuses batches of more than `max_items`, and those with the id `poison`."""

    def answer(request: ProxiedRequest) -> bytes:
        ids = submission_ids(request)
        if len(ids) > max_items or poison in ids:
            return portal_answers(status)(request) or b""
        return request.forward()

    return answer


def edit_answer(change: Callable[[dict[str, Any]], None]) -> NetworkFault:
    """Return a fault that changes the JSON of the portal's answer."""

    def answer(request: ProxiedRequest) -> bytes:
        head, body = _split(request.forward())
        content = json.loads(body)
        change(content)
        status_line, *rows = head.split("\r\n")
        headers = [row for row in rows if not re.match("content-(length|encoding)|connection", row, re.I)]
        return _http_response(status_line.split(" ", 1)[1], json.dumps(content).encode(), *headers)

    return answer


def submission_ids(request: ProxiedRequest) -> list[str]:
    """Return the ids of the submissions in a request."""
    return [item["submissionId"] for item in json.loads(_split(request.raw)[1])["submissions"]]


def current_epoch(request: ProxiedRequest) -> str:
    """Ask the portal for its epoch."""
    hello = ProxiedRequest(
        raw=b"GET /kiosk-sync/v1/hello HTTP/1.1\r\nHost: portal\r\n\r\n",
        kiosk=request.kiosk,
        target=request.target,
        is_closing=request.is_closing,
    )
    match = re.search(rb"\r\nsync-epoch: *(\S+)", hello.forward(), re.I)
    assert match is not None
    return match[1].decode()


def _split(message: bytes) -> tuple[str, bytes]:
    head, _, body = message.partition(b"\r\n\r\n")
    is_compressed = re.search(rb"\r\ncontent-encoding: *gzip", head, re.I)
    return head.decode(), gzip.decompress(body) if is_compressed else body


def _http_response(status: str, body: bytes, *headers: str) -> bytes:
    rows = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    if not any(row.lower().startswith("date:") for row in rows):
        rows.append("Date: Tue, 24 Nov 2026 01:30:00 GMT")
    return "\r\n".join(rows).encode() + b"\r\n\r\n" + body
