"""The settings of this machine: kiosk.toml read once into frozen dataclasses.

Every key is optional and stands, with its default, in kiosk.toml (a test compares the two). An unknown key or a
wrong kind is a fault; all faults are named at once and nothing starts. No secret stands here, and nothing that an
officer may change at run time. Practice is another Config with its own folder, never an ``if`` in a page.
"""

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from kiosk.config.sections import (
    COUNTERS,
    SERIES,
    Backup,
    BirthPlace,
    Board,
    Class,
    Counter,
    EForm,
    Fees,
    Gateway,
    Hours,
    Keep,
    Keyboard,
    Kiosk,
    Lan,
    Lock,
    OpenCps,
    Portal,
    Printer,
    Procedures,
    Queue,
    Scanner,
    Screen,
    Series,
    Ward,
    Web,
)
from kiosk.config.toml_reader import Fault, read
from kiosk.config.validation import contradictions
from kiosk.errors import BadSettings

ROOT = Path(__file__).resolve().parents[2]
FILE = "kiosk.toml"


@dataclass(frozen=True)
class Config:
    """Everything that this machine was told."""

    kiosk: Kiosk = Kiosk()
    ward: Ward = Ward()
    web: Web = Web()
    lan: Lan = Lan()
    lock: Lock = Lock()
    screen: Screen = Screen()
    keyboard: Keyboard = Keyboard()
    scanner: Scanner = Scanner()
    portal: Portal = Portal()
    opencps: OpenCps = OpenCps()
    gateway: Gateway = Gateway()
    hours: Hours = Hours()
    procedures: Procedures = Procedures()
    keep: Keep = Keep()
    queue: Queue = Queue()
    board: Board = Board()
    fees: Fees = Fees()
    backup: Backup = Backup()
    printers: tuple[Printer, ...] = field(default=(), metadata={"toml": "printer"})
    eforms: tuple[EForm, ...] = field(default=(), metadata={"toml": "eform"})
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
    def shelf_path(self) -> Path:
        """The shelf as it was last read and found right."""
        return self.folder / "shelf.kept"

    @property
    def portal_key_path(self) -> Path:
        """The key that signs what goes to the portal."""
        return self.folder / "portal.key"

    @property
    def opencps_password_path(self) -> Path:
        """The password of the account at OpenCPS."""
        return self.folder / "opencps.password"

    @property
    def tls_folder(self) -> Path:
        """The folder of the LAN's certificates and their keys."""
        return self.folder / "tls"

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
    def practice_stick_path(self) -> Path:
        """Where the practice gateway lays out its stick key, which a province sends by letter."""
        return self.folder / "gateway.stick"

    @property
    def paper_folder(self) -> Path:
        """Where the virtual printer lays its paper."""
        return self.folder / "paper"

    @property
    def scans_folder(self) -> Path:
        """Where the sealed scans of papers lie."""
        return self.folder / "scans"

    @property
    def backup_folder(self) -> Path | None:
        """Where the sealed copies of the store lie; None when none are taken."""
        return self.root / self.backup.path if self.backup.path else None

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

    def sends(self, procedure: str) -> bool:
        """Tell whether forms of a procedure have a portal that takes them."""
        if self.portal.capabilities.needs_eforms:
            return any(one.procedure == procedure for one in self.eforms)
        return self.portal.capabilities.takes_forms

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
        """Become the practice kiosk: own folder, gateway and printer here, numbers at any hour, no copies."""
        here = f"http://127.0.0.1:{self.gateway_port}"
        portal = replace(self.portal, kind="kiosk-sync", url=here, ca="")
        virtual = (Printer(address=f"127.0.0.1:{self.virtual_printer_port}"),)
        kiosk, queue = replace(self.kiosk, practice=True), replace(self.queue, last_minutes=0)
        told = replace(self, kiosk=kiosk, queue=queue, portal=portal, backup=Backup())
        return replace(told, printers=self.printers or virtual)


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
    if faults := faults or list(contradictions(config)):
        raise _bad(file, faults)
    return replace(config, root=file.parent)


def _bad(file: Path, faults: Sequence[Fault]) -> BadSettings:
    told = ["\n".join(fault.told(word) for fault in faults) for word in ("vi", "en")]
    return BadSettings(
        f"{file.name} có {len(faults)} chỗ phải sửa, máy chưa khởi động:\n{told[0]}",
        f"{file.name} has {len(faults)} fault(s), nothing was started:\n{told[1]}",
    )
