"""The answers of the root helper of backup disks, without a disk: what a page asks is answered in a thread."""

import json
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

GIGABYTE = 1_000_000_000
ID = "5" * 64
PHOTOS = {"kind": "exfat", "label": "ẢNH CƯỚI", "bytes": 31 * GIGABYTE, "count": 128, "copies": 0,
          "names": ["Ảnh 2019", "Ảnh 2020"]}  # fmt: skip
STICK: dict[str, Any] = {"id": ID, "name": "Kingston DataTraveler", "serial": "60A44C", "bytes": 32 * GIGABYTE,
                         "usb": True, "parts": [PHOTOS], "keep": True, "place": ""}  # fmt: skip
Handler = Callable[[str, str, str], dict[str, Any]]


class Helper:
    """Stands in for the unit: answers each request that the page leaves, in a thread."""

    def __init__(self, request: Path, answer: Path) -> None:
        self.seen: list[str] = []
        self.handler: Handler = lambda _act, _place, _disk: {"disks": [STICK]}
        self._request = request
        self._answer = answer
        self._stop = Event()
        self._thread = Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while not self._stop.wait(0.01):
            if not self._request.exists():
                continue
            number, act, place, disk = self._request.read_text("ascii").split()
            self._request.unlink()
            self.seen.append(f"{act} {place} {disk}")
            made = self._answer.with_suffix(".new")
            made.write_text(json.dumps({"id": number, "fault": ""} | self.handler(act, place, disk)), "ascii")
            made.replace(self._answer)

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
