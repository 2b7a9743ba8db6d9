"""Sections of kiosk.toml: frozen dataclasses whose fields carry type, default and limits."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from kiosk.base.screen_size import ScreenSize
from kiosk.config import shapes
from kiosk.config.shapes import or_empty
from sync import PORTALS
from sync.portals.base import PortalKind


def _within(least: int, most: int, default: Any) -> Any:
    return field(default=default, metadata={"least": least, "most": most})


SPAN = r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]"
DAY = r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"


def _shaped(pattern: str, default: Any, like: str) -> Any:
    return field(default=default, metadata={"pattern": pattern, "like": like})


@dataclass(frozen=True)
class KioskSettings:
    """The machine: its code, its data folder, its key file (empty: in the data folder), whether it is in practice."""

    id: str = _shaped(r"[A-Z]{2}[0-9]{2,4}", "PK03", "PK03")
    data: str = _shaped(shapes.PATH, "data", "data")
    key: str = _shaped(or_empty(shapes.PATH), "", "/etc/ward-kiosk/key")
    practice: bool = False


@dataclass(frozen=True)
class WardSettings:
    """The ward, as papers and pages name it."""

    name: str = "Phường Phú Xuân"
    code: str = _shaped(r"[0-9]{5}", "19753", "19753")
    province_code: str = _shaped(r"[0-9]{2}", "46", "46")
    unit_code: str = _shaped(r"[A-Z0-9][A-Z0-9.]{2,34}", "H57.99.01", "H57.99.01")
    agency_committee: str = "Ủy ban nhân dân phường Phú Xuân"
    agency_police: str = "Công an phường Phú Xuân"
    agency_economy: str = "Phòng Kinh tế, Hạ tầng và Đô thị phường Phú Xuân"
    center: str = "Trung tâm Phục vụ hành chính công phường Phú Xuân"
    hotline: str = "19001075"
    social_pension: int = _within(0, 10_000_000, 0)
    not_for_marriage: bool = False
    ethnic_first: tuple[str, ...] = ("Kinh", "Ta-ôi", "Cơ-tu", "Bru-Vân Kiều")

    RETIRED: ClassVar = frozenset({"province_name"})


@dataclass(frozen=True)
class WebSettings:
    """The loopback listener."""

    host: str = _shaped(shapes.HOST, "127.0.0.1", "127.0.0.1")
    port: int = _within(1, 65532, 8000)
    threads: int = _within(2, 64, 8)


@dataclass(frozen=True)
class LanSettings:
    """The LAN listener, always with TLS; an empty host disables it. `names` are the host names that officers type."""

    host: str = _shaped(or_empty(shapes.HOST), "", "192.168.1.10")
    port: int = _within(1, 65535, 8443)
    names: tuple[str, ...] = _shaped(r"[a-z0-9](?:[a-z0-9.:-]{0,251}[a-z0-9])?", (), "mot-cua.lan")

    def address(self, name: str) -> str:
        """Return a host name with the port, as in a URL; 443 is left out."""
        host = f"[{name}]" if ":" in name else name
        return host if self.port == 443 else f"{host}:{self.port}"


@dataclass(frozen=True)
class LockSettings:
    """Minutes without a touch until an officer's page locks."""

    minutes: int = _within(1, 120, 10)


@dataclass(frozen=True)
class DeskSettings:
    """The desk: seconds in which a decision can be undone, before its event leaves; 0: no time."""

    undo_seconds: int = _within(0, 60, 8)


@dataclass(frozen=True)
class ScreenSettings:
    """The touchscreen: its pixels, its diagonal in millimetres, and the seconds until a visit ends.

    `name` is what the desk calls the machine's own screen; enrolled screens have names of their own. `reading_seconds`
    replaces `idle_seconds` on pages that are read or wait for a card. After `cover_minutes` a covered form is put away.
    """

    name: str = _shaped(r".{1,40}", "Máy 1", "Máy 1, giữa sảnh")
    width: int = _within(480, 7680, 1080)
    height: int = _within(480, 7680, 1920)
    mm: int = _within(150, 1500, 396)
    idle_seconds: int = _within(15, 600, 60)
    reading_seconds: int = _within(15, 1800, 180)
    warning_seconds: int = _within(20, 120, 20)
    cover_minutes: int = _within(5, 120, 20)
    scan_window: Literal["below", "right"] = "below"

    @property
    def size(self) -> ScreenSize:
        """The size of the machine's own screen."""
        return ScreenSize(self.width, self.height, self.mm)


