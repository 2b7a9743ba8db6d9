"""The first run: each task from nothing to done, in any order, over a restart; a machine is opened by a touch."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kiosk.acts import signing
from kiosk.acts.setting_up import OPEN_FILE
from kiosk.backup import recovery
from kiosk.backup.recovery import RecoveryPaper, parse_paper
from kiosk.base.clock import FixedClock
from kiosk.base.errors import NotAllowed
from kiosk.config import ROOT, load
from kiosk.context import Context
from kiosk.context.scanner import CardInbox
from kiosk.health import first_run, ways_in
from kiosk.portal.connection_test import NAMES, ConnectionStep
from kiosk.records import audit, renewals
from kiosk.vietnam import id_card
from printers.document import Document
from tests.pages.technician.sitting import Bench
from tests.pages.technician.test_copies import wait

PASSWORD = "mật khẩu dài"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "own" / "kiosk.toml"
    file.parent.mkdir()
    file.write_text((ROOT / "kiosk.toml").read_text("utf-8"), "utf-8")
    return file


@pytest.fixture
def bench(app: Flask, file: Path) -> Bench:
    """Return a technician at a new machine, who has just set its password."""
    context: Context = app.extensions["context"]
    portal = replace(context.config.portal)
    context.config = replace(load(file), root=context.config.root, portal=portal)
    bench = Bench.__new__(Bench)
    bench.context = context
    bench.browser = app.test_client()
    bench.browser.post("/technician/signin", data={"password": PASSWORD, "again": PASSWORD})
    return bench.go("/technician/first-run")


def states(context: Context) -> dict[str, tuple[str, str]]:
    return {task.id: (task.state, task.words) for task in first_run.tasks(context)}


def test_a_new_machine_leads_to_the_seven_tasks(app: Flask) -> None:
    browser = app.test_client()
    answer = browser.post("/technician/signin", data={"password": PASSWORD, "again": PASSWORD})
    assert answer.headers["Location"] == "/technician/first-run"
    page = browser.get("/technician/first-run").get_data(as_text=True)
    assert "Máy mới, chưa phục vụ" in page
    assert page.count('href="#') == 7
    overview = browser.get("/technician/").get_data(as_text=True)
    assert "Làm tiếp" in overview
    assert "<h1>Máy mới, chưa phục vụ. Có" in overview
    assert "Kiosk vẫn phục vụ" not in overview


def test_a_machine_in_use_has_no_first_run_but_the_page_opens(app: Flask) -> None:
    bench = Bench(app)
    assert "Máy mới" not in bench.words
    assert "Lần đầu bật máy" in bench.go("/technician/first-run").words
    assert "Máy mới, chưa phục vụ" not in bench.words


def test_the_sample_values_keep_the_first_task_open(bench: Bench) -> None:
    state, words = states(bench.context)["ward"]
    assert (state, "còn giá trị mẫu" in words) == ("warning", True)


def _steps(passed: int) -> list[ConnectionStep]:
    done = [ConnectionStep(name, "ok", "Tốt", milliseconds=100) for name in NAMES[:passed]]
    failed = [
        ConnectionStep(name=name, state="fault", words="cổng chưa biết khóa", do="Xin mã.")
        for name in NAMES[passed : passed + 1]
    ]
    return [*done, *failed, *(ConnectionStep(name, "waits", "Chưa thử") for name in NAMES[passed + 1 :])]


def test_the_connection_is_tried_in_five_rows_and_its_count_outlasts_a_restart(bench: Bench) -> None:
    app = bench.browser.application
    app.extensions["test_connection"] = lambda: _steps(3)
    assert states(bench.context)["connection"] == ("warning", "chưa thử")
    bench.post("/technician/first-run/connection")
    wait(bench.context, "connection")
    words = bench.go("/technician/first-run").words
    assert "0,1 giây" in words
    assert "cổng chưa biết khóa. Xin mã." in words
    bench.context.work = type(bench.context.work)()  # as after a restart
    assert states(bench.context)["connection"] == ("fault", "3 trên 5 bước đã qua")
    app.extensions["test_connection"] = lambda: _steps(5)
    bench.post("/technician/first-run/connection")
    wait(bench.context, "connection")
    assert states(bench.context)["connection"] == ("done", "đủ năm bước")


def test_after_the_portal_took_the_key_the_page_asks_for_no_code_any_more(bench: Bench, clock: FixedClock) -> None:
    app = bench.browser.application
    app.extensions["test_connection"] = lambda: _steps(3)
    bench.post("/technician/first-run/connection")
    wait(bench.context, "connection")
    assert "Nhập mã" in bench.go("/technician/first-run").words
    bench.post("/technician/first-run/enrol", code="KX7M-93PA-TQ4C")
    clock.advance(5)
    with bench.context.store.write() as db:
        renewal = renewals.pending(db)
        assert renewal is not None
        renewals.mark_done(db, renewal.no, clock.now())
    words = bench.go("/technician/first-run").words
    assert "Máy đã ghi danh với cổng. Bấm “Thử lại từ đầu” để thử nốt." in words
    assert "Nhập mã" not in words
    assert "cổng chưa biết khóa" not in words


def test_a_machine_may_begin_without_a_connection(bench: Bench) -> None:
    bench.post("/technician/first-run/later")
    assert states(bench.context)["connection"] == ("later", "để sau, chạy không nối mạng")
    assert "để sau, chạy không nối mạng" in bench.words


def test_a_code_that_is_none_is_told_and_stays_in_the_box(bench: Bench) -> None:
    bench.post("/technician/first-run/enrol", code="không")
    assert bench.answer.status_code == 422
    assert "Mã có ba nhóm bốn chữ" in bench.words
    assert 'value="không"' in bench.page
    bench.post("/technician/first-run/enrol", code="KX7M-93PA-TQ4C")
    assert bench.answer.status_code == 200


def test_a_card_is_read_to_try_the_scanner_and_nothing_of_it_is_kept(bench: Bench) -> None:
    card = id_card.practice_cards()[0].line
    bench.post("/technician/first-run/scanner", card=card)
    assert states(bench.context)["scanner"] == ("done", "đã đọc thẻ mẫu")
    number = card.partition("|")[0]
    assert number not in bench.page
    with bench.context.store.read() as db:
        assert not any(number in str(row) for table in db.tables for row in table.rows)


@pytest.mark.parametrize(
    ("line", "words"),
    [("xin chào", "Chưa đọc được thẻ"), ("GD4010123456789|x", "thẻ bảo hiểm"), ("00020101021138", "mã chuyển khoản")],
)
def test_another_code_than_a_card_is_named(bench: Bench, line: str, words: str) -> None:
    bench.post("/technician/first-run/scanner", card=line)
    assert bench.answer.status_code == 422
    assert words in bench.words


def test_a_scanner_that_loses_its_marks_is_a_fault(bench: Bench) -> None:
    fields = id_card.practice_cards()[0].line.split("|")
    fields[2] = "Tr?n Nguy?n"
    bench.post("/technician/first-run/scanner", card="|".join(fields))
    assert states(bench.context)["scanner"] == ("fault", "mất dấu tiếng Việt")
    assert "docs/scanner.pdf" in bench.words


@pytest.fixture
def seconds(bench: Bench) -> list[float]:
    """Give the machine a scanner at a port, and return the time of its inbox, to be set."""
    seconds = [0.0]
    config = bench.context.config
    bench.context.config = replace(config, scanner=replace(config.scanner, port="/dev/ttyACM0"))
    bench.context.card_inbox = CardInbox(lambda: seconds[0])
    bench.go("/technician/first-run")
    return seconds


def test_a_card_at_the_port_is_read_as_long_as_the_page_is_open(bench: Bench, seconds: list[float]) -> None:
    assert re.search(r'data-poll="/technician/first-run/scan"\s+data-version="0"', bench.page)
    for at in (2.0, 4.0, 6.0):
        seconds[0] = at
        assert bench.browser.get("/technician/first-run/scan").get_json() == {"version": 0}
    assert bench.context.card_inbox.put(id_card.practice_cards()[0].line)
    assert bench.browser.get("/technician/first-run/scan").get_json() == {"version": 1}
    bench.post("/technician/first-run/scanner")
    assert states(bench.context)["scanner"] == ("done", "đã đọc thẻ mẫu")
    assert 'data-version="1"' in bench.go("/technician/first-run").page, "the same card is not asked for again"


def test_the_task_of_the_copies_leads_to_the_disks(bench: Bench) -> None:
    assert 'href="/technician/disks"' in bench.page


def test_the_first_lead_ends_the_task_of_the_people(bench: Bench) -> None:
    assert states(bench.context)["people"] == ("warning", "0 phụ trách, 0 cán bộ")
    bench.go("/technician/people").post("/technician/people", name="Hồ Thùy Trang", login="thuytrang", role="lead")
    assert states(bench.context)["people"] == ("done", "1 phụ trách, 0 cán bộ")


def test_with_open_tasks_the_start_is_asked_and_leads_to_the_first_of_them(bench: Bench) -> None:
    (bench.context.config.folder / OPEN_FILE).write_text("")
    bench.post("/technician/first-run/finish")
    assert "Vẫn mở cho người dân?" in bench.words
    assert 'href="/technician/first-run#ward"' in bench.page
    assert (bench.context.config.folder / OPEN_FILE).exists()
    bench.post("/technician/first-run/finish", sure="yes")
    assert not (bench.context.config.folder / OPEN_FILE).exists()
    assert "Máy mới" not in bench.words
    with bench.context.store.read() as db:
        assert audit.latest(db, ["first_run"], 1)
        assert not first_run.load(db).is_open


def test_a_screen_that_nobody_could_open_again_is_not_locked(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways_in, "leaves_way_in", lambda _context: False)
    file = bench.context.config.folder / OPEN_FILE
    file.write_text("")
    bench.post("/technician/first-run/finish", sure="yes")
    assert (bench.answer.status_code, file.exists()) == (403, True)
    assert "Chưa khóa màn hình: khóa rồi thì không còn đường vào máy." in bench.words
    file.unlink()  # a machine that locks nothing
    bench.post("/technician/first-run/finish", sure="yes")
    assert bench.answer.status_code == 200


def test_a_machine_that_was_replaced_is_locked_from_the_upkeep(bench: Bench) -> None:
    """Its restored store has ended the first run, but the new machine's screen is open."""
    bench.post("/technician/first-run/finish", sure="yes")
    file = bench.context.config.folder / OPEN_FILE
    file.write_text("")
    bench.go("/technician/upkeep")
    assert 'href="/technician/first-run"' in bench.page
    bench.go("/technician/first-run")
    assert "Xem lại và bắt đầu" in bench.words
    bench.post("/technician/first-run/finish", sure="yes")
    assert not file.exists()


