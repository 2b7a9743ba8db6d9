"""Responses of a kiosk-sync portal for the scripted server, and an adapter that talks to it."""

import json
from collections.abc import Callable
from typing import Any

from sync.encoding import sha256_hex
from sync.parcel import Parcel
from sync.portals.http_client import HttpClient
from sync.portals.kiosk_sync import KioskIdentity, KioskSync
from tests.sync.scripted_server import http_response

ID = "01990000-0000-7000-8000-000000000001"
BODY = '{"họ tên": "Lê Văn Thử"}'.encode()
PARCEL = Parcel(submission_id=ID, digest=sha256_hex(BODY), body=BODY, receipt_no="PK03-261124-0001-X")
TIME = "2026-11-24T01:30:00Z"
HELLO = {"protocol": "kiosk-sync/1", "epoch": "e1", "serverTime": TIME, "status": "ok", "batchLimit": 50,
         "bytesLimit": 65536}  # fmt: skip
RECEIPT = {"submissionId": ID, "digest": PARCEL.digest, "receivedAt": TIME, "revision": 1, "statusCode": 1}
CREATED = {"results": [{"submissionId": ID, "outcome": "created", "receipt": RECEIPT}]}


def json_response(status: str, content: object, *headers: str, protocol_headers: bool = True) -> bytes:
    return http_response(
        status,
        json.dumps(content).encode(),
        "Content-Type: application/json",
        *headers,
        protocol_headers=protocol_headers,
    )


def answer_with(answer: bytes | None) -> Callable[[bytes], bytes | None]:
    """Return a script that answers `hello` correctly and everything else with `answer`."""
    return lambda request: json_response("200 OK", HELLO) if b"/hello" in request.split(b"\r\n")[0] else answer


def open_kiosk_sync(url: str, **options: Any) -> KioskSync:
    nonces = iter(f"nonce-{n:08d}" for n in range(1000))
    client = HttpClient(
        seconds=options.pop("seconds", 3.0), max_bytes=options.pop("max_bytes", 100_000), ca=options.pop("ca", None)
    )
    return KioskSync(url, KioskIdentity("PK03", bytes(32), lambda: next(nonces)), client, **options)
