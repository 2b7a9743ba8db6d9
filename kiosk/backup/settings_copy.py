"""Settings from a copy: a machine that replaces a lost one gets its kiosk.toml back with its store.

The files that kiosk.toml names come with it, where this machine has none.
"""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from kiosk.backup import named_files, page_chain, rotation
from kiosk.backup.medium_errors import closed
from kiosk.backup.rotation import BackupCopy, read_head
from kiosk.backup.unpack import SETTINGS, CopyKeys, is_setting, read_parts
from kiosk.base import clock, toml_text
from kiosk.base.errors import (
    BackupMissing,
    BadSettings,
    KioskError,
    NoCopy,
    RecoveryPaperWrong,
    SealBroken,
    SettingsRefused,
)
from kiosk.config import Config
from kiosk.config.edit import SettingsEdit, open_settings, require_writable, settings_refused
from kiosk.config.toml_reader import SettingsError

_OF_THE_INSTALLATION = (("kiosk", "data"), ("kiosk", "key"), ("updates", "programs"))
"""Settings that say where this machine keeps its files; they stay as they are."""


@dataclass(frozen=True)
class SettingsOfCopy:
    """The settings of a copy, adapted to this machine: `config`, and `edit`, which writes them when it is saved.

    `files` has the content of the files that they name, by path; `made_at` is when the file that has them was written.
    """

    copy: BackupCopy
    made_at: datetime
    config: Config
    edit: SettingsEdit
    files: Mapping[Path, bytes]

    def write_files(self) -> list[Path]:
        """Write the named files that this machine does not have; return their paths.

        Raises:
            SettingsReadOnly: a folder does not take them.
        """
        return named_files.write_missing(self.files, self.edit.file)


def read_settings(file: Path, folder: Path, keys: CopyKeys, kiosk_id: str = "") -> SettingsOfCopy:
    """Return the settings of the newest copy that has some which this release takes; nothing is written.

    `[backup] path` becomes the folder, or `second` where it is a copy of each minute. The other folder that the
    settings name is looked into as well, where it is there: a newer copy may have newer settings.

    Args:
        file: this machine's kiosk.toml.
        folder: the folder of the copies.
        keys: the key of the lost machine, or its recovery paper.
        kiosk_id: the lost machine, where the folder has copies of several.

    Raises:
        BackupMissing: the folder is missing, its medium does not give a copy, or the copies belong to another user.
        NoCopy: there is no copy of the kiosk, none that opens, or none that has the settings.
        BadSettings: there are copies of several kiosks, and none is named.
        RecoveryPaperWrong: no copy is sealed to this paper.
        SettingsRefused: this release does not take the settings of any copy.
        SettingsReadOnly: kiosk.toml cannot be written.
    """
    require_writable(file)
    found = _newest_in(file, folder, keys, kiosk_id)
    backup = found.config.backup
    for place in (backup.path, backup.second):
        other = found.config.root / place if place else folder
        if other.resolve() == folder.resolve() or not other.is_dir():
            continue
        with suppress(KioskError):
            newer = _newest_in(file, other, keys, found.config.kiosk.id)
            if newer.copy.order > found.copy.order:
                newer.edit.change("backup", "second" if found.copy.is_of_minute else "path", str(folder))
                config = replace(newer.edit.check()[0], root=file.parent, file=file)
                return replace(newer, config=config)
    return found


def _newest_in(file: Path, folder: Path, keys: CopyKeys, kiosk_id: str) -> SettingsOfCopy:
    """Return the settings of the newest copy in a folder that has some which this release takes."""
    refused: dict[type[KioskError], KioskError] = {}
    for copy in _list_copies(folder, kiosk_id, keys):
        try:
            for path in (*reversed(copy.changes), copy.path):
                parts = read_parts(path, keys, is_setting)
                if SETTINGS in parts:
                    return _adapt(copy, clock.parse_timestamp(read_head(path)["made_at"]), parts, file)
        except (RecoveryPaperWrong, SealBroken, SettingsRefused) as error:
            refused.setdefault(type(error), error)
        except OSError as error:
            raise BackupMissing from error
    raise _reason(refused, has_paper=keys.paper is not None)


