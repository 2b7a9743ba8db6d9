"""`kiosk printer`: list, find, add, try, calibrate, change and remove printers, as the technician's page does.

A kiosk that runs uses the change at once; the worker of the kiosk prints the slips.
"""

import argparse
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, get_args, get_type_hints

from kiosk.acts import printer_settings
from kiosk.acts.printer_settings import CalibrationAnswers, CutPlace, Edges, NewPrinter
from kiosk.base.errors import BadSettings
from kiosk.cli.agreement import asking_the_lead
from kiosk.config import Config
from kiosk.config.list_sections import OfficePrinterSection, PrinterSection
from kiosk.health import heartbeat
from kiosk.records import marks
from kiosk.startup.context_factory import use_context
from printers import discovery
from printers.discovery import FoundPrinter
from printers.errors import ADVICE, NotSent
from printers.profiles import all_profiles, get_profile

ACTOR = "cli"
KINDS = ("usb", "network", "serial", "file", "ipp", "cups")


def add_printer(printer: argparse.ArgumentParser) -> None:
    """Add the acts of `kiosk printer`."""
    acts = printer.add_subparsers(dest="what", required=True, metavar="what")
    acts.add_parser("list", help="the printers in use, each with its state").set_defaults(act=listing)
    finding = acts.add_parser("found", help="printers that are plugged in and not in use")
    finding.add_argument("--network", action="store_true", help="also those that listen on the own network")
    finding.add_argument("--address", help="also the one at this address")
    finding.set_defaults(act=found)
    adding = acts.add_parser("add", help="use a printer; it prints at once")
    adding.add_argument("kind", choices=KINDS)
    adding.add_argument("address", help="as `kiosk printer found` writes it")
    adding.add_argument("--name", default="", help="what the pages call it")
    profiles = [profile.id for profile in all_profiles()]
    adding.add_argument("--profile", choices=profiles, help="figures of its model, as `kiosk printer found` names it")
    adding.set_defaults(act=add)
    testing = acts.add_parser("test", help="print a slip or a page without personal data")
    testing.add_argument("name")
    testing.set_defaults(act=test)
    _add_calibrate(acts)
    setting = acts.add_parser("set", help="change settings: feed=140 darkness=4 name='Máy ở cửa'")
    setting.add_argument("name")
    setting.add_argument(
        "settings", nargs="+", metavar="key=value", help="a list is written ticket,slip; screens are divided by ;"
    )
    setting.set_defaults(act=change)
    raising = acts.add_parser("up", help="print before the printer above it in the list")
    raising.add_argument("name")
    raising.set_defaults(act=up)
    removing = acts.add_parser("remove", help="stop using a printer; papers that have none then are named")
    removing.add_argument("name")
    removing.set_defaults(act=remove)


def _add_calibrate(acts: Any) -> None:
    calibrating = acts.add_parser(
        "calibrate", help="print the calibration slip; with answers, set width, darkness and cut by them"
    )
    calibrating.add_argument("name")
    calibrating.add_argument("--edges", choices=get_args(Edges), default="both", help="the two strokes at the top")
    calibrating.add_argument("--darkness", type=int, choices=range(1, 6), help="the field that is dark enough")
    calibrating.add_argument("--cut", choices=get_args(CutPlace), default="right", help="where the knife cuts")
    calibrating.set_defaults(act=calibrate)


def listing(config: Config, args: argparse.Namespace) -> int:
    """List the printers in use."""
    with use_context(config) as context, context.store.read() as db:
        for section in context.config.all_printers:
            advice = marks.get(db, heartbeat.PRINTER + section.name)
            words = "Sẵn sàng" if advice == "ok" else ADVICE.get(advice or "", "Chưa hỏi lần nào")
            print(f"{section.name}  {section.kind} {section.address}  {_papers(section)}  {words}")
    return 0


def _papers(section: PrinterSection | OfficePrinterSection) -> str:
    if isinstance(section, OfficePrinterSection):
        return ", ".join(f"quầy {number}" for number in section.counters) or "mọi quầy"
    return ", ".join(section.use) + "".join(f", {screen}" for screen in section.screens)


