"""The auditor reads sentences, and finds what was done with a case: look-ups, openings, exports, failed sign-ins."""

import io
from datetime import datetime

import openpyxl
import pytest
from flask import Flask

from kiosk.backup import ledger
from kiosk.context import Context
from kiosk.pages.officer.lead.trail_sentences import SENTENCES, sentence
from kiosk.records import audit
from kiosk.records.audit import AuditHead, AuditLine
from tests.journeys import submission_checks
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap


@pytest.fixture
def called(app: Flask, birth_filed: Context) -> tuple[Desk, str]:
    """Return an officer who called the only form, and its receipt number."""
    desk = Desk(app)
    _tap(desk, "next")
    return desk, submission_checks.only_submission(birth_filed).receipt_no


def _ticket(desk: Desk) -> str:
    with desk.context.store.read() as db:
        ((ticket,),) = db.execute("select id from tickets where state in ('called', 'serving')").fetchall()
    return str(ticket)


def _exports(context: Context) -> list[tuple[str, str, object, object]]:
    with context.store.read() as db:
        lines = [entry.line for entry in reversed(audit.latest(db, ["export"], 20))]
    return [(line.actor, line.subject, line.facts["format"], line.facts["detail"]) for line in lines]


def test_each_export_of_a_case_leaves_a_line_with_its_receipt_number(called: tuple[Desk, str]) -> None:
    desk, _receipt = called
    ticket = _ticket(desk)
    submission = submission_checks.only_submission(desk.context)
    assert desk.browser.get(f"/officer/ticket/{ticket}/answers.json").status_code == 200
    page = desk.go(f"/officer/ticket/{ticket}/codes?part=2").answer
    assert page.status_code == 200
    assert desk.browser.get(f"/officer/ticket/{ticket}/declaration.pdf").status_code == 200
    assert desk.browser.get(f"/officer/case/{submission.id}/declaration.pdf").status_code == 200
    exports = _exports(desk.context)
    assert [(actor, subject, what) for actor, subject, what, _detail in exports] == [
        ("CB01", submission.id, "json"),
        ("CB01", submission.id, "qr"),
        ("CB01", submission.id, "pdf"),
        ("CB01", submission.id, "pdf"),
    ]
    assert str(exports[1][3]).startswith("2/")


def test_an_export_that_is_refused_leaves_no_line_of_an_export(app: Flask, called: tuple[Desk, str]) -> None:
    other = Desk(app, "minhtam", counter=2)
    assert other.browser.get(f"/officer/ticket/{_ticket(called[0])}/answers.json").status_code == 403
    assert _exports(other.context) == []


def test_the_auditor_finds_everything_about_a_case_by_its_receipt_number(app: Flask, called: tuple[Desk, str]) -> None:
    desk, receipt = called
    desk.go("/officer/lookup").post("/officer/lookup", said=receipt)
    desk.browser.get(f"/officer/ticket/{_ticket(desk)}/answers.json")
    auditor = Desk(app, "kiemtra", role="auditor").go(f"/officer/trail?subject={receipt}")
    for words in (
        f"gửi tờ khai {receipt}",
        f"tra cứu theo mã phiếu, thấy 1 hồ sơ: {receipt}",
        f"lấy cả hồ sơ {receipt} ra tệp JSON",
    ):
        assert words in auditor.words
    assert "đăng nhập" not in auditor.words.partition("Làm gì")[2].partition("Mở khóa")[0]
    assert "Không có dòng nào" in auditor.go("/officer/trail?subject=PK03-261124-0099-X").words


def test_stored_words_are_shown_on_request(app: Flask, called: tuple[Desk, str]) -> None:
    _desk, receipt = called
    auditor = Desk(app, "kiemtra", role="auditor").go(f"/officer/trail?subject={receipt}")
    assert f"gửi tờ khai {receipt}" in auditor.words
    assert 'class="stored"' not in auditor.page
    assert 'class="stored">submit ' in auditor.go(f"/officer/trail?subject={receipt}&stored=1").page


