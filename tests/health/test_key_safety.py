"""The key on a stolen disk: seen for LUKS below LVM, for a partition, and for memory."""

import tempfile
from pathlib import Path

import pytest

from kiosk.health import key_safety


@pytest.fixture
def blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder like /sys/devices with a disk of two partitions, LUKS on the second and LVM in it."""
    disk = tmp_path / "devices" / "sda"
    for name in ("sda1", "sda2"):
        (disk / name).mkdir(parents=True)
        (disk / name / "partition").write_text(name[-1])
    for name, below, uuid in (
        ("dm-0", disk / "sda2", "CRYPT-LUKS2-0123-root"),
        ("dm-1", tmp_path / "devices" / "dm-0", "LVM-0123"),
    ):
        mapped = tmp_path / "devices" / name
        (mapped / "dm").mkdir(parents=True)
        (mapped / "dm" / "uuid").write_text(uuid + "\n")
        (mapped / "slaves").mkdir()
        (mapped / "slaves" / below.name).symlink_to(below)
    return tmp_path / "devices"


def test_luks_is_seen_below_other_mapped_devices_and_a_plain_partition_is_not(blocks: Path) -> None:
    assert key_safety.is_encrypted(blocks / "dm-0")
    assert key_safety.is_encrypted(blocks / "dm-1")
    assert not key_safety.is_encrypted(blocks / "sda" / "sda1")


def test_two_partitions_are_one_disk(blocks: Path) -> None:
    disk = blocks / "sda"
    assert key_safety.whole_disk(disk / "sda1") == disk
    assert key_safety.whole_disk(blocks / "dm-1") == disk
    assert key_safety.whole_disk(disk) == disk


def test_a_key_in_memory_does_not_go_with_the_disk(tmp_path: Path) -> None:
    beside = tmp_path / "kiosk.key"
    beside.write_text("key")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        memory = Path(folder) / "kiosk.key"
        memory.write_text("key")
        are_together = memory.stat().st_dev == beside.stat().st_dev
        assert key_safety.is_readable_when_stolen(tmp_path, memory) == are_together
