"""Lead's page of the service now: four figures, the counters, and plots; it updates itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask import render_template
from sqlite_utils import Database

from kiosk.base import clock
from kiosk.base.errors import NotFound
from kiosk.config.list_sections import Counter
from kiosk.dossiers import message_months
from kiosk.pages.access import allow, context
from kiosk.pages.officer.session.blueprint import officer, render
from kiosk.papers import plots
from kiosk.papers.plots import HourContext, Plot
from kiosk.papers.workbook import format_cell
from kiosk.records import counters, figures, staff, submissions, tickets
from kiosk.records.tickets import Ticket
from kiosk.vietnam.calendar import weekday
from kiosk.vietnam.money import money


@dataclass(frozen=True)
class Headline:
    """One of the four figures: the value, its words, and whether it needs a look."""

    value: str
    words: str
    is_urgent: bool = False


@dataclass(frozen=True)
class CounterCard:
    """A counter now: officer, number, matter, how long, and its state in words."""

    counter: Counter
    state: str
    icon: str
    officer: str = ""
    label: str = ""
    matter: str = ""
    since: str = ""


@dataclass(frozen=True)
class NowPicture:
    """The page: a sentence, four figures, the counters, three plots."""

    title: str
    headlines: tuple[Headline, ...]
    cards: tuple[CounterCard, ...]
    plots: tuple[Plot, ...]
    at: datetime
    day_words: str


@dataclass(frozen=True)
class CounterLogRow:
    """An event of a ticket at a counter, in words."""

    at: datetime
    label: str
    words: str
    officer: str


@dataclass(frozen=True)
class _Facts:
    """Facts of the store for the page."""

    now: datetime
    waiting: list[Ticket]
    at_counters: Mapping[int | None, Ticket]
    open_counters: Mapping[int, str]
    names: Mapping[str, str]
    visits: list[figures.Visit]
    usual: Mapping[int, float]
    done_before: int
    timely: Mapping[str, tuple[int, int]]
    overdue: int
    last_done: Mapping[int, datetime]
    called_at: Mapping[str, datetime]
    matters: Mapping[str, str] = field(default_factory=dict)


@officer.get("/now")
@allow("lead")
def now() -> str:
    """Show the service now."""
    with context().store.read() as db:
        messages = message_months.load(db)
    return render("officer/now.html", picture=_picture(), shown=format_cell, messages=messages, money=money)


@officer.get("/now/live")
@allow("lead")
def now_live() -> str:
    """Return the part of the page that updates itself."""
    return render_template("officer/now_live.html", picture=_picture(), shown=format_cell)


@officer.get("/now/counter/<int:number>")
@allow("lead")
def now_counter(number: int) -> str:
    """Show what happened at a counter today."""
    counter = context().config.counter(number)
    if counter is None:
        raise NotFound
    day = context().clock.today()
    with context().store.read() as db:
        names = staff.names(db)
        rows = [
            CounterLogRow(
                at=clock.local(event.at),
                label=event.label,
                words=EVENTS[event.event],
                officer=names.get(event.actor, event.actor),
            )
            for event in tickets.events_at_counter(db, day, number)
            if event.event in EVENTS
        ]
    return render("officer/now_counter.html", shown=counter, rows=rows, day=day)


EVENTS = {
    "called": "gọi",
    "recalled": "gọi lại",
    "served": "đã tới",
    "absent": "vắng",
    "closed": "đóng số vì vắng nhiều lần",
    "held": "giữ lại",
    "done": "xong",
    "transferred": "chuyển đi",
}


def _picture() -> NowPicture:
    now = context().clock.now()
    day = context().clock.today()
    with context().store.read() as db:
        facts = _load(db, day, now)
    busy = sum(1 for number in facts.open_counters if number in facts.at_counters)
    count = len(facts.waiting)
    waiting = f"{count} người đang chờ" if count else "Không có ai chờ"
    return NowPicture(
        title=f"{waiting}, {busy} quầy đang làm",
        headlines=(_waiting(facts), _longest(facts), _finished(facts), _on_time(facts)),
        cards=tuple(_card(facts, counter) for counter in context().config.counters),
        plots=_plots(facts, day),
        at=clock.local(now),
        day_words=f"{_capital(weekday(day))} {day:%d/%m/%Y}",
    )


def _load(db: Database, day: date, now: datetime) -> _Facts:
    letters = [series.letter for series in context().config.series]
    before = day - timedelta(days=1)
    while not context().calendar.is_working(before):
        before -= timedelta(days=1)
    waiting = tickets.in_line(db, day, letters)
    at_counters = {ticket.counter: ticket for ticket in tickets.all_at_counters(db, day)}
    at_desk = list(at_counters.values())
    return _Facts(
        now=now,
        waiting=waiting,
        at_counters=at_counters,
        open_counters=counters.open_counters(db, day),
        names=staff.names(db),
        visits=figures.visits(db, day),
        usual=figures.usual_by_hour(db, plots.usual_days(day)),
        done_before=figures.count_done(db, before, now - (day - before)),
        timely=figures.timely_by_procedure(db, plots.month_start(day), now + timedelta(seconds=1)),
        overdue=figures.overdue(db, now),
        last_done=tickets.last_done(db, day),
        called_at={ticket.id: at for ticket in at_desk if (at := tickets.last_called(db, ticket.id))},
        matters={ticket.id: _matter(db, ticket) for ticket in [*at_desk, *_longest_waiting(waiting)]},
    )


def _matter(db: Database, ticket: Ticket) -> str:
    submission = submissions.find(db, ticket.submission_id) if ticket.submission_id else None
    if submission:
        return plots.procedure_name(context(), submission.procedure)
    return next((series.name for series in context().config.series if series.letter == ticket.line), ticket.line)


def _longest_waiting(waiting: list[Ticket]) -> list[Ticket]:
    """Return the ticket that has waited longest, if any; absent ones wait by their own fault."""
    present = [ticket for ticket in waiting if not ticket.is_absent]
    return [min(present, key=lambda ticket: ticket.since)] if present else []


def _waiting(facts: _Facts) -> Headline:
    priority = sum(1 for ticket in facts.waiting if ticket.is_priority)
    words = f"đang chờ, {priority} ưu tiên" if priority else "đang chờ"
    return Headline(f"{len(facts.waiting)} người", words)


def _longest(facts: _Facts) -> Headline:
    longest = _longest_waiting(facts.waiting)
    if not longest:
        return Headline("0 phút", "không có ai đang chờ")
    ticket = longest[0]
    minutes = _minutes(facts.now - ticket.since)
    is_urgent = minutes > context().config.queue.max_wait_minutes
    return Headline(f"{minutes} phút", f"Chờ lâu nhất: {ticket.label}, {facts.matters[ticket.id]}", is_urgent)


def _finished(facts: _Facts) -> Headline:
    tally = figures.tally(facts.visits)
    return Headline(f"{tally.served} lượt", f"đã xong, {facts.done_before} lượt ngày trước giờ này")


def _on_time(facts: _Facts) -> Headline:
    on_time = sum(counts[0] for counts in facts.timely.values())
    late = sum(counts[1] for counts in facts.timely.values())
    share = f"{on_time / (on_time + late):.0%}".replace("%", " %") if on_time + late else "–"
    return Headline(share, f"đúng hẹn tháng này, {facts.overdue} hồ sơ đang trễ", facts.overdue > 0)


def _card(facts: _Facts, counter: Counter) -> CounterCard:
    actor = facts.open_counters.get(counter.number)
    ticket = facts.at_counters.get(counter.number)
    if actor is None and ticket is None:
        return CounterCard(counter=counter, state="đóng", icon="cross")
    officer_name = facts.names.get(actor or "", actor or "")
    if ticket is None:
        done = facts.last_done.get(counter.number)
        idle = f"nghỉ {_minutes(facts.now - done)} phút" if done else "chưa gọi số nào"
        last = f"Lượt trước xong {clock.local(done):%H:%M}" if done else ""
        return CounterCard(counter=counter, state=idle, icon="pause", officer=officer_name, since=last)
    called = facts.called_at.get(ticket.id)
    span = _span(facts.now - called) if called else ""
    is_serving = ticket.state == "serving"
    return CounterCard(
        counter=counter,
        state="đang làm" if is_serving else "đang gọi",
        icon="check" if is_serving else "bell",
        officer=officer_name,
        label=ticket.label,
        matter=facts.matters[ticket.id],
        since=span,
    )


def _plots(facts: _Facts, day: date) -> tuple[Plot, ...]:
    hour = HourContext(now=clock.local(facts.now).hour, usual=facts.usual, usual_name=_capital(weekday(day)))
    return (
        plots.hours(facts.visits, hour),
        plots.services(context(), facts.visits, "Dịch vụ hôm nay"),
        plots.timely(context(), facts.timely, f"Đúng hẹn tháng {day.month}"),
    )


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _minutes(span: timedelta) -> int:
    return max(0, int(span.total_seconds() // 60))


def _span(span: timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    return f"{seconds // 60} phút {seconds % 60:02d}"
