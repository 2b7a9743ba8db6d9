"""A scan from start to end: taken at the desk, sealed, announced by an event, sent after its form, checked by hash."""

import os
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

import sync.file_outbox
from kiosk import health, uploads
from kiosk.acts import applying, deciding, delivering
from kiosk.acts.deciding import AcceptanceInput, CaseRequest
from kiosk.clock import FixedClock
from kiosk.config import Config
from kiosk.records import audit, decisions, scans
from kiosk.worker import Worker
from sync.encoding import sha256_hex
from sync.gateway import Gateway
from tests.faults.filing import hand_in
from tests.journeys import filed
from tests.journeys.test_line import Technician, fault, gateway, practice, printer, worker
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_decide import _decide
from tests.pages.officer.test_queue import _tap
from tests.pages.officer.test_scans import _papers, _shown, _upload
from tests.test_uploads import pdf, photo

__all__ = ["gateway", "practice", "printer", "worker"]


@pytest.fixture
def desk(app: Flask) -> Desk:
    """Return an officer who serves a mother with her form, at the page of the first paper."""
    hand_in(app.extensions["context"])
    desk = _tap(Desk(app), "next")
    return desk.go(_papers(desk)[0])


def work(worker: Worker, rounds: int = 15) -> None:
    """Run the worker for less time than locks an officer's session."""
    for _ in range(rounds):
        worker.context.clock.advance(8)  # type: ignore[attr-defined]
        worker.step()


def _ask(tmp_path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(tmp_path / "gateway.db")) as db:
        rows = db.execute(query).fetchall()
        db.commit()
    return rows


HELD = "select sha256, held, is_whole from files"
NAMED = "select document_code, name, sha256, size, is_gone from documents order by is_gone"


def _finding(desk: Desk) -> tuple[str, str]:
    result = health.scans(desk.context)
    return result.state, result.words


def test_a_scan_goes_behind_its_form_and_only_then_the_dossier_is_confirmed(
    desk: Desk, worker: Worker, tmp_path: Path
) -> None:
    work(worker)
    assert filed.only_submission(desk.context).delivery == "confirmed"
    _upload(desk, photo())
    assert filed.only_submission(desk.context).delivery == "sent"
    assert "Chờ gửi lên cổng." in desk.words
    assert _finding(desk)[1].startswith("1 bản chụp chờ gửi")
    work(worker)
    kept = uploads.check_upload(photo()).content
    assert _ask(tmp_path, HELD) == [(sha256_hex(kept), len(kept), 1)]
    ((code, name, digest, size, is_gone),) = _ask(tmp_path, NAMED)
    assert (digest, size, is_gone) == (sha256_hex(kept), len(kept), 0)
    assert (code, name) == (desk.answer.request.path.rpartition("/")[2], re.search(r"<h1>(.*?)</h1>", desk.page)[1])
    assert filed.only_submission(desk.context).delivery == "confirmed"
    assert "Cổng đã nhận đủ." in desk.go(desk.answer.request.path).words
    assert _finding(desk) == ("ok", "Đã gửi hết")


def test_a_scan_taken_before_the_line_is_up_waits_for_its_form(desk: Desk, worker: Worker, gateway: Gateway) -> None:
    fault(gateway, "down")
    _upload(desk, photo())
    work(worker)
    assert filed.only_submission(desk.context).delivery == "queued"
    fault(gateway, "off")
    work(worker, 20)
    assert filed.only_submission(desk.context).delivery == "confirmed"


def test_a_line_that_loses_answers_ends_with_one_whole_file(
    desk: Desk, worker: Worker, gateway: Gateway, tmp_path: Path
) -> None:
    work(worker)
    _upload(desk, pdf(40), "giay.pdf")
    fault(gateway, "answer_lost")
    work(worker)
    assert filed.only_submission(desk.context).delivery == "sent"
    fault(gateway, "off")
    work(worker, 30)
    assert _ask(tmp_path, HELD) == [(sha256_hex(pdf(40)), len(pdf(40)), 1)]
    assert _ask(tmp_path, "select count(*) from events") == [(1,)]
    assert filed.only_submission(desk.context).delivery == "confirmed"


def test_scans_and_decisions_stand_in_one_order_and_none_hinders_the_other(
    desk: Desk, worker: Worker, tmp_path: Path
) -> None:
    page_url = desk.answer.request.path
    submission = filed.only_submission(desk.context)
    _upload(desk, photo())
    press = CaseRequest(submission.id, 0, "CB01")  # from a page that was opened before the scan was taken
    assert deciding.accept(desk.context, press, AcceptanceInput(term=0, official_no="H57.132-261124-0042"))
    _upload(desk.go(page_url), pdf(2), "giay.pdf")
    work(worker, 20)
    events = _ask(tmp_path, "select seq, kind from events order by seq")
    assert events == [(1, "document"), (2, "accepted"), (3, "document")]
    assert _ask(tmp_path, "select status_code from submissions") == [(2,)]
    with desk.context.store.read() as db:
        receipt = submission.receipt_no
        assert [decision.kind for decision in decisions.of_case(db, receipt)] == ["accepted"]
        assert (decisions.count(db, receipt), decisions.last_seq(db, receipt)) == (1, 3)
    _decide(desk, "handed_out", what="Giấy khai sinh", taken_by="Nguyễn Thị Diệu Hiền", relation="self")
    work(worker)
    assert _ask(tmp_path, "select status_code from submissions") == [(10,)]


