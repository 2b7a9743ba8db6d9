"""Differences between two service plans in Vietnamese sentences, and what a change means for people and papers."""

from collections.abc import Iterator, Sequence
from datetime import date

from kiosk.config.list_sections import Counter, Series
from kiosk.config.service_plan import ServicePlan
from kiosk.config.ward_sections import HoursSettings
from kiosk.context import Context, calendar_of
from kiosk.records import tickets
from kiosk.vietnam.calendar import weekday
from kiosk.voice import call_clips


def changes(before: ServicePlan, after: ServicePlan) -> list[str]:
    """Return the differences, a sentence each; none for equal plans."""
    return [
        *_series_changes(before.series, after.series),
        *_counter_changes(before.counters, after.counters),
        *_hour_changes(before.hours, after.hours),
    ]


def _series_changes(before: Sequence[Series], after: Sequence[Series]) -> Iterator[str]:
    old = {series.id: series for series in before}
    new = {series.id: series for series in after}
    for series in before:
        if series.id not in new:
            yield f"Bỏ dãy {series.letter} ({series.name})."
    for series in after:
        known = old.get(series.id)
        if known is None:
            yield f"Thêm dãy {series.letter} ({series.name}), {_quota(series)}."
        elif known != series:
            yield f"Dãy {known.letter}: {', '.join(_series_differences(known, series))}."
    kept = [series.id for series in before if series.id in new]
    if kept != [series.id for series in after if series.id in old]:
        yield f"Thứ tự các dãy: {', '.join(series.letter for series in after)}."


def _series_differences(before: Series, after: Series) -> Iterator[str]:
    if before.letter != after.letter:
        yield f"chữ cái đổi thành {after.letter}"
    if before.name != after.name:
        yield f"tên “{before.name}” thành “{after.name}”"
    if before.name_en != after.name_en:
        yield f"tên tiếng Anh thành “{after.name_en}”" if after.name_en else "bỏ tên tiếng Anh"
    if before.quota != after.quota:
        yield _quota(after)


def _quota(series: Series) -> str:
    return f"mỗi ngày nhiều nhất {series.quota} số" if series.quota else "không hạn chế số mỗi ngày"


def _counter_changes(before: Sequence[Counter], after: Sequence[Counter]) -> Iterator[str]:
    old = {counter.number: counter for counter in before}
    new = {counter.number: counter for counter in after}
    for number, counter in old.items():
        if number not in new:
            yield f"Bỏ quầy {number}{_named(counter)}."
    for number, counter in new.items():
        known = old.get(number)
        if known is None:
            yield f"Thêm quầy {number}{_named(counter)}, nhận {_served(counter)}."
            continue
        if known.name != counter.name:
            yield f"Quầy {number}: tên thành “{counter.name}”."
        if known.series != counter.series:
            yield f"Quầy {number}: nhận {_served(counter)} (trước: {_served(known)})."
    kept = [number for number in old if number in new]
    if kept != [number for number in new if number in old]:
        yield f"Thứ tự các quầy: {', '.join(map(str, new))}."


def _named(counter: Counter) -> str:
    return f" ({counter.own_name})" if counter.own_name else ""


def _served(counter: Counter) -> str:
    return f"dãy {', '.join(counter.series)}" if counter.series else "mọi dãy"


def _hour_changes(before: HoursSettings, after: HoursSettings) -> Iterator[str]:
    for title, old, new in (
        ("Thứ Hai đến thứ Sáu", before.weekdays, after.weekdays),
        ("Thứ Bảy", before.saturday, after.saturday),
    ):
        if old != new:
            yield f"{title}: {_spans(new)} (trước: {_spans(old)})."
    yield from _day_changes(before.off, after.off, "Nghỉ thêm {}.", "Không nghỉ {} nữa.")
    yield from _day_changes(before.worked, after.worked, "Làm bù {}.", "Không làm bù {} nữa.")


def _day_changes(before: Sequence[str], after: Sequence[str], added: str, removed: str) -> Iterator[str]:
    for day in after:
        if day not in before:
            yield added.format(_day(day))
    for day in before:
        if day not in after:
            yield removed.format(_day(day))


def _spans(spans: Sequence[str]) -> str:
    return ", ".join(span.replace("-", " đến ") for span in spans) if spans else "nghỉ"


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{weekday(day)} {day:%d/%m/%Y}"


def consequences(context: Context, before: ServicePlan, after: ServicePlan) -> list[str]:
    """Return what a change means today: procedures without their series, missing clips, people who still wait."""
    return [
        *_homeless_procedures(context, before, after),
        *_missing_clips(context, before, after),
        *_waiting_today(context, before, after),
    ]


def _homeless_procedures(context: Context, before: ServicePlan, after: ServicePlan) -> Iterator[str]:
    """Yield the procedures whose series is removed: their numbers come from the first series then."""
    removed = {series.id for series in before.series} - {series.id for series in after.series}
    procedures = context.catalogue.all(context.clock.today())
    names = [procedure.short.vi for procedure in procedures if procedure.queue and procedure.series in removed]
    if names:
        first = after.series[0]
        shown = ", ".join(names[:4]) + (f" và {len(names) - 4} thủ tục nữa" if len(names) > 4 else "")
        yield f"{len(names)} thủ tục thuộc dãy bị bỏ ({shown}) sẽ lấy số dãy {first.letter} ({first.name})."


def _missing_clips(context: Context, before: ServicePlan, after: ServicePlan) -> Iterator[str]:
    added = {series.letter for series in after.series} - {series.letter for series in before.series}
    folder = call_clips.clips_folder(context.config)
    for letter in sorted(added):
        if call_clips.find_clip(folder, f"chu-{letter.lower()}", context.config.voice.dialect) is None:
            yield f"Bảng gọi số chưa có tiếng đọc chữ {letter}: gọi số dãy này chỉ có chuông. Báo kỹ thuật làm tiếng."


def _waiting_today(context: Context, before: ServicePlan, after: ServicePlan) -> Iterator[str]:
    """Yield a warning where the counter closes earlier today and people wait."""
    if before.hours == after.hours:
        return
    today = context.clock.today()
    old = context.calendar.open_hours(today)
    new = calendar_of(after.hours).open_hours(today)
    if old == new:
        return
    ends = f"đóng lúc {new[-1][1]:%H:%M}" if new else "nghỉ cả ngày"
    with context.store.read() as db:
        left = len(tickets.labels_left(db, today))
    if left:
        yield f"Giờ mở hôm nay đổi: quầy {ends}, đang còn {left} người chưa xong. Số của họ vẫn gọi được."
    else:
        yield f"Giờ mở hôm nay đổi: quầy {ends}."
