"""Rows 43 to 46: pages are killed in a press of officers and citizens; the press is sent again and takes effect once.

Each press is cut before its commit and after it. The same post is then sent to the pages that were started again, as
browsers do: what it answers must be true, and no other person's press may be lost or done twice.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.acts import kept_forms
from kiosk.pages.access import hash_token
from kiosk.records import sessions
from tests.faults.kill_points import DECISION_POINTS, DRAW_POINTS, KEEP_POINTS, NUMBER_POINTS, OPEN_POINTS
from tests.faults.machine import Kiosk
from tests.faults.page_browser import PageBrowser, new_key
from tests.faults.processes import wait_until
from tests.faults.submitting import fill_in_form
from tests.faults.table import RowResult
from tests.faults.ward import Ward, expect_delivery

pytestmark = pytest.mark.faults
SETTINGS = """
[desk]
undo_seconds = 0
[queue]
last_minutes = 0
[hours]
weekdays = ["00:00-23:59"]
saturday = ["00:00-23:59"]
"""
"""Decisions are sent at once, and numbers are given at any hour at which the tests run."""
ACCEPT = {"term": "0", "sets": "1", "place": "counter"}
DIGITS = "4071"
GOOD = "Đường truyền Tốt"


@pytest.fixture
def hands_ward(tmp_path: Path) -> Iterator[Ward]:
    with Ward(tmp_path, more=SETTINGS) as ward:
        yield ward


def rows(kiosk: Kiosk, sql: str) -> list[tuple[str, ...]]:
    with kiosk.context.store.read() as db:
        return [tuple(row) for row in db.execute(sql).fetchall()]


def events(kiosk: Kiosk) -> Counter[str]:
    """Count what happened to queue numbers."""
    return Counter(event for (event,) in rows(kiosk, "select event from ticket_events"))


@pytest.mark.row(43)
def test_of_two_officers_at_one_case_the_first_press_counts_and_is_sent_once(hands_ward: Ward, row: RowResult) -> None:
    kiosk = hands_ward.kiosk
    first = PageBrowser(kiosk)
    second = PageBrowser(kiosk)
    first.sign_in("hoaian", 1)
    second.sign_in("minhtam", 2)
    forms = kiosk.submit(len(DECISION_POINTS))
    for submission_id, label in zip(forms, DECISION_POINTS, strict=True):
        case = f"/officer/case/{submission_id}"
        for officer in (first, second):
            officer.post(case, officer.fields(case) | {"reason": "asked"})
        address = f"{case}/accepted"
        shown = first.fields(address, "seen") | ACCEPT
        seen_by_second = second.fields(address, "seen") | ACCEPT
        key = new_key()
        first.post_until_killed(label, address, shown, key)
        is_done = "not committed" not in label
        answer = second.post(address, seen_by_second, new_key())
        assert ("said=moved" in answer.location) == is_done, f"{label}: the second officer reads {answer}"
        answer = first.post(address, shown, key)
        assert ("said=moved" in answer.location) != is_done, f"{label}: the first officer reads {answer}"
    made = rows(kiosk, "select submission_id, actor from decisions order by submission_id")
    assert [submission_id for submission_id, _ in made] == sorted(forms), "each case has one decision"
    assert len({actor for _, actor in made}) == len(DECISION_POINTS), "the first press counts"
    expect_delivery(hands_ward, forms, row)
    sent = "select submission_id from events order by submission_id"
    wait_until(lambda: len(hands_ward.portal.sql(sent)) >= len(forms), what="the decisions are at the portal")
    assert [str(submission_id) for (submission_id,) in hands_ward.portal.sql(sent)] == sorted(forms)
    row.expect_text(kiosk.read_page(), GOOD)
    row.observe(kiosk=f"{len(made)} cases, one decision each", portal="each form and each decision once")


def begin_at_screen(kiosk: Kiosk, browser: PageBrowser) -> str:
    """Show a complete draft at a touchscreen, and return its id."""
    browser.go("/")
    draft = fill_in_form(kiosk.context)
    with kiosk.context.store.write() as db:
        sessions.release_draft(db, draft.draft_id)
        assert sessions.set_current(db, hash_token(browser.cookie()), draft_id=draft.draft_id)
    return draft.draft_id


def code_of(kiosk: Kiosk, draft_id: str, html: str) -> str:
    """Return the code of a kept form's slip, which the page must show."""
    code = kept_forms.code_of(kiosk.context, draft_id)
    assert code is not None
    assert code in html, "the page shows the code of the form that was kept"
    return code


