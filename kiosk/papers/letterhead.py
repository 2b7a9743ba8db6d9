"""What the papers of this ward have in common: the head, the hotline, how times and money are written.

Here stand only blocks and words that at least two papers use in the same way.
"""

import re
from datetime import datetime

from kiosk import clock
from kiosk.config import Config
from kiosk.vietnam.calendar import weekday
from printers.document import BODY, TITLE, Block, Bridge, Rule, Run, Text, Tick

HOUR_DIGITS = re.compile(r"(1[89]00)(\d{4,6})")


def head(config: Config, size: float = BODY) -> tuple[Block, ...]:
    """Return the bridge, the ward (its name at `size` points) and the centre, down to the first rule."""
    return (
        Bridge(),
        Text(config.ward.name.upper(), size=size, weight="strong", align="centre"),
        Text(centre(config), align="centre"),
        Rule(),
    )


def centre(config: Config) -> str:
    """Return the centre without the ward's name, which stands above already."""
    short = config.ward.center
    ward = config.ward.name
    return short[: -len(ward)].rstrip() if short.lower().endswith(" " + ward.lower()) else short


def title(*lines: str) -> tuple[Block, ...]:
    """Return the name of a paper, a line each."""
    return tuple(Text(line, size=TITLE, weight="strong", align="centre") for line in lines)


def hotline(config: Config, before: str = "") -> Text:
    """Return the line with the ward's telephone number, after other words if given."""
    return Text((Run(f"{before} Tổng đài ".lstrip()), Run(hotline_number(config), "strong")))


def hotline_number(config: Config) -> str:
    """Return the ward's telephone number as it is read aloud: 1900 1075."""
    return HOUR_DIGITS.sub(r"\1 \2", config.ward.hotline)


def machine(config: Config) -> str:
    """Return which machine this is, not to be torn apart."""
    return f"máy\u00a0{config.kiosk.id}"


def moment(at: datetime) -> str:
    """Return 8:31, 25/11/2026 in the ward's time."""
    local = clock.local(at)
    return f"{local.hour}:{local:%M}, {local:%d/%m/%Y}"


def moment_of_day(at: datetime) -> str:
    """Return 8:31, thứ Tư 25/11/2026 in the ward's time."""
    local = clock.local(at)
    return f"{local.hour}:{local:%M}, {weekday(local.date())} {local:%d/%m/%Y}"


def ahead(count: int) -> str:
    """Return how many wait before a number."""
    return f"{count} người" if count > 0 else "chưa có ai"


def boxes(names: list[str]) -> tuple[Block, ...]:
    """Return a box to tick for each thing to bring."""
    return tuple(Tick(name) for name in names)
