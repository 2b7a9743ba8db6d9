"""How much faster a queue drains in gzipped batches of 50 than form by form, over a ward's line.

A thousand made-up forms go through the real engine, store and gateway over a line of 100 ms there and back and
500 kbit/s each way, made in this process. Forms one by one go plain over one kept connection of the same line; forty
are measured and scaled. Beside them a bare loop posts the same forms in gzipped batches of 50, neither signed nor kept
anywhere, to a server that only counts them. The figures are ratios of the times.
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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from flask import Flask, request

from bench._serving import serving
from kiosk.codes import new_id, nonce, receipt_no, token
from kiosk.store.db import Store
from kiosk.store.schema import grow
from sync import outbox
from sync.backoff import BackoffSettings
from sync.encoding import sha256_hex
from sync.engine import Engine
from sync.gateway import Enrolment, Settings, serve_in_thread
from sync.link import Link
from sync.parcel import Outcome, Parcel, Subject
from sync.portals.http_client import HttpClient
from sync.portals.kiosk_sync import KioskIdentity, KioskSync
from tests.sync.counting import count_by_state

FORMS = 1000
SINGLES = 40
ONE_WAY = 0.05
BYTES_A_SECOND = 500_000 / 8
BATCH = 50
OVER_SINGLES = ">= 12"
OVER_BARE = ">= 0.7"

_FAMILY = ["Nguyễn", "Trần", "Lê", "Phạm", "Hồ", "Tôn Nữ", "Hoàng", "Võ", "Đặng", "Bùi"]
_MIDDLE = ["Thị", "Văn", "Phước", "Ngọc", "Hữu", "Minh", "Thanh", "Hạ"]
_GIVEN = ["Chi", "Thử", "Mẫu", "Đồ", "Nháp", "An", "Bình", "Hương", "Lam", "Quỳnh", "Sơn", "Vy"]


class WardLine:
    """A line to a port: each way its own delay and rate, as many connections as are made."""

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
                for one, other in ((near, far), (far, near)):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    _one_way(one, other)

    def close(self) -> None:
        self._socket.close()


def _one_way(source: socket.socket, sink: socket.socket) -> None:
    waiting: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()

    def hear() -> None:
        free = 0.0
        piece = b"x"
        while piece:
            try:
                piece = source.recv(4096)
            except OSError:
                piece = b""
            free = max(free, time.perf_counter()) + len(piece) / BYTES_A_SECOND
            waiting.put((free + ONE_WAY, piece))

    def say() -> None:
        with contextlib.suppress(OSError):
            while True:
                at, piece = waiting.get()
                time.sleep(max(0.0, at - time.perf_counter()))
                if not piece:
                    sink.shutdown(socket.SHUT_WR)
                    return
                sink.sendall(piece)

    for work in (hear, say):
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


def form(n: int, rng: random.Random, kiosk: str = "PK03") -> Parcel:
    """Make up a birth registration: about 2 kB of JSON."""
    subject = new_id()
    number = receipt_no(kiosk, datetime(2026, 11, 24).date(), n)
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


def run() -> list[tuple[str, float, str]]:
    """Measure; give (figure, ratio, target)."""
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            database=str(Path(folder) / "gateway.db"),
            operator_password=token(),
            now=lambda: datetime.now(UTC),
            token=token,
            practice=True,
            enrolment=(Enrolment("BENCH-BENCH-BENCH", "PK03", "H57.99.01"),),
        )
        gateway, thread = serve_in_thread(settings)
        line = WardLine(gateway.inner_port)
        try:
            single, drained = _by_kiosk(f"http://127.0.0.1:{line.port}", Path(folder), rng)
        finally:
            line.close()
            gateway.close()
            thread.join(10)
    bare = _by_bare_loop(forms(rng))
    return [
        ("drain: single plain forms' time / batches of 50 with gzip", single * FORMS / drained, OVER_SINGLES),
        ("drain: a bare loop's time, gzipped batches of 50 / ours", bare / drained, OVER_BARE),
        ("  forms a second, 100 ms and 500 kbit/s", FORMS / drained, ""),
    ]


def forms(rng: random.Random) -> list[Parcel]:
    """A queue of forms."""
    return [form(n, rng) for n in range(100, FORMS + 100)]


def _by_kiosk(url: str, folder: Path, rng: random.Random) -> tuple[float, float]:
    """Seconds for a form alone, and for the whole queue by the engine."""
    identity = KioskIdentity("PK03", bytes(range(32)), nonce)
    single = KioskSync(url, identity, HttpClient(seconds=60), gzip_from=1 << 30)
    single.enrol("BENCH-BENCH-BENCH", "H57.99.01")
    began = time.perf_counter()
    for n in range(1, SINGLES + 1):
        single.send([form(n, rng)])
    one_by_one = (time.perf_counter() - began) / SINGLES
    single.close()
    return one_by_one, _drain(KioskSync(url, identity, HttpClient(seconds=60)), folder, forms(rng))


def _by_bare_loop(queued: list[Parcel]) -> float:
    """Seconds for the same queue posted by a loop with nothing around it, over a line of its own."""
    app = Flask("bare")

    @app.post("/batch")
    def batch() -> str:
        said = json.loads(gzip.decompress(request.get_data()))
        return json.dumps([{"id": one["submissionId"], "result": "created"} for one in said["submissions"]])

    with serving(app) as address, requests.Session() as session:
        line = WardLine(int(address.rpartition(":")[2]))
        began = time.perf_counter()
        for first in range(0, len(queued), BATCH):
            said = [
                {"submissionId": one.submission_id, "digest": one.digest, "body": one.body.decode()}
                for one in queued[first : first + BATCH]
            ]
            content = gzip.compress(json.dumps({"submissions": said}, ensure_ascii=False).encode())
            answer = session.post(f"http://127.0.0.1:{line.port}/batch", data=content, timeout=60)
            if len(answer.json()) != len(said):
                raise RuntimeError("the bare server did not count right")
        seconds = time.perf_counter() - began
        line.close()
    return seconds


def _drain(portal: KioskSync, folder: Path, queued: list[Parcel]) -> float:
    safe = {parcel.submission_id: parcel for parcel in queued}
    with Store(folder / "kiosk" / "kiosk.db") as store:
        grow(store)
        with store.write() as db:
            for subject in safe:
                outbox.enqueue(db, subject, datetime.now(UTC))
        line = Link(random.Random(8), BackoffSettings(spread=0))
        engine = Engine(store, portal, line, open_subject=lambda subject: safe[subject.id], apply_outcome=_forget)
        began = time.perf_counter()
        while engine.round(datetime.now(UTC)):
            pass
        seconds = time.perf_counter() - began
        with store.read() as db:
            if count_by_state(db)["done"] != FORMS:
                raise RuntimeError("the queue did not drain")
    portal.close()
    return seconds


def _forget(_db: object, _subject: Subject, _outcome: Outcome) -> None:
    """Take no note: the figure is about the line."""