def test_a_scan_that_is_taken_away_is_forgotten_at_the_portal_too(desk: Desk, worker: Worker, tmp_path: Path) -> None:
    _upload(desk, photo())
    work(worker, 20)
    assert len(_ask(tmp_path, HELD)) == 1
    (shown,) = _shown(desk)
    desk.post(f"{desk.answer.request.path}/remove", scan=shown.rpartition("/")[2])
    work(worker)
    assert _ask(tmp_path, HELD) == []
    assert [row[4] for row in _ask(tmp_path, NAMED)] == [1]
    assert filed.only_submission(desk.context).delivery == "confirmed"


def _spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(("harm", "code"), [(os.unlink, "missing"), (_spoil, "changed")])
def test_a_scan_that_is_missing_or_changed_here_is_said_to_technician_and_officer(
    desk: Desk, worker: Worker, practice: Config, tmp_path: Path, harm: object, code: str
) -> None:
    _upload(desk, photo())
    (path,) = practice.scans_folder.iterdir()
    harm(path)  # type: ignore[operator]
    work(worker, 20)
    assert _ask(tmp_path, HELD) == []
    assert filed.only_submission(desk.context).delivery == "sent"
    assert _finding(desk) == ("warning", f"1 bản chụp không gửi được ({code})")
    assert "chụp lại giấy" in desk.go(desk.answer.request.path).words
    assert _shown(desk) == [], "what is broken cannot be opened"
    with desk.context.store.read() as db:
        lines = [line.act for _at, line in audit.of_subject(db, filed.only_submission(desk.context).id)]
    assert "scan_refused" in lines
    page_url = desk.answer.request.path
    assert "1 bản chụp, 1 bản phải chụp lại" in desk.go("/officer/").words
    (broken,) = re.findall(r'name="scan" value="([^"]+)"', desk.go(page_url).page)
    desk.post(f"{page_url}/remove", scan=broken)
    _upload(desk, photo())
    work(worker, 20)
    assert filed.only_submission(desk.context).delivery == "confirmed"
    assert len(_ask(tmp_path, HELD)) == 1


def test_the_technician_sees_how_far_scans_are_and_never_what_they_show(
    app: Flask, desk: Desk, worker: Worker, gateway: Gateway, practice: Config
) -> None:
    work(worker)
    fault(gateway, "down")
    _upload(desk, photo())
    _upload(desk, pdf(2), "giay.pdf")
    technician = Technician(app)
    for path in practice.scans_folder.iterdir():
        _spoil(path)
    fault(gateway, "off")
    work(worker, 30)
    page = technician.client.get(f"/technician/deliveries/{filed.only_submission(desk.context).id}").get_data(
        as_text=True
    )
    assert page.count("không gửi được, cán bộ xem lại bản chụp này") == 2
    assert page.count("record: changed") == 2
    assert "SCAN-01" in technician.page()
    assert "<img" not in page


def test_a_scan_whose_file_came_back_is_sent_when_a_technician_says_so(
    desk: Desk, worker: Worker, practice: Config, tmp_path: Path
) -> None:
    _upload(desk, photo())
    (path,) = practice.scans_folder.iterdir()
    path.rename(tmp_path / "aside")
    work(worker, 20)
    (tmp_path / "aside").rename(path)
    delivering.send_now(desk.context)
    work(worker)
    assert filed.only_submission(desk.context).delivery == "confirmed"


def test_after_the_portal_was_restored_its_files_are_sent_again(desk: Desk, worker: Worker, tmp_path: Path) -> None:
    _upload(desk, photo())
    work(worker, 20)
    for table in ("files", "file_pieces"):
        _ask(tmp_path, f"delete from {table}")
    _ask(tmp_path, "update epochs set epoch = 'another'")
    work(worker, 30)
    assert len(_ask(tmp_path, HELD)) == 1
    assert filed.only_submission(desk.context).delivery == "confirmed"


def test_nothing_of_a_scan_lies_in_the_clear_at_the_kiosk_while_it_goes(
    desk: Desk, worker: Worker, practice: Config
) -> None:
    _upload(desk, pdf(2), "giay.pdf")
    work(worker, 20)
    assert filed.only_submission(desk.context).delivery == "confirmed"
    contents = [path.read_bytes() for path in practice.folder.rglob("*") if path.is_file()]
    assert not [content for content in contents if b"%PDF" in content]


def test_a_kiosk_without_a_portal_tells_nobody(desk: Desk) -> None:
    context = desk.context
    object.__setattr__(context, "config", replace(context.config, portal=replace(context.config.portal, kind="none")))
    _upload(desk, photo())
    with context.store.read() as db:
        assert decisions.last_seq(db, filed.only_submission(context).receipt_no) == 0
        assert sync.file_outbox.backlog(db).count == 0
    assert _finding(desk)[0] == "note"


def test_what_still_has_to_go_is_not_wiped_with_the_rest(desk: Desk, worker: Worker, clock: FixedClock) -> None:
    work(worker)
    _upload(desk, photo())
    _decide(desk, "refused", reason="Nộp nhầm nơi")
    clock.advance(40 * 24 * 3600)
    applying.wipe_expired(desk.context)
    with desk.context.store.read() as db:
        assert len(scans.file_names(db)) == 1
    work(worker, 20)
    applying.wipe_expired(desk.context)
    with desk.context.store.read() as db:
        assert scans.file_names(db) == set()
