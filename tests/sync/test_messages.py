"""Messages to phones: planned by consent, sent in opening hours, once each, and forgotten after the term."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from sync.encoding import sha256_hex, timestamp
from sync.gateway import GatewaySettings, create_app, events, kiosk_reports, kiosks, messages, retention, submissions
from sync.gateway.context import GatewayContext
from sync.gateway.kiosks import Kiosk
from sync.gateway.message_hours import next_open
from sync.gateway.message_port import MessagePresence, OutgoingMessage, SendResult
from sync.gateway.message_senders import check_place, open_senders
from sync.gateway.message_worker import MessageWorker
from sync.gateway.settings import Enrolment
from sync.gateway.submissions import BatchContext
from tests.sync.contract_checks import event
from tests.sync.practice_gateway import UNIT, make_body
from tests.sync.test_kiosk_reports import REPORT
from tests.sync.zalo_twin import ZaloTwin

PHONE = "0912345678"
RECEIPT = "PK03-261124-0001-F"
AT = "2026-11-24T09:00:00+07:00"
ALL = ["received", "paper-missing", "new-day", "result-ready"]
CONSENT = {
    "phone": "091 234 5678",
    "occasions": ALL,
    "agreedAt": "2026-11-24T08:30:00+07:00",
    "words": "Nhắn tin cho tôi",
}


class Stop(BaseException):
    """The process ends here."""


class ScriptedSender:
    """A sender that answers from lists, and then accepts everything and finds nothing."""

    name = "scripted"

    def __init__(self) -> None:
        self.results: list[SendResult] = []
        self.found: list[MessagePresence] = []
        self.told: list[OutgoingMessage] = []
        self.asked: list[OutgoingMessage] = []

    def send(self, message: OutgoingMessage) -> SendResult:
        result = self.results.pop(0) if self.results else SendResult(outcome="accepted")
        if result.outcome in ("accepted", "unknown"):
            self.told.append(message)
        return result

    def find(self, message: OutgoingMessage) -> MessagePresence:
        self.asked.append(message)
        return self.found.pop(0) if self.found else "present"

    def close(self) -> None:
        """Close nothing."""


class MessageSetup:
    """A gateway without a server: a clock moved by hand, desk events, and a message worker."""

    def __init__(self, database: str, key_file: Path) -> None:
        self.now = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
        settings = GatewaySettings(
            database=database,
            now=lambda: self.now,
            token=lambda: uuid.uuid4().hex,
            public_urls=("https://gateway.example",),
            key_file=str(key_file),
        )
        self._app = create_app(settings)
        self.context: GatewayContext = self._app.extensions["gateway"]
        self.sender = ScriptedSender()
        self.worker = MessageWorker(self.context, [self.sender])
        with self.context.engine.begin() as db:
            kiosks.add_code(db, Enrolment("ABCDE-FGHJK", "PK03", UNIT), self.now, may_replace=False)
            kiosks.enrol(db, Enrolment("ABCDE-FGHJK", "PK03", UNIT), bytes(32), self.now)
        self.now += timedelta(hours=1)

    def open_page(self, key: str, **form: str) -> TestResponse:
        """Open the status page of a key on a phone; with `form`, post it."""
        method = "POST" if form else "GET"
        return self._app.test_client().open(f"/h/{key}", method=method, data=form, base_url="https://gateway.example")

    @property
    def batch(self) -> BatchContext:
        return BatchContext(Kiosk("PK03", UNIT), self.now, "practice")

    def submit(self, n: int = 1, **changes: Any) -> str:
        subject = str(uuid.uuid4())
        body = json.dumps(make_body(subject, n, **changes))
        envelope = {"submissionId": subject, "digest": sha256_hex(body.encode()), "body": body}
        with self.context.engine.begin() as db:
            (result,) = submissions.receive_submissions(db, self.batch, [envelope])
        assert result["outcome"] == "created", result
        return subject

    def add_event(self, subject: str, seq: int = 1, kind: str = "accepted", **members: Any) -> None:
        with self.context.engine.begin() as db:
            item = event(subject, seq, kind, **{"at": AT, **members})
            assert events.receive_events(db, self.batch, [item])[0]["outcome"] == "created"

    def submit_accepted(self, n: int = 1, **changes: Any) -> str:
        subject = self.submit(n, messages=CONSENT | changes)
        self.add_event(subject, dueAt="2026-11-27T14:00:00+07:00")
        return subject

    def work(self) -> None:
        for _ in range(50):
            if not self.worker.step():
                return
        raise AssertionError("the worker does not come to an end")

    def rows(self, statement: str) -> list[Any]:
        with self.context.engine.begin() as db:
            return [tuple(row) for row in db.exec_driver_sql(statement)]

    def states(self) -> list[tuple[str, str]]:
        return self.rows("select state, code from messages order by no")


@pytest.fixture
def setup(migrated_database: str, tmp_path: Path) -> Iterator[MessageSetup]:
    setup = MessageSetup(migrated_database, tmp_path / "gateway.key")
    yield setup
    setup.context.close()


def test_an_accepted_dossier_is_told_once_with_its_day_and_nothing_else(setup: MessageSetup) -> None:
    subject = setup.submit_accepted()
    setup.work()
    setup.add_event(subject, 2)
    setup.work()
    (message,) = setup.sender.told
    assert (message.phone, message.occasion) == (PHONE, "received")
    assert (message.receipt_no, message.day) == (RECEIPT, "27/11/2026")
    assert setup.states() == [("sent", "ok")]


def test_without_consent_or_for_another_occasion_nobody_is_told(setup: MessageSetup) -> None:
    setup.add_event(setup.submit(1))
    setup.add_event(setup.submit(2, messages=CONSENT | {"occasions": ["result-ready", "of-a-later-release"]}))
    setup.work()
    assert setup.states() == []
    assert setup.rows("select occasions from message_consents") == [("result-ready",)]


@pytest.mark.parametrize(
    ("phone", "fault"),
    [("0236 3822333", "landline"), ("+1 202 5550123", "foreign"), ("01234567890", "eleven-digits"), ("☎", "no-number")],
)
def test_a_number_without_messages_refuses_no_form_and_is_not_stored(
    setup: MessageSetup, phone: str, fault: str
) -> None:
    setup.submit_accepted(phone=phone)
    setup.work()
    assert setup.states() == []
    ((stored, found),) = setup.rows("select phone, fault from message_consents")
    assert (bytes(stored), found) == (b"", fault)


def test_the_number_of_the_ward_itself_gets_no_message(setup: MessageSetup) -> None:
    office = {"hotline": "0912 345 678", "days": []}
    with setup.context.engine.begin() as db:
        kiosk_reports.record_report(db, Kiosk("PK03", UNIT), {**REPORT, "office": office}, setup.now)
    setup.submit_accepted()
    setup.work()
    assert setup.rows("select fault from message_consents") == [("own-number",)]


def test_two_requests_for_papers_are_two_messages_and_a_repeated_event_is_none(setup: MessageSetup) -> None:
    subject = setup.submit_accepted()
    setup.work()
    for seq in (2, 3):
        setup.add_event(subject, seq, "supplement", reason="thiếu")
        setup.work()
    assert [message.occasion for message in setup.sender.told] == ["received", "paper-missing", "paper-missing"]
    assert len({message.tracking_id for message in setup.sender.told}) == 3


def test_a_newer_message_replaces_one_that_waits_and_a_closed_dossier_is_told_nothing(setup: MessageSetup) -> None:
    subject = setup.submit_accepted()
    setup.add_event(subject, 2, "extended", dueAt="2026-12-03T14:00:00+07:00")
    assert setup.states() == [("dropped", "replaced"), ("due", "")]
    setup.add_event(subject, 3, "withdrawn")
    setup.work()
    assert setup.states() == [("dropped", "replaced"), ("dropped", "closed")]
    assert setup.sender.told == []


def test_a_result_is_told_once_and_not_after_it_was_collected(setup: MessageSetup) -> None:
    first = setup.submit_accepted(1)
    second = setup.submit_accepted(2)
    setup.work()
    for subject, codes in ((first, (9, 9, 2, 9)), (second, (9, 10))):
        with setup.context.engine.begin() as db:
            row = submissions.find_latest(db, subject)
            assert row is not None
            for code in codes:
                messages.on_status(db, row, code, setup.now)
    setup.work()
    assert [(message.occasion, message.day) for message in setup.sender.told[2:]] == [("result-ready", "")]
    assert setup.states()[2:] == [("sent", "ok"), ("dropped", "closed")]


def test_messages_wait_for_the_hours_of_the_ward(setup: MessageSetup) -> None:
    setup.now = datetime(2026, 11, 27, 10, 30, tzinfo=UTC)  # Friday, 17:30 in the ward
    setup.submit_accepted()
    setup.work()
    assert setup.states() == [("due", "")]
    setup.now = datetime(2026, 11, 30, 0, 31, tzinfo=UTC)
    setup.work()
    assert setup.states() == [("sent", "ok")]


def test_hours_are_those_that_the_kiosk_has_named() -> None:
    days = {"2026-11-28": ("08:00-10:00",), "2026-11-30": ()}
    office = kiosk_reports.Office(hotline="", days=days)
    saturday = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
    assert next_open(office, saturday) == saturday
    late = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
    assert timestamp(next_open(office, late)) == "2026-12-01T00:30:00.000Z"
    closed = kiosk_reports.Office(hotline="", days={f"2026-12-{day:02d}": () for day in range(1, 29)})
    new_year = datetime(2026, 12, 2, 3, 0, tzinfo=UTC)
    assert next_open(closed, new_year) == new_year + timedelta(days=1)


def test_a_lost_answer_is_asked_for_and_never_sent_again(setup: MessageSetup) -> None:
    setup.sender.results = [SendResult(outcome="unknown", code="reset")]
    setup.submit_accepted()
    setup.work()
    assert [message.tracking_id for message in setup.sender.asked] == [setup.sender.told[0].tracking_id]
    assert len(setup.sender.told) == 1
    assert setup.states() == [("sent", "found")]


@pytest.mark.parametrize(
    ("presence", "state"), [("untraceable", ("unsure", "untraceable")), ("absent", ("sent", "ok"))]
)
def test_where_nobody_knows_nothing_is_repeated(
    setup: MessageSetup, presence: MessagePresence, state: tuple[str, str]
) -> None:
    setup.sender.results = [SendResult(outcome="unknown", code="reset")]
    setup.sender.found = [presence]
    setup.submit_accepted()
    setup.work()
    assert setup.states() == [state]
    assert len(setup.sender.told) == (1 if presence == "untraceable" else 2)


def test_a_provider_that_cannot_tell_is_asked_until_the_news_are_old(setup: MessageSetup) -> None:
    setup.sender.results = [SendResult(outcome="unknown", code="reset")]
    setup.sender.found = ["cannot-tell"] * 500
    setup.submit_accepted()
    for _ in range(200):
        setup.work()
        setup.now += timedelta(hours=1)
    assert setup.states() == [("unsure", "late")]
    assert len(setup.sender.told) == 1


@pytest.mark.parametrize("point", ["claimed", "answered"])
def test_a_killed_process_tells_nobody_twice(setup: MessageSetup, point: str) -> None:
    def end(reached: str) -> None:
        if reached == point:
            raise Stop

    setup.submit_accepted()
    with pytest.raises(Stop):
        MessageWorker(setup.context, [setup.sender], end).step()
    setup.work()
    assert setup.sender.asked == []  # its lease goes on
    setup.now += timedelta(minutes=3)
    setup.sender.found = ["present" if setup.sender.told else "absent"]
    setup.work()
    assert len(setup.sender.told) == 1
    assert setup.states()[0][0] == "sent"


def test_a_suspended_process_does_not_send_after_its_lease(setup: MessageSetup) -> None:
    def sleep(point: str) -> None:
        if point == "claimed":
            setup.now += timedelta(minutes=3)

    setup.submit_accepted()
    MessageWorker(setup.context, [setup.sender], sleep).step()
    assert setup.sender.told == []
    setup.sender.found = ["absent"]
    setup.work()
    assert len(setup.sender.told) == 1


def test_later_is_repeated_with_pauses_and_a_refusal_is_final(setup: MessageSetup) -> None:
    setup.sender.results = [SendResult(outcome="later", code="busy"), SendResult(outcome="refused", code="zalo-118")]
    setup.submit_accepted()
    setup.work()
    assert setup.states() == [("due", "busy")]
    setup.now += timedelta(seconds=59)
    setup.work()
    assert setup.states() == [("due", "busy")]
    setup.now += timedelta(seconds=2)
    setup.work()
    setup.now += timedelta(days=1)
    setup.work()
    assert setup.states() == [("refused", "zalo-118")]


def test_news_of_before_this_store_are_told_to_nobody(setup: MessageSetup) -> None:
    setup.submit_accepted(1)
    setup.add_event(setup.submit(2, messages=CONSENT))
    with setup.context.engine.begin() as db:
        db.exec_driver_sql(f"update epochs set begun_at = '{timestamp(setup.now)}'")
    setup.add_event(setup.submit(3, messages=CONSENT))
    setup.work()
    assert setup.states() == [("unsure", "restored")] * 3
    assert setup.sender.told == []


def test_old_news_are_dropped_also_without_a_sender(setup: MessageSetup) -> None:
    setup.submit_accepted()
    setup.now += timedelta(days=8)
    assert not MessageWorker(setup.context, []).step()
    assert setup.states() == [("dropped", "late")]


def test_a_number_is_sealed_and_forgotten_after_the_term(setup: MessageSetup) -> None:
    setup.submit_accepted()
    ((sealed,),) = setup.rows("select phone from message_consents")
    assert PHONE.encode() not in bytes(sealed)
    setup.now += timedelta(days=100)
    with setup.context.engine.begin() as db:
        db.exec_driver_sql("update forwards set state = 'done'")
        assert retention.delete_expired(db, setup.now, 90) == 1
    ((sealed,),) = setup.rows("select phone from message_consents")
    assert bytes(sealed) == b""
    assert setup.rows("select day from messages") == [("",)]
    setup.work()
    assert setup.sender.told == []


def test_practice_writes_messages_into_a_folder_once(setup: MessageSetup, tmp_path: Path) -> None:
    folder = tmp_path / "told"
    (sender,) = open_senders(f"file:{folder}", setup.context.engine, lambda: setup.now)
    worker = MessageWorker(setup.context, [sender])
    setup.submit_accepted()
    assert worker.step()
    (path,) = folder.iterdir()
    assert path.read_text(encoding="utf-8") == f"{PHONE}\nHồ sơ {RECEIPT}: phường đã nhận. Ngày hẹn: 27/11/2026.\n"
    message = OutgoingMessage(tracking_id=path.stem, phone=PHONE, occasion="received", receipt_no=RECEIPT)
    assert sender.find(message) == "present"
    assert sender.send(message).code == "known"
    assert len(list(folder.iterdir())) == 1


def test_places_of_senders() -> None:
    for place in ("", "none", "file:/var/lib/noted"):
        check_place(place, practice=True)
    check_place("zalo:/etc/zalo.toml", practice=False)
    for place in ("zalo", "mail:x", "file:"):
        with pytest.raises(ValueError, match="sends no messages"):
            check_place(place, practice=False)
    with pytest.raises(ValueError, match="practice"):
        check_place("zalo:/etc/zalo.toml", practice=True)


class ZaloSetup:
    """A message setup whose worker sends to the twin of Zalo."""

    def __init__(self, setup: MessageSetup, folder: Path) -> None:
        self.setup = setup
        self.twin = ZaloTwin(folder)
        self.path = self.twin.settings_file()
        self.start()

    def start(self) -> None:
        (self.sender,) = open_senders(f"zalo:{self.path}", self.setup.context.engine, lambda: self.setup.now)
        self.setup.worker = MessageWorker(self.setup.context, [self.sender])

    def close(self) -> None:
        self.sender.close()
        self.twin.close()


@pytest.fixture
def zalo(setup: MessageSetup, tmp_path: Path) -> Iterator[ZaloSetup]:
    zalo = ZaloSetup(setup, tmp_path)
    yield zalo
    zalo.close()


def test_zalo_gets_a_template_with_number_and_day(setup: MessageSetup, zalo: ZaloSetup) -> None:
    setup.submit_accepted()
    setup.work()
    ((tracking_id, phone, content),) = zalo.twin.told()
    assert phone == "84912345678"
    assert json.loads(content) == {
        "phone": phone,
        "template_id": "t-received",
        "template_data": {"ma_ho_so": RECEIPT, "ngay_hen": "27/11/2026"},
        "tracking_id": tracking_id,
    }


@pytest.mark.parametrize(
    ("fault", "state", "told"),
    [
        ("template", ("due", "zalo-131"), 0),
        ("quota", ("due", "zalo-144"), 0),
        ("no-zalo", ("refused", "zalo-118"), 0),
        ("maybe", ("unsure", "untraceable"), 0),
        ("expired", ("sent", "ok"), 1),
        ("lost", ("unsure", "untraceable"), 1),
        ("cut", ("unsure", "untraceable"), 1),
        ("gateway", ("unsure", "untraceable"), 1),
        ("page", ("unsure", "untraceable"), 0),
        ("busy", ("due", "503"), 0),
    ],
)
def test_a_fault_of_zalo_tells_nobody_twice(
    setup: MessageSetup, zalo: ZaloSetup, fault: str, state: tuple[str, str], told: int
) -> None:
    zalo.twin.faults_ahead.break_next("message", fault)
    setup.submit_accepted()
    setup.work()
    assert setup.states() == [state]
    assert len(zalo.twin.told()) == told
    setup.now += timedelta(days=1)
    setup.work()
    assert len(zalo.twin.told()) <= 1
    if state[0] == "due":
        assert setup.states() == [("sent", "ok")]


def test_a_refresh_token_is_used_once_and_the_next_one_is_stored_sealed(setup: MessageSetup, zalo: ZaloSetup) -> None:
    setup.submit_accepted(1)
    setup.work()
    zalo.sender.close()
    zalo.start()
    zalo.twin.faults_ahead.break_next("message", "expired")
    setup.submit_accepted(2)
    setup.work()
    assert setup.states() == [("sent", "ok")] * 2
    ((sealed,),) = setup.rows("select sealed from message_tokens")
    assert b"refresh-2" not in bytes(sealed)


def test_a_refresh_whose_answer_was_lost_waits_for_a_new_token_of_a_person(
    setup: MessageSetup, zalo: ZaloSetup, tmp_path: Path
) -> None:
    zalo.twin.faults_ahead.break_next("token", "lost")
    setup.submit_accepted()
    setup.work()
    setup.now += timedelta(days=1)
    setup.work()
    assert setup.states() == [("due", "token")]
    with zalo.twin.state.write() as db:
        db.execute("insert into tokens values ('', 'from-the-page', 0)")
    (tmp_path / "zalo.refresh").write_text("from-the-page\n", encoding="utf-8")
    setup.now += timedelta(days=1)
    setup.work()
    assert setup.states() == [("sent", "ok")]


def test_settings_of_zalo_are_checked_at_the_start(setup: MessageSetup, zalo: ZaloSetup) -> None:
    zalo.path.write_text(zalo.path.read_text("utf-8").replace("app_id", "app"), encoding="utf-8")
    with pytest.raises(ValueError, match="app: no such field\napp_id: missing"):
        open_senders(f"zalo:{zalo.path}", setup.context.engine, lambda: setup.now)
    with pytest.raises(ValueError, match="FileNotFoundError"):
        open_senders("zalo:/nowhere.toml", setup.context.engine, lambda: setup.now)
