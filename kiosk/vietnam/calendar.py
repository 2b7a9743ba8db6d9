"""Days at the ward: working days and deadlines, opening hours, dates read from three boxes and written in words.

Deadlines count by holidays.toml in kiosk/vietnam/reference_data and the days that a ward adds. Opening hours are
another matter: a ward may take forms on a Saturday that no deadline counts. Nothing here asks what time it is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kiosk import clock
from kiosk.vietnam.reference_data import read

Hours = Mapping[int, tuple[tuple[time, time], ...]]  # weekday (Monday 0) -> from, until

_MORNING = (time(7, 0), time(11, 30))
_AFTERNOON = (time(13, 30), time(17, 0))
OFFICE_HOURS: Hours = dict.fromkeys(range(5), (_MORNING, _AFTERNOON))
CUTOFF = time(15, 0)  # "nhận sau 15 giờ thì trả trong ngày làm việc tiếp theo"
EARLIEST_YEAR = 1900
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """A ward's days: off, worked Saturdays, hours, which years are announced, and which are in the table at all."""

    off: frozenset[date]
    worked: frozenset[date]
    certain: frozenset[int]
    known: frozenset[int]
    hours: Hours

    def is_working(self, day: date) -> bool:
        """Tell if a deadline counts this day."""
        return day in self.worked or (day.weekday() < 5 and day not in self.off)

    def is_certain(self, day: date) -> bool:
        """Tell if the holidays of the day's year are announced; otherwise a deadline is only likely."""
        return day.year in self.certain

    def after(self, day: date, working_days: int) -> date:
        """Return the day that is so many working days after; the day itself does not count (Civil Code 147)."""
        for _ in range(working_days):
            day += _DAY
            while not self.is_working(day):
                day += _DAY
        return day

    def due(self, received: datetime, working_days: int) -> date:
        """Return when the result is due; 0 means the same day, or the next working day if received after 15:00."""
        at = clock.local(received)
        if working_days == 0:
            late = at.time() > CUTOFF or not self.is_working(at.date())
            return self.after(at.date(), 1) if late else at.date()
        return self.after(at.date(), working_days)

    def working_days_between(self, first: date, last: date) -> int:
        """Count the working days after the first day up to and with the last; 0 if it is not later."""
        return sum(self.is_working(first + _DAY * n) for n in range(1, (last - first).days + 1))

    def open_hours(self, day: date) -> tuple[tuple[time, time], ...]:
        """Return when the counter is open on a day; a worked Saturday keeps Monday's hours."""
        if day in self.off:
            return ()
        return self.hours.get(0 if day in self.worked else day.weekday(), ())

    def is_open(self, at: datetime) -> bool:
        """Tell if the counter is open at an aware time."""
        here = clock.local(at)
        return any(start <= here.time() < end for start, end in self.open_hours(here.date()))

    def next_opening(self, at: datetime) -> datetime | None:
        """Return when the counter opens next after an aware time; None if it does not within 30 days."""
        here = clock.local(at)
        for day in (here.date() + _DAY * n for n in range(31)):
            for start, _ in self.open_hours(day):
                opening = datetime.combine(day, start, clock.WARD)
                if opening > here:
                    return opening
        return None


def calendar(off: Collection[date] = (), worked: Collection[date] = (), hours: Hours = OFFICE_HOURS) -> Calendar:
    """Make a calendar from the holiday table, with a ward's own days off and worked days laid over it."""
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
class DateFault:
    """Why three boxes are no date: "incomplete", "not_real", "future" or "too_old", with what they said."""

    kind: str
    day: int | None = None
    month: int | None = None
    year: int | None = None


