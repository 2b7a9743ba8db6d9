"""Every route, tried with every role, against a list written by hand (who_may.txt); a route not in it fails.

Only the access check is tested: a stub replaces each page and answers 299 if the request gets through.
"""

import functools
import hmac
import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kiosk.acts import screens, signing
from kiosk.pages.access import LAN, LISTENER, ROLES_BY_MARK, SCREEN_COOKIE, STAFF_COOKIES, hash_token

LIST = Path(__file__).with_name("who_may.txt")
ROLES = ("officer", "lead", "technician", "auditor")
VISITORS = ("nobody", "citizen", "tablet", *ROLES)
PASSWORD = "mật khẩu riêng"
STUB_STATUS = 299
VALUES = {
    "job": "1",
    "number": "1",
    "counter": "1",
    "call_id": "1",
    "fee_id": "0",
    "row": "1",
    "no": "1",
    "due": "1",
    "before": "0",
}


def listed_roles() -> dict[str, frozenset[str]]:
    """Return the roles of each endpoint in the list."""
    lines = [line.split() for line in LIST.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert len({line[0] for line in lines}) == len(lines), "a route is in the list twice"
    return {endpoint: frozenset(roles) for endpoint, *roles in lines}


def replace_views(app: Flask) -> None:
    """Put a stub in place of each page."""
    for endpoint, view in list(app.view_functions.items()):

        @functools.wraps(view)
        def stub(**_values: str) -> tuple[str, int]:
            return "", STUB_STATUS

        if endpoint != "static":
            app.view_functions[endpoint] = stub


class Visitors:
    """An app, with stubs for its pages or not, and a signed-in browser for each role."""

    def __init__(self, app: Flask, *, has_stubs: bool = True) -> None:
        self.app = app
        self.context = app.extensions["context"]
        self.browsers: dict[str, FlaskClient] = {}
        self.tokens: dict[str, str] = {}
        self.other_tokens: dict[str, str] = {}
        """Tokens of an open session of another person with the same role."""
        for role in ROLES:
            self._sign_in(role)
        self.browsers["nobody"] = app.test_client()
        self.tokens["nobody"] = "0" * 64
        self._begin_citizen_session()
        self._enrol_tablets()
        if has_stubs:
            replace_views(app)

    def _sign_in(self, role: str) -> None:
        browser = self.browsers[role] = self.app.test_client()
        cookie, self.tokens[role] = self._open_session(browser, role, role, counter="1" if role == "lead" else "2")
        for other in STAFF_COOKIES:  # sent under another audience's name, a cookie opens nothing either
            browser.set_cookie(STAFF_COOKIES[other], cookie, path=f"/{other}/")
        _cookie, self.other_tokens[role] = self._open_session(self.app.test_client(), f"{role}2", role, counter="")

    def _open_session(self, browser: FlaskClient, login: str, role: str, counter: str) -> tuple[str, str]:
        """Sign in a new person; return the cookie and the CSRF token of the session."""
        signing.add_person(self.context, login, name=f"Người {login}", role=role, password=PASSWORD)
        browser.post("/signin", data={"login": login, "password": PASSWORD, "counter": counter})
        audience = "technician" if role == "technician" else "officer"
        cookie = browser.get_cookie(STAFF_COOKIES[audience], path=f"/{audience}/")
        assert cookie is not None
        return cookie.value, self.context.vault.keyed_hash(f"csrf-{audience}", hash_token(cookie.value))

    def _begin_citizen_session(self) -> None:
        browser = self.browsers["citizen"] = self.app.test_client()
        browser.get("/")
        (cookie,) = [cookie for cookie in browser._cookies.values() if cookie.key.startswith("kiosk_tap")]
        self.tokens["citizen"] = self._csrf(cookie.value)
        other = self.app.test_client()
        other.get("/")
        (cookie,) = [cookie for cookie in other._cookies.values() if cookie.key.startswith("kiosk_tap")]
        self.other_tokens["citizen"] = self._csrf(cookie.value)

    def _enrol_tablets(self) -> None:
        """Enrol a browser at counter 1 as its tablet, and another one at counter 2."""
        browser = self.browsers["tablet"] = self.app.test_client()
        for counter, cookie in ((1, "tablet 1"), (2, "tablet 2")):
            code = screens.create_code(self.context, f"Ý kiến {counter}", "CB03", counter)
            screens.enrol(self.context, code, hash_token(cookie), "127.0.0.1")
        browser.set_cookie(SCREEN_COOKIE, "tablet 1")
        self.tokens["tablet"] = self._csrf("tablet 1")
        self.other_tokens["tablet"] = self._csrf("tablet 2")

    def _csrf(self, token: str) -> str:
        return hmac.new(self.context.vault.key_for("csrf"), hash_token(token).encode(), "sha256").hexdigest()

    def opens(self, visitor: str, endpoint: str, environ: dict[str, str] | None = None) -> bool:
        """Try every method of every address of a route; all must give the same result."""
        results = set()
        for rule in self.app.url_map.iter_rules(endpoint):
            with self.app.test_request_context():
                values = {name: VALUES.get(name, "x") for name in rule.arguments if name not in (rule.defaults or {})}
                address = self.app.url_for(endpoint, **values)
            for method in rule.methods & {"GET", "POST"}:
                form = {"csrf": self.tokens[visitor]} if method == "POST" else None
                browser = self.browsers[visitor]
                answer = browser.open(address, method=method, data=form, environ_overrides=environ or {})
                assert answer.status_code in {STUB_STATUS, 303, 403, 404}, (visitor, address, answer.status_code)
                if answer.status_code == 303:
                    assert "signin" in answer.headers["Location"], (visitor, address, answer.headers["Location"])
                results.add(answer.status_code == STUB_STATUS)
        assert len(results) == 1, (visitor, endpoint)
        return results.pop()


@pytest.fixture
def visitors(app: Flask) -> Visitors:
    return Visitors(app)


def test_every_route_stands_in_the_list_and_every_line_is_a_route(app: Flask) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert len(routes) > 50
    assert routes - set(listed_roles()) == set(), "say in who_may.txt who may open it"
    assert set(listed_roles()) - routes == set()


def test_the_list_names_roles_that_there_are() -> None:
    roles = {role for may in listed_roles().values() for role in may}
    assert roles <= {"anyone", "citizen", "tablet", *ROLES}
    assert roles == {role for may in ROLES_BY_MARK.values() for role in may}


def test_everybody_opens_what_the_list_says_and_nothing_else(visitors: Visitors) -> None:
    wrong = []
    tried = 0
    for endpoint, may in listed_roles().items():
        if endpoint == "static":
            continue
        # On the machine itself every browser is a citizen's, with a citizen's session and token.
        names = ("citizen",) if may == {"citizen"} else VISITORS
        for visitor in names:
            tried += 1
            if visitors.opens(visitor, endpoint) != bool(may & {"anyone", visitor}):
                wrong.append((visitor, endpoint))
    assert wrong == []
    assert tried > 200


def test_on_the_lan_no_citizens_page_opens_without_an_enrolled_touchscreen(visitors: Visitors) -> None:
    name = "192.168.1.10"
    config = replace(visitors.context.config, lan=replace(visitors.context.config.lan, names=(name,)))
    visitors.app.extensions["context"] = replace(visitors.context, config=config)
    by_lan = {LISTENER: LAN, "HTTP_HOST": f"{name}:8443"}
    closed = [endpoint for endpoint, may in listed_roles().items() if may == {"citizen"}]
    assert len(closed) > 25
    pairs = itertools.product(VISITORS, closed)
    assert [pair for pair in pairs if visitors.opens(*pair, by_lan)] == []
    assert all(visitors.opens(visitor, "signin.sign_in", by_lan) for visitor in VISITORS)


def test_no_technician_opens_a_page_that_shows_a_body_and_no_officer_a_technicians(visitors: Visitors) -> None:
    bodies = ["officer.desk", "officer.answers", "officer.declared", "officer.notes", "officer.papers"]
    assert [pair for pair in itertools.product(("technician", "auditor"), bodies) if visitors.opens(*pair)] == []
    machine = [endpoint for endpoint, may in listed_roles().items() if may == {"technician"}]
    assert len(machine) > 5
    assert [pair for pair in itertools.product(("officer", "lead", "auditor"), machine) if visitors.opens(*pair)] == []


def test_a_page_of_the_desk_that_is_marked_for_anyone_opens_to_nobody(visitors: Visitors) -> None:
    visitors.app.view_functions["officer.people"].role = "anyone"  # type: ignore[attr-defined]
    assert [visitor for visitor in VISITORS if visitors.opens(visitor, "officer.people")] == []


def test_the_stubs_notice_a_route_that_opens_to_another_role(visitors: Visitors) -> None:
    assert not visitors.opens("officer", "officer.people")
    visitors.app.view_functions["officer.people"].role = "officer"  # type: ignore[attr-defined]
    assert visitors.opens("officer", "officer.people")
