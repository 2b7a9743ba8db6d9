"""The root helper of backup disks on a disk in a file: what is on it is named, it is formatted, kept, and owned."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.deploy.test_backup_disk import load_helper
from tests.mounts import leave_shared_mounts

pytestmark = pytest.mark.faults
MEGABYTES = 1200


def _run(*command: str) -> str:
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, f"{' '.join(command)}: {answer.stderr}"
    return answer.stdout.strip()


class LoopDisk:
    """A helper that sees one disk, which is a file; systemd's part is done by `mount`."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        leave_shared_mounts()
        self.folder = folder
        self.place = folder / "saoluu"
        self.place.mkdir()
        image = folder / "disk.img"
        image.touch()
        with image.open("r+b") as file:
            file.truncate(MEGABYTES << 20)
        self.device = _run("losetup", "--find", "--show", str(image))
        self.helper: ModuleType = load_helper()
        self._real = self.helper.run
        monkeypatch.setattr(self.helper, "DISKS", ("loop",))
        monkeypatch.setattr(self.helper, "OWNER", "nobody")
        monkeypatch.setattr(self.helper, "UNITS", folder)
        monkeypatch.setitem(self.helper.PLACES, "hour", self.place)
        monkeypatch.setattr(self.helper, "run", self._run)

    def _run(self, *command: str, seconds: int = 60) -> str:
        if command[0] == "chown":
            command = (*command[:4], "65534:65534", command[5])
        if command[0] == "systemctl":
            if command[1] == "start":
                _run("mount", self.device, str(self.place))
            if command[1] == "stop":
                _run("umount", str(self.place))
            return ""
        answer: str = self._real(*command, seconds=seconds)
        return answer

    def ask(self, act: str, disk: str = "-") -> dict[str, Any]:
        (self.folder / self.helper.REQUEST).write_text(f"{'a' * 16} {act} hour {disk}\n", "ascii")
        self.helper.main(self.folder, self.folder)
        answer: dict[str, Any] = self.helper.json.loads((self.folder / self.helper.ANSWER).read_text("ascii"))
        return answer

    def shown(self) -> dict[str, Any]:
        answer = self.ask("look")
        assert answer["fault"] == ""
        (disk,) = [disk for disk in answer["disks"] if disk["bytes"] == MEGABYTES << 20]
        return dict(disk)

    def close(self) -> None:
        if self.place.is_mount():
            _run("umount", str(self.place))
        _run("losetup", "--detach", self.device)


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopDisk]:
    made = LoopDisk(tmp_path, monkeypatch)
    yield made
    made.close()


def _fill(disk: LoopDisk, name: str) -> None:
    _run("mkfs.ext4", "-q", "-L", "ANHCUOI", disk.device)
    _run("mount", disk.device, str(disk.place))
    (disk.place / name).mkdir()
    (disk.place / name / "PK03-000001.copy").write_bytes(b"sealed")
    (disk.place / "Ảnh cưới").mkdir()
    _run("umount", str(disk.place))


def test_an_empty_disk_is_formatted_mounted_and_owned(disk: LoopDisk) -> None:
    shown = disk.shown()
    assert (shown["parts"], shown["keep"]) == ([], False)
    answer = disk.ask("format", shown["id"])
    assert (answer["fault"], answer["folder"]) == ("", str(disk.place / "ward-kiosk"))
    assert disk.place.is_mount()
    stat = (disk.place / "ward-kiosk").stat()
    assert (stat.st_uid, stat.st_mode & 0o777) == (65534, 0o700)
    assert disk.shown()["place"] == "hour"


def test_what_is_on_a_disk_is_named_and_deleted_only_as_it_was_shown(disk: LoopDisk) -> None:
    before = disk.shown()
    _fill(disk, "du-lieu")
    assert disk.ask("format", before["id"])["fault"] == "changed"
    shown = disk.shown()
    (part,) = shown["parts"]
    assert (part["kind"], part["label"], part["count"], part["copies"]) == ("ext4", "ANHCUOI", 2, 1)
    assert part["names"] == ["du-lieu", "Ảnh cưới"]
    assert disk.ask("format", shown["id"])["fault"] == ""
    assert sorted(path.name for path in disk.place.iterdir()) == ["lost+found", "ward-kiosk"]


def test_the_copies_on_a_disk_are_kept_and_given_to_this_kiosk(disk: LoopDisk) -> None:
    _fill(disk, "kiosk")
    answer = disk.ask("keep", disk.shown()["id"])
    assert (answer["fault"], answer["folder"]) == ("", str(disk.place / "kiosk"))
    copy = disk.place / "kiosk" / "PK03-000001.copy"
    assert (copy.read_bytes(), copy.stat().st_uid) == (b"sealed", 65534)
    assert (disk.place / "Ảnh cưới").is_dir()
