"""The gateway's answers against the contract itself, and what it refuses."""

import copy
import gzip
import json
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from sync import errors, signature
from sync.gateway import shapes
from sync.portals.kiosk_sync import BASE, KioskSync
from sync.portals.wire import Answer
from tests.sync.town import CODE, UNIT, Kiosk, Town, body_of

CONTRACT: dict[str, Any] = yaml.safe_load(Path("docs/kiosk-sync-1.yaml").read_text(encoding="utf-8"))
SCHEMAS = CONTRACT["components"]["schemas"]


FORMATS = FormatChecker(["uuid", "date"])


@FORMATS.checks("date-time", raises=ValueError)
def is_moment(value: object) -> bool:
    """Tell what RFC 3339 takes; jsonschema needs a package more for it."""
    return not isinstance(value, str) or (value[10:11] == "T" and datetime.fromisoformat(value).tzinfo is not None)


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": CONTRACT["components"]}, format_checker=FORMATS)


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        found: Any = CONTRACT
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def conforms(answer: Answer, method: str, path: str) -> Any:
    """Check status, headers, media type and body of an answer against the contract; give the body."""
    responses = CONTRACT["paths"][path][method]["responses"]
    response = resolved(responses.get(str(answer.status), responses["default"]))
    for name, said in response.get("headers", {}).items():
        header = resolved(said)
        if header.get("required"):
            validator(header["schema"]).validate(answer.headers[name])
    if "content" not in response:
        return None
    media = answer.headers["Content-Type"].partition(";")[0]
    body = json.loads(answer.body)
    validator(response["content"][media]["schema"]).validate(body)
    assert body.get("epoch", answer.headers["Sync-Epoch"]) == answer.headers["Sync-Epoch"]
    return body


def envelope(kiosk: Kiosk, **changes: Any) -> dict[str, str]:
    parcel = kiosk.freeze(str(uuid.uuid4()), 1, **changes)
    return {"submissionId": parcel.submission_id, "digest": parcel.digest, "body": parcel.body.decode()}


def event(submission: str, seq: int, kind: str = "accepted", **more: Any) -> dict[str, Any]:
    return {"eventId": str(uuid.uuid4()), "submissionId": submission, "seq": seq, "kind": kind,
            "at": "2026-11-24T09:00:00+07:00", "officer": "CB01", **more}  # fmt: skip


def send(kiosk: Kiosk, *envelopes: dict[str, str]) -> list[dict[str, Any]]:
    answer = kiosk.ask("POST", "/submissions", {"submissions": list(envelopes)})
    assert answer.status == 200, answer.body
    found: list[dict[str, Any]] = conforms(answer, "post", "/submissions")["results"]
    return found


# --- the contract, address by address


def test_the_greeting(town: Town) -> None:
    answer, _ = town.kiosk().portal._ask("GET", "/hello")
    body = conforms(answer, "get", "/hello")
    assert (answer.status, body["status"], body["batchLimit"]) == (200, "ok", 50)


def test_an_enrolment_and_its_repetition(town: Town) -> None:
    kiosk = town.kiosk()
    said = {"code": CODE, "kioskId": "PK03", "unitCode": UNIT,
            "publicKey": signature.in_base64url(signature.public_key(kiosk.identity.seed))}  # fmt: skip
    first = kiosk.ask("POST", "/kiosks", said)
    assert (first.status, conforms(first, "post", "/kiosks")["keyId"]) == (201, kiosk.identity.key_id)
    again = kiosk.ask("POST", "/kiosks", said)
    assert (again.status, conforms(again, "post", "/kiosks")["keyId"]) == (200, kiosk.identity.key_id)


def test_the_catalogue_and_its_tag(town: Town) -> None:
    kiosk = town.enrolled()
    answer = kiosk.ask("GET", f"/catalogue?unitCode={UNIT}")
    body = conforms(answer, "get", "/catalogue")
    assert [form["formId"] for form in body["procedures"]] == ["khai-sinh"]
    request = kiosk.wire.prepare(
        "GET", f"{town.url}{BASE}/catalogue?unitCode={UNIT}", {"If-None-Match": answer.headers["ETag"]}, None
    )
    signature.sign(request, kiosk.identity.seed, content=None, created=town.clock(), nonce="abcdefghijkl")
    unchanged = kiosk.wire.exchange(request)
    conforms(unchanged, "get", "/catalogue")
    assert (unchanged.status, unchanged.body) == (304, b"")


