"""Sections of kiosk.toml about the machine: frozen dataclasses whose fields carry type, default, limits and words.

The ward's sections are in `ward_sections`, the lists in `list_sections`.
"""

from dataclasses import dataclass
from typing import Literal

from kiosk.base.screen_size import ScreenSize
from kiosk.config import setting, shapes
from kiosk.config.shapes import or_empty
from sync import PORTALS
from sync.portals.base import PortalKind


@dataclass(frozen=True)
class KioskSettings:
    """The machine: its code, its data folder, its key file (empty: in the data folder), whether it is in practice."""

    id: str = setting.text(
        r"[A-Z]{2}[0-9]{2,4}",
        "PK03",
        "PK03",
        label="Mã máy",
        about="Hai chữ cái và 2 đến 4 chữ số, không trùng máy nào trong tỉnh; in đầu số phiếu.",
    )
    data: str = setting.text(
        shapes.PATH,
        "data",
        "data",
        about="Thư mục riêng của máy (nơi lưu, khóa, nhật ký); chỉ người chạy máy đọc được.",
    )
    key: str = setting.text(
        or_empty(shapes.PATH),
        "",
        "/etc/ward-kiosk/key",
        about='Tệp khóa ở chỗ khác, ví dụ "/media/khoa/kiosk.key" trên USB; để trống: kiosk.key trong thư mục data.',
    )
    practice: bool = setting.plain(default=False, about="true: máy chỉ để tập khai, mọi trang và giấy đều ghi TẬP.")


@dataclass(frozen=True)
class WebSettings:
    """The loopback listener."""

    host: str = setting.text(
        shapes.HOST, "127.0.0.1", "127.0.0.1", about="Địa chỉ của các trang trên máy này; mạng nội bộ ghi ở [lan]."
    )
    port: int = setting.number(
        1,
        65532,
        8000,
        about="Cổng mạng của các trang; ba số tiếp theo: cổng nhận để tập, máy in phiếu ảo, máy in A4 ảo.",
    )
    threads: int = setting.number(2, 64, 8, about="Số yêu cầu xử lý cùng lúc.")


@dataclass(frozen=True)
class LanSettings:
    """The LAN listener, always with TLS; an empty host disables it. `names` are the host names that officers type."""

    host: str = setting.text(
        or_empty(shapes.HOST),
        "",
        "192.168.1.10",
        label="Địa chỉ của máy",
        about="Ví dụ {like}, hoặc 0.0.0.0 (mọi địa chỉ). Để trống: chỉ dùng ngay trên máy.",
    )
    port: int = setting.number(1, 65535, 8443, label="Cổng mạng")
    names: tuple[str, ...] = setting.text(
        r"[a-z0-9](?:[a-z0-9.:-]{0,251}[a-z0-9])?",
        (),
        "mot-cua.lan",
        label="Tên máy",
        about="Tên và địa chỉ cán bộ gõ, ví dụ {like}.",
    )

    def address(self, name: str) -> str:
        """Return a host name with the port, as in a URL; 443 is left out."""
        host = f"[{name}]" if ":" in name else name
        return host if self.port == 443 else f"{host}:{self.port}"


@dataclass(frozen=True)
class LockSettings:
    """Minutes without a touch until an officer's page locks."""

    minutes: int = setting.number(1, 120, 10, label="Khóa trang cán bộ", about="Sau số phút này không ai dùng.")


