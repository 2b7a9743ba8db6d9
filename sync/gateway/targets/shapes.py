"""Shapes of requests and answers: what kind of value is where, and never a value.

A recorded exchange with a real system leaves the province, so a text becomes its length and kinds of letters, and only
a code such as an official number becomes a pattern (`A99.99-999999`). Names of members are kept when they look like
names of a program and are no value of the same exchange.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from sync.gateway.targets.json_call import says
from sync.gateway.targets.twin import parse_request
from sync.portals.http_client import HttpResponse

KNOWN_WORDS = frozenset(
    (
        "--apply-online",
        "--get-next-value",
        "--multiple",
        "--online",
        "auth",
        "bd",
        "bt",
        "config",
        "digo",
        "dossier",
        "file",
        "fi",
        "get-pattern",
        "openid-connect",
        "pa",
        "pattern",
        "procedure-process-definition",
        "protocol",
        "realms",
        "search",
        "token",
        "CapNhatTienDoHoSoMC",
        "DongBoHoSoMC",
        "TraCuuHoSo",
    )
)
"""Parts of paths and names of services that the adapters write; more parts are kept when the mapping file has them."""
PHRASES = ("thành công", "đã tồn tại", "không tồn tại", "session", "phiên", "token")
"""Words in an answer that decide something, for an adapter."""
_MEMBER = re.compile(r"[A-Za-z_][A-Za-z_.\[\]-]{0,47}\d?", re.ASCII)
_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9.:/+_-]{1,40}|[0-9: .-]{10,25}", re.ASCII)
"""A code, or a time with a space in it."""
_SECRET = re.compile(r"pass|secret|token|session|authori", re.IGNORECASE)
_MEDIA_TYPES = ("application/json", "text/html", "text/plain", "application/xml", "text/xml")


def exchange_shape(
    method: str,
    address: str,
    headers: Mapping[str, str],
    content: bytes,
    response: HttpResponse | None,
    path_words: Iterable[str] = (),
) -> dict[str, Any]:
    """Return the shape of a request and its answer.

    Args:
        address: path and query of the request.
        response: the answer; None when none came.
        path_words: more parts of paths that are no values, those of the mapping file.
    """
    request = _parse(method, address, headers, content)
    answer = _content(response.body) if response is not None else None
    values = set(_texts([request, answer]))
    parts = urlsplit(address)
    known = KNOWN_WORDS | {"", *path_words}
    shape: dict[str, Any] = {
        "method": method,
        "path": "/".join(part if part in known else _text_shape(unquote(part)) for part in parts.path.split("/")),
        "query": shape_of(dict(parse_qsl(parts.query, keep_blank_values=True)), values),
        "request": shape_of(request, values),
    }
    if response is None:
        return {**shape, "answer": "none"}
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return {
        **shape,
        "status": response.status,
        "media type": media_type if media_type in _MEDIA_TYPES else "other",
        "answer": shape_of(answer, values),
    }


def shape_of(value: Any, values: set[str] | frozenset[str] = frozenset()) -> Any:
    """Return the shape of a JSON value; `values`: texts that must not appear as names of members."""
    if isinstance(value, dict):
        return _members(value, values)
    if isinstance(value, list):
        kinds = {json.dumps(shape_of(item, values), sort_keys=True): shape_of(item, values) for item in value}
        return {"list of": len(value), "items": [kinds[key] for key in sorted(kinds)]}
    if isinstance(value, str):
        return _text_shape(value)
    if isinstance(value, bytes):
        return f"bytes {len(value)}"
    if isinstance(value, bool) or value is None:
        return "null" if value is None else "true or false"
    return f"{type(value).__name__} of {len(str(abs(value)))}"


def _members(value: Mapping[str, Any], values: set[str] | frozenset[str]) -> dict[str, Any]:
    members = {}
    for number, (name, member) in enumerate(value.items(), 1):
        is_name = _MEMBER.fullmatch(name) is not None and name not in values
        is_secret = _SECRET.search(name) is not None and isinstance(member, str)
        key = name if is_name else f"({number}) {_text_shape(name)}"
        members[key] = "secret" if is_secret else shape_of(member, values)
    return dict(sorted(members.items()))


def _text_shape(text: str) -> str:
    """Return the shape of a text: a pattern for a code, else length, kinds of letters, and words that decide."""
    if not text:
        return "empty"
    if text in KNOWN_WORDS:
        return text
    if _CODE.fullmatch(text):
        return re.sub("[0-9]", "9", re.sub("[A-Z]", "A", re.sub("[a-z]", "a", text)))
    marks = " with marks" if not unicodedata.normalize("NFC", text).isascii() else ""
    digits = " and digits" if any(letter.isdigit() for letter in text) else ""
    spaces = " in words" if " " in text.strip() else ""
    said = "".join(f', says "{phrase}"' for phrase in PHRASES if says(text, phrase))
    return f"text {len(text)}{marks}{digits}{spaces}{said}"


def _parse(method: str, address: str, headers: Mapping[str, str], content: bytes) -> Any:
    """Return the content of a request: JSON, or the fields and files of a form."""
    if not headers.get("content-type", "").startswith(("multipart/", "application/x-www-form-urlencoded")):
        return _content(content)
    form = parse_request(method, address, dict(headers), content)
    files: dict[str, list[object]] = {}
    for file in form.files:
        files.setdefault(file.field, []).append({"name": file.name, "content": file.content})
    return {"form": form.form, "files": files}


def _content(content: bytes) -> Any:
    """Return JSON, None for nothing, and the bytes of everything else."""
    if not content:
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return content


def _texts(value: Any) -> Iterable[str]:
    """Return all texts of a value, without the names of members."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
