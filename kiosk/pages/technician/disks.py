"""Page of the backup disks: find them, format one or keep what is on it, and use it for copies; no command line.

The root helper of the package formats and mounts (kiosk/backup/disks.py). A disk that somebody has mounted by hand is
used as it is.
"""

from collections.abc import Sequence
from typing import cast

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import agreeing, setting_up
from kiosk.backup import disks
from kiosk.backup.disks import Disk, DiskAct, DiskContent, Place
from kiosk.context.long_work import Report
from kiosk.health import backup_copies, backup_media, minute_copies
from kiosk.health.backup_media import size_in_words
from kiosk.health.second_person import AgreementNeeded
from kiosk.pages.access import allow, context
from kiosk.pages.technician.blueprint import actor, render, technician
from kiosk.pages.technician.settings import settings_file

GONE = "Ổ này không còn ở đó. Cắm lại, đợi năm giây rồi bấm tìm lại."
KEYS: dict[Place, setting_up.FolderKey] = {"hour": "path", "minute": "second"}
"""Copies -> the key of [backup] with their folder."""
USED = "Đã dùng ổ này. Máy bắt đầu sao lưu ngay; bản đầu tiên xong trong vài phút."
COPIES_OF = {"hour": "bản sao mỗi giờ", "minute": "bản từng phút"}
STEPS = {"format": "Đang xóa ổ và tạo lại", "keep": "Đang gắn ổ"}
EMPTY = "Máy không thấy dữ liệu nào trên ổ."
KINDS = {
    "crypto_LUKS": "phần mã hóa (LUKS)",
    "linux_raid_member": "một phần của nhóm ổ (RAID)",
    "LVM2_member": "một phần của nhóm ổ (LVM)",
    "swap": "vùng nhớ tạm",
    "unknown": "phần không rõ là gì",
    "iso9660": "đĩa cài đặt",
}


@technician.get("/disks")
@allow("technician")
def backup_disks() -> str:
    """Show the disks, for the hourly copies or for those of each minute."""
    return _page(_place(request.args.get("place", "hour")))


@technician.post("/disks/<place>/find")
@allow("technician")
def find_disks(place: str) -> Answer:
    """Begin to look for disks that nothing has mounted."""
    kiosk = context()
    _place(place)
    settings_file()

    def look(report: Report) -> object:
        report("Đang tìm ổ và xem trên ổ có gì", 0, 0)
        return disks.find(kiosk.config)

    kiosk.work.begin("disk", kiosk.clock.now, look)
    return _back(place)


@technician.post("/disks/<place>/<act>/<disk_id>")
@allow("technician")
def set_up_disk(place: str, act: str, disk_id: str) -> Answer | str | tuple[str, int]:
    """Ask what happens to the disk, then begin."""
    chosen = _place(place)
    disk = next((disk for disk in _found() if disk.id == disk_id), None)
    if act not in STEPS or (act == "keep" and disk is not None and not disk.keep):
        abort(404)
    if disk is None:
        return _page(chosen, wrong=GONE), 422
    if not request.form.get("sure"):
        return _ask(chosen, cast("DiskAct", act), disk)
    kiosk = context()
    file = settings_file()
    who = actor()

    def set_up(report: Report) -> object:
        report(STEPS[act], 0, 0)
        setting_up.record_disk(kiosk, cast("DiskAct", act), who)
        folder = disks.set_up(kiosk.config, disk.id, cast("DiskAct", act), chosen)
        try:
            setting_up.choose_folder(kiosk, file, folder, KEYS[chosen], who)
        except AgreementNeeded as error:
            agreeing.ask(kiosk, error, who)
            return error.vi
        return USED

    kiosk.work.begin("disk", kiosk.clock.now, set_up)
    return _back(place)