def test_the_catalogue_of_another_unit_is_not_shown(town: Town) -> None:
    answer = town.enrolled().ask("GET", "/catalogue?unitCode=H57.99.02")
    assert (answer.status, conforms(answer, "get", "/catalogue")["type"]) == (403, "/problems/foreign-unit")


def test_every_outcome_of_a_submission(town: Town) -> None:
    kiosk = town.enrolled()
    first = envelope(kiosk)
    assert send(kiosk, first)[0]["outcome"] == "created"
    other = kiosk.freeze(first["submissionId"], 2)
    conflict = {**first, "digest": other.digest, "body": other.body.decode()}
    early = envelope(kiosk, supersedes=str(uuid.uuid4()), revision=2)
    bad = envelope(kiosk, channel="pigeon")
    results = {(r["submissionId"], r["outcome"]) for r in send(kiosk, bad, first, early)}
    assert results == {
        (bad["submissionId"], "invalid"), (first["submissionId"], "duplicate"), (early["submissionId"], "wait"),
    }  # fmt: skip
    assert send(kiosk, conflict)[0]["outcome"] == "conflict"
    assert len(town.held()) == 1


def test_an_invalid_form_says_where_in_vietnamese(town: Town) -> None:
    kiosk = town.enrolled()
    bad = envelope(kiosk, channel="pigeon", receiptNo="H57.99.01-1")
    found = send(kiosk, bad)[0]["errors"]
    assert [error["pointer"] for error in found] == ["/receiptNo", "/channel"]
    assert "quy ước" in found[0]["message"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"mode": "live"}, "/mode"),
        ({"kioskId": "PK04"}, "/kioskId"),
        ({"unitCode": "H57.99.02"}, "/unitCode"),
        ({"submissionId": str(uuid.uuid4())}, "/submissionId"),
    ],
)
def test_a_body_that_disagrees_with_its_envelope_key_or_gateway_is_invalid(
    town: Town, changes: dict[str, str], pointer: str
) -> None:
    kiosk = town.enrolled()
    result = send(kiosk, envelope(kiosk, **changes))[0]
    assert (result["outcome"], [e["pointer"] for e in result["errors"]]) == ("invalid", [pointer])


@pytest.mark.parametrize("body", ["{]", '{"a": NaN}', "[" * 5000, '"\\ud800"', "null", "[]"])
def test_a_body_that_is_no_submission_is_invalid_and_stops_nobody(town: Town, body: str) -> None:
    kiosk = town.enrolled()
    from sync.parcel import sha256

    bad = {"submissionId": str(uuid.uuid4()), "digest": sha256(body.encode()), "body": body}
    good = envelope(kiosk)
    outcomes = {result["submissionId"]: result["outcome"] for result in send(kiosk, bad, good)}
    assert outcomes == {bad["submissionId"]: "invalid", good["submissionId"]: "created"}


def test_a_body_that_is_not_what_its_digest_says_is_invalid(town: Town) -> None:
    kiosk = town.enrolled()
    bad = {**envelope(kiosk), "digest": "0" * 64}
    assert send(kiosk, bad)[0]["outcome"] == "invalid"


def test_what_became_of_a_submission(town: Town) -> None:
    kiosk = town.enrolled()
    sent = envelope(kiosk)
    send(kiosk, sent)
    answer = kiosk.ask("GET", f"/submissions/{sent['submissionId']}")
    receipt = conforms(answer, "get", "/submissions/{submissionId}")["receipt"]
    assert (receipt["digest"], receipt["statusCode"], receipt["revision"]) == (sent["digest"], 1, 1)


def test_an_id_of_another_kiosk_does_not_exist(town: Town) -> None:
    kiosk = town.enrolled()
    sent = envelope(kiosk)
    send(kiosk, sent)
    town.sql("update submissions set kiosk_id = 'PK04'")
    answer = kiosk.ask("GET", f"/submissions/{sent['submissionId']}")
    assert (answer.status, conforms(answer, "get", "/submissions/{submissionId}")["type"]) == (
        404,
        "/problems/not-found",
    )
    assert send(kiosk, sent)[0]["outcome"] == "conflict"
    known = {"ids": [{"submissionId": sent["submissionId"], "digest": sent["digest"]}]}
    assert conforms(kiosk.ask("POST", "/known", known), "post", "/known")["missing"] == [sent["submissionId"]]


