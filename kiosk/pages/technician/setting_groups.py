"""Settings of kiosk.toml that a technician changes on a page: groups of boxes.

The words, the type, the limits and the default of a box are those of the setting itself (`kiosk.config`). Printers have
a page of their own, and series and counters are the lead's.
"""

from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from kiosk.config import Config, setting

BoxKind = Literal["text", "number", "list", "switch", "choice"]


@dataclass(frozen=True)
class SettingBox:
    """A setting as a box: its place in kiosk.toml."""

    section: str
    key: str

    @property
    def name(self) -> str:
        """The name of the form's field, and of the key in the audit trail."""
        return f"{self.section}.{self.key}"

    @property
    def label(self) -> str:
        """Its label."""
        label: str = _metadata(self)["label"]
        return label

    @property
    def about(self) -> str:
        """What it is for, with an example as it is typed here."""
        metadata = _metadata(self)
        return setting.describe(metadata, metadata.get("like", ""))


@dataclass(frozen=True)
class SettingGroup:
    """Boxes that belong together; `about` stands above them."""

    id: str
    title: str
    about: str
    boxes: tuple[SettingBox, ...]


def _boxes(section: str, *keys: str) -> tuple[SettingBox, ...]:
    return tuple(SettingBox(section=section, key=key) for key in keys)


GROUPS = (
    SettingGroup(
        id="ward",
        title="Phường và máy",
        about="Tên in trên giấy và trên các trang. Mã máy không trùng máy nào trong tỉnh.",
        boxes=(
            *_boxes("kiosk", "id"),
            *_boxes(
                "ward",
                "name",
                "center",
                "hotline",
                "unit_code",
                "code",
                "province_code",
                "agency_committee",
                "agency_police",
                "agency_economy",
            ),
        ),
    ),
    SettingGroup(
        id="hours",
        title="Giờ mở, ngày nghỉ",
        about="Người phụ trách sửa được ở trang Dãy số, quầy, giờ mở; phần sửa ở đó được dùng trước.",
        boxes=(*_boxes("hours", "weekdays", "saturday", "off", "worked"), *_boxes("queue", "last_minutes")),
    ),
    SettingGroup(
        id="portal",
        title="Cổng của thành phố",
        about="Hỏi phòng công nghệ của thành phố. Ghi xong thì bấm Thử kết nối.",
        boxes=_boxes("portal", "kind", "unset_days", "url", "ca", "public_url", "file_kbit", "file_hours", "stick_key"),
    ),
    SettingGroup(
        id="backup",
        title="Sao lưu",
        about="Bản sao khóa mã, chép sang một ổ riêng. Ổ hỏng hay mất máy thì khôi phục từ đó.",
        boxes=_boxes("backup", "path", "second", "minutes", "copies", "days", "weeks"),
    ),
    SettingGroup(
        id="fees",
        title="Thu phí, giấy in ở quầy",
        about="Để trống tài khoản: chỉ thu tiền mặt, phiếu thu không có mã VietQR.",
        boxes=(
            *_boxes("fees", "bank", "account", "holder"),
            *_boxes("papers", "acceptance", "declaration", "fee"),
            *_boxes("ward", "social_pension", "not_for_marriage"),
        ),
    ),
    SettingGroup(
        id="lan",
        title="Mạng nội bộ",
        about="Để máy của cán bộ mở được trang của máy này. Luôn có mã hóa; lập chứng thư ở trang Chứng thư.",
        boxes=_boxes("lan", "host", "port", "names"),
    ),
    SettingGroup(
        id="devices",
        title="Màn hình, đầu quét",
        about="Cỡ màn hình xem ở trang Thiết bị, Cỡ màn hình. Máy in có trang riêng.",
        boxes=(
            *_boxes("screen", "name", "width", "height", "mm", "idle_seconds", "cameras"),
            *_boxes("scanner", "port", "baud", "screen"),
            *_boxes("paper_scanner", "device", "screen_device", "screen", "screen_source"),
            *_boxes("keep", "originals"),
            *_boxes("lock", "minutes"),
        ),
    ),
)


def group_of(group_id: str) -> SettingGroup | None:
    """Return a group by its id."""
    return next((group for group in GROUPS if group.id == group_id), None)


def default(box: SettingBox) -> Any:
    """Return the value of a box that kiosk.toml does not write."""
    return getattr(getattr(Config(), box.section), box.key)


@cache
def kind_of(box: SettingBox) -> BoxKind:
    """Return how a box is shown, by the type of the setting."""
    kind = _type_of(box)
    if get_origin(kind) is tuple:
        return "list"
    if choices(box):
        return "choice"
    return "switch" if kind is bool else "number" if kind is int else "text"


@cache
def choices(box: SettingBox) -> tuple[str, ...]:
    """Return the values that a box offers; none where it is free."""
    kind = _type_of(box)
    if get_origin(kind) is Literal:
        return tuple(get_args(kind))
    return tuple(_metadata(box).get("options", ()))


def typed_value(box: SettingBox, text: str) -> Any:
    """Return what was typed as the value of kiosk.toml; what is no number stays a text, which the check names."""
    text = text.strip()
    kind = kind_of(box)
    if kind == "list":
        return [part.strip() for part in text.split(",") if part.strip()]
    if kind == "switch":
        return text == "true"
    if kind == "number" and text.isascii() and text.lstrip("-").isdigit() and len(text) < 15:
        return int(text)
    return text


def shown_value(value: Any) -> str:
    """Return a value as its box shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ", ".join(str(part) for part in value)
    return str(value)


def in_words(value: Any) -> str:
    """Return a value in a sentence: an empty one has a word too."""
    if isinstance(value, bool):
        return "có" if value else "không"
    text = shown_value(value)
    return f"“{text}”" if text else "để trống"


def _type_of(box: SettingBox) -> Any:
    return get_type_hints(type(getattr(Config(), box.section)))[box.key]


@cache
def _metadata(box: SettingBox) -> Any:
    section = getattr(Config(), box.section)
    return next(item.metadata for item in fields(section) if item.name == box.key)
