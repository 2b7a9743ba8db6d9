"""Page "Máy in": printers in use and found ones; add, change, try, calibrate and remove one; the papers that wait.

Nothing needs a restart. What was typed stays on the page when it cannot be saved, with the reason.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import agreeing, printer_settings
from kiosk.acts.printer_settings import CalibrationAnswers, NewPrinter
from kiosk.base.errors import BadSettings, KioskError, NotFound, SettingsChanged, SettingsReadOnly, SettingsRefused
from kiosk.config.edit import open_settings
from kiosk.config.list_sections import OfficePrinterSection, PrinterSection
from kiosk.config.live_settings import source_file
from kiosk.config.printer_tables import NAME_LENGTH
from kiosk.health.second_person import AgreementNeeded
from kiosk.pages.access import allow, context
from kiosk.pages.technician import devices
from kiosk.pages.technician.blueprint import QUIET_HEADER, actor, render, technician
from kiosk.pages.technician.printer_rows import (
    CONNECTIONS,
    HOW_SURE,
    USES,
    Section,
    found_rows,
    is_for,
    is_office_job,
    printer_rows,
    screen_choices,
)
from printers import discovery, spool
from printers.discovery import FoundPrinter
from printers.errors import ADVICE, NotSent
from printers.profiles import all_profiles, get_profile

FOUND = "found_printers"
"""Extension of the app: the printers of the network that the last search found."""
NUMBERS = ("width_mm", "dots", "margin", "feed", "band_rows", "scale", "baud")
SWITCHES = ("cutter", "need_status", "confirm")
RECEIPT_KINDS = ("usb", "network", "serial", "file")
OFFICE_KINDS = ("ipp", "cups")
HAND_KINDS = (*RECEIPT_KINDS, *OFFICE_KINDS)
"""Kinds that can be typed by hand, in the order of the list."""
FLOWS = {"rtscts": "RTS/CTS", "xonxoff": "XON/XOFF", "none": "Không"}
"""Ways in which a serial printer says that its buffer is full."""


@technician.get("/printers")
@allow("technician")
def printers() -> str:
    """Show the printers in use, those that are found, and the chosen one."""
    return _page(request.args.get("name", ""))


def _page(name: str, typed: Mapping[str, Any] | None = None, faults: tuple[str, ...] = (), note: str = "") -> str:
    kiosk = context()
    with kiosk.store.read() as db:
        rows = printer_rows(kiosk, db)
        screens = screen_choices(kiosk, db)
    chosen = _section(name) if name else next(iter(kiosk.config.all_printers), None)
    if typed is not None and chosen is not None:
        chosen = replace(chosen, **{key: value for key, value in typed.items() if key != "name"})
    # The part that refreshes itself shows no found printers: they are not searched for every two seconds.
    found = [] if QUIET_HEADER in request.headers else found_rows(kiosk.config, _found())
    broken, digest = _file_state()
    return render(
        "technician/printers.html",
        rows=rows,
        found=found,
        section=chosen,
        name=name or (chosen.name if chosen else ""),
        typed_name=typed.get("name", name) if typed else (chosen.name if chosen else ""),
        is_office=isinstance(chosen, OfficePrinterSection),
        others=_possible_fallbacks(chosen) if chosen else [],
        uses=USES,
        counters=kiosk.config.counters,
        profiles=[(profile.id, f"{profile.title}, {HOW_SURE[profile.how_sure]}") for profile in all_profiles()],
        kinds=[(kind, CONNECTIONS[kind]) for kind in HAND_KINDS],
        own_kinds=_own_kinds(chosen) if chosen else [],
        flows=FLOWS,
        screens=screens,
        can_rise=chosen is not None and _can_rise(chosen),
        faults=faults or broken,
        is_broken=bool(broken),
        note=note or request.args.get("note", ""),
        digest=digest,
        name_length=NAME_LENGTH,
    )


def _file_state() -> tuple[tuple[str, ...], str]:
    """Return what is wrong with kiosk.toml now, and its digest."""
    file = source_file(context().config)
    if file is None:
        return (), ""
    try:
        edit = open_settings(file)
    except SettingsRefused as error:
        return ("Tệp kiosk.toml đang hỏng, máy in vẫn chạy theo bản trước:", *error.faults), ""
    return (), edit.digest


def _section(name: str) -> Section:
    """Return the printer of a name.

    Raises:
        NotFound: there is none.
    """
    found = next((section for section in context().config.all_printers if section.name == name), None)
    if found is None:
        raise NotFound(f"Máy không có máy in “{name}”. Có thể vừa đổi tên hoặc đã bỏ.", f"No printer “{name}”.")
    return found


def _own_kinds(section: Section) -> list[tuple[str, str]]:
    """Return the kinds of connection that a printer may change to; the virtual one only where it is in use."""
    kinds = OFFICE_KINDS if isinstance(section, OfficePrinterSection) else RECEIPT_KINDS
    own = (section.kind,) if section.kind not in kinds else ()
    return [(kind, CONNECTIONS[kind]) for kind in (*own, *kinds)]


def _can_rise(section: Section) -> bool:
    """Return whether another receipt printer stands above a receipt printer, and so prints first."""
    printers = context().config.printers
    return isinstance(section, PrinterSection) and bool(printers) and printers[0].name != section.name


def _possible_fallbacks(section: Section) -> list[str]:
    config = context().config
    others = config.office_printers if isinstance(section, OfficePrinterSection) else config.all_printers
    return [other.name for other in others if other.name != section.name]


def _found() -> list[FoundPrinter]:
    """Return what is plugged in now, and what the last search of the network found."""
    return [*discovery.find_attached(), *current_app.extensions.get(FOUND, [])]


@technician.post("/printers/search")
@allow("technician")
def search_printers() -> Answer:
    """Search the own network, or ask at an address that was typed."""
    address = request.form.get("address", "").strip()
    try:
        found = discovery.ask_address(address) if address else discovery.search_network()
        note = "" if found else "Không thấy máy in nào trên mạng. Máy in cắm dây thì xem danh sách dưới."
    except (NotSent, ValueError) as error:
        found = []
        note = ADVICE[error.reason] if isinstance(error, NotSent) else "Địa chỉ chưa đúng, viết như 192.168.1.60."
    current_app.extensions[FOUND] = found
    return redirect(url_for("technician.printers", name=request.form.get("name") or None, note=note or None), 303)


@technician.post("/printers/add")
@allow("technician")
def add_printer() -> Answer | tuple[str, int]:
    """Add a found printer, or one whose address was typed."""
    kind = request.form.get("kind", "")
    if kind not in HAND_KINDS:
        raise NotFound("Máy không biết kiểu nối này.", "This kind of connection is unknown.")
    profile = get_profile(request.form.get("profile", ""))
    new = NewPrinter(
        kind=kind,
        address=request.form.get("address", ""),
        title=request.form.get("title", ""),
        settings=profile.settings if profile else None,
    )
    try:
        name = printer_settings.add_printer(context(), new, actor())
    except AgreementNeeded as error:
        agreeing.ask(context(), error, actor())
        return redirect(url_for("technician.printers", note=error.vi), 303)
    except (BadSettings, SettingsReadOnly) as error:
        return _page("", faults=_faults(error)), error.status
    note = f"Đã thêm. Bấm In thử để xem giấy ra. {profile.note if profile else ''}".strip()
    return redirect(url_for("technician.printers", name=name, note=note), 303)


def _faults(error: KioskError) -> tuple[str, ...]:
    return error.faults if isinstance(error, SettingsRefused) else (error.vi,)


@technician.post("/printers/save")
@allow("technician")
def save_printer() -> Answer | tuple[str, int]:
    """Save the chosen printer with the answers about its calibration slip, then print what was asked for."""
    name = request.form.get("name", "")
    section = _section(name)
    then = request.form.get("then", "save")
    values, faults = _typed(section)
    try:
        if faults:
            return _page(name, typed=values, faults=faults), 422
        printer_settings.change_printer(context(), name, values, actor(), request.form.get("digest") or None)
    except AgreementNeeded as error:
        agreeing.ask(context(), error, actor())
        return redirect(url_for("technician.printers", name=name, note=error.vi), 303)
    except (SettingsRefused, SettingsChanged, SettingsReadOnly) as error:
        return _page(name, typed=values, faults=_faults(error)), error.status
    name = str(values["name"])
    note = "Đã ghi, có tác dụng ngay."
    if then in ("test", "calibration"):
        printer_settings.print_trial(context(), name, "calibration" if then == "calibration" else "test", actor())
        note = "Đã ghi. Giấy đang ra ở máy in."
    return redirect(url_for("technician.printers", name=name, note=note), 303)


def _typed(section: Section) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the settings of a printer as they were typed, and what is wrong with them before kiosk.toml is asked."""
    form = request.form
    values: dict[str, Any] = {
        "name": " ".join(form.get("new_name", "").split()),
        "fallback": form.get("fallback", ""),
    }
    faults = [] if 0 < len(values["name"]) <= NAME_LENGTH else [f"Tên máy in có từ 1 đến {NAME_LENGTH} chữ."]
    if isinstance(section, OfficePrinterSection):
        values["counters"] = sorted(form.getlist("counter", type=int))
        values["a5"] = "a5" in form
    else:
        values["use"] = [use for use in USES if use in form.getlist("use")]
        values["screens"] = form.getlist("screen")
        values["flow"] = form.get("flow", section.flow)
        values |= {switch: switch in form for switch in SWITCHES}
        for key in NUMBERS:
            number = form.get(key, getattr(section, key), type=int)
            values[key] = number
        if (profile := get_profile(form.get("profile", ""))) is not None:
            values |= profile.settings
        values |= _calibrated(replace(section, **values))
    values["kind"] = form.get("kind", section.kind)
    if values["kind"] not in dict(_own_kinds(section)):
        faults.append("Máy không biết kiểu nối này. Chọn lại ở ô Nối bằng gì.")
    if values["kind"] != "virtual" and form.get("address", "").strip():
        values["address"] = form["address"].strip()
    return values, tuple(faults)