@dataclass(frozen=True)
class KeyboardSettings:
    """The on-screen keyboard: `old` places the tone mark as in hòa, `new` as in hoà."""

    tone: Literal["old", "new"] = "old"


@dataclass(frozen=True)
class VoiceSettings:
    """The voice of board and pages.

    Recordings of `dialect` are heard before others ("hue": folder `vi-hue`). `number_words` are the words of numbers
    that the ward says in the place of linh, nghìn, bảy and bốn. `model` is the file of a voice model; empty: espeak-ng.
    `languages` are those beside Vietnamese and English whose voices are fetched from the province.
    """

    dialect: str = _shaped(r"[a-z]{2,16}|", "", "hue")
    number_words: tuple[str, ...] = _shaped("lẻ|ngàn|bẩy|tư", (), "lẻ")
    model: str = _shaped(or_empty(shapes.PATH), "", "giong/vi.onnx")
    languages: tuple[str, ...] = _shaped(r"[a-z]{2,8}", (), "ktv")


@dataclass(frozen=True)
class ScannerSettings:
    """The card scanner's serial port, its screen; an empty port means a scanner that types.

    `screen` names the enrolled touchscreen that the scanner lies at; empty: the machine's own. No other screen gets its
    cards.
    """

    port: str = _shaped(or_empty(shapes.DEVICE), "", "/dev/ttyACM0")
    baud: int = _within(1200, 921600, 115200)
    screen: str = _shaped(r".{0,40}", "", "Máy 2, cửa sau")


@dataclass(frozen=True)
class PortalSettings:
    """The portal; with `none` forms wait here until one is set, or an officer types them into another system.

    `unset_days` are the days that forms may wait without a portal until that is an alarm, 0: never.
    `file_kbit` is the bandwidth for scans in kilobits a second, 0 for no limit; `file_hours` are the spans of the
    ward's day in which scans are sent, which may run past midnight; none for always.
    """

    kind: str = field(default="none", metadata={"options": PORTALS})
    unset_days: int = _within(0, 60, 7)
    url: str = _shaped(or_empty(shapes.URL), "", "https://cong.example")
    ca: str = _shaped(or_empty(shapes.PATH), "", "tinh.crt")
    file_kbit: int = _within(0, 1_000_000, 0)
    file_hours: tuple[str, ...] = _shaped(SPAN, (), "17:00-07:00")
    stick_key: str = _shaped(r"stick1-[A-Za-z0-9_-]{43}-[0-9a-f]{6}|", "", "stick1-...")

    @property
    def capabilities(self) -> PortalKind:
        """The capabilities of this kind of portal."""
        return PORTALS[self.kind]


@dataclass(frozen=True)
class OpenCpsSettings:
    """The ward's place at an OpenCPS; an empty agency is the ward's unit code, an empty account signs nobody in."""

    group_id: int = _within(0, 2**53, 0)
    agency: str = ""
    account: str = ""


@dataclass(frozen=True)
class EForm:
    """The e-form of OpenCPS that a procedure fills, by the numbers that the province gave."""

    procedure: str = _shaped(r"[A-Z0-9][A-Z0-9.-]{2,31}", "1.001193", "1.001193")
    service: int = _within(1, 2**53, 1)
    template: str = _shaped(r".{1,75}", "TK", "TK-KHAISINH")


@dataclass(frozen=True)
class GatewaySettings:
    """The practice gateway; port 0 means the port of the pages + 1."""

    port: int = _within(0, 65535, 0)


