"""The validator of the gateway, compared with another one and with the contract."""

import copy
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.gateway import contract_schema
from sync.gateway.strict_json import parse_json
from tests.sync.contract_checks import CONTRACT, SCHEMAS, validator
from tests.sync.practice_gateway import make_body


def test_the_schemas_are_those_of_the_contract() -> None:
    schemas = json.loads(Path("sync/gateway/contract_schema.json").read_text(encoding="utf-8"))
    bodies = {"Enrolment": "/kiosks", "Submissions": "/submissions", "Events": "/events", "Known": "/known"}
    for name, schema in schemas.items():
        if name in bodies:
            content = CONTRACT["paths"][bodies[name]]["post"]["requestBody"]["content"]
            expected = content["application/json"]["schema"]
        else:
            expected = SCHEMAS[name]
        assert schema == strip_descriptions(expected), name


def strip_descriptions(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            name: strip_descriptions(part) for name, part in schema.items() if name not in ("description", "examples")
        }
    return [strip_descriptions(part) for part in schema] if isinstance(schema, list) else schema


ODD_VALUES = st.sampled_from([None, True, 0, -1, 1.5, 2.0, "", "x", "2026-13-01", "2026-11-24", [], {}, [{}]])


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_the_fast_validator_agrees_with_another_one(data: st.DataObject) -> None:
    body = copy.deepcopy(make_body(str(uuid.UUID(int=7)), 1))
    body["documents"] = [{"itemId": str(uuid.UUID(int=8)), "documentCode": "a", "name": "b", "file": None}]
    body["assistance"] = {"officer": "CB01", "reason": "cao tuổi", "readBack": True}
    for _ in range(data.draw(st.integers(1, 2))):
        place = body
        while True:
            name = data.draw(st.sampled_from(sorted(place)))
            if not isinstance(place[name], dict) or not place[name] or data.draw(st.booleans()):
                break
            place = place[name]
        if data.draw(st.booleans()):
            place[name] = data.draw(ODD_VALUES)
        elif len(place) > 1:
            del place[name]
    assert (contract_schema.validate("Submission", body) == []) == validator(SCHEMAS["Submission"]).is_valid(body)


def test_a_line_break_at_the_end_is_refused() -> None:
    assert contract_schema.validate("KioskId", "PK03") == []
    assert contract_schema.validate("KioskId", "PK03\n") != []


@pytest.mark.parametrize(
    "number", [str(2**53), str(-(2**53)), "1" + "0" * 400, "1" + "0" * 5000, "1e400", "9.1e15", "NaN"]
)
def test_a_number_that_other_programs_cannot_hold_is_refused(number: str) -> None:
    assert parse_json('{"revision": 9007199254740991, "share": -0.5}') == {"revision": 2**53 - 1, "share": -0.5}
    with pytest.raises(ValueError, match=r"."):
        parse_json('{"revision": ' + number + "}")


def test_errors_never_quote_the_content() -> None:
    body = make_body(str(uuid.UUID(int=7)), 1, channel="Nguyễn Thị Dấu Vết")
    assert all("Dấu Vết" not in error.message + error.pointer for error in contract_schema.validate("Submission", body))
