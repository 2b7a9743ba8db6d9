"""Messages by SMS: two wire forms from the guide, faults, and SMS for a phone without Zalo."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.cli.gateway_message import RECEIPT_NO
from sync.gateway.message_port import OCCASIONS, MessageSender, OutgoingMessage
from sync.gateway.message_senders import check_place, open_senders
from sync.gateway.message_senders.sms import TEXTS, open_sms
from sync.gateway.message_worker import MessageWorker
from tests.sync.practice_gateway import PracticeGateway
from tests.sync.sms_twin import SHAPES, SmsTwin
from tests.sync.test_messages import PHONE, RECEIPT, MessageSetup
from tests.sync.zalo_twin import ZaloTwin

UsePlace = Callable[[str], None]
RECEIVED = f"Ho so {RECEIPT}: phuong da nhan. Ngay hen: 27/11/2026."


@pytest.fixture
def setup(migrated_database: str, tmp_path: Path) -> Iterator[MessageSetup]:
    setup = MessageSetup(migrated_database, tmp_path / "gateway.key")
    yield setup
    setup.context.close()


@pytest.fixture(params=SHAPES)
def twin(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmsTwin]:
    twin = SmsTwin(tmp_path, request.param)
    yield twin
    twin.close()


@pytest.fixture
def esms(tmp_path: Path) -> Iterator[SmsTwin]:
    twin = SmsTwin(tmp_path, "esms")
    yield twin
    twin.close()


@pytest.fixture
def use(setup: MessageSetup) -> Iterator[UsePlace]:
    """Let the worker send by the senders of a place."""
    opened = list[MessageSender]()

    def open_place(place: str) -> None:
        check_place(place, practice=False)
        opened[:] = open_senders(place, setup.context.engine, lambda: setup.now)
        setup.worker = MessageWorker(setup.context, opened)

    yield open_place
    for sender in opened:
        sender.close()


def test_each_provider_gets_its_own_wire_form(setup: MessageSetup, use: UsePlace, twin: SmsTwin) -> None:
    use(f"sms:{twin.settings_file()}")
    setup.submit_accepted()
    setup.work()
    assert [(phone[-9:], words) for phone, words in twin.told()] == [(PHONE[-9:], RECEIVED)]
    assert setup.states()[0][0] == "sent"


def test_the_texts_are_one_part_of_160_letters_without_marks() -> None:
    assert set(TEXTS) == set(OCCASIONS)
    for text in TEXTS.values():
        whole = text.format(receipt_no="PK03-261124-0001-F", day="tren Giay tiep nhan")
        assert whole.isascii()
        assert len(whole) <= 160


@pytest.mark.parametrize(
    ("fault", "state", "told"),
    [
        ("balance", ("due", "sms-103"), 0),
        ("blocked", ("refused", "sms-99"), 0),
        ("new-code", ("unsure", "untraceable"), 0),
        ("lost", ("unsure", "untraceable"), 1),
        ("cut", ("unsure", "untraceable"), 1),
        ("gateway", ("unsure", "untraceable"), 1),
        ("page", ("unsure", "untraceable"), 0),
        ("busy", ("due", "503"), 0),
    ],
)
def test_a_fault_tells_nobody_twice(
    setup: MessageSetup, use: UsePlace, esms: SmsTwin, fault: str, state: tuple[str, str], told: int
) -> None:
    use(f"sms:{esms.settings_file(refuses_same_id=False)}")
    esms.faults_ahead.break_next("message", fault)
    setup.submit_accepted()
    setup.work()
    assert setup.states() == [state]
    assert len(esms.told()) == told
    setup.now += timedelta(days=1)
    setup.work()
    assert len(esms.told()) == (1 if state[0] == "due" else told)


@pytest.mark.parametrize(
    ("fault", "code"), [("lost", "sms-124"), ("cut", "sms-124"), ("gateway", "sms-124"), ("page", "sms-100")]
)
def test_a_lost_answer_is_mended_where_the_same_id_is_refused(
    setup: MessageSetup, use: UsePlace, esms: SmsTwin, fault: str, code: str
) -> None:
    use(f"sms:{esms.settings_file()}")
    esms.faults_ahead.break_next("message", fault)
    setup.submit_accepted()
    setup.work()
    assert setup.states() == [("sent", code)]
    assert len(esms.told()) == 1


def test_an_answer_that_is_lost_three_times_is_not_repeated_later(
    setup: MessageSetup, use: UsePlace, esms: SmsTwin
) -> None:
    use(f"sms:{esms.settings_file()}")
    esms.faults_ahead.standing = "lost"
    setup.submit_accepted()
    setup.work()
    esms.faults_ahead.standing = ""
    setup.now += timedelta(days=1)
    setup.work()
    assert setup.states() == [("unsure", "untraceable")]
    assert len(esms.told()) == 1


@pytest.mark.parametrize(("fault", "by_sms"), [("no-zalo", 1), ("template", 0), ("lost", 0), ("", 0)])
def test_sms_reaches_a_phone_without_zalo_and_no_other(
    setup: MessageSetup, use: UsePlace, esms: SmsTwin, tmp_path: Path, fault: str, by_sms: int
) -> None:
    zalo = ZaloTwin(tmp_path)
    use(f"zalo:{zalo.settings_file()},sms:{esms.settings_file()}")
    if fault:
        zalo.faults_ahead.break_next("message", fault)
    setup.submit_accepted()
    setup.work()
    assert len(esms.told()) == by_sms
    if by_sms:
        assert setup.states() == [("sent", "sms-100")]
        assert setup.rows("select sender from messages") == [("sms",)]
    setup.submit_accepted(2)
    setup.work()
    assert (len(zalo.told()), len(esms.told())) == ((2 if fault in ("lost", "") else 1), by_sms)
    zalo.close()


def test_a_phone_without_zalo_is_refused_where_no_sms_is_sent(
    setup: MessageSetup, use: UsePlace, tmp_path: Path
) -> None:
    zalo = ZaloTwin(tmp_path)
    use(f"zalo:{zalo.settings_file()}")
    zalo.faults_ahead.break_next("message", "no-zalo")
    setup.submit_accepted()
    setup.work()
    assert setup.states() == [("refused", "zalo-118")]
    zalo.close()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{text}", "words", "needs {text}"),
        ('"{phone}"', '"0912345678"', "needs .*phone"),
        ("{id}", "one", "refuses_same_id: needs {id}"),
        ('sent = ["100", "124"]', 'sent = ["100", "103"]', "not among later and refused"),
        ("https://", "http://", "https"),
        ("code =", "codes =", "unexpected keyword argument 'codes'"),
        ("[secrets]", '[secrets]\nphone = "/x"', "another name than"),
        ("esms.key", "nowhere.key", "FileNotFoundError"),
    ],
)
def test_a_wrong_file_is_told_at_the_start(esms: SmsTwin, old: str, new: str, message: str) -> None:
    path = esms.settings_file()
    text = path.read_text(encoding="utf-8").replace(esms.server.url, "https://rest.example")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        open_sms(path)


def test_a_code_inside_another_member_is_found(esms: SmsTwin) -> None:
    path = esms.settings_file()
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('code = "CodeResult"', 'code = "RPLY.ERROR"'), encoding="utf-8")
    message = OutgoingMessage(tracking_id="t", phone=PHONE, occasion="received", receipt_no=RECEIPT)
    sender = open_sms(path)
    assert sender.send(message).code == "foreign-answer"
    sender.close()


def test_places_of_sms() -> None:
    check_place("zalo:/etc/zalo.toml, sms:/etc/sms.toml", practice=False)
    for place in ("sms:", "sms:/a,sms:/b", "zalo:/a,post:/b"):
        with pytest.raises(ValueError, match="sends no messages"):
            check_place(place, practice=False)
    with pytest.raises(ValueError, match="practice"):
        check_place("sms:/etc/sms.toml", practice=True)


def test_a_place_is_tried_with_one_message_by_each_sender(
    practice: PracticeGateway,
    esms: SmsTwin,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KIOSK_GATEWAY_KEY", practice.settings.key_file)
    settings = tmp_path / "kiosk.toml"
    settings.write_text("[kiosk]\nid = 'PK03'\n")
    place = f"file:{tmp_path / 'told'},sms:{esms.settings_file()}"

    def attempt(*args: str) -> int:
        options = ["--config", str(settings), "gateway", "--database", practice.settings.database]
        return main([*options, "message", "try", *args])

    assert attempt(place, "091 234 5678") == 0
    assert capsys.readouterr().out == "file: accepted (ok)\nsms: accepted (sms-100)\n"
    assert esms.told() == [(PHONE, TEXTS["result-ready"].format(receipt_no=RECEIPT_NO))]
    esms.faults_ahead.break_next("message", "blocked")
    assert attempt(place, PHONE) == 1
    assert "sms: refused (sms-99)" in capsys.readouterr().out
    assert attempt("sms:/nowhere.toml", PHONE) == 2
    assert attempt(place, "0236 3822333") == 2
