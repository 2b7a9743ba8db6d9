"""Page of the copies: a copy and a drill begin by a touch, and the page says how they went."""

import fcntl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from flask import Flask

from kiosk.acts import backups
from kiosk.backup import create, drill_record, recovery
from kiosk.backup.minute_copies import MinuteCopies
from kiosk.backup.recovery import SEED_BYTES, RecoveryPaper
from kiosk.base import codes
from kiosk.context import Context
from kiosk.context.long_work import WorkKind
from kiosk.records import audit
from tests.pages.technician.sitting import Bench

PATIENCE = 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "ổ sao lưu"
    folder.mkdir()
    return folder


@pytest.fixture
def bench(app: Flask, folder: Path) -> Bench:
    context: Context = app.extensions["context"]
    context.config = replace(context.config, backup=replace(context.config.backup, path=str(folder)))
    return Bench(app)


def wait(context: Context, kind: WorkKind) -> None:
    """Wait until long work has ended; only a hang takes long."""
    tick = Event()
    for _ in range(PATIENCE * 100):
        if kind not in context.work.running():
            return
        tick.wait(0.01)
    raise TimeoutError(kind)


def copy_now(bench: Bench) -> None:
    bench.go("/technician/copies").post("/technician/copies/now")
    wait(bench.context, "copy")
    bench.go("/technician/copies")


def test_a_copy_is_made_by_a_touch_and_listed(bench: Bench, folder: Path) -> None:
    bench.go("/technician/copies")
    assert "Chưa có bản nào" in bench.words
    copy_now(bench)
    assert [path.name for path in folder.glob("*.copy")] == ["PK03-000001.copy"]
    assert "Đã sao lưu: PK03-000001.copy" in bench.words
    assert "08:30, 24/11/2026 1" in bench.words
    assert "kho này" in bench.words
    with bench.context.store.read() as db:
        assert audit.latest(db, ["copy_asked"], 1)[0].line.actor == "technician"