def test_an_audit_tells_missing_and_different(town: Town) -> None:
    kiosk = town.enrolled()
    one, two = envelope(kiosk), envelope(kiosk)
    send(kiosk, one, two)
    absent = str(uuid.uuid4())
    ids = [(one["submissionId"], one["digest"]), (two["submissionId"], "0" * 64), (absent, "0" * 64)]
    said = {"ids": [{"submissionId": subject, "digest": digest} for subject, digest in ids]}
    body = conforms(kiosk.ask("POST", "/known", said), "post", "/known")
    assert (body["missing"], body["different"]) == ([absent], [two["submissionId"]])


def test_every_outcome_of_an_event(town: Town) -> None:
    kiosk = town.enrolled()
    sent = envelope(kiosk)
    send(kiosk, sent)
    subject = sent["submissionId"]
    first, third, stranger = event(subject, 1), event(subject, 3), event(str(uuid.uuid4()), 1)
    again, rival = {**first, "officer": "CB02"}, event(subject, 1, "refused")
    answer = kiosk.ask("POST", "/events", {"events": [first, first, third, stranger, again, rival]})
    results = conforms(answer, "post", "/events")["results"]
    assert [r["outcome"] for r in results] == ["created", "duplicate", "wait", "wait", "conflict", "conflict"]


def test_the_desks_acts_move_the_status(town: Town) -> None:
    kiosk = town.enrolled()
    sent = envelope(kiosk)
    send(kiosk, sent)
    acts = [
        event(sent["submissionId"], 1, officialNo="H57.99.01-261124-0001", dueAt="2026-12-01T17:00:00+07:00"),
        event(sent["submissionId"], 2, "supplement"),
        event(sent["submissionId"], 3, "handed_out"),
    ]
    kiosk.ask("POST", "/events", {"events": acts})
    feed = conforms(kiosk.ask("GET", "/changes"), "get", "/changes")
    assert [item["statusCode"] for item in feed["items"]] == [1, 2, 5, 10]
    assert [item["revision"] for item in feed["items"]] == [1, 2, 3, 4]
    assert feed["items"][1]["officialNo"] == "H57.99.01-261124-0001"
    assert feed["items"][0]["officialNo"] is None


def test_the_feed_has_no_gap_and_no_repetition(town: Town) -> None:
    kiosk = town.enrolled()
    sent = [envelope(kiosk) for _ in range(7)]
    send(kiosk, *sent)
    seen, cursor, more = [], "", True
    while more:
        page = conforms(kiosk.ask("GET", f"/changes?limit=3&cursor={cursor}"), "get", "/changes")
        seen += [item["submissionId"] for item in page["items"]]
        cursor, more = page["cursor"], page["more"]
    assert seen == [item["submissionId"] for item in sent]
    assert conforms(kiosk.ask("GET", f"/changes?cursor={cursor}"), "get", "/changes")["items"] == []


def test_a_cursor_of_the_future_begins_a_new_epoch_and_tells_the_operator(town: Town) -> None:
    kiosk = town.enrolled()
    send(kiosk, envelope(kiosk))
    cursor = conforms(kiosk.ask("GET", "/changes"), "get", "/changes")["cursor"]
    town.sql("update kiosks set last_seq = 0")
    answer = kiosk.ask("GET", f"/changes?cursor={cursor}")
    assert (answer.status, conforms(answer, "get", "/changes")["type"]) == (410, "/problems/restored")
    assert not cursor.startswith(answer.headers["Sync-Epoch"])
    assert town.sql("select count(*) from notices") == [(1,)]
    assert kiosk.ask("GET", f"/changes?cursor={cursor}").status == 410
    assert town.sql("select count(*) from notices") == [(1,)]


@pytest.mark.parametrize("cursor", ["x", "x:y", "%3A", "e:-1", "e:١"])
def test_a_cursor_that_cannot_be_read_is_refused(town: Town, cursor: str) -> None:
    answer = town.enrolled().ask("GET", f"/changes?cursor={cursor if cursor.isascii() else 'e%3A%D9%A1'}")
    conforms(answer, "get", "/changes")
    assert answer.status == 400


def test_an_address_that_is_not_there_still_answers_as_the_portal(town: Town) -> None:
    answer = town.enrolled().ask("GET", "/nowhere")
    assert (answer.status, answer.headers["Sync-Protocol"]) == (404, "kiosk-sync/1")
    validator(SCHEMAS["Problem"]).validate(json.loads(answer.body))


