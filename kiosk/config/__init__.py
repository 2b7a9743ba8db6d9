"""The settings of this machine: kiosk.toml read once into frozen dataclasses.

Every key is optional and stands, with its default, in kiosk.toml (a test compares the two). An unknown key or a
wrong kind is a fault; all faults are named at once and nothing starts. No secret stands here, and nothing that an
officer may change at run time. Practice is another Config with its own folder, never an ``if`` in a page.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Self

from kiosk.config.reading import Fault, read
from kiosk.errors import BadSettings

ROOT = Path(__file__).resolve().parents[2]
FILE = "kiosk.toml"


def _within(least: int, most: int, default: int) -> Any:
    return field(default=default, metadata={"least": least, "most": most})


SPAN = r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]"
DAY = r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"


def _shaped(pattern: str, default: Any, like: str) -> Any:
    return field(default=default, metadata={"pattern": pattern, "like": like})


@dataclass(frozen=True)
class Kiosk:
    """The machine: its code, where its data lies, and whether all it does is practice."""

    id: str = _shaped(r"[A-Z]{2}[0-9]{2,4}", "PK03", "PK03")
    data: str = "data"
    practice: bool = False


@dataclass(frozen=True)
class Ward:
    """The ward as papers and pages name it."""

    name: str = "Phường Phú Xuân"
    code: str = _shaped(r"[0-9]{5}", "19753", "19753")
    province_code: str = _shaped(r"[0-9]{2}", "46", "46")
    province_name: str = "Thành phố Huế"
    unit_code: str = _shaped(r"[A-Z0-9][A-Z0-9.]{2,34}", "H57.99.01", "H57.99.01")
    agency_committee: str = "Ủy ban nhân dân phường Phú Xuân"
    agency_police: str = "Công an phường Phú Xuân"
    agency_economy: str = "Phòng Kinh tế, Hạ tầng và Đô thị phường Phú Xuân"
    center: str = "Trung tâm Phục vụ hành chính công phường Phú Xuân"
    hotline: str = "19001075"
    ethnic_first: tuple[str, ...] = ("Kinh", "Ta-ôi", "Cơ-tu", "Bru-Vân Kiều")


@dataclass(frozen=True)
class Web:
    """Where the pages answer."""

    host: str = "127.0.0.1"
    port: int = _within(1, 65533, 8000)
    threads: int = _within(2, 64, 8)


@dataclass(frozen=True)
class Screen:
    """The touchscreen: its diagonal in millimetres, and when it forgets."""

    mm: int = _within(150, 1500, 396)
    idle_seconds: int = _within(15, 600, 60)
    warning_seconds: int = _within(20, 120, 20)
    scan_window: Literal["below", "right"] = "below"


@dataclass(frozen=True)
class Keyboard:
    """The keyboard on the screen: old puts the mark as in hòa, new as in hoà."""

    tone: Literal["old", "new"] = "old"


@dataclass(frozen=True)
class Scanner:
    """The card scanner's serial port; an empty port means a scanner that types."""

    port: str = ""
    baud: int = _within(1200, 921600, 115200)


@dataclass(frozen=True)
class Portal:
    """Where forms go; ``none`` keeps them here until an officer types them elsewhere."""

    kind: Literal["kiosk-sync", "none"] = "none"
    url: str = ""
    ca: str = ""


@dataclass(frozen=True)
class Gateway:
    """The gateway of practice and demo; port 0 is the pages' port + 1."""

    port: int = _within(0, 65535, 0)


@dataclass(frozen=True)
class Printer:
    """A printer and what it prints."""

    name: str = "Máy in phiếu"
    kind: Literal["network", "virtual"] = "virtual"
    address: str = ""
    use: tuple[Literal["ticket", "slip", "missing"], ...] = ("ticket", "slip", "missing")
    width_mm: int = _within(40, 120, 80)
    dots: int = _within(200, 1300, 576)
    dpi: int = _within(150, 600, 203)
    cutter: bool = True
    feed: int = _within(0, 400, 120)
    band_rows: int = _within(8, 200, 200)
    need_status: bool = True


@dataclass(frozen=True)
class BirthPlace:
    """A place of birth offered with one touch."""

    name: str = ""
    detail: str = ""
    ward_code: str = _shaped(r"[0-9]{5}|", "", "19753")
    province_code: str = _shaped(r"[0-9]{2}|", "", "46")


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Class:
    """A class that the ward holds once a week: on which day, at what hour, where, for how many."""

    weekday: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = "tue"
    start: str = _shaped(r"([01][0-9]|2[0-3]):[0-5][0-9]", "14:00", "14:00")
    place: str = _shaped(r".{1,80}", "Hội trường phường", "Hội trường phường")
    seats: int = _within(1, 200, 12)


@dataclass(frozen=True)
class Series:
    """A row of ticket numbers: its letter, the group of procedures behind it, how many a day (0: no bound)."""

    letter: str = _shaped(r"[A-Z]", "A", "A")
    id: str = _shaped(r"[A-Z]-[A-Z]+", "A-HOTICH", "A-HOTICH")
    name: str = ""
    name_en: str = ""
    quota: int = _within(0, 999, 0)


