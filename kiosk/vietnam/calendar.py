"""The ward's calendar: working days, due dates, opening hours; dates parsed from three fields and written in words.

Due dates use holidays.toml of reference_data and the days that a ward adds. Opening hours are independent of them: a
ward may take forms on a Saturday that no due date counts. Nothing here reads the clock.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kiosk.base import clock
from kiosk.vietnam.reference_data import read

WeeklyHours = Mapping[int, tuple[tuple[time, time], ...]]  # weekday (Monday is 0) -> spans of (opens, closes)

_MORNING = (time(7, 0), time(11, 30))
_AFTERNOON = (time(13, 30), time(17, 0))
OFFICE_HOURS: WeeklyHours = dict.fromkeys(range(5), (_MORNING, _AFTERNOON))
CUTOFF = time(15, 0)  # "nhận sau 15 giờ thì trả trong ngày làm việc tiếp theo"
EARLIEST_YEAR = 1900
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """A ward's days off, worked Saturdays and hours; `certain` years are announced, `known` years are in the table."""

    off: frozenset[date]
    worked: frozenset[date]
    certain: frozenset[int]
    known: frozenset[int]
    hours: WeeklyHours

    def is_working(self, day: date) -> bool:
        """Return whether due dates count this day."""
        return day in self.worked or (day.weekday() < 5 and day not in self.off)

    def is_certain(self, day: date) -> bool:
        """Return whether the holidays of the day's year are announced; otherwise a due date is only likely."""
        return day.year in self.certain

    def after(self, day: date, working_days: int) -> date:
        """Return the day after so many working days; the first day does not count.

        Source: Civil Code 2015 art. 147.
        """
        for _ in range(working_days):
            day += _DAY
            while not self.is_working(day):
                day += _DAY
        return day

    def due(self, received: datetime, working_days: int) -> date:
        """Return the due date; 0 working days is the same day, or the next working day if received after 15:00."""
        at = clock.local(received)
        if working_days == 0:
            late = at.time() > CUTOFF or not self.is_working(at.date())
            return self.after(at.date(), 1) if late else at.date()
        return self.after(at.date(), working_days)

    def open_hours(self, day: date) -> tuple[tuple[time, time], ...]:
        """Return the opening hours of a day; a worked Saturday has Monday's hours."""
        if day in self.off:
            return ()
        return self.hours.get(0 if day in self.worked else day.weekday(), ())

    def is_open(self, at: datetime) -> bool:
        """Return whether the counter is open at an aware time."""
        local = clock.local(at)
        return any(start <= local.time() < end for start, end in self.open_hours(local.date()))

    def next_opening(self, at: datetime) -> datetime | None:
        """Return the next opening after an aware time; None if there is none within 30 days."""
        local = clock.local(at)
        for day in (local.date() + _DAY * n for n in range(31)):
            for start, _ in self.open_hours(day):
                opening = datetime.combine(day, start, clock.WARD)
                if opening > local:
                    return opening
        return None


def calendar(off: Collection[date] = (), worked: Collection[date] = (), hours: WeeklyHours = OFFICE_HOURS) -> Calendar:
    """Build a calendar from the holiday table and a ward's own days off and worked days."""
    years = read("holidays.toml")["year"]
    table_off = {day for year in years for day in year["off"]}
    table_worked = {day for year in years for day in year["worked"]}
    return Calendar(
        off=frozenset(table_off - set(worked) | set(off)),
        worked=frozenset(table_worked - set(off) | set(worked)),
        certain=frozenset(year["year"] for year in years if year["confirmed"]),
        known=frozenset(year["year"] for year in years),
        hours=hours,
    )


@dataclass(frozen=True)
class DateError:
    """Three fields that are no date, with their numbers; `kind` is incomplete, not_real, future or too_old."""

    kind: str
    day: int | None = None
    month: int | None = None
    year: int | None = None