# --- requests that are refused as a whole


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/submissions", {"submissions": []}),
        ("/submissions", {"submissions": [{}] * 51}),
        ("/submissions", {"submissions": [{"submissionId": "x", "digest": "y", "body": "z"}]}),
        ("/submissions", []),
        ("/events", {"events": [{"eventId": "x"}]}),
        ("/known", {"ids": []}),
    ],
)
def test_a_request_of_another_shape_is_422(town: Town, path: str, said: object) -> None:
    answer = town.enrolled().ask("POST", path, said)
    assert conforms(answer, "post", path)["type"] == "/problems/shape"
    assert answer.status == 422


def raw(kiosk: Kiosk, town: Town, content: bytes, *, path: str = "/submissions", **headers: str) -> Answer:
    named = {"Content-Type": "application/json"} | {k.replace("_", "-"): v for k, v in headers.items()}
    request = kiosk.wire.prepare("POST", f"{town.url}{BASE}{path}", named, content)
    nonce = kiosk.identity.nonce()
    signature.sign(request, kiosk.identity.seed, content=content, created=town.clock(), nonce=nonce)
    return kiosk.wire.exchange(request)


def test_a_bomb_is_not_inflated(town: Town) -> None:
    answer = raw(town.enrolled(), town, gzip.compress(b" " * (200 << 20)), Content_Encoding="gzip")
    assert (answer.status, conforms(answer, "post", "/submissions")["type"]) == (413, "/problems/too-large")


def test_too_many_bytes_are_refused_with_the_marks_of_the_protocol(town: Town) -> None:
    answer = raw(town.enrolled(seconds=20), town, b" " * ((8 << 20) + 1))
    assert (answer.status, conforms(answer, "post", "/submissions")["type"]) == (413, "/problems/too-large")


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"\xff\xfe", {}, 400),
        (b"[" * 100000, {}, 400),
        (b"no gzip", {"Content_Encoding": "gzip"}, 400),
        (gzip.compress(b"{}")[:-4], {"Content_Encoding": "gzip"}, 400),
        (gzip.compress(b"{}") + b"x", {"Content_Encoding": "gzip"}, 400),
        (b"{}", {"Content_Encoding": "br"}, 400),
        (b"{}", {"Content_Type": "text/plain"}, 400),
        (b"{}", {}, 422),
    ],
)
def test_content_that_cannot_be_read_is_refused(town: Town, content: bytes, headers: dict, status: int) -> None:
    answer = raw(town.enrolled(), town, content, **headers)
    conforms(answer, "post", "/submissions")
    assert answer.status == status


def test_a_request_that_is_delivered_twice_counts_once(town: Town) -> None:
    kiosk = town.enrolled()
    said = json.dumps({"submissions": [envelope(kiosk)]}).encode()
    request = kiosk.wire.prepare("POST", f"{town.url}{BASE}/submissions", {"Content-Type": "application/json"}, said)
    signature.sign(request, kiosk.identity.seed, content=said, created=town.clock(), nonce="abcdefghijkl")
    assert kiosk.wire.exchange(request).status == 200
    again = kiosk.wire.exchange(request)
    assert (again.status, conforms(again, "post", "/submissions")["type"]) == (401, "/problems/replay")
    assert len(town.held()) == 1


def test_an_unsigned_request_is_not_heard(town: Town) -> None:
    kiosk = town.enrolled()
    answer, _ = kiosk.portal._ask("POST", "/submissions", b"{}")
    assert (answer.status, conforms(answer, "post", "/submissions")["type"]) == (401, "/problems/signature")


def test_a_swapped_body_is_not_heard(town: Town) -> None:
    kiosk = town.enrolled()
    request = kiosk.wire.prepare(
        "POST", f"{town.url}{BASE}/submissions", {"Content-Type": "application/json"}, b'{"submissions": []}'
    )
    signature.sign(request, kiosk.identity.seed, content=b'{"submissions": [1]}', created=town.clock(), nonce="a" * 12)
    assert kiosk.wire.exchange(request).status == 401


@pytest.mark.parametrize("seconds", [-301, 301])
def test_an_old_clock_is_told_the_time(town: Town, seconds: int) -> None:
    kiosk = town.enrolled()
    request = kiosk.wire.prepare("GET", f"{town.url}{BASE}/changes", {}, None)
    created = town.clock() + timedelta(seconds=seconds)
    signature.sign(request, kiosk.identity.seed, content=None, created=created, nonce="a" * 12)
    answer = kiosk.wire.exchange(request)
    body = conforms(answer, "get", "/changes")
    assert (answer.status, body["type"]) == (401, "/problems/clock")
    assert body["serverTime"]


