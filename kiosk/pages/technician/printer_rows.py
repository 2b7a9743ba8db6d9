"""Printers as the technician's page shows them: connection, state in words, what to do, papers that wait."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.config import Config
from kiosk.config.list_sections import OFFICE_JOBS, OfficePrinterSection, PrinterSection
from kiosk.context import Context
from kiosk.health import heartbeat, printing_state
from kiosk.records import marks, touchscreens
from printers import spool
from printers.discovery import FoundPrinter
from printers.errors import ADVICE
from printers.profiles import HowSure, get_profile
from printers.routes import SCREEN

Section = PrinterSection | OfficePrinterSection
RowState = Literal["ok", "note", "warning"]
CONNECTIONS = {
    "network": "Mạng",
    "usb": "USB",
    "serial": "Nối tiếp",
    "file": "Tệp thiết bị",
    "ipp": "Mạng",
    "cups": "CUPS",
    "virtual": "Máy ảo",
}
USES = {
    "ticket": "Phiếu số",
    "slip": "Phiếu tờ khai",
    "missing": "Giấy mang thêm",
    "fee": "Phiếu thu",
}
HOW_SURE: dict[HowSure, str] = {"tried": "đã thử thật", "documents": "theo tài liệu", "not_tried": "chưa thử"}
"""How sure the figures of a profile are, in words."""
SHEETS = "Tờ khai, Giấy tiếp nhận, phiếu bổ sung"
OPEN: tuple[spool.JobState, ...] = ("unknown", "waiting", "queued")
RECENT_EVENTS = 500


@dataclass(frozen=True)
class PrinterRow:
    """A printer in use: `words` says its state, `do` what to do about it, `papers` what it prints and how much."""

    name: str
    connection: str
    is_office: bool
    state: RowState
    words: str
    do: str
    papers: str
    waiting: int
    move_to: str


@dataclass(frozen=True)
class FoundRow:
    """A printer that was found and is not in use."""

    connection: str
    title: str
    detail: str
    found: FoundPrinter


def printer_rows(context: Context, db: Database) -> list[PrinterRow]:
    """Return the printers in use, in the order in which they are tried."""
    now = context.clock.monotonic()
    jobs = spool.list_jobs(db, OPEN)
    rows = []
    for section in context.config.all_printers:
        is_alive = heartbeat.is_alive(db, heartbeat.PRINTER + section.name, now)
        state, words, do = _state(marks.get(db, heartbeat.PRINTER + section.name) if is_alive else "unasked")
        waiting = sum(is_for(context.config, section, job) for job in jobs)
        rows.append(
            PrinterRow(
                name=section.name,
                connection=_connection(section),
                is_office=isinstance(section, OfficePrinterSection),
                state="warning" if waiting and state == "ok" else state,
                words=words,
                do=do,
                papers=_papers(context, db, section),
                waiting=waiting,
                move_to=_other_office(context.config, section) if waiting else "",
            )
        )
    return rows


def screen_choices(context: Context, db: Database) -> list[str]:
    """Return the touchscreens that a printer can belong to, and the names of those that one still belongs to."""
    enrolled = [
        screen.name
        for screen in touchscreens.list_all(db, context.clock.now())
        if screen.counter is None and screen.revoked_at is None
    ]
    tied = [name for section in context.config.printers for name in section.screens]
    return list(dict.fromkeys([context.config.screen.name, *reversed(enrolled), *tied]))


def is_for(config: Config, section: Section, job: spool.Job) -> bool:
    """Return whether an open job is a printer's: it may have printed it, or is the first that is to print it."""
    if job.state == "unknown" and job.device:
        return job.device == section.name
    if isinstance(section, OfficePrinterSection):
        return job.kind == section.job_kind
    if job.kind == section.test_kind:
        return True
    printers = config.receipt_printers_of(job.kind, str(job.facts.get(SCREEN, "")))
    return bool(printers) and printers[0].name == section.name


