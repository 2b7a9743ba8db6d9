"""Sections of kiosk.toml about the ward and its work: frozen dataclasses, as in `sections`."""

from dataclasses import dataclass
from typing import ClassVar

from kiosk.config import setting, shapes
from kiosk.config.shapes import or_empty


@dataclass(frozen=True)
class WardSettings:
    """The ward, as papers and pages name it."""

    name: str = setting.plain("Phường Phú Xuân", label="Tên phường")
    code: str = setting.text(
        r"[0-9]{5}", "19753", "19753", label="Mã xã, phường", about="Năm chữ số của đơn vị hành chính."
    )
    province_code: str = setting.text(r"[0-9]{2}", "46", "46", label="Mã tỉnh", about="Hai chữ số.")
    unit_code: str = setting.text(
        r"[A-Z0-9][A-Z0-9.]{2,34}",
        "H57.99.01",
        "H57.99.01",
        label="Mã định danh điện tử",
        about="Mã của đơn vị khi gửi lên cổng (QCVN 102:2016); mặc định là ví dụ, cần đối chiếu.",
    )
    agency_committee: str = setting.plain(
        "Ủy ban nhân dân phường Phú Xuân", label="Kính gửi: Ủy ban", about="Sau chữ “Kính gửi” của tờ khai."
    )
    agency_police: str = setting.plain(
        "Công an phường Phú Xuân", label="Kính gửi: Công an", about="Sau chữ “Kính gửi” của tờ khai cư trú."
    )
    agency_economy: str = setting.plain(
        "Phòng Kinh tế, Hạ tầng và Đô thị phường Phú Xuân",
        label="Kính gửi: phòng kinh tế",
        about="Sau chữ “Kính gửi” của đăng ký hộ kinh doanh.",
    )
    center: str = setting.plain(
        "Trung tâm Phục vụ hành chính công phường Phú Xuân",
        label="Tên trung tâm",
        about="Tên của một cửa, in đầu phiếu.",
    )
    hotline: str = setting.plain(
        "19001075", label="Số tổng đài", about="In trên phiếu, hiện ở trang Riêng tư, để người dân gọi."
    )
    social_pension: int = setting.number(
        0,
        10_000_000,
        0,
        label="Mức trợ cấp hưu trí xã hội",
        about="Đồng mỗi tháng, mức phường đang chi. 0: máy không so với lương hưu.",
    )
    not_for_marriage: bool = setting.plain(
        default=False,
        label="Ghi “không dùng để đăng ký kết hôn”",
        about="Ở tờ khai xác nhận tình trạng hôn nhân dùng vào việc khác.",
    )
    signer: str = setting.text(
        r".{0,70}",
        "",
        "Nguyễn Đình Hải",
        label="Người ký chứng thực",
        about="Tên dưới lời chứng bản sao. Để trống: viết tay.",
    )
    signer_title: str = setting.text(
        r".{1,70}", "CHỦ TỊCH", "KT. CHỦ TỊCH", label="Chức danh người ký", about="Trên chỗ ký của lời chứng."
    )
    ethnic_first: tuple[str, ...] = setting.plain(
        ("Kinh", "Ta-ôi", "Cơ-tu", "Bru-Vân Kiều"), about="Dân tộc hiện trước, chạm một lần."
    )

    RETIRED: ClassVar = frozenset({"province_name"})


@dataclass(frozen=True)
class DeskSettings:
    """The desk: seconds in which a decision can be undone, before its event leaves; 0: no time."""

    undo_seconds: int = setting.number(
        0,
        60,
        8,
        about="Quyết định ở quầy hoàn tác được trong số giây này, rồi mới báo lên cổng; 0: báo ngay, không hoàn tác.",
    )


@dataclass(frozen=True)
class PapersSettings:
    """Copies of each paper that one press at the desk prints when a case was accepted; 0: it is not printed."""

    acceptance: int = setting.number(
        0,
        5,
        1,
        label="Số bản Giấy tiếp nhận",
        about="Khi cán bộ bấm in một lần; một bản đã có đủ hai liên. 0: không in.",
    )
    declaration: int = setting.number(0, 5, 1, label="Số bản tờ khai", about="0: không in.")
    fee: int = setting.number(0, 5, 1, label="Số bản phiếu thu", about="0: không in.")


@dataclass(frozen=True)
class FeesSettings:
    """The account that fees are transferred to: the bank by its six digits (BIN); empty: cash only, and no code."""

    bank: str = setting.text(r"[0-9]{6}|", "", "970436", label="Mã ngân hàng", about="Sáu chữ số (BIN), ví dụ {like}.")
    account: str = setting.text(
        r"[0-9A-Za-z]{6,19}|",
        "",
        "0123456789",
        label="Số tài khoản của phường",
        about="Người khác nên đọc lại từng số.",
    )
    holder: str = setting.text(
        r".{0,70}",
        "",
        "TRUNG TAM PVHCC PHU XUAN",
        label="Tên chủ tài khoản",
        about="In trên phiếu để người dân đối chiếu.",
    )