@dataclass(frozen=True)
class Counter:
    """A counter where people are called to, and the letters of the series it serves (none: all of them)."""

    number: int = _within(1, 30, 1)
    name: str = ""
    series: tuple[str, ...] = _shaped(r"[A-Z]", (), "A")


@dataclass(frozen=True)
class Queue:
    """In which order numbers are called: priority and the others in turns, nobody longer than the longest wait.

    Minutes, but `ratio` (priority calls in a row) and `absences` (calls without answer until a number is closed);
    `last_minutes` before the counters close the last number is given, 0: at any hour.
    """

    max_wait_minutes: int = _within(5, 480, 45)
    ratio: int = _within(1, 9, 1)
    absences: int = _within(1, 9, 3)
    absent_minutes: int = _within(0, 60, 5)
    last_minutes: int = _within(0, 240, 15)


@dataclass(frozen=True)
class Board:
    """The board on the wall: its diagonal in millimetres, so that a called number is at least 60 mm high on it."""

    mm: int = _within(396, 3000, 1092)


@dataclass(frozen=True)
class Hours:
    """When the counter is open; `off` and `worked` are laid over the holiday table of the country."""

    weekdays: tuple[str, ...] = _shaped(SPAN, ("07:00-11:30", "13:30-17:00"), "07:00-11:30")
    saturday: tuple[str, ...] = _shaped(SPAN, (), "07:00-11:30")
    off: tuple[str, ...] = _shaped(DAY, (), "2026-12-24")
    worked: tuple[str, ...] = _shaped(DAY, (), "2026-12-26")


@dataclass(frozen=True)
class Procedures:
    """What the ward adds to the shelf: a folder of its own forms, and a file that changes fees and times."""

    own: str = ""
    overrides: str = ""


@dataclass(frozen=True)
class Keep:
    """How long what is kept (law 91/2025/QH15 art. 3.3: no longer than the purpose needs)."""

    draft_hours: int = _within(1, 72, 24)
    body_days: int = _within(1, 365, 30)
    reuse_months: int = _within(1, 24, 12)
    ticket_days: int = _within(1, 366, 90)


SERIES = (
    Series("A", "A-HOTICH", "Hộ tịch", "Births, marriages, deaths"),
    Series("B", "B-CHUNGTHUC", "Chứng thực", "Certified copies and signatures"),
    Series("C", "C-CONGAN", "Cư trú", "Residence"),
    Series("D", "D-XAHOI", "Chính sách xã hội", "Social support"),
    Series("E", "E-KINHDOANH", "Hộ kinh doanh", "Household business"),
    Series("F", "F-TAPHUAN", "Lớp tập huấn", "Classes"),
)

COUNTERS = (Counter(1, "Quầy 1"), Counter(2, "Quầy 2"))


@dataclass(frozen=True)
class Config:
    """Everything that this machine was told."""

    kiosk: Kiosk = Kiosk()
    ward: Ward = Ward()
    web: Web = Web()
    screen: Screen = Screen()
    keyboard: Keyboard = Keyboard()
    scanner: Scanner = Scanner()
    portal: Portal = Portal()
    gateway: Gateway = Gateway()
    hours: Hours = Hours()
    procedures: Procedures = Procedures()
    keep: Keep = Keep()
    queue: Queue = Queue()
    board: Board = Board()
    printers: tuple[Printer, ...] = field(default=(), metadata={"toml": "printer"})
    birth_places: tuple[BirthPlace, ...] = field(default=(), metadata={"toml": "birth_place"})
    classes: tuple[Class, ...] = field(default=(), metadata={"toml": "class"})
    series: tuple[Series, ...] = SERIES
    counters: tuple[Counter, ...] = field(default=COUNTERS, metadata={"toml": "counter"})
    root: Path = field(default=ROOT, metadata={"toml": ""})

    @property
    def folder(self) -> Path:
        """The folder of everything that this kiosk keeps; practice has its own below it."""
        folder = self.root / self.kiosk.data
        return folder / "practice" if self.kiosk.practice else folder

    @property
    def store_path(self) -> Path:
        """The store."""
        return self.folder / "kiosk.db"

    @property
    def key_path(self) -> Path:
        """The key that opens the store's sealed records."""
        return self.folder / "kiosk.key"

    @property
    def portal_key_path(self) -> Path:
        """The key that signs what goes to the portal."""
        return self.folder / "portal.key"

    @property
    def own_procedures(self) -> Path | None:
        """The folder of the ward's own forms; None when there is none."""
        return self.root / self.procedures.own if self.procedures.own else None

    @property
    def overrides_path(self) -> Path | None:
        """The file in which the ward changes fees and times; None when there is none."""
        return self.root / self.procedures.overrides if self.procedures.overrides else None

    @property
    def log_path(self) -> Path:
        """The log."""
        return self.folder / "log" / "kiosk.log"

    @property
    def gateway_path(self) -> Path:
        """The store of the practice gateway."""
        return self.folder / "gateway.db"

    @property
    def paper_folder(self) -> Path:
        """Where the virtual printer lays its paper."""
        return self.folder / "paper"

    def lock_path(self, name: str) -> Path:
        """Name the file that a lock across processes holds."""
        return self.folder / f"{name}.lock"

    @property
    def gateway_port(self) -> int:
        """The port of the practice gateway."""
        return self.gateway.port or self.web.port + 1

    @property
    def virtual_printer_port(self) -> int:
        """The port of the virtual printer."""
        return self.web.port + 2

    def series_of(self, series_id: str) -> Series | None:
        """Find a series by its id, such as A-HOTICH."""
        return next((series for series in self.series if series.id == series_id), None)

    def counter(self, number: int) -> Counter | None:
        """Find a counter by its number."""
        return next((counter for counter in self.counters if counter.number == number), None)

    def lines_of(self, counter: Counter) -> tuple[str, ...]:
        """Return the letters of the series that a counter serves."""
        return counter.series or tuple(series.letter for series in self.series)

    def on_port(self, port: int) -> Self:
        """Answer on another port; gateway and virtual printer follow."""
        return replace(self, web=replace(self.web, port=port))

    def practising(self) -> Self:
        """Become the practice kiosk: own folder, the gateway here, a virtual printer, numbers at any hour."""
        portal = Portal(kind="kiosk-sync", url=f"http://127.0.0.1:{self.gateway_port}")
        virtual = (Printer(address=f"127.0.0.1:{self.virtual_printer_port}"),)
        kiosk, queue = replace(self.kiosk, practice=True), replace(self.queue, last_minutes=0)
        return replace(self, kiosk=kiosk, queue=queue, portal=portal, printers=self.printers or virtual)


