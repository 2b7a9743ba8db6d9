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
from kiosk import uploads
from kiosk.acts import deciding, delivering, wiping
from kiosk.acts.deciding import AcceptanceInput
from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.dossiers.decision_filing import CaseRequest
from kiosk.health import scans as scans_check
from kiosk.records import audit, decisions, scans
from kiosk.worker import Worker
from sync.encoding import sha256_hex
from sync.gateway import Gateway
from tests.faults.submitting import submit_form
from tests.journeys import submission_checks
from tests.journeys.test_line import Technician, fault, gateway, practice, printer, worker
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_decide import _decide
from tests.pages.officer.test_queue import _tap
from tests.pages.officer.test_scans import _papers, _shown, _upload
from tests.uploads.files import pdf, photo
from tests.uploads.signed_files import Authority, signed_pdf

__all__ = ["gateway", "practice", "printer", "worker"]


@pytest.fixture
def desk(app: Flask) -> Desk:
    """Return an officer who serves a mother with her form, at the page of the first paper."""
    submit_form(app.extensions["context"])
    desk = _tap(Desk(app), "next")
    return desk.go(_papers(desk)[0])


def run_worker(worker: Worker, rounds: int = 15) -> None:
    """Run the worker for less time than locks an officer's session."""
    for _ in range(rounds):
        worker.context.clock.advance(8)  # type: ignore[attr-defined]
        worker.step()


def _query_gateway(tmp_path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(tmp_path / "gateway.db")) as db:
        rows = db.execute(query).fetchall()
        db.commit()
    return rows


FILES_SQL = "select sha256, held, is_whole from files"
DOCUMENTS_SQL = "select document_code, name, sha256, size, is_gone from documents order by is_gone"


def _scan_check(desk: Desk) -> tuple[str, str]:
    result = scans_check.check(desk.context)
    return result.state, result.words


def test_a_scan_is_sent_after_its_form_and_only_then_the_dossier_is_confirmed(
    desk: Desk, worker: Worker, tmp_path: Path
) -> None:
    run_worker(worker)
    assert submission_checks.only_submission(desk.context).delivery == "confirmed"
    _upload(desk, photo())
    assert submission_checks.only_submission(desk.context).delivery == "sent"
    assert "Chờ gửi lên cổng." in desk.words
    assert _scan_check(desk)[1].startswith("1 bản chụp chờ gửi")
    run_worker(worker)
    kept = uploads.check_upload(photo()).content
    assert _query_gateway(tmp_path, FILES_SQL) == [(sha256_hex(kept), len(kept), 1)]
    ((code, name, digest, size, is_gone),) = _query_gateway(tmp_path, DOCUMENTS_SQL)
    assert (digest, size, is_gone) == (sha256_hex(kept), len(kept), 0)
    assert (code, name) == (desk.answer.request.path.rpartition("/")[2], re.search(r"<h1>(.*?)</h1>", desk.page)[1])
    assert submission_checks.only_submission(desk.context).delivery == "confirmed"
    assert "Cổng đã nhận đủ." in desk.go(desk.answer.request.path).words
    assert _scan_check(desk) == ("ok", "Đã gửi hết")


def test_a_signed_paper_reaches_the_portal_byte_for_byte(desk: Desk, worker: Worker, tmp_path: Path) -> None:
    content = signed_pdf(Authority().signer())
    _upload(desk, content, "giay.pdf")
    run_worker(worker, 20)
    assert _query_gateway(tmp_path, FILES_SQL) == [(sha256_hex(content), len(content), 1)]
    assert submission_checks.only_submission(desk.context).delivery == "confirmed"


def test_a_scan_made_without_a_connection_waits_for_its_form(desk: Desk, worker: Worker, gateway: Gateway) -> None:
    fault(gateway, "down")
    _upload(desk, photo())
    run_worker(worker)
    assert submission_checks.only_submission(desk.context).delivery == "queued"
    fault(gateway, "off")
    run_worker(worker, 20)
    assert submission_checks.only_submission(desk.context).delivery == "confirmed"


def test_a_connection_that_loses_answers_ends_with_one_whole_file(
    desk: Desk, worker: Worker, gateway: Gateway, tmp_path: Path
) -> None:
    run_worker(worker)
    _upload(desk, pdf(40), "giay.pdf")
    fault(gateway, "answer_lost")
    run_worker(worker)
    assert submission_checks.only_submission(desk.context).delivery == "sent"
    fault(gateway, "off")
    run_worker(worker, 30)
    kept = uploads.check_upload(pdf(40)).content
    assert _query_gateway(tmp_path, FILES_SQL) == [(sha256_hex(kept), len(kept), 1)]
    assert _query_gateway(tmp_path, "select count(*) from events") == [(1,)]
    assert submission_checks.only_submission(desk.context).delivery == "confirmed"


def test_scans_and_decisions_have_one_order_and_none_blocks_the_other(
    desk: Desk, worker: Worker, tmp_path: Path
) -> None:
    page_url = desk.answer.request.path
    submission = submission_checks.only_submission(desk.context)
    _upload(desk, photo())
    press = CaseRequest(submission.id, 0, "CB01")  # from a page that was opened before the scan was taken
    assert deciding.accept(desk.context, press, AcceptanceInput(term=0, official_no="H57.132-261124-0042"))
    _upload(desk.go(page_url), pdf(2), "giay.pdf")
    run_worker(worker, 20)
    events = _query_gateway(tmp_path, "select seq, kind from events order by seq")
    assert events == [(1, "document"), (2, "accepted"), (3, "document")]
    assert _query_gateway(tmp_path, "select status_code from submissions") == [(2,)]
    with desk.context.store.read() as db:
        receipt = submission.receipt_no
        assert [decision.kind for decision in decisions.of_case(db, receipt)] == ["accepted"]
        assert (decisions.count(db, receipt), decisions.last_seq(db, receipt)) == (1, 3)
    _decide(desk, "handed_out", what="Giấy khai sinh", taken_by="Nguyễn Thị Diệu Hiền", relation="self")
    run_worker(worker)
    assert _query_gateway(tmp_path, "select status_code from submissions") == [(10,)]


