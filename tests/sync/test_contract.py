"""The gateway's answers, compared with the contract endpoint by endpoint."""

import json
import uuid

import pytest

from sync import signature
from sync.encoding import sha256_hex
from sync.portals.kiosk_sync import BASE
from tests.sync.contract_checks import SCHEMAS, conforms, envelope, event, send, validator
from tests.sync.practice_gateway import CODE, UNIT, PracticeGateway


def test_the_greeting(practice: PracticeGateway) -> None:
    answer, _ = practice.new_kiosk().portal._exchange("GET", "/hello")
    body = conforms(answer, "get", "/hello")
    assert (answer.status, body["status"], body["batchLimit"]) == (200, "ok", 50)


def test_an_enrolment_and_its_repetition(practice: PracticeGateway) -> None:
    kiosk = practice.new_kiosk()
    enrolment = {"code": CODE, "kioskId": "PK03", "unitCode": UNIT,
            "publicKey": signature.to_base64url(signature.public_key(kiosk.identity.seed))}  # fmt: skip
    first = kiosk.send_request("POST", "/kiosks", enrolment)
    assert (first.status, conforms(first, "post", "/kiosks")["keyId"]) == (201, kiosk.identity.key_id)
    again = kiosk.send_request("POST", "/kiosks", enrolment)
    assert (again.status, conforms(again, "post", "/kiosks")["keyId"]) == (200, kiosk.identity.key_id)