@pytest.mark.row(44)
def test_a_form_that_was_kept_and_opened_under_kills_is_there_once(hands_ward: Ward, row: RowResult) -> None:
    kiosk = hands_ward.kiosk
    codes = {}
    for label in KEEP_POINTS:
        citizen = PageBrowser(kiosk)
        draft_id = begin_at_screen(kiosk, citizen)
        fields = citizen.fields("/leave", "key") | {"first": DIGITS, "again": DIGITS}
        citizen.post_until_killed(label, "/keep", fields)
        answer = citizen.post("/keep", fields)
        assert answer.status == 200, f"{label}: the citizen reads {answer.words[:300]}"
        codes[draft_id] = code_of(kiosk, draft_id, answer.html)
    kept = rows(kiosk, "select times from kept_drafts")
    assert kept == [(1,)] * len(codes), "each form is kept once"
    assert rows(kiosk, "select count(*) from jobs where kind = 'kept'") == [(len(codes),)], "each has one slip"
    for (draft_id, code), label in zip(codes.items(), OPEN_POINTS, strict=True):
        other = PageBrowser(kiosk)
        fields = other.fields("/") | {"code": code, "digits": DIGITS}
        other.post_until_killed(label, "/kept", fields)
        assert rows(kiosk, "select sum(misses) from kept_drafts") == [(0,)], f"{label}: no wrong try is counted"
        answer = other.post("/kept", fields)
        assert answer.status == 303, f"{label}: the citizen reads {answer.words[:300]}"
        session = hash_token(other.cookie())
        assert rows(kiosk, f"select draft_id from sessions where id = '{session}'") == [(draft_id,)]
    row.expect_text(kiosk.read_page(), GOOD)
    row.observe(kiosk=f"{len(codes)} forms kept and opened, 4 kills", portal="nothing: the forms are not submitted")


def press(officer: PageBrowser, label: str, act: str, **fields: str) -> None:
    """Press a button of the counter in pages that are killed at a point; send the press again, with and without key."""
    shown = officer.fields("/officer/") | fields | {"nonce": new_key(), "sure": "1"}
    key = new_key()
    address = f"/officer/queue/{act}"
    officer.post_until_killed(label, address, shown, key)
    answer = officer.post(address, shown, key)
    assert "late" not in answer.location, f"{act}, {label}: the officer reads {answer.location}"
    officer.post(address, shown)  # reloaded by a browser without the desk's script: the nonce alone protects


@pytest.mark.row(45)
def test_a_number_called_again_and_put_on_hold_under_kills_is_moved_once(hands_ward: Ward, row: RowResult) -> None:
    kiosk = hands_ward.kiosk
    forms = kiosk.submit(1)
    officer = PageBrowser(kiosk)
    officer.sign_in("hoaian", 1)
    ((ticket,),) = rows(kiosk, "select id from tickets")
    officer.post("/officer/queue/next", officer.fields("/officer/") | {"nonce": "call", "ticket": ""})
    written, done = NUMBER_POINTS
    press(officer, written, "recall", ticket=ticket)
    press(officer, done, "recall", ticket=ticket)
    assert events(kiosk) == {"drawn": 1, "called": 1, "recalled": 2}
    press(officer, written, "hold", ticket=ticket)
    assert rows(kiosk, "select state from tickets") == [("held",)]
    press(officer, done, "this", ticket="", this=ticket)
    assert rows(kiosk, "select state, counter from tickets") == [("called", 1)]
    assert events(kiosk) == {"drawn": 1, "called": 2, "recalled": 2, "held": 1}
    expect_delivery(hands_ward, forms, row)
    row.expect_text(kiosk.read_page(), GOOD)
    row.observe(kiosk="called again twice, held and called back once, 4 kills", portal="the form once")


@pytest.mark.row(46)
def test_a_number_drawn_and_called_under_kills_is_one_number_and_one_call(hands_ward: Ward, row: RowResult) -> None:
    kiosk = hands_ward.kiosk
    citizen = PageBrowser(kiosk)
    page = citizen.go("/ticket")
    series = page.html.partition('name="series" value="')[2].partition('"')[0]
    for label in DRAW_POINTS:
        fields = citizen.fields("/ticket", "nonce") | {"series": series}
        citizen.post_until_killed(label, "/ticket", fields)
        answer = citizen.post("/ticket", fields)
        assert "drawn=" in answer.location, f"{label}: the citizen reads {answer.words[:300]}"
    numbers = rows(kiosk, "select number from tickets order by number")
    assert numbers == [(number + 1,) for number in range(len(DRAW_POINTS))], "no number is skipped or drawn twice"
    assert rows(kiosk, "select count(*) from jobs") == [(len(numbers),)], "each has one slip"
    officer = PageBrowser(kiosk)
    officer.sign_in("hoaian", 1)
    for label in NUMBER_POINTS:
        press(officer, label, "next", ticket="")
        ((ticket,),) = rows(kiosk, "select id from tickets where state = 'called'")
        held = officer.fields("/officer/") | {"nonce": new_key(), "ticket": ticket, "sure": "1"}
        officer.post("/officer/queue/hold", held)
    assert events(kiosk) == {"drawn": 2, "called": 2, "held": 2}
    row.expect_text(kiosk.read_page(), GOOD)
    row.observe(kiosk="2 numbers, each drawn and called once, 4 kills", portal="nothing: no form was submitted")
