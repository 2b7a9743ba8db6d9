"""Staged roll-outs: one ward, a tenth, all; they pause when a machine goes back, and every act is in the trail."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sync.gateway.roles import Role
from tests.sync.fleet import Fleet
from tests.sync.practice_gateway import PracticeGateway
from tests.sync.test_operator import add_account, csrf, sign_in

NEW = "1.5.0"
OLD = "1.4.0"


@pytest.fixture
def fleet(practice: PracticeGateway) -> Iterator[Fleet]:
    """Return twelve machines in six wards, all with the release 1.4.0."""
    fleet = Fleet(practice, 12)
    fleet.report_all()
    yield fleet
    fleet.close()


@pytest.fixture
def operator(practice: PracticeGateway) -> Iterator[FlaskClient]:
    with practice.gateway.app.test_client() as browser:
        sign_in(browser)
        yield browser


def post(operator: FlaskClient, address: str, **form: Any) -> TestResponse:
    return operator.post(address, data={"csrf": csrf(operator.get("/fleet")), **form})


def start(operator: FlaskClient, version: str = NEW, kind: str = "program", pace: int = 24) -> TestResponse:
    return post(operator, "/rollouts", kind=kind, version=version, unit_code="H57.99.01", pace=pace)


def act(operator: FlaskClient, name: str, no: int = 1) -> TestResponse:
    return post(operator, f"/rollouts/{no}/{name}", sure="1")


def offered(fleet: Fleet, member: str = "version") -> list[str]:
    """Return the machines that are named a newer version than the one that they have."""
    present = {"version": "release", "content": "content"}[member]
    answers = zip(fleet.machines, fleet.report_all(), strict=True)
    return [m.kiosk_id for m, answer in answers if answer.get(member, m.state[present]) != m.state[present]]


def take(fleet: Fleet, version: str = NEW) -> int:
    """Let every machine take what it is offered; return how many did."""
    ids = offered(fleet)
    for machine in fleet.machines:
        if machine.kiosk_id in ids:
            machine.report(release=version, update={"state": "confirmed", "target": version, "code": ""})
    return len(ids)


def acts(practice: PracticeGateway) -> list[tuple[str, str]]:
    rows = practice.sql("select login, act from trail where substr(act, 1, 7) = 'rollout' order by no")
    return [(login, name) for login, name in rows]


def test_without_a_rollout_no_machine_may_take_anything(fleet: Fleet) -> None:
    assert fleet.report_all() == [{}] * 12


def test_a_rollout_goes_from_one_ward_to_a_tenth_to_all(
    fleet: Fleet, operator: FlaskClient, practice: PracticeGateway
) -> None:
    assert start(operator).status_code == 302
    assert offered(fleet) == ["AL001", "AL002"]
    assert take(fleet) == 2
    assert offered(fleet) == [], "the next stage waits for the pace"
    fleet.wait(hours=25)
    fleet.report_all()
    assert take(fleet) == 2, "a tenth of twelve, rounded up"
    fleet.wait(hours=25)
    fleet.report_all()
    assert take(fleet) == 8
    assert [row for (row,) in practice.sql("select state from rollouts")] == ["done"]
    assert {machine.state["release"] for machine in fleet.machines} == {NEW}
    assert acts(practice) == [
        ("operator", "rollout_started"),
        ("gateway", "rollout_advanced"),
        ("gateway", "rollout_advanced"),
    ]


def test_a_machine_that_is_on_trial_does_not_count_as_done(fleet: Fleet, operator: FlaskClient) -> None:
    start(operator, pace=0)
    trial = {"state": "trial", "target": NEW, "code": ""}
    for machine in fleet.machines[:2]:
        assert machine.report(release=NEW, update=trial) == {"version": NEW}
    assert "0 trên 2 máy" in operator.get("/fleet").text


FAILED = {"state": "went_back", "target": NEW, "code": "K-54"}


def fail_first(fleet: Fleet) -> dict[str, Any]:
    return fleet.machines[0].report(release=OLD, update=dict(FAILED))


def test_a_failed_self_check_pauses_the_rollout_and_names_the_machine(
    fleet: Fleet, operator: FlaskClient, practice: PracticeGateway
) -> None:
    start(operator)
    assert fail_first(fleet) == {}
    assert offered(fleet) == [], "the other machine of the ward does not take it any more"
    page = " ".join(operator.get("/fleet").text.split())
    assert "Tạm dừng" in page
    assert "Tự dừng" in page
    assert "Máy AL001 tự kiểm không qua: ba lần khởi động không được, nay ở bản 1.4.0." in page
    assert acts(practice) == [("operator", "rollout_started"), ("gateway", "rollout_paused")]


def test_the_machine_that_failed_may_try_again_while_the_rollout_is_paused(
    fleet: Fleet, operator: FlaskClient, practice: PracticeGateway
) -> None:
    start(operator)
    fail_first(fleet)
    assert post(operator, "/rollouts/1/retry", kiosk_id="AL001").status_code == 302
    assert fleet.machines[0].report() == {"version": NEW, "attempt": 2}, "its old failure is no new one"
    assert fleet.machines[1].report() == {}
    again = {"state": "went_back", "target": NEW, "attempt": 2, "code": "K-54"}
    assert fleet.machines[0].report(update=again) == {}
    assert acts(practice)[-1] == ("operator", "rollout_retried")


def test_going_on_leaves_the_failed_machine_out_and_reaches_the_others(
    fleet: Fleet, operator: FlaskClient, practice: PracticeGateway
) -> None:
    start(operator, pace=0)
    fail_first(fleet)
    assert act(operator, "go-on").status_code == 302
    assert offered(fleet) == ["AL002"]
    take(fleet)
    fleet.report_all()
    assert take(fleet) == 2, "the next stage does not wait for the machine that failed"
    assert ("operator", "rollout_resumed") in acts(practice)


def test_going_back_sends_every_machine_with_the_version_to_the_former_one(
    fleet: Fleet, operator: FlaskClient, practice: PracticeGateway
) -> None:
    start(operator)
    take(fleet)
    fleet.machines[9].report(release="1.6.0")
    assert act(operator, "back").status_code == 302
    answers = fleet.report_all()
    assert answers[:2] == [{"version": OLD}] * 2
    assert answers[2:] == [{}] * 10, "a machine on another version stays as it is, also a newer one"
    fleet.machines[0].report(release=OLD)
    assert fleet.machines[0].report() == {}
    assert acts(practice)[-1] == ("operator", "rollout_back")
    assert "Đã lùi về 1.4.0" in " ".join(operator.get("/fleet").text.split())


def test_after_going_back_the_same_version_begins_with_a_new_attempt(fleet: Fleet, operator: FlaskClient) -> None:
    start(operator)
    fail_first(fleet)
    act(operator, "back")
    assert start(operator).status_code == 302
    assert fleet.machines[0].report() == {"version": NEW, "attempt": 2}


def test_going_on_and_going_back_ask_first(fleet: Fleet, operator: FlaskClient, practice: PracticeGateway) -> None:
    start(operator)
    for name in ("go-on", "back"):
        assert post(operator, f"/rollouts/1/{name}").status_code == 400
    assert practice.sql("select state, stage from rollouts") == [("running", "ward")]
    assert fleet


def test_an_operator_pauses_and_resumes_and_skips_the_wait_for_a_machine_that_is_off(
    fleet: Fleet, operator: FlaskClient
) -> None:
    start(operator)
    act(operator, "pause")
    assert offered(fleet) == []
    act(operator, "go-on")
    assert offered(fleet) == ["AL001", "AL002"]
    act(operator, "go-on")
    assert len(offered(fleet)) == 4, "the ward and a tenth"
    assert act(operator, "go-on", no=99).status_code == 409


CONTENT = "2026.11.24"


def browser_of(practice: PracticeGateway, login: str, role: Role) -> FlaskClient:
    """Return the browser of a new account, signed in."""
    add_account(practice, login, role)
    browser = practice.gateway.app.test_client()
    sign_in(browser, login=login)
    return browser


def propose(browser: FlaskClient) -> TestResponse:
    return start(browser, CONTENT, kind="content", pace=0)


def approve(browser: FlaskClient, version: str = CONTENT) -> TestResponse:
    return post(browser, "/content/approval", version=version)


def test_content_reaches_a_machine_when_another_person_has_approved_it(fleet: Fleet, practice: PracticeGateway) -> None:
    editor = browser_of(practice, "soan.mot", "editor")
    approver = browser_of(practice, "duyet.mot", "approver")
    assert propose(editor).status_code == 302
    assert offered(fleet, "content") == []
    page = approver.get("/fleet").text
    assert f"Nội dung {CONTENT} chờ duyệt." in page
    assert "Duyệt và phát hành" in page
    assert approve(editor).status_code == 403
    assert approve(approver, "2026.11.25").status_code == 409, "another version than the one that was read"
    assert approve(approver).status_code == 302
    assert approve(approver).status_code == 409
    assert offered(fleet, "content") == ["AL001", "AL002"]
    lines = practice.sql("select login, act, reason from trail where subject = 'content 2026.11.24' order by no")
    assert lines == [
        ("soan.mot", "content_proposed", "H57.99.01"),
        ("duyet.mot", "rollout_started", "H57.99.01"),
        ("duyet.mot", "content_approved", "soan.mot"),
    ]


def test_nobody_approves_the_own_proposal_not_even_an_administrator(
    fleet: Fleet, operator: FlaskClient, practice: PracticeGateway
) -> None:
    propose(operator)
    assert "Duyệt và phát hành" not in operator.get("/fleet").text
    refused = approve(operator)
    assert refused.status_code == 403
    assert "Cần một người khác duyệt." in refused.text
    assert offered(fleet, "content") == []
    assert practice.sql("select version from content_proposals") == [(CONTENT,)]


def test_one_proposal_waits_at_a_time_and_can_be_withdrawn(
    fleet: Fleet, operator: FlaskClient, practice: PracticeGateway
) -> None:
    assert len(fleet.machines) == 12
    propose(operator)
    second = start(operator, "2026.11.25", kind="content")
    assert second.status_code == 409
    assert "Còn một bản nội dung chờ duyệt." in second.text
    assert post(operator, "/content/withdrawal", version="2026.11.25").status_code == 409
    assert post(operator, "/content/withdrawal", version=CONTENT).status_code == 302
    assert practice.sql("select act from trail where subject = 'content 2026.11.24' order by no") == [
        ("content_proposed",),
        ("content_withdrawn",),
    ]
    assert start(operator, "2026.11.25", kind="content").status_code == 302


def test_a_proposal_whose_rollout_cannot_begin_stays_and_says_why(
    fleet: Fleet, operator: FlaskClient, practice: PracticeGateway
) -> None:
    assert len(fleet.machines) == 12
    post(operator, "/rollouts", kind="content", version=CONTENT, unit_code="H57.99.77")
    answer = approve(browser_of(practice, "duyet.mot", "approver"))
    assert answer.status_code == 409
    assert "Không có máy nào ở đơn vị đó." in answer.text
    assert practice.sql("select version from content_proposals") == [(CONTENT,)]


def test_editors_and_approvers_act_on_no_release_of_the_program(
    fleet: Fleet, operator: FlaskClient, practice: PracticeGateway
) -> None:
    editor = browser_of(practice, "soan.mot", "editor")
    approver = browser_of(practice, "duyet.mot", "approver")
    assert start(editor).status_code == 403
    start(operator)
    assert act(approver, "pause").status_code == 403
    assert post(approver, "/rollouts/1/retry", kiosk_id="AL001").status_code == 403
    assert offered(fleet) == ["AL001", "AL002"]
    propose(operator)
    approve(approver)
    assert act(approver, "pause", no=2).status_code == 302
    assert act(editor, "go-on", no=2).status_code == 403


def test_content_has_its_own_rollout_beside_the_one_of_the_program(
    fleet: Fleet, operator: FlaskClient, practice: PracticeGateway
) -> None:
    start(operator)
    fail_first(fleet)
    assert propose(operator).status_code == 302
    assert approve(browser_of(practice, "duyet.mot", "approver")).status_code == 302
    assert fleet.machines[1].report() == {"content": "2026.11.24"}
    assert fleet.machines[0].report(content="2026.11.24") == {"content": "2026.11.24"}


def test_a_refusal_of_one_machine_pauses_nothing_and_is_shown(
    fleet: Fleet, operator: FlaskClient, practice: PracticeGateway
) -> None:
    start(operator)
    fleet.machines[0].report(update={"state": "refused", "target": NEW, "code": "K-45"})
    assert practice.sql("select state from rollouts") == [("running",)]
    assert "Chưa nhận bản 1.5.0: ổ đĩa không đủ chỗ" in operator.get("/fleet").text
    fleet.machines[1].report(update={"state": "refused", "target": NEW, "code": "K-41"})
    assert practice.sql("select state from rollouts") == [("paused",)]


def test_a_machine_outside_the_stage_and_a_failure_of_another_version_pause_nothing(
    fleet: Fleet, operator: FlaskClient, practice: PracticeGateway
) -> None:
    start(operator)
    fleet.machines[5].report(update=dict(FAILED))
    fleet.machines[0].report(update=FAILED | {"target": "1.3.0"})
    assert practice.sql("select state from rollouts") == [("running",)]


def test_a_machine_with_a_newer_version_than_the_rollout_is_left_alone(fleet: Fleet, operator: FlaskClient) -> None:
    start(operator)
    assert fleet.machines[0].report(release="1.10.0") == {}


def test_a_rollout_that_is_under_way_is_not_replaced(fleet: Fleet, operator: FlaskClient) -> None:
    start(operator)
    for version, words in ((NEW, "đang phát hành"), ("1.6.0", "phát hành dở")):
        answer = start(operator, version)
        assert answer.status_code == 409
        assert words in answer.text
        assert f'value="{version}"' in answer.text, "nothing typed is lost"
    assert fleet


@pytest.mark.parametrize("version", ["", "bản mới", "1.5.0 ", "v1", "1" * 41])
def test_a_wrong_version_starts_nothing(
    practice: PracticeGateway, operator: FlaskClient, fleet: Fleet, version: str
) -> None:
    answer = start(operator, version)
    if version.strip() == NEW:
        assert answer.status_code == 302
        return
    assert answer.status_code == 422
    assert practice.sql("select no from rollouts") == []
    assert fleet


def test_a_ward_without_machines_starts_nothing(practice: PracticeGateway, operator: FlaskClient, fleet: Fleet) -> None:
    answer = post(operator, "/rollouts", kind="program", version=NEW, unit_code="H57.00.00", pace=24)
    assert answer.status_code == 409
    assert practice.sql("select no from rollouts") == []
    assert fleet


def test_a_single_machine_gets_through_all_stages(practice: PracticeGateway, operator: FlaskClient) -> None:
    fleet = Fleet(practice, 1)
    fleet.report_all()
    start(operator, pace=0)
    take(fleet)
    for _ in range(3):
        operator.get("/fleet")
    assert practice.sql("select state from rollouts") == [("done",)]
    fleet.close()


def test_a_revoked_machine_is_not_waited_for(practice: PracticeGateway, operator: FlaskClient, fleet: Fleet) -> None:
    start(operator, pace=0)
    practice.sql("update kiosks set revoked_at = '2026-11-24T01:30:00.000Z' where kiosk_id = 'AL002'")
    fleet.machines[0].report(release=NEW)
    operator.get("/fleet")
    assert practice.sql("select stage from rollouts") == [("tenth",)]


def test_a_machine_that_is_enrolled_after_the_last_stage_takes_the_release_too(
    practice: PracticeGateway, operator: FlaskClient, fleet: Fleet
) -> None:
    start(operator, pace=0)
    act(operator, "go-on")
    act(operator, "go-on")
    kiosk = practice.enrolled_kiosk()
    answer = kiosk.send_request("POST", "/report", fleet.machines[0].state)
    assert f'"version": "{NEW}"' in answer.body.decode()