def test_a_failed_sign_in_is_read_as_a_sentence(app: Flask) -> None:
    desk = Desk(app)
    app.test_client().post("/signin", data={"login": desk_login(desk), "password": "sai rồi nhé"})
    auditor = Desk(app, "kiemtra", role="auditor").go("/officer/trail")
    assert "gõ sai mật khẩu của CB01, lần 1, từ địa chỉ 127.0.0.1" in auditor.words


def desk_login(desk: Desk) -> str:
    with desk.context.store.read() as db:
        return str(db.execute("select login from staff where code = 'CB01'").fetchone()[0])


def test_the_auditor_is_told_that_the_end_of_the_trail_was_cut(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    auditor = Desk(app, "kiemtra", role="auditor").go("/officer/trail")
    assert "Nhật ký chưa bị sửa" in auditor.words
    monkeypatch.setattr(ledger, "audit_head", lambda *_args: AuditHead(9000, "f" * 64))
    words = auditor.go("/officer/trail").words
    assert "Phần cuối nhật ký bị cắt" in words
    assert "nguyên vẹn" not in words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (AuditLine("draw", "citizen", "x", {"series": "A", "number": 7}), "lấy số A007"),
        (AuditLine("priority", "CB01", "x", {"number": "A007", "detail": "elderly/seen"}),
         "ghi ưu tiên của số A007: người cao tuổi, nhìn thấy"),
        (AuditLine("transferred", "CB01", "x", {"number": "A007", "detail": "2"}), "chuyển số A007 sang quầy 2"),
        (AuditLine("role", "CB01", "CB02", {"detail": "officer/lead"}),
         "đổi vai trò của CB02: cán bộ quầy thành phụ trách"),
        (AuditLine("sign_out", "CB01", "CB01"), "đăng xuất"),
        (AuditLine("sign_out", "CB01", "CB01", {"detail": "idle"}), "đăng xuất, để lâu không dùng"),
        (AuditLine("look_up", "CB01", "CB01", {"by": "number", "found": 0, "cases": ""}),
         "tra cứu theo số định danh của người đi khai, thấy 0 hồ sơ"),
        (AuditLine("open", "CB01", "counter 3"), "mở quầy 3"),
        (AuditLine("take_counter", "CB01", "3", {"displaced": 0}), "ngồi vào quầy 3"),
        (AuditLine("take_counter", "CB01", "3", {"displaced": 1}), "ngồi vào quầy 3, phiên ngồi trước rời quầy"),
        (AuditLine("call", "CB01", "x", {"number": "A007", "counter": 3, "detail": "turn"}),
         "gọi số A007 tới quầy 3, đến lượt"),
        (AuditLine("tick", "CB01", "x", {"paper": "cccd", "seen": True, "copied": False}),
         "ghi giấy cccd: đã xem bản chính, không giữ bản sao"),
        (AuditLine("an_act_of_tomorrow", "CB01", "x"), "an_act_of_tomorrow"),
    ],
)  # fmt: skip
def test_a_line_is_read_as_a_sentence(line: AuditLine, words: str) -> None:
    assert sentence(line) == words


def test_a_sentence_without_facts_has_no_loose_signs() -> None:
    for act in SENTENCES:
        words = sentence(AuditLine(act, "CB01", "x"))
        assert "{" not in words
        assert words[-1] not in ",: "
        assert ", ," not in words
        assert " ," not in words


def test_the_auditor_filters_by_person_and_act_and_takes_the_lines_as_a_workbook(
    app: Flask, called: tuple[Desk, str]
) -> None:
    auditor = Desk(app, "kiemtra", counter=2, role="auditor")
    words = auditor.go("/officer/trail?act=call&actor=CB01").words
    assert "Cán bộ hoaian (CB01) gọi số A001 tới quầy 1, đến lượt" in words
    assert "gửi tờ khai" not in words.partition("Làm gì")[2]
    answer = auditor.browser.get("/officer/trail.xlsx?act=call&actor=CB01")
    (row,) = openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows(min_row=5, values_only=True)
    assert row[1] == datetime(2026, 11, 24, 8, 30)
    assert row[2:4] == ("Cán bộ hoaian (CB01)", "gọi số A001 tới quầy 1, đến lượt")
    assert "lấy nhật ký (bảng tính) từ 2026-11-24" in auditor.go("/officer/trail").words
    assert called[0].browser.get("/officer/trail.xlsx").status_code == 403
