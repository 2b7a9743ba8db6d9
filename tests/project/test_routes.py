"""Every route names a role, and refuses a request without that role."""

import pytest
from flask import Flask

from kiosk.pages.access import ROLES_BY_MARK, allow
from tests.journeys.walker import Walker

ROLES = set(ROLES_BY_MARK)
VALUES = {
    "due": "16000",
    "before": "0",
    "code": "1.001193",
    "page": "nguoi_khai",
    "key": "nyc_noi_cu_tru",
    "act": "skip",
    "job": "1",
    "name": "a.png",
    "submission_id": "0",
    "receipt_no": "0",
    "ticket_id": "0",
    "paper": "khac",
    "scan_id": "0",
    "page_id": "0",
    "decision_id": "0",
    "line_id": "0",
    "request_id": "0",
    "service_id": "0",
    "outcome": "asked",
    "answer": "out",
    "filename": "pages.js",
    "screen_id": "0",
    "subject_id": "0",
    "number": "1",
    "call_id": "1",
    "draft_id": "0",
    "fee_id": "0",
    "place": "hour",
    "disk_id": "0",
    "counter": "1",
    "group": "unknown",
    "group_id": "ward",
    "post_id": "0",
    "address": "nothing",
}


def _address(app: Flask, endpoint: str) -> str:
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    with app.test_request_context():
        return app.url_for(endpoint, **{name: VALUES[name] for name in rule.arguments})


def test_every_route_names_a_role(app: Flask) -> None:
    routes = {rule.endpoint: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()}
    assert len(routes) > 30
    without = [name for name, view in routes.items() if name != "static" and getattr(view, "role", None) not in ROLES]
    assert without == []


def test_a_route_without_a_role_is_refused(own_app: Flask) -> None:
    own_app.add_url_rule("/stray", "stray", lambda: "stray")
    own_app.add_url_rule("/named", "named", allow("nobody")(lambda: "named"))
    assert own_app.test_client().get("/stray").status_code == 403
    assert own_app.test_client().get("/named").status_code == 403


def test_every_post_of_a_citizen_needs_the_token(app: Flask) -> None:
    walker = Walker(app).go("/")
    tried = 0
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and rule.endpoint.partition(".")[0] in {"citizen", "practice"}:
            assert walker.browser.post(_address(app, rule.endpoint)).status_code == 403, rule
            tried += 1
    assert tried > 10


@pytest.mark.parametrize("role", ["technician", "officer", "lead", "staff"])
def test_no_page_of_the_staff_opens_without_signing_in(app: Flask, role: str) -> None:
    walker = Walker(app).go("/")
    tried = 0
    for rule in app.url_map.iter_rules():
        if getattr(app.view_functions[rule.endpoint], "role", "") == role:
            for method in rule.methods & {"GET", "POST"}:
                answer = walker.browser.open(_address(app, rule.endpoint), method=method)
                assert answer.status_code in {303, 403}, rule
                assert "signin" in answer.headers.get("Location", "signin"), rule
                tried += 1
    assert tried >= 4


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_no_other_method_is_known(app: Flask, method: str) -> None:
    assert app.test_client().open("/choose", method=method).status_code == 405
