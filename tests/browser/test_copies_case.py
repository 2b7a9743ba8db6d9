"""The called case of certified copies at the desk: three papers seen at once, other pages than counted gold."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from kiosk.acts import attaching
from kiosk.acts.attaching import PaperFile
from kiosk.dossiers.scan_events import ScannedPaper
from kiosk.records.scans import CITIZEN
from tests.browser.laptop import LOGIN, add_officer, assert_accessible, call_next, open_laptop, seat_officer
from tests.faults.test_files import make_photo
from tests.journeys import submission_checks
from tests.journeys.walker import Walker

SIZES = [{"width": 1366, "height": 768}, {"width": 1093, "height": 614}]
PAPERS = ("can_cuoc", "bang", "hoc_ba")


@pytest.mark.smoke
def test_three_papers_are_seen_beside_their_pictures_and_the_officers_pages_turn_gold(
    app: Flask, walker: Walker, chromium: Browser
) -> None:
    context = app.extensions["context"]
    walker.go("/need/2.000815").fill()
    for paper in PAPERS:
        walker.fill(add=paper)
    walker.fill({f"giay_to.{row}.so_ban": "2" for row in range(3)}).scan("me")
    pictures = [PaperFile(paper=ScannedPaper(f"original:{paper}", paper), content=make_photo()) for paper in PAPERS]
    assert attaching.attach(context, submission_checks.only_submission(context), pictures, actor=CITIZEN) == []
    add_officer(context)
    with open_laptop(chromium, app) as page:
        seat_officer(page, LOGIN, counter=1)
        call_next(page, "B001")
        counted = page.locator('[data-counted="pages.2"]')
        for size in SIZES:
            page.set_viewport_size(size)
            for control in ("pages.2", "copies.2", "refused.2"):
                expect(page.locator(f'[name="{control}"]')).to_be_in_viewport(ratio=1)
            assert_accessible(page)
        page.fill('[name="pages.2"]', "8")
        expect(counted).to_have_class("ask")
        expect(counted).to_have_text(re.compile(r"máy đếm 1\s+trang"))
        page.fill('[name="pages.2"]', "1")
        expect(counted).not_to_have_class("ask")
        expect(page.locator("#copies")).to_contain_text("Số tiếp theo 1, quyển 01/2026-SCT/BS, CHỦ TỊCH")
