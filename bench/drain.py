"""Time to drain a queue in gzipped batches of 50 against form by form, over a slow connection of a ward.

A thousand made-up forms go through the real engine, store and gateway over a simulated connection: 100 ms round trip
and 500 kbit/s each way. Single forms go uncompressed over one kept connection; forty are measured and scaled. For
comparison a bare loop posts the same forms in gzipped batches of 50, neither signed nor stored, to a server that only
counts them. The figures are ratios of the times.
"""

import contextlib
import gzip
import json
import queue
import random
import socket
import tempfile
import threading
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from flask import Flask, request

from bench._figures import Figures
from bench._serving import serving
from kiosk.base.codes import new_id, nonce, receipt_no, token
from kiosk.store.db import Store
from kiosk.store.schema import grow
from sync import outbox
from sync.backoff import BackoffSettings
from sync.encoding import sha256_hex
from sync.engine import Engine
from sync.gateway import Enrolment, GatewaySettings, serve_in_thread
from sync.link import Link
from sync.parcel import Outcome, Parcel, Subject
from sync.portals.http_client import HttpClient
from sync.portals.kiosk_sync import KioskIdentity, KioskSync
from tests.sync.outbox_counts import count_by_state

FORMS = 1000
SINGLES = 40
ONE_WAY = 0.05
BYTES_A_SECOND = 500_000 / 8
BATCH = 50
FIRST_DAY = date(2026, 11, 24)
NUMBERS_OF_DAY = 8999
OVER_SINGLES = ">= 12"
OVER_BARE = ">= 0.7"

_FAMILY = ["Nguyễn", "Trần", "Lê", "Phạm", "Hồ", "Tôn Nữ", "Hoàng", "Võ", "Đặng", "Bùi"]
_MIDDLE = ["Thị", "Văn", "Phước", "Ngọc", "Hữu", "Minh", "Thanh", "Hạ"]
_GIVEN = ["Chi", "Thử", "Mẫu", "Đồ", "Nháp", "An", "Bình", "Hương", "Lam", "Quỳnh", "Sơn", "Vy"]


