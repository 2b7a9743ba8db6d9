"""Set up the printers: add, change, calibrate, try and remove one; move the papers that wait for it.

The settings are kiosk.toml itself (`config/edit.py`), so that a page, a command and a technician with an editor see the
same. A change is in force at once: every process looks at the file (`Context.use_newest_settings`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlite_utils import Database

import printers.spool
from kiosk.base import codes
from kiosk.base.errors import NotAllowed, NotFound, SettingsRefused
from kiosk.config.edit import open_settings
from kiosk.config.list_sections import OFFICE_JOBS, TRIAL_JOBS, OfficePrinterSection, PrinterSection
from kiosk.config.live_settings import writable_file
from kiosk.config.printer_tables import (
    RECEIPTS,
    TableName,
    change_printer_table,
    free_counters,
    free_name,
    free_papers,
    raise_printer_table,
    remove_printer_table,
)
from kiosk.context import Context
from kiosk.health import second_person
from kiosk.records import audit

NOT_SENT: tuple[printers.spool.JobState, ...] = ("queued", "waiting")
HEADS = (832, 640, 576, 512, 432, 420, 384, 360)
"""Dots of print heads that are sold, widest first."""
FEED_STEP = 40
"""Dots by which a wrong cut is mended: 5 mm."""
MARGIN_STEP = 16
MOST_FEED = 400
MOST_MARGIN = 200
Trial = Literal["test", "calibration"]
Edges = Literal["both", "right_lost", "left_lost"]
CutPlace = Literal["right", "close", "far", "none"]


@dataclass(frozen=True)
class NewPrinter:
    """A printer to add: where it is, its name or the title that it gives itself, and what is known of its model.

    A title that is a name already is numbered; without either the name is a usual one.
    """

    kind: str
    address: str
    name: str = ""
    title: str = ""
    settings: Mapping[str, Any] | None = None

    @property
    def table(self) -> TableName:
        """Where kiosk.toml has it."""
        return "office_printer" if self.kind in ("ipp", "cups") else "printer"


@dataclass(frozen=True)
class CalibrationAnswers:
    """Answers about a calibration slip: its two edges, the best darkness, the place of the cut."""

    edges: Edges
    darkness: int
    cut: CutPlace


def add_printer(context: Context, new: NewPrinter, actor: str) -> str:
    """Add a printer to kiosk.toml and return its name; it prints at once.

    Raises:
        SettingsRefused: its name or its address is in use, or an address of this kind looks otherwise.
        AgreementNeeded: papers have names, and there is a lead to ask; nothing was written.
        SettingsReadOnly: kiosk.toml cannot be written.
    """
    context.use_newest_settings()
    config = context.config
    edit = open_settings(_file(context))
    name = new.name.strip() or free_name(config, new.table, new.title)
    values: dict[str, Any] = {"name": name, "kind": new.kind, "address": new.address.strip()}
    values |= {"counters": free_counters(config)} if new.table == "office_printer" else {"use": free_papers(config)}
    values |= dict(new.settings or {}) if new.table == "printer" else {}
    edit.add_table(new.table, values)
    _require_own_address(context, name, new.address.strip())
    second_person.require_agreement(context, edit)
    with context.store.write() as db:
        _note(db, context, act="printer_added", actor=actor, subject=name)
        edit.save()
    context.use_newest_settings()
    return name


def change_printer(
    context: Context, name: str, values: Mapping[str, Any], actor: str, digest: str | None = None
) -> None:
    """Change settings of a printer; papers that wait for an office printer follow its new name.

    Args:
        digest: of the kiosk.toml that the page has shown; None: whatever is there.

    Raises:
        NotFound: there is no such printer.
        SettingsChanged: kiosk.toml was changed meanwhile.
        SettingsRefused: a value is wrong; nothing was written.
        SettingsReadOnly: kiosk.toml cannot be written.
        AgreementNeeded: it has another address, and there is a lead to ask; nothing was written.
    """
    edit = open_settings(_file(context), digest)
    change_printer_table(edit, name, values)
    _require_own_address(context, name, str(values.get("address", "")))
    if not edit.differences():
        return
    new = str(values.get("name", name))
    second_person.require_agreement(context, edit)
    with context.store.write() as db:
        _note(db, context, act="printer_changed", actor=actor, subject=new)
        if new != name:
            _follow_name(db, context, name=name, new=new, actor=actor)
        edit.save()
    context.use_newest_settings()


def raise_printer(context: Context, name: str, actor: str, digest: str | None = None) -> None:
    """Let a printer print before the one above it in the list; nothing changes where it is the first.

    Raises:
        NotFound: there is no such printer.
        SettingsChanged: kiosk.toml was changed meanwhile.
        SettingsReadOnly: kiosk.toml cannot be written.
    """
    edit = open_settings(_file(context), digest)
    if not raise_printer_table(edit, name):
        return
    with context.store.write() as db:
        _note(db, context, act="printer_changed", actor=actor, subject=name)
        edit.save()
    context.use_newest_settings()


def calibrate(
    context: Context, name: str, answers: CalibrationAnswers, actor: str, digest: str | None = None
) -> dict[str, Any]:
    """Set width, margin, darkness, feed and cutter as the calibration slip showed; return what was changed.

    Raises:
        NotFound: there is no such receipt printer.
        SettingsChanged: kiosk.toml was changed meanwhile.
        SettingsReadOnly: kiosk.toml cannot be written.
    """
    section = receipt_printer(context, name)
    values = calibrated(section, answers)
    changed = {key: value for key, value in values.items() if getattr(section, key) != value}
    edit = open_settings(_file(context), digest)
    change_printer_table(edit, name, changed)
    with context.store.write() as db:
        _note(db, context, act="printer_calibrated", actor=actor, subject=name)
        edit.save()
    context.use_newest_settings()
    return changed


def calibrated(section: PrinterSection, answers: CalibrationAnswers) -> dict[str, Any]:
    """Return the settings that the answers lead to.

    A lost right edge means a narrower head than was set, so the next one that is sold is taken; a lost left edge means
    that the head begins beside the paper.
    """
    dots = section.dots
    margin = section.margin
    if answers.edges == "right_lost":
        dots = next((head for head in HEADS if head < section.dots), section.dots)
    if answers.edges == "left_lost":
        margin = min(section.margin + MARGIN_STEP, MOST_MARGIN)
    feed = section.feed + {"close": FEED_STEP, "far": -FEED_STEP}.get(answers.cut, 0)
    return {
        "dots": dots,
        "margin": margin,
        "darkness": answers.darkness,
        "feed": min(max(feed, 0), MOST_FEED),
        "cutter": section.cutter and answers.cut != "none",
    }


def remove_printer(context: Context, name: str, actor: str, digest: str | None = None) -> None:
    """Remove a printer from kiosk.toml; its papers wait, and those that only tried it are discarded.

    Raises:
        NotFound: there is no such printer.
        SettingsChanged: kiosk.toml was changed meanwhile.
        SettingsReadOnly: kiosk.toml cannot be written.
    """
    edit = open_settings(_file(context), digest)
    remove_printer_table(edit, name)
    now = context.clock.now()
    with context.store.write() as db:
        _note(db, context, act="printer_removed", actor=actor, subject=name)
        for job in printers.spool.list_jobs(db, [*NOT_SENT, "unknown"]):
            if job.kind == f"{TRIAL_JOBS}{name}":
                printers.spool.cancel(db, job.id, by=actor, now=now)
        edit.save()
    context.use_newest_settings()


def print_trial(context: Context, name: str, paper: Trial, actor: str) -> int:
    """Queue a test slip, a calibration slip or the test page of an office printer; return its job.

    Raises:
        NotFound: there is no such printer, or it has no calibration.
    """
    context.use_newest_settings()
    section = next((section for section in context.config.all_printers if section.name == name), None)
    if section is None or (isinstance(section, OfficePrinterSection) and paper != "test"):
        raise NotFound(f"Máy không có máy in “{name}”.", f"There is no printer “{name}”.")
    kind = section.job_kind if isinstance(section, OfficePrinterSection) else section.test_kind
    with context.store.write() as db:
        job_id = printers.spool.enqueue(
            db,
            key=f"{kind}:{paper}:{codes.new_id()}",
            kind=kind,
            subject=name,
            facts={"paper": paper},
            now=context.clock.now(),
        )
        _note(db, context, act="print_test", actor=actor, subject=str(job_id))
    return job_id


def move_papers(context: Context, job_ids: Sequence[int], name: str, actor: str) -> int:
    """Let another office printer print sheets that were not sent; return how many were moved.

    Raises:
        NotFound: there is no such office printer.
    """
    target = next((section for section in context.config.office_printers if section.name == name), None)
    if target is None:
        raise NotFound(f"Máy không có máy in A4 “{name}”.", f"There is no office printer “{name}”.")
    moved = 0
    with context.store.write() as db:
        for job_id in job_ids:
            job = printers.spool.find_by_id(db, job_id)
            if job is None or job.state not in NOT_SENT or not job.kind.startswith(OFFICE_JOBS):
                continue
            printers.spool.move(db, job_id, kind=target.job_kind, by=actor, now=context.clock.now())
            _note(db, context, act="paper_moved", actor=actor, subject=str(job_id))
            moved += 1
    return moved


def retry_papers(context: Context) -> None:
    """Try all waiting papers again at once."""
    with context.store.write() as db:
        printers.spool.retry_waiting(db, context.clock.now())


def receipt_printer(context: Context, name: str) -> PrinterSection:
    """Return the receipt printer of a name.

    Raises:
        NotFound: there is none.
    """
    found = next((section for section in context.config.printers if section.name == name), None)
    if found is None:
        raise NotFound(f"Máy không có máy in phiếu “{name}”.", f"There is no receipt printer “{name}”.")
    return found


def left_without(context: Context, name: str) -> tuple[list[str], list[int]]:
    """Return the kinds of slips and the counters that have no printer when one is removed."""
    config = context.config
    printed = {use for section in config.printers if section.name != name for use in section.use}
    removed = next((section for section in config.all_printers if section.name == name), None)
    if isinstance(removed, PrinterSection):
        return [use for use in RECEIPTS if use in removed.use and use not in printed], []
    others = [section for section in config.office_printers if section.name != name]
    if removed is None or any(not section.counters for section in others):
        return [], []
    taken = {number for section in others for number in section.counters}
    mine = removed.counters or tuple(counter.number for counter in config.counters)
    return [], [number for number in mine if number not in taken]


def _require_own_address(context: Context, name: str, address: str) -> None:
    """Refuse an address that another printer has: two threads would print on one device.

    Raises:
        SettingsRefused: it is in use.
    """
    other = next((one for one in context.config.all_printers if one.address == address and one.name != name), None)
    if address and other is not None:
        raise SettingsRefused(
            file="kiosk.toml",
            vi=[f"Địa chỉ {address} là của máy in “{other.name}”. Mỗi máy in một địa chỉ."],
            en=[f"The address {address} is that of the printer “{other.name}”. Each printer has its own."],
        )


def _file(context: Context) -> Path:
    """Return the settings file of this kiosk.

    Raises:
        NotAllowed: it runs without one.
    """
    file = writable_file(context.config)
    if file is None:
        raise NotAllowed(
            "Máy này chạy không có tệp kiosk.toml nên chưa đổi được máy in. Chép tệp mẫu vào, khởi động lại.",
            "This kiosk runs without a kiosk.toml, so its printers cannot be changed. Copy the sample file first.",
        )
    return file


def _follow_name(db: Database, context: Context, *, name: str, new: str, actor: str) -> None:
    """Let the papers that wait for an office printer wait for it under its new name; discard its trials."""
    now = context.clock.now()
    for job in printers.spool.list_jobs(db, NOT_SENT):
        if job.kind == f"{OFFICE_JOBS}{name}":
            printers.spool.move(db, job.id, kind=f"{OFFICE_JOBS}{new}", by=actor, now=now)
        elif job.kind == f"{TRIAL_JOBS}{name}":
            printers.spool.cancel(db, job.id, by=actor, now=now)


def _note(db: Database, context: Context, *, act: str, actor: str, subject: str) -> None:
    line = audit.AuditLine(act=act, actor=actor, subject=subject)
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
