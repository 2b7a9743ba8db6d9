"""Twin of the e-forms of OpenCPS v2 on a real socket, with every fault that misleads a client.

`respond` answers a request as the source code of OpenCPS does: 203 without a sign-in or a site, 204 for missing data,
200 with an empty object for a missing e-form or a swallowed fault, 403 for the rest.
"""

import base64
import json
import threading
from urllib.parse import parse_qs, unquote

from tests.sync.scripted_server import ScriptedServer, http_response

GROUP = 35417
PAGE = b"<!doctype html><html><body><form id='fm'>Sign In</form></body></html>"
NO_SIGN_IN = {"message": "Non-Authoritative Information.", "code": 203, "description": "Non-Authoritative Information."}

RawResponse = bytes | None


class OpenCpsTwin:
    """A running OpenCPS; `fault` names what it does wrong."""

    def __init__(self, account: str = "") -> None:
        self.rows: list[dict[str, str]] = []
        self.account = account
        self._both_have_looked = threading.Barrier(2)
        self.fault = ""
        self.description = ""
        self.posts: list[dict[str, str]] = []
        self.requests: list[str] = []
        self._server = ScriptedServer(self.respond)
        self.url = f"{self._server.url}/o/rest/v2"

    def close(self) -> None:
        self._server.close()

    def rows_of(self, number: str) -> list[dict[str, str]]:
        """Return the rows with this number; OpenCPS does not prevent a second one."""
        return [row for row in self.rows if row["eFormNo"] == number]

    def overwrite(self, number: str, data: object) -> None:
        """Store data under a number; it needs only the number."""
        self._upsert({"eFormNo": number, "eFormData": json.dumps(data)})

    def respond(self, request: bytes) -> RawResponse:
        head, _, body = request.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        method, path, _ = lines[0].split(" ")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        self.requests.append(f"{method} {path}")
        if self.fault in FOREIGN_RESPONSES:
            return FOREIGN_RESPONSES[self.fault]
        if path.endswith("/ping"):
            return http_response("200 OK", b"ok", "Content-Type: text/plain", protocol_headers=False)
        if self.fault == "503":
            return http_response("503 Service Unavailable", b"", "Retry-After: 120", protocol_headers=False)
        if not self._is_signed_in(headers):
            return _json_response("203 Non-Authoritative Information", NO_SIGN_IN)
        is_post = method == "POST" and path.endswith("/eforms")
        return self._post(body) if is_post else self._get(unquote(path.partition("/eforms/")[2]))

    def _is_signed_in(self, headers: dict[str, str]) -> bool:
        expected = "Basic " + base64.b64encode(self.account.encode()).decode()
        has_account = not self.account or headers.get("authorization") == expected
        return has_account and headers.get("groupid") == str(GROUP)

    def _get(self, path: str) -> RawResponse:
        number, _, member = path.partition("/")
        row = self._first(number)
        if member == "data":
            if row is None:
                return http_response("204 No Content", b"", protocol_headers=False)
            return http_response(
                "200 OK", row["eFormData"].encode(), "Content-Type: application/json", protocol_headers=False
            )
        return _json_response("200 OK", row or {})

    def _post(self, body: bytes) -> RawResponse:
        form = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
        self.posts.append(form)
        fault = self.fault
        self.fault = "" if self.fault.startswith("once ") else self.fault
        fault = fault.removeprefix("once ")
        if fault in ("403", "swallowed", "reset"):
            return self._refuse(fault)
        if fault == "slow":
            is_new = self._first(form["eFormNo"]) is None
            self._both_have_looked.wait(60)  # the other request finds no row either
            return _json_response("200 OK", self._insert(form) if is_new else self._upsert(form))
        return self._confirm(fault, self._upsert(form))

    def _refuse(self, fault: str) -> RawResponse:
        if fault == "reset":
            return None
        if fault == "swallowed":
            return _json_response("200 OK", {})
        return _json_response("403 Forbidden", {"message": "Forbidden", "code": 403, "description": self.description})

    def _confirm(self, fault: str, row: dict[str, str]) -> RawResponse:
        if fault == "lost":
            return None
        if fault == "500":
            return http_response("500 Internal Server Error", PAGE, "Content-Type: text/html", protocol_headers=False)
        if fault == "cut":
            return http_response(
                "200 OK", json.dumps(row).encode()[:-9], "Content-Type: application/json", protocol_headers=False
            )
        if fault == "forgets":
            self.rows.clear()
        return _json_response("200 OK", row)

    def _upsert(self, form: dict[str, str]) -> dict[str, str]:
        row = self._first(form.get("eFormNo", ""))
        if row is None:
            return self._insert({"eFormNo": form.get("eFormNo") or f"EF-{len(self.rows) + 1:06d}", **form})
        row.update(form, secret=row["secret"])
        return row

    def _insert(self, form: dict[str, str]) -> dict[str, str]:
        row = {"eFormId": str(len(self.rows) + 701), **form, "secret": f"{1000 + len(self.rows)}"}
        self.rows.append(row)
        return row

    def _first(self, number: str) -> dict[str, str] | None:
        return next(iter(self.rows_of(number)), None)


def _json_response(status: str, content: object) -> bytes:
    body = json.dumps(content, ensure_ascii=False).encode()
    return http_response(status, body, "Content-Type: application/json", protocol_headers=False)


# Responses that do not come from the e-form interface of OpenCPS.
FOREIGN_RESPONSES: dict[str, RawResponse] = {
    "sign-in page": http_response("200 OK", PAGE, "Content-Type: text/html", protocol_headers=False),
    "captive": _json_response("200 OK", {}),
    "to sign-in": http_response("302 Found", b"", "Location: /c/portal/login", protocol_headers=False),
}