@dataclass(frozen=True)
class QueueSettings:
    """The call order: priority tickets and others in turns, and a maximum wait.

    `ratio` is the number of priority calls in a row, `absences` the number of unanswered calls until a ticket is
    closed; the others are minutes. `last_minutes` before closing time no more tickets are given, 0: at any hour.
    """

    max_wait_minutes: int = setting.number(
        5, 480, 45, about="Người không thuộc diện ưu tiên chờ quá số phút này thì được gọi trước."
    )
    ratio: int = setting.number(1, 9, 1, about="Gọi tối đa chừng này số ưu tiên liền nhau rồi đến một số thường.")
    absences: int = setting.number(1, 9, 3, about="Gọi đến lần này vẫn vắng thì bỏ số.")
    absent_minutes: int = setting.number(0, 60, 5, about="Vắng thì sau số phút này mới gọi lại.")
    last_minutes: int = setting.number(
        0, 240, 15, label="Thôi phát số", about="Trước giờ đóng quầy số phút này. 0: lúc nào cũng phát."
    )


@dataclass(frozen=True)
class BoardSettings:
    """The board: its diagonal in millimetres, from which a called number gets a height of at least 60 mm."""

    mm: int = setting.number(396, 3000, 1092, about="Đường chéo tivi, mi-li-mét (43 inch = 1092).")


@dataclass(frozen=True)
class HoursSettings:
    """Opening hours; `off` and `worked` change the national holiday table."""

    weekdays: tuple[str, ...] = setting.text(
        shapes.SPAN,
        ("07:00-11:30", "13:30-17:00"),
        "07:00-11:30",
        label="Thứ Hai đến thứ Sáu",
        about="Các khoảng giờ, ví dụ {like}.",
    )
    saturday: tuple[str, ...] = setting.text(
        shapes.SPAN, (), "07:00-11:30", label="Thứ Bảy", about="Ví dụ {like}. Để trống: nghỉ."
    )
    off: tuple[str, ...] = setting.text(
        shapes.DAY, (), "2026-12-24", label="Ngày nghỉ thêm", about="Ví dụ {like}. Ngày lễ cả nước máy đã biết."
    )
    worked: tuple[str, ...] = setting.text(shapes.DAY, (), "2026-12-26", label="Ngày làm bù", about="Ví dụ {like}.")


@dataclass(frozen=True)
class ProceduresSettings:
    """The ward's own procedures: a folder of files, and a file that overrides fees and times."""

    own: str = setting.text(
        or_empty(shapes.PATH),
        "",
        "thu-tuc",
        about="Thư mục thủ tục riêng của phường (mỗi thủ tục một tệp .toml); để trống nếu không có.",
    )
    overrides: str = setting.text(
        or_empty(shapes.PATH),
        "",
        "le-phi.toml",
        about=(
            "Tệp sửa phí (mức của Hội đồng nhân dân kèm nghị quyết), thời hạn, giấy tờ của phường; để trống "
            "nếu không có."
        ),
    )
    at_counter: tuple[str, ...] = setting.plain(
        (), about='Hỏi Công an phường: quầy có nhận xác nhận cư trú trên giấy thì ghi ["1.010041"].'
    )
    """Codes of procedures of the national portal's online channel that this ward's counter takes too."""
    online_only: tuple[str, ...] = setting.plain(
        (), about="Không nhận thì ghi mã vào đây; máy chỉ hướng dẫn làm trên VNeID."
    )
    """Codes of procedures that it does not take: the kiosk only says how to do them online."""
    on_start: tuple[str, ...] = setting.plain(
        (),
        label="Thủ tục ở trang đầu",
        about="Hai mã thủ tục, có ô riêng ở trang đầu. Để trống: hai việc làm nhiều nhất 30 ngày qua.",
    )
    """Codes of the procedures with tiles of their own on the start page; empty: the most used ones."""


@dataclass(frozen=True)
class RetentionSettings:
    """Retention times.

    Source: Law 91/2025/QH15 art. 3.3: no longer than the purpose needs.
    """

    draft_hours: int = setting.number(1, 72, 24, about="Tờ khai bỏ dở.")
    kept_days: int = setting.number(1, 30, 7, about="Tờ khai mà người dân giữ lại và cầm phiếu.")
    body_days: int = setting.number(1, 365, 30, about="Nội dung hồ sơ, tính từ khi xong việc.")
    reuse_months: int = setting.number(1, 24, 12, about="Lời khai giữ để dùng lại, chỉ khi người dân đồng ý.")
    ticket_days: int = setting.number(1, 366, 90, about="Số thứ tự, không gắn với ai.")
    opinion_days: int = setting.number(
        1, 366, 30, about="Lời người dân viết thêm khi chấm mặt; chỉ người phụ trách đọc."
    )
    aside_days: int = setting.number(1, 366, 30, about="Kho cũ mà lần khôi phục cất vào data/aside.")
    originals: bool = setting.plain(
        default=False,
        label="Giữ ảnh bản chính",
        about="Giữ ảnh giấy chứng thực cùng tờ khai, khi luật cần một bản lưu. Không giữ: xóa cuối ngày.",
    )
