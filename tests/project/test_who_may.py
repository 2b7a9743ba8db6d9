"""Every route, tried by everybody, against a list written by hand (who_may.txt); what is not in it fails.

The doors alone are tried: behind each stands a doorman in place of the page, who says that somebody came through.
"""

import functools
import hmac
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kiosk.acts import signing
from kiosk.pages.access import LAN, LISTENER, ROLES_BY_MARK, STAFF_COOKIES, hash_token

LIST = Path(__file__).with_name("who_may.txt")
ROLES = ("officer", "lead", "technician", "auditor")
VISITORS = ("nobody", "citizen", *ROLES)
PASSWORD = "mật khẩu riêng"
CAME_IN = 299
VALUES = {"job": "1", "number": "1", "counter": "1", "call_id": "1", "fee_id": "0"}


def _listed() -> dict[str, frozenset[str]]:
    lines = [line.split() for line in LIST.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert len({line[0] for line in lines}) == len(lines), "a route stands twice in the list"
    return {endpoint: frozenset(roles) for endpoint, *roles in lines}


def _post_doormen(app: Flask) -> None:
    for endpoint, view in list(app.view_functions.items()):

        @functools.wraps(view)
        def doorman(**_values: str) -> tuple[str, int]:
            return "", CAME_IN

        if endpoint != "static":
            app.view_functions[endpoint] = doorman


class Hall:
    """An app with doormen, and a browser for each visitor."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.context = app.extensions["context"]
        self.browsers: dict[str, FlaskClient] = {}
        self.tokens: dict[str, str] = {}
        for role in ROLES:
            self._sign_in(role)
        self.browsers["nobody"], self.tokens["nobody"] = app.test_client(), "0" * 64
        self._arrive()
        _post_doormen(app)

    def _sign_in(self, role: str) -> None:
        signing.add_person(self.context, role, name=f"Người {role}", role=role, password=PASSWORD)
        browser = self.browsers[role] = self.app.test_client()
        browser.post("/signin", data={"login": role, "password": PASSWORD, "counter": "1" if role == "lead" else "2"})
        audience = "technician" if role == "technician" else "officer"
        cookie = browser.get_cookie(STAFF_COOKIES[audience], path=f"/{audience}/")
        assert cookie is not None
        self.tokens[role] = self.context.vault.keyed_hash(f"csrf-{audience}", hash_token(cookie.value))
        for other in STAFF_COOKIES:  # carried to where it does not belong, a cookie opens nothing either
            browser.set_cookie(STAFF_COOKIES[other], cookie.value, path=f"/{other}/")

    def _arrive(self) -> None:
        browser = self.browsers["citizen"] = self.app.test_client()
        browser.get("/")
        (cookie,) = [one for one in browser._cookies.values() if one.key.startswith("kiosk_tap")]
        self.tokens["citizen"] = self._csrf(cookie.value)

    def _csrf(self, token: str) -> str:
        return hmac.new(self.context.vault.key_for("csrf"), hash_token(token).encode(), "sha256").hexdigest()

    def opens(self, visitor: str, endpoint: str, environ: dict[str, str] | None = None) -> bool:
        """Try every method of every address of a route; all must answer alike."""
        found = set()
        for rule in self.app.url_map.iter_rules(endpoint):
            with self.app.test_request_context():
                values = {name: VALUES.get(name, "x") for name in rule.arguments if name not in (rule.defaults or {})}
                address = self.app.url_for(endpoint, **values)
            for method in rule.methods & {"GET", "POST"}:
                told = {"csrf": self.tokens[visitor]} if method == "POST" else None
                browser = self.browsers[visitor]
                answer = browser.open(address, method=method, data=told, environ_overrides=environ or {})
                assert answer.status_code in {CAME_IN, 303, 403, 404}, (visitor, address, answer.status_code)
                if answer.status_code == 303:
                    assert "signin" in answer.headers["Location"], (visitor, address, answer.headers["Location"])
                found.add(answer.status_code == CAME_IN)
        assert len(found) == 1, (visitor, endpoint)
        return found.pop()


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall(app)


def test_every_route_stands_in_the_list_and_every_line_is_a_route(app: Flask) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert len(routes) > 50
    assert routes - set(_listed()) == set(), "say in who_may.txt who may open it"
    assert set(_listed()) - routes == set()


def test_the_list_names_roles_that_there_are() -> None:
    roles = {role for may in _listed().values() for role in may}
    assert roles <= {"anyone", "citizen", *ROLES}
    assert roles == {role for may in ROLES_BY_MARK.values() for role in may}


def test_everybody_opens_what_the_list_says_and_nothing_else(hall: Hall) -> None:
    wrong = []
    tried = 0
    for endpoint, may in _listed().items():
        if endpoint == "static":
            continue
        # Whoever stands at the machine is a citizen there, with a session and a token of a citizen's.
        visitors = ("citizen",) if may == {"citizen"} else VISITORS
        for visitor in visitors:
            tried += 1
            if hall.opens(visitor, endpoint) != bool(may & {"anyone", visitor}):
                wrong.append((visitor, endpoint))
    assert wrong == []
    assert tried > 200


def test_on_the_lan_no_citizens_page_opens_without_an_enrolled_touchscreen(hall: Hall) -> None:
    name = "192.168.1.10"
    config = replace(hall.context.config, lan=replace(hall.context.config.lan, names=(name,)))
    hall.app.extensions["context"] = replace(hall.context, config=config)
    by_lan = {LISTENER: LAN, "HTTP_HOST": f"{name}:8443"}
    shut = [endpoint for endpoint, may in _listed().items() if may == {"citizen"}]
    assert len(shut) > 25
    assert [(who, endpoint) for who in VISITORS for endpoint in shut if hall.opens(who, endpoint, by_lan)] == []
    assert all(hall.opens(who, "signin.sign_in", by_lan) for who in VISITORS)


def test_no_technician_opens_a_page_that_shows_a_body_and_no_officer_a_technicians(hall: Hall) -> None:
    bodies = ["officer.desk", "officer.answers", "officer.declared", "officer.notes", "officer.papers"]
    assert [one for one in bodies if hall.opens("technician", one) or hall.opens("auditor", one)] == []
    machine = [one for one, may in _listed().items() if may == {"technician"}]
    assert len(machine) > 5
    assert [one for one in machine for who in ("officer", "lead", "auditor") if hall.opens(who, one)] == []


def test_a_page_of_the_desk_that_is_marked_for_anyone_opens_to_nobody(hall: Hall) -> None:
    hall.app.view_functions["officer.people"].role = "anyone"  # type: ignore[attr-defined]
    assert [one for one in VISITORS if hall.opens(one, "officer.people")] == []


def test_the_doormen_notice_a_door_that_was_left_open(hall: Hall) -> None:
    assert not hall.opens("officer", "officer.people")
    hall.app.view_functions["officer.people"].role = "officer"  # type: ignore[attr-defined]
    assert hall.opens("officer", "officer.people")