def _calibrated(section: PrinterSection) -> dict[str, Any]:
    """Return what the answers about the calibration slip change."""
    edges = request.form.get("edges", "both")
    cut = request.form.get("cut", "right")
    darkness = request.form.get("darkness", section.darkness, type=int)
    answers = CalibrationAnswers(edges=edges, darkness=darkness, cut=cut)  # type: ignore[arg-type]
    return printer_settings.calibrated(section, answers)


@technician.post("/printers/raise")
@allow("technician")
def raise_printer() -> Answer:
    """Let a printer print before the one above it."""
    name = request.form.get("name", "")
    _section(name)
    printer_settings.raise_printer(context(), name, actor(), request.form.get("digest") or None)
    return redirect(url_for("technician.printers", name=name, note="Đã đưa lên: máy này in trước."), 303)


@technician.get("/printers/remove")
@allow("technician")
def ask_remove_printer() -> str:
    """Ask before a printer is removed, and name the papers that would have no printer."""
    name = request.args.get("name", "")
    section = _section(name)
    uses, counters = printer_settings.left_without(context(), name)
    with context().store.read() as db:
        waiting = sum(is_for(context().config, section, job) for job in spool.list_jobs(db, ["waiting", "queued"]))
    consequences = []
    if uses:
        consequences.append(f"Không còn máy nào in: {', '.join(USES[use] for use in uses)}.")
    if counters:
        numbers = ", ".join(str(number) for number in counters)
        consequences.append(f"Quầy {numbers} không còn máy in A4: quầy mở tệp PDF để in bằng trình duyệt.")
    if waiting:
        consequences.append(f"{waiting} giấy đang chờ máy này; giấy không mất, chờ đến khi có máy in khác.")
    return render(
        "technician/sure.html",
        question=f"Bỏ máy in “{name}”?",
        consequences=consequences or ["Giấy của máy này các máy in khác in tiếp."],
        button="Bỏ máy này",
        address=url_for("technician.remove_printer", name=name),
        back=url_for("technician.printers", name=name),
    )


