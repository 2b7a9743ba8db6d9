"""Blocks and texts that several papers use: head, hotline, formats of times.

Only for what at least two papers use in the same way.
"""

import re
from datetime import date, datetime

from kiosk.base import clock
from kiosk.config import Config
from kiosk.vietnam.calendar import weekday
from printers.document import BODY, TITLE, Block, Bridge, Rule, Run, Text, Tick

HOUR_DIGITS = re.compile(r"(1[89]00)(\d{4,6})")


def head(config: Config, size: float = BODY) -> tuple[Block, ...]:
    """Return the bridge, the name of the ward (at `size` points) and its centre, and the first rule."""
    return (
        Bridge(),
        Text(config.ward.name.upper(), size=size, weight="strong", align="centre"),
        Text(centre(config), align="centre"),
        Rule(),
    )


def centre(config: Config) -> str:
    """Return the name of the centre without the ward's, which is above it."""
    name = config.ward.center
    ward = config.ward.name
    return name[: -len(ward)].rstrip() if name.lower().endswith(" " + ward.lower()) else name


def title(*lines: str) -> tuple[Block, ...]:
    """Return the name of a paper, a line each."""
    return tuple(Text(line, size=TITLE, weight="strong", align="centre") for line in lines)


def hotline(config: Config, before: str = "") -> Text:
    """Return the line with the ward's hotline, after other words if given."""
    return Text((Run(f"{before} Tổng đài ".lstrip()), Run(hotline_number(config), "strong")))


def privacy() -> Text:
    """Return the line that says where the notice of privacy is, and who answers about one's own data."""
    return Text("Quyền xem, xóa thông tin đã khai: chạm “Thông tin dùng làm gì?” ở máy, hoặc hỏi cán bộ.")


def hotline_number(config: Config) -> str:
    """Return the hotline as it is read aloud: 1900 1075."""
    return HOUR_DIGITS.sub(r"\1 \2", config.ward.hotline)


def machine_name(config: Config) -> str:
    """Return "máy" and the id of this kiosk with a no-break space."""
    return f"máy\u00a0{config.kiosk.id}"


def format_moment(at: datetime) -> str:
    """Return 8:31, 25/11/2026 in the ward's time."""
    local = clock.local(at)
    return f"{local.hour}:{local:%M}, {local:%d/%m/%Y}"


def format_moment_with_weekday(at: datetime) -> str:
    """Return 8:31, thứ Tư 25/11/2026 in the ward's time."""
    local = clock.local(at)
    return f"{local.hour}:{local:%M}, {weekday(local.date())} {local:%d/%m/%Y}"


def is_other_day(day: date, at: datetime) -> bool:
    """Return whether a moment is on another day of the ward."""
    return clock.local(at).date() != day


def people_ahead(count: int) -> str:
    """Return the number of people before a ticket, as words."""
    return f"{count} người" if count > 0 else "chưa có ai"


def check_boxes(names: list[str]) -> tuple[Block, ...]:
    """Return a check box for each thing to bring."""
    return tuple(Tick(name) for name in names)