def _list_copies(folder: Path, kiosk_id: str, keys: CopyKeys) -> Iterable[BackupCopy]:
    """Return the copies of a kiosk in a folder, or of the only one that has some there, the newest first."""
    kiosks = sorted(rotation.list_kiosks(folder) | page_chain.list_kiosks(folder))
    if not kiosk_id and len(kiosks) > 1:
        made = {one: at for one in kiosks if (at := _newest(folder, one)) is not None}
        listed = "; ".join(f"{one} {clock.local(made[one]):%H:%M, %d/%m/%Y}" if one in made else one for one in kiosks)
        newest = max(made, key=lambda one: made[one], default=kiosks[0])
        raise BadSettings(
            f"Thư mục {folder} có bản sao của nhiều máy, bản mới nhất của mỗi máy: {listed}. Thêm mã của máy bị thay "
            f"vào lệnh; thường là máy có bản mới nhất: --kiosk {newest}.",
            f"{folder} has copies of several machines; the newest of each: {listed}. Add the one that is replaced to "
            f"the command, mostly that with the newest: --kiosk {newest}.",
        )
    wanted = kiosk_id or "".join(kiosks)
    if wanted not in kiosks:
        of_machine = f" của máy {kiosk_id}" if kiosk_id else ""
        of_kiosk = f" of {kiosk_id}" if kiosk_id else ""
        raise NoCopy(
            f"Thư mục {folder} không có bản sao nào{of_machine}. Xem lại tên thư mục và ổ sao lưu đã gắn chưa.",
            f"There is no copy{of_kiosk} in {folder}. Check the folder's name, and whether the disk is mounted.",
        )
    if any(not os.access(path, os.R_OK) for path in folder.glob(f"{wanted}-*")):
        raise closed(folder)
    copies = [*rotation.list_copies(folder, wanted), *page_chain.list_copies(folder, wanted, keys)]
    return sorted(copies, key=lambda copy: copy.order, reverse=True)


def _newest(folder: Path, kiosk_id: str) -> datetime | None:
    """Return when the newest copy of a kiosk in a folder was made, by its unproved head; None where none has one."""
    times = [copy.made_at for copy in rotation.list_copies(folder, kiosk_id)[:1]]
    minute = page_chain.newest_made_at(folder, kiosk_id)
    return max([*times, *([minute] if minute else [])], default=None)


def _adapt(copy: BackupCopy, made_at: datetime, parts: Mapping[str, bytes], file: Path) -> SettingsOfCopy:
    """Return the settings of a copy with this machine's places, and the files that they name."""
    named = file.with_name(f"{file.name} ({copy.path.name})")
    edit = open_settings(file)
    kept = [(section, key, edit.value(section, key)) for section, key in _OF_THE_INSTALLATION]
    try:
        edit.replace_text(toml_text.decode(parts[SETTINGS]))
    except toml_text.TomlMistake as mistake:
        raise settings_refused(named, [SettingsError.of(mistake)]) from mistake
    for section, key, value in kept:
        edit.change(section, key, value)
    edit.change("backup", "second" if copy.is_of_minute else "path", str(copy.path.parent))
    config, errors = edit.check()
    if errors:
        raise settings_refused(named, errors)
    config = replace(config, root=file.parent, file=file)
    return SettingsOfCopy(
        copy=copy, made_at=made_at, config=config, edit=edit, files=named_files.by_path(config, parts)
    )


def _reason(refused: dict[type[KioskError], KioskError], *, has_paper: bool) -> KioskError:
    """Return why no copy gave settings: what is wrong with the newest that had some, else what kept all closed."""
    if SettingsRefused in refused:
        return refused[SettingsRefused]
    if RecoveryPaperWrong in refused:
        return refused[RecoveryPaperWrong]
    if SealBroken in refused and not has_paper:
        return NoCopy(
            "Khóa của máy này không mở được bản sao nào ở đó. Có giấy khôi phục của máy cũ thì thêm --paper.",
            "The key of this machine opens no copy there. With the recovery paper of the lost machine, add --paper.",
        )
    return NoCopy(
        "Không bản sao nào ở đó có kiosk.toml: bản sao của bản phần mềm cũ thì không có. Ghi lại các cài đặt bằng tay, "
        "rồi chạy lệnh không có --settings.",
        "No copy there has kiosk.toml: copies of earlier releases have none. Type the settings again, and run the "
        "command without --settings.",
    )
