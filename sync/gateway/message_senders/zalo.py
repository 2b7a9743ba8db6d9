"""Adapter of Zalo ZNS: templates that Zalo has approved, and a token whose refresh token works once.

Zalo answers 200 with an error number inside. Its question for a message takes Zalo's own id and no tracking id, so a
message whose answer was lost cannot be found and is never sent again. Field names and error numbers were never tried
with Zalo: docs/gateway.md, "Messages".
"""

import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sync.gateway.forward_targets import StepResult
from sync.gateway.message_port import NO_DAY, OCCASIONS, WITH_DAY, MessagePresence, OutgoingMessage, SendResult
from sync.gateway.message_tokens import MessageTokens, TokenPair
from sync.gateway.targets.json_call import JsonAnswer, JsonClient
from sync.portals.http_client import HttpClient, require_https

URL = "https://business.openapi.zalo.me"
TOKEN_URL = "https://oauth.zaloapp.com"  # noqa: S105 # nosec B105 # an address
SECONDS = 10.0
"""Limit of one request; a message needs at most three, and its lease is two minutes."""
_BAD_TOKEN = -124
_MAYBE_SENT = -100
"""Unknown error of Zalo: it may have sent the message."""
_WAITS = {-109, -111, -112, -115, -117, -126, -131, -133, -144, -147}
"""Template refused, balance, wallet, night and quotas: a person or the next day mends it."""
_UNREACHABLE = {-118, -119}
"""The number has no Zalo, or one that takes no such messages. One whose owner has refused them is not among these."""
_WAIT_SECONDS = 3600.0
_FIELDS = {"app_id", "secret_file", "refresh_token_file", "url", "token_url", "ca", "templates", "price"}
_REQUIRED = ("app_id", "secret_file", "refresh_token_file")


class ZaloSender:
    """Sender of Zalo ZNS."""

    name = "zalo"

    def __init__(
        self,
        settings: Mapping[str, Any],
        client: JsonClient,
        tokens: MessageTokens,
        now: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._client = client
        self._tokens = tokens
        self._now = now

    def send(self, message: OutgoingMessage) -> SendResult:
        """Send a message by the template of its occasion; an old token is refreshed once."""
        template = self._settings["templates"].get(message.occasion)
        if not template:
            return SendResult(outcome="refused", code="no-template")
        try:
            first = Path(self._settings["refresh_token_file"]).read_text(encoding="utf-8").strip()
            secret = Path(self._settings["secret_file"]).read_text(encoding="utf-8").strip()
        except OSError as error:
            return SendResult(outcome="later", code=type(error).__name__)
        access = self._tokens.read(self.name, first).access
        for _ in range(2):
            if not access:
                refreshed = self._refresh(first, secret)
                if isinstance(refreshed, SendResult):
                    return refreshed
                access = refreshed
            result = self._post(message, template, access)
            if result.code != f"zalo{_BAD_TOKEN}":
                return result
            access = ""
        return SendResult(outcome="later", code="token", retry_after=_WAIT_SECONDS)

    def find(self, _message: OutgoingMessage) -> MessagePresence:
        """Return `untraceable`: Zalo is not asked by a tracking id."""
        return "untraceable"

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _post(self, message: OutgoingMessage, template: str, access: str) -> SendResult:
        data = {"ma_ho_so": message.receipt_no}
        if message.occasion in WITH_DAY:
            data["ngay_hen"] = message.day or NO_DAY
        content = {
            "phone": "84" + message.phone[1:],
            "template_id": template,
            "template_data": data,
            "tracking_id": message.tracking_id,
        }
        url = f"{self._settings.get('url', URL)}/message/template"
        answer = self._client.write("POST", url, content, {"access_token": access})
        return _failed(answer) if isinstance(answer, StepResult) else _read_answer(answer)

    def _refresh(self, first: str, secret: str) -> str | SendResult:
        """Return a new access token; `first` is the refresh token in the file."""
        pair = self._tokens.begin_refresh(self.name, first, self._now())
        if pair is None:
            return SendResult(outcome="later", code="refreshing", retry_after=10.0)
        url = f"{self._settings.get('token_url', TOKEN_URL)}/v4/oa/access_token"
        fields = {"refresh_token": pair.refresh, "app_id": self._settings["app_id"], "grant_type": "refresh_token"}
        answer = self._client.read_form(url, fields, {"secret_key": secret})
        if isinstance(answer, StepResult):
            return SendResult(outcome="later", code=answer.code, retry_after=answer.retry_after)
        body = answer.body if isinstance(answer.body, dict) else {}
        access = body.get("access_token")
        refresh = body.get("refresh_token")
        if not isinstance(access, str) or not isinstance(refresh, str) or not access or not refresh:
            return SendResult(outcome="later", code="token", retry_after=_WAIT_SECONDS)
        self._tokens.store(self.name, first, TokenPair(access=access, refresh=refresh))
        return access


def open_zalo(path: Path, tokens: MessageTokens, now: Callable[[], datetime]) -> ZaloSender:
    """Open the sender of a settings file.

    Raises:
        ValueError: the file cannot be read, or a field is unknown or missing.
    """
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
        for name in ("secret_file", "refresh_token_file"):
            Path(settings.get(name, "")).read_text(encoding="utf-8")
    except OSError as error:
        raise ValueError(f"{path}: {type(error).__name__}") from None
    templates = settings.get("templates")
    mistakes = [f"{name}: no such field" for name in settings if name not in _FIELDS]
    mistakes += [f"{name}: missing" for name in _REQUIRED if not settings.get(name)]
    if not isinstance(templates, dict) or set(templates) != set(OCCASIONS) or not all(templates.values()):
        mistakes.append(f"templates: one id each for {', '.join(OCCASIONS)}")
    if mistakes:
        raise ValueError("\n".join(mistakes))
    for name in ("url", "token_url"):
        require_https(settings.get(name, URL))
    ca = settings.get("ca")
    client = JsonClient(HttpClient(ca=Path(ca) if ca else None, seconds=SECONDS))
    return ZaloSender(settings, client, tokens, now)


def _failed(answer: StepResult) -> SendResult:
    """Return the result of a request without a JSON answer."""
    if answer.outcome == "later":
        return SendResult(outcome="later", code=answer.code, retry_after=answer.retry_after)
    return SendResult(outcome="unknown", code=answer.code)


def _read_answer(answer: JsonAnswer) -> SendResult:
    """Read an answer; only an error number says what happened, never the status."""
    error = answer.body.get("error") if isinstance(answer.body, dict) else None
    if type(error) is not int:
        return SendResult(outcome="unknown", code="foreign-answer")
    code = f"zalo{error}"
    if error == 0:
        return SendResult(outcome="accepted")
    if error == _MAYBE_SENT:
        return SendResult(outcome="unknown", code=code)
    if error in {_BAD_TOKEN, *_WAITS}:
        return SendResult(outcome="later", code=code, retry_after=_WAIT_SECONDS)
    return SendResult(outcome="refused", code=code, is_unreachable=error in _UNREACHABLE)
