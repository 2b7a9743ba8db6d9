"""Settings of kiosk.toml that a technician changes on a page: groups of boxes, each with its words.

The type, the limits and the default of a box are those of the settings themselves (kiosk/config/sections.py). Printers
have a page of their own, and series and counters are the lead's.
"""

from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from kiosk.config import Config

BoxKind = Literal["text", "number", "list", "switch", "choice"]


@dataclass(frozen=True)
class SettingBox:
    """A setting as a box: its place in kiosk.toml, its label, and what it is for."""

    section: str
    key: str
    label: str
    about: str = ""

    @property
    def name(self) -> str:
        """The name of the form's field, and of the key in the audit trail."""
        return f"{self.section}.{self.key}"


@dataclass(frozen=True)
class SettingGroup:
    """Boxes that belong together; `about` stands above them."""

    id: str
    title: str
    about: str
    boxes: tuple[SettingBox, ...]


def _boxes(section: str, *rows: tuple[str, str, str]) -> tuple[SettingBox, ...]:
    return tuple(SettingBox(section=section, key=key, label=label, about=about) for key, label, about in rows)


GROUPS = (
    SettingGroup(
        id="ward",
        title="Phường và máy",
        about="Tên in trên giấy và trên các trang. Mã máy không trùng máy nào trong tỉnh.",
        boxes=(
            *_boxes("kiosk", ("id", "Mã máy", "Hai chữ cái và 2 đến 4 chữ số, in đầu số phiếu.")),
            *_boxes(
                "ward",
                ("name", "Tên phường", ""),
                ("center", "Tên trung tâm", "Tên của một cửa, in đầu phiếu."),
                ("hotline", "Số tổng đài", "In trên phiếu, hiện ở trang Riêng tư, để người dân gọi."),
                ("unit_code", "Mã định danh điện tử", "Mã của đơn vị khi gửi lên cổng."),
                ("code", "Mã xã, phường", "Năm chữ số của đơn vị hành chính."),
                ("province_code", "Mã tỉnh", "Hai chữ số."),
                ("agency_committee", "Kính gửi: Ủy ban", "Sau chữ “Kính gửi” của tờ khai."),
                ("agency_police", "Kính gửi: Công an", "Sau chữ “Kính gửi” của tờ khai cư trú."),
                ("agency_economy", "Kính gửi: phòng kinh tế", "Sau chữ “Kính gửi” của đăng ký hộ kinh doanh."),
            ),
        ),
    ),
    SettingGroup(
        id="hours",
        title="Giờ mở, ngày nghỉ",
        about="Người phụ trách sửa được ở trang Dãy số, quầy, giờ mở; phần sửa ở đó được dùng trước.",
        boxes=(
            *_boxes(
                "hours",
                ("weekdays", "Thứ Hai đến thứ Sáu", "Mỗi khoảng giờ cách nhau dấu phẩy, ví dụ 07:00-11:30."),
                ("saturday", "Thứ Bảy", "Để trống: nghỉ."),
                ("off", "Ngày nghỉ thêm", "Ví dụ 2026-12-24. Ngày lễ cả nước máy đã biết."),
                ("worked", "Ngày làm bù", "Ví dụ 2026-12-26."),
            ),
            *_boxes(
                "queue", ("last_minutes", "Thôi phát số", "Trước giờ đóng quầy số phút này. 0: lúc nào cũng phát.")
            ),
        ),
    ),
    SettingGroup(
        id="portal",
        title="Cổng của thành phố",
        about="Hỏi phòng công nghệ của thành phố. Ghi xong thì bấm Thử kết nối.",
        boxes=_boxes(
            "portal",
            ("kind", "Gửi đi đâu", "kiosk-sync: cổng của tỉnh. opencps: thẳng lên OpenCPS. none: chưa có cổng."),
            ("unset_days", "Báo khi chưa có cổng", "Tờ khai chờ quá số ngày này thì báo. 0: không báo."),
            ("url", "Địa chỉ cổng", "Bắt đầu bằng https://"),
            ("ca", "Tệp chứng thư của cổng", "Chỉ khi cổng dùng chứng thư riêng."),
            ("file_kbit", "Tốc độ gửi bản chụp", "Nhiều nhất số kilobit mỗi giây này. 0: không hạn chế."),
            ("file_hours", "Giờ gửi bản chụp", "Ví dụ 17:00-07:00. Để trống: lúc nào cũng gửi."),
            ("stick_key", "Khóa USB của cổng", "Dòng bắt đầu bằng stick1-, để chép hồ sơ ra USB khi mất mạng."),
        ),
    ),
    SettingGroup(
        id="backup",
        title="Sao lưu",
        about="Bản sao khóa mã, chép sang một ổ riêng. Ổ hỏng hay mất máy thì khôi phục từ đó.",
        boxes=_boxes(
            "backup",
            ("path", "Thư mục trên ổ sao lưu", "Thư mục có sẵn, ví dụ /media/saoluu/kiosk. Để trống: không sao lưu."),
            ("second", "Thư mục thứ hai", "Trên ổ khác hay máy khác, nhận thay đổi của từng phút. Để trống: không có."),
            ("minutes", "Mỗi lần cách nhau", "Số phút."),
            ("copies", "Số bản mới nhất được giữ", ""),
            ("days", "Giữ bản cuối của mấy ngày", ""),
            ("weeks", "Giữ bản cuối của mấy tuần", ""),
        ),
    ),
    SettingGroup(
        id="fees",
        title="Thu phí, giấy in ở quầy",
        about="Để trống tài khoản: chỉ thu tiền mặt, phiếu thu không có mã VietQR.",
        boxes=(
            *_boxes(
                "fees",
                ("bank", "Mã ngân hàng", "Sáu chữ số (BIN)."),
                ("account", "Số tài khoản của phường", "Người khác nên đọc lại từng số."),
                ("holder", "Tên chủ tài khoản", "In trên phiếu để người dân đối chiếu."),
            ),
            *_boxes(
                "papers",
                ("acceptance", "Số bản giấy tiếp nhận", "Khi cán bộ bấm in một lần. 0: không in."),
                ("declaration", "Số bản tờ khai", "0: không in."),
                ("fee", "Số bản phiếu thu", "0: không in."),
            ),
            *_boxes(
                "ward",
                ("social_pension", "Mức trợ cấp hưu trí xã hội", "Đồng mỗi tháng. 0: máy không so với lương hưu."),
                ("not_for_marriage", "Ghi “không dùng để đăng ký kết hôn”", "Ở tờ xác nhận tình trạng hôn nhân."),
            ),
        ),
    ),
    SettingGroup(
        id="lan",
        title="Mạng nội bộ",
        about="Để máy của cán bộ mở được trang của máy này. Luôn có mã hóa; lập chứng thư ở trang Chứng thư.",
        boxes=_boxes(
            "lan",
            ("host", "Địa chỉ của máy", "Ví dụ 192.168.1.10, hoặc 0.0.0.0. Để trống: chỉ dùng ngay trên máy."),
            ("port", "Cổng mạng", ""),
            ("names", "Tên máy", "Tên và địa chỉ cán bộ gõ, cách nhau dấu phẩy: mot-cua.lan, 192.168.1.10."),
        ),
    ),
    SettingGroup(
        id="devices",
        title="Màn hình, đầu quét",
        about="Cỡ màn hình xem ở trang Thiết bị, Cỡ màn hình. Máy in có trang riêng.",
        boxes=(
            *_boxes(
                "screen",
                ("name", "Tên màn hình", "Cán bộ đọc khi có người gọi."),
                ("width", "Bề ngang", "Điểm ảnh."),
                ("height", "Bề cao", "Điểm ảnh."),
                ("mm", "Đường chéo", "Mi-li-mét: 15,6 inch là 396."),
                ("idle_seconds", "Hỏi còn ai không", "Sau số giây này không ai chạm."),
            ),
            *_boxes(
                "scanner",
                ("port", "Cổng của đầu quét", "Ví dụ /dev/ttyACM0. Để trống nếu đầu quét gõ như bàn phím."),
                ("baud", "Tốc độ cổng", ""),
                (
                    "screen",
                    "Đầu quét đặt ở màn hình",
                    "Tên màn hình đã ghi danh. Để trống: của chính máy này.",
                ),
            ),
            *_boxes("lock", ("minutes", "Khóa trang cán bộ", "Sau số phút này không ai dùng.")),
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


def _metadata(box: SettingBox) -> Any:
    section = getattr(Config(), box.section)
    return next(item.metadata for item in fields(section) if item.name == box.key)
