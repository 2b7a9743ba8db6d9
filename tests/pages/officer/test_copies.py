"""Certified copies at the desk: numbers of the register, words of certification, fee by the officer's pages, cancel."""

import html
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kiosk.acts import certified_copies as certified_copies_acts
from kiosk.acts import correcting
from kiosk.acts.correcting import CorrectionInput
from kiosk.backup import receipt_gaps
from kiosk.base.clock import FixedClock, timestamp
from kiosk.base.errors import CertifiedPaperMoved
from kiosk.config.list_sections import OfficePrinterSection
from kiosk.context import Context
from kiosk.dossiers.certified_copies import listed_papers
from kiosk.dossiers.opened import open_submission
from kiosk.papers.workbook import read_xlsx
from kiosk.records import audit, certified_copies, decisions, fees, marks, submissions
from kiosk.records.certified_copies import BOOKS, CertifiedCopy
from tests.journeys import submission_checks
from tests.journeys.walker import Walker, card_line
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap
from tests.papers.forms import words_of_pdf

CODE = "2.000815"


@pytest.fixture
def desk(app: Flask, walker: Walker) -> Desk:
    """Return an officer who has called a citizen with three papers, two copies each."""
    walker.go(f"/need/{CODE}").fill()
    for paper in ("can_cuoc", "bang", "hoc_ba"):
        walker.fill(add=paper)
    walker.fill({f"giay_to.{row}.so_ban": "2" for row in range(3)})
    walker.scan("me")
    assert walker.at == "/done"
    desk = Desk(app)
    return _tap(desk.go("/officer/"), "next")


def _lines(context: Context) -> list[CertifiedCopy]:
    with context.store.read() as db:
        return certified_copies.of_day(db, context.clock.today())


def _certify(desk: Desk, **boxes: str) -> Desk:
    fields = {name.replace("_", ".", 1): value for name, value in boxes.items()}
    ticket = re.search(r'action="(/officer/ticket/[^"]+/copies)"', desk.page)
    assert ticket, desk.words
    counts = {f"{name}.{row}": "1" for name in ("pages", "copies") for row in range(3)}
    return desk.post(ticket[1], **counts | {f"copies.{row}": "2" for row in range(3)} | fields)


def test_the_papers_of_the_case_are_listed_with_the_pages_that_the_citizen_counted(desk: Desk) -> None:
    for paper in ("Căn cước", "Bằng tốt nghiệp, chứng chỉ", "Học bạ, bảng điểm"):
        assert f"{paper} , người dân ghi 1 trang" in desk.words


def test_one_press_takes_a_number_for_each_paper_in_the_order_of_the_list(desk: Desk) -> None:
    _certify(desk, seen_0="1", seen_1="1", seen_2="1", pages_2="8")
    assert "Đã ghi sổ chứng thực" in desk.words
    assert [(line.number, line.place, line.pages, line.declared_pages) for line in _lines(desk.context)] == [
        (1, 0, 1, 1), (2, 1, 1, 1), (3, 2, 8, 1),
    ]  # fmt: skip
    assert "quyển 01/2026-SCT/BS, 8 trang (người dân ghi 1), 2 bản" in desk.words
    with desk.context.store.read() as db:
        assert audit.verify(db, desk.context.audit_key()) is None


def test_a_second_press_of_one_page_takes_no_number(desk: Desk) -> None:
    page = desk.answer
    _certify(desk, seen_0="1")
    desk.answer = page
    _certify(desk, seen_0="1", seen_1="1")
    assert [line.place for line in _lines(desk.context)] == [0, 1]


def test_a_paper_that_may_not_be_certified_leaves_a_note_and_takes_no_number(desk: Desk) -> None:
    _certify(desk, seen_0="1", seen_1="1", refused_1="worn")
    assert [line.place for line in _lines(desk.context)] == [0]
    assert "Bằng tốt nghiệp, chứng chỉ: không chứng thực được vì hư hỏng, cũ nát" in desk.words


