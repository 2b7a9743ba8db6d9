"""Two forms of one matter at the desk: the hint and the page with both, at the sizes of laptops."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.dossiers import filing
from kiosk.procedures.answers import complete
from tests.browser.laptop import add_officer, assert_accessible, open_desk, wait_for_page
from tests.browser.test_desk_layout import SIZES
from tests.papers.forms import BIRTH, made_up_answers

WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def _file(context: Context, name: str) -> None:
    today = context.clock.today()
    procedure = context.catalogue.in_force(BIRTH, today)
    assert procedure is not None
    given = made_up_answers(procedure) | {"con_ho_ten": name}
    answers = complete(procedure, given, office=context.office, today=today)
    with context.store.write() as db:
        filing.file_submission(db, context, submission_id=codes.new_id(), procedure=procedure, answers=answers)


@pytest.mark.smoke
def test_two_forms_of_a_birth_stand_beside_each_other(app: Flask, clock: FixedClock, chromium: Browser) -> None:
    context: Context = app.extensions["context"]
    _file(context, "Trần Bảo Ngọc")
    clock.advance(timedelta(hours=3).total_seconds())
    _file(context, "Trần Nguyễn Bảo Ngọc")
    add_officer(context)
    with open_desk(chromium, app) as desk:
        expect(desk.get_by_text("Hình như việc này còn tờ khai")).to_be_visible()
        desk.get_by_role("link", name="So hai tờ").click()
        expect(desk.get_by_role("heading", name="Hình như việc này có hai tờ khai")).to_be_visible()
        for size in SIZES:
            desk.set_viewport_size(size)
            wait_for_page(desk)
            assert not desk.evaluate(WIDE)
        assert_accessible(desk)
        desk.get_by_role("button", name="Hai việc khác nhau").click()
        expect(desk.get_by_text("Máy thôi nhắc hai tờ này")).to_be_visible()
        expect(desk.get_by_text("Hình như việc này")).to_have_count(0)