def load(path: Path | None = None, env: Mapping[str, str] = os.environ) -> Config:
    """Read the settings: ``path``, else KIOSK_CONFIG, else kiosk.toml in the root if there is one; or BadSettings."""
    named = path or (Path(env["KIOSK_CONFIG"]) if env.get("KIOSK_CONFIG") else None)
    file = (named or ROOT / FILE).resolve()
    if named is None and not file.exists():
        return Config()
    try:
        config, faults = read(Config, file.read_text(encoding="utf-8"))
    except OSError as error:
        raise _bad(file, [Fault(f"không đọc được {file}", f"{file} cannot be read")]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _bad(file, [Fault(f"viết sai quy cách TOML ({error})", f"this is not TOML ({error})")]) from error
    if faults := faults or list(_contradictions(config)):
        raise _bad(file, faults)
    return replace(config, root=file.parent)


def _bad(file: Path, faults: Sequence[Fault]) -> BadSettings:
    told = ["\n".join(fault.told(word) for fault in faults) for word in ("vi", "en")]
    return BadSettings(
        f"{file.name} có {len(faults)} chỗ phải sửa, máy chưa khởi động:\n{told[0]}",
        f"{file.name} has {len(faults)} fault(s), nothing was started:\n{told[1]}",
    )


def _contradictions(config: Config) -> Iterator[Fault]:
    """Find what is right by itself and wrong together."""
    if config.portal.kind == "kiosk-sync" and not re.match(r"https://|http://127\.0\.0\.1[:/]", config.portal.url):
        yield Fault("[portal] url phải bắt đầu bằng https://", "[portal] url must begin with https://")
    for printer in config.printers:
        if printer.kind == "network" and not re.fullmatch(r"[^\s:]+:[0-9]{1,5}", printer.address):
            yield Fault(
                f"[[printer]] {printer.name}: address phải là máy:cổng, ví dụ 192.168.1.50:9100",
                f"[[printer]] {printer.name}: address must be host:port, for example 192.168.1.50:9100",
            )
    for span in (*config.hours.weekdays, *config.hours.saturday):
        start, _, end = span.partition("-")
        if start >= end:
            yield Fault(f"[hours] {span}: giờ mở phải trước giờ đóng", f"[hours] {span}: opens after it closes")
    yield from _counter_faults(config)
    letters = [series.letter for series in config.series]
    if len(set(letters)) < len(letters):
        yield Fault("[[series]] mỗi dãy số phải có chữ cái riêng", "[[series]] every series needs its own letter")


def _counter_faults(config: Config) -> Iterator[Fault]:
    """Find counters that nobody can be called to, and series that nobody serves."""
    numbers = [counter.number for counter in config.counters]
    if len(set(numbers)) < len(numbers):
        yield Fault("[[counter]] mỗi quầy phải có số riêng", "[[counter]] every counter needs its own number")
    letters = {series.letter for series in config.series}
    served = {letter for counter in config.counters for letter in config.lines_of(counter)}
    if unknown := ", ".join(sorted(served - letters)):
        yield Fault(f"[[counter]] không có dãy số {unknown}", f"[[counter]] there is no series {unknown}")
    if idle := ", ".join(sorted(letters - served)):
        yield Fault(f"[[counter]] chưa quầy nào phục vụ dãy {idle}", f"[[counter]] no counter serves series {idle}")
