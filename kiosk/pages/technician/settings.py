"""Page of the settings: boxes with their words, a check, what changes in words, then save; and one step back.

kiosk.toml stays the file underneath (kiosk/config/edit.py). What is saved is used at once, but for the boxes that say
that they wait for a restart; a change by hand meanwhile is noticed and never overwritten.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import agreeing, configuring
from kiosk.base import clock
from kiosk.base.errors import BadSettings, NotAllowed, NotFound, SettingsChanged, SettingsReadOnly, SettingsRefused
from kiosk.config import edit
from kiosk.config.edit import SettingsEdit
from kiosk.config.live_settings import is_at_start, waiting_for_restart
from kiosk.config.printer_tables import rename_screen
from kiosk.health.second_person import AgreementNeeded
from kiosk.pages.access import accept_file, allow, context
from kiosk.pages.technician import setting_groups
from kiosk.pages.technician.blueprint import actor, has_session, render, technician
from kiosk.pages.technician.setting_groups import GROUPS, SettingBox, SettingGroup
from kiosk.portal import authority

LONGEST = 500
SWITCH = (("true", "Có"), ("false", "Không"))
BROKEN = "Tệp kiosk.toml bị sửa hỏng. Máy chạy theo cài đặt đúng gần nhất, kể cả sau khi tắt bật."
NO_FILE = (
    "Máy chạy không có tệp kiosk.toml, nên chưa có chỗ ghi cài đặt.",
    "This kiosk runs without a kiosk.toml.",
)
IN_PRACTICE = (
    "Máy đang tập: cài đặt chỉ xem. Đổi ở máy thật.",
    "In practice the settings are only shown.",
)
_ACCOUNT = "Nhờ người thứ hai đọc lại từng số: tiền phí sẽ về tài khoản này."
CAUTIONS = {
    "kiosk.id": "Máy mang tên khác thì cổng không nhận ra: phải xin mã ghi danh. Bản sao cũ mang tên cũ.",
    "portal.url": "Cổng khác thì phải ghi danh lại, rồi thử kết nối.",
    "fees.account": _ACCOUNT,
    "fees.bank": _ACCOUNT,
}
"""What to look at before a setting is changed."""
MESSAGES = {
    "saved": "Đã ghi, có tác dụng ngay.",
    "later": "Đã ghi. Có ô chờ khởi động lại.",
    "same": "Không có gì khác, nên chưa ghi gì.",
    "undone": "Đã lấy lại cài đặt trước.",
    "asked": AgreementNeeded.vi,
}


@dataclass(frozen=True)
class ShownBox:
    """A box with its value, the options of a list (value and words), whether it waits for a restart, and its error."""

    box: SettingBox
    kind: str
    value: str
    options: tuple[tuple[str, str], ...]
    is_later: bool
    wrong: str = ""


@dataclass(frozen=True)
class SettingChange:
    """A change in words: the label of the box, the old value and the new one, and what to look at first."""

    label: str
    old: str
    new: str
    is_later: bool
    caution: str = ""


@technician.get("/settings")
@allow("technician")
def settings() -> str:
    """Show a group of settings."""
    return _page(_group(request.args.get("group", GROUPS[0].id)))


@technician.post("/settings/<group_id>")
@allow("technician")
def change_settings(group_id: str) -> Answer | str | tuple[str, int]:
    """Check what was typed and show what changes; write it when that was seen."""
    group = _group(group_id)
    typed = {box.name: request.form.get(box.name, "")[:LONGEST] for box in group.boxes}
    try:
        edited = _open(request.form.get("digest"))
    except SettingsChanged as error:
        return _page(group, typed=typed, wrong=error.vi), error.status
    if request.form.get("again"):
        return _page(group, typed=typed)
    _apply(edited, group, typed)
    errors = configuring.find_errors(context(), edited)
    if errors:
        return _page(group, typed=typed, faults=[error.in_language("vi").strip() for error in errors]), 422
    if not edited.differences():
        return redirect(url_for("technician.settings", group=group.id, said="same"), 303)
    if not request.form.get("sure"):
        return _ask(edited, url_for("technician.change_settings", group_id=group.id), group, typed)
    return _save(edited, group, typed)


def _save(edited: SettingsEdit, group: SettingGroup, typed: dict[str, str]) -> Answer | tuple[str, int]:
    """Write the changes; show the form again with what was typed when the file cannot be written."""
    is_later = any(change.is_later for change in _changes(edited))
    try:
        configuring.save_settings(context(), edited, actor())
    except AgreementNeeded as error:
        agreeing.ask(context(), error, actor())
        return redirect(url_for("technician.settings", group=group.id, said="asked"), 303)
    except SettingsReadOnly as error:
        return _page(group, typed=typed, wrong=error.vi), error.status
    return redirect(url_for("technician.settings", group=group.id, said="later" if is_later else "saved"), 303)


@technician.post("/settings/portal/authority")
@allow("technician")
@accept_file(authority.LARGEST, has_session)
def upload_authority() -> Answer | str | tuple[str, int]:
    """Check an uploaded certificate of the portal's authority, store it, and show what it changes.

    The file alone changes nothing: `[portal] ca` names it when that was seen, and agreed to by a lead.
    """
    group = _group("portal")
    sent = request.files.get("certificate")
    try:
        edited = _open(request.form.get("digest"))
        pem = authority.check(sent.read() if sent else b"", context().clock.now())
    except SettingsChanged as error:
        return _page(group, wrong=error.vi), error.status
    except NotAllowed as error:
        return _page(group, refused=error.vi), 422
    typed = {box.name: setting_groups.shown_value(_value(edited, box)) for box in group.boxes}
    typed["portal.ca"] = authority.store(context().config, pem)
    _apply(edited, group, typed)
    if not edited.differences():
        return redirect(url_for("technician.settings", group=group.id, said="same"), 303)
    return _ask(edited, url_for("technician.change_settings", group_id=group.id), group, typed)


@technician.post("/settings/undo")
@allow("technician")
def undo_settings() -> Answer | str | tuple[str, int]:
    """Show what the former file changes; put it back when that was seen."""
    former = edit.open_former(settings_file(), digest=request.form.get("digest") or None)
    if not request.form.get("sure"):
        return _ask(former, url_for("technician.undo_settings"), None, {})
    try:
        configuring.save_settings(context(), former, actor())
    except AgreementNeeded as error:
        agreeing.ask(context(), error, actor())
        return redirect(url_for("technician.settings", said="asked"), 303)
    return redirect(url_for("technician.settings", said="undone"), 303)


def _ask(edited: SettingsEdit, address: str, group: SettingGroup | None, typed: dict[str, str]) -> str:
    """Show what an edit changes, before it is written."""
    changes = _changes(edited)
    return render(
        "technician/settings_sure.html",
        group=group,
        changes=changes,
        typed=typed,
        digest=edited.digest,
        address=address,
        is_broken=context().settings_error is not None,
    )


def _group(group_id: str) -> SettingGroup:
    group = setting_groups.group_of(group_id)
    if group is None:
        raise NotFound("Không có phần cài đặt này.", "There is no such part of the settings.")
    return group


def settings_file() -> Path:
    """Return kiosk.toml.

    Raises:
        NotAllowed: there is none, or the kiosk is in practice.
    """
    config = context().config
    if config.kiosk.practice:
        raise NotAllowed(*IN_PRACTICE)
    if config.file is None:
        raise NotAllowed(*NO_FILE)
    return config.file


def _open(digest: str | None) -> SettingsEdit:
    return edit.open_settings(settings_file(), digest or None)


def _apply(edited: SettingsEdit, group: SettingGroup, typed: dict[str, str]) -> None:
    """Put what was typed into the edit; a box that still shows its value changes nothing."""
    for box in group.boxes:
        text = typed[box.name]
        if text.strip() != setting_groups.shown_value(_value(edited, box)):
            if box.name == "screen.name":
                rename_screen(edited, str(_value(edited, box)), text.strip())
            edited.change(box.section, box.key, setting_groups.typed_value(box, text))


def _value(edited: SettingsEdit, box: SettingBox) -> Any:
    written = edited.value(box.section, box.key)
    return setting_groups.default(box) if written is None else written


def _changes(edited: SettingsEdit) -> list[SettingChange]:
    boxes = {box.name: box for group in GROUPS for box in group.boxes}
    changes = []
    for difference in edited.differences():
        box = boxes.get(f"{difference.section}.{difference.key}")
        default = setting_groups.default(box) if box else ""
        change = SettingChange(
            label=box.label if box else f"[{difference.section}] {difference.key}",
            old=setting_groups.in_words(default if difference.old is None else difference.old),
            new=setting_groups.in_words(default if difference.new is None else difference.new),
            is_later=is_at_start(difference.section, difference.key),
        )
        changes.append(replace(change, caution=_caution(box, difference.new)))
    return changes


def _caution(box: SettingBox | None, value: Any) -> str:
    """Return what the check of the file cannot know: a folder that is not there, a name that others rely on."""
    name = box.name if box else ""
    if name == "backup.path" and value:
        folder = context().config.root / str(value)
        if not folder.is_dir():
            return "Chưa có thư mục này. Cắm ổ, tạo thư mục trên ổ rồi hãy ghi."
        if folder.stat().st_dev == context().config.folder.stat().st_dev:
            return "Thư mục này nằm cùng ổ với kho: ổ hỏng thì mất cả hai."
    if name == "portal.ca" and value:
        words = authority.describe(context().config.root / str(value))
        return f"Nơi cấp: {words}. So với thư của thành phố." if words else "Không đọc được chứng thư ở tệp này."
    return CAUTIONS.get(name, "")


def _page(
    group: SettingGroup,
    typed: dict[str, str] | None = None,
    wrong: str = "",
    refused: str = "",
    faults: list[str] | None = None,
) -> str:
    """Show a group.

    Args:
        typed: what was typed, in place of the values of the file.
        refused: why an uploaded certificate is not taken.
        faults: errors of the check, each beginning with its section and key.
    """
    faults = faults or []
    message = wrong or MESSAGES.get(request.args.get("said", ""), "")
    try:
        edited = _open(None)
    except SettingsRefused as error:
        return render(
            "technician/settings.html",
            groups=GROUPS,
            group=group,
            boxes=[],
            message=message,
            problem=BROKEN,
            faults=error.faults,
            former=_former_time(),
            broken_file=settings_file(),
        )
    except (NotAllowed, BadSettings) as error:
        return render("technician/settings.html", groups=GROUPS, group=group, boxes=[], problem=error.vi)
    boxes = [_shown(edited, box, typed, faults) for box in group.boxes]
    beside = {shown.wrong for shown in boxes}
    return render(
        "technician/settings.html",
        groups=GROUPS,
        group=group,
        boxes=boxes,
        problem="",
        message=message,
        is_wrong=bool(wrong or refused or faults),
        refused=refused,
        authority=_authority(edited) if group.id == "portal" else None,
        faults=[fault for fault in faults if not any(words and fault.endswith(words) for words in beside)],
        digest=edited.digest,
        former=_former_time(),
        waiting=_waiting(edited),
    )


def _authority(edited: SettingsEdit) -> str:
    """Return subject and expiry of the certificate that kiosk.toml names; empty where it names none."""
    path = edited.value("portal", "ca")
    if not path:
        return ""
    return authority.describe(context().config.root / str(path)) or f"tệp {path}, không đọc được"


def _shown(edited: SettingsEdit, box: SettingBox, typed: dict[str, str] | None, faults: list[str]) -> ShownBox:
    place = f"[{box.section}] {box.key} "
    fault = next((fault for fault in faults if place in fault), "")
    value = typed[box.name] if typed else setting_groups.shown_value(_value(edited, box))
    kind = setting_groups.kind_of(box)
    options = SWITCH if kind == "switch" else tuple((choice, choice) for choice in setting_groups.choices(box))
    return ShownBox(
        box=box,
        kind=kind,
        value=value,
        options=options,
        is_later=is_at_start(box.section, box.key),
        wrong=fault.partition(place)[2],
    )


def _former_time() -> str:
    """Return when the file before this one was replaced; empty where there is none."""
    former = edit.former_files(settings_file())
    return f"{clock.local(former[0].replaced_at):%H:%M, %d/%m/%Y}" if former else ""


def _waiting(edited: SettingsEdit) -> list[str]:
    """Return the settings of the file that wait for a restart, by the labels of their boxes."""
    written, errors = edited.check()
    if errors:
        return []
    labels = {(box.section, box.key): f"{box.label} ({group.title})" for group in GROUPS for box in group.boxes}
    return [
        labels.get((section, key), f"[{section}] {key}".strip())
        for section, key in waiting_for_restart(context().config, written)
    ]