def test_the_fee_follows_the_pages_of_the_officer(desk: Desk) -> None:
    assert "12.000 đồng" in desk.words
    _certify(desk, seen_0="1", seen_2="1", pages_2="8")
    assert "24.000 đồng" in desk.words
    case = submission_checks.only_submission(desk.context)
    desk.post(f"/officer/ticket/{_handle(desk)}/fees", act="cash", **_fee_boxes(desk))
    with desk.context.store.read() as db:
        (fee,) = fees.of_case(db, case.receipt_no)
    assert (fee.amount, fee.listed, fee.state) == (24_000, 24_000, "paid")


def _handle(desk: Desk) -> str:
    match = re.search(r'action="/officer/ticket/([^"/]+)/copies"', desk.page)
    assert match
    return match[1]


def _fee_boxes(desk: Desk) -> dict[str, str]:
    return desk.hidden_fields(f"/officer/ticket/{_handle(desk)}/fees")


def test_the_words_of_certification_have_number_book_day_and_signer(desk: Desk) -> None:
    _certify(desk, seen_0="1", pages_0="3")
    (line,) = _lines(desk.context)
    case = submission_checks.only_submission(desk.context)
    desk.go(f"/officer/case/{case.id}/copies/{line.id}.pdf")
    words = " ".join(words_of_pdf(desk.answer.data).split())
    for expected in (
        "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH",
        "Số chứng thực: 1. Quyển số: 01/2026-SCT/BS",
        "ngày 24 tháng 11 năm 2026",
        "CHỦ TỊCH",
        "Căn cước: 3 trang",
    ):
        assert expected in words


def test_a_cancelled_number_stays_with_its_reason_and_is_never_given_again(desk: Desk) -> None:
    _certify(desk, seen_0="1")
    (line,) = _lines(desk.context)
    desk.post(f"/officer/ticket/{_handle(desk)}/copies/{line.id}/cancel", why="misprinted")
    assert "Số 1 đã hủy: in sai" in desk.words
    _certify(desk, seen_0="1")
    assert [(line.number, line.cancel_reason) for line in _lines(desk.context)] == [(1, "misprinted"), (2, None)]
    desk.post(f"/officer/ticket/{_handle(desk)}/copies/{line.id}/cancel", why="other")
    assert [(line.number, line.cancel_reason) for line in _lines(desk.context)] == [(1, "misprinted"), (2, None)]


def test_a_correction_of_the_form_keeps_the_numbers(desk: Desk) -> None:
    _certify(desk, seen_0="1")
    case = submission_checks.only_submission(desk.context)
    with desk.context.store.write() as db:
        certified_copies.reassign(db, case.id, "of-the-correction")
        assert [line.submission_id for line in certified_copies.of_case(db, case.receipt_no)] == ["of-the-correction"]
        certified_copies.reassign(db, "of-the-correction", case.id)
        assert submissions.find(db, case.id) is not None


def _correct(desk: Desk, rows: list[int]) -> None:
    """Correct the list of papers to these of its rows."""
    context = desk.context
    opened = open_submission(context, submission_checks.only_submission(context).id)
    assert opened is not None
    listed = opened.answers["giay_to"]
    papers = [dict(listed[row]) for row in rows]
    correcting.update_draft(context, opened, "CB01", lambda draft: draft.answers.update({"giay_to": papers}))
    correction = CorrectionInput(officer="CB01", reason="said", read_back=True)
    assert correcting.write(context, opened, opened.submission.id, correction) is not None


@pytest.mark.parametrize(
    ("rows", "is_refused"),
    [
        ([1, 2], True),  # the number would name another paper
        ([0, 2], False),  # the paper that is taken away has none
        ([0, 1, 2, 2], False),
    ],
)
def test_a_correction_moves_no_number_to_another_paper(desk: Desk, rows: list[int], is_refused: bool) -> None:
    _certify(desk, seen_0="1")
    if is_refused:
        with pytest.raises(CertifiedPaperMoved):
            _correct(desk, rows)
    else:
        _correct(desk, rows)
    (line,) = _lines(desk.context)
    now = open_submission(desk.context, line.submission_id)
    assert now is not None
    assert listed_papers(now)[line.place].name == "Căn cước"


def test_another_procedure_has_no_box(app: Flask, birth_filed: Context) -> None:
    desk = _tap(Desk(app).go("/officer/"), "next")
    assert "Chứng thực bản sao" not in html.unescape(desk.page)


