"""JSON requests of forward targets: every failure becomes the result of a step.

A reading request that fails is `later`, because nothing has changed at the system. A writing one is `later` only when
no byte of it can have left; otherwise it is `unknown`. A status alone is never success: sign-in pages come with 200.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sync import errors
from sync.gateway.forward_targets import StepResult
from sync.portals.http_client import HttpClient, HttpResponse, retry_after_seconds

_MAX_RETRY_SECONDS = 3600.0


@dataclass(frozen=True)
class JsonAnswer:
    """Answer with a JSON body; the status may be any."""

    status: int
    body: Any


class JsonClient:
    """Client of one system; `headers` are sent with each request."""

    def __init__(self, http: HttpClient, headers: Mapping[str, str] | None = None) -> None:
        self._http = http
        self._headers = {"Accept": "application/json", "User-Agent": "ward-kiosk-gateway", **(headers or {})}

    def read(self, method: str, url: str, content: object = None) -> JsonAnswer | StepResult:
        """Send a request that changes nothing."""
        answer = self.write(method, url, content)
        if isinstance(answer, StepResult):
            return StepResult("later", answer.code, retry_after=answer.retry_after, words=answer.words)
        return answer

    def write(self, method: str, url: str, content: object) -> JsonAnswer | StepResult:
        """Send a request that may change something."""
        headers = dict(self._headers)
        body = None
        if content is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
            body = json.dumps(content, ensure_ascii=False).encode()
        try:
            response = self._http.exchange(self._http.prepare(method, url, headers, body))
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
