"""A browser at the pages of a ward's kiosk, which are killed in a post: one cookie jar, forms as a page offers them."""

import http.client
import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass

from kiosk.acts import signing
from tests.faults.machine import PASSWORD, Kiosk, page_text
from tests.faults.processes import END_SECONDS, wait_until

KEY = "Idempotency-Key"


@dataclass(frozen=True)
class PageAnswer:
    """An answer of the pages: its status, the address to open next, its HTML."""

    status: int
    location: str
    html: str

    @property
    def words(self) -> str:
        return page_text(self.html)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_options: object) -> None:
        return None


class PageBrowser:
    """One person's browser; `kiosk.web` is started again after each kill."""

    def __init__(self, kiosk: Kiosk) -> None:
        self._kiosk = kiosk
        self._cookies = http.cookiejar.CookieJar()
        jar = urllib.request.HTTPCookieProcessor(self._cookies)
        self._opener = urllib.request.build_opener(jar, _NoRedirect())

    def sign_in(self, login: str, counter: int) -> None:
        """Add an officer, and sit down at a counter."""
        signing.add_person(self._kiosk.context, login, name=f"Cán bộ {login}", role="officer", password=PASSWORD)
        self.post("/signin", {"login": login, "password": PASSWORD, "counter": str(counter)})

    def cookie(self) -> str:
        """Return the cookie of a citizen's visit."""
        return next(cookie.value or "" for cookie in self._cookies if cookie.name == "kiosk")

    def go(self, address: str) -> PageAnswer:
        self._kiosk.open_pages()
        return self._request(urllib.request.Request(self._url(address)))

    def fields(self, address: str, *names: str) -> dict[str, str]:
        """Return the token and further fields of the forms of a page."""
        html = self.go(address).html
        return {name: _value(html, name) for name in ("csrf", *names)}

    def post(self, address: str, fields: dict[str, str], key: str = "") -> PageAnswer:
        self._kiosk.open_pages()
        headers = {KEY: key} if key else {}
        body = urllib.parse.urlencode(fields).encode()
        return self._request(urllib.request.Request(self._url(address), body, headers))

    def post_until_killed(self, label: str, address: str, fields: dict[str, str], key: str = "") -> None:
        """Post to pages that are killed at a point; then start pages that are not."""
        web = self._kiosk.web
        web.stop()
        web.env["WARD_KILL_AT"] = label
        self._kiosk.open_pages()
        del web.env["WARD_KILL_AT"]
        try:
            answer = self.post(address, fields, key)
        except (http.client.HTTPException, OSError):
            wait_until(lambda: not web.is_alive, what=f"killed: {label}\n{web.output()}")
            web.kill()
            return
        raise AssertionError(f"not killed: {label}: {answer.status} {answer.location} {answer.words[:300]}")

    def _url(self, address: str) -> str:
        return f"http://127.0.0.1:{self._kiosk.port}{address}"

    def _request(self, request: urllib.request.Request) -> PageAnswer:
        try:
            with self._opener.open(request, timeout=END_SECONDS) as answer:
                html = answer.read().decode()
                return PageAnswer(status=answer.status, location=answer.headers.get("Location", ""), html=html)
        except urllib.error.HTTPError as error:
            with error:
                html = error.read().decode()
                return PageAnswer(status=error.code, location=error.headers.get("Location", ""), html=html)


def new_key() -> str:
    """Return a key as the desk's script makes it."""
    return str(uuid.uuid4())


def _value(html: str, name: str) -> str:
    match = re.search(rf'name="{name}"\s+value="([^"]*)"', html)
    assert match, f"no field {name}: {page_text(html)[:500]}"
    return match[1]
