"""Cross-field validation of kiosk.toml: values that are valid alone and wrong together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kiosk.config import shapes
from kiosk.config.toml_reader import SettingsError
from printers.devices import usb_bus

if TYPE_CHECKING:
    from kiosk.config import Config
    from kiosk.config.ward_sections import HoursSettings


LOOPBACK = ("127.0.0.1", "localhost", "::1")
_QUEUE_NAME = re.compile(r"[^\s/#?]{1,127}")


@dataclass(frozen=True)
class _AddressShape:
    """The form of an address, in words of both languages, and an example."""

    pattern: re.Pattern[str]
    vi: str
    en: str
    like: str


_ADDRESS_SHAPES = {
    "network": _AddressShape(
        pattern=re.compile(rf"(?:{shapes.HOST}):[0-9]{{1,5}}"), vi="máy:cổng", en="host:port", like="192.168.1.50:9100"
    ),
    "usb": _AddressShape(
        pattern=usb_bus.ADDRESS, vi="mã máy in USB", en="the model of a USB printer", like="04b8:0e15/J5LF012345"
    ),
    "serial": _AddressShape(
        pattern=re.compile(shapes.DEVICE), vi="đường dẫn của cổng COM", en="the path of a port", like="/dev/ttyS0"
    ),
    "file": _AddressShape(
        pattern=re.compile(shapes.DEVICE), vi="đường dẫn của thiết bị", en="the path of a device", like="/dev/lp0"
    ),
}
_IPP_ADDRESS = re.compile(r"ipp://[\w.-]+(:[0-9]{1,5})?/[!-~]+", re.ASCII)


def cross_field_errors(config: "Config") -> Iterator[SettingsError]:
    """Yield the errors of values that are valid alone and wrong together."""
    yield from _portal_errors(config)
    yield from _lan_errors(config)
    yield from _printer_errors(config)
    names = [printer.name for printer in config.all_printers]
    if len(set(names)) < len(names):
        yield SettingsError("[[printer]] mỗi máy in phải có tên riêng", "[[printer]] every printer needs its own name")
    yield from _office_printer_errors(config)
    yield from _fallback_errors(config)
    yield from _backup_errors(config)
    yield from service_plan_errors(config)
    account = config.fees
    if len({bool(field) for field in (account.bank, account.account, account.holder)}) > 1:
        yield SettingsError(
            "[fees] bank, account, holder: ghi đủ cả ba, hoặc để trống cả ba",
            "[fees] bank, account, holder: all three, or none",
        )


def _printer_errors(config: "Config") -> Iterator[SettingsError]:
    """Yield the errors of addresses that the kind of a printer cannot have."""
    for printer in config.printers:
        shape = _ADDRESS_SHAPES.get(printer.kind)
        if shape and not shape.pattern.fullmatch(printer.address):
            yield SettingsError(
                f"[[printer]] {printer.name}: address phải là {shape.vi}, ví dụ {shape.like}",
                f"[[printer]] {printer.name}: address must be {shape.en}, for example {shape.like}",
            )


def service_plan_errors(config: "Config") -> Iterator[SettingsError]:
    """Yield the errors of series, counters and opening hours."""
    for span in (*config.hours.weekdays, *config.hours.saturday):
        start, _, end = span.partition("-")
        if start >= end:
            yield SettingsError(f"[hours] {span}: giờ mở phải trước giờ đóng", f"[hours] {span}: opens after it closes")
    for day in impossible_days(config.hours):
        yield SettingsError(f"[hours] {day}: không có ngày này", f"[hours] {day}: there is no such day")
    yield from _counter_errors(config)
    letters = [series.letter for series in config.series]
    if len(set(letters)) < len(letters):
        yield SettingsError(
            "[[series]] mỗi dãy số phải có chữ cái riêng", "[[series]] every series needs its own letter"
        )


def impossible_days(hours: "HoursSettings") -> list[str]:
    """Return the days off and worked days that no calendar has, such as 2026-02-31."""
    return [day for day in (*hours.off, *hours.worked) if not _is_day(day)]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _office_printer_errors(config: "Config") -> Iterator[SettingsError]:
    """Yield errors of office printers without an address, and of counters that two of them name."""
    for printer in config.office_printers:
        if printer.kind == "ipp" and not _IPP_ADDRESS.fullmatch(printer.address):
            yield SettingsError(
                f"[[office_printer]] {printer.name}: address viết như ipp://localhost:631/printers/TEN-HANG-DOI",
                f"[[office_printer]] {printer.name}: address is like ipp://localhost:631/printers/QUEUE",
            )
        if printer.kind == "cups" and not _QUEUE_NAME.fullmatch(printer.address):
            yield SettingsError(
                f"[[office_printer]] {printer.name}: address là tên hàng đợi CUPS, ví dụ quay1",
                f"[[office_printer]] {printer.name}: address is the name of a CUPS queue, for example quay1",
            )
    taken = [number for printer in config.office_printers for number in printer.counters]
    if twice := ", ".join(sorted({str(number) for number in taken if taken.count(number) > 1})):
        yield SettingsError(
            f"[[office_printer]] counters: quầy {twice} ghi ở hai máy in",
            f"[[office_printer]] counters: counter {twice} is named by two printers",
        )
    if sum(not printer.counters for printer in config.office_printers) > 1:
        yield SettingsError(
            "[[office_printer]] chỉ một máy in được để trống counters (mọi quầy)",
            "[[office_printer]] only one printer can leave counters empty (all counters)",
        )


def _fallback_errors(config: "Config") -> Iterator[SettingsError]:
    """Yield errors of printers whose papers would go to a printer that is missing, is themselves, or cannot take them.

    A printer of sheets prints slips too; a printer of slips has no sheets.
    """
    sheets = {printer.name for printer in config.office_printers}
    every = {printer.name for printer in config.all_printers}
    for section in config.all_printers:
        possible = (sheets if section.name in sheets else every) - {section.name}
        if section.fallback and section.fallback not in possible:
            yield SettingsError(
                f"{section.name}: fallback phải là tên một máy in khác in được giấy đó, không phải {section.fallback}",
                f"{section.name}: fallback must be another printer that can print its papers, not {section.fallback}",
            )


def _backup_errors(config: "Config") -> Iterator[SettingsError]:
    """Yield errors of copies that would lie in the folder that they are copies of."""
    data = (config.root / config.kiosk.data).resolve()
    for key, place in (("path", config.backup.path), ("second", config.backup.second)):
        if place and (config.root / place).resolve().is_relative_to(data):
            yield SettingsError(
                f"[backup] {key} nằm trong thư mục dữ liệu của máy: chọn ổ khác",
                f"[backup] {key} is inside the data folder",
            )


def _portal_errors(config: "Config") -> Iterator[SettingsError]:
    """Yield errors of portals without TLS or without the settings that their kind needs."""
    if config.portal.capabilities.takes_forms and not _is_private(config.portal.url):
        yield SettingsError("[portal] url phải bắt đầu bằng https://", "[portal] url must begin with https://")
    if config.portal.public_url and not _is_private(config.portal.public_url):
        yield SettingsError(
            "[portal] public_url phải bắt đầu bằng https://", "[portal] public_url must begin with https://"
        )
    if urlsplit(config.portal.public_url)[2:] not in (("", "", ""), ("/", "", "")):
        yield SettingsError(
            "[portal] public_url chỉ có tên máy, như https://hoso.tinh.vn: cổng không có đường dẫn khác",
            "[portal] public_url is a host alone, such as https://hoso.tinh.vn: the gateway has no other path",
        )
    if config.portal.stick_key and not _is_stick_key(config.portal.stick_key):
        yield SettingsError(
            "[portal] stick_key chép sai: chép lại cả dòng mà tỉnh gửi",
            "[portal] stick_key has a slip: copy the whole line again",
        )
    if config.portal.capabilities.needs_eforms and not config.opencps.group_id:
        yield SettingsError(
            "[opencps] group_id còn trống: ghi mã trang (groupId) của đơn vị mà tỉnh cấp",
            "[opencps] group_id is missing: write the site's number (groupId) that the province gave",
        )
    if config.portal.capabilities.needs_eforms and not config.eforms:
        yield SettingsError(
            "chưa có đoạn [[eform]] nào: ghi mỗi thủ tục một đoạn, xem docs/opencps.md",
            "there is no [[eform]]: one for each procedure, see docs/opencps.md",
        )
    codes = [eform.procedure for eform in config.eforms]
    if twice := ", ".join(sorted({code for code in codes if codes.count(code) > 1})):
        yield SettingsError(f"[[eform]] ghi hai lần thủ tục {twice}", f"[[eform]] {twice} stands twice")


def _is_private(url: str) -> bool:
    """Return whether nobody on the network can read what goes to a URL: by TLS, or within this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.username is not None or _is_link_local(parts.hostname or ""):
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))


