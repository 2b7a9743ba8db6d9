"""Lists of kiosk.toml (`[[...]]`): e-forms, printers, places of birth, classes, series and counters.

Each entry is a frozen dataclass, as the sections are (`sections`).
"""

from dataclasses import dataclass
from typing import Literal

from kiosk.config import setting


@dataclass(frozen=True)
class EForm:
    """The e-form of OpenCPS that a procedure fills, by the numbers that the province gave."""

    procedure: str = setting.text(r"[A-Z0-9][A-Z0-9.-]{2,31}", "1.001193", "1.001193", about="Mã thủ tục.")
    service: int = setting.number(1, 2**53, 1, about="serviceInfoId mà tỉnh cấp.")
    template: str = setting.text(r".{1,75}", "TK", "TK-KHAISINH", about="fileTemplateNo mà tỉnh cấp.")


TRIAL_JOBS = "test:"
"""Beginning of the kinds of paper that one receipt printer alone prints, to try it."""
SAME_PRINTER = {"slip": ("kept", "practice", "readiness"), "fee": ("refund",)}
"""Kinds of paper that the printers of a kind in kiosk.toml print too: settings of earlier releases stay complete."""
OFFICE_JOBS = "office:"
"""Beginning of the kinds of paper of office printers."""


@dataclass(frozen=True)
class PrinterSection:
    """A printer and the kinds of paper that it prints; a printer of slips prints those of kept forms too.

    `baud` and `flow` are those of a serial port, `margin` is in dots, `scale` the percentage of all deadlines.
    `screens` names the touchscreens whose papers it prints (none: all that have no printer of their own, and the
    desk's). `fallback` names the printer that takes its papers while it cannot print.
    """

    name: str = setting.plain("Máy in phiếu", about="Tên máy in.")
    kind: Literal["network", "usb", "serial", "file", "virtual"] = setting.plain(
        "virtual",
        about='"network": qua mạng; "usb"; "serial": cổng COM; "file": tệp thiết bị; "virtual": máy in ảo để tập.',
    )
    address: str = setting.plain(
        "",
        about=(
            "network: máy:cổng, 192.168.1.50:9100. usb: mã loại máy, rồi số máy hoặc cổng cắm, "
            "04b8:0e15/J5LF012345 hay 0416:5011@1-2. serial: /dev/serial/by-id/..."
        ),
    )
    use: tuple[Literal["ticket", "slip", "missing", "fee"], ...] = setting.plain(
        ("ticket", "slip", "missing", "fee"), about="In gì: số thứ tự, phiếu, giấy cần mang thêm, phiếu thu."
    )
    screens: tuple[str, ...] = setting.text(
        r".{1,40}",
        (),
        "Máy 2, cửa sau",
        about=(
            'Chỉ in giấy của người ở màn hình có tên này, ví dụ ["Máy 2, cửa sau"]; để trống: mọi màn hình '
            "chưa có máy in riêng, và giấy cán bộ in."
        ),
    )
    width_mm: int = setting.number(40, 120, 80, about="Khổ giấy.")
    dots: int = setting.number(200, 1300, 576, about="Số điểm một hàng.")
    dpi: int = setting.number(150, 600, 203, about="Số điểm mỗi inch.")
    cutter: bool = setting.plain(default=True, about="Có dao cắt.")
    feed: int = setting.number(0, 400, 120, about="Đẩy giấy trước khi cắt, số điểm.")
    band_rows: int = setting.number(8, 200, 200, about="Số hàng gửi mỗi lần.")
    darkness: int = setting.number(1, 5, 3, about="Độ đậm của chữ, 1 (nhạt) đến 5 (đậm).")
    margin: int = setting.number(0, 200, 20, about="Lề trái và phải, số điểm.")
    need_status: bool = setting.plain(
        default=True, about="false: máy in không biết trả lời gì cả (không báo hết giấy)."
    )
    confirm: bool = setting.plain(default=True, about="false: máy in không biết báo đã in xong (không trả lời GS r).")
    scale: int = setting.number(50, 400, 100, about="Chờ máy in lâu mau, phần trăm: mạng chậm thì ghi 200.")
    baud: int = setting.number(1200, 921_600, 115_200, about="serial: tốc độ cổng COM, đặt như ở máy in.")
    flow: Literal["rtscts", "xonxoff", "none"] = setting.plain(
        "rtscts", about='serial: "rtscts", "xonxoff" hay "none", đặt như ở máy in.'
    )
    fallback: str = setting.plain(
        "", about="Tên máy in khác in thay khi máy này hỏng, kể cả máy in A4; để trống: giấy chờ."
    )

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of paper that it prints, in the print spool."""
        return tuple(kind for use in self.use for kind in (use, *SAME_PRINTER.get(use, ())))

    @property
    def test_kind(self) -> str:
        """Kind of the papers that try this printer, in the print spool."""
        return f"{TRIAL_JOBS}{self.name}"


@dataclass(frozen=True)
class OfficePrinterSection:
    """A printer of sheets and its counters (none: all): an IPP printer, a CUPS queue, or practice's virtual one."""

    name: str = setting.text(r".{1,60}", "Máy in A4", "Máy in A4", about="Tên máy in.")
    kind: Literal["ipp", "cups", "virtual"] = setting.plain(
        "ipp", about='"cups": hàng đợi CUPS trên máy này; "ipp": máy in IPP; "virtual": máy in ảo, chỉ khi tập.'
    )
    address: str = setting.plain("", about='cups: tên hàng đợi; ipp: "ipp://192.168.1.60/ipp/print".')
    counters: tuple[int, ...] = setting.number(
        1, 30, (), about="Số các quầy dùng máy in này, ví dụ [1, 2]; để trống: mọi quầy."
    )
    a5: bool = setting.plain(default=False, about="true: máy in có khay A5, giấy khổ A5 in vào khay đó.")
    fallback: str = setting.plain("", about="Tên máy in A4 khác in thay khi máy này hỏng; để trống: giấy chờ.")

    @property
    def job_kind(self) -> str:
        """Kind of its papers in the print spool."""
        return f"{OFFICE_JOBS}{self.name}"


