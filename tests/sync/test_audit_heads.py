"""The heads of the kiosks' audit trails: a trail that was cut, rewritten or cut and grown again raises an alarm."""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from sync.encoding import sha256_hex
from sync.gateway.fleet import TRAIL_ALARM_FOR
from sync.portals.base import AuditHead
from tests.sync.contract_checks import conforms, envelope
from tests.sync.practice_gateway import CODE, UNIT, Kiosk, PracticeGateway
from tests.sync.test_operator import sign_in


class Trail:
    """A kiosk's audit trail: digests by number, and the function that a portal asks."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = list(lines)

    def find(self, count: int | None = None) -> AuditHead | None:
        number = len(self.lines) if count is None else count
        if not 0 < number <= len(self.lines):
            return None
        return AuditHead(number, self.digest(number))

    def digest(self, number: int) -> str:
        return sha256_hex("|".join(self.lines[:number]).encode())


@pytest.fixture
def trail() -> Trail:
    return Trail(["sign in", "call", "accept"])


@pytest.fixture
def kiosk(practice: PracticeGateway, trail: Trail) -> Kiosk:
    kiosk = practice.enrolled_kiosk()
    kiosk.portal._audit_head = trail.find
    return kiosk


def send_one(kiosk: Kiosk) -> None:
    kiosk.submit()
    kiosk.drain()


def alarms(practice: PracticeGateway) -> list[str]:
    acts = practice.sql("select act from trail where login = 'gateway' order by no")
    return [act for (act,) in acts]


def test_a_trail_that_grows_raises_no_alarm(practice: PracticeGateway, kiosk: Kiosk, trail: Trail) -> None:
    for _ in range(3):
        send_one(kiosk)
        trail.lines += ["call", "accept"]
    send_one(kiosk)
    assert alarms(practice) == []
    assert practice.sql("select kiosk_id, lines from audit_heads") == [("PK03", 9)]


def test_a_trail_whose_end_was_cut_raises_an_alarm(practice: PracticeGateway, kiosk: Kiosk, trail: Trail) -> None:
    send_one(kiosk)
    trail.lines.pop()
    send_one(kiosk)
    assert alarms(practice) == ["trail_shorter"]
    ((text,),) = practice.sql("select text from notices")
    assert "PK03" in text
    assert "dòng 3, nay 2" in text


def test_a_trail_with_another_last_line_raises_an_alarm(practice: PracticeGateway, kiosk: Kiosk, trail: Trail) -> None:
    send_one(kiosk)
    trail.lines[-1] = "refuse"
    send_one(kiosk)
    assert alarms(practice) == ["trail_forked"]


def test_a_trail_that_was_cut_and_has_grown_again_raises_an_alarm(
    practice: PracticeGateway, kiosk: Kiosk, trail: Trail
) -> None:
    send_one(kiosk)
    trail.lines[-1:] = ["call", "call", "refuse", "call"]
    send_one(kiosk)
    assert alarms(practice) == ["trail_forked"]


def test_a_cut_before_a_restart_is_found_with_the_second_batch(
    practice: PracticeGateway, kiosk: Kiosk, trail: Trail
) -> None:
    send_one(kiosk)
    kiosk.portal._audit_line_held = None
    trail.lines += ["call"]
    send_one(kiosk)
    assert alarms(practice) == []
    trail.lines[0] = "sign out"
    send_one(kiosk)
    assert alarms(practice) == ["trail_forked"]


def test_a_trail_that_was_cut_and_has_grown_again_before_a_restart_raises_an_alarm(
    practice: PracticeGateway, kiosk: Kiosk, trail: Trail
) -> None:
    send_one(kiosk)
    trail.lines[-1:] = ["call", "call", "refuse", "call"]
    kiosk.portal._audit_line_held = None
    send_one(kiosk)
    assert practice.sql("select lines from audit_heads") == [(3,)], "kept until the kiosk has shown that line"
    send_one(kiosk)
    assert alarms(practice) == ["trail_forked"]


def test_a_batch_that_arrives_after_a_newer_one_accuses_nobody(
    practice: PracticeGateway, kiosk: Kiosk, trail: Trail
) -> None:
    """Check a batch that was held up on its way, while the kiosk gave it up and sent the next ones."""
    send_one(kiosk)
    late = {"submissions": [envelope(kiosk)], "auditHead": {"count": 3, "digest": trail.digest(3)}}
    trail.lines += ["call", "accept"]
    send_one(kiosk)
    kiosk.portal._anchor = (practice.clock() - timedelta(seconds=90), time.monotonic())
    answer = kiosk.send_request("POST", "/submissions", late)
    assert conforms(answer, "post", "/submissions")["auditHead"] == {"count": 5}
    assert alarms(practice) == []
    kiosk.portal._anchor = (
        practice.clock() + timedelta(seconds=90),
        time.monotonic(),
    )  # after all before, however slow
    trail.lines.pop()
    send_one(kiosk)
    assert alarms(practice) == ["trail_shorter"]


def test_a_kiosk_of_an_older_release_sends_no_head_and_is_served(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    answer = kiosk.send_request("POST", "/submissions", {"submissions": [envelope(kiosk)]})
    body = conforms(answer, "post", "/submissions")
    assert body["results"][0]["outcome"] == "created"
    assert "auditHead" not in body


@pytest.mark.parametrize(
    "head",
    [{"count": 0, "digest": "a" * 64}, {"count": 2**40, "digest": "a" * 64}, {"count": 1, "digest": "x"}, [], {}],
)
def test_a_head_of_another_shape_is_refused(practice: PracticeGateway, head: object) -> None:
    kiosk = practice.enrolled_kiosk()
    answer = kiosk.send_request("POST", "/submissions", {"submissions": [envelope(kiosk)], "auditHead": head})
    assert answer.status == 422
    assert practice.submission_ids() == []


def test_the_answer_names_the_line_that_is_held(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    head: dict[str, Any] = {"count": 7, "digest": "a" * 64}
    answer = kiosk.send_request("POST", "/submissions", {"submissions": [envelope(kiosk)], "auditHead": head})
    assert conforms(answer, "post", "/submissions")["auditHead"] == {"count": 7}


def test_a_machine_that_replaces_a_revoked_one_begins_its_trail_again(
    practice: PracticeGateway, kiosk: Kiosk, trail: Trail
) -> None:
    send_one(kiosk)
    practice.sql("update kiosks set revoked_at = '2026-11-24T01:30:00.000Z'")
    practice.sql("delete from enrolment_codes")
    practice.stop()
    practice.start()
    new = practice.new_kiosk()
    new.portal.enrol(CODE, UNIT)
    new.portal._audit_head = Trail(["init"]).find
    answer = new.send_request("POST", "/submissions", {"submissions": [envelope(kiosk)]})
    assert answer.status == 200
    send_one(new)
    assert alarms(practice) == []
    assert practice.sql("select lines from audit_heads") == [(1,)]


def test_operator_and_auditor_read_the_alarm(practice: PracticeGateway, kiosk: Kiosk, trail: Trail) -> None:
    send_one(kiosk)
    trail.lines.pop()
    send_one(kiosk)
    operator = practice.gateway.app.test_client()
    sign_in(operator)
    assert "ngắn hơn lần trước" in operator.get("/").text
    assert "Nhật ký ngắn hơn lần trước" in operator.get("/kiosks/PK03").text
    fleet = " ".join(operator.get("/fleet").text.split())
    assert ("Nhật ký ngắn hơn lần trước" in fleet, "1 máy: 0 tốt, 1 cần xem, 0 im lặng" in fleet) == (True, True)
    practice.clock.offset += TRAIL_ALARM_FOR
    assert "Nhật ký ngắn hơn lần trước" not in operator.get("/fleet").text