class SlowLink:
    """TCP proxy to a port, with a delay and a rate for each connection and direction."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._socket.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                for source, sink in ((near, far), (far, near)):
                    source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    _forward(source, sink)

    def close(self) -> None:
        self._socket.close()


def _forward(source: socket.socket, sink: socket.socket) -> None:
    """Copy bytes from one socket to the other, delayed by ONE_WAY and limited to BYTES_A_SECOND."""
    waiting: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()

    def receive() -> None:
        free = 0.0
        piece = b"x"
        while piece:
            try:
                piece = source.recv(4096)
            except OSError:
                piece = b""
            free = max(free, time.perf_counter()) + len(piece) / BYTES_A_SECOND
            waiting.put((free + ONE_WAY, piece))

    def send() -> None:
        with contextlib.suppress(OSError):
            while True:
                at, piece = waiting.get()
                time.sleep(max(0.0, at - time.perf_counter()))
                if not piece:
                    sink.shutdown(socket.SHUT_WR)
                    return
                sink.sendall(piece)

    for work in (receive, send):
        threading.Thread(target=work, daemon=True).start()


def _person(rng: random.Random) -> dict[str, Any]:
    return {
        "ho_ten": f"{rng.choice(_FAMILY)} {rng.choice(_MIDDLE)} {rng.choice(_GIVEN)}".upper(),
        "ngay_sinh": f"{rng.randint(1940, 2008)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
        "dan_toc": "Kinh",
        "quoc_tich": "VN",
        "giay_to": {
            "loai": "can_cuoc",
            "so": f"046{rng.randint(0, 3)}{rng.randint(0, 99_999_999):08d}",
            "ngay_cap": f"2022-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
            "noi_cap": "Cục Cảnh sát quản lý hành chính về trật tự xã hội",
        },
        "noi_cu_tru": {
            "provinceCode": "46",
            "wardCode": "19753",
            "detail": f"Tổ {rng.randint(1, 24)}, số {rng.randint(1, 300)}",
        },
    }


def make_parcel(n: int, rng: random.Random, kiosk: str = "PK03") -> Parcel:
    """Make up the n-th birth registration of a kiosk, about 2 kB of JSON; a day has 8,999 numbers."""
    subject = new_id()
    days, before = divmod(n - 1, NUMBERS_OF_DAY)
    number = receipt_no(kiosk, FIRST_DAY + timedelta(days), before + 1)
    child, mother, father, caller = (_person(rng) for _ in range(4))
    body = {
        "submissionId": subject, "kioskId": kiosk, "receiptNo": number, "revision": 1, "supersedes": None,
        "unitCode": "H57.99.01", "procedureCode": "1.001193", "channel": "counter", "mode": "practice",
        "completedAt": "2026-11-24T08:31:00+07:00", "clockTrusted": True,
        "applicant": {"fullName": caller["ho_ten"], "idType": "cccd", "idNumber": caller["giay_to"]["so"]},
        "form": {"formId": "khai-sinh", "formVersion": "1", "answers": {
            "nguoi_yeu_cau": caller, "tre": child, "me": mother, "cha": father, "noi_sinh": "Bệnh viện Trung ương Huế",
            "quan_he": "cha", "so_ban_sao": rng.randint(0, 5), "dien_thoai": f"0905{rng.randint(0, 999_999):06d}"}},
        "resultDelivery": "counter",
    }  # fmt: skip
    content = json.dumps(body, ensure_ascii=False).encode()
    return Parcel(submission_id=subject, digest=sha256_hex(content), body=content, receipt_no=number)


def run() -> Figures:
    """Measure; return name, ratio and target of each figure."""
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        settings = GatewaySettings(
            database=str(Path(folder) / "gateway.db"),
            operator_password=token(),
            now=lambda: datetime.now(UTC),
            token=token,
            practice=True,
            enrolment=(Enrolment("BENCH-BENCH-BENCH", "PK03", "H57.99.01"),),
        )
        gateway, thread = serve_in_thread(settings)
        link = SlowLink(gateway.inner_port)
        try:
            single, drained = _by_kiosk(f"http://127.0.0.1:{link.port}", Path(folder), rng)
        finally:
            link.close()
            gateway.close()
            thread.join(10)
    bare = _by_bare_loop(make_parcels(rng))
    return [
        ("drain: single plain forms' time / batches of 50 with gzip", single * FORMS / drained, OVER_SINGLES),
        ("drain: a bare loop's time, gzipped batches of 50 / ours", bare / drained, OVER_BARE),
        ("  forms a second, 100 ms and 500 kbit/s", FORMS / drained, ""),
    ]


def make_parcels(rng: random.Random) -> list[Parcel]:
    """Make up a queue of forms."""
    return [make_parcel(n, rng) for n in range(100, FORMS + 100)]


def _by_kiosk(url: str, folder: Path, rng: random.Random) -> tuple[float, float]:
    """Return the seconds of a single form, and of the whole queue sent by the engine."""
    identity = KioskIdentity("PK03", bytes(range(32)), nonce)
    single = KioskSync(url, identity, HttpClient(seconds=60), gzip_from=1 << 30)
    single.enrol("BENCH-BENCH-BENCH", "H57.99.01")
    began = time.perf_counter()
    for n in range(1, SINGLES + 1):
        single.send([make_parcel(n, rng)])
    one_by_one = (time.perf_counter() - began) / SINGLES
    single.close()
    return one_by_one, _drain(KioskSync(url, identity, HttpClient(seconds=60)), folder, make_parcels(rng))


def batch_json(parcels: list[Parcel]) -> bytes:
    """Return the JSON of a batch, as the contract has it."""
    submissions = [
        {"submissionId": parcel.submission_id, "digest": parcel.digest, "body": parcel.body.decode()}
        for parcel in parcels
    ]
    return json.dumps({"submissions": submissions}, ensure_ascii=False).encode()


def _by_bare_loop(parcels: list[Parcel]) -> float:
    """Return the seconds for the same queue, posted by a bare loop over a slow connection of its own."""
    app = Flask("bare")

    @app.post("/batch")
    def batch() -> str:
        submissions = json.loads(gzip.decompress(request.get_data()))["submissions"]
        return json.dumps([{"id": submission["submissionId"], "result": "created"} for submission in submissions])

    with serving(app) as address, requests.Session() as session:
        link = SlowLink(int(address.rpartition(":")[2]))
        began = time.perf_counter()
        for first in range(0, len(parcels), BATCH):
            part = parcels[first : first + BATCH]
            content = gzip.compress(batch_json(part))
            answer = session.post(f"http://127.0.0.1:{link.port}/batch", data=content, timeout=60)
            if len(answer.json()) != len(part):
                raise RuntimeError("the bare server did not count right")
        seconds = time.perf_counter() - began
        link.close()
    return seconds


def _drain(portal: KioskSync, folder: Path, parcels: list[Parcel]) -> float:
    by_id = {parcel.submission_id: parcel for parcel in parcels}
    with Store(folder / "kiosk" / "kiosk.db") as store:
        grow(store)
        with store.write() as db:
            for subject in by_id:
                outbox.enqueue(db, subject, datetime.now(UTC))
        link = Link(random.Random(8), BackoffSettings(spread=0))
        engine = Engine(store, portal, link, open_subject=lambda subject: by_id[subject.id], apply_outcome=_ignore)
        began = time.perf_counter()
        while engine.round(datetime.now(UTC)):
            pass
        seconds = time.perf_counter() - began
        with store.read() as db:
            if count_by_state(db)["done"] != FORMS:
                raise RuntimeError("the queue did not drain")
    portal.close()
    return seconds


def _ignore(_db: object, _subject: Subject, _outcome: Outcome) -> None:
    """Write nothing: the figure is about the connection."""
