"""Box for a day, in the order of Vietnam on every browser: 24/11/2026. An address may have the day as 2026-11-24."""

from datetime import date

from kiosk.vietnam import calendar

WRONG = "Ngày viết như 25/11/2026."


def parse_day(text: str) -> date | None:
    """Return the day of a box or an address; None for a text that is no day."""
    day, _, rest = text.strip().partition("/")
    month, _, year = rest.partition("/")
    parsed = calendar.read_date(day, month, year) if rest else text.strip()
    try:
        return date.fromisoformat(parsed) if isinstance(parsed, str) else None
    except ValueError:
        return None
