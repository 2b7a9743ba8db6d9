"""Theme and text size of the desk pages: of each member of the staff, on every workstation."""

import pytest
from flask import Flask

from tests.pages.officer.sitting import PASSWORD, Desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def test_a_chosen_view_stays_with_the_officer_and_is_nobody_elses(desk: Desk, app: Flask) -> None:
    desk.go("/officer/lookup").post("/officer/me/view", theme="dark", page="/officer/lookup")
    assert desk.answer.request.path == "/officer/lookup"
    assert 'data-theme="desk-dark"' in desk.page
    desk.post("/officer/me/view", size="large", page="/officer/lookup")
    assert 'data-theme="desk-dark" data-size="large"' in desk.page
    other = Desk(app, login="minhtam", counter=2)
    assert "data-theme" not in other.page
    desk.browser.post("/signin", data={"login": "hoaian", "password": PASSWORD, "counter": "1"})
    assert 'data-size="large"' in desk.go("/officer/").page


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example", "/technician/", ""])
def test_a_choice_leads_to_no_page_outside_the_desk(desk: Desk, page: str) -> None:
    assert desk.post("/officer/me/view", theme="sepia", page=page).answer.request.path == "/officer/me"
    assert "data-theme" not in desk.page