@technician.post("/disks/<place>/mounted")
@allow("technician")
def use_mounted(place: str) -> Answer | tuple[str, int]:
    """Use a disk that is mounted, by its path."""
    chosen = _place(place)
    path = request.form.get("medium", "")
    medium = next((medium for medium in _media() if str(medium.path) == path), None)
    if medium is None:
        return _page(chosen, wrong=GONE), 422
    file = settings_file()
    try:
        setting_up.choose_folder(context(), file, medium.folder, KEYS[chosen], actor())
    except AgreementNeeded as error:
        agreeing.ask(context(), error, actor())
        return _page(chosen, wrong=error.vi), error.status
    return _back(place, said="used")


def _media() -> list[backup_media.BackupMedium]:
    return backup_media.find_media(context().config.folder)


def _place(text: str) -> Place:
    if text not in KEYS:
        abort(404)
    return text


def _back(place: str, said: str | None = None) -> Answer:
    return redirect(url_for("technician.backup_disks", place=place, said=said), 303)


def _found() -> Sequence[Disk]:
    """Return the disks of the last look; none when a disk was set up since."""
    work = context().work.state("disk")
    return work.result if work is not None and isinstance(work.result, list) else []


def _ask(place: Place, act: DiskAct, disk: Disk) -> str:
    """Ask before a disk is formatted or used, with its name, its size and what is on it."""
    name = name_of(disk)
    content = [f"Trên ổ đang có: {words}." for words in map(content_words, disk.parts)] or [EMPTY]
    if disk.serial:
        content.insert(0, f"Số máy của ổ: {disk.serial}. So với số in trên ổ.")
    used = f"Máy gắn ổ vào {disks.MOUNTED[place]} mỗi lần bật, và ghi {COPIES_OF[place]} vào đó."
    if act == "format":
        question = f"Xóa hết ổ {name}?"
        consequences = [*content, "Xóa rồi không lấy lại được gì trên ổ.", used]
    else:
        question = f"Dùng ổ {name}, giữ mọi thứ trên ổ?"
        consequences = [*content, "Máy không xóa gì trên ổ.", used]
    return render(
        "technician/sure.html",
        question=question,
        consequences=consequences,
        button="Xóa hết và dùng ổ này" if act == "format" else "Dùng ổ này",
        address=url_for("technician.set_up_disk", place=place, act=act, disk_id=disk.id),
        back=url_for("technician.backup_disks", place=place),
    )


def name_of(disk: Disk) -> str:
    """Return a disk in words: its maker's name, its size and how it is connected."""
    return f"{disk.name or 'không tên'}, {size_in_words(disk.bytes)}, {'cắm USB' if disk.usb else 'trong máy'}"


def content_words(part: DiskContent) -> str:
    """Return what is on a part of a disk: its file system, its label, and the first names in it."""
    kind = KINDS.get(part.kind, f"phần {part.kind}")
    words = f"{kind}, {size_in_words(part.bytes)}"
    if part.label:
        words = f"{words}, tên “{part.label}”"
    if part.copies:
        return f"{words}, {part.copies} bản sao của máy một cửa"
    if part.count < 0:
        return f"{words}, không xem được bên trong"
    if part.count == 0:
        return f"{words}, trống"
    names = ", ".join(f"“{name}”" for name in part.names)
    rest = part.count - len(part.names)
    return f"{words}, {part.count} tệp và thư mục: {names}{f' và {rest} cái khác' if rest else ''}"


def _page(place: Place, wrong: str = "") -> str:
    kiosk = context()
    config = kiosk.config
    folder = config.backup_folder if place == "hour" else config.second_folder
    work = kiosk.work.state("disk")
    return render(
        "technician/disks.html",
        place=place,
        copies_of=COPIES_OF,
        check=backup_copies.check(kiosk) if place == "hour" else minute_copies.check(kiosk),
        folder=folder,
        work=work,
        has_looked=work is not None and isinstance(work.result, list),
        disks=[(disk, name_of(disk), [content_words(part) for part in disk.parts]) for disk in _found()],
        media=[(medium, folder is not None and folder.is_relative_to(medium.path)) for medium in _media()],
        empty=EMPTY,
        has_helper=disks.has_helper(),
        message=USED if request.args.get("said") == "used" else "",
        wrong=wrong,
    )
