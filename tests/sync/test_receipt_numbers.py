"""A receipt number of a kiosk belongs to one dossier at the gateway, and only that dossier is forwarded."""

from datetime import date, timedelta
from typing import Any

import pytest

from kiosk.base import clock
from sync import link
from sync import receipt_numbers as client
from sync.errors import Unsure
from sync.gateway import forwarding
from sync.gateway.forwarding import ForwardPace
from sync.portals import kiosk_sync_decode
from tests.sync.contract_checks import conforms, envelope, event, send
from tests.sync.practice_gateway import Kiosk, PracticeGateway

NUMBER = "PK03-261124-0017-F"


def replaced(practice: PracticeGateway) -> Kiosk:
    """Return a kiosk with another key under the same name."""
    practice.sql("update kiosks set revoked_at = '2026-11-24T01:30:00.000Z'")
    practice.sql("delete from enrolment_codes")
    practice.stop()
    practice.start()
    return practice.enrolled_kiosk()


def send_event(kiosk: Kiosk, submission_id: str, seq: int = 1, kind: str = "accepted") -> dict[str, Any]:
    answer = kiosk.send_request("POST", "/events", {"events": [event(submission_id, seq, kind)]})
    results: list[dict[str, Any]] = conforms(answer, "post", "/events")["results"]
    return results[0]


