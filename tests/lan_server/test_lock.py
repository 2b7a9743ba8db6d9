"""The lock over the LAN: the answers by which a second tab of an officer covers itself."""

import re

import pytest

from tests.lan_server.lan_kiosk import LanKiosk

pytestmark = pytest.mark.machine_date


def test_every_answer_of_the_lock_arrives_as_on_the_machine_itself(kiosk: LanKiosk) -> None:
    officer = kiosk.officer()
    token = officer.token()
    assert officer.post("/officer/awake", csrf=token).status_code == 204
    assert officer.get("/officer/queue").status_code == 200
    assert officer.post("/officer/lock", csrf=token, quiet="1").status_code == 204
    assert officer.get("/officer/queue").status_code == 423
    assert officer.head("/alive").status_code == 200


def test_a_browser_that_asks_again_for_a_style_sheet_gets_304(kiosk: LanKiosk) -> None:
    browser = kiosk.browser()
    sheets = re.findall(r'href="(/static/[^"]+\.css)"', browser.get("/signin").text)
    assert sheets
    for sheet in sheets:
        first = browser.get(sheet)
        again = browser.get(sheet, **{"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
