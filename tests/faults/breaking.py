"""The faults of a line and of a portal's answer, each a function of a ``Call`` (see ``line``)."""

import gzip
import json
import re
from collections.abc import Callable
from typing import Any

from tests.faults.line import Call, Fault

SUBMISSIONS = "POST /kiosk-sync/v1/submissions"
EVENTS = "POST /kiosk-sync/v1/events"
LOGIN = b"<!doctype html><title>Wi-Fi</title><p>Xin dang nhap de dung mang nay.</p>"


def cut_off(_call: Call) -> None:
    """Reset the connection: the request was read in part, and the portal heard nothing."""


def lost(call: Call) -> None:
    """Let the portal answer (and so commit), and reset the connection before the kiosk has read a byte."""
    call.passed_on()


def cut_short(call: Call) -> bytes:
    """Break the answer off in the middle of its JSON."""
    answer = call.passed_on()
    head, _, body = answer.partition(b"\r\n\r\n")
    return answer[: len(head) + 4 + len(body) // 2]


def trickle(call: Call) -> bytes:
    """Let the answer through at a byte a second."""
    answer = call.passed_on()
    for place in range(len(answer)):
        call.kiosk.sendall(answer[place : place + 1])
        if call.is_over.wait(1.0):
            break
    return b""


def mute(call: Call) -> bytes:
    """Read the request and never say anything."""
    call.is_over.wait(30)
    return b""


def twice(call: Call) -> bytes:
    """Deliver the request two times, as a box on the way may; the kiosk reads the second answer."""
    call.passed_on()
    return call.passed_on()


def somebody_else(body: bytes, kind: str) -> Fault:
    """Answer 200 as a network does that wants a sign-in first."""

    def answer(_call: Call) -> bytes:
        return _http("200 OK", body, f"Content-Type: {kind}")

    return answer


def says(status: str, *headers: str, body: bytes = b"{}") -> Fault:
    """Answer in the portal's name, with the marks of the protocol, and hand nothing over."""

    def answer(call: Call) -> bytes:
        marks = ("Sync-Protocol: kiosk-sync/1", f"Sync-Epoch: {epoch(call)}", "Content-Type: application/problem+json")
        return _http(status, body, *marks, *headers)

    return answer


def unmarked(status: str) -> Fault:
    """Answer as a server between kiosk and portal does, which knows nothing of the protocol."""

    def answer(_call: Call) -> bytes:
        return _http(status, b"<html>Bad Gateway</html>", "Content-Type: text/html")

    return answer


def refuses_above(most: int, poison: str, status: str) -> Fault:
    """Refuse a batch of more than so many, and each that holds the one which is meant; take the others."""

    def answer(call: Call) -> bytes:
        named = ids(call)
        return says(status)(call) or b"" if len(named) > most or poison in named else call.passed_on()

    return answer


def edited(change: Callable[[dict[str, Any]], None]) -> Fault:
    """Let the portal answer, and change what its JSON says."""

    def answer(call: Call) -> bytes:
        head, body = _parts(call.passed_on())
        said = json.loads(body)
        change(said)
        kept = [
            row for row in head.split("\r\n")[1:] if not re.match("content-(length|encoding)|connection", row, re.I)
        ]
        return _http(head.split(" ", 1)[1].split("\r\n")[0], json.dumps(said).encode(), *kept)

    return answer


def ids(call: Call) -> list[str]:
    """Name the submissions of a request."""
    return [one["submissionId"] for one in json.loads(_parts(call.asked)[1])["submissions"]]


def epoch(call: Call) -> str:
    """Ask the portal itself for its epoch."""
    hello = Call(
        asked=b"GET /kiosk-sync/v1/hello HTTP/1.1\r\nHost: portal",
        kiosk=call.kiosk,
        target=call.target,
        is_over=call.is_over,
    )
    hello.asked += b"\r\n\r\n"
    found = re.search(rb"\r\nsync-epoch: *(\S+)", hello.passed_on(), re.I)
    assert found is not None
    return found[1].decode()


def _parts(message: bytes) -> tuple[str, bytes]:
    head, _, body = message.partition(b"\r\n\r\n")
    is_packed = re.search(rb"\r\ncontent-encoding: *gzip", head, re.I)
    return head.decode(), gzip.decompress(body) if is_packed else body


def _http(status: str, body: bytes, *headers: str) -> bytes:
    rows = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    if not any(row.lower().startswith("date:") for row in rows):
        rows.append("Date: Tue, 24 Nov 2026 01:30:00 GMT")
    return "\r\n".join(rows).encode() + b"\r\n\r\n" + body
