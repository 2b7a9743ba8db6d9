"""Twin of the e-forms of OpenCPS v2 on a real socket, with every way in which it misleads a client.

`say` answers one request as the source code of OpenCPS does: 203 without a sign-in or a site, 204 for missing data,
200 with an empty object for a missing e-form or a swallowed fault, 403 for the rest.
"""

import base64
import json
import time
from urllib.parse import parse_qs, unquote

from tests.sync.scripted import ScriptedServer, http_response

GROUP = 35417
PAGE = b"<!doctype html><html><body><form id='fm'>Sign In</form></body></html>"
NO_SIGN_IN = {"message": "Non-Authoritative Information.", "code": 203, "description": "Non-Authoritative Information."}

Answer = bytes | None


class OpenCpsTwin:
    """A running OpenCPS; `fault` names what it does wrong."""

    def __init__(self, account: str = "") -> None:
        self.rows: list[dict[str, str]] = []
        self.account = account
        self.fault = ""
        self.description = ""
        self.posts: list[dict[str, str]] = []
        self.requests: list[str] = []
        self._server = ScriptedServer(self.say)
        self.url = f"{self._server.url}/o/rest/v2"

    def close(self) -> None:
        self._server.close()

    def rows_of(self, number: str) -> list[dict[str, str]]:
        """Return the rows under a number; OpenCPS does not keep two of them apart."""
        return [row for row in self.rows if row["eFormNo"] == number]

    def overwrite(self, number: str, data: object) -> None:
        """Store data under a number, as anybody can who knows it."""
        self._upsert({"eFormNo": number, "eFormData": json.dumps(data)})

    def say(self, asked: bytes) -> Answer:
        head, _, body = asked.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        method, path, _ = lines[0].split(" ")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        self.requests.append(f"{method} {path}")
        if self.fault in ELSEWHERE:
            return ELSEWHERE[self.fault]
        if path.endswith("/ping"):
            return http_response("200 OK", b"ok", "Content-Type: text/plain", marks=False)
        if self.fault == "503":
            return http_response("503 Service Unavailable", b"", "Retry-After: 120", marks=False)
        if not self._may(headers):
            return _said("203 Non-Authoritative Information", NO_SIGN_IN)
        is_post = method == "POST" and path.endswith("/eforms")
        return self._post(body) if is_post else self._get(unquote(path.partition("/eforms/")[2]))

    def _may(self, headers: dict[str, str]) -> bool:
        wanted = "Basic " + base64.b64encode(self.account.encode()).decode()
        is_in = not self.account or headers.get("authorization") == wanted
        return is_in and headers.get("groupid") == str(GROUP)

    def _get(self, asked: str) -> Answer:
        number, _, what = asked.partition("/")
        found = self._first(number)
        if what == "data":
            if found is None:
                return http_response("204 No Content", b"", marks=False)
            return http_response("200 OK", found["eFormData"].encode(), "Content-Type: application/json", marks=False)
        return _said("200 OK", found or {})

    def _post(self, body: bytes) -> Answer:
        said = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
        self.posts.append(said)
        fault = self.fault
        self.fault = "" if self.fault.startswith("once ") else self.fault
        fault = fault.removeprefix("once ")
        if fault in ("403", "swallowed", "reset"):
            return self._taken_not(fault)
        if fault == "slow":
            is_new = self._first(said["eFormNo"]) is None
            time.sleep(0.3)  # meanwhile another request finds nothing either
            return _said("200 OK", self._insert(said) if is_new else self._upsert(said))
        return self._taken(fault, self._upsert(said))

    def _taken_not(self, fault: str) -> Answer:
        if fault == "reset":
            return None
        if fault == "swallowed":
            return _said("200 OK", {})
        return _said("403 Forbidden", {"message": "Forbidden", "code": 403, "description": self.description})

    def _taken(self, fault: str, found: dict[str, str]) -> Answer:
        if fault == "lost":
            return None
        if fault == "500":
            return http_response("500 Internal Server Error", PAGE, "Content-Type: text/html", marks=False)
        if fault == "cut":
            return http_response(
                "200 OK", json.dumps(found).encode()[:-9], "Content-Type: application/json", marks=False
            )
        if fault == "forgets":
            self.rows.clear()
        return _said("200 OK", found)

    def _upsert(self, said: dict[str, str]) -> dict[str, str]:
        found = self._first(said.get("eFormNo", ""))
        if found is None:
            return self._insert({"eFormNo": said.get("eFormNo") or f"EF-{len(self.rows) + 1:06d}", **said})
        found.update(said, secret=found["secret"])
        return found

    def _insert(self, said: dict[str, str]) -> dict[str, str]:
        row = {"eFormId": str(len(self.rows) + 701), **said, "secret": f"{1000 + len(self.rows)}"}
        self.rows.append(row)
        return row

    def _first(self, number: str) -> dict[str, str] | None:
        return next(iter(self.rows_of(number)), None)


def _said(status: str, found: object) -> bytes:
    body = json.dumps(found, ensure_ascii=False).encode()
    return http_response(status, body, "Content-Type: application/json", marks=False)


# Answers that do not come from OpenCPS, or not from its interface.
ELSEWHERE: dict[str, Answer] = {
    "sign-in page": http_response("200 OK", PAGE, "Content-Type: text/html", marks=False),
    "captive": _said("200 OK", {}),
    "to sign-in": http_response("302 Found", b"", "Location: /c/portal/login", marks=False),
}
