"""Lines of the gateway's trail in answers to reports, on both databases; older kiosks get none."""

from typing import Any

import pytest

from sync.gateway import accounts
from sync.portals import kiosk_sync_decode
from sync.portals.base import PortalTrail
from tests.sync.contract_checks import conforms
from tests.sync.practice_gateway import Kiosk, PracticeGateway
from tests.sync.test_kiosk_reports import changed


def shown(kiosk: Kiosk, held_no: int | None) -> Any:
    """Send a report that names the kept line; return the member of the answer about the trail."""
    answer = kiosk.send_request(
        "POST", "/report", changed(**({} if held_no is None else {"trailHeld": {"line": held_no}}))
    )
    assert answer.status == 200, answer.body
    return conforms(answer, "post", "/report").get("trail")


def act(practice: PracticeGateway, count: int = 1) -> None:
    for _ in range(count):
        with practice.engine.begin() as db:
            accounts.record(db, "hoaian", "signed_in", "hoaian", practice.clock())


def digest(practice: PracticeGateway, no: int) -> str:
    ((mac,),) = practice.sql(f"select mac from trail where no = {no}")
    return str(mac)


def test_a_report_is_answered_with_the_kept_line_and_the_last_one(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    practice.sql("delete from trail")
    assert shown(kiosk, 0) == {"line": 0, "digest": "0" * 64, "held": "0" * 64, "openings": []}
    act(practice, 4)
    (first, *_rest, last) = [no for (no,) in practice.sql("select no from trail order by no")]
    trail = shown(kiosk, first)
    assert (trail["line"], trail["digest"], trail["held"]) == (last, digest(practice, last), digest(practice, first))
    assert "held" not in shown(kiosk, last + 1), "there is no such line"
    assert "held" not in shown(kiosk, 2_147_483_647)


def test_a_kiosk_of_an_older_release_gets_no_line(practice: PracticeGateway) -> None:
    act(practice)
    assert shown(practice.enrolled_kiosk(), None) is None


def test_lines_of_before_the_chain_are_sealed_before_one_is_shown(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    act(practice, 2)
    practice.sql("update trail set mac = ''")
    assert shown(kiosk, 0)["digest"] not in ("", "0" * 64)


@pytest.mark.parametrize("held", [-1, 2_147_483_648, "3", None, 1.5])
def test_a_report_with_an_absurd_line_is_refused(practice: PracticeGateway, held: object) -> None:
    kiosk = practice.enrolled_kiosk()
    assert kiosk.send_request("POST", "/report", changed(trailHeld={"line": held})).status == 422


@pytest.mark.parametrize(
    "member",
    [
        None,
        [],
        {"line": 3, "openings": []},
        {"line": -3, "digest": "a" * 64, "openings": []},
        {"line": 3, "digest": "A" * 64, "openings": []},
        {"line": 3, "digest": 7, "openings": []},
        {"line": 3, "digest": "a" * 64, "held": "", "openings": []},
        {"line": 3, "digest": "a" * 64, "openings": {}},
    ],
)
def test_a_line_that_cannot_be_read_is_none(member: object) -> None:
    assert kiosk_sync_decode.portal_trail({"trail": member}) is None


def test_an_opening_that_cannot_be_read_is_dropped() -> None:
    good = {
        "at": "2026-12-02T08:30:00Z",
        "submissionId": "s",
        "receiptNo": "r",
        "login": "hoaian",
        "reason": "x" * 9999,
    }
    items = [{"at": "yesterday"}, None, good | {"login": ""}, good]
    trail = kiosk_sync_decode.portal_trail({"trail": {"line": 3, "digest": "a" * 64, "openings": items}})
    assert isinstance(trail, PortalTrail)
    assert [(opening.login, len(opening.reason)) for opening in trail.openings] == [("hoaian", 2000)]
