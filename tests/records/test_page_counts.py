"""Counts of the pages of a form: left, called, how long, which check; by step, without anything of the form."""

from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlite_utils import Database

from kiosk.acts import applying, help_calls, wiping
from kiosk.acts import page_counts as page_count_acts
from kiosk.base.clock import FixedClock
from kiosk.pages.forms.parsing import checks_of
from kiosk.papers import plots
from kiosk.procedures.answer_errors import ErrorText
from kiosk.records import page_counts
from kiosk.records.help_calls import CallPlace
from kiosk.records.page_counts import CARD, PageCount, PagePlace
from kiosk.store.db import Store
from tests.journeys.people import begin_birth, birth_until_check, mother_registers, submit
from tests.journeys.walker import Walker

DAY = date(2026, 11, 24)
BIRTH = "1.001193"


def _all_counts(walker: Walker, *kinds: str) -> list[PageCount]:
    with walker.context.store.read() as db:
        return [each for each in page_counts.between(db, DAY, DAY) if each.event.kind in (kinds or ("left", "called"))]


def _counts(walker: Walker, *kinds: str) -> list[PageCount]:
    """Return the counts of pages with questions, without the waits for a card."""
    return [each for each in _all_counts(walker, *kinds) if not each.place.step.endswith(CARD)]


def _session(walker: Walker) -> str:
    with walker.context.store.read() as db:
        return str(db.execute("select id from sessions where audience = 'citizen'").fetchone()[0])


def test_a_form_that_is_left_counts_at_its_first_unfinished_step(walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    applying.end_session(walker.context, _session(walker))
    (count,) = _counts(walker)
    assert (count.place.procedure, count.event.kind, count.count) == (BIRTH, "left", 1)
    procedure = walker.context.catalogue.in_force(BIRTH, DAY)
    assert procedure
    assert count.place.version == procedure.version
    assert count.place.step in procedure.by_step


def test_a_call_counts_once(walker: Walker) -> None:
    begin_birth(walker)
    session = _session(walker)
    place = CallPlace(screen="Máy 1", page="/form/x")
    assert help_calls.call_officer(walker.context, session, place)
    assert not help_calls.call_officer(walker.context, session, place)
    (count,) = _counts(walker)
    assert (count.event.kind, count.count) == ("called", 1)


def test_a_submitted_form_is_not_left(walker: Walker) -> None:
    submit(birth_until_check(walker))
    applying.end_session(walker.context, _session(walker))
    assert _counts(walker) == []


def test_a_page_that_is_finished_counts_its_time_in_a_bucket(walker: Walker, clock: FixedClock) -> None:
    begin_birth(walker).scan("me")
    clock.advance(45)
    walker.fill({"nyc_quan_he": "me", "nyc_dien_thoai": "0905 000 123", "nyc_noi_cu_tru.stay": "19753"})
    (count,) = _counts(walker, "time")
    assert (count.event.detail, count.count) == ("60", 1)


def test_a_page_that_waits_for_a_card_has_a_time_of_its_own(walker: Walker, clock: FixedClock) -> None:
    begin_birth(walker)
    waiting = walker.at
    clock.advance(20)
    walker.go(waiting)
    clock.advance(25)
    walker.scan("me")
    (count,) = _all_counts(walker, "time", "check")
    assert (count.place.step, count.event.detail, count.count) == (f"{waiting.rpartition('/')[2]}:card", "60", 1)
    step = plots.step_name(walker.context, BIRTH, count.place.step, count.place.version)
    assert step.endswith(", đưa thẻ")


def test_a_card_after_another_page_counts_from_its_own_page(walker: Walker, clock: FixedClock) -> None:
    begin_birth(walker)
    inbox = walker.context.card_inbox
    session = _session(walker)
    inbox.note_shown(session, "trang_khac", walker.context.clock.monotonic())
    clock.advance(200)
    walker.go(walker.at)
    clock.advance(10)
    walker.scan("me")
    (count,) = _all_counts(walker, "time")
    assert count.event.detail == "15"
    assert inbox.shown_since(session, walker.at) is None


@pytest.mark.parametrize("shown", ["", "-5", "x", "9" * 11, "٣"])
def test_a_page_whose_time_is_not_known_counts_none(walker: Walker, shown: str) -> None:
    begin_birth(walker).scan("me")
    answers = {"nyc_quan_he": "me", "nyc_dien_thoai": "0905 000 123", "nyc_noi_cu_tru.stay": "19753"}
    walker.fill({**answers, "shown": shown})
    assert _counts(walker, "time", "check") == []


def test_a_check_that_stops_a_page_is_counted_without_what_was_typed(walker: Walker) -> None:
    begin_birth(walker).scan("me")
    walker.fill({"nyc_quan_he": "me", "nyc_dien_thoai": "0905", "nyc_noi_cu_tru.stay": "19753"})
    (count,) = _counts(walker, "time", "check")
    assert (count.event.kind, count.event.detail, count.count) == ("check", "nyc_dien_thoai phone", 1)
    with walker.context.store.read() as db:
        assert "0905" not in str(db.execute("select * from page_counts").fetchall())


def test_errors_name_question_and_check_without_row_and_box() -> None:
    errors = [
        ("con_ngay_sinh.d", ErrorText.of_check("date_future", "Ngày này sau hôm nay.")),
        ("con.2.ho_ten", ErrorText.of_check("required", "Chưa có.")),
        ("main", "không rõ"),
    ]
    assert checks_of(errors) == ["con_ngay_sinh date_future", "con.ho_ten required", "main "]


def test_counts_are_wiped_with_the_tickets_of_their_day(walker: Walker, clock: FixedClock) -> None:
    begin_birth(walker)
    applying.end_session(walker.context, _session(walker))
    clock.advance((walker.context.config.keep.ticket_days + 1) * 24 * 3600)
    wiping.wipe_expired(walker.context)
    assert _counts(walker) == []


def test_a_page_is_stored_and_counted_in_one_write(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_birth(walker).scan("me")
    writes: list[str] = []
    write = Store.write

    def noted(store: Store) -> AbstractContextManager[Database]:
        writes.append(store.path.name)
        return write(store)

    monkeypatch.setattr(Store, "write", noted)
    walker.fill({"nyc_quan_he": "me", "nyc_dien_thoai": "0905 000 123", "nyc_noi_cu_tru.stay": "19753"})
    assert writes == ["kiosk.db"]
    assert len(_counts(walker, "time")) == 1


def test_a_page_whose_write_fails_is_not_counted_by_the_next_one(walker: Walker) -> None:
    context = walker.context
    place = PagePlace(procedure=BIRTH, version="", step="me")
    with pytest.raises(RuntimeError, match="disk"), page_count_acts.counting(context, place, seconds=9, checks=()):
        raise RuntimeError("disk")
    with context.store.write():
        pass
    assert _all_counts(walker, "time") == []