def test_a_scan_that_is_taken_away_is_forgotten_at_the_portal_too(desk: Desk, worker: Worker, tmp_path: Path) -> None:
    _upload(desk, photo())
    run_worker(worker, 20)
    assert len(_query_gateway(tmp_path, FILES_SQL)) == 1
    (shown,) = _shown(desk)
    desk.post(f"{desk.answer.request.path}/remove", scan=shown.rpartition("/")[2])
    run_worker(worker)
    assert _query_gateway(tmp_path, FILES_SQL) == []
    assert [row[4] for row in _query_gateway(tmp_path, DOCUMENTS_SQL)] == [1]
    assert submission_checks.only_submission(desk.context).delivery == "confirmed"


def _flip_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(("harm", "code"), [(os.unlink, "missing"), (_flip_bit, "changed")])
def test_a_missing_or_changed_scan_is_shown_to_technician_and_officer(
    desk: Desk, worker: Worker, practice: Config, tmp_path: Path, harm: object, code: str
) -> None:
    _upload(desk, photo())
    (path,) = practice.scans_folder.iterdir()
    harm(path)  # type: ignore[operator]
    run_worker(worker, 20)
    assert _query_gateway(tmp_path, FILES_SQL) == []
    assert submission_checks.only_submission(desk.context).delivery == "sent"
    assert _scan_check(desk) == ("warning", f"1 bản chụp không gửi được ({code})")
    assert "chụp lại giấy" in desk.go(desk.answer.request.path).words
    assert _shown(desk) == [], "what is broken cannot be opened"
    with desk.context.store.read() as db:
        lines = [line.act for _at, line in audit.of_subject(db, submission_checks.only_submission(desk.context).id)]
    assert "scan_refused" in lines
    page_url = desk.answer.request.path
    assert "1 bản chụp, 1 bản phải chụp lại" in desk.go("/officer/").words
    (broken,) = re.findall(r'name="scan" value="([^"]+)"', desk.go(page_url).page)
    desk.post(f"{page_url}/remove", scan=broken)
    _upload(desk, photo())
    run_worker(worker, 20)
    assert submission_checks.only_submission(desk.context).delivery == "confirmed"
    assert len(_query_gateway(tmp_path, FILES_SQL)) == 1


def test_the_technician_sees_how_far_scans_are_and_never_what_they_show(
    app: Flask, desk: Desk, worker: Worker, gateway: Gateway, practice: Config
) -> None:
    run_worker(worker)
    fault(gateway, "down")
    _upload(desk, photo())
    _upload(desk, pdf(2), "giay.pdf")
    technician = Technician(app)
    for path in practice.scans_folder.iterdir():
        _flip_bit(path)
    fault(gateway, "off")
    run_worker(worker, 30)
    page = technician.client.get(
        f"/technician/deliveries/{submission_checks.only_submission(desk.context).id}"
    ).get_data(as_text=True)
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
    run_worker(worker, 20)
    (tmp_path / "aside").rename(path)
    delivering.send_now(desk.context)
    run_worker(worker)
    assert submission_checks.only_submission(desk.context).delivery == "confirmed"


def test_after_the_portal_was_restored_its_files_are_sent_again(desk: Desk, worker: Worker, tmp_path: Path) -> None:
    _upload(desk, photo())
    run_worker(worker, 20)
    for table in ("files", "file_pieces"):
        _query_gateway(tmp_path, f"delete from {table}")
    _query_gateway(tmp_path, "update epochs set epoch = 'another'")
    run_worker(worker, 30)
    assert len(_query_gateway(tmp_path, FILES_SQL)) == 1
    assert submission_checks.only_submission(desk.context).delivery == "confirmed"


def test_a_scan_is_never_unsealed_on_the_disk_while_it_is_sent(desk: Desk, worker: Worker, practice: Config) -> None:
    _upload(desk, pdf(2), "giay.pdf")
    run_worker(worker, 20)
    assert submission_checks.only_submission(desk.context).delivery == "confirmed"
    contents = [path.read_bytes() for path in practice.folder.rglob("*") if path.is_file()]
    assert not [content for content in contents if b"%PDF" in content]


def test_without_a_portal_a_scan_waits_for_one(desk: Desk) -> None:
    context = desk.context
    object.__setattr__(context, "config", replace(context.config, portal=replace(context.config.portal, kind="none")))
    _upload(desk, photo())
    with context.store.read() as db:
        assert decisions.last_seq(db, submission_checks.only_submission(context).receipt_no) == 1
        assert sync.file_outbox.backlog(db).count == 1
    assert _scan_check(desk)[0] == "note"


def test_an_unsent_scan_is_not_wiped_with_the_rest(desk: Desk, worker: Worker, clock: FixedClock) -> None:
    run_worker(worker)
    _upload(desk, photo())
    _decide(desk, "refused", reason="Nộp nhầm nơi")
    clock.advance(40 * 24 * 3600)
    wiping.wipe_expired(desk.context)
    with desk.context.store.read() as db:
        assert len(scans.file_names(db)) == 1
    run_worker(worker, 20)
    wiping.wipe_expired(desk.context)
    with desk.context.store.read() as db:
        assert scans.file_names(db) == set()
