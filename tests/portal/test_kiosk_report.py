"""A kiosk reports its state to the gateway: from a real store to the gateway's table, and without a person's name."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kiosk.acts import applying
from kiosk.acts.applying import SubmitConsents
from kiosk.backup import create
from kiosk.base.clock import FixedClock
from kiosk.config.list_sections import PrinterSection
from kiosk.context import Context
from kiosk.dossiers import message_consents, message_months
from kiosk.health.heartbeat import PRINTER
from kiosk.portal import kiosk_report
from kiosk.records import marks
from kiosk.updates import offer, status, update
from kiosk.updates.offer import Offer
from sync.encoding import timestamp
from sync.errors import BadRequestBody
from sync.gateway import rollouts
from sync.gateway.rollouts import Actor, Plan
from sync.portals import kiosk_sync_encode
from sync.portals.base import MessageMonth, ReportAnswer
from tests.faults.submitting import fill_in_form, submit_draft
from tests.portal.machines import UNIT, Machine, Province, machines, province

__all__ = ["machines", "province"]


def stored(province: Province) -> dict[str, Any]:
    with province._engine.begin() as db:
        rows = db.exec_driver_sql("select content from kiosk_reports").all()
    assert len(rows) == 1
    report: dict[str, Any] = json.loads(rows[0][0])
    return report


def codes(report: dict[str, Any]) -> set[str]:
    return {alarm["code"] for alarm in report["alarms"]}


def test_a_kiosk_reports_its_release_its_alarms_and_its_queue(machines: list[Machine], province: Province) -> None:
    machine = machines[0]
    machine.work()
    report = stored(province)
    assert report["release"].count(".") == 2
    assert report["wardName"] == machine.context.config.ward.name
    assert report["waiting"] == {"count": 0, "oldestSeconds": 0}
    assert "COPY-01" in codes(report), "this kiosk has no folder for backups"
    assert report["diskFreeMb"] > 0


def test_a_kiosk_reports_its_counter_where_slips_have_an_address(machines: list[Machine], province: Province) -> None:
    machine = machines[0]
    machine.work()
    assert "office" not in stored(province)
    config = machine.context.config
    machine.context.config = replace(config, portal=replace(config.portal, public_url="https://cong.example"))
    machine.clock.advance(300)
    machine.work()
    office = stored(province)["office"]
    assert office["hotline"] == "1900 1075"
    days = {day["day"]: day["spans"] for day in office["days"]}
    assert len(days) == 14
    assert ["07:00-11:30", "13:30-17:00"] in days.values()
    assert [] in days.values(), "a Sunday"


def test_the_queue_is_reported_with_the_age_of_the_oldest_form(machines: list[Machine]) -> None:
    machine = machines[0]
    machine.submit()
    machine.clock.advance(1200)
    report = kiosk_report.find_report(machine.context)
    assert (report.waiting, report.oldest_seconds) == (1, 1200)


def test_a_report_comes_every_five_minutes_and_not_with_every_step(machines: list[Machine], province: Province) -> None:
    machine = machines[0]
    machine.work()
    sent: list[str] = []
    portal: Any = machine.worker.delivery._portal
    send = portal.report
    portal.report = lambda report: (sent.append(report.release), send(report))[1]
    for _ in range(120):
        machine.clock.advance(10)
        machine.worker.step()
    assert len(sent) == 4


def test_a_report_names_the_age_of_the_last_backup(machines: list[Machine]) -> None:
    context = machines[0].context
    with context.store.write() as db:
        marks.put(db, create.LAST, json.dumps({"at": timestamp(context.clock.now())}))
    machines[0].clock.advance(3600)
    assert kiosk_report.find_report(context).copy_seconds == 3600


def test_a_kiosk_with_a_clock_of_2016_reports_that_and_no_absurd_age(
    machines: list[Machine], province: Province
) -> None:
    machine = machines[0]
    machine.submit()
    machine.close()
    machine.clock = FixedClock(datetime(2016, 1, 1, tzinfo=UTC))
    machine.restart()
    machine.work()
    report = stored(province)
    assert "TIME-01" in codes(report)
    assert report["waiting"]["oldestSeconds"] == 0
    assert report["clockOffsetSeconds"] > 10 * 365 * 86400


CANARY = "Khuỵu Nghuếch"


def test_no_name_is_in_a_report_whatever_a_person_has_named(machines: list[Machine]) -> None:
    machine = machines[0]
    draft = fill_in_form(machine.context)
    answers = applying.current_draft(machine.context, draft.session).draft.answers
    names = {value for value in answers.values() if isinstance(value, str) and " " in value}
    assert names
    submit_draft(machine.context, draft)
    printer = PrinterSection(name=f"Máy của {CANARY}", address="127.0.0.1:1")
    context = replace(machine.context, config=replace(machine.context.config, printers=(printer,)))
    with context.store.write() as db:
        marks.put(db, PRINTER + printer.name, "paper_out")
        marks.put(db, create.FAULT, f"K-04 {CANARY}")
    members = kiosk_sync_encode.kiosk_report(kiosk_report.find_report(context))
    assert "COPY-03" in codes(members) or "COPY-01" in codes(members), "the alarm itself goes up"
    del members["wardName"]  # a citizen may have the ward as an address
    text = json.dumps(members, ensure_ascii=False).casefold()
    found = [name for name in (*names, *CANARY.split()) if name.casefold() in text]
    assert found == []


def test_what_the_printers_report_goes_up_as_words_of_the_program(machines: list[Machine]) -> None:
    context = _with_printer_report(machines[0].context, "paper_out")
    assert kiosk_report._printer_causes(context, _read(context)) == ("paper_out",)
    context = _with_printer_report(machines[0].context, f"hỏng của {CANARY}")
    assert kiosk_report._printer_causes(context, _read(context)) == ()


def _with_printer_report(context: Context, cause: str) -> Context:
    printer = PrinterSection(name="Máy in phiếu", address="127.0.0.1:1")
    with context.store.write() as db:
        marks.put(db, PRINTER + printer.name, cause)
    return replace(context, config=replace(context.config, printers=(printer,)))


def _read(context: Context) -> Any:
    with context.store.read() as db:
        return db


def test_a_refused_report_delays_no_form(machines: list[Machine], province: Province) -> None:
    machine = machines[0]
    machine.work()
    refused: list[object] = []

    def refuse(report: object) -> ReportAnswer:
        refused.append(report)
        raise BadRequestBody("422")

    portal: Any = machine.worker.delivery._portal
    portal.report = refuse
    machine.clock.advance(400)
    machine.work()
    submission_id, _ = machine.submit()
    machine.work()
    assert refused
    with province._engine.begin() as db:
        ids = [row[0] for row in db.exec_driver_sql("select submission_id from submissions")]
    assert ids == [submission_id]


def test_an_older_gateway_is_asked_again_after_an_hour(machines: list[Machine]) -> None:
    machine = machines[0]
    machine.work()
    asked: list[object] = []
    portal: Any = machine.worker.delivery._portal
    portal.report = lambda report: (asked.append(report), ReportAnswer("e", None))[1]
    for _ in range(200):
        machine.clock.advance(10)
        machine.worker.step()
    assert len(asked) == 1


def test_a_kiosk_that_is_too_old_to_send_forms_still_reports(machines: list[Machine], province: Province) -> None:
    machine = machines[0]
    gateway = province.gateway.app.extensions["gateway"]
    gateway.settings = replace(gateway.settings, minimum_version="99.0.0")
    machine.submit()
    machine.close()
    machine.restart()
    machine.work()
    with province._engine.begin() as db:
        assert db.exec_driver_sql("select count(*) from submissions").scalar() == 0
        db.exec_driver_sql("delete from kiosk_reports")
    machine.clock.advance(4000)
    machine.work()
    assert "LINK-04" in codes(stored(province))


def test_a_report_says_how_the_last_update_ended_and_its_answer_says_what_may_be_taken(
    machines: list[Machine], province: Province
) -> None:
    context = machines[0].context
    assert kiosk_report.find_report(context).update is None
    folder = context.config.updates_folder
    update.record(folder, context.clock, state="went_back", target="9.9.9", code="K-54", attempt=2)
    machines[0].work()
    assert stored(province)["update"] == {"state": "went_back", "target": "9.9.9", "code": "K-54", "attempt": 2}
    with context.store.read() as db:
        assert offer.read(db) == offer.Offer(), "without a roll-out a kiosk may take nothing"


NEWER = "99.0.0"


def roll_out(province: Province) -> None:
    plan = Plan(kind="program", version=NEWER, former="0.1.0", unit_code=UNIT, pace_hours=24)
    with province._engine.begin() as db:
        rollouts.start(db, plan, Actor("operator", province.clock.now()))


def test_the_release_that_the_gateway_names_is_offered_to_the_kiosks_updates(
    machines: list[Machine], province: Province
) -> None:
    machine = machines[0]
    machine.work()
    with machine.context.store.read() as db:
        assert offer.read(db) == Offer(), "without a roll-out it may take nothing"
    roll_out(province)
    machine.clock.advance(400)
    machine.work()
    with machine.context.store.read() as db:
        assert offer.read(db) == Offer(version=NEWER)


def test_an_update_that_went_back_on_a_machine_pauses_the_roll_out(machines: list[Machine], province: Province) -> None:
    machine = machines[0]
    roll_out(province)
    at = timestamp(machine.clock.now())
    status.write(machine.context.config.updates_folder, state="went_back", target=NEWER, at=at, code="K-54")
    machine.clock.advance(400)
    machine.work()
    assert stored(province)["update"] == {"state": "went_back", "target": NEWER, "attempt": 1, "code": "K-54"}
    with province._engine.begin() as db:
        assert db.exec_driver_sql("select state, paused_by from rollouts").all() == [("paused", "PK03")]
    with machine.context.store.read() as db:
        assert offer.read(db) == Offer()


def test_an_older_gateway_names_nothing_and_the_newest_release_may_be_taken(machines: list[Machine]) -> None:
    machine = machines[0]
    machine.work()
    portal: Any = machine.worker.delivery._portal
    portal.report = lambda _report: ReportAnswer("e", None)
    machine.clock.advance(400)
    machine.work()
    with machine.context.store.read() as db:
        assert offer.read(db) is None


def test_a_consent_reaches_the_gateway_before_the_acceptance(
    machines: list[Machine], province: Province, tmp_path: Path
) -> None:
    machine = machines[0]
    gateway = province.gateway.app.extensions["gateway"]
    gateway.settings = replace(gateway.settings, send_messages=f"file:{tmp_path / 'told'}")
    machine.work()
    draft = fill_in_form(machine.context)
    with machine.context.store.read() as db:
        assert message_consents.is_offered(db)
        assert message_months.load(db) == MessageMonth(month="2026-11", sent=0, unsent=0, cost=0)
    consents = SubmitConsents(message_words="Nhắn tin")
    filed = applying.submit(machine.context, draft.session, draft.draft_id, consents=consents)
    machine.work()
    with province._engine.begin() as db:
        rows = db.exec_driver_sql("select receipt_no, way, words, fault from message_consents").all()
    assert [tuple(row) for row in rows] == [(filed.submission.receipt_no, "touchscreen", "Nhắn tin", "")]
    gateway.settings = replace(gateway.settings, send_messages="none")
    machine.clock.advance(400)
    machine.work()
    with machine.context.store.read() as db:
        assert not message_consents.is_offered(db), "the kiosk asks nobody any more"
        assert message_months.load(db) is None
