"""Disks for copies that nothing has mounted: asked of the root helper of the package (ward-kiosk-disk.service).

The kiosk's user may neither read nor mount a disk. It leaves a request in the data folder and waits for an answer in
/run. Without the package there is no helper: a person mounts the disk by hand, and `health.backup_media` finds it.
"""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from kiosk.base import clock, codes
from kiosk.base.errors import NotAllowed
from kiosk.config import Config

HELPER = Path("/usr/lib/ward-kiosk/backup_disk.py")
ANSWER = Path("/run/ward-kiosk-disk/answer.json")
REQUEST = "disk-request"
LONGEST_SECONDS = {"look": 120.0, "format": 1500.0, "keep": 1500.0}
_PAUSE = 0.2

Place = Literal["hour", "minute"]
DiskAct = Literal["format", "keep"]
MOUNTED = {"hour": Path("/media/saoluu"), "minute": Path("/media/saoluu2")}
"""Mount point of each disk: of the hourly copies, of the minute copies."""
FAULTS = {
    "changed": "Ổ vừa được rút ra hay đổi, nên máy chưa làm gì. Bấm tìm lại rồi chọn lại.",
    "busy": "Ổ đang gắn ở đó bận, thường vì đang sao lưu. Đợi vài phút rồi làm lại.",
    "format": "Không định dạng được ổ này: ổ khóa ghi hoặc hỏng. Dùng ổ khác.",
    "mount": "Không gắn được ổ này. Rút ra, cắm lại, tìm lại; vẫn vậy thì dùng ổ khác.",
}
FAILED = "Máy không xem được ổ. Rút ra, cắm lại rồi tìm lại; vẫn vậy: journalctl -u ward-kiosk-disk"
NO_ANSWER = "Phần gắn ổ không trả lời. Chạy bằng root: systemctl enable --now ward-kiosk-disk.path"


@dataclass(frozen=True)
class DiskContent:
    """A file system on a disk.

    Attributes:
        names: the first names in it; `count` is the number of all, -1 where it cannot be read.
        copies: how many copies of kiosks are in it.
    """

    kind: str
    label: str
    bytes: int
    names: tuple[str, ...]
    count: int
    copies: int


@dataclass(frozen=True)
class Disk:
    """A disk that is plugged in and not in use by the system.

    Attributes:
        id: hash of all that was shown; the helper refuses a disk that is no longer so.
        keep: whether it takes the copies without being formatted.
        place: of which copies it is the disk now; empty for none.
    """

    id: str
    name: str
    serial: str
    bytes: int
    usb: bool
    parts: tuple[DiskContent, ...]
    keep: bool
    place: str

    @property
    def copies(self) -> int:
        """How many copies of kiosks are on it."""
        return sum(part.copies for part in self.parts)


def has_helper() -> bool:
    """Return whether the package is installed here."""
    return HELPER.exists()


def find(config: Config) -> list[Disk]:
    """Return the disks that are plugged in and not in use by the system.

    Raises:
        NotAllowed: the helper does not answer, or cannot look.
    """
    answer = _ask(config, "look", "hour", "-")
    return [_disk(shown) for shown in answer["disks"]]


def set_up(config: Config, disk: str, act: DiskAct, place: Place) -> Path:
    """Format a disk, or keep what is on it; mount it now and at each start. Return its folder for copies.

    Args:
        disk: the id of a disk.

    Raises:
        NotAllowed: it cannot be done; the sentence says why.
    """
    folder = Path(_ask(config, act, place, disk)["folder"])
    if folder.parent != MOUNTED[place]:
        raise NotAllowed(FAILED, "The answer of the helper names another place.")
    return folder


def _ask(config: Config, act: str, place: str, disk: str) -> dict[str, Any]:
    """Leave a request and wait for its answer."""
    request_id = codes.random_bytes(8).hex()
    path = config.folder / REQUEST
    made = path.with_suffix(".new")
    made.write_text(f"{request_id} {act} {place} {disk}\n", "ascii")
    made.replace(path)  # the unit begins as soon as the file is there
    deadline = clock.monotonic() + LONGEST_SECONDS[act]
    while clock.monotonic() < deadline:
        answer = _read(request_id)
        if answer is None:
            time.sleep(_PAUSE)
        elif answer["fault"]:
            fault = str(answer["fault"])
            raise NotAllowed(FAULTS.get(fault, FAILED), f"The disk was not set up: {fault}.")
        else:
            return answer
    path.unlink(missing_ok=True)
    raise NotAllowed(NO_ANSWER, "The helper that mounts disks does not answer.")


def _read(request_id: str) -> dict[str, Any] | None:
    """Return the answer to a request; None while there is none."""
    try:
        answer: dict[str, Any] = json.loads(ANSWER.read_text("ascii"))
    except (OSError, ValueError):
        return None
    return answer if answer.get("id") == request_id else None


def _disk(shown: dict[str, Any]) -> Disk:
    parts = tuple(DiskContent(**(part | {"names": tuple(part["names"])})) for part in shown["parts"])
    return Disk(**(shown | {"parts": parts}))