@dataclass(frozen=True)
class ScreenSettings:
    """The touchscreen: its pixels, its diagonal in millimetres, and the seconds until a visit ends.

    `name` is what the desk calls the machine's own screen; enrolled screens have names of their own. `reading_seconds`
    replaces `idle_seconds` on pages that are read or wait for a card. After `cover_minutes` a covered form is put
    away. `cameras` names the touchscreens, enrolled ones too, that have a camera over a tray for papers.
    """

    name: str = setting.text(
        r".{1,40}",
        "Máy 1",
        "Máy 1, giữa sảnh",
        label="Tên màn hình",
        about="Cán bộ đọc khi có người gọi, ví dụ {like}. Màn hình khác có tên lúc ghi danh.",
    )
    width: int = setting.number(
        480, 7680, 1080, label="Bề ngang", about="Điểm ảnh. Màn hình nằm ngang thì ghi số lớn ở đây, ví dụ 1366."
    )
    height: int = setting.number(480, 7680, 1920, label="Bề cao", about="Điểm ảnh, ví dụ 768.")
    mm: int = setting.number(
        150, 1500, 396, label="Đường chéo", about="Mi-li-mét: 10,1 inch là 257, 15,6 inch là 396, 21,5 inch là 546."
    )
    idle_seconds: int = setting.number(15, 600, 60, label="Hỏi còn ai không", about="Sau số giây này không ai chạm.")
    reading_seconds: int = setting.number(15, 1800, 180, about="Như trên, ở trang để đọc và trang chờ quét thẻ.")
    warning_seconds: int = setting.number(20, 120, 20, about="Đếm ngược số giây này rồi xóa hết; không dưới 20.")
    cover_minutes: int = setting.number(
        5,
        120,
        20,
        about="Màn hình che (đã gọi cán bộ) chờ lâu nhất số phút này; sau đó cất tờ khai, quầy mở tiếp được.",
    )
    scan_window: Literal["below", "right"] = setting.plain(
        "below", about='Cửa quét thẻ ở đâu so với màn hình: "below" (dưới), "right" (bên phải).'
    )
    cameras: tuple[str, ...] = setting.text(
        r".{1,40}",
        (),
        "Máy 1",
        label="Màn hình có máy chụp giấy",
        about="Tên màn hình, ví dụ {like}. Để trống: không mời chụp.",
    )

    @property
    def size(self) -> ScreenSize:
        """The size of the machine's own screen."""
        return ScreenSize(self.width, self.height, self.mm)


@dataclass(frozen=True)
class KeyboardSettings:
    """The on-screen keyboard: `old` places the tone mark as in hòa, `new` as in hoà."""

    tone: Literal["old", "new"] = setting.plain("old", about='Dấu thanh: "old" (hòa) hoặc "new" (hoà).')


@dataclass(frozen=True)
class VoiceSettings:
    """The voice of board and pages.

    Recordings of `dialect` are heard before others ("hue": folder `vi-hue`). `number_words` are the words of numbers
    that the ward says in the place of linh, nghìn, bảy and bốn. `model` is the file of a voice model; empty: espeak-ng.
    `languages` are those beside Vietnamese and English whose voices are fetched from the province.
    """

    dialect: str = setting.text(
        r"[a-z]{2,16}|",
        "",
        "hue",
        about='Giọng vùng được dùng trước, ví dụ "hue": tiếng thu ở thư mục vi-hue; để trống: không có.',
    )
    number_words: tuple[str, ...] = setting.text(
        "lẻ|ngàn|bẩy|tư",
        (),
        "lẻ",
        about=(
            'Tiếng đọc số theo vùng: "lẻ" thay linh, "ngàn" thay nghìn, "bẩy" thay bảy, "tư" thay bốn ở hai mươi bốn.'
        ),
    )
    model: str = setting.text(
        or_empty(shapes.PATH),
        "",
        "giong/vi.onnx",
        about='Tệp mô hình giọng ONNX (Piper) của tỉnh, ví dụ "giong/vi.onnx"; để trống: espeak-ng nếu đã cài.',
    )
    languages: tuple[str, ...] = setting.text(
        r"[a-z]{2,8}",
        (),
        "ktv",
        about='Ngôn ngữ khác lấy từ tỉnh cùng giọng đọc, ví dụ ["ktv"]; để trống: chỉ tiếng Việt, tiếng Anh.',
    )


@dataclass(frozen=True)
class ScannerSettings:
    """The card scanner's serial port, its screen; an empty port means a scanner that types.

    `screen` names the enrolled touchscreen that the scanner lies at; empty: the machine's own. No other screen gets its
    cards.
    """

    port: str = setting.text(
        or_empty(shapes.DEVICE),
        "",
        "/dev/ttyACM0",
        label="Cổng của đầu quét",
        about="Ví dụ {like}. Để trống nếu đầu quét gõ như bàn phím.",
    )
    baud: int = setting.number(1200, 921600, 115200, label="Tốc độ cổng")
    screen: str = setting.text(
        r".{0,40}",
        "",
        "Máy 2, cửa sau",
        label="Đầu quét đặt ở màn hình",
        about="Tên màn hình đã ghi danh, ví dụ {like}. Để trống: của chính máy này.",
    )


