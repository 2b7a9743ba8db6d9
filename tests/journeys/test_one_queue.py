"""One truth of the queue: before the touch, on the screen, on paper and in the look-up the same people are ahead."""

import re

import pytest

from kiosk import papers
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.records import counters, tickets
from kiosk.records.tickets import Ticket
from printers.render import text
from tests.journeys.people import birth_until_check, reach_check_page, submit
from tests.journeys.walker import Walker


@pytest.fixture
def context(walker: Walker, clock: FixedClock) -> Context:
    clock.advance(24 * 3600)  # the 24th is a holiday
    return walker.context


def _draw(context: Context, series: str, count: int) -> None:
    with context.store.write() as db:
        for _ in range(count):
            tickets.draw(db, context.clock.today(), series, context.clock.now())


def _open_counter(context: Context) -> set[str]:
    """Open counter 1 and return the lines that it serves."""
    with context.store.write() as db:
        counters.open(db, context.clock.today(), 1, now=context.clock.now(), actor="CB01")
    settings = context.config.counter(1)
    assert settings
    return set(context.config.lines_of(settings))


def _ahead(words: str) -> int:
    match = re.search(r"(\d+)\sngười", words)
    return int(match[1]) if match else 0


def _paper(context: Context, kind: str, subject: str) -> str:
    document = papers.compose(context, kind, subject, {})
    assert document is not None
    return text.render(document, columns=200)


def test_screen_slip_and_look_up_say_the_same_people_ahead(walker: Walker, context: Context) -> None:
    lines = _open_counter(context)
    other = next(iter(sorted(lines - {"A"})))
    _draw(context, "A", 2)
    _draw(context, other, 3)
    submit(birth_until_check(walker))
    assert _ahead(walker.words) == 5
    code = re.search(r"PK\d\d-\d{6}-\d{4}-\w", walker.words)
    assert code
    with context.store.read() as db:
        ticket = tickets.of_day(db, context.clock.today())[-1]
    assert ticket.submission_id
    assert "5 người" in _paper(context, "slip", ticket.submission_id)
    assert "5 người" in _paper(context, "ticket", ticket.id)
    walker.go("/status").fill(code=code[0], last4="0123")
    assert ticket.label in walker.words
    assert _ahead(walker.words) == 5


def test_the_page_of_numbers_says_what_the_number_then_says(walker: Walker, context: Context) -> None:
    lines = _open_counter(context)
    _draw(context, next(iter(sorted(lines - {"A"}))), 3)
    walker.go("/ticket")
    series = next(series for series in context.config.series if series.letter == "A")
    offered = re.search(rf'value="{series.id}".*?</', walker.page, re.DOTALL)
    assert offered
    assert _ahead(walker.page[offered.start() : offered.end() + 200]) == 3
    walker.fill(form="/ticket", series=series.id)
    assert _ahead(walker.words) == 3


def _own_copy(walker: Walker, card: str) -> Walker:
    """Ask for a copy of one's own record with a card, up to the check page."""
    walker.go("/need/2.000635").fill(giay_nao="khai_sinh").scan(card)
    walker.fill({"nyc_quan_he": "ban_than", **_ward_of_today(walker)})
    if walker.at == "/form/gioi_tinh":
        walker.fill(nd_gioi_tinh="nu")
    walker.fill({"dk_tai": "xã Hồng Hạ", "dk_ngay.y": "1975"})
    walker.fill(so_luong="1")
    return reach_check_page(walker)


def _ward_of_today(walker: Walker) -> dict[str, str]:
    choices = walker.form().choices.get("nyc_noi_cu_tru.stay", set())
    ward = next((choice for choice in sorted(choices) if choice.isdigit()), "")
    return {"nyc_noi_cu_tru.stay": ward} if ward else {}


def _ticket(context: Context) -> Ticket:
    with context.store.read() as db:
        return tickets.of_day(db, context.clock.today())[-1]


def test_who_is_sixty_is_offered_priority_before_the_slip_is_printed(walker: Walker, context: Context) -> None:
    _own_copy(walker, "ba")
    assert walker.form().sends["elderly"] == "1"
    submit(walker)
    ticket = _ticket(context)
    assert (ticket.priority, ticket.is_confirmed) == ("elderly", False)
    assert "Ưu tiên: Người cao tuổi" in walker.words
    assert ticket.submission_id
    assert "Ưu tiên" in _paper(context, "slip", ticket.submission_id)


def test_priority_is_taken_back_by_one_touch_and_not_offered_to_the_young(walker: Walker, context: Context) -> None:
    _own_copy(walker, "ba")
    sends = walker.form().sends
    del sends["elderly"]
    walker._parsed = (walker.html, walker.forms())
    walker.fill(oath="1")
    assert _ticket(context).priority is None
    walker.go("/")
    _own_copy(walker, "me")
    assert "elderly" not in walker.form().names


def test_a_number_that_was_drawn_first_gets_the_priority_of_the_form(walker: Walker, context: Context) -> None:
    walker.go("/ticket").fill(series="A-HOTICH")
    first = _ticket(context)
    _own_copy(walker, "ba")
    submit(walker)
    ticket = _ticket(context)
    assert (ticket.id, ticket.priority) == (first.id, "elderly")