def test_a_second_first_revision_under_a_number_is_a_conflict_with_a_code(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    first = envelope(kiosk, receiptNo=NUMBER)
    assert send(kiosk, first)[0]["outcome"] == "created"
    second = envelope(replaced(practice), receiptNo=NUMBER)
    for _ in range(2):
        result = send(practice.kiosks[-1], second)[0]
        assert result["outcome"] == "conflict"
        assert [(error["pointer"], error["code"]) for error in result["errors"]] == [("/receiptNo", "number")]
    assert send(practice.kiosks[-1], first)[0]["outcome"] == "duplicate"
    assert practice.submission_ids() == [first["submissionId"]]
    assert practice.sql("select count(*) from notices") == [(1,)]
    assert practice.sql("select why from refusals") == [("/receiptNo number",)]


@pytest.mark.parametrize("number", ["PK99-261124-0001-X", "PK033-261124-0001-X"])
def test_a_number_that_does_not_begin_with_the_kiosks_own_code_is_refused(
    practice: PracticeGateway, number: str
) -> None:
    kiosk = practice.enrolled_kiosk()
    own = envelope(kiosk)
    results = send(kiosk, envelope(kiosk, receiptNo=number), own)
    assert [result["outcome"] for result in results] == ["invalid", "created"]
    assert [error["pointer"] for error in results[0]["errors"]] == ["/receiptNo"]
    assert practice.submission_ids() == [own["submissionId"]]


def test_two_first_revisions_in_one_batch_share_no_number(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    pair = [envelope(kiosk, receiptNo=NUMBER) for _ in range(2)]
    results = {result["submissionId"]: result["outcome"] for result in send(kiosk, *pair)}
    assert [results[item["submissionId"]] for item in pair] == ["created", "conflict"]


def test_another_kiosk_may_have_the_same_sequence(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    assert send(kiosk, envelope(kiosk, receiptNo=NUMBER))[0]["outcome"] == "created"
    practice.sql("update submissions set kiosk_id = 'PK04'")
    practice.sql("update receipt_numbers set kiosk_id = 'PK04'")
    assert send(kiosk, envelope(kiosk, receiptNo=NUMBER))[0]["outcome"] == "created"


def test_a_correction_belongs_to_the_dossier_of_what_it_supersedes(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    first = envelope(kiosk, receiptNo=NUMBER)
    own = envelope(kiosk, receiptNo=NUMBER, revision=2, supersedes=first["submissionId"])
    other = envelope(kiosk)
    foreign = envelope(kiosk, receiptNo=NUMBER, revision=2, supersedes=other["submissionId"])
    outcomes = {result["submissionId"]: result["outcome"] for result in send(kiosk, first, own, other, foreign)}
    assert outcomes == {
        first["submissionId"]: "created",
        own["submissionId"]: "created",
        other["submissionId"]: "created",
        foreign["submissionId"]: "conflict",
    }


def test_a_correction_of_a_refused_revision_still_belongs_to_its_dossier(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    first = envelope(kiosk, receiptNo=NUMBER)
    bad = envelope(kiosk, receiptNo=NUMBER, revision=2, supersedes=first["submissionId"], channel="pigeon")
    third = envelope(kiosk, receiptNo=NUMBER, revision=3, supersedes=bad["submissionId"])
    outcomes = [result["outcome"] for result in send(kiosk, first, bad, third)]
    assert sorted(outcomes) == ["created", "created", "invalid"]
    assert practice.sql("select count(distinct dossier_id) from submissions") == [(1,)]


def test_a_correction_of_a_form_whose_number_was_taken_is_refused_too(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    send(kiosk, envelope(kiosk, receiptNo=NUMBER))
    second = envelope(kiosk, receiptNo=NUMBER)
    assert send(kiosk, second)[0]["outcome"] == "conflict"
    for _ in range(2):
        correction = envelope(kiosk, receiptNo=NUMBER, revision=2, supersedes=second["submissionId"])
        result = send(kiosk, correction)[0]
        assert (result["outcome"], result["errors"][0]["code"]) == ("conflict", "number")
        second = correction


def test_the_accepted_submission_is_forwarded_not_the_latest_of_its_number(practice: PracticeGateway) -> None:
    """Check rows of an earlier release, which took two people under one number."""
    kiosk = practice.enrolled_kiosk()
    accepted = envelope(kiosk, receiptNo=NUMBER)
    later = envelope(kiosk)
    send(kiosk, accepted, later)
    practice.sql(
        f"update submissions set receipt_no = '{NUMBER}', form_revision = 2"
        f" where submission_id = '{later['submissionId']}'"
    )
    assert send_event(kiosk, accepted["submissionId"])["outcome"] == "created"
    with practice.engine.begin() as db:
        dossier = forwarding.claim_due(db, practice.clock(), ForwardPace())
    assert dossier is not None
    assert dossier.submission_id == accepted["submissionId"]


def test_the_highest_number_of_each_recent_day_is_told_by_the_name_of_the_kiosk(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    today = practice.clock().date()
    numbers = [f"PK03-{day:%y%m%d}-{seq:04d}-F" for day, seq in (
        (today, 3), (today, 9), (today - timedelta(days=1), 4), (today - timedelta(days=90), 7))]  # fmt: skip
    send(kiosk, *(envelope(kiosk, receiptNo=number) for number in [*numbers, "PK03-269999-0001-F"]))
    answer = replaced(practice).send_request("GET", "/numbers")
    body = conforms(answer, "get", "/numbers")
    assert {item["day"]: item["last"] for item in body["items"]} == {
        today.isoformat(): 9,
        (today - timedelta(days=1)).isoformat(): 4,
    }


def test_a_kiosk_asks_for_the_highest_numbers(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    today = practice.clock().date()
    send(kiosk, envelope(kiosk, receiptNo=f"PK03-{today:%y%m%d}-0031-F"))
    now = clock.now()
    assert client.ask(kiosk.store, kiosk.portal, kiosk.link, now) is None  # before the first round of a run
    kiosk.round()
    assert client.ask(kiosk.store, kiosk.portal, kiosk.link, now) == {today: 31}


def test_a_lost_answer_about_numbers_is_a_fault_of_the_connection(practice: PracticeGateway) -> None:
    kiosk = practice.new_kiosk()
    kiosk.round()
    assert client.ask(kiosk.store, kiosk.portal, kiosk.link, clock.now()) is None
    with kiosk.store.read() as db:
        assert link.state(db).paused == "auth"


@pytest.mark.parametrize(
    "items", [None, [{"day": "2026-13-01", "last": 1}], [{"day": "2026-11-24", "last": 10000}], [{"last": 1}], [7]]
)
def test_wrong_numbers_in_an_answer_count_for_nothing(items: object) -> None:
    with pytest.raises(Unsure):
        kiosk_sync_decode.numbers({"items": items}, "e")
    good = kiosk_sync_decode.numbers({"items": [{"day": "2026-11-24", "last": 17}]}, "e")
    assert good.highest == {date(2026, 11, 24): 17}


def test_a_gateway_that_does_not_know_the_question_knows_no_numbers(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    kiosk.portal._url += "/older"
    kiosk.portal._anchor = (practice.clock(), kiosk.portal._clock())
    assert kiosk.portal.numbers().highest == {}