def _is_link_local(host: str) -> bool:
    """Return whether a host is an address that only programs on the same wire have, such as a cloud's own services."""
    try:
        return ip_address(host).is_link_local
    except ValueError:
        return False


def _is_stick_key(text: str) -> bool:
    from sync.portals.usb_files import parse_key  # imports cryptography only where it is used

    try:
        parse_key(text)
    except ValueError:
        return False
    return True


def _lan_errors(config: "Config") -> Iterator[SettingsError]:
    """Yield errors of a LAN listener without a name, or of pages that would leave the machine without TLS."""
    if config.lan.host and not config.lan.names:
        yield SettingsError(
            '[lan] names còn trống: ghi tên hoặc địa chỉ máy mà cán bộ gõ, ví dụ ["mot-cua.lan", "192.168.1.10"]',
            '[lan] names is empty: write what officers type, for example ["mot-cua.lan", "192.168.1.10"]',
        )
    if config.web.host not in LOOPBACK:
        yield SettingsError(
            "[web] host chỉ là 127.0.0.1: ra mạng nội bộ phải qua [lan], có mã hóa",
            "[web] host is 127.0.0.1 alone: what leaves the machine goes through [lan], with TLS",
        )


def _counter_errors(config: "Config") -> Iterator[SettingsError]:
    """Yield errors of counters with equal numbers and of series that no counter serves."""
    numbers = [counter.number for counter in config.counters]
    if len(set(numbers)) < len(numbers):
        yield SettingsError("[[counter]] mỗi quầy phải có số riêng", "[[counter]] every counter needs its own number")
    letters = {series.letter for series in config.series}
    served = {letter for counter in config.counters for letter in config.lines_of(counter)}
    if unknown := ", ".join(sorted(served - letters)):
        yield SettingsError(f"[[counter]] không có dãy số {unknown}", f"[[counter]] there is no series {unknown}")
    if idle := ", ".join(sorted(letters - served)):
        yield SettingsError(
            f"[[counter]] chưa quầy nào phục vụ dãy {idle}", f"[[counter]] no counter serves series {idle}"
        )