@dataclass(frozen=True)
class BirthPlace:
    """A place of birth offered with one touch."""

    name: str = setting.plain("", about="Tên nơi sinh.")
    detail: str = setting.plain("", about="Địa chỉ.")
    ward_code: str = setting.text(r"[0-9]{5}|", "", "19753", about="Mã phường, xã; để trống nếu chưa chắc.")
    province_code: str = setting.text(r"[0-9]{2}|", "", "46", about="Mã tỉnh.")


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class TrainingClass:
    """A weekly class of the ward: weekday, hour, place, number of seats."""

    weekday: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = setting.plain(
        "tue",
        about='"mon" thứ Hai, "tue" thứ Ba, "wed" thứ Tư, "thu" thứ Năm, "fri" thứ Sáu, "sat" thứ Bảy, "sun" Chủ nhật.',
    )
    start: str = setting.text(r"([01][0-9]|2[0-3]):[0-5][0-9]", "14:00", "14:00", about="Giờ bắt đầu.")
    place: str = setting.text(r".{1,80}", "Hội trường phường", "Hội trường phường", about="Nơi học.")
    seats: int = setting.number(1, 200, 12, about="Số chỗ đăng ký ở máy này.")


@dataclass(frozen=True)
class Series:
    """A series of ticket numbers: its letter, its group of procedures, the most tickets a day (0: no limit)."""

    letter: str = setting.text(r"[A-Z]", "A", "A", about="Chữ cái trên phiếu.")
    id: str = setting.text(r"[A-Z]-[A-Z]+", "A-HOTICH", "A-HOTICH", about="Mã nhóm thủ tục.")
    name: str = setting.plain("", about="Tên hiện trên màn hình.")
    name_en: str = setting.plain("", about="Tên tiếng Anh.")
    quota: int = setting.number(0, 999, 0, about="Số phiếu nhiều nhất mỗi ngày; 0: không hạn chế.")

    def name_in(self, lang: str) -> str:
        """Return its name in a language: the Vietnamese one where it has no other."""
        return self.name_en if lang == "en" and self.name_en else self.name


@dataclass(frozen=True)
class Counter:
    """A counter, and the letters of the series that it serves (none: all of them)."""

    number: int = setting.number(1, 30, 1, about="Số quầy, 1 đến 30.")
    name: str = setting.plain("", about="Tên quầy.")
    series: tuple[str, ...] = setting.text(
        r"[A-Z]", (), "A", about='Chữ cái các dãy số mà quầy nhận, ví dụ ["A", "C"]; để trống: nhận mọi dãy.'
    )

    @property
    def place(self) -> str:
        """The number in words, as the voice says it: Quầy 3."""
        return f"Quầy {self.number}"

    @property
    def own_name(self) -> str:
        """The name, where it says more than the number."""
        return "" if self.name == self.place else self.name


SERIES = (
    Series(letter="A", id="A-HOTICH", name="Hộ tịch", name_en="Births, marriages, deaths"),
    Series(letter="B", id="B-CHUNGTHUC", name="Chứng thực", name_en="Certified copies and signatures"),
    Series(letter="C", id="C-CONGAN", name="Cư trú", name_en="Residence"),
    Series(letter="D", id="D-XAHOI", name="Chính sách xã hội", name_en="Social support"),
    Series(letter="E", id="E-KINHDOANH", name="Hộ kinh doanh", name_en="Household business"),
    Series(letter="F", id="F-TAPHUAN", name="Lớp tập huấn", name_en="Classes"),
)

COUNTERS = (Counter(1, "Quầy 1"), Counter(2, "Quầy 2"))
