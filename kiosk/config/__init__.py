"""Settings of this machine: kiosk.toml, read into frozen dataclasses, and again when it has changed (`live_settings`).

Every key is optional and listed in kiosk.toml with its default (a test compares the two). An unknown key or a wrong
type is an error; all errors are listed at once and nothing starts. There are no secrets here. A lead changes series,
counters and hours at run time (`service_plan`). Practice is another `Config` with its own folder, never an `if` in a
page.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from kiosk.base import toml_text
from kiosk.base.errors import BadSettings
from kiosk.base.toml_text import TomlMistake
from kiosk.config.cross_checks import cross_field_errors
from kiosk.config.list_sections import (
    COUNTERS,
    SERIES,
    BirthPlace,
    Counter,
    EForm,
    OfficePrinterSection,
    PrinterSection,
    Series,
    TrainingClass,
)
from kiosk.config.sections import (
    MADE_UP_SCANNER,
    BackupSettings,
    GatewaySettings,
    KeyboardSettings,
    KioskSettings,
    LanSettings,
    LockSettings,
    OpenCpsSettings,
    PaperScannerSettings,
    PortalSettings,
    ScannerSettings,
    ScreenSettings,
    UpdatesSettings,
    VoiceSettings,
    WebSettings,
)
from kiosk.config.toml_reader import SettingsError, read
from kiosk.config.ward_sections import (
    BoardSettings,
    DeskSettings,
    FeesSettings,
    HoursSettings,
    PapersSettings,
    ProceduresSettings,
    QueueSettings,
    RetentionSettings,
    WardSettings,
)

ROOT = Path(__file__).resolve().parents[2]
FILE = "kiosk.toml"


@dataclass(frozen=True)
class Config:
    """All settings, with the paths and ports that follow from them."""

    kiosk: KioskSettings = KioskSettings()
    ward: WardSettings = WardSettings()
    web: WebSettings = WebSettings()
    lan: LanSettings = LanSettings()
    lock: LockSettings = LockSettings()
    desk: DeskSettings = DeskSettings()
    screen: ScreenSettings = ScreenSettings()
    keyboard: KeyboardSettings = KeyboardSettings()
    scanner: ScannerSettings = ScannerSettings()
    paper_scanner: PaperScannerSettings = PaperScannerSettings()
    voice: VoiceSettings = VoiceSettings()
    portal: PortalSettings = PortalSettings()
    opencps: OpenCpsSettings = OpenCpsSettings()
    gateway: GatewaySettings = GatewaySettings()
    hours: HoursSettings = HoursSettings()
    procedures: ProceduresSettings = ProceduresSettings()
    keep: RetentionSettings = RetentionSettings()
    queue: QueueSettings = QueueSettings()
    board: BoardSettings = BoardSettings()
    fees: FeesSettings = FeesSettings()
    backup: BackupSettings = BackupSettings()
    updates: UpdatesSettings = UpdatesSettings()
    papers: PapersSettings = PapersSettings()
    printers: tuple[PrinterSection, ...] = field(default=(), metadata={"toml": "printer"})
    office_printers: tuple[OfficePrinterSection, ...] = field(default=(), metadata={"toml": "office_printer"})
    eforms: tuple[EForm, ...] = field(default=(), metadata={"toml": "eform"})
    birth_places: tuple[BirthPlace, ...] = field(default=(), metadata={"toml": "birth_place"})
    classes: tuple[TrainingClass, ...] = field(default=(), metadata={"toml": "class"})
    series: tuple[Series, ...] = SERIES
    counters: tuple[Counter, ...] = field(default=COUNTERS, metadata={"toml": "counter"})
    root: Path = field(default=ROOT, metadata={"toml": ""})
    file: Path | None = field(default=None, metadata={"toml": ""})
    """The kiosk.toml that pages and commands change; None where there is none, and in practice beside the live kiosk.

    Practice has one in its own folder, which its first change makes."""
    base_file: Path | None = field(default=None, metadata={"toml": ""})
    """Of practice: the kiosk.toml that it begins with, which it never writes."""
    live_folder: Path | None = field(default=None, metadata={"toml": ""})
    """Of practice beside the live kiosk: the data folder of that kiosk."""
    notes: tuple[str, ...] = field(default=(), metadata={"toml": ""})
    """In Vietnamese: lines of kiosk.toml that are no longer used; `kiosk doctor` lists them."""
    broken: BadSettings | None = field(default=None, compare=False, metadata={"toml": ""})
    """The error of kiosk.toml, if these are the last good settings in its place (`last_good`)."""

    @property
    def folder(self) -> Path:
        """The data folder; practice has its own below it, and practice beside the live kiosk one below that."""
        if self.live_folder is not None:
            return self.live_folder / "tap"
        folder = self.root / self.kiosk.data
        return folder / "practice" if self.kiosk.practice else folder

    @property
    def languages_folder(self) -> Path:
        """The folder of the languages that the ward adds; practice and the real kiosk share it."""
        return self.root / self.kiosk.data / "languages"

    @property
    def voice_model(self) -> Path | None:
        """The file of the voice model; None where espeak-ng speaks."""
        return self.root / self.voice.model if self.voice.model else None

    @property
    def store_path(self) -> Path:
        """The store."""
        return self.folder / "kiosk.db"

    @property
    def key_path(self) -> Path:
        """The key file that decrypts the sealed records of the store; practice has its own."""
        if self.kiosk.key and not self.kiosk.practice:
            return self.root / self.kiosk.key
        return self.folder / "kiosk.key"

    @property
    def portal_key_path(self) -> Path:
        """The key that signs requests to the portal."""
        return self.folder / "portal.key"

    @property
    def opencps_password_path(self) -> Path:
        """The password of the account at OpenCPS."""
        return self.folder / "opencps.password"

    @property
    def standby_key_path(self) -> Path:
        """The private half of a stand-by's pair, which opens the copies of the machine that it stands by for."""
        return self.folder / "standby.key"

    @property
    def tls_folder(self) -> Path:
        """The folder of the LAN's certificates and their keys."""
        return self.folder / "tls"

    @property
    def own_procedures(self) -> Path | None:
        """The folder of the ward's own forms; None when there is none."""
        return self.root / self.procedures.own if self.procedures.own else None

    @property
    def kept_procedures(self) -> Path:
        """The folder of the last good texts of the ward's own forms."""
        return self.folder / "procedures"

    @property
    def overrides_path(self) -> Path | None:
        """The file in which the ward changes fees and times; None when there is none."""
        return self.root / self.procedures.overrides if self.procedures.overrides else None

    @property
    def kept_overrides(self) -> Path:
        """The folder of the last good text of that file."""
        return self.folder / "overrides"

    @property
    def portal_ca(self) -> Path | None:
        """The certificate of the portal's own authority; None when it has a public one."""
        return self.root / self.portal.ca if self.portal.ca else None

    @property
    def updates_folder(self) -> Path:
        """The folder of everything about updates."""
        return self.folder / "updates"

    @property
    def content_folder(self) -> Path:
        """The folder of downloaded contents; practice beside the live kiosk uses those of that kiosk."""
        return (self.live_folder or self.folder) / "updates" / "content"

    @property
    def release_root(self) -> Path:
        """The root of trust for releases, which the city gives; without it the kiosk fetches none."""
        return self.root / self.updates.root

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
        """The file where the practice gateway writes its stick key; a real province sends it by letter."""
        return self.folder / "gateway.stick"

    @property
    def practice_bank_path(self) -> Path:
        """The file where the practice gateway writes id and secret of its bank account."""
        return self.folder / "gateway.bank"

    @property
    def paper_folder(self) -> Path:
        """The folder where the virtual printer writes its pages."""
        return self.folder / "paper"

    @property
    def scans_folder(self) -> Path:
        """The folder of the sealed scans of papers."""
        return self.folder / "scans"

    @property
    def backup_folder(self) -> Path | None:
        """The folder of the backups; None when there are none."""
        return self.root / self.backup.path if self.backup.path else None

    @property
    def second_folder(self) -> Path | None:
        """The folder of the copies of each minute; None when there are none."""
        return self.root / self.backup.second if self.backup.second else None

    def lock_path(self, name: str) -> Path:
        """Return the path of a lock file shared by processes."""
        return self.folder / f"{name}.lock"

    @property
    def gateway_port(self) -> int:
        """The port of the practice gateway."""
        return self.gateway.port or self.web.port + 1

    @property
    def virtual_printer_port(self) -> int:
        """The port of the virtual printer."""
        return self.web.port + 2

    @property
    def virtual_office_port(self) -> int:
        """The port of the virtual office printer."""
        return self.web.port + 3

    def queues(self, procedure: str) -> bool:
        """Return whether forms of a procedure are queued for the portal, be it set or not yet."""
        is_listed = any(eform.procedure == procedure for eform in self.eforms)
        return is_listed or not self.portal.capabilities.needs_eforms

    def series_of(self, series_id: str) -> Series | None:
        """Find a series by its id, such as A-HOTICH."""
        return next((series for series in self.series if series.id == series_id), None)

    def counter(self, number: int) -> Counter | None:
        """Find a counter by its number."""
        return next((counter for counter in self.counters if counter.number == number), None)

    @property
    def all_printers(self) -> tuple[PrinterSection | OfficePrinterSection, ...]:
        """All printers, those of receipts first."""
        return (*self.printers, *self.office_printers)

    def receipt_printers_of(self, kind: str, screen: str = "") -> list[PrinterSection]:
        """Return the receipt printers of a kind of paper, the first to print first; their fallbacks are not in it.

        Args:
            screen: the name of the touchscreen whose person waits for the paper; empty for the desk's.
        """
        printers = [printer for printer in self.printers if kind in printer.kinds]
        own = [printer for printer in printers if screen and screen in printer.screens]
        general = [printer for printer in printers if not printer.screens]
        return own or general or printers

    def office_printer_of(self, number: int | None) -> OfficePrinterSection | None:
        """Find the office printer of a counter: the one that names it, else the one of all counters."""
        if number is None:
            return None
        named = [printer for printer in self.office_printers if number in printer.counters]
        general = [printer for printer in self.office_printers if not printer.counters]
        return next(iter(named + general), None)

    def lines_of(self, counter: Counter) -> tuple[str, ...]:
        """Return the letters of the series that a counter serves."""
        return counter.series or tuple(series.letter for series in self.series)

    def on_port(self, port: int) -> Self:
        """Return the settings for another port; gateway and virtual printer follow it."""
        return replace(self, web=replace(self.web, port=port))

    def practising(self) -> Self:
        """Return the settings of practice: own folder, local gateway and printer, tickets at any hour, no backups."""
        gateway_url = f"http://127.0.0.1:{self.gateway_port}"
        portal = replace(self.portal, kind="kiosk-sync", url=gateway_url, ca="", public_url=gateway_url)
        virtual = (PrinterSection(address=f"127.0.0.1:{self.virtual_printer_port}"),)
        kiosk = replace(self.kiosk, practice=True)
        queue = replace(self.queue, last_minutes=0)
        printers = self.printers or virtual
        scanner = replace(self.paper_scanner, screen_device=self.paper_scanner.screen_device and MADE_UP_SCANNER)
        practice = replace(
            self,
            kiosk=kiosk,
            paper_scanner=scanner,
            queue=queue,
            portal=portal,
            backup=BackupSettings(),
            updates=UpdatesSettings(),
            printers=printers,
        )
        if self.kiosk.practice:
            return practice
        # Not in the data folder itself: the store holds the lock of that one.
        return replace(practice, file=practice.folder / "settings" / FILE, base_file=self.file)

    def beside_live(self) -> Self:
        """Return the settings of practice beside this kiosk: a folder in its own, no portal, no printer, no backups."""
        return replace(
            self.practising(),
            live_folder=self.folder,
            file=None,
            base_file=None,
            portal=PortalSettings(),
            printers=(),
            office_printers=(),
            classes=(),
        )