TRIAL_JOBS = "test:"
"""Beginning of the kinds of paper that one receipt printer alone prints, to try it."""
SAME_PRINTER = {"slip": ("kept", "practice", "readiness")}
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

    name: str = "Máy in phiếu"
    kind: Literal["network", "usb", "serial", "file", "virtual"] = "virtual"
    address: str = ""
    use: tuple[Literal["ticket", "slip", "missing", "fee"], ...] = ("ticket", "slip", "missing", "fee")
    screens: tuple[str, ...] = _shaped(r".{1,40}", (), "Máy 2, cửa sau")
    width_mm: int = _within(40, 120, 80)
    dots: int = _within(200, 1300, 576)
    dpi: int = _within(150, 600, 203)
    cutter: bool = True
    feed: int = _within(0, 400, 120)
    band_rows: int = _within(8, 200, 200)
    darkness: int = _within(1, 5, 3)
    margin: int = _within(0, 200, 20)
    need_status: bool = True
    confirm: bool = True
    scale: int = _within(50, 400, 100)
    baud: int = _within(1200, 921_600, 115_200)
    flow: Literal["rtscts", "xonxoff", "none"] = "rtscts"
    fallback: str = ""

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

    name: str = _shaped(r".{1,60}", "Máy in A4", "Máy in A4")
    kind: Literal["ipp", "cups", "virtual"] = "ipp"
    address: str = ""
    counters: tuple[int, ...] = _within(1, 30, ())
    a5: bool = False
    fallback: str = ""

    @property
    def job_kind(self) -> str:
        """Kind of its papers in the print spool."""
        return f"{OFFICE_JOBS}{self.name}"


@dataclass(frozen=True)
class PapersSettings:
    """Copies of each paper that one press at the desk prints when a case was accepted; 0: it is not printed."""

    acceptance: int = _within(0, 5, 1)
    declaration: int = _within(0, 5, 1)
    fee: int = _within(0, 5, 1)


@dataclass(frozen=True)
class BackupSettings:
    """Encrypted backups of the store on another disk: minutes between two of them, and which are kept.

    Kept are the newest `copies`, and the last of each of the newest `days` and `weeks` that have one. `second` is a
    folder on a second disk or on another machine that gets the changes of each minute.
    """

    path: str = _shaped(or_empty(shapes.PATH), "", "/mnt/sao-luu")
    copies: int = _within(2, 99, 24)
    days: int = _within(0, 60, 14)
    weeks: int = _within(0, 52, 8)
    minutes: int = _within(5, 1440, 60)
    second: str = _shaped(or_empty(shapes.PATH), "", "/mnt/may-ben-canh")


@dataclass(frozen=True)
class UpdatesSettings:
    """Updates by signed releases.

    `programs` is the folder with `releases/` and `current` (empty: this machine's program is not replaced), `source` an
    address or a folder (empty: the gateway), `root` the file of the root of trust. `hours` are the spans of downloads
    (none: any hour), `kbit` their kilobits a second (0: no limit), `switch` is the span of the switch.
    """

    programs: str = _shaped(or_empty(shapes.PATH), "", "/opt/ward-kiosk")
    source: str = _shaped(or_empty(f"{shapes.URL}|{shapes.PATH}"), "", "https://ban-phat-hanh.example")
    root: str = _shaped(shapes.PATH, "release-root.json", "release-root.json")
    hours: tuple[str, ...] = _shaped(SPAN, ("18:00-06:00",), "18:00-06:00")
    kbit: int = _within(0, 1_000_000, 0)
    switch: str = _shaped(SPAN, "01:00-04:00", "01:00-04:00")


@dataclass(frozen=True)
class FeesSettings:
    """The account that fees are transferred to: the bank by its six digits (BIN); empty: cash only, and no code."""

    bank: str = _shaped(r"[0-9]{6}|", "", "970436")
    account: str = _shaped(r"[0-9A-Za-z]{6,19}|", "", "0123456789")
    holder: str = _shaped(r".{0,70}", "", "TRUNG TAM PVHCC PHU XUAN")


@dataclass(frozen=True)
class BirthPlace:
    """A place of birth offered with one touch."""

    name: str = ""
    detail: str = ""
    ward_code: str = _shaped(r"[0-9]{5}|", "", "19753")
    province_code: str = _shaped(r"[0-9]{2}|", "", "46")


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class TrainingClass:
    """A weekly class of the ward: weekday, hour, place, number of seats."""

    weekday: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = "tue"
    start: str = _shaped(r"([01][0-9]|2[0-3]):[0-5][0-9]", "14:00", "14:00")
    place: str = _shaped(r".{1,80}", "Hội trường phường", "Hội trường phường")
    seats: int = _within(1, 200, 12)


