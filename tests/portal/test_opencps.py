"""A ward with an OpenCPS: forms are stored under their own numbers, which the officer reads at the desk."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from kiosk.base.errors import BadSettings
from kiosk.config import Config, load
from kiosk.config.list_sections import EForm
from kiosk.config.sections import OpenCpsSettings, PortalSettings
from kiosk.health import connection
from kiosk.portal import opencps
from kiosk.records import decisions
from kiosk.startup.wiring import open_portal
from kiosk.worker import Worker
from sync.backoff import BackoffSettings
from tests.faults.submitting import submit_form
from tests.journeys import submission_checks
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_decide import ACCEPT, _decide
from tests.pages.officer.test_queue import _tap
from tests.sync.opencps import GROUP, OpenCpsTwin
from tests.sync.outbox_counts import count_by_state

AT_ONCE = BackoffSettings(first=0.0, longest=0.0, spread=0.0, pause=0.0, greeting=60.0)


@pytest.fixture
def twin() -> Iterator[OpenCpsTwin]:
    twin = OpenCpsTwin()
    yield twin
    twin.close()


@pytest.fixture
def practice(practice: Config, twin: OpenCpsTwin) -> Config:
    return replace(
        practice,
        portal=PortalSettings(kind="opencps", url=twin.url),
        opencps=OpenCpsSettings(group_id=GROUP),
        eforms=(EForm("1.001193", 1201, "TK-KHAISINH"),),
    )


@pytest.fixture
def worker(app: Flask, walker: Walker) -> Iterator[Worker]:
    worker = Worker(walker.context, open_portal(walker.context), {}, AT_ONCE)
    yield worker
    worker.close()


def run_worker(worker: Worker) -> None:
    for _ in range(12):
        worker.context.clock.advance(5)  # type: ignore[attr-defined]
        worker.step()


def test_a_form_is_stored_and_the_officer_sees_its_number(
    app: Flask, walker: Walker, worker: Worker, twin: OpenCpsTwin
) -> None:
    submit_form(walker.context)
    body = submission_checks.checked_body(walker.context, "A")
    run_worker(worker)
    submission = submission_checks.only_submission(walker.context)
    number = opencps.eform_number(walker.context, submission.receipt_no)
    assert submission.delivery == "confirmed"
    (row,) = twin.rows_of(number)
    assert json.loads(row["eFormData"]) == body
    assert row["govAgencyCode"] == "H57.99.01"
    desk = _tap(Desk(app), "next")
    assert f"mã tờ khai trên OpenCPS {number}, mã bí mật {row['secret']}" in desk.words


def test_a_decision_is_not_sent_to_opencps(app: Flask, walker: Walker, worker: Worker) -> None:
    submit_form(walker.context)
    run_worker(worker)
    desk = _tap(Desk(app), "next")
    _decide(desk, "accepted", **ACCEPT)
    with walker.context.store.read() as db:
        (decision,) = decisions.of_case(db, submission_checks.only_submission(walker.context).receipt_no)
        assert (decision.kind, decision.delivery) == ("accepted", None)
        assert count_by_state(db)["done"] == 1
        assert sum(count_by_state(db).values()) == 1


def test_a_number_cannot_be_guessed_and_is_the_same_after_a_restart(walker: Walker) -> None:
    first, second = (opencps.eform_number(walker.context, f"PK03-261124-000{n}-F") for n in (1, 2))
    assert first == opencps.eform_number(walker.context, "PK03-261124-0001-F")
    assert (len(first), first[:2]) == (18, "KH")
    assert first[2:] != second[2:]
    assert opencps.find_case(walker.context, "0" * 32) is None


def test_a_procedure_whose_eform_is_gone_waits_for_a_person(walker: Walker, twin: OpenCpsTwin) -> None:
    context = replace(walker.context, config=replace(walker.context.config, eforms=(EForm("1.004873", 7, "TK"),)))
    submit_form(walker.context)
    worker = Worker(context, open_portal(context), {}, AT_ONCE)
    run_worker(worker)
    worker.close()
    assert submission_checks.only_submission(context).delivery == "quarantined"
    assert twin.posts == []


def test_a_procedure_without_an_eform_is_not_sent(config: Config) -> None:
    opencps_config = replace(config, portal=PortalSettings(kind="opencps"), eforms=(EForm("1.004873", 7, "TK"),))
    assert (opencps_config.queues("1.004873"), opencps_config.queues("1.001193")) == (True, False)
    assert config.queues("1.004873"), "without a portal every form waits for one"
    assert replace(config, portal=PortalSettings(kind="kiosk-sync")).queues("1.001193")


def test_a_wrong_site_has_its_own_message(walker: Walker, worker: Worker, twin: OpenCpsTwin) -> None:
    submit_form(walker.context)
    twin.account = "mot-cua:dung"
    run_worker(worker)
    result = connection.link(walker.context)
    assert (result.state, result.code) == ("warning", "LINK-10")
    assert "group_id" in result.do


def test_an_account_needs_the_file_of_its_password(walker: Walker) -> None:
    context = replace(
        walker.context,
        config=replace(walker.context.config, opencps=OpenCpsSettings(group_id=GROUP, account="mot-cua")),
    )
    with pytest.raises(BadSettings, match="password"):
        open_portal(context)
    context.config.opencps_password_path.write_text("cau-truong-tien\n", encoding="utf-8")
    assert opencps.eform_site(context).account == "mot-cua:cau-truong-tien"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[portal]\nkind = "opencps"\nurl = "http://tinh.example.vn/o/rest/v2"', "https://"),
        ('[portal]\nkind = "opencps"\nurl = "https://tinh.example.vn/o/rest/v2"', "group_id"),
        ('[portal]\nkind = "opencps"\nurl = "https://tinh.example.vn"\n[opencps]\ngroup_id = 7', "[[eform]]"),
        ('[[eform]]\nprocedure = "1.001193"\n' * 2, "hai lần"),
    ],
)
def test_settings_of_an_unusable_portal_are_refused(config: Config, text: str, message: str) -> None:
    file = config.root / "kiosk.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadSettings) as caught:
        load(file)
    assert message in caught.value.vi