def load(path: Path | None = None, env: Mapping[str, str] = os.environ) -> Config:
    """Read the settings from `path`, else KIOSK_CONFIG, else kiosk.toml in the root if it exists.

    Raises:
        BadSettings: the file cannot be read, is not TOML, or has errors.
    """
    given = path or (Path(env["KIOSK_CONFIG"]) if env.get("KIOSK_CONFIG") else None)
    file = (given or ROOT / FILE).resolve()
    if given is None and not file.exists():
        return Config()
    try:
        config, errors = parse(toml_text.decode(file.read_bytes()))
    except OSError as error:
        raise _bad(file, [SettingsError(f"không đọc được {file}", f"{file} cannot be read")]) from error
    except TomlMistake as mistake:
        raise _bad(file, [SettingsError.of(mistake)]) from mistake
    if errors:
        raise _bad(file, errors)
    return replace(config, root=file.parent, file=file)


def parse(text: str) -> tuple[Config, list[SettingsError]]:
    """Read the text of a kiosk.toml; return its settings and all that is wrong with them.

    Raises:
        TomlMistake: it is not TOML.
    """
    config, errors, notes = read(Config, text)
    return (
        replace(config, notes=tuple(note.in_language("vi").strip() for note in notes)),
        errors or list(cross_field_errors(config)),
    )


def _bad(file: Path, errors: Sequence[SettingsError]) -> BadSettings:
    vi = "\n".join(error.in_language("vi") for error in errors)
    en = "\n".join(error.in_language("en") for error in errors)
    bad = BadSettings(
        f"{file.name} có {len(errors)} chỗ phải sửa, máy chưa khởi động:\n{vi}",
        f"{file.name} has {len(errors)} fault(s), nothing was started:\n{en}",
    )
    bad.faults = tuple(error.in_language("vi").strip() for error in errors)
    return bad