def found(config: Config, args: argparse.Namespace) -> int:
    """List the printers that are not in use."""
    printers = discovery.find_attached()
    if args.network:
        printers += discovery.search_network()
    if args.address:
        printers += _ask(args.address)
    used = {section.address for section in config.all_printers}
    for printer in printers:
        if printer.address not in used:
            fault = f"  {ADVICE[printer.fault]}" if printer.fault else ""
            profile = f"  --profile {printer.profile}" if printer.profile else ""
            print(f"{printer.kind} {printer.address}  {printer.title}{profile}{fault}")
    return 0


def _ask(address: str) -> Sequence[FoundPrinter]:
    try:
        return discovery.ask_address(address)
    except NotSent as error:
        print(f"{address}: {ADVICE[error.reason]}")
        return []


def add(config: Config, args: argparse.Namespace) -> int:
    """Add a printer."""
    with use_context(config) as context:
        profile = get_profile(args.profile or "")
        settings = profile.settings if profile else None
        new = NewPrinter(kind=args.kind, address=args.address, name=args.name, settings=settings)
        with asking_the_lead(context):
            name = printer_settings.add_printer(context, new, ACTOR)
    print(f"Đã thêm {name}. In thử: kiosk printer test '{name}'")
    return 0


def test(config: Config, args: argparse.Namespace) -> int:
    """Print a test slip or page."""
    with use_context(config) as context:
        printer_settings.print_trial(context, args.name, "test", ACTOR)
    print(f"Giấy đang ra ở {args.name}.")
    return 0


def calibrate(config: Config, args: argparse.Namespace) -> int:
    """Print the calibration slip, or set the printer by the answers about it."""
    with use_context(config) as context:
        if args.darkness is None and args.edges == "both" and args.cut == "right":
            printer_settings.print_trial(context, args.name, "calibration", ACTOR)
            print(f"Phiếu căn chỉnh đang ra ở {args.name}. Xem phiếu rồi trả lời bằng --edges, --darkness, --cut.")
            return 0
        section = printer_settings.receipt_printer(context, args.name)
        answers = CalibrationAnswers(edges=args.edges, darkness=args.darkness or section.darkness, cut=args.cut)
        changed = printer_settings.calibrate(context, args.name, answers, ACTOR)
    print(", ".join(f"{key} = {value}" for key, value in changed.items()) or "Không phải đổi gì.")
    return 0


def change(config: Config, args: argparse.Namespace) -> int:
    """Change settings of a printer."""
    with use_context(config) as context:
        section = next((one for one in context.config.all_printers if one.name == args.name), PrinterSection())
        values = dict(_value(section, setting) for setting in args.settings)
        with asking_the_lead(context):
            printer_settings.change_printer(context, args.name, values, ACTOR)
    print("Đã ghi, có tác dụng ngay.")
    return 0


def _value(section: PrinterSection | OfficePrinterSection, setting: str) -> tuple[str, Any]:
    """Parse "key=value" by the type of the key; what is wrong with the value the settings say."""
    key, equals, text = setting.partition("=")
    known = {item.name for item in fields(section)}
    if not equals or key not in known:
        names = ", ".join(sorted(known))
        raise BadSettings(f"{setting}: viết là tên=giá trị; tên là một trong {names}", f"{setting}: key=value")
    usual = getattr(section, key)
    if isinstance(usual, bool):
        return key, {"true": True, "false": False}.get(text, text)
    if isinstance(usual, tuple):
        parts = [part.strip() for part in text.split(";" if key == "screens" else ",") if part.strip()]
        is_number = "int" in str(get_type_hints(type(section))[key])
        return key, [int(part) if is_number and part.isascii() and part.isdigit() else part for part in parts]
    if isinstance(usual, int):
        return key, int(text) if text.isascii() and text.lstrip("-").isdigit() else text
    return key, text


def up(config: Config, args: argparse.Namespace) -> int:
    """Let a printer print before the one above it."""
    with use_context(config) as context:
        printer_settings.raise_printer(context, args.name, ACTOR)
        names = ", ".join(section.name for section in context.config.all_printers)
    print(f"In theo thứ tự: {names}")
    return 0


def remove(config: Config, args: argparse.Namespace) -> int:
    """Remove a printer, and say which papers have none now."""
    with use_context(config) as context:
        uses, counters = printer_settings.left_without(context, args.name)
        printer_settings.remove_printer(context, args.name, ACTOR)
    print(f"Đã bỏ {args.name}.")
    for paper in [*uses, *(f"quầy {number}" for number in counters)]:
        print(f"Không còn máy in: {paper}")
    return 0