@dataclass(frozen=True)
class Series:
    """A series of ticket numbers: its letter, its group of procedures, the most tickets a day (0: no limit)."""

    letter: str = _shaped(r"[A-Z]", "A", "A")
    id: str = _shaped(r"[A-Z]-[A-Z]+", "A-HOTICH", "A-HOTICH")
    name: str = ""
    name_en: str = ""
    quota: int = _within(0, 999, 0)


@dataclass(frozen=True)
class Counter:
    """A counter, and the letters of the series that it serves (none: all of them)."""

    number: int = _within(1, 30, 1)
    name: str = ""
    series: tuple[str, ...] = _shaped(r"[A-Z]", (), "A")

    @property
    def place(self) -> str:
        """The number in words, as the voice says it: Quầy 3."""
        return f"Quầy {self.number}"

    @property
    def own_name(self) -> str:
        """The name, where it says more than the number."""
        return "" if self.name == self.place else self.name


@dataclass(frozen=True)
class QueueSettings:
    """The call order: priority tickets and others in turns, and a maximum wait.

    `ratio` is the number of priority calls in a row, `absences` the number of unanswered calls until a ticket is
    closed; the others are minutes. `last_minutes` before closing time no more tickets are given, 0: at any hour.
    """

    max_wait_minutes: int = _within(5, 480, 45)
    ratio: int = _within(1, 9, 1)
    absences: int = _within(1, 9, 3)
    absent_minutes: int = _within(0, 60, 5)
    last_minutes: int = _within(0, 240, 15)


@dataclass(frozen=True)
class BoardSettings:
    """The board: its diagonal in millimetres, from which a called number gets a height of at least 60 mm."""

    mm: int = _within(396, 3000, 1092)


@dataclass(frozen=True)
class HoursSettings:
    """Opening hours; `off` and `worked` change the national holiday table."""

    weekdays: tuple[str, ...] = _shaped(SPAN, ("07:00-11:30", "13:30-17:00"), "07:00-11:30")
    saturday: tuple[str, ...] = _shaped(SPAN, (), "07:00-11:30")
    off: tuple[str, ...] = _shaped(DAY, (), "2026-12-24")
    worked: tuple[str, ...] = _shaped(DAY, (), "2026-12-26")


@dataclass(frozen=True)
class ProceduresSettings:
    """The ward's own procedures: a folder of files, and a file that overrides fees and times."""

    own: str = _shaped(or_empty(shapes.PATH), "", "thu-tuc")
    overrides: str = _shaped(or_empty(shapes.PATH), "", "le-phi.toml")
    at_counter: tuple[str, ...] = ()
    """Codes of procedures of the national portal's online channel that this ward's counter takes too."""
    online_only: tuple[str, ...] = ()
    """Codes of procedures that it does not take: the kiosk only says how to do them online."""


@dataclass(frozen=True)
class RetentionSettings:
    """Retention times.

    Source: Law 91/2025/QH15 art. 3.3: no longer than the purpose needs.
    """

    draft_hours: int = _within(1, 72, 24)
    kept_days: int = _within(1, 30, 7)
    body_days: int = _within(1, 365, 30)
    reuse_months: int = _within(1, 24, 12)
    ticket_days: int = _within(1, 366, 90)
    opinion_days: int = _within(1, 366, 30)
    aside_days: int = _within(1, 366, 30)


SERIES = (
    Series(letter="A", id="A-HOTICH", name="Hộ tịch", name_en="Births, marriages, deaths"),
    Series(letter="B", id="B-CHUNGTHUC", name="Chứng thực", name_en="Certified copies and signatures"),
    Series(letter="C", id="C-CONGAN", name="Cư trú", name_en="Residence"),
    Series(letter="D", id="D-XAHOI", name="Chính sách xã hội", name_en="Social support"),
    Series(letter="E", id="E-KINHDOANH", name="Hộ kinh doanh", name_en="Household business"),
    Series(letter="F", id="F-TAPHUAN", name="Lớp tập huấn", name_en="Classes"),
)

COUNTERS = (Counter(1, "Quầy 1"), Counter(2, "Quầy 2"))