def _hand_out(desk: Desk) -> Desk:
    address = f"/officer/ticket/{_handle(desk)}/copies/done"
    return desk.post(address, **desk.hidden_fields(address))


def _decided(desk: Desk) -> list[str]:
    with desk.context.store.read() as db:
        case = submission_checks.only_submission(desk.context)
        return [decision.kind for decision in decisions.of_case(db, case.receipt_no)]


def test_one_press_accepts_the_case_hands_the_copies_out_and_ends_the_service(desk: Desk) -> None:
    _certify(desk, seen_0="1", seen_1="1", seen_2="1")
    desk.post(f"/officer/ticket/{_handle(desk)}/fees", act="cash", **_fee_boxes(desk))
    page = desk.answer
    _hand_out(desk)
    assert "Số B001 đã xong: đã trả bản sao." in desk.words
    assert _decided(desk) == ["accepted", "handed_out"]
    case = submission_checks.only_submission(desk.context)
    assert case.desk == "handed_out"
    with desk.context.store.read() as db:
        last = decisions.of_case(db, case.receipt_no)[-1]
        detail = decisions.detail(db, last.id)
        assert audit.verify(db, desk.context.audit_key()) is None
    words = json.loads(desk.context.vault.open(decisions.DETAIL, last.id, detail or b""))
    assert words["what"] == "Bản sao chứng thực: số 1, 2, 3, quyển 01/2026-SCT/BS, 6 bản"
    assert words["taken_by"] == card_line("me").split("|")[2]
    desk.answer = page
    desk.post(re.findall(r'action="([^"]+/copies/done)"', desk.page)[0], csrf=desk.token, seen="0")
    assert _decided(desk) == ["accepted", "handed_out"]


def test_undoing_the_press_takes_back_acceptance_and_handing_out_but_no_number(desk: Desk) -> None:
    _certify(desk, seen_0="1", seen_1="1", seen_2="1")
    desk.post(f"/officer/ticket/{_handle(desk)}/fees", act="cash", **_fee_boxes(desk))
    _hand_out(desk)
    assert "Đã tiếp nhận, đã trả kết quả" in desk.words
    (address,) = re.findall(r'action="(/officer/decision/[^"]+/undo)"', desk.page)
    desk.post(address)
    assert _decided(desk) == []
    case = submission_checks.only_submission(desk.context)
    assert case.desk == "waiting"
    assert [line.cancelled_at for line in _lines(desk.context)] == [None] * 3
    with desk.context.store.read() as db:
        undone = [entry.line.facts["kind"] for entry in audit.latest(db, ["undone"], 9)]
        assert audit.verify(db, desk.context.audit_key()) is None
    assert undone == ["accepted", "handed_out"]


def test_copies_are_not_handed_out_before_the_fee_is_settled(desk: Desk) -> None:
    _certify(desk, seen_0="1", seen_1="1", seen_2="1")
    _hand_out(desk)
    assert "Chưa trả được: lệ phí chưa thu." in desk.words
    assert _decided(desk) == []


def test_copies_are_not_handed_out_while_a_paper_has_neither_number_nor_reason(desk: Desk) -> None:
    _certify(desk, seen_0="1", seen_1="1", seen_2="1")
    page = desk.answer
    second = _lines(desk.context)[1]
    desk.post(f"/officer/ticket/{_handle(desk)}/copies/{second.id}/cancel", why="mistaken")
    assert "Đã ký, đã trả giấy" not in desk.words
    desk.answer = page
    _hand_out(desk)
    assert "Chưa trả được: còn giấy chưa có số, chưa có lý do." in desk.words
    _certify(desk, refused_1="not_brought")
    assert "Đã ghi chú giấy không chứng thực được." in desk.words
    assert "Bằng tốt nghiệp, chứng chỉ: không chứng thực được vì không mang bản chính." in desk.words
    assert '<option value="not_brought" selected>' in desk.page
    desk.post(f"/officer/ticket/{_handle(desk)}/fees", act="cash", **_fee_boxes(desk))
    _hand_out(desk)
    assert _decided(desk) == ["accepted", "handed_out"]


