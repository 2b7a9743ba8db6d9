"""Calls from a touchscreen: the desk shows them, one officer answers, the screen says so."""

import re

from flask import Flask

from kiosk.clock import FixedClock
from kiosk.records import audit
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk


def test_a_raised_hand_is_answered_once_and_the_screen_says_so(app: Flask, walker: Walker, clock: FixedClock) -> None:
    desk = Desk(app)
    other = Desk(app, "minhtam", counter=2)
    before = desk.browser.get("/officer/queue/version").json["version"]
    walker.post("/help", want="1", back="/")
    assert desk.browser.get("/officer/queue/version").json["version"] != before
    clock.jump(180)
    assert "Có người cần giúp ở kiosk chưa vào tờ khai, 3 phút" in desk.go("/officer/").words
    address = re.search(r'action="(/officer/queue/hand/\d+)"', desk.page)
    assert address
    assert "cán bộ đang đến" in desk.post(address[1]).words
    assert "Có người cần giúp" not in desk.words
    assert "Đã có người tới" in other.post(address[1]).words
    assert "Cán bộ đang đến" in walker.go("/").words
    with desk.context.store.read() as db:
        assert [line.actor for _at, line in audit.of_subject(db, "call 1") if line.act == "help"] == ["CB01"]
    clock.jump(660)
    assert "Cán bộ đang đến" not in walker.go("/").words
    walker.post("/help", want="1", back="/")
    assert "Có người cần giúp" in desk.go("/officer/").words
