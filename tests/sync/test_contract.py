"""The gateway's answers against the contract itself, address by address."""

import json
import uuid

import pytest

from sync import signature
from sync.portals.kiosk_sync import BASE
from tests.sync.town import CODE, UNIT, Town
from tests.sync.yamlcheck import SCHEMAS, conforms, envelope, event, send, validator


def test_the_greeting(town: Town) -> None:
    answer, _ = town.kiosk().portal._exchange("GET", "/hello")
    body = conforms(answer, "get", "/hello")
    assert (answer.status, body["status"], body["batchLimit"]) == (200, "ok", 50)


def test_an_enrolment_and_its_repetition(town: Town) -> None:
    kiosk = town.kiosk()
    said = {"code": CODE, "kioskId": "PK03", "unitCode": UNIT,
            "publicKey": signature.to_base64url(signature.public_key(kiosk.identity.seed))}  # fmt: skip
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
    from sync.encoding import sha256_hex

    bad = {"submissionId": str(uuid.uuid4()), "digest": sha256_hex(body.encode()), "body": body}
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
    one = envelope(kiosk)
    two = envelope(kiosk)
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
    first = event(subject, 1)
    third = event(subject, 3)
    stranger = event(str(uuid.uuid4()), 1)
    again = {**first, "officer": "CB02"}
    rival = event(subject, 1, "refused")
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
    seen = []
    cursor = ""
    more = True
    while more:
        page = conforms(kiosk.ask("GET", f"/changes?limit=3&cursor={cursor}"), "get", "/changes")
        seen += [item["submissionId"] for item in page["items"]]
        cursor = page["cursor"]
        more = page["more"]
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


def test_a_restore_is_proved_even_when_the_counter_has_grown_past_the_cursor_again(town: Town) -> None:
    kiosk = town.enrolled()
    send(kiosk, envelope(kiosk))
    cursor = conforms(kiosk.ask("GET", "/changes"), "get", "/changes")["cursor"]
    send(kiosk, envelope(kiosk))
    assert kiosk.ask("GET", f"/changes?cursor={cursor}").status == 200
    town.sql("update submissions set received_at = '2026-11-24T01:30:00.001Z' where taken_seq = 1")
    answer = kiosk.ask("GET", f"/changes?cursor={cursor}")
    assert (answer.status, conforms(answer, "get", "/changes")["type"]) == (410, "/problems/restored")
    assert town.sql("select count(*) from notices") == [(1,)]


def test_a_cursor_of_an_earlier_release_bears_no_mark_and_is_believed(town: Town) -> None:
    kiosk = town.enrolled()
    send(kiosk, envelope(kiosk), envelope(kiosk))
    epoch = kiosk.ask("GET", "/hello").headers["Sync-Epoch"]
    page = conforms(kiosk.ask("GET", f"/changes?cursor={epoch}:1"), "get", "/changes")
    assert len(page["items"]) == 1


@pytest.mark.parametrize("cursor", ["x", "x:y", "x:1:2:3", "%3A", "e:-1", "e:١"])
def test_a_cursor_that_cannot_be_read_is_refused(town: Town, cursor: str) -> None:
    answer = town.enrolled().ask("GET", f"/changes?cursor={cursor if cursor.isascii() else 'e%3A%D9%A1'}")
    conforms(answer, "get", "/changes")
    assert answer.status == 400


def test_an_address_that_is_not_there_still_answers_as_the_portal(town: Town) -> None:
    answer = town.enrolled().ask("GET", "/nowhere")
    assert (answer.status, answer.headers["Sync-Protocol"]) == (404, "kiosk-sync/1")
    validator(SCHEMAS["Problem"]).validate(json.loads(answer.body))