def test_a_reason_is_noted_once_and_a_number_may_follow_it(desk: Desk) -> None:
    _certify(desk, seen_0="1", refused_1="not_brought")
    _certify(desk, seen_1="1", refused_1="not_brought")
    assert desk.words.count("không chứng thực được vì không mang bản chính") == 1
    assert [line.place for line in _lines(desk.context)] == [0, 1]


def test_the_newest_reason_counts_until_a_number_is_taken(desk: Desk, clock: FixedClock) -> None:
    _certify(desk, seen_0="1", refused_1="worn")
    clock.advance(1)
    _certify(desk, refused_1="not_brought")
    assert '<option value="not_brought" selected>' in desk.page
    assert '<option value="worn" selected>' not in desk.page
    clock.advance(1)
    _certify(desk, seen_1="1", refused_1="not_brought")
    (line,) = (line for line in _lines(desk.context) if line.place == 1)
    desk.post(f"/officer/ticket/{_handle(desk)}/copies/{line.id}/cancel", why="misprinted")
    assert '<option value="not_brought" selected>' not in desk.page


def test_two_papers_of_one_name_have_a_reason_each(desk: Desk) -> None:
    _correct(desk, [1, 1])
    desk.go("/officer/")
    _certify(desk, refused_0="worn")
    assert desk.page.count('<option value="worn" selected>') == 1
    _certify(desk, refused_1="worn")
    assert desk.page.count('<option value="worn" selected>') == 2


def test_copies_are_not_handed_out_when_what_was_paid_is_another_fee(desk: Desk) -> None:
    desk.post(f"/officer/ticket/{_handle(desk)}/fees", act="cash", **_fee_boxes(desk))
    _certify(desk, seen_0="1", seen_1="1", seen_2="1", pages_2="8")
    _hand_out(desk)
    assert "Chưa trả được: phí đã thu khác phí của số trang đã đếm." in desk.words
    assert _decided(desk) == []


def test_copies_are_not_handed_out_while_their_words_are_in_the_printer(desk: Desk) -> None:
    config = desk.context.config
    counter = config.counters[0].number
    printer = OfficePrinterSection(name="Máy in A4", address="ipp://127.0.0.1/ipp/print", counters=(counter,))
    desk.context.config = replace(config, office_printers=(printer,))
    _certify(desk, seen_0="1", seen_1="1", seen_2="1")
    desk.post(f"/officer/ticket/{_handle(desk)}/fees", act="cash", **_fee_boxes(desk))
    _hand_out(desk)
    assert "Chưa trả được: lời chứng chưa in xong" in desk.words
    with desk.context.store.write() as db:
        db.execute("update jobs set state = 'printed' where key like 'office:copy:%'")
    _hand_out(desk)
    assert _decided(desk) == ["accepted", "handed_out"]


def test_the_original_counts_as_seen_with_the_first_number(desk: Desk) -> None:
    assert "Còn 1 giấy chưa xem" in desk.words
    _certify(desk, seen_0="1")
    assert "Đủ giấy, không có chỗ nào phải hỏi lại." in desk.words


def test_the_register_of_the_day_has_each_number_with_names_and_a_cancelled_one_with_its_reason(
    desk: Desk, tmp_path: Path
) -> None:
    assert "Sổ chứng thực" not in desk.go("/officer/day").words
    desk.go("/officer/")
    _certify(desk, seen_0="1", seen_1="1", pages_1="8")
    first = _lines(desk.context)[0]
    assert certified_copies_acts.cancel(desk.context, first.id, "misprinted", "CB01")
    assert "Trong ngày cấp 2 số." in desk.go("/officer/day").words
    page = desk.go("/officer/registers")
    book = desk.browser.get(_link(page, ".xlsx", "registers"))
    path = tmp_path / "so.xlsx"
    path.write_bytes(book.data)
    ((head, one, two),) = read_xlsx(path).values()
    person = card_line("me").split("|")[2]
    assert head[0] == "Số chứng thực"
    shown = [0, 2, 3, 5, 6, 8]
    assert [one[place] for place in shown] == [1, person, "Căn cước", 1, 2, "đã hủy: in sai"]
    assert [two[place] for place in shown] == [2, person, "Bằng tốt nghiệp, chứng chỉ", 8, 2, "người dân ghi 1 trang"]
    words = words_of_pdf(desk.browser.get(_link(page, ".pdf", "registers")).data)
    for part in ("SỔ CHỨNG THỰC BẢN SAO TỪ BẢN CHÍNH", person, "Tổng số: 2 số, trong đó hủy 1 số. Số bản sao: 2."):
        assert part in words
    with desk.context.store.read() as db:
        subjects = [entry.line.subject for entry in audit.latest(db, ["take_along"], 9)]
    assert subjects == ["copies pdf", "copies xlsx"]