def test_a_kiosk_that_was_never_enrolled_is_not_known(town: Town) -> None:
    answer = town.kiosk().ask("GET", "/changes")
    assert (answer.status, conforms(answer, "get", "/changes")["type"]) == (401, "/problems/unknown-key")


def test_a_revoked_kiosk_is_known_and_may_not(town: Town) -> None:
    kiosk = town.enrolled()
    town.sql("update kiosks set revoked_at = '2026-11-24T01:00:00.000Z'")
    answer = kiosk.ask("GET", "/changes")
    assert (answer.status, conforms(answer, "get", "/changes")["type"]) == (403, "/problems/revoked")
    with pytest.raises(errors.NotAllowed):
        kiosk.portal.changes(None)


# --- enrolment


@pytest.mark.parametrize(
    ("code", "kiosk_id", "unit"), [("WRONG-WRONG-1", "PK03", UNIT), (CODE, "PK04", UNIT), (CODE, "PK03", "H57.99.02")]
)
def test_a_code_is_bound_to_kiosk_and_unit(town: Town, code: str, kiosk_id: str, unit: str) -> None:
    kiosk = town.kiosk()
    identity = type(kiosk.identity)(kiosk_id, kiosk.identity.seed, kiosk.identity.nonce)
    portal = KioskSync(town.url, identity, kiosk.wire)
    with pytest.raises(errors.EnrolmentRefused):
        portal.enrol(code, unit)
    assert town.sql("select count(*) from kiosks") == [(0,)]


def test_a_code_is_used_up_after_five_wrong_tries(town: Town) -> None:
    kiosk = town.kiosk()
    for _ in range(5):
        with pytest.raises(errors.EnrolmentRefused):
            kiosk.portal.enrol("WRONG-WRONG-1", UNIT)
    with pytest.raises(errors.EnrolmentRefused):
        kiosk.portal.enrol(CODE, UNIT)


def test_a_code_lasts_a_day(town: Town) -> None:
    kiosk = town.kiosk()
    town.clock.ahead += timedelta(hours=24, seconds=1)
    with pytest.raises(errors.EnrolmentRefused):
        kiosk.portal.enrol(CODE, UNIT)


def test_a_code_enrols_one_key(town: Town) -> None:
    town.enrolled()
    with pytest.raises(errors.EnrolmentRefused):
        town.kiosk().portal.enrol(CODE, UNIT)


def test_an_enrolment_must_be_signed_with_the_key_it_enrols(town: Town) -> None:
    kiosk, other = town.kiosk(), town.kiosk()
    said = {"code": CODE, "kioskId": "PK03", "unitCode": UNIT,
            "publicKey": signature.in_base64url(signature.public_key(other.identity.seed))}  # fmt: skip
    answer = kiosk.ask("POST", "/kiosks", said)
    assert (answer.status, conforms(answer, "post", "/kiosks")["type"]) == (401, "/problems/unknown-key")


# --- shapes


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
def test_the_small_validator_agrees_with_a_real_one(data: st.DataObject) -> None:
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
    assert (shapes.faults("Submission", body) == []) == is_right


def test_a_line_break_does_not_pass_for_an_end() -> None:
    assert shapes.faults("KioskId", "PK03") == []
    assert shapes.faults("KioskId", "PK03\n") != []


@pytest.mark.parametrize("number", [2**53, -(2**53), 10**400, float("inf")])
def test_a_number_that_other_programs_cannot_hold_is_refused(number: float) -> None:
    assert shapes.faults("Submission", body_of(str(uuid.UUID(int=7)), revision=number)) != []


def test_faults_never_quote_what_was_written() -> None:
    body = body_of(str(uuid.UUID(int=7)), 1, channel="Nguyễn Thị Dấu Vết")
    assert all("Dấu Vết" not in fault.message + fault.pointer for fault in shapes.faults("Submission", body))


def test_a_redirect_is_not_followed(town: Town) -> None:
    answer = requests.get(town.url + "/", allow_redirects=False, timeout=5)
    assert answer.status_code == 302
    kiosk = town.kiosk()
    with pytest.raises(errors.Unsure, match="foreign"):
        kiosk.portal._ask("GET", "/../../")
