"""The work list in a browser: rows and badge update themselves, and what has the focus stays where it is."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk.acts import calling, queueing
from kiosk.acts.calling import CounterRequest, ServiceEnd
from kiosk.context import Context
from tests.browser.laptop import add_officer, assert_accessible, open_laptop, seat_officer, wait_for_page


@pytest.fixture
def context(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    add_officer(context)
    return context


@pytest.fixture
def desk(app: Flask, context: Context, chromium: Browser) -> Iterator[Page]:
    """Open an officer's browser at counter 1 with A001 waiting in the hall."""
    with open_laptop(chromium, app) as page:
        seat_officer(page, "hoaian", counter=1)
        _wait_in_hall(context, "one")
        page.goto("/officer/work")
        page.wait_for_load_state()
        yield page


def _wait_in_hall(context: Context, nonce: str) -> None:
    """Draw a number, call it to counter 1, and write that its citizen waits."""
    queueing.draw_ticket(context, context.config.series[0])
    with context.store.read() as db:
        code = db.execute("select code from staff where login = 'hoaian'").fetchone()[0]
    press = CounterRequest(counter=1, ticket_id=None, nonce=f"{nonce}-call", actor=code)
    called = calling.call_next(context, press).ticket
    assert called is not None
    press = CounterRequest(counter=1, ticket_id=called.id, nonce=f"{nonce}-end", actor=code)
    assert calling.end_service(context, press, ServiceEnd("waits")).is_changed


def _finish(context: Context, label: str) -> None:
    with context.store.write() as db:
        db.execute("update tickets set state = 'done' where series || printf('%03d', number) = ?", [label])


@pytest.mark.smoke
def test_rows_badge_and_title_follow_the_work_and_an_empty_list_fills_and_empties(desk: Page, context: Context) -> None:
    expect(desk.locator(".item")).to_have_count(1)
    _wait_in_hall(context, "two")
    expect(desk.locator(".item")).to_have_count(2, timeout=20_000)
    expect(desk.locator("[data-work-count]")).to_have_text("2")
    expect(desk.locator("main h1")).to_contain_text("2 hồ sơ")
    assert_accessible(desk)
    _finish(context, "A001")
    _finish(context, "A002")
    expect(desk.locator(".nothing")).to_be_visible(timeout=20_000)
    _wait_in_hall(context, "three")
    expect(desk.locator(".item")).to_have_count(1, timeout=20_000)


def test_the_row_with_the_focus_keeps_it_and_its_place_until_the_officer_leaves_it(
    desk: Page, context: Context
) -> None:
    for name in ("two", "three"):
        _wait_in_hall(context, name)
    expect(desk.locator(".item")).to_have_count(3, timeout=20_000)
    row = desk.locator("[data-work-row]", has_text="A002")
    row.focus()
    place = row.bounding_box()
    _finish(context, "A001")
    expect(desk.locator("[data-work-row]", has_text="A001")).to_have_count(0, timeout=20_000)
    expect(row).to_be_focused()
    assert row.bounding_box() is not None
    assert place is not None
    _finish(context, "A002")
    expect(desk.locator("main h1")).to_contain_text("1 hồ sơ", timeout=20_000)
    expect(row).to_be_focused()
    desk.locator("[data-work-row]", has_text="A003").focus()
    expect(row).to_have_count(0, timeout=20_000)
    expect(desk.locator("[data-work-row]", has_text="A003")).to_be_focused()


@pytest.mark.smoke
def test_an_open_row_and_the_filter_stay_while_the_list_updates_and_the_number_is_called_again(
    desk: Page, context: Context
) -> None:
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Space")
    expect(desk.locator(".inside")).to_contain_text("Gọi lại A001")
    wait_for_page(desk)
    desk.fill("[data-work-filter]", "a001")
    desk.evaluate("() => { document.querySelector('.inside').dataset.mine = 'yes'; }")
    _wait_in_hall(context, "two")
    expect(desk.locator(".item")).to_have_count(2, timeout=20_000)
    expect(desk.locator(".item", has_text="A002").first).to_be_hidden()
    expect(desk.locator(".inside[data-mine]")).to_be_visible()
    expect(desk.locator("[data-work-filter]")).to_be_focused()
    desk.fill("[data-work-filter]", "")
    assert_accessible(desk)
    desk.locator(".is-open [data-work-row]").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(".plaque b")).to_have_text("A001")


@pytest.mark.smoke
def test_a_page_of_the_desk_asks_for_no_module_of_its_script(desk: Page) -> None:
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url) if request.resource_type == "script" else None)
    desk.reload()  # until the event `load`, which waits for all scripts but that of a worker
    names = [address.rpartition("/")[2].partition("?")[0] for address in asked]
    assert sorted(set(names) - {"beat.js"}) == ["calls.js", "desk.js", "scan.js"]
