"""Every route, tried with every role through three listeners: loopback, the LAN, the LAN with an enrolled touchscreen.

Real sockets, and the list of test_who_may.py. The pages are stubs, which answer 299 to a request that passes the
checks; one test asks the pages themselves.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
import requests

from kiosk.acts import screens, signing
from kiosk.pages.access import COOKIE, SCREEN_COOKIE, STAFF_COOKIES, csrf_token_of, hash_token
from tests.lan_server.lan_kiosk import PASSWORD, PATIENCE, LanBrowser, LanKiosk, lan_kiosk
from tests.project.test_who_may import ROLES, STUB_STATUS, VALUES, listed_roles, replace_views
from tests.serving import served_on_loopback

pytestmark = pytest.mark.machine_date

LISTENERS = ("loopback", "LAN", "touchscreen")
VISITORS = ("nobody", "citizen", *ROLES)


@dataclass
class Visitor:
    """A browser that came through one listener, with the CSRF token of its session."""

    browser: LanBrowser
    token: str = "0" * 64


@dataclass
class Ward:
    """A kiosk with both listeners, and a visitor of each role at each of them."""

    kiosk: LanKiosk
    addresses: dict[str, str]
    visitors: dict[tuple[str, str], Visitor] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)

    def enter(self, listener: str, role: str) -> Visitor:
        """Open a browser at a listener and begin the session of a role."""
        browser = LanBrowser(self.kiosk)
        browser.base = self.addresses[listener]
        if listener == "touchscreen":
            self._enrol(browser, f"Máy cạnh cửa {next(self.numbers)}")
        visitor = Visitor(browser)
        if role == "citizen":
            browser.get("/")
            token = browser.session.cookies.get(COOKIE)
            if token:
                visitor.token = csrf_token_of(self.kiosk.context, hash_token(token))
        elif role in ROLES:
            counter = "1" if role == "lead" else "2"
            browser.post("/signin", login=role, password=PASSWORD, counter=counter)
            audience = "technician" if role == "technician" else "officer"
            token = browser.session.cookies.get(STAFF_COOKIES[audience])
            assert token, (listener, role)
            visitor.token = self.kiosk.context.vault.keyed_hash(f"csrf-{audience}", hash_token(token))
        return visitor

    def _enrol(self, browser: LanBrowser, name: str) -> None:
        code = screens.create_code(self.kiosk.context, name, "CB01")
        browser.post("/signin/touchscreen", code=code)
        assert browser.session.cookies.get(SCREEN_COOKIE)

    def requests_of(self, endpoint: str) -> Iterator[tuple[str, str]]:
        """Yield method and path of each request of a route."""
        adapter = self.kiosk.app.url_map.bind("localhost")
        for rule in self.kiosk.app.url_map.iter_rules(endpoint):
            names = [name for name in rule.arguments if name not in (rule.defaults or {})]
            path = adapter.build(endpoint, {name: VALUES.get(name, "x") for name in names})
            for method in sorted((rule.methods or set()) & {"GET", "HEAD", "POST"}):
                yield method, path

    def ask(self, visitor: Visitor, method: str, path: str) -> requests.Response:
        form = {"csrf": visitor.token} if method == "POST" else None
        return visitor.browser.session.request(
            method, visitor.browser.base + path, data=form, allow_redirects=False, timeout=PATIENCE
        )

    def opens(self, visitor: Visitor, endpoint: str) -> bool:
        """Return whether a visitor gets through to a page; all its methods and addresses must agree."""
        results = set()
        for method, path in self.requests_of(endpoint):
            answer = self.ask(visitor, method, path)
            assert answer.status_code in {STUB_STATUS, 303, 403, 404}, (path, answer.status_code)
            if answer.status_code == 303:
                assert "signin" in answer.headers["Location"], path
            results.add(answer.status_code == STUB_STATUS)
        assert len(results) == 1, endpoint
        return results.pop()


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    with ExitStack() as stack:
        kiosk = stack.enter_context(lan_kiosk(tmp_path))
        here = stack.enter_context(served_on_loopback(kiosk.app))
        lan = f"https://localhost:{kiosk.port}"
        for role in ROLES:
            signing.add_person(kiosk.context, role, name=f"Người {role}", role=role, password=PASSWORD)
        yield Ward(kiosk, {"loopback": here, "LAN": lan, "touchscreen": lan})


@pytest.mark.parametrize("listener", LISTENERS)
def test_every_role_opens_through_each_listener_what_the_list_says(ward: Ward, listener: str) -> None:
    visitors = {role: ward.enter(listener, role) for role in VISITORS}
    replace_views(ward.kiosk.app)
    endpoints = {rule.endpoint for rule in ward.kiosk.app.url_map.iter_rules()} - {"static"}
    roles = listed_roles()
    wrong = []
    tried = 0
    for endpoint in sorted(endpoints):
        may = roles[endpoint]
        for role, visitor in visitors.items():
            if "citizen" in may and role != "citizen" and listener != "LAN":
                continue  # there each browser is a citizen's, and gets a session and token of its own
            tried += 1
            is_open = bool(may & {"anyone", role}) and not ("citizen" in may and listener == "LAN")
            if ward.opens(visitor, endpoint) != is_open:
                wrong.append((role, endpoint))
    assert wrong == []
    assert tried > 300


@pytest.mark.parametrize("listener", LISTENERS)
def test_no_page_fails_for_a_role_that_may_open_it(ward: Ward, listener: str) -> None:
    """Ask the pages themselves, with a token and made-up addresses: each answers, and none with 500."""
    roles = listed_roles()
    failed = []
    for endpoint in sorted({rule.endpoint for rule in ward.kiosk.app.url_map.iter_rules()} - {"static"}):
        for role in sorted(roles[endpoint] & {"citizen", *ROLES}):
            visitor = ward.visitors.get((listener, role)) or ward.enter(listener, role)
            ward.visitors[listener, role] = visitor
            for method, path in ward.requests_of(endpoint):
                answer = ward.ask(visitor, method, path)
                if answer.status_code >= 500:
                    failed.append((method, path, role, answer.status_code))
                if re.search(r"sign_?out|leave|lock|password", endpoint) or answer.status_code in {303, 423}:
                    ward.visitors.pop((listener, role), None)
    assert failed == []


def test_a_route_that_opens_to_another_role_is_noticed(ward: Ward) -> None:
    officer = ward.enter("LAN", "officer")
    replace_views(ward.kiosk.app)
    assert not ward.opens(officer, "officer.people")
    ward.kiosk.app.view_functions["officer.people"].role = "officer"  # type: ignore[attr-defined]
    assert ward.opens(officer, "officer.people")
