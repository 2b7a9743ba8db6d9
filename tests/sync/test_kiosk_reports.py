"""Reports of kiosks about themselves: the gateway stores the last one, refuses what is none, and older sides go on."""

import copy
import json
from typing import Any

import pytest

from sync import signature
from sync.errors import BadRequestBody
from sync.portals.base import KioskReport, ReportAnswer, ReportedAlarm, ReportedUpdate, ReportedVoice
from sync.portals.kiosk_sync import BASE, KioskSync
from tests.sync.contract_checks import SCHEMAS, conforms, envelope, send, validator
from tests.sync.portal_responses import json_response
from tests.sync.practice_gateway import PracticeGateway

REPORT: dict[str, Any] = {
    "release": "1.4.0",
    "content": "2026.11.24",
    "voices": [{"voice": "vi", "version": "2026.11.24"}],
    "wardName": "Phường Thủy Lam",
    "alarms": [{"code": "PRINT-01", "state": "warning", "causes": ["paper_out"]}],
    "waiting": {"count": 6, "oldestSeconds": 1320},
    "unknownPapers": 1,
    "copySeconds": 3600,
    "diskFreeMb": 41000,
    "clockOffsetSeconds": -540,
}


def changed(**members: Any) -> dict[str, Any]:
    return copy.deepcopy(REPORT) | members


def stored(practice: PracticeGateway) -> list[dict[str, Any]]:
    return [json.loads(content) for (content,) in practice.sql("select content from kiosk_reports")]


def test_a_report_is_stored_and_the_answer_names_what_may_be_taken(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    answer = kiosk.send_request("POST", "/report", REPORT)
    assert answer.status == 200
    assert conforms(answer, "post", "/report")["release"] == {}
    assert stored(practice) == [REPORT]


def test_the_last_report_replaces_the_one_before(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    for release in ("1.4.0", "1.5.0"):
        assert kiosk.send_request("POST", "/report", changed(release=release)).status == 200
    assert [report["release"] for report in stored(practice)] == ["1.5.0"]


def test_the_gateway_stores_nothing_but_the_members_of_the_contract(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    alarm = REPORT["alarms"][0] | {"words": "Chị Lan chờ giấy"}
    waiting = REPORT["waiting"] | {"names": ["Lan"]}
    voice = REPORT["voices"][0] | {"reader": "Lan"}
    report = changed(alarms=[alarm], waiting=waiting, voices=[voice], note="Lan")
    assert kiosk.send_request("POST", "/report", report).status == 200
    ((text,),) = practice.sql("select content from kiosk_reports")
    assert "Lan" not in text


@pytest.mark.parametrize(
    "members",
    [
        {"release": "bản mới"},
        {"release": "1." * 40},
        {"alarms": "PRINT-01"},
        {"alarms": [{"code": "Chị Lan", "state": "warning"}]},
        {"alarms": [{"code": "PRINT-01", "state": "very bad"}]},
        {"alarms": [{"code": "PRINT-01", "state": "note", "causes": ["Chị Lan"]}]},
        {"alarms": [{"code": "PRINT-01", "state": "note"}] * 61},
        {"waiting": {"count": -1, "oldestSeconds": 0}},
        {"waiting": {"count": 10**9, "oldestSeconds": 0}},
        {"waiting": {"count": 1, "oldestSeconds": 10**12}},
        {"copySeconds": -5},
        {"diskFreeMb": 1.5},
        {"clockOffsetSeconds": 10**12},
        {"wardName": "x" * 81},
        {"update": {"state": "exploded", "target": "1.5.0"}},
        {"update": {"state": "refused", "target": "1.5.0", "attempt": 0}},
    ],
)
def test_a_report_with_absurd_values_is_refused_and_the_last_good_one_stays(
    practice: PracticeGateway, members: dict[str, Any]
) -> None:
    kiosk = practice.enrolled_kiosk()
    assert kiosk.send_request("POST", "/report", REPORT).status == 200
    answer = kiosk.send_request("POST", "/report", changed(**members))
    assert answer.status == 422
    conforms(answer, "post", "/report")
    assert stored(practice) == [REPORT]


def test_an_oversized_report_is_refused_also_when_it_is_compressed(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    large = changed(padding="x" * 40_000)
    assert kiosk.send_request("POST", "/report", large).status == 413, "gzip, below the limit before it is inflated"
    kiosk.portal._gzip_from = 10**9
    assert kiosk.send_request("POST", "/report", large).status == 413
    assert stored(practice) == []


def test_a_replayed_report_is_refused(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    content = json.dumps(changed(release="1.4.0")).encode()
    headers = {"Content-Type": "application/json"}
    request = kiosk.http.prepare("POST", f"{practice.url}{BASE}/report", headers, content)
    signature.sign(request, kiosk.identity.seed, content=content, created=practice.clock(), nonce="abcdefghijkl")
    assert kiosk.http.exchange(request).status == 200
    assert kiosk.send_request("POST", "/report", changed(release="1.5.0")).status == 200
    again = kiosk.http.exchange(request)
    assert (again.status, conforms(again, "post", "/report")["type"]) == (401, "/problems/replay")
    assert [report["release"] for report in stored(practice)] == ["1.5.0"]


def test_a_kiosk_of_an_older_release_sends_none_and_is_served(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    assert send(kiosk, envelope(kiosk))[0]["outcome"] == "created"
    assert stored(practice) == []


def sent_report() -> KioskReport:
    return KioskReport(
        release="1.4.0",
        content="2026.11.24",
        ward_name="",
        alarms=(ReportedAlarm("DISK-01", "warning"), ReportedAlarm("PRINT-01", "note", ("paper_near_end",))),
        waiting=0,
        oldest_seconds=0,
        unknown_papers=0,
        copy_seconds=None,
        disk_free_mb=900,
        clock_offset=None,
        voices=(ReportedVoice(voice="vi-hue", version="2026.11.2"),),
        update=ReportedUpdate(state="went_back", target="1.5.0", attempt=2, code="K-54"),
    )


def test_the_adapter_sends_a_report_of_the_contract(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    answer = kiosk.portal.report(sent_report())
    assert answer.release == {}
    (report,) = stored(practice)
    validator(SCHEMAS["KioskReport"]).validate(report)
    assert report["alarms"][1] == {"code": "PRINT-01", "state": "note", "causes": ["paper_near_end"]}
    assert report["voices"] == [{"voice": "vi-hue", "version": "2026.11.2"}]
    assert "copySeconds" not in report


@pytest.mark.parametrize("release", [None, [], "1.5.0"])
def test_an_answer_without_releases_names_none(open_portal: Any, release: object) -> None:
    portal: KioskSync = open_portal(json_response("200 OK", {"protocol": "kiosk-sync/1", "release": release}))
    assert portal.report(sent_report()).release is None


def test_a_gateway_of_an_older_release_takes_no_report_and_that_is_no_fault(open_portal: Any) -> None:
    problem = {"type": "/problems/http-404", "title": "Cổng không làm được yêu cầu này.", "status": 404}
    portal: KioskSync = open_portal(json_response("404 Not Found", problem))
    answer = portal.report(sent_report())
    assert answer == ReportAnswer(answer.epoch, None)


def test_a_gateway_that_refuses_a_report_says_so_to_the_caller(open_portal: Any) -> None:
    problem = {"type": "/problems/shape", "title": "Nội dung khác quy ước.", "status": 422}
    portal: KioskSync = open_portal(json_response("422 Unprocessable Content", problem))
    with pytest.raises(BadRequestBody):
        portal.report(sent_report())