def read_date(day: str, month: str, year: str, *, today: date | None = None, partial: bool = False) -> str | DateFault:
    """Read three boxes as YYYY-MM-DD, or where `partial` as YYYY-MM or YYYY; with `today` none may lie after it."""
    boxes = [box.strip() for box in (year, month, day)]
    if not _is_complete(boxes, partial=partial):
        return DateFault("incomplete")
    numbers = [int(box) for box in boxes if box]
    y, m, d = (*numbers, None, None)[:3]
    if numbers[0] < EARLIEST_YEAR:
        return DateFault(kind="too_old", day=d, month=m, year=y)
    if m is not None and not _is_real(numbers):
        return DateFault(kind="not_real", day=d, month=m, year=y)
    iso = "-".join(f"{number:0{size}}" for number, size in zip(numbers, (4, 2, 2), strict=False))
    if today and iso > today.isoformat()[: len(iso)]:
        return DateFault(kind="future", day=d, month=m, year=y)
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


def days_between(first: str, last: str) -> int:
    """Count the days from one whole ISO date to another; negative if the other is earlier."""
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def ages_on(birth: str, day: date) -> tuple[int, int]:
    """Return the least and the greatest age in whole years that a birth date, maybe only a year, allows on a day."""
    latest = f"{birth}{'-12-31'[len(birth) - 10 :]}" if len(birth) < 10 else birth
    earliest = f"{birth}{'-01-01'[len(birth) - 10 :]}" if len(birth) < 10 else birth
    return _age(latest, day), _age(earliest, day)


def _age(birth: str, day: date) -> int:
    return day.year - int(birth[:4]) - (day.isoformat()[5:] < birth[5:])


def shown(iso: str) -> str:
    """Show a date as 12/11/2026, a partial one as 11/2026 or 2026."""
    return "/".join(reversed(iso.split("-")))


def short_time(stamp: str | None, today: date) -> str:
    """Return a stored time as 8:12 today, as 8:12 ngày 24/11 on another day, as a dash for None."""
    if not stamp:
        return "–"
    at = clock.local(clock.parse_timestamp(stamp))
    hour = f"{at.hour}:{at:%M}"
    return hour if at.date() == today else f"{hour} ngày {at:%d/%m}"


WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn"))


def weekday(day: date) -> str:
    """Name the day of the week, as it stands within a sentence."""
    return WEEKDAYS[day.weekday()]


def number_in_words(number: int) -> str:
    """Write a whole number from 0 in words, as papers have them: linh, nghìn, mươi mốt, hai mươi bốn, lăm."""
    if number < 0:
        raise ValueError("only numbers from 0 have words here")
    if number == 0:
        return _DIGITS[0]
    words: list[str] = []
    for size, name in _SCALES:
        if number >= size:
            group = number // size
            whole = [number_in_words(group)] if group >= 1000 else _hundreds(group, behind=bool(words))
            words += [*whole, name]
            number %= size
    return " ".join(words + _hundreds(number, behind=bool(words)))


def _hundreds(number: int, *, behind: bool) -> list[str]:
    """Write 0 to 999; behind a thousand the hundreds are always said: hai nghìn không trăm hai mươi bốn."""
    if number == 0:
        return []
    hundreds, rest = divmod(number, 100)
    says_hundreds = behind or hundreds > 0
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
    """Write a date as a form wants it: mười hai, tháng mười một, năm hai nghìn không trăm hai mươi sáu."""
    return ", ".join(_date_words(iso))


def date_aloud(iso: str, *, with_year: bool = True, with_weekday: bool = False) -> str:
    """Write a date as it is said: thứ Năm, ngày ba tháng mười hai."""
    words = _date_words(iso)
    if len(words) == 3:
        words[0] = f"ngày {words[0]}"
    said = " ".join(words if with_year or len(words) == 1 else words[:-1])
    return f"{weekday(date.fromisoformat(iso))}, {said}" if with_weekday and len(words) == 3 else said


def _date_words(iso: str) -> list[str]:
    year, month, day = (*map(int, iso.split("-")), 0, 0)[:3]
    words = [f"năm {number_in_words(year)}"]
    if month:
        words.insert(0, f"tháng {'tư' if month == 4 else number_in_words(month)}")
    if day:
        words.insert(0, number_in_words(day))
    return words
