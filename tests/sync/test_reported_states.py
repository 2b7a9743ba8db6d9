"""States that come back from the system behind the gateway, to the kiosk's feed and beside older releases."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sync.gateway import forwarding, status_changes
from sync.gateway.forward_targets import SentDossier, StateAnswer
from sync.gateway.forward_worker import ForwardWorker
from sync.gateway.kiosks import Kiosk
from sync.gateway.targets.dvcqg_twin import DvcqgTwin
from sync.parcel import ReportedState
from sync.portals import kiosk_sync_decode
from tests.faults.processes import wait_until
from tests.sync.contract_checks import conforms
from tests.sync.practice_gateway import UNIT, PracticeGateway
from tests.sync.test_forwarding import ForwardingSetup, ScriptedTarget
from tests.sync.test_operator import send_submission

NUMBER = "H57.99.01-261124-0001"


@dataclass
class ReadableTarget(ScriptedTarget):
    """A scripted target that can be asked for states."""

    states: list[StateAnswer] = field(default_factory=list)
    questions: list[SentDossier] = field(default_factory=list)

    def read_state(self, dossier: SentDossier) -> StateAnswer:
        self.questions.append(dossier)
        return self.states.pop(0)


@pytest.fixture
def setup(migrated_database: str, tmp_path: Path) -> Iterator[ForwardingSetup]:
    setup = ForwardingSetup(migrated_database, tmp_path / "gateway.key")
    yield setup
    setup.context.close()


def _read(setup: ForwardingSetup, *states: StateAnswer) -> ReadableTarget:
    """Ask as often as there are answers, a quarter of an hour apart."""
    target = ReadableTarget(states=list(states))
    worker = ForwardWorker(setup.context, target, setup.pace)
    worker.step()
    while target.states:
        setup.pass_time(901)
        left = len(target.states)
        worker.step()
        assert len(target.states) == left - 1
    return target


def _known(code: int, **values: object) -> StateAnswer:
    return StateAnswer(outcome="known", status_code=code, **values)  # type: ignore[arg-type]


def _items(setup: ForwardingSetup) -> list[dict[str, object]]:
    with setup.context.engine.begin() as db:
        rows = status_changes.list_changes(db, kiosk=Kiosk("PK03", UNIT), after=0, limit=100)
        return status_changes.receipts_json(db, Kiosk("PK03", UNIT), rows)


def test_state_number_day_and_words_of_the_system_go_into_the_feed(setup: ForwardingSetup) -> None:
    setup.submit_accepted()
    at = datetime.fromisoformat("2026-11-24T10:42:00+07:00")
    due = "2026-11-30T17:00:00+07:00"
    target = _read(setup, _known(4, at=at, official_no="H57-77", due_at=due, words="Chờ xác minh"))
    assert target.questions[0].official_no == NUMBER
    last = _items(setup)[-1]
    assert (last["statusCode"], last["officialNo"], last["dueAt"], last["note"]) == (4, "H57-77", due, "Chờ xác minh")
    assert last["reported"] == {"statusCode": 4, "at": "2026-11-24T03:42:00.000Z"}
    assert last["revision"] == 4


@pytest.mark.parametrize(
    ("days", "pause"), [(0.1, timedelta(minutes=15)), (2, timedelta(hours=2)), (90, timedelta(days=1))]
)
def test_an_old_dossier_is_asked_for_less_often(setup: ForwardingSetup, days: float, pause: timedelta) -> None:
    setup.submit_accepted()
    accepted = setup.now
    worker = ForwardWorker(setup.context, ReadableTarget(states=[StateAnswer(outcome="later")]), setup.pace)
    worker.step()
    setup.pass_time(days * 86400)
    worker.step()
    ((due,),) = setup.rows("select states_due_at from forwards")
    assert setup.now - accepted == timedelta(days=days)
    assert datetime.fromisoformat(due) - setup.now == pause


def test_the_same_answer_again_changes_nothing(setup: ForwardingSetup) -> None:
    setup.submit_accepted()
    _read(setup, _known(4), _known(4), _known(4))
    assert len(setup.rows("select seq from changes where reported_code = 4")) == 1


def test_a_state_that_goes_backwards_is_kept_with_both_times(setup: ForwardingSetup) -> None:
    setup.submit_accepted()
    _read(setup, _known(9), _known(4))
    states = setup.rows("select reported_code, reported_at from changes where reported_code is not null order by seq")
    assert states == [(9, "2026-11-24T01:45:01.000Z"), (4, "2026-11-24T02:00:02.000Z")]
    last = _items(setup)[-1]
    assert last["statusCode"] == 4
    assert last["reported"] == {
        "statusCode": 4,
        "at": "2026-11-24T02:00:02.000Z",
        "former": {"statusCode": 9, "at": "2026-11-24T01:45:01.000Z"},
    }


def test_new_at_the_system_does_not_undo_the_acceptance_of_the_desk(setup: ForwardingSetup) -> None:
    setup.submit_accepted()
    _read(setup, _known(1))
    last = _items(setup)[-1]
    assert (last["statusCode"], last["reported"]) == (2, {"statusCode": 1, "at": "2026-11-24T01:45:01.000Z"})


def test_the_desks_final_decision_stands(setup: ForwardingSetup) -> None:
    subject = setup.submit_accepted()
    setup.worker.step()
    setup.add_event(subject, 2, "handed_out")
    setup.pass_time(2)
    _read(setup, _known(4), _known(10))
    last = _items(setup)[-1]
    assert last["statusCode"] == 10
    assert last["reported"]["former"]["statusCode"] == 4  # type: ignore[index]
    assert setup.rows("select states_due_at from forwards") == [(None,)], "nothing more is asked"


def test_a_dossier_that_is_being_sent_again_is_left_alone(setup: ForwardingSetup) -> None:
    subject = setup.submit_accepted()
    setup.worker.step()
    setup.add_event(subject, 2, "supplement")
    setup.pass_time(901)
    target = ReadableTarget(states=[_known(4)], waits_for="unit")
    ForwardWorker(setup.context, target, setup.pace).step()
    assert target.questions == []


def test_a_system_that_does_not_answer_is_not_asked_for_a_while(setup: ForwardingSetup) -> None:
    for n in (1, 2):
        setup.submit_accepted(n)
        setup.worker.step()
        setup.pass_time(2)
    setup.pass_time(901)
    target = ReadableTarget(states=[StateAnswer(outcome="later", code="gaierror"), _known(4)])
    worker = ForwardWorker(setup.context, target, setup.pace)
    worker.step()
    setup.pass_time(200)
    worker.step()
    assert len(target.questions) == 1
    setup.pass_time(101)
    worker.step()
    assert [question.receipt_no[-6:] for question in target.questions] == ["0001-F", "0002-F"]


def test_a_fault_of_an_adapter_at_a_question_ends_no_thread(setup: ForwardingSetup) -> None:
    setup.submit_accepted()
    setup.worker.step()
    setup.pass_time(901)
    target = ReadableTarget()  # pop from an empty list
    ForwardWorker(setup.context, target, setup.pace).step()
    assert len(target.questions) == 1


@pytest.mark.parametrize("number", ["H" * 61, "H57-1"])
def test_a_number_that_is_too_long_or_of_another_dossier_is_not_taken(setup: ForwardingSetup, number: str) -> None:
    setup.submit(7)
    setup.rows("select 1")
    with setup.context.engine.begin() as db:
        db.exec_driver_sql("update submissions set official_no = 'H57-1'")
    setup.submit_accepted(1)
    _read(setup, _known(4, official_no=number))
    assert _items(setup)[-1]["officialNo"] == NUMBER


def test_a_dossier_filed_by_hand_is_asked_for_by_its_number(setup: ForwardingSetup) -> None:
    subject = setup.submit_accepted()
    with setup.context.engine.begin() as db:
        row = db.exec_driver_sql("select * from submissions").one()
        assert forwarding.file_by_hand(db, row, "H57-9", setup.now) == "filed"
    target = ReadableTarget(states=[_known(4)])
    ForwardWorker(setup.context, target, setup.pace).step()
    assert [question.official_no for question in target.questions] == ["H57-9"]
    assert (_items(setup)[-1]["submissionId"], _items(setup)[-1]["statusCode"]) == (subject, 4)


def test_a_correction_keeps_what_was_reported(setup: ForwardingSetup) -> None:
    first = setup.submit_accepted()
    _read(setup, _known(4))
    second = setup.submit(1, revision=2, supersedes=first)
    rows = setup.rows(f"select reported_code from submissions where submission_id = '{second}'")
    assert rows == [(4,)]


def test_dossiers_of_half_a_year_ago_are_asked_for_no_more(setup: ForwardingSetup) -> None:
    setup.submit_accepted()
    setup.worker.step()
    setup.pass_time(181 * 86400)
    target = ReadableTarget(states=[_known(4)])
    ForwardWorker(setup.context, target, setup.pace).step()
    assert target.questions == []
    assert setup.rows("select states_due_at from forwards") == [(None,)]


def test_a_kiosk_gets_the_state_that_an_officer_sets_at_the_twin(tmp_path: Path) -> None:
    twin = DvcqgTwin(tmp_path)
    mapping = tmp_path / "dvcqg.toml"
    mapping.write_text(twin.mapping_file(), encoding="utf-8")
    practice = PracticeGateway(tmp_path, forward_to=f"target:{mapping}")
    try:
        kiosk, form = send_submission(practice)
        kiosk.add_event(form, 1, officialNo=NUMBER)
        kiosk.drain()
        wait_until(lambda: practice.sql("select state from forwards") == [("done",)])
        twin.set_status(NUMBER, "4")
        practice.clock.offset += timedelta(minutes=16)
        wait_until(lambda: practice.sql("select reported_code from submissions") == [(4,)])
        page = conforms(kiosk.send_request("GET", "/changes"), "get", "/changes")
    finally:
        practice.close()
        twin.close()
    receipts = kiosk_sync_decode.page(page, page["epoch"]).receipts
    assert receipts[-1].reported is not None
    assert (receipts[-1].status_code, receipts[-1].reported.code) == (4, 4)


def test_a_kiosk_reads_receipts_of_an_older_gateway_and_of_a_later_one() -> None:
    item = {
        "submissionId": "019ab0c1-2345-7890-8123-123456789012",
        "digest": "d" * 64,
        "receivedAt": "2026-11-24T01:31:00Z",
        "revision": 2,
        "statusCode": 4,
    }
    assert kiosk_sync_decode.receipt(item).reported is None
    former = {"statusCode": 9, "at": "2026-11-24T01:45:00Z"}
    reported = {"statusCode": 4, "at": "2026-11-24T10:42:00+07:00", "former": former, "desk": "later member"}
    assert kiosk_sync_decode.receipt({**item, "reported": reported}).reported == ReportedState(
        code=4, at="2026-11-24T10:42:00+07:00", former_code=9, former_at="2026-11-24T01:45:00+00:00"
    )
    later = {**item, "reported": {"statusCode": 11, "at": "?"}}
    assert kiosk_sync_decode.receipt(later).reported is None, "a state that nobody knows yet spoils no page"