MADE_UP_SCANNER = "practice:"
"""Name of the scanner of practice, which draws made-up papers."""


@dataclass(frozen=True)
class PaperScannerSettings:
    """The scanners for papers at the counter and at a touchscreen, by their names in SANE; empty: there is none.

    `screen` names the touchscreen that the second one stands at; empty: the machine's own. `screen_source` is where
    papers are laid there. Both names may be those of one scanner.
    """

    device: str = setting.text(
        or_empty(shapes.SANE_DEVICE),
        "",
        "airscan:e0:Canon MF240",
        label="Máy quét giấy ở quầy",
        about="Tên theo lệnh scanimage -L, ví dụ {like}. Để trống: không có.",
    )
    screen_device: str = setting.text(
        or_empty(shapes.SANE_DEVICE),
        "",
        "airscan:e1:Brother ADS",
        label="Máy quét giấy ở màn hình cảm ứng",
        about="Người dân tự quét. Tên theo lệnh scanimage -L, ví dụ {like}. Để trống: không có.",
    )
    screen: str = setting.text(
        r".{0,40}",
        "",
        "Máy 2, cửa sau",
        label="Máy quét giấy đặt ở màn hình",
        about="Tên màn hình đã ghi danh, ví dụ {like}. Để trống: của chính máy này.",
    )
    screen_source: Literal["feeder", "glass"] = setting.plain(
        "feeder",
        label="Giấy đặt vào đâu ở máy quét đó",
        about="feeder: khay nạp, quét cả xấp. glass: mặt kính, quét từng tờ.",
    )


@dataclass(frozen=True)
class PortalSettings:
    """The portal; with `none` forms wait here until one is set, or an officer types them into another system.

    `public_url` is what citizens' phones call the gateway; the slip's code is an address of it, empty: a number.
    `unset_days` are the days that forms may wait without a portal until that is an alarm, 0: never.
    `file_kbit` is the bandwidth for scans in kilobits a second, 0 for no limit; `file_hours` are the spans of the
    ward's day in which scans are sent, which may run past midnight; none for always.
    """

    kind: str = setting.one_of(
        PORTALS,
        "none",
        label="Gửi đi đâu",
        about="kiosk-sync: cổng của tỉnh. opencps: thẳng lên OpenCPS. none: chưa có cổng, tờ khai chờ ở máy.",
    )
    unset_days: int = setting.number(
        0,
        60,
        7,
        label="Báo khi chưa có cổng",
        about="Tờ khai chờ quá số ngày này thì báo. 0: phường không nối cổng nào, không báo.",
    )
    url: str = setting.text(
        or_empty(shapes.URL), "", "https://cong.example", label="Địa chỉ cổng", about="Bắt đầu bằng https://"
    )
    ca: str = setting.text(
        or_empty(shapes.PATH),
        "",
        "tinh.crt",
        label="Tệp chứng thư của cổng",
        about="Chỉ khi cổng dùng chứng thư riêng.",
    )
    public_url: str = setting.text(
        or_empty(shapes.URL),
        "",
        "https://cong.example",
        label="Địa chỉ cho điện thoại",
        about="In mã trên phiếu để người dân xem hồ sơ. Tỉnh báo thì ghi. Để trống: mã chỉ có số phiếu.",
    )
    file_kbit: int = setting.number(
        0, 1_000_000, 0, label="Tốc độ gửi bản chụp", about="Nhiều nhất số kilobit mỗi giây này. 0: không hạn chế."
    )
    file_hours: tuple[str, ...] = setting.text(
        shapes.SPAN, (), "17:00-07:00", label="Giờ gửi bản chụp", about="Ví dụ {like}. Để trống: lúc nào cũng gửi."
    )
    stick_key: str = setting.text(
        r"stick1-[A-Za-z0-9_-]{43}-[0-9a-f]{6}|",
        "",
        "stick1-...",
        label="Khóa USB của cổng",
        about="Dòng bắt đầu bằng stick1-, để chép hồ sơ ra USB khi mất mạng. Hỏi tỉnh, ghi sẵn trước mùa mưa.",
    )

    @property
    def capabilities(self) -> PortalKind:
        """The capabilities of this kind of portal."""
        return PORTALS[self.kind]