def read_date(day: str, month: str, year: str, *, today: date | None = None, partial: bool = False) -> str | DateError:
    """Parse three fields as YYYY-MM-DD, with `partial` also as YYYY-MM or YYYY; `today` is the latest date allowed."""
    boxes = [box.strip() for box in (year, month, day)]
    if not _is_complete(boxes, partial=partial):
        return DateError("incomplete")
    numbers = [int(box) for box in boxes if box]
    y, m, d = (*numbers, None, None)[:3]
    if numbers[0] < EARLIEST_YEAR:
        return DateError(kind="too_old", day=d, month=m, year=y)
    if m is not None and not _is_real(numbers):
        return DateError(kind="not_real", day=d, month=m, year=y)
    iso = "-".join(f"{number:0{size}}" for number, size in zip(numbers, (4, 2, 2), strict=False))
    if today and iso > today.isoformat()[: len(iso)]:
        return DateError(kind="future", day=d, month=m, year=y)
    return iso


def _is_complete(boxes: list[str], *, partial: bool) -> bool:
    year, month, day = boxes
    if any(box and not (box.isascii() and box.isdigit() and len(box) <= 4) for box in boxes):
        return False
    if len(year) != 4 or (day and not month):
        return False
    return partial or bool(month and day)


def _is_real(numbers: list[int]) -> bool:
    try:
        date(*(*numbers, 1)[:3])
    except ValueError:
        return False
    return True


def format_date(iso: str) -> str:
    """Return a date as 12/11/2026, a partial date as 11/2026 or 2026."""
    return "/".join(reversed(iso.split("-")))


def time_of_day(at: datetime) -> str:
    """Return a time of the ward's day, such as 8:44."""
    local = clock.local(at)
    return f"{local.hour}:{local:%M}"


def short_time(stamp: str | None, today: date) -> str:
    """Return a stored time as 8:12 today, as 8:12 ngày 24/11 on another day, as a dash for None."""
    if not stamp:
        return "–"
    at = clock.local(clock.parse_timestamp(stamp))
    hour = time_of_day(at)
    return hour if at.date() == today else f"{hour} ngày {at:%d/%m}"


WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn"))


def weekday(day: date) -> str:
    """Return the name of the day of the week, as written inside a sentence."""
    return WEEKDAYS[day.weekday()]


def number_in_words(number: int) -> str:
    """Return a whole number from 0 in words, as papers write them: linh, nghìn, mươi mốt, hai mươi bốn, lăm.

    Raises:
        ValueError: a negative number.
    """
    if number < 0:
        raise ValueError("only numbers from 0 have words here")
    if number == 0:
        return _DIGITS[0]
    words: list[str] = []
    for size, name in _SCALES:
        if number >= size:
            group = number // size
            whole = [number_in_words(group)] if group >= 1000 else _hundreds(group, after_thousand=bool(words))
            words += [*whole, name]
            number %= size
    return " ".join(words + _hundreds(number, after_thousand=bool(words)))


def _hundreds(number: int, *, after_thousand: bool) -> list[str]:
    """Return 0 to 999 in words; after a thousand the hundreds are always written: hai nghìn không trăm hai mươi bốn."""
    if number == 0:
        return []
    hundreds, rest = divmod(number, 100)
    says_hundreds = after_thousand or hundreds > 0
    front = [_DIGITS[hundreds], "trăm"] if says_hundreds else []
    if 0 < rest < 10 and says_hundreds:
        return [*front, "linh", _DIGITS[rest]]
    return front + _tens(rest)


def _tens(number: int) -> list[str]:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return [_DIGITS[ones]] if ones else []
    front = ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if ones == 0:
        return front
    last = {1: "mốt" if tens > 1 else "một", 5: "lăm"}.get(ones, _DIGITS[ones])
    return [*front, last]


def date_in_words(iso: str) -> str:
    """Return a date as forms write it: ngày mười hai, tháng mười một, năm hai nghìn không trăm hai mươi sáu."""
    return ", ".join(_date_words(iso))


def date_aloud(iso: str, *, with_year: bool = True, with_weekday: bool = False) -> str:
    """Return a date as it is spoken: thứ Năm, ngày ba tháng mười hai."""
    words = _date_words(iso)
    spoken = " ".join(words if with_year or len(words) == 1 else words[:-1])
    return f"{weekday(date.fromisoformat(iso))}, {spoken}" if with_weekday and len(words) == 3 else spoken


def _date_words(iso: str) -> list[str]:
    year, month, day = (*map(int, iso.split("-")), 0, 0)[:3]
    words = [f"năm {number_in_words(year)}"]
    if month:
        words.insert(0, f"tháng {'tư' if month == 4 else number_in_words(month)}")
    if day:
        words.insert(0, f"ngày {number_in_words(day)}")
    return words
