"""Successors of subjects that were set aside at the kiosk: no portal waits for those."""

import uuid
from pathlib import Path
from typing import Any

import pytest

from sync import outbox
from sync.parcel import Event, Subject
from sync.portals import kiosk_sync_encode
from tests.sync.contract_checks import conforms, envelope, event, send
from tests.sync.practice_gateway import Kiosk, PracticeGateway
from tests.sync.test_usb import NOW, Carrier


def tell(kiosk: Kiosk, *events: dict[str, Any], gone: list[dict[str, Any]]) -> list[str]:
    """Send events of the desk; return the outcomes."""
    answer = kiosk.send_request("POST", "/events", {"events": list(events), "setAside": gone})
    return [one["outcome"] for one in conforms(answer, "post", "/events")["results"]]


def status(practice: PracticeGateway, subject: str) -> int:
    return int(practice.sql(f"select status_code from submissions where submission_id = '{subject}'")[0][0])


@pytest.mark.parametrize("how", ["line", "stick"])
def test_nothing_waits_behind_what_was_set_aside(practice: PracticeGateway, tmp_path: Path, how: str) -> None:
    kiosk = practice.enrolled_kiosk()
    carrier = Carrier(practice, kiosk, tmp_path)
    before = kiosk.submit()
    form = kiosk.submit()
    after = kiosk.submit(revision=2, supersedes=before)
    first, second, third = (kiosk.add_event(form, seq) for seq in (1, 2, 3))
    del kiosk.loads[before], kiosk.loads[second]
    if how == "line":
        kiosk.drain()
    else:
        # They were set aside over the connection before it failed; the USB stick carries the rest.
        with kiosk.store.write() as db:
            for subject, kind in ((before, "submission"), (second, "event")):
                outbox.mark_refused(db, Subject(subject, kind), "poison", "400", NOW)
        carrier.out()
        carrier.bring()
        carrier.back()
    stand = {one: kiosk.outbox_state(one) for one in (before, form, after, first, second, third)}
    assert [one for one, state in stand.items() if state == "refused"] == [before, second]
    assert [state for state in stand.values() if state not in ("done", "refused")] == []
    assert sorted(practice.submission_ids()) == sorted([form, after])


def test_a_number_is_missed_only_on_its_own_receipt(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    one = envelope(kiosk)
    other = envelope(kiosk)
    send(kiosk, one, other)
    mine = one["submissionId"]
    theirs = other["submissionId"]
    assert tell(kiosk, event(mine, 2), gone=[{"submissionId": theirs, "seq": 1}]) == ["wait"]
    assert tell(kiosk, event(mine, 3), gone=[{"submissionId": mine, "seq": 1}]) == ["wait"], (
        "nobody said that 2 is gone"
    )
    assert tell(kiosk, event(mine, 3), gone=[{"submissionId": mine, "seq": n} for n in (1, 2)]) == ["created"]
    assert tell(kiosk, event(mine, 2**52), gone=[{"submissionId": mine}]) == ["wait"], "and is counted without a list"


def test_what_is_gone_is_said_once_in_a_request() -> None:
    acts = [
        Event(event_id=f"e{seq}", submission_id="s1", seq=seq, digest="", body=b"{}", gone=(2,)) for seq in (3, 4, 5)
    ]
    assert kiosk_sync_encode.batch(acts)["setAside"] == [{"submissionId": "s1", "seq": 2}]


def test_an_act_that_comes_after_all_leaves_the_status_as_later_acts_have_set_it(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    sent = envelope(kiosk)
    send(kiosk, sent)
    subject = sent["submissionId"]
    late = event(subject, 1, "accepted")
    assert tell(kiosk, event(subject, 2, "supplement"), gone=[{"submissionId": subject, "seq": 1}]) == ["created"]
    assert status(practice, subject) == 5
    assert tell(kiosk, late, gone=[]) == ["created"]
    assert status(practice, subject) == 5
    assert tell(kiosk, late, event(subject, 3, "handed_out"), gone=[]) == ["duplicate", "created"]
    assert status(practice, subject) == 10


def test_a_correction_need_not_wait_only_for_what_is_named(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    gone = str(uuid.uuid4())
    unknown = str(uuid.uuid4())
    heir = envelope(kiosk, supersedes=gone, revision=2)
    other = envelope(kiosk, supersedes=unknown, revision=2)
    said = {"submissions": [heir, other], "setAside": [{"submissionId": gone}]}
    results = conforms(kiosk.send_request("POST", "/submissions", said), "post", "/submissions")["results"]
    assert [one["outcome"] for one in results] == ["created", "wait"]


@pytest.mark.parametrize("odd", ["x", [1], [{"seq": 1}], [{"submissionId": "nobody"}]])
def test_a_word_on_what_is_gone_has_a_shape(practice: PracticeGateway, odd: object) -> None:
    kiosk = practice.enrolled_kiosk()
    answer = kiosk.send_request("POST", "/submissions", {"submissions": [envelope(kiosk)], "setAside": odd})
    assert (answer.status, practice.submission_ids()) == (422, [])
    assert conforms(answer, "post", "/submissions")["type"] == "/problems/shape"