@dataclass(frozen=True)
class OpenCpsSettings:
    """The ward's place at an OpenCPS; an empty agency is the ward's unit code, an empty account signs nobody in."""

    group_id: int = setting.number(0, 2**53, 0, about="Mã trang của đơn vị (groupId).")
    agency: str = setting.plain("", about="Mã cơ quan ở OpenCPS (govAgencyCode); để trống: lấy unit_code ở [ward].")
    account: str = setting.plain(
        "", about="Tên đăng nhập, nếu cổng đòi; mật khẩu để ở tệp opencps.password trong thư mục riêng của máy."
    )


@dataclass(frozen=True)
class GatewaySettings:
    """The practice gateway; port 0 means the port of the pages + 1."""

    port: int = setting.number(0, 65535, 0, about="Cổng mạng của cổng nhận để tập; 0: số tiếp theo của cổng các trang.")


@dataclass(frozen=True)
class BackupSettings:
    """Encrypted backups of the store on another disk: minutes between two of them, and which are kept.

    Kept are the newest `copies`, and the last of each of the newest `days` and `weeks` that have one. `second` is a
    folder on a second disk or on another machine that gets the changes of each minute.
    """

    path: str = setting.text(
        or_empty(shapes.PATH),
        "",
        "/mnt/sao-luu",
        label="Thư mục trên ổ sao lưu",
        about="Thư mục có sẵn, ví dụ {like}. Để trống: không sao lưu.",
    )
    copies: int = setting.number(2, 99, 24, label="Số bản mới nhất được giữ")
    days: int = setting.number(0, 60, 14, label="Giữ bản cuối của mấy ngày")
    weeks: int = setting.number(0, 52, 8, label="Giữ bản cuối của mấy tuần")
    minutes: int = setting.number(5, 1440, 60, label="Mỗi lần cách nhau", about="Số phút giữa hai lần sao lưu.")
    second: str = setting.text(
        or_empty(shapes.PATH),
        "",
        "/mnt/may-ben-canh",
        label="Thư mục thứ hai",
        about="Trên ổ khác hay máy khác, nhận thay đổi của từng phút. Để trống: không có.",
    )


@dataclass(frozen=True)
class UpdatesSettings:
    """Updates by signed releases.

    `programs` is the folder with `releases/` and `current` (empty: this machine's program is not replaced), `source` an
    address or a folder (empty: the gateway), `root` the file of the root of trust. `hours` are the spans of downloads
    (none: any hour), `kbit` their kilobits a second (0: no limit), `switch` is the span of the switch.
    """

    programs: str = setting.text(
        or_empty(shapes.PATH),
        "",
        "/opt/ward-kiosk",
        about='Thư mục có releases/ và current, ví dụ "/opt/ward-kiosk"; để trống: máy không tự đổi bản.',
    )
    source: str = setting.text(
        or_empty(f"{shapes.URL}|{shapes.PATH}"),
        "",
        "https://ban-phat-hanh.example",
        about="Nơi lấy: địa chỉ hoặc thư mục; để trống: cổng ở [portal] url.",
    )
    root: str = setting.text(
        shapes.PATH,
        "release-root.json",
        "release-root.json",
        about="Tệp gốc tin cậy do thành phố giao; không có tệp này thì máy không tải gì.",
    )
    hours: tuple[str, ...] = setting.text(
        shapes.SPAN, ("18:00-06:00",), "18:00-06:00", about="Chỉ tải trong các giờ này; để trống: lúc nào cũng tải."
    )
    kbit: int = setting.number(0, 1_000_000, 0, about="Tải tối đa số kilobit mỗi giây này; 0: không hạn chế.")
    switch: str = setting.text(
        shapes.SPAN, "01:00-04:00", "01:00-04:00", about="Chỉ tự đổi sang bản mới trong giờ này, khi không ai khai."
    )