def test_the_catalogue_and_its_tag(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    answer = kiosk.send_request("GET", f"/catalogue?unitCode={UNIT}")
    body = conforms(answer, "get", "/catalogue")
    assert [form["formId"] for form in body["procedures"]] == ["khai-sinh"]
    request = kiosk.http.prepare(
        "GET", f"{practice.url}{BASE}/catalogue?unitCode={UNIT}", {"If-None-Match": answer.headers["ETag"]}, None
    )
    signature.sign(request, kiosk.identity.seed, content=None, created=practice.clock(), nonce="abcdefghijkl")
    unchanged = kiosk.http.exchange(request)
    conforms(unchanged, "get", "/catalogue")
    assert (unchanged.status, unchanged.body) == (304, b"")


def test_the_catalogue_of_another_unit_is_not_shown(practice: PracticeGateway) -> None:
    answer = practice.enrolled_kiosk().send_request("GET", "/catalogue?unitCode=H57.99.02")
    assert (answer.status, conforms(answer, "get", "/catalogue")["type"]) == (403, "/problems/foreign-unit")


def test_every_outcome_of_a_submission(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
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
    assert len(practice.submission_ids()) == 1


def test_an_invalid_form_says_where_in_vietnamese(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    bad = envelope(kiosk, channel="pigeon", receiptNo="H57.99.01-1")
    errors = send(kiosk, bad)[0]["errors"]
    assert [error["pointer"] for error in errors] == ["/receiptNo", "/channel"]
    assert "quy ước" in errors[0]["message"]


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
    practice: PracticeGateway, changes: dict[str, str], pointer: str
) -> None:
    kiosk = practice.enrolled_kiosk()
    result = send(kiosk, envelope(kiosk, **changes))[0]
    assert (result["outcome"], [e["pointer"] for e in result["errors"]]) == ("invalid", [pointer])


@pytest.mark.parametrize("body", ["{]", '{"a": NaN}', "[" * 5000, '"\\ud800"', "null", "[]"])
def test_a_body_that_is_no_submission_is_invalid_and_blocks_no_other(practice: PracticeGateway, body: str) -> None:
    kiosk = practice.enrolled_kiosk()
    bad = {"submissionId": str(uuid.uuid4()), "digest": sha256_hex(body.encode()), "body": body}
    good = envelope(kiosk)
    outcomes = {result["submissionId"]: result["outcome"] for result in send(kiosk, bad, good)}
    assert outcomes == {bad["submissionId"]: "invalid", good["submissionId"]: "created"}


def test_a_body_that_is_not_what_its_digest_says_is_invalid(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    bad = {**envelope(kiosk), "digest": "0" * 64}
    assert send(kiosk, bad)[0]["outcome"] == "invalid"


def test_the_receipt_of_a_submission(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    sent = envelope(kiosk)
    send(kiosk, sent)
    answer = kiosk.send_request("GET", f"/submissions/{sent['submissionId']}")
    receipt = conforms(answer, "get", "/submissions/{submissionId}")["receipt"]
    assert (receipt["digest"], receipt["statusCode"], receipt["revision"]) == (sent["digest"], 1, 1)


def test_an_id_of_another_kiosk_does_not_exist(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    sent = envelope(kiosk)
    send(kiosk, sent)
    practice.sql("update submissions set kiosk_id = 'PK04'")
    answer = kiosk.send_request("GET", f"/submissions/{sent['submissionId']}")
    assert (answer.status, conforms(answer, "get", "/submissions/{submissionId}")["type"]) == (
        404,
        "/problems/not-found",
    )
    assert send(kiosk, sent)[0]["outcome"] == "conflict"
    known = {"ids": [{"submissionId": sent["submissionId"], "digest": sent["digest"]}]}
    assert conforms(kiosk.send_request("POST", "/known", known), "post", "/known")["missing"] == [sent["submissionId"]]


def test_an_audit_returns_missing_and_different_submissions(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    first = envelope(kiosk)
    second = envelope(kiosk)
    send(kiosk, first, second)
    absent = str(uuid.uuid4())
    ids = [(first["submissionId"], first["digest"]), (second["submissionId"], "0" * 64), (absent, "0" * 64)]
    audit = {"ids": [{"submissionId": subject, "digest": digest} for subject, digest in ids]}
    body = conforms(kiosk.send_request("POST", "/known", audit), "post", "/known")
    assert (body["missing"], body["different"]) == ([absent], [second["submissionId"]])


def test_every_outcome_of_an_event(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    sent = envelope(kiosk)
    send(kiosk, sent)
    subject = sent["submissionId"]
    first = event(subject, 1)
    third = event(subject, 3)
    stranger = event(str(uuid.uuid4()), 1)
    again = {**first, "officer": "CB02"}
    rival = event(subject, 1, "refused")
    answer = kiosk.send_request("POST", "/events", {"events": [first, first, third, stranger, again, rival]})
    results = conforms(answer, "post", "/events")["results"]
    assert [r["outcome"] for r in results] == ["created", "duplicate", "wait", "wait", "conflict", "conflict"]


def test_events_of_the_desk_change_the_status(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    sent = envelope(kiosk)
    send(kiosk, sent)
    events = [
        event(sent["submissionId"], 1, officialNo="H57.99.01-261124-0001", dueAt="2026-12-01T17:00:00+07:00"),
        event(sent["submissionId"], 2, "supplement"),
        event(sent["submissionId"], 3, "handed_out"),
    ]
    kiosk.send_request("POST", "/events", {"events": events})
    feed = conforms(kiosk.send_request("GET", "/changes"), "get", "/changes")
    assert [item["statusCode"] for item in feed["items"]] == [1, 2, 5, 10]
    assert [item["revision"] for item in feed["items"]] == [1, 2, 3, 4]
    assert feed["items"][1]["officialNo"] == "H57.99.01-261124-0001"
    assert feed["items"][0]["officialNo"] is None


def test_the_feed_has_no_gap_and_no_repetition(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    sent = [envelope(kiosk) for _ in range(7)]
    send(kiosk, *sent)
    seen = []
    cursor = ""
    more = True
    while more:
        page = conforms(kiosk.send_request("GET", f"/changes?limit=3&cursor={cursor}"), "get", "/changes")
        seen += [item["submissionId"] for item in page["items"]]
        cursor = page["cursor"]
        more = page["more"]
    assert seen == [item["submissionId"] for item in sent]
    assert conforms(kiosk.send_request("GET", f"/changes?cursor={cursor}"), "get", "/changes")["items"] == []


def test_an_answer_names_the_key_that_it_is_for(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    for path in ("/changes", "/changes?cursor=of-nobody", "/submissions/none"):
        assert kiosk.send_request("GET", path).headers["Sync-Key-Id"] == kiosk.identity.key_id
    assert "Sync-Key-Id" not in kiosk.send_request("GET", "/hello").headers


def test_a_cursor_beyond_the_counter_begins_a_new_epoch_and_notifies_the_operator(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    send(kiosk, envelope(kiosk))
    cursor = conforms(kiosk.send_request("GET", "/changes"), "get", "/changes")["cursor"]
    practice.sql("update kiosks set last_seq = 0")
    answer = kiosk.send_request("GET", f"/changes?cursor={cursor}")
    assert (answer.status, conforms(answer, "get", "/changes")["type"]) == (410, "/problems/restored")
    assert not cursor.startswith(answer.headers["Sync-Epoch"])
    assert practice.sql("select count(*) from notices") == [(1,)]
    assert kiosk.send_request("GET", f"/changes?cursor={cursor}").status == 410
    assert practice.sql("select count(*) from notices") == [(1,)]


def test_a_restore_is_proved_even_when_the_counter_has_grown_past_the_cursor_again(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    send(kiosk, envelope(kiosk))
    cursor = conforms(kiosk.send_request("GET", "/changes"), "get", "/changes")["cursor"]
    send(kiosk, envelope(kiosk))
    assert kiosk.send_request("GET", f"/changes?cursor={cursor}").status == 200
    practice.sql("update submissions set received_at = '2026-11-24T01:30:00.001Z' where taken_seq = 1")
    answer = kiosk.send_request("GET", f"/changes?cursor={cursor}")
    assert (answer.status, conforms(answer, "get", "/changes")["type"]) == (410, "/problems/restored")
    assert practice.sql("select count(*) from notices") == [(1,)]


def test_a_cursor_of_an_earlier_release_has_no_fingerprint_and_is_accepted(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    send(kiosk, envelope(kiosk), envelope(kiosk))
    epoch = kiosk.send_request("GET", "/hello").headers["Sync-Epoch"]
    page = conforms(kiosk.send_request("GET", f"/changes?cursor={epoch}:1"), "get", "/changes")
    assert len(page["items"]) == 1


@pytest.mark.parametrize("cursor", ["x", "x:y", "x:1:2:3", "%3A", "e:-1", "e:١"])
def test_a_cursor_that_cannot_be_read_is_refused(practice: PracticeGateway, cursor: str) -> None:
    answer = practice.enrolled_kiosk().send_request(
        "GET", f"/changes?cursor={cursor if cursor.isascii() else 'e%3A%D9%A1'}"
    )
    conforms(answer, "get", "/changes")
    assert answer.status == 400


def test_a_method_that_a_path_lacks_is_refused_with_those_that_it_has(practice: PracticeGateway) -> None:
    answer = practice.enrolled_kiosk().send_request("PUT", "/hello", {})
    assert (answer.status, answer.headers["Sync-Protocol"]) == (405, "kiosk-sync/1")
    assert "GET" in answer.headers["Allow"].split(", ")


def test_an_unknown_path_is_still_answered_with_the_headers_of_the_protocol(practice: PracticeGateway) -> None:
    answer = practice.enrolled_kiosk().send_request("GET", "/nowhere")
    assert (answer.status, answer.headers["Sync-Protocol"]) == (404, "kiosk-sync/1")
    validator(SCHEMAS["Problem"]).validate(json.loads(answer.body))
