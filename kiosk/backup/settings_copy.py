"""Settings from a copy: a machine that replaces a lost one gets its kiosk.toml back, before its store."""

import os
from collections.abc import Iterable
from pathlib import Path

from kiosk.backup import rotation
from kiosk.backup.medium_errors import closed
from kiosk.backup.rotation import BackupCopy
from kiosk.backup.unpack import SETTINGS, CopyKeys, read_part
from kiosk.config.edit import open_settings
from kiosk.errors import BackupMissing, BadSettings, NoCopy, RecoveryPaperWrong, SealBroken

_OF_THE_INSTALLATION = (("kiosk", "data"), ("updates", "programs"))
"""Settings that say where this machine keeps its files; they stay as they are."""


def restore_settings(file: Path, folder: Path, keys: CopyKeys, kiosk_id: str = "") -> BackupCopy:
    """Write kiosk.toml from the newest copy in a folder that has it; return that copy.

    `[backup] path` becomes the folder. The present file becomes a former one, so that a page can go back to it.

    Args:
        file: this machine's kiosk.toml.
        folder: the folder of the copies of each hour.
        keys: the key of the lost machine, or its recovery paper.
        kiosk_id: the lost machine, where the folder has copies of several.

    Raises:
        BackupMissing: the folder is missing, its medium does not give a copy, or the copies belong to another user.
        NoCopy: there is no copy of the kiosk, or none that has the settings.
        BadSettings: there are copies of several kiosks, and none is named.
        RecoveryPaperWrong: no copy is sealed to this paper.
        SettingsRefused: this release does not take the settings; nothing was written.
        SettingsReadOnly: the file cannot be written.
    """
    copy, content = _newest(_list_copies(folder, kiosk_id), keys)
    edit = open_settings(file)
    kept = [(section, key, edit.value(section, key)) for section, key in _OF_THE_INSTALLATION]
    edit.replace_text(content.decode())
    for section, key, value in kept:
        edit.change(section, key, value)
    edit.change("backup", "path", str(folder))
    edit.save()
    return copy


def _list_copies(folder: Path, kiosk_id: str) -> list[BackupCopy]:
    """Return the copies of a kiosk in a folder, or of the only one that has some there."""
    kiosks = sorted(rotation.list_kiosks(folder))
    if not kiosk_id and len(kiosks) > 1:
        raise BadSettings(
            f"Thư mục {folder} có bản sao của nhiều máy: {', '.join(kiosks)}. Thêm mã của máy bị thay vào lệnh, ví dụ "
            f"--kiosk {kiosks[0]}.",
            f"{folder} has copies of several machines: {', '.join(kiosks)}. Add the one that is replaced to the "
            f"command, for example --kiosk {kiosks[0]}.",
        )
    wanted = kiosk_id or "".join(kiosks)
    if wanted not in kiosks:
        of_machine = f" của máy {kiosk_id}" if kiosk_id else ""
        of_kiosk = f" of {kiosk_id}" if kiosk_id else ""
        raise NoCopy(
            f"Thư mục {folder} không có bản sao nào{of_machine}. Xem lại tên thư mục và ổ sao lưu đã gắn chưa.",
            f"There is no copy{of_kiosk} in {folder}. Check the folder's name, and whether the disk is mounted.",
        )
    copies = rotation.list_copies(folder, wanted)
    if not copies and any(not os.access(path, os.R_OK) for path in folder.glob(f"{wanted}-*")):
        raise closed(folder)
    return copies


def _newest(copies: Iterable[BackupCopy], keys: CopyKeys) -> tuple[BackupCopy, bytes]:
    """Return the newest copy that opens and has settings, and the settings."""
    refused: RecoveryPaperWrong | None = None
    for copy in copies:
        try:
            content = read_part(copy.path, keys, SETTINGS)
        except RecoveryPaperWrong as error:
            refused = error
            continue
        except SealBroken:
            continue
        except OSError as error:
            raise BackupMissing from error
        if content is not None:
            return copy, content
    raise refused or NoCopy(
        "Không bản sao nào mở được mà có kiosk.toml (bản sao của bản phần mềm cũ thì không có). Ghi lại các thiết lập "
        "bằng tay, rồi chạy lệnh không có --settings.",
        "No copy that opens has kiosk.toml; copies of earlier releases have none. Type the settings again, and run the "
        "command without --settings.",
    )
