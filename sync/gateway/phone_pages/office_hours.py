"""When the counter of a ward is open, in words, from the days that its kiosk has reported."""

from datetime import date, datetime, timedelta, timezone

from sync.gateway.kiosk_reports import Office

WARD_TIME = timezone(timedelta(hours=7))
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def words_of_hours(office: Office | None, now: datetime) -> str:
    """Return until when the counter is open now, or when it opens next; empty where the kiosk has not said it."""
    if office is None:
        return ""
    local = now.astimezone(WARD_TIME)
    spans = office.days.get(local.date().isoformat())
    if spans is None:
        return ""
    clock = f"{local:%H:%M}"
    for span in spans:
        opens, _, closes = span.partition("-")
        if clock < opens:
            return f"Hôm nay mở lúc {_hour(opens)}."
        if clock < closes:
            return f"Đang mở, tới {_hour(closes)}."
    closed = "Hôm nay đã hết giờ." if spans else "Hôm nay phường nghỉ."
    opening = _next_opening(office, local.date())
    return f"{closed} Mở lại {opening}." if opening else closed


def words_of_day(day: date) -> str:
    """Return a day as `thứ Sáu, 27/11/2026`."""
    return f"{_WEEKDAYS[day.weekday()]}, {day:%d/%m/%Y}"


def words_of_time(at: datetime, now: datetime) -> str:
    """Return a time of the ward as `10:42 hôm nay`, or with its day."""
    clock = f"{at.hour}:{at:%M}"
    is_today = at.date() == now.astimezone(WARD_TIME).date()
    return f"{clock} hôm nay" if is_today else f"{clock} ngày {at.day}/{at.month}/{at.year}"


def _next_opening(office: Office, today: date) -> str:
    """Return the next opening after a day, such as `thứ Hai 30/11 lúc 7:30`."""
    for day, spans in sorted(office.days.items()):
        if day > today.isoformat() and spans:
            opens, _, _ = spans[0].partition("-")
            at = date.fromisoformat(day)
            return f"{_WEEKDAYS[at.weekday()]} {at.day}/{at.month} lúc {_hour(opens)}"
    return ""


def _hour(text: str) -> str:
    """Return a time of the contract as people write it: 7:30, 17:00."""
    return text.removeprefix("0")
