"""The fast validator against another one, on the contract's own text."""

import copy
import json
import uuid
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.gateway import contract_schema
from sync.gateway.submissions import load
from tests.sync.town import body_of
from tests.sync.yamlcheck import CONTRACT, SCHEMAS, validator


def test_the_shapes_are_the_contracts_own() -> None:
    kept = json.loads(Path("sync/gateway/shapes.json").read_text(encoding="utf-8"))
    bodies = {"Enrolment": "/kiosks", "Submissions": "/submissions", "Events": "/events", "Known": "/known"}
    for name, shape in kept.items():
        if name in bodies:
            content = CONTRACT["paths"][bodies[name]]["post"]["requestBody"]["content"]
            wanted = content["application/json"]["schema"]
        else:
            wanted = SCHEMAS[name]
        assert shape == bare(wanted), name


def bare(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {name: bare(part) for name, part in schema.items() if name not in ("description", "examples")}
    return [bare(part) for part in schema] if isinstance(schema, list) else schema


ODD = st.sampled_from([None, True, 0, -1, 1.5, 2.0, "", "x", "2026-13-01", "2026-11-24", [], {}, [{}]])


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_the_fast_validator_agrees_with_another_one(data: st.DataObject) -> None:
    body = copy.deepcopy(body_of(str(uuid.UUID(int=7)), 1))
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
            place[name] = data.draw(ODD)
        elif len(place) > 1:
            del place[name]
    try:
        validator(SCHEMAS["Submission"]).validate(body)
        is_right = True
    except jsonschema.ValidationError:
        is_right = False
    assert (contract_schema.faults("Submission", body) == []) == is_right


def test_a_line_break_does_not_pass_for_an_end() -> None:
    assert contract_schema.faults("KioskId", "PK03") == []
    assert contract_schema.faults("KioskId", "PK03\n") != []


@pytest.mark.parametrize(
    "number", [str(2**53), str(-(2**53)), "1" + "0" * 400, "1" + "0" * 5000, "1e400", "9.1e15", "NaN"]
)
def test_a_number_that_other_programs_cannot_hold_is_refused(number: str) -> None:
    assert load('{"revision": 9007199254740991, "share": -0.5}') == {"revision": 2**53 - 1, "share": -0.5}
    with pytest.raises(ValueError, match=r"."):
        load('{"revision": ' + number + "}")


def test_faults_never_quote_what_was_written() -> None:
    body = body_of(str(uuid.UUID(int=7)), 1, channel="Nguyễn Thị Dấu Vết")
    assert all("Dấu Vết" not in fault.message + fault.pointer for fault in contract_schema.faults("Submission", body))
