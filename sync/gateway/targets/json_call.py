"""JSON requests of forward targets: every failure becomes the result of a step.

A reading request that fails is `later`, because nothing has changed at the system. A writing one is `later` only when
no byte of it can have left; otherwise it is `unknown`. A status alone is never success: sign-in pages come with 200.
"""

import json
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from urllib3.filepost import encode_multipart_formdata

from sync import errors
from sync.encoding import sha256_hex
from sync.gateway.forward_targets import ConnectionAnswer, StepResult
from sync.portals.http_client import HttpClient, HttpResponse, retry_after_seconds

BOUNDARY = "ward-kiosk-"
_NOT_SIGNED_IN = (203, 401, 403)
_MAX_RETRY_SECONDS = 3600.0


@dataclass(frozen=True)
class JsonAnswer:
    """Answer with a JSON body; the status may be any."""

    status: int
    body: Any


@dataclass(frozen=True, kw_only=True)
class FilePart:
    """A file of a form, and the fields beside it."""

    name: str
    content: bytes
    media_type: str
    fields: Mapping[str, str]


class JsonClient:
    """Client of one system; `headers` are sent with each request."""

    def __init__(self, http: HttpClient, headers: Mapping[str, str] | None = None) -> None:
        self._http = http
        self._headers = {"Accept": "application/json", "User-Agent": "ward-kiosk-gateway", **(headers or {})}

    def read(
        self, method: str, url: str, content: object = None, headers: Mapping[str, str] | None = None
    ) -> JsonAnswer | StepResult:
        """Send a request that changes nothing."""
        return _as_read(self.write(method, url, content, headers))

    def write(
        self, method: str, url: str, content: object, headers: Mapping[str, str] | None = None
    ) -> JsonAnswer | StepResult:
        """Send a request that may change something."""
        if content is None:
            return self.send(method, url, None, headers or {})
        body = json.dumps(content, ensure_ascii=False).encode()
        return self.send(method, url, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})

    def read_form(
        self, url: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> JsonAnswer | StepResult:
        """Post a form that changes nothing, such as one for a token."""
        media_type = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        return _as_read(self.send("POST", url, urlencode(fields).encode(), {**media_type, **(headers or {})}))

    def write_file(
        self, url: str, field: str, file: FilePart, headers: Mapping[str, str] | None = None
    ) -> JsonAnswer | StepResult:
        """Post a file, with fields beside it, as `multipart/form-data`."""
        parts: dict[str, str | tuple[str, bytes, str]] = {**file.fields}
        parts[field] = (file.name, file.content, file.media_type)
        body, media_type = encode_multipart_formdata(parts, boundary=BOUNDARY + sha256_hex(file.content)[:32])
        return self.send("POST", url, body, {"Content-Type": media_type, **(headers or {})})

    def send(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> JsonAnswer | StepResult:
        """Send bytes that may change something."""
        try:
            request = self._http.prepare(method, url, {**self._headers, **headers}, body)
            response = self._http.exchange(request)
        except errors.NotSent as error:
            return StepResult("later", error.code)
        except errors.SyncError as error:
            return StepResult("unknown", error.code)
        return _read(response)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()


def _read(response: HttpResponse) -> JsonAnswer | StepResult:
    seconds = retry_after_seconds(response)
    if response.status == 429 or (response.status == 503 and seconds is not None):
        retry_after = None if seconds is None else min(seconds, _MAX_RETRY_SECONDS)
        return StepResult("later", str(response.status), retry_after=retry_after)
    if response.status >= 500 or 300 <= response.status < 400:
        return StepResult("unknown", str(response.status))
    try:
        return JsonAnswer(response.status, json.loads(response.body))
    except (ValueError, RecursionError):
        return StepResult("unknown", "foreign-answer")


def _as_read(answer: JsonAnswer | StepResult) -> JsonAnswer | StepResult:
    if isinstance(answer, StepResult):
        return StepResult("later", answer.code, retry_after=answer.retry_after, words=answer.words)
    return answer


def words_of(answer: JsonAnswer, *names: str) -> str:
    """Return the first text among members of an answer."""
    body = answer.body if isinstance(answer.body, dict) else {}
    return next((body[name] for name in names if isinstance(body.get(name), str) and body[name]), "")


def says(words: str, part: str) -> bool:
    """Return whether words have a part, in capitals and with composed or combining marks too."""
    return part in unicodedata.normalize("NFC", words).casefold()


def connection_answer(failure: StepResult | None) -> ConnectionAnswer:
    """Return the answer of an examined connection for a failure, or for none."""
    if failure is None:
        return ConnectionAnswer(outcome="ok")
    return ConnectionAnswer(outcome="failed", code=failure.code, words=failure.words)


class TokenSession(ABC):
    """Token of a system, asked for when it is needed, and once more after one that has expired."""

    def __init__(self) -> None:
        self._bearer = ""

    @abstractmethod
    def ask(self) -> JsonAnswer | StepResult:
        """Ask for a token; the answer has it as `access_token`."""

    def exchange(self, send: Callable[[Mapping[str, str]], JsonAnswer | StepResult]) -> JsonAnswer | StepResult:
        """Send a request with the token; a JSON answer has status 200, every other one is the result of a step."""
        words = ""
        for _ in range(2):
            failure = None if self._bearer else self.sign_in()
            if failure is not None:
                return failure
            answer = send({"Authorization": f"Bearer {self._bearer}"})
            if isinstance(answer, StepResult) or answer.status in (200, 201):
                return answer
            words = words_of(answer, "message", "error_description", "error")
            if answer.status not in _NOT_SIGNED_IN:
                return StepResult("refused", str(answer.status), words=words)
            self._bearer = ""
        return StepResult("later", "session", words=words)

    def sign_in(self) -> StepResult | None:
        """Get a token; return why there is none."""
        answer = self.ask()
        if isinstance(answer, StepResult):
            return answer
        token = answer.body.get("access_token") if isinstance(answer.body, dict) else None
        if answer.status != 200 or not isinstance(token, str) or not token:
            return StepResult("later", "sign-in", words=words_of(answer, "message", "error_description", "error"))
        self._bearer = token
        return None