def _state(advice: str | None) -> tuple[RowState, str, str]:
    """Return the state of a printer, in words, and what to do."""
    if advice == "unasked":
        return "note", "Không được hỏi", "Phần in của máy không chạy, hoặc vừa thêm máy này: đợi vài giây."
    if advice is None:
        return "note", "Đang hỏi lần đầu", ""
    if advice == "ok":
        return "ok", "Sẵn sàng", ""
    words, _dot, do = ADVICE.get(advice, advice).partition(". ")
    if advice == printing_state.CANNOT_TELL:
        return "note", "Không báo tình trạng", "Máy này không báo được hết giấy hay kẹt: nhìn giấy ở máy in."
    return "warning", words.removesuffix("."), do


def _connection(section: Section) -> str:
    word = CONNECTIONS[section.kind]
    return f"{word} {section.address}".strip() if section.kind != "virtual" else word


def _papers(context: Context, db: Database, section: Section) -> str:
    """Return what a printer prints, for whom, its fallback, and how much it printed today."""
    if isinstance(section, OfficePrinterSection):
        counters = ", ".join(f"quầy {number}" for number in section.counters) or "mọi quầy"
        parts = [f"{SHEETS}, {counters}"]
    else:
        names = ", ".join(USES[use].lower() for use in section.use)
        parts = [names.capitalize() or "Chưa chọn giấy nào"]
        if section.screens:
            parts.append(f"Chỉ của {', '.join(section.screens)}")
    if section.fallback:
        parts.append(f"Hỏng thì in ở {section.fallback}")
    count, tried_at = _printed_today(context, db, section.name)
    if tried_at:
        parts.append(f"In thử {clock.local(tried_at):%-H:%M}")
    if count:
        parts.append(f"{count} giấy hôm nay")
    return ". ".join(parts)


def _printed_today(context: Context, db: Database, name: str) -> tuple[int, datetime | None]:
    """Return how many papers a printer printed today, among its last ones, and when it was last tried today."""
    printed = spool.last_papers(db, name, RECENT_EVENTS)
    today = [paper for paper in printed if clock.local(paper.at).date() == context.clock.today()]
    trials = [paper.at for paper in today if paper.name in ("test", "calibration")]
    return len(today) - len(trials), trials[-1] if trials else None


def _other_office(config: Config, section: Section) -> str:
    """Return the office printer to which the sheets of this one can be moved; empty for a receipt printer."""
    if not isinstance(section, OfficePrinterSection):
        return ""
    names = [other.name for other in config.office_printers if other.name != section.name]
    return section.fallback or next(iter(names), "")


def found_rows(config: Config, found: Collection[FoundPrinter]) -> list[FoundRow]:
    """Return the printers that are not in use."""
    used = {section.address for section in config.all_printers}
    return [
        FoundRow(
            connection=CONNECTIONS[printer.kind],
            title=printer.title or printer.address,
            detail=_detail(printer),
            found=printer,
        )
        for printer in found
        if printer.address not in used
    ]


def _detail(printer: FoundPrinter) -> str:
    place = {
        "usb": f"cắm ở cổng {printer.place}",
        "cups": f"hàng đợi “{printer.address}”",
        "serial": f"cổng {printer.place}, chưa rõ có máy in",
        "network": "nhận lệnh in phiếu, chưa rõ loại máy",
        "ipp": f"in A4 ở {printer.place}",
    }.get(printer.kind, printer.place)
    profile = get_profile(printer.profile)
    parts = [
        place,
        f"Số đo của {profile.title}: {HOW_SURE[profile.how_sure]}." if profile else "",
        ADVICE.get(printer.fault or "", ""),
    ]
    return ". ".join(filter(None, parts))


def is_office_job(job: spool.Job) -> bool:
    """Return whether a job is a sheet of an office printer."""
    return job.kind.startswith(OFFICE_JOBS)