@technician.post("/printers/remove")
@allow("technician")
def remove_printer() -> Answer:
    """Remove a printer after the question."""
    name = request.args.get("name", "")
    printer_settings.remove_printer(context(), name, actor())
    return redirect(url_for("technician.printers", note=f"Đã bỏ {name}."), 303)


@technician.get("/printers/papers")
@allow("technician")
def printer_papers() -> str:
    """Show the papers that wait for a printer, those in doubt first, with the numbers that are printed on them."""
    name = request.args.get("name", "")
    section = _section(name)
    with context().store.read() as db:
        jobs = [
            job
            for job in spool.list_jobs(db, ["unknown", "waiting", "queued"])
            if is_for(context().config, section, job)
        ]
        jobs.sort(key=lambda job: (job.state != "unknown", job.id))
        rows = [(row, job.state, is_office_job(job)) for row, job in zip(devices.job_rows(db, jobs), jobs, strict=True)]
    others = [other.name for other in context().config.office_printers if other.name != name]
    return render("technician/printer_papers.html", name=name, rows=rows, others=others)


@technician.post("/printers/papers")
@allow("technician")
def move_printer_papers() -> Answer:
    """Try the papers of a printer again now, or move its sheets to another office printer."""
    name = request.form.get("name", "")
    section = _section(name)
    target = request.form.get("to", "")
    if not target:
        printer_settings.retry_papers(context())
        return redirect(url_for("technician.printer_papers", name=name), 303)
    only = request.form.get("job", type=int)
    with context().store.read() as db:
        waiting = [
            job.id for job in spool.list_jobs(db, ["waiting", "queued"]) if is_for(context().config, section, job)
        ]
    jobs = [job_id for job_id in waiting[::-1] if only in (None, job_id)]
    count = printer_settings.move_papers(context(), jobs, target, actor())
    return redirect(url_for("technician.printers", name=target, note=f"Đã chuyển {count} giấy sang {target}."), 303)
