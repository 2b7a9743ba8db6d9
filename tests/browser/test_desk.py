"""The desk in a browser of 1366x768: keys, copying, a side that refreshes itself; axe finds nothing, nothing is cut."""

import re
import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from waitress import create_server

from kiosk.acts import queueing, signing
from kiosk.room import Room
from tests.journeys.people import birth_until_check, hand_in
from tests.journeys.walker import Walker
from tests.look.rules import AXE

PASSWORD = "mật khẩu riêng"
LAPTOP = {"viewport": {"width": 1366, "height": 768}, "locale": "vi-VN"}


@pytest.fixture
def room(app: Flask, walker: Walker) -> Room:
    """A ward where a mother handed in a form and three more people wait."""
    hand_in(birth_until_check(walker))
    room: Room = app.extensions["room"]
    signing.enlist(room, "hoaian", "Lê Hoài An", "officer", PASSWORD)
    for _ in range(3):
        queueing.draw(room, room.config.series[0])
    return room


@pytest.fixture
def desk(app: Flask, room: Room, glass: Browser) -> Iterator[Page]:
    """An officer's browser, before the door."""
    server = create_server(app, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run)
    thread.start()
    context = glass.new_context(**LAPTOP, base_url=f"http://127.0.0.1:{server.effective_port}")  # type: ignore[arg-type]
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto("/officer/")
    yield page
    context.close()
    server.close()
    thread.join(10)
    assert faults == []


def _enter(desk: Page) -> None:
    desk.fill("#login", "hoaian")
    desk.fill("#password", PASSWORD)
    desk.check("input[name=counter][value='1']")
    desk.click("button.main")
    expect(desk.locator(".plaque")).to_contain_text("Quầy trống")


def _is_sound(desk: Page) -> None:
    found = Axe().run(desk, options=AXE).response["violations"]
    told = [(one["id"], [node["html"][:100] for node in one["nodes"]][:3]) for one in found]
    assert told == [], desk.url
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_keys_move_the_queue_and_a_double_press_calls_one(desk: Page, room: Room) -> None:
    _enter(desk)
    desk.evaluate(
        """() => { for (let n = 0; n < 2; n++) dispatchEvent(new KeyboardEvent("keydown", { key: "F2" })); }"""
    )
    expect(desk.locator(".plaque b")).to_have_text("A001")
    expect(desk.locator(".waiting h2").first).to_contain_text("3 người")
    desk.keyboard.press("F7")
    expect(desk.locator(".plaque")).to_contain_text("ở quầy")
    desk.keyboard.press("F8")
    expect(desk.locator(".plaque")).to_contain_text("Quầy trống")


def test_an_answer_and_the_whole_form_are_copied(desk: Page) -> None:
    _enter(desk)
    desk.keyboard.press("F2")
    desk.get_by_role("button", name="Chép Họ, chữ đệm, tên người được khai sinh").click()
    expect(desk.locator("[data-copied]")).to_be_visible()
    assert "BẢO NGỌC" in desk.evaluate("navigator.clipboard.readText()").upper()
    desk.get_by_role("button", name="Chép cả tờ").click()
    desk.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('{')")
    assert re.search(r'"procedureCode":\s*"1.001193"', desk.evaluate("navigator.clipboard.readText()"))


def test_the_side_tells_of_who_has_come_without_a_reload(desk: Page, room: Room) -> None:
    _enter(desk)
    desk.evaluate("document.body.dataset.same = 'yes'")
    queueing.draw(room, room.config.series[0])
    expect(desk.locator(".waiting h2").first).to_contain_text("5 người", timeout=15_000)
    assert desk.evaluate("document.body.dataset.same") == "yes"


def test_axe_finds_nothing_and_nothing_is_cut(desk: Page) -> None:
    _is_sound(desk)
    _enter(desk)
    _is_sound(desk)
    desk.keyboard.press("F2")
    expect(desk.locator(".plaque b")).to_have_text("A001")
    _is_sound(desk)
    desk.click("summary")
    _is_sound(desk)
    desk.goto("/officer/counter")
    _is_sound(desk)
