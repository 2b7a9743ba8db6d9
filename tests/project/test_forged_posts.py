"""Every POST of every audience, tried without a token and with another session's token; the routes list themselves.

The pages are stubs, as in test_who_may.py: a request that passes all checks gets STUB_STATUS.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from sync.gateway import accounts
from tests.project.test_who_may import STUB_STATUS, VALUES, Visitors, listed_roles, replace_views
from tests.sync.practice_gateway import PASSWORD, PracticeGateway

WITHOUT_SESSION = {"signin.enter", "enrolment.enrol", "technician.sign_in"}
"""Posts that begin a session: they have no token yet. Another site's form is refused by its origin."""
GATEWAY_WITHOUT_SESSION = {"pages.sign_in"}
PASSED_ON = {"beside.practise": "the practice app checks its own token (tests/journeys/test_practice_beside.py)"}
FORGED: dict[str, dict[str, str]] = {"none": {}, "empty": {"csrf": ""}, "beyond ASCII": {"csrf": "đ" * 64}}


def _posts(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield endpoint and address of every POST."""
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            with app.test_request_context():
                names = [name for name in rule.arguments if name not in (rule.defaults or {})]
                adapter = app.url_map.bind("localhost")
                yield rule.endpoint, adapter.build(rule.endpoint, {name: VALUES.get(name, "x") for name in names})


def accepted_forgeries(visitors: Visitors, posts: Iterable[tuple[str, str]]) -> set[str]:
    """Return the endpoints of the kiosk whose POST passes with a forged token, or not even with its own."""
    roles = listed_roles()
    wrong = set()
    for endpoint, address in posts:
        if endpoint in WITHOUT_SESSION or endpoint in PASSED_ON:
            continue
        for visitor in roles[endpoint]:
            own = visitors.tokens[visitor]
            others = {name: {"csrf": token} for name, token in visitors.tokens.items() if token != own}
            other_session = {"other session": {"csrf": visitors.other_tokens[visitor]}}
            browser = visitors.browsers[visitor]
            for form in (FORGED | others | other_session).values():
                if browser.post(address, data=form).status_code != 403:
                    wrong.add(endpoint)
            if browser.post(address, data={"csrf": own}).status_code != STUB_STATUS:
                wrong.add(f"{endpoint} with its own token")
    return wrong


@pytest.fixture
def visitors(app: Flask) -> Visitors:
    return Visitors(app)


def test_no_post_of_the_kiosk_passes_with_a_forged_token(visitors: Visitors) -> None:
    posts = list(_posts(visitors.app))
    assert len(posts) > 60
    assert accepted_forgeries(visitors, posts) == set()


def test_posts_without_the_check_are_found(visitors: Visitors, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plant an omission in each blueprint: the check of one endpoint sees a GET. Of the others every fifth is tried."""
    planted_endpoints = {"officer.close_counter", "technician.send_now", "citizen.submit"}

    def without_check(check: Callable[[], object]) -> Callable[[], object]:
        def planted() -> object:
            if request.endpoint not in planted_endpoints:
                return check()
            request.method = "GET"
            try:
                return check()
            finally:
                request.method = "POST"

        return planted

    checks_of = visitors.app.before_request_funcs
    for blueprint in {endpoint.partition(".")[0] for endpoint in planted_endpoints}:
        monkeypatch.setitem(checks_of, blueprint, [without_check(check) for check in checks_of[blueprint]])
    posts = list(_posts(visitors.app))
    tried = [*posts[::5], *(post for post in posts if post[0] in planted_endpoints)]
    assert accepted_forgeries(visitors, tried) == planted_endpoints


@pytest.mark.parametrize("endpoint", sorted(WITHOUT_SESSION))
def test_a_post_that_begins_a_session_refuses_another_site(visitors: Visitors, endpoint: str) -> None:
    (address,) = {address for name, address in _posts(visitors.app) if name == endpoint}
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        assert visitors.browsers["nobody"].post(address, headers=headers).status_code == 403
    assert visitors.browsers["nobody"].post(address).status_code == STUB_STATUS


# ---- the gateway ----


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[PracticeGateway]:
    gateway = PracticeGateway(tmp_path)
    yield gateway
    gateway.close()


def _sign_in_at_gateway(gateway: PracticeGateway, login: str, role: accounts.Role) -> tuple[FlaskClient, str]:
    with gateway.engine.begin() as db:
        accounts.save_account(
            db,
            login=login,
            name="Lê Văn Thử",
            role=role,
            password_hash=accounts.hash_password(PASSWORD),
            now=gateway.clock(),
        )
    browser = gateway.gateway.app.test_client()
    assert browser.post("/sign-in", data={"login": login, "password": PASSWORD}).status_code == 302
    cookie = browser.get_cookie("gateway_session")
    assert cookie is not None
    with gateway.engine.begin() as db:
        session = accounts.find_session(db, cookie.value, gateway.clock())
    assert session is not None
    return browser, session.csrf


def test_no_post_of_the_gateways_pages_passes_with_a_forged_token(gateway: PracticeGateway) -> None:
    signed_in = {role: _sign_in_at_gateway(gateway, f"{role}1", role) for role in ("viewer", "administrator")}
    app = gateway.gateway.app
    replace_views(app)
    tokens = {token for _browser, token in signed_in.values()}
    tried = 0
    for endpoint, address in _posts(app):
        if not endpoint.startswith("pages.") or endpoint in GATEWAY_WITHOUT_SESSION:
            continue
        passing = 0
        for browser, own in signed_in.values():
            for form in (*FORGED.values(), *({"csrf": token} for token in tokens - {own})):
                assert browser.post(address, data=form).status_code == 403, (endpoint, form)
                tried += 1
            passing += browser.post(address, data={"csrf": own}).status_code == STUB_STATUS
        assert passing, f"{endpoint} opens to nobody"
    assert tried > 30


def test_every_other_post_of_the_gateway_needs_a_signature_and_no_cookie_helps(gateway: PracticeGateway) -> None:
    browser, token = _sign_in_at_gateway(gateway, "operator1", "operator")
    others = [address for endpoint, address in _posts(gateway.gateway.app) if not endpoint.startswith("pages.")]
    assert len(others) > 3
    for address in others:
        answer = browser.post(address, data={"csrf": token})
        assert 400 <= answer.status_code < 500, (address, answer.status_code)