def test_after_a_restore_the_lead_types_the_last_number_and_the_register_shows_the_missing_ones(
    desk: Desk, app: Flask, tmp_path: Path
) -> None:
    _certify(desk, seen_0="1")
    with desk.context.store.write() as db:
        restored = [{"at": timestamp(desk.context.clock.now()), "gaps": [], "registers": {"copies": 3}}]
        marks.put(db, receipt_gaps.MARK, json.dumps(restored))
    page = desk.answer
    _certify(desk, seen_1="1")
    assert "Máy vừa khôi phục từ bản sao, nên chưa cấp số chứng thực." in desk.words
    assert "Người phụ trách ghi số cuối ở trang này" in desk.go("/officer/registers").words
    lead = Desk(app, "phutrach", counter=2, role="lead")
    lead.go("/officer/registers")
    assert re.search(r'name="last.copies"\s+value="3"\s+min="1"', lead.page)
    others = {f"last.{name}": "0" for name in BOOKS}
    address = "/officer/registers/continue"
    lead.post(address, **others, year="2026", why="handed_out", csrf=lead.token)
    assert "Số cuối không nhỏ hơn số trong máy" in lead.words
    lead.go("/officer/registers").post(
        address, **others | {"last.copies": "3"}, year="2026", why="handed_out", csrf=lead.token
    )
    assert "Các sổ đang dừng" not in lead.words
    desk.answer = page
    _certify(desk, seen_1="1")
    assert [line.number for line in _lines(desk.context)] == [1, 4]
    path = tmp_path / "so.xlsx"
    path.write_bytes(lead.browser.get(_link(lead.go("/officer/registers"), ".xlsx", "registers")).data)
    ((_, *rows),) = read_xlsx(path).values()
    assert [row[0] for row in rows] == [1, 2, 3, 4]
    assert rows[1][8] == "cấp trước khi khôi phục máy: đã trả, xem sổ giấy"
    words = words_of_pdf(lead.browser.get(_link(lead.go("/officer/registers"), ".pdf", "registers")).data)
    assert "Tổng số: 4 số." in words
    with desk.context.store.read() as db:
        entry = audit.latest(db, ["certified on"], 9)[-1]
    assert (entry.line.facts["after"], entry.line.facts["last"]) == (1, 3)


def test_the_lead_begins_a_register_after_the_paper_book(desk: Desk, app: Flask) -> None:
    assert "Sổ giấy năm nay đã có số" not in desk.go("/officer/registers").words
    lead = Desk(app, "phutrach", counter=2, role="lead").go("/officer/registers")
    lead.post("/officer/registers/begin", csrf=lead.token, register="copies", last="x")
    assert "Số cuối ở sổ giấy từ 1 đến 99.999" in lead.words
    lead.go("/officer/registers").post("/officer/registers/begin", csrf=lead.token, register="copies", last="812")
    assert "1 đến 812. Hủy 0 số, 812 số đầu ở sổ giấy" in lead.words, lead.words[lead.words.index("Dãy số") :]
    assert "Sổ giấy năm nay đã có số" not in lead.words
    _certify(desk.go("/officer/"), seen_0="1")
    assert "số 813 , quyển 01/2026-SCT/BS" in desk.words
    with desk.context.store.read() as db:
        (entry,) = audit.latest(db, ["certified begun"], 9)
    assert (entry.line.facts["book"], entry.line.facts["last"]) == ("SCT/BS", 812)


def _link(page: Desk, suffix: str, part: str) -> str:
    links = re.findall(r'href="([^"]+)"', page.page)
    return html.unescape(next(link for link in links if suffix in link and part in link))
