"""Successors of refused subjects: the gateway does not wait for a subject that the kiosk set aside."""

import uuid
from pathlib import Path
from typing import Any

import pytest

from sync import outbox
from sync.parcel import Event, Subject
from sync.portals import kiosk_sync_encode
from tests.sync.contract_checks import conforms, envelope, event, send
from tests.sync.practice_gateway import Kiosk, PracticeGateway
from tests.sync.test_usb import NOW, UsbCarrier


def send_events(kiosk: Kiosk, *events: dict[str, Any], gone: list[dict[str, Any]]) -> list[str]:
    """Send events of the desk; return the outcomes."""
    answer = kiosk.send_request("POST", "/events", {"events": list(events), "setAside": gone})
    return [result["outcome"] for result in conforms(answer, "post", "/events")["results"]]


def status(practice: PracticeGateway, subject: str) -> int:
    return int(practice.sql(f"select status_code from submissions where submission_id = '{subject}'")[0][0])


@pytest.mark.parametrize("channel", ["connection", "usb"])
def test_nothing_waits_for_a_refused_subject(practice: PracticeGateway, tmp_path: Path, channel: str) -> None:
    kiosk = practice.enrolled_kiosk()
    carrier = UsbCarrier(practice, kiosk, tmp_path)
    before = kiosk.submit()
    form = kiosk.submit()
    after = kiosk.submit(revision=2, supersedes=before)
    first, second, third = (kiosk.add_event(form, seq) for seq in (1, 2, 3))
    del kiosk.loads[before], kiosk.loads[second]
    if channel == "connection":
        kiosk.drain()
    else:
        # They were set aside over the connection before it failed; the USB stick carries the rest.
        with kiosk.store.write() as db:
            for subject, kind in ((before, "submission"), (second, "event")):
                outbox.mark_refused(db, Subject(subject, kind), "poison", "400", NOW)
        carrier.write_parcels()
        carrier.import_parcels()
        carrier.apply_answers()
    states = {subject: kiosk.outbox_state(subject) for subject in (before, form, after, first, second, third)}
    assert [subject for subject, state in states.items() if state == "refused"] == [before, second]
    assert [state for state in states.values() if state not in ("done", "refused")] == []
    assert sorted(practice.submission_ids()) == sorted([form, after])


def test_a_missing_event_number_counts_for_its_own_form_only(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    first_envelope = envelope(kiosk)
    second_envelope = envelope(kiosk)
    send(kiosk, first_envelope, second_envelope)
    first = first_envelope["submissionId"]
    second = second_envelope["submissionId"]
    assert send_events(kiosk, event(first, 2), gone=[{"submissionId": second, "seq": 1}]) == ["wait"]
    assert send_events(kiosk, event(first, 3), gone=[{"submissionId": first, "seq": 1}]) == ["wait"], (
        "2 is not in the list"
    )
    assert send_events(kiosk, event(first, 3), gone=[{"submissionId": first, "seq": n} for n in (1, 2)]) == ["created"]
    assert send_events(kiosk, event(first, 2**52), gone=[{"submissionId": first}]) == ["wait"], (
        "a gap this long is checked without building a list"
    )


def test_set_aside_is_listed_once_in_a_request() -> None:
    events = [
        Event(event_id=f"e{seq}", submission_id="s1", seq=seq, digest="", body=b"{}", skipped_seqs=(2,))
        for seq in (3, 4, 5)
    ]
    assert kiosk_sync_encode.batch(events)["setAside"] == [{"submissionId": "s1", "seq": 2}]


def test_a_late_event_leaves_the_status_as_later_events_have_set_it(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    submission = envelope(kiosk)
    send(kiosk, submission)
    subject = submission["submissionId"]
    late = event(subject, 1, "accepted")
    assert send_events(kiosk, event(subject, 2, "supplement"), gone=[{"submissionId": subject, "seq": 1}]) == [
        "created"
    ]
    assert status(practice, subject) == 5
    assert send_events(kiosk, late, gone=[]) == ["created"]
    assert status(practice, subject) == 5
    assert send_events(kiosk, late, event(subject, 3, "handed_out"), gone=[]) == ["duplicate", "created"]
    assert status(practice, subject) == 10


def test_a_correction_skips_the_wait_only_for_a_listed_form(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    gone = str(uuid.uuid4())
    unknown = str(uuid.uuid4())
    heir = envelope(kiosk, supersedes=gone, revision=2)
    other = envelope(kiosk, supersedes=unknown, revision=2)
    batch = {"submissions": [heir, other], "setAside": [{"submissionId": gone}]}
    results = conforms(kiosk.send_request("POST", "/submissions", batch), "post", "/submissions")["results"]
    assert [result["outcome"] for result in results] == ["created", "wait"]


@pytest.mark.parametrize("odd", ["x", [1], [{"seq": 1}], [{"submissionId": "nobody"}]])
def test_a_malformed_set_aside_list_is_refused(practice: PracticeGateway, odd: object) -> None:
    kiosk = practice.enrolled_kiosk()
    answer = kiosk.send_request("POST", "/submissions", {"submissions": [envelope(kiosk)], "setAside": odd})
    assert (answer.status, practice.submission_ids()) == (422, [])
    assert conforms(answer, "post", "/submissions")["type"] == "/problems/shape"


def test_a_reopened_case_has_the_state_that_the_event_names_and_keeps_its_number(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    submission = envelope(kiosk)
    send(kiosk, submission)
    subject = submission["submissionId"]
    sent = [
        event(subject, 1, "accepted"),
        event(subject, 2, "numbered", officialNo="H57.132-261124-0583"),
        event(subject, 3, "handed_out"),
    ]
    assert send_events(kiosk, *sent, gone=[]) == ["created"] * 3
    assert status(practice, subject) == 10
    assert practice.sql("select official_no from submissions") == [("H57.132-261124-0583",)]
    for seq, (state, code) in enumerate((("accepted", 2), ("supplement", 5), ("waiting", 1)), 4):
        assert send_events(kiosk, event(subject, seq, "reopened", reopenedTo=state), gone=[]) == ["created"]
        assert status(practice, subject) == code
    assert practice.sql("select official_no from submissions") == [("H57.132-261124-0583",)]
