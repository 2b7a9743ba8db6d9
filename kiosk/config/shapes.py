"""Shapes of the settings that name a device, a path, an address or a time: regular expressions for `re.fullmatch`.

They are asked when kiosk.toml is read and before a page writes it. A device is opened by its path alone: to pyserial an
address such as `spy://` or `socket://` is a driver of its own, which writes a file or opens a connection.
"""

DEVICE = r"/dev/(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9_.:,+@/-]{0,119}"
"""Path of a device: /dev/ttyACM0, /dev/serial/by-id/usb-…"""

_NOT_UPWARDS = r"(?!/(?:.*/)?\.\.(?:/|$))"
PATH = rf"{_NOT_UPWARDS}(?!/(?:dev(?!/shm/)|proc|sys)(?:/|$))(?![A-Za-z][A-Za-z0-9+.-]*://)[^\x00-\x1f\x7f]{{1,255}}"
"""Path of a file or a folder: absolute, or beside kiosk.toml; none of the system's own trees."""

SANE_DEVICE = r"[a-z][a-z0-9_+-]{0,29}:[^\x00-\x1f\x7f]{0,200}"
"""A scanner's name in SANE: its driver, and which of its devices; nothing after the colon: the first."""

HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?|::1?"
"""A name or an IP address."""

URL = r"https?://[^\s/?#@\\\x00-\x1f\x7f]{1,255}(?:/[!-~]{0,500})?"
"""Address of a server, without a user and password."""


SPAN = r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]"
"""Span of a day, such as 07:00-11:30."""

DAY = r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
"""A day, such as 2026-12-24."""


def or_empty(shape: str) -> str:
    """Return a shape that an empty text has too."""
    return f"(?:{shape})|"
