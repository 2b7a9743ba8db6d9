"""Sender of SMS through a provider that takes a JSON request for each message, which its settings file describes.

Fields of the request, the member of the answer that has its code, and what each code means are data, because every
provider has others. A code that the file does not name may mean anything, so such a message may be there. Providers
are not asked for a message by the id that the gateway gave it. Where one refuses a second request with the same id
(`refuses_same_id`), a request whose answer was lost is repeated at once.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sync.errors import BadPortal
from sync.gateway.message_port import MessagePresence, Occasion, OutgoingMessage, SendResult
from sync.gateway.targets.json_call import JsonAnswer, JsonClient
from sync.portals.http_client import HttpClient, require_https

TEXTS: Mapping[Occasion, str] = {
    "received": "Ho so {receipt_no}: phuong da nhan. Ngay hen: {day}.",
    "paper-missing": "Ho so {receipt_no}: con thieu giay. Moi mo trang tren phieu, hoac mang phieu toi quay.",
    "new-day": "Ho so {receipt_no}: co ngay hen moi, {day}.",
    "result-ready": "Ho so {receipt_no}: da co ket qua. Moi mang the va phieu toi quay.",
}
"""Without marks, so that each is one part of 160 letters; carriers approve them beforehand."""
_NO_DAY = "tren Giay tiep nhan"
_SECONDS = 10.0
"""Limit of one request; a message needs at most `_REQUESTS`, and its lease is two minutes."""
_REQUESTS = 3
_WAIT_SECONDS = 3600.0
_NAMES = ("phone", "phone84", "text", "id")


@dataclass(frozen=True, kw_only=True)
class SmsSettings:
    """The settings file of a provider.

    Attributes:
        url: where a message is posted.
        code: member of the answer with its code, inner ones after a dot: `RPLY.ERROR`.
        sent: codes of a message that the provider has, also from an earlier request.
        later: codes that a person or the next day mends, such as a balance that is used up.
        refused: codes of a message that the provider will never send.
        refuses_same_id: a second request with the same `{id}` tells nobody; its code is among `sent`.
        ca: file of the authorities to trust; "" for those of the system.
        price: đồng for a message, for the messages page; 0 for unknown.
        body: the request; `{phone}` (0…), `{phone84}` (84…), `{text}`, `{id}` and the names of secrets are replaced.
        headers: more headers, replaced likewise.
        secrets: name -> file with a secret in one line.
    """

    url: str
    code: str
    sent: tuple[str, ...]
    body: Mapping[str, Any]
    later: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    refuses_same_id: bool = False
    ca: str = ""
    price: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_https(self.url)
        words = str(self.body)
        if "{text}" not in words or not ("{phone}" in words or "{phone84}" in words):
            raise ValueError("body: needs {text}, and {phone} or {phone84}")
        if self.refuses_same_id and "{id}" not in words:
            raise ValueError("refuses_same_id: needs {id} in the body")
        if not self.sent or not set(self.sent).isdisjoint({*self.later, *self.refused}):
            raise ValueError("sent: at least one code, which is not among later and refused")
        if set(self.secrets) & set(_NAMES):
            raise ValueError(f"secrets: another name than {', '.join(_NAMES)}")


class SmsSender:
    """Sender of SMS."""

    name = "sms"

    def __init__(self, settings: SmsSettings) -> None:
        self._settings = settings
        self._client = JsonClient(HttpClient(ca=Path(settings.ca) if settings.ca else None, seconds=_SECONDS))

    def send(self, message: OutgoingMessage) -> SendResult:
        """Send a message."""
        try:
            secrets = {name: _read_secret(path) for name, path in self._settings.secrets.items()}
        except OSError as error:
            return SendResult(outcome="later", code=type(error).__name__)
        words = secrets | {
            "phone": message.phone,
            "phone84": "84" + message.phone[1:],
            "text": TEXTS[message.occasion].format(receipt_no=message.receipt_no, day=message.day or _NO_DAY),
            "id": message.tracking_id,
        }
        result = self._post(words)
        for _ in range(_REQUESTS - 1):
            if result.outcome != "unknown" or not self._settings.refuses_same_id:
                return result
            repeated = self._post(words)
            if repeated.outcome != "later":
                result = repeated
        return result

    def find(self, _message: OutgoingMessage) -> MessagePresence:
        """Return `untraceable`: the provider is not asked by the gateway's id."""
        return "untraceable"

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _post(self, words: Mapping[str, str]) -> SendResult:
        settings = self._settings
        answer = self._client.write(
            "POST", settings.url, _filled(settings.body, words), _filled(settings.headers, words)
        )
        if isinstance(answer, JsonAnswer):
            return self._read(answer)
        outcome: Literal["later", "unknown"] = "later" if answer.outcome == "later" else "unknown"
        return SendResult(outcome=outcome, code=answer.code, retry_after=answer.retry_after)

    def _read(self, answer: JsonAnswer) -> SendResult:
        found = answer.body
        for name in self._settings.code.split("."):
            found = found.get(name) if isinstance(found, dict) else None
        code = f"sms-{found}" if isinstance(found, str | int) and str(found).isalnum() else "foreign-answer"
        word = code.removeprefix("sms-")
        if word in self._settings.sent:
            return SendResult(outcome="accepted", code=code)
        if word in self._settings.later:
            return SendResult(outcome="later", code=code, retry_after=_WAIT_SECONDS)
        return SendResult(outcome="refused" if word in self._settings.refused else "unknown", code=code)


def open_sms(path: Path) -> SmsSender:
    """Open the sender of a settings file.

    Raises:
        ValueError: the file or a secret cannot be read, or a field is unknown, missing or wrong.
    """
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
        for name in ("sent", "later", "refused"):
            if name in fields:
                fields[name] = tuple(str(code) for code in fields[name])
        settings = SmsSettings(**fields)
        for secret in settings.secrets.values():
            _read_secret(secret)
    except OSError as error:
        raise ValueError(f"{path}: {type(error).__name__}") from None
    except (TypeError, BadPortal) as error:
        raise ValueError(f"{path}: {str(error).removeprefix('SmsSettings.__init__() ')}") from None
    return SmsSender(settings)


def _read_secret(path: str) -> str:
    return Path(path).read_text(encoding="utf-8").strip()


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    """Return a value of the file with the names in braces replaced in all texts."""
    if isinstance(value, dict):
        return {key: _filled(inner, words) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, words) for inner in value]
    if isinstance(value, str):
        for name, word in words.items():
            value = value.replace("{" + name + "}", word)
    return value
