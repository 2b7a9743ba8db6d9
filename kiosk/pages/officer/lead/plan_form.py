"""Form of series, counters and opening hours: its fields as they were typed, the plan that they mean, their errors.

Every field has a name such as `s0-letter`; the page shows again what was typed under it. Rows are numbered from 0.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from kiosk.config.list_sections import Counter, Series
from kiosk.config.service_plan import ServicePlan
from kiosk.config.ward_sections import HoursSettings
from kiosk.vietnam.calendar import weekday
from kiosk.vietnam.viet_text import fold

SPANS = 3
"""Spans of a day that the page shows; a ward has two, and the file may have one more."""
MAX_SERIES = 26
MAX_COUNTERS = 30
MAX_NAME = 40
MAX_QUOTA = 999
WEEKS = {"week": "Thứ Hai đến thứ Sáu", "saturday": "Thứ Bảy"}
_NUMBER = re.compile("[0-9]{1,2}")
_TIME = re.compile(r"([0-9]{1,2})(?:[:hH.]([0-9]{2})?)?")
_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-](20[0-9]{2})")


@dataclass(frozen=True)
class PlanForm:
    """Typed texts of the page; `plan` is None while there are errors, each under the name of its field."""

    values: Mapping[str, str]
    plan: ServicePlan | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """Return what was typed into a field."""
        return self.values.get(name, "")

    def error(self, name: str) -> str:
        """Return the error of a field; empty for none."""
        return self.errors.get(name, "")

    @property
    def series_rows(self) -> range:
        """The numbers of the rows of series."""
        return range(_count(self.values, "series", MAX_SERIES))

    @property
    def counter_rows(self) -> range:
        """The numbers of the rows of counters."""
        return range(_count(self.values, "counters", MAX_COUNTERS))

    def with_row(self, kind: str) -> "PlanForm":
        """Return the form with one more empty row; a new counter serves every series."""
        limit = MAX_SERIES if kind == "series" else MAX_COUNTERS
        count = _count(self.values, kind, limit)
        values = {**self.values, kind: str(min(count + 1, limit))}
        if kind == "counters" and count < limit:
            texts = [self.value(f"c{row}-number") for row in self.counter_rows]
            numbers = [int(text) for text in texts if _NUMBER.fullmatch(text)]
            values |= {f"c{count}-number": str(max(numbers, default=0) + 1), f"c{count}-all": "1"}
        return PlanForm(values)


def _count(values: Mapping[str, str], kind: str, limit: int) -> int:
    text = values.get(kind, "")
    return min(int(text), limit) if text.isascii() and text.isdigit() and len(text) < 3 else 0


def form_of(plan: ServicePlan, today: date) -> PlanForm:
    """Return the form that shows a plan; days that are over are kept but not shown."""
    values = {"series": str(len(plan.series)), "counters": str(len(plan.counters))}
    for row, series in enumerate(plan.series):
        values |= {
            f"s{row}-id": series.id,
            f"s{row}-letter": series.letter,
            f"s{row}-name": series.name,
            f"s{row}-name_en": series.name_en,
            f"s{row}-quota": str(series.quota or ""),
        }
    for row, counter in enumerate(plan.counters):
        values |= {f"c{row}-was": str(counter.number), f"c{row}-number": str(counter.number)}
        values |= {f"c{row}-name": counter.own_name, f"c{row}-all": "" if counter.series else "1"}
        for column, series in enumerate(plan.series):
            values[f"c{row}-s{column}"] = "1" if series.letter in counter.series else ""
    for week, spans in {"week": plan.hours.weekdays, "saturday": plan.hours.saturday}.items():
        for number, span in enumerate(spans[:SPANS]):
            values[f"{week}{number}-from"], _, values[f"{week}{number}-to"] = span.partition("-")
    for kind, days in {"off": plan.hours.off, "worked": plan.hours.worked}.items():
        values[kind] = "\n".join(
            f"{date.fromisoformat(day):%d/%m/%Y}" for day in sorted(days) if day >= today.isoformat()
        )
    return PlanForm(values)


def read(values: Mapping[str, str], current: ServicePlan, today: date) -> PlanForm:
    """Return the form as it was typed, with its plan or its errors.

    Args:
        current: the plan in force; its days that are over stay as they are.
    """
    reader = _PlanReader(PlanForm(values), current, today)
    plan = reader.read()
    return PlanForm(values, None if reader.errors else plan, reader.errors)


class _PlanReader:
    """Reads a form; every error is kept, so that the page names all of them at once."""

    def __init__(self, form: PlanForm, current: ServicePlan, today: date) -> None:
        self.errors: dict[str, str] = {}
        self._form = form
        self._current = current
        self._today = today
        self._letters: dict[int, str] = {}
        """Row of a series -> its letter, for rows that stay."""

    def read(self) -> ServicePlan:
        series = tuple(self._series())
        if not series:
            self.errors.setdefault("series", "Phải còn ít nhất một dãy số.")
        counters = tuple(self._counters())
        if not counters:
            self.errors.setdefault("counters", "Phải còn ít nhất một quầy.")
        served = {letter for counter in counters for letter in (counter.series or self._letters.values())}
        for row, letter in self._letters.items():
            if counters and letter and letter not in served and not self.errors:
                self.errors[f"s{row}-letter"] = f"Chưa quầy nào nhận dãy {letter}: đánh dấu ở bảng Quầy bên dưới."
        return ServicePlan(series=series, counters=counters, hours=self._hours())

    def _text(self, name: str) -> str:
        return " ".join(self._form.value(name).split())

    def _series(self) -> Iterator[Series]:
        used_ids: set[str] = set()
        for row in self._form.series_rows:
            names = (f"s{row}-id", f"s{row}-letter", f"s{row}-name", f"s{row}-name_en", f"s{row}-quota")
            typed_id, letter, name, name_en, quota = map(self._text, names)
            is_empty = not any((typed_id, letter, name, name_en, quota))
            if is_empty or self._form.value(f"s{row}-drop"):
                continue
            letter = letter.upper()
            self._check_letter(row, letter)
            self._check_name(f"s{row}-name", name, "Mời gõ tên dãy: tên này in trên phiếu và hiện ở màn hình.")
            if name_en:
                self._check_name(f"s{row}-name_en", name_en, "")
            if quota and not (quota.isascii() and quota.isdigit() and 1 <= int(quota) <= MAX_QUOTA):
                self.errors[f"s{row}-quota"] = (
                    f"Số phát mỗi ngày là số từ 1 đến {MAX_QUOTA}; để trống là không hạn chế."
                )
                quota = ""
            series_id = self._id(typed_id, letter, name, used_ids)
            used_ids.add(series_id)
            self._letters[row] = letter
            yield Series(letter=letter, id=series_id, name=name, name_en=name_en, quota=int(quota or 0))

    def _check_letter(self, row: int, letter: str) -> None:
        if not re.fullmatch("[A-Z]", letter):
            self.errors[f"s{row}-letter"] = "Chữ cái của dãy là một chữ từ A đến Z, không dấu."
        elif letter in self._letters.values():
            self.errors[f"s{row}-letter"] = f"Chữ {letter} đã có ở dãy khác: mỗi dãy một chữ cái riêng."

    def _check_name(self, place: str, name: str, missing: str) -> None:
        if not name:
            self.errors[place] = missing
        elif len(name) > MAX_NAME or not name.isprintable():
            self.errors[place] = f"Tên không quá {MAX_NAME} chữ."

    def _id(self, typed_id: str, letter: str, name: str, used: set[str]) -> str:
        """Return the id of a series, which procedures refer to: the known one, or one from letter and name."""
        known = {series.id for series in self._current.series}
        if re.fullmatch("[A-Z]-[A-Z]{1,30}", typed_id) and typed_id not in used:
            return typed_id
        word = re.sub("[^A-Z]", "", fold(name).upper())[:20] or "MOI"
        series_id = f"{letter or 'X'}-{word}"
        while series_id in known | used:
            series_id += "X"
        return series_id

    def _counters(self) -> Iterator[Counter]:
        used: set[int] = set()
        for row in self._form.counter_rows:
            number_text = self._text(f"c{row}-number")
            name = self._text(f"c{row}-name")
            is_empty = not number_text and not name
            if is_empty or self._form.value(f"c{row}-drop"):
                continue
            number = int(number_text) if _NUMBER.fullmatch(number_text) else 0
            if not 1 <= number <= MAX_COUNTERS:
                self.errors[f"c{row}-number"] = f"Số quầy là số từ 1 đến {MAX_COUNTERS}."
            elif number in used:
                self.errors[f"c{row}-number"] = f"Quầy {number} ghi hai lần: mỗi quầy một số riêng."
            used.add(number)
            if name:
                self._check_name(f"c{row}-name", name, "")
            known = next((counter for counter in self._current.counters if counter.number == number), None)
            if not name:
                name = known.name if known and not known.own_name else f"Quầy {number}"
            served = self._served(row, number_text)
            yield Counter(number=number, name=name, series=_in_known_order(served, known.series if known else ()))

    def _served(self, row: int, number: str) -> tuple[str, ...]:
        if self._form.value(f"c{row}-all"):
            return ()
        letters = tuple(letter for column, letter in self._letters.items() if self._form.value(f"c{row}-s{column}"))
        if not letters:
            words = f"Quầy {number} chưa nhận dãy nào: đánh dấu dãy, hoặc “Mọi dãy”. Không dùng quầy thì đánh dấu Bỏ."
            self.errors[f"c{row}-all"] = words
        return letters

    def _hours(self) -> HoursSettings:
        off = self._days("off", self._current.hours.off)
        worked = self._days("worked", self._current.hours.worked)
        for day in sorted(set(off) & set(worked)):
            words = f"Ngày {date.fromisoformat(day):%d/%m/%Y} vừa nghỉ vừa làm bù: bỏ ở một ô."
            self.errors.setdefault("worked", words)
        weekdays = self._spans("week")
        if not weekdays and not any(name.startswith("week") for name in self.errors):
            self.errors["week0-from"] = "Mời gõ giờ mở quầy từ thứ Hai đến thứ Sáu."
        return HoursSettings(weekdays=weekdays, saturday=self._spans("saturday"), off=off, worked=worked)

    def _spans(self, week: str) -> tuple[str, ...]:
        spans: list[str] = []
        for number in range(SPANS):
            opens, closes = (self._text(f"{week}{number}-{end}") for end in ("from", "to"))
            if not opens and not closes:
                continue
            start = _parse_time(opens)
            end = _parse_time(closes)
            place = f"{week}{number}-from"
            if not start or not end:
                self.errors[place] = "Gõ đủ giờ mở và giờ đóng, ví dụ 7:30 và 11:30; nghỉ buổi này thì để trống cả hai."
            elif start >= end:
                self.errors[place] = f"Giờ đóng {closes} không sau giờ mở {opens}. Mời xem lại."
            elif spans and start < spans[-1].partition("-")[2]:
                self.errors[place] = f"Buổi này mở lúc {opens}, khi buổi trước chưa đóng. Mời xem lại."
            else:
                spans.append(f"{start}-{end}")
        return tuple(spans)

    def _days(self, kind: str, known: tuple[str, ...]) -> tuple[str, ...]:
        """Return the days of a box, one a line, after those that are over and are kept."""
        days = [day for day in known if day < self._today.isoformat()]
        for line in self._form.value(kind).splitlines():
            text = line.strip()
            if not text:
                continue
            day = _parse_day(text)
            if day is None:
                self.errors.setdefault(kind, f"“{text[:40]}” không phải ngày. Mỗi dòng một ngày, ví dụ 24/12/2026.")
            elif day < self._today:
                words = f"Ngày {day:%d/%m/%Y} đã qua (hôm nay {self._today:%d/%m/%Y}). Mời xem lại ngày, năm."
                self.errors.setdefault(kind, words)
            elif kind == "worked" and day.weekday() == 6:
                self.errors.setdefault(kind, f"Ngày {day:%d/%m/%Y} là {weekday(day)}. Mời xem lại ngày làm bù.")
            elif day.isoformat() not in days:
                days.append(day.isoformat())
        return _in_known_order(tuple(days), known)


def _in_known_order(values: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """Return values as they were written before: kiosk.toml may have another order, which is no change."""
    return known if set(values) == set(known) else values


def _parse_time(text: str) -> str:
    """Return a time as 07:30 from 7:30, 7h30 or 7h; empty if it is none."""
    match = _TIME.fullmatch(text.replace(" ", ""))
    if match is None:
        return ""
    hour = int(match[1])
    minute = int(match[2] or 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else ""


def _parse_day(text: str) -> date | None:
    match = _DAY.fullmatch(text.replace(" ", ""))
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None
