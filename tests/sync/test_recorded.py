"""Messages of earlier builds: their kiosks' requests reach today's gateway, their gateways' answers today's kiosk.

Each file of `recorded/` has what a kiosk and a gateway of that day said to each other over a socket, with a made-up key
and made-up people: greeting, enrolment, two forms, one of them again, a decision, two look-ups, what is missing,
changes and a file; the later one has receipt numbers and a report too. A ward may run an earlier build than its
province, and the other way round.
"""

import base64
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from sync.encoding import sha256_hex
from sync.parcel import Event, FileChunk, Parcel
from sync.portals.base import KioskReport
from sync.portals.http_client import HttpClient, HttpResponse
from sync.portals.kiosk_sync import BASE, KioskIdentity, KioskSync
from tests.sync.practice_gateway import CODE, UNIT, PracticeGateway, make_body

FILES = sorted((Path(__file__).parent / "recorded").glob("*.json"))
FORMS = ("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002")
NEVER_SENT = "00000000-0000-4000-8000-000000000009"
DECISION = "00000000-0000-4000-8000-00000000000a"
PICTURE = b"\xff\xd8 a made-up picture" * 100


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def recorded(request: pytest.FixtureRequest) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(request.param.read_text("utf-8"))
    return content


@pytest.fixture
def gateway(tmp_path: Path, recorded: dict[str, Any]) -> Iterator[PracticeGateway]:
    gateway = PracticeGateway(tmp_path, now=lambda: datetime.fromisoformat(recorded["now"]))
    yield gateway
    gateway.close()


class RecordedAnswers(HttpClient):
    """Answers requests with the recorded responses to the same method and path, in their order."""

    def __init__(self, exchanges: list[dict[str, Any]]) -> None:
        super().__init__()
        self.responses: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for exchange in exchanges:
            asked = exchange["request"]
            self.responses[asked["method"], urlsplit(asked["url"]).path].append(exchange["response"])

    def exchange(self, request: Any) -> HttpResponse:
        said = self.responses[request.method, urlsplit(request.url).path].pop(0)
        return HttpResponse(said["status"], said["headers"], said["body"].encode())


def test_a_kiosk_of_an_earlier_build_is_understood(recorded: dict[str, Any], gateway: PracticeGateway) -> None:
    client = gateway.gateway.app.test_client()
    for exchange in recorded["exchanges"]:
        asked, expected = exchange["request"], exchange["response"]
        parts = urlsplit(asked["url"])
        answer = client.open(
            parts.path,
            method=asked["method"],
            base_url=f"{parts.scheme}://{parts.netloc}",
            query_string=parts.query,
            headers={name: text for name, text in asked["headers"].items() if name != "Accept-Encoding"},
            data=base64.b64decode(asked["body"]),
        )
        assert answer.status_code == expected["status"], (parts.path, answer.get_data(as_text=True))
        if parts.path in (f"{BASE}/submissions", f"{BASE}/events", f"{BASE}/known"):
            assert _decided(answer.get_data(as_text=True)) == _decided(expected["body"])
    assert gateway.submission_ids() == list(FORMS)


def _decided(body: str) -> Any:
    answer = json.loads(body)
    return [result["outcome"] for result in answer["results"]] if "results" in answer else answer["missing"]


def test_a_gateway_of_an_earlier_build_is_understood(recorded: dict[str, Any]) -> None:
    paths = {urlsplit(exchange["request"]["url"]).path for exchange in recorded["exchanges"]}
    address = urlsplit(recorded["exchanges"][0]["request"]["url"])
    identity = KioskIdentity("PK03", hashlib.sha256(b"a kiosk of a recording").digest(), lambda: "recorded-nonce")
    http = RecordedAnswers(recorded["exchanges"])
    portal = KioskSync(f"{address.scheme}://{address.netloc}", identity, http, clock=lambda: 1000.0)
    portal.release = "0.1.0"
    assert portal.hello().batch_limit == 50
    assert portal.enrol(CODE, UNIT) == identity.key_id
    forms = [_form(subject, number) for number, subject in enumerate(FORMS, 1)]
    assert [outcome.kind for outcome in portal.send(forms).outcomes.values()] == ["created", "created"]
    assert [outcome.kind for outcome in portal.send(forms[:1]).outcomes.values()] == ["duplicate"]
    assert portal.send([_decision()]).outcomes[DECISION].kind == "created"
    assert [portal.verify(forms[0]), portal.verify(_form(NEVER_SENT, 9))] == ["present", "absent"]
    assert portal.missing([(FORMS[0], forms[0].digest), (NEVER_SENT, "0" * 64)], []).missing == {NEVER_SENT}
    assert [receipt.status_code for receipt in portal.changes(None).receipts] == [1, 1, 2]
    picture = hashlib.sha256(PICTURE).hexdigest()
    assert not portal.held(picture).is_whole
    assert portal.append(picture, FileChunk(0, PICTURE, is_last=True)).is_whole
    if f"{BASE}/report" in paths:
        assert portal.numbers().highest
        assert portal.report(_report()).release == {}
    assert not any(http.responses.values()), "each recorded answer was read"
    portal.close()


def _form(subject: str, number: int) -> Parcel:
    body = json.dumps(make_body(subject, number), ensure_ascii=False).encode()
    return Parcel(subject, sha256_hex(body), body, f"PK03-261124-{number:04d}-F")


def _decision() -> Event:
    body = json.dumps({"eventId": DECISION, "submissionId": FORMS[0], "seq": 1, "kind": "accepted"}).encode()
    return Event(DECISION, FORMS[0], 1, sha256_hex(body), body)


def _report() -> KioskReport:
    return KioskReport(
        release="0.1.0",
        content="2026-11",
        ward_name="Phường Thử",
        alarms=(),
        waiting=0,
        oldest_seconds=0,
        unknown_papers=0,
        copy_seconds=None,
        disk_free_mb=1000,
        clock_offset=0,
    )
