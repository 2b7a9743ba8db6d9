"""Check of the key: who can read it, whether a thief of the machine gets it, whether the safe has a recovery paper."""

import os
from pathlib import Path

from kiosk.backup import recovery
from kiosk.config import Config
from kiosk.context import Context
from kiosk.health.check_result import CheckResult

_NAME = "Khóa"
_DEVICES = Path("/sys/dev/block")
_BLOCKS = Path("/sys/class/block")
_MAX_DEPTH = 8


def key(context: Context) -> CheckResult:
    """Check the mode of the key file, the recovery paper, and the disk below store and key."""
    if context.config.kiosk.practice:
        return CheckResult(_NAME, "note", "Tập khai, không có gì phải giữ")
    return _file_fault(context.config) or _paper_result(context)


def _file_fault(config: Config) -> CheckResult | None:
    path = config.key_path
    if not path.exists():
        words = "Tệp khóa đã rút ra: máy vẫn chạy, bật lại thì phải cắm"
        return CheckResult(name=_NAME, state="note", words=words, code="LOCK-04")
    if path.stat().st_mode & 0o077 or config.folder.stat().st_mode & 0o077:
        do = f"Chạy: chmod 600 {path}; chmod 700 {config.folder}. USB khóa: gắn với umask=077."
        return CheckResult(name=_NAME, state="fault", words="Người khác trên máy đọc được", do=do, code="LOCK-01")
    return None


def _paper_result(context: Context) -> CheckResult:
    with context.store.read() as db:
        paper = recovery.read_state(db)
    if paper is None:
        return CheckResult(
            name=_NAME,
            state="warning",
            words="Chưa có giấy khôi phục: mất máy là mất cả bản sao",
            do="Mở Bảo trì, Giấy khôi phục, lập giấy rồi cất vào két của phường.",
            code="LOCK-02",
        )
    if is_readable_when_stolen(context.config.folder, context.config.key_path):
        return CheckResult(
            name=_NAME,
            state="note",
            words="Ổ không mã hóa, khóa nằm cùng ổ với kho: ai lấy được máy thì đọc được hồ sơ",
            code="LOCK-03",
        )
    if not paper.tried_at:
        return CheckResult(_NAME, "note", "Giấy khôi phục chưa diễn tập: xem Bảo trì, Bản sao")
    return CheckResult(_NAME, "ok", "Có giấy khôi phục, đã diễn tập")


def is_readable_when_stolen(folder: Path, key_path: Path) -> bool:
    """Return whether the disk of the store also has the key, and is not encrypted.

    A key on another disk (a USB key, or memory that systemd fills from the TPM) does not go with it.
    """
    store_disk = block_device(folder.stat().st_dev)
    key_disk = block_device(key_path.stat().st_dev)
    if store_disk is None or key_disk is None:
        return folder.stat().st_dev == key_path.stat().st_dev
    return whole_disk(store_disk) == whole_disk(key_disk) and not is_encrypted(store_disk)


def block_device(device: int) -> Path | None:
    """Return the folder in /sys of the block device below a file system; None for one in memory or on the network.

    Args:
        device: `st_dev` of a file on it. A file system such as btrfs has a number of its own; its source is looked up.
    """
    number = f"{os.major(device)}:{os.minor(device)}"
    path = _DEVICES / number
    if not path.exists():
        source = next((line.split(" - ")[1].split()[1] for line in _mounts() if line.split()[2] == number), "")
        path = _BLOCKS / Path(source).resolve().name if source.startswith("/dev/") else _DEVICES / number
    return path.resolve() if path.exists() else None


def whole_disk(block: Path) -> Path:
    """Return the disk of a partition, or of the first device below a mapped one."""
    for _ in range(_MAX_DEPTH):
        below = sorted((block / "slaves").iterdir()) if (block / "slaves").is_dir() else []
        if below:
            block = below[0].resolve()
        elif (block / "partition").exists():
            block = block.parent
        else:
            break
    return block


def is_encrypted(block: Path, depth: int = _MAX_DEPTH) -> bool:
    """Return whether a block device, or one below it, is a dm-crypt device (LUKS)."""
    name = block / "dm" / "uuid"
    if name.is_file() and name.read_text().startswith("CRYPT-"):
        return True
    below = block / "slaves"
    if depth == 0 or not below.is_dir():
        return False
    return any(is_encrypted(part.resolve(), depth - 1) for part in below.iterdir())


def _mounts() -> list[str]:
    return Path("/proc/self/mountinfo").read_text().splitlines()