def test_while_a_copy_is_made_the_button_is_off_and_a_second_touch_is_answered(
    bench: Bench, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = Event()
    monkeypatch.setattr(create, "mirror_scans", lambda *_: go_on.wait(PATIENCE))
    bench.go("/technician/copies")
    assert '<button class="main" disabled' not in bench.page
    bench.post("/technician/copies/now")
    assert '<button class="main" disabled' in bench.page
    assert "Máy đang sao lưu, xong mới bấm được." in bench.words
    bench.post("/technician/copies/now")
    assert "Máy đang sao lưu nên chưa lập thêm bản nào." in bench.words
    go_on.set()
    wait(bench.context, "copy")
    bench.go("/technician/copies?refused=running")  # the same page, when it asks for its live parts again
    assert "chưa lập thêm bản nào" not in bench.words
    assert '<button class="main" disabled' not in bench.page
    assert len(list(folder.glob("*.copy"))) == 1


def test_a_copy_that_the_worker_makes_counts_too(bench: Bench, folder: Path) -> None:
    bench.go("/technician/copies")
    with create._one_at_a_time(bench.context.config):
        bench.post("/technician/copies/now")
        assert "Máy đang sao lưu nên chưa lập thêm bản nào." in bench.words
        assert '<button class="main" disabled' in bench.page
    with create.open_lock(bench.context.config.lock_path("copy")) as file:  # as another page that looks just now
        fcntl.flock(file, fcntl.LOCK_SH)
        assert not create.is_running(bench.context.config)
    assert '<button class="main" disabled' not in bench.go("/technician/copies").page
    assert list(folder.glob("*.copy")) == []


def test_a_drill_opens_each_form_and_its_result_outlasts_a_restart(bench: Bench) -> None:
    copy_now(bench)
    bench.post("/technician/copies/drill", number="1")
    wait(bench.context, "drill")
    bench.context.work = type(bench.context.work)()  # as after a restart
    bench.go("/technician/copies")
    assert "Diễn tập lúc 8:30, bản 1, bằng khóa của máy: 0 tờ khai, tờ nào cũng mở được." in bench.words
    with bench.context.store.read() as db:
        record = drill_record.last(db)
    assert record is not None
    assert (record.copy, record.by_paper) == (1, False)


def test_minute_copies_are_shown_and_a_drill_opens_the_newest_of_them(bench: Bench, tmp_path: Path) -> None:
    copy_now(bench)
    assert "Chưa dùng: hỏng ổ thì mất" in bench.words
    second = tmp_path / "second"
    second.mkdir()
    config = bench.context.config
    bench.context.config = replace(config, backup=replace(config.backup, second=str(second)))
    MinuteCopies(bench.context).create()
    bench.go("/technician/copies").post("/technician/copies/drill")
    wait(bench.context, "drill")
    bench.go("/technician/copies")
    assert "bản từng phút, bằng khóa của máy: 0 tờ khai" in bench.words
    assert "Ghi vào [backup] second một thư mục trên ổ khác" in bench.words


def test_a_drill_by_the_paper_records_that_the_paper_was_tried(bench: Bench) -> None:
    paper = RecoveryPaper(codes.random_bytes(SEED_BYTES))
    backups.save_paper(bench.context, paper)
    copy_now(bench)
    bench.post("/technician/copies/drill", paper=" ".join(paper.words))
    wait(bench.context, "drill")
    bench.go("/technician/copies")
    assert "bằng giấy khôi phục" in bench.words
    with bench.context.store.read() as db:
        state = recovery.read_state(db)
    assert state is not None
    assert state.tried_at


def test_a_mistyped_paper_is_named_and_nothing_typed_is_lost(bench: Bench) -> None:
    copy_now(bench)
    bench.post("/technician/copies/drill", paper="một hai ba")
    assert bench.answer.status_code == 422
    assert "vừa gõ 3" in bench.words
    assert 'value="một hai ba"' in bench.page
    assert bench.context.work.state("drill") is None


def test_a_disk_that_was_pulled_out_is_said_in_words(bench: Bench, folder: Path) -> None:
    copy_now(bench)
    folder.rename(folder.with_name("rút ra"))
    bench.go("/technician/copies")
    assert "Không thấy thư mục sao lưu" in bench.words
    bench.post("/technician/copies/now")
    wait(bench.context, "copy")
    assert "Chưa sao lưu được. Không thấy thư mục sao lưu" in bench.go("/technician/copies").words
    bench.post("/technician/copies/drill")
    wait(bench.context, "drill")
    assert "Diễn tập chưa xong." in bench.go("/technician/copies").words


def test_a_renamed_copy_is_named(bench: Bench, folder: Path) -> None:
    copy_now(bench)
    (folder / "PK03-000001.copy").rename(folder / "PK03-000900.copy")
    assert "PK03-000900.copy: tệp bị đổi tên, máy không dùng." in bench.go("/technician/copies").words


def test_without_a_place_for_copies_the_page_says_what_to_do(app: Flask) -> None:
    bench = Bench(app)
    bench.context.config = replace(bench.context.config, kiosk=replace(bench.context.config.kiosk, practice=False))
    assert "chưa đặt nơi sao lưu" in bench.go("/technician/copies").words
    assert "Sao lưu ngay" not in bench.words


def test_the_steps_of_a_copy_and_a_drill_are_told_while_they_go_on(bench: Bench) -> None:
    told: list[str] = []
    from kiosk.backup import create, restore

    report: Callable[[str, int, int], None] = lambda words, _done, _total: told.append(words)  # noqa: E731
    create.create(bench.context, report)
    restore.drill(bench.context.config, report=report)
    steps = list(dict.fromkeys(told))
    assert steps == [
        "Đang chụp kho",
        "Đang soát bản chụp của kho",
        "Đang khóa mã và ghi ra ổ sao lưu",
        "Đang chép bản chụp giấy tờ",
        "Đang mở bản sao",
        "Đang soát kho trong bản sao",
        "Đang soát nhật ký trong bản sao",
    ]
