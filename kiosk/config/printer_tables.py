"""The `[[printer]]` and `[[office_printer]]` of kiosk.toml as a page and a command change them, by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kiosk.base.errors import NotFound
from kiosk.config import Config
from kiosk.config.edit import SettingsEdit
from kiosk.config.list_sections import OfficePrinterSection, PrinterSection

TableName = Literal["printer", "office_printer"]
TABLES: dict[TableName, type[PrinterSection | OfficePrinterSection]] = {
    "printer": PrinterSection,
    "office_printer": OfficePrinterSection,
}
NAME_LENGTH = 40
"""Letters of a name: it stands in a column of the pages and on the slips that try the printer."""
RECEIPTS = ("ticket", "slip", "missing", "fee")
DEFAULT_NAMES = {"printer": "Máy in phiếu", "office_printer": "Máy in A4"}


@dataclass(frozen=True)
class PrinterTable:
    """The place of a printer in the file."""

    table: TableName
    place: int


def find_printer_table(edit: SettingsEdit, name: str) -> PrinterTable:
    """Return where the file has the printer of a name.

    Raises:
        NotFound: it has none.
    """
    for table, section in TABLES.items():
        for place, values in enumerate(edit.tables(table)):
            if values.get("name", section().name) == name:
                return PrinterTable(table, place)
    raise NotFound(
        f"Tệp cài đặt không có máy in “{name}”. Xem lại danh sách máy in.",
        f"The settings have no printer “{name}”. Look at the list of printers.",
    )


def free_name(config: Config, table: TableName, title: str = "") -> str:
    """Return a name that no printer has: the given one, else the usual one, with a number where it is in use."""
    wanted = " ".join(title.split())[: NAME_LENGTH - 3] or DEFAULT_NAMES[table]
    taken = {section.name for section in config.all_printers}
    numbered = [wanted, *(f"{wanted} {number}" for number in range(2, len(taken) + 3))]
    return next(name for name in numbered if name not in taken)


def free_papers(config: Config) -> list[str]:
    """Return the kinds of slips for a new printer: those that have no printer, else all, as the next in order."""
    taken = {use for section in config.printers for use in section.use}
    return [use for use in RECEIPTS if use not in taken] or list(RECEIPTS)


def free_counters(config: Config) -> list[int]:
    """Return the counters for a new office printer: all (none is named) for the first, else those without their own."""
    if all(section.counters for section in config.office_printers):
        return []
    taken = {number for section in config.office_printers for number in section.counters}
    return [counter.number for counter in config.counters if counter.number not in taken][:1]


def change_printer_table(edit: SettingsEdit, name: str, values: Mapping[str, Any]) -> None:
    """Set keys of a printer; values that are the default stay unwritten, and a new name is used by `fallback` too."""
    found = find_printer_table(edit, name)
    written = edit.tables(found.table)[found.place]
    default = TABLES[found.table]()
    changes = {}
    for key, value in values.items():
        usual = getattr(default, key)
        is_usual = value == (list(usual) if isinstance(usual, tuple) else usual)
        if written.get(key) != value and not (is_usual and key not in written):
            changes[key] = value
    edit.change_table(found.table, found.place, changes)
    new = changes.get("name", name)
    if new != name:
        _change_fallbacks(edit, name, str(new))


def raise_printer_table(edit: SettingsEdit, name: str) -> bool:
    """Put a printer before the one above it in the file, so that it prints first; return False where none is above."""
    found = find_printer_table(edit, name)
    if found.place == 0:
        return False
    edit.swap_tables(found.table, found.place, found.place - 1)
    return True


def rename_screen(edit: SettingsEdit, old: str, new: str) -> None:
    """Let the printers of a touchscreen follow its new name."""
    for place, values in enumerate(edit.tables("printer")):
        screens = values.get("screens", [])
        if old in screens:
            edit.change_table("printer", place, {"screens": [new if name == old else name for name in screens]})


def remove_printer_table(edit: SettingsEdit, name: str) -> None:
    """Remove a printer; no other one falls back to it any more."""
    found = find_printer_table(edit, name)
    edit.remove_table(found.table, found.place)
    _change_fallbacks(edit, name, None)


def _change_fallbacks(edit: SettingsEdit, name: str, new: str | None) -> None:
    for table in TABLES:
        for place, values in enumerate(edit.tables(table)):
            if values.get("fallback") == name:
                edit.change_table(table, place, {"fallback": new})