# --- the recovery paper


def _shown_paper(bench: Bench) -> RecoveryPaper:
    lines = re.findall(r"<p>\s*\d+\. ([^<]+)</p>", bench.page)
    return parse_paper(" ".join(" ".join(lines).split()))


def test_a_recovery_paper_is_shown_once_and_valid_when_it_was_read_back(bench: Bench) -> None:
    bench.go("/technician/recovery")
    assert "Chưa có giấy khôi phục" in bench.words
    bench.post("/technician/recovery/new")
    paper = _shown_paper(bench)
    with bench.context.store.read() as db:
        assert recovery.read_state(db) is None
    bench.post("/technician/recovery/save", paper=" ".join(paper.words), public=paper.public)
    assert "Giấy khôi phục đã có hiệu lực" in bench.words
    with bench.context.store.read() as db:
        state = recovery.read_state(db)
    assert state is not None
    assert state.public == paper.public
    assert " ".join(paper.words[:3]) not in bench.go("/technician/recovery").words


def test_a_slip_in_the_words_makes_no_paper_valid_and_shows_none_again(bench: Bench) -> None:
    bench.go("/technician/recovery").post("/technician/recovery/new")
    paper = _shown_paper(bench)
    other = next(word for word in paper.words if word != paper.words[-1])
    words = [*paper.words[:-1], other]
    bench.post("/technician/recovery/save", paper=" ".join(words), public=paper.public)
    assert bench.answer.status_code == 422
    assert " ".join(paper.words[:3]) not in bench.words
    assert f'value="{" ".join(words)}"' in bench.page
    with bench.context.store.read() as db:
        assert recovery.read_state(db) is None
    bench.post("/technician/recovery/save", paper=paper.code, public=paper.public)
    assert "Giấy khôi phục đã có hiệu lực" in bench.words


