"""Checks of gateway answers against the contract's YAML, and request bodies of a kiosk."""

import json
import uuid
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from sync.portals.http_client import HttpResponse
from tests.sync.practice_gateway import Kiosk

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

CONTRACT: dict[str, Any] = yaml.safe_load(Path("docs/kiosk-sync-1.yaml").read_text(encoding="utf-8"))
SCHEMAS = CONTRACT["components"]["schemas"]


def validator(schema: dict[str, Any]) -> "Draft202012Validator":
    """Return a validator of a schema of the contract.

    Its package builds grammars for 2 s, so it is imported here.
    """
    from jsonschema import Draft202012Validator, FormatChecker

    formats = FormatChecker(["uuid", "date"])
    formats.checks("date-time", raises=ValueError)(is_rfc3339_time)
    return Draft202012Validator({**schema, "components": CONTRACT["components"]}, format_checker=formats)


def is_rfc3339_time(value: object) -> bool:
    """Return whether a text is an RFC 3339 time; jsonschema would need another package for it."""
    return not isinstance(value, str) or (value[10:11] == "T" and datetime.fromisoformat(value).tzinfo is not None)


def resolve(part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        target: Any = CONTRACT
        for name in part["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        part = target
    return part


def conforms(answer: HttpResponse, method: str, path: str) -> Any:
    """Check status, headers, media type and body of a response against the contract; return the body."""
    responses = CONTRACT["paths"][path][method]["responses"]
    response = resolve(responses.get(str(answer.status), responses["default"]))
    for name, header_or_ref in response.get("headers", {}).items():
        header = resolve(header_or_ref)
        if header.get("required"):
            value = answer.headers[name]
            is_number = header["schema"]["type"] == "integer"
            validator(header["schema"]).validate(int(value) if is_number else value)
    if "content" not in response:
        return None
    media = answer.headers["Content-Type"].partition(";")[0]
    body = json.loads(answer.body)
    validator(response["content"][media]["schema"]).validate(body)
    assert body.get("epoch", answer.headers["Sync-Epoch"]) == answer.headers["Sync-Epoch"]
    return body


def envelope(kiosk: Kiosk, **changes: Any) -> dict[str, str]:
    parcel = kiosk.freeze(str(uuid.uuid4()), kiosk.next_number(), **changes)
    return {"submissionId": parcel.submission_id, "digest": parcel.digest, "body": parcel.body.decode()}


def event(submission: str, seq: int, kind: str = "accepted", **more: Any) -> dict[str, Any]:
    return {"eventId": str(uuid.uuid4()), "submissionId": submission, "seq": seq, "kind": kind,
            "at": "2026-11-24T09:00:00+07:00", "officer": "CB01", **more}  # fmt: skip


def send(kiosk: Kiosk, *envelopes: dict[str, str]) -> list[dict[str, Any]]:
    answer = kiosk.send_request("POST", "/submissions", {"submissions": list(envelopes)})
    assert answer.status == 200, answer.body
    results: list[dict[str, Any]] = conforms(answer, "post", "/submissions")["results"]
    return results