def test_the_paper_of_another_machine_is_not_taken(bench: Bench) -> None:
    bench.go("/technician/recovery").post("/technician/recovery/new")
    public = _shown_paper(bench).public
    other = RecoveryPaper(b"0123456789abcdef")
    bench.post("/technician/recovery/save", paper=" ".join(other.words), public=public)
    assert bench.answer.status_code == 422


def test_the_paper_is_printed_past_the_spool_where_that_was_asked(bench: Bench) -> None:
    printed: list[Document] = []
    extensions = bench.browser.application.extensions
    extensions["print_now"] = lambda _config, document: printed.append(document)
    bench.go("/technician/recovery").post("/technician/recovery/new", printer="yes")
    assert "Giấy đã gửi máy in." in bench.words
    assert len(printed) == 1

    def no_printer(_config: object, _document: object) -> None:
        raise NotAllowed("Chưa có máy in phiếu: chép tay.", "")

    extensions["print_now"] = no_printer
    bench.go("/technician/recovery").post("/technician/recovery/new", printer="yes")
    assert "Chưa có máy in phiếu: chép tay." in bench.words
    assert _shown_paper(bench).words


def test_the_password_of_a_new_machine_opens_it_later_too(bench: Bench) -> None:
    signing.sign_in_technician(bench.context, PASSWORD, "2" * 64, "127.0.0.1")
