"""Decision bar and forms: nothing typed is lost, a stale page changes nothing, papers open as PDF."""

import html
import io
import re
from datetime import UTC, date, datetime

import pypdfium2
import pytest
from flask import Flask

from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.pages.officer.case.decide import parse_day
from kiosk.records import decisions, submissions
from kiosk.records.decisions import Decision
from tests.journeys import submission_checks
from tests.journeys.people import birth_until_check, submit
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap

OFFICIAL = "H57.132-261125-0042"
WHY = "Người khai chưa đủ điều kiện <b>theo luật</b>"
ACCEPT = {"term": "0", "sets": "1", "place": "counter"}


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock at 8:45 in the ward on Wednesday 25 November 2026."""
    return FixedClock(datetime(2026, 11, 25, 1, 45, tzinfo=UTC))


@pytest.fixture
def desk(app: Flask, birth_filed: Context) -> Desk:
    """Return an officer with a birth registration at the counter."""
    return _tap(Desk(app), "next")


def _address(desk: Desk, what: str) -> str:
    return f"/officer/case/{submission_checks.only_submission(desk.context).id}/{what}"


def _decide(desk: Desk, act: str, **fields: str) -> Desk:
    desk.go(_address(desk, act))
    seen = re.search(r'name="seen" value="(\d+)"', desk.page)
    assert seen, desk.words
    return desk.post(_address(desk, act), seen=seen[1], **fields)


def _listed(desk: Desk) -> list[Decision]:
    with desk.context.store.read() as db:
        return decisions.of_case(db, submission_checks.only_submission(desk.context).receipt_no)


def _paper(desk: Desk) -> str:
    (*_, last) = _listed(desk)
    answer = desk.browser.get(_address(desk, f"paper/{last.id}.pdf"))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    pages = pypdfium2.PdfDocument(io.BytesIO(answer.data))
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def _typed(desk: Desk, name: str) -> str:
    match = re.search(rf'name="{name}"[^>]*? value="([^"]*)"', desk.page)
    area = re.search(rf'name="{name}"[^>]*>([^<]*)</textarea>', desk.page)
    assert match or area, name
    return match[1] if match else area[1] if area else ""


def test_the_bar_says_what_still_hinders_and_forbids_nothing(desk: Desk) -> None:
    assert "Còn 2 giấy chưa xem. Vẫn tiếp nhận được." in desk.words
    assert "Hẹn trả nếu tiếp nhận ngay hôm nay, trước 17:00" in desk.words
    _decide(desk, "accepted", **ACCEPT)
    assert "Đã tiếp nhận hồ sơ." in desk.words
    assert submission_checks.only_submission(desk.context).desk == "accepted"


def test_what_was_ticked_on_the_way_to_a_decision_is_kept(desk: Desk) -> None:
    address = re.search(r'action="(/officer/ticket/[^"]+/papers)"', desk.page)
    assert address
    desk.post(address[1], seen="chung_sinh", then="supplement")
    assert "Yêu cầu bổ sung, một lần cho đủ" in desk.words
    assert re.findall(r'name="paper" value="([^"]+)" checked', desk.page) == ["the_nguoi_khai"]
    assert 'name="seen" value="chung_sinh" checked' in desk.go("/officer/").page


def test_the_appointment_is_printed_once_the_city_s_number_is_known(desk: Desk) -> None:
    _decide(desk, "accepted", **ACCEPT)
    assert "Chưa có mã hồ sơ: in Giấy tiếp nhận tạm, có mã thì in lại." in desk.words
    assert "Xem, in giấy tiếp nhận tạm" in desk.words
    provisional = _paper(desk)
    assert submission_checks.only_submission(desk.context).receipt_no in provisional
    assert "GIẤY TIẾP NHẬN HỒ SƠ TẠM" in provisional
    assert re.search(r"Mã hồ sơ: ?sẽ báo sau", provisional)
    assert "17 giờ 00 phút, ngày 25/11/2026" in provisional
    assert "Mẫu 01" not in provisional, "it follows no form of the circular"
    desk.post(_address(desk, "number"), official_no="PK03")
    assert desk.answer.status_code == 422
    assert _typed(desk, "official_no") == "PK03"
    desk.post(_address(desk, "number"), official_no=OFFICIAL)
    assert "Đã ghi mã hồ sơ" in desk.words
    assert "Xem, in giấy tiếp nhận" in desk.words
    paper = _paper(desk)
    assert OFFICIAL in paper
    assert "TẠM" not in paper
    assert "17 giờ 00 phút, ngày 25/11/2026" in paper
    assert "8 giờ 45 phút, ngày 25/11/2026" in paper
    assert "NGUYỄN THỊ DIỆU HIỀN" in paper.upper()


def test_a_wrong_box_is_named_and_everything_typed_is_still_there(desk: Desk) -> None:
    fields = {"term": "day", "due_on": "28/11/2026", "official_no": "H57-1", "sets": "3", "place": "post"}
    _decide(desk, "accepted", **fields)
    assert desk.answer.status_code == 422
    assert "Còn 2 chỗ cần ghi lại. Những gì đã gõ vẫn còn." in desk.words
    assert "28/11/2026 là ngày nghỉ" in desk.words
    assert [_typed(desk, name) for name in ("due_on", "official_no", "sets")] == ["28/11/2026", "H57-1", "3"]
    assert re.search(r'value="day" checked', desk.page)
    assert re.search(r'value="post" checked', desk.page)
    assert _listed(desk) == []


def test_a_day_that_was_typed_is_never_passed_over_in_silence(desk: Desk) -> None:
    _decide(desk, "accepted", **ACCEPT, due_on="30/11/2026")
    assert desk.answer.status_code == 422
    assert "Chọn “Hẹn ngày khác”, hoặc xóa ngày đã gõ" in desk.words
    assert _typed(desk, "due_on") == "30/11/2026"
    assert _listed(desk) == []


def test_more_is_asked_for_at_once_and_told_on_paper(desk: Desk) -> None:
    desk.go(_address(desk, "supplement"))
    assert re.findall(r'name="paper" value="([^"]+)" checked', desk.page) == ["chung_sinh", "the_nguoi_khai"]
    _decide(desk, "supplement", paper="chung_sinh", lines="Ký lại tờ khai\n\nGhi đủ quê quán", reason=" ")
    assert desk.answer.status_code == 422
    assert _typed(desk, "lines").split() == ["Ký", "lại", "tờ", "khai", "Ghi", "đủ", "quê", "quán"]
    assert re.findall(r'name="paper" value="([^"]+)" checked', desk.page) == ["chung_sinh"]
    _decide(desk, "supplement", paper="chung_sinh", lines="Ký lại tờ khai\n\nGhi đủ quê quán", reason="Còn thiếu")
    assert "Yêu cầu bổ sung 3 điều" in desk.words
    assert "Đang chờ bổ sung" in desk.words
    assert "Ký lại tờ khai Ghi đủ quê quán Cán bộ hoaian, 08:45 25/11" in desk.words, "what to look for on coming back"
    paper = _paper(desk)
    for item in ("Giấy chứng sinh", "Ký lại tờ khai", "Ghi đủ quê quán", "Còn thiếu"):
        assert item in paper


def test_a_refusal_stands_on_paper_in_the_officer_s_words_and_closes_the_case(desk: Desk) -> None:
    _decide(desk, "refused", reason="")
    assert "Chưa ghi lý do" in desk.words
    _decide(desk, "refused", reason=WHY)
    assert "Đã từ chối tiếp nhận. Hồ sơ đã kết thúc." in desk.words
    assert html.escape(WHY) in desk.page
    assert WHY not in desk.page, "it is shown as text"
    assert WHY in _paper(desk)
    desk.go(_address(desk, "accepted"))
    assert desk.answer.status_code == 303


def test_a_result_is_promised_again_stopped_for_or_handed_out(desk: Desk) -> None:
    _decide(desk, "accepted", **ACCEPT, official_no=OFFICIAL)
    _decide(desk, "extended", due_on="27/11/2026", reason="Chờ xác minh")
    assert "Hẹn trả thứ Sáu 27/11/2026, trước 17:00" in desk.words
    paper = _paper(desk)
    assert "17 giờ 00 phút, ngày 27/11/2026" in paper
    assert "17 giờ 00 phút, ngày 25/11/2026" in paper
    desk.go(_address(desk, "stopped"))
    assert _typed(desk, "asked_on") == "25/11/2026"
    desk.go(_address(desk, "handed_out"))
    assert _typed(desk, "taken_by") == "", "the officer is asked who took it"
    assert not re.search(r'name="relation"[^>]*checked', desk.page)
    assert "Cổng chưa báo gì về hồ sơ này. Xem kết quả đã có trong tay chưa rồi hãy trả." in desk.words
    _decide(desk, "handed_out", what="Giấy khai sinh")
    assert "Chưa chọn người nhận là ai" in desk.words
    assert submission_checks.only_submission(desk.context).desk == "accepted"
    _decide(desk, "handed_out", what="Giấy khai sinh", taken_by="Lê Văn Thử", relation="proxy")
    assert "Trả kết quả cho người được ủy quyền" in desk.words
    assert "LÊ VĂN THỬ" in _paper(desk)


def test_a_stop_is_told_with_what_is_given_back(desk: Desk) -> None:
    _decide(desk, "accepted", **ACCEPT, official_no=OFFICIAL)
    _decide(desk, "stopped", asked_on="25.11", reason="Xin rút", stage="Đang giải quyết", returned="Bản sao")
    paper = _paper(desk)
    for item in ("Xin rút", "Đang giải quyết", "Bản sao", "ngày 25/11/2026"):
        assert item in paper


def test_the_same_form_sent_twice_is_one_decision(desk: Desk) -> None:
    for _ in range(2):
        desk.go("/officer/")
        desk.post(_address(desk, "supplement"), seen="0", lines="Ký lại", reason="Còn thiếu")
    assert "Không đổi gì" in desk.words
    assert len(_listed(desk)) == 1


@pytest.mark.parametrize("act", ["nothing", "document", "fee", "withdrawn"])
def test_there_is_no_form_for_what_the_desk_does_not_decide(desk: Desk, act: str) -> None:
    assert desk.go(_address(desk, act)).answer.status_code == 404


@pytest.mark.parametrize("seen", ["", "x", "-1", "²", "9"])
def test_a_forged_count_decides_nothing(desk: Desk, seen: str) -> None:
    desk.post(_address(desk, "refused"), seen=seen, reason=WHY)
    assert "Không đổi gì" in desk.words
    assert _listed(desk) == []


def test_nobody_decides_or_reads_at_another_counter(app: Flask, desk: Desk) -> None:
    _decide(desk, "refused", reason=WHY)
    (made,) = _listed(desk)
    other = Desk(app, "minhtam", counter=2)
    for what in ("refused", f"paper/{made.id}.pdf"):
        assert other.browser.get(_address(desk, what)).status_code == 403
    assert other.post(_address(desk, "refused"), seen="1", reason=WHY).answer.status_code == 403
    assert other.go("/officer/").post(_address(desk, "number"), official_no=OFFICIAL).answer.status_code == 403


def test_a_paper_of_another_case_is_not_shown(desk: Desk) -> None:
    assert desk.browser.get(_address(desk, f"paper/{'0' * 36}.pdf")).status_code == 404


def test_desk_and_portal_are_both_shown_where_they_differ(desk: Desk, clock: FixedClock) -> None:
    _decide(desk, "accepted", **ACCEPT, official_no=OFFICIAL)
    due = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
    with desk.context.store.write() as db:
        receipt = submissions.PortalReceipt(
            code=4, revision=3, at=clock.now(), official_no="H57.132-261125-0777", due_at=due
        )
        submissions.apply_receipt(db, submission_checks.only_submission(desk.context).id, receipt, clock.now())
    desk.go("/officer/")
    assert "Hẹn trả hôm nay, trước 17:00" in desk.words
    assert f"Mã hồ sơ {OFFICIAL}" in desk.words
    portal_state = "Theo cổng lúc 08:45 25/11: đang xử lý, mã hồ sơ H57.132-261125-0777, hẹn 17:00 30/11/2026."
    assert portal_state in desk.words


def test_the_state_at_the_citys_system_is_shown_at_the_case_and_in_the_look_up(desk: Desk, clock: FixedClock) -> None:
    _decide(desk, "accepted", **ACCEPT, official_no=OFFICIAL)
    number = "H57.132-261125-0777"
    with desk.context.store.write() as db:
        receipt = submissions.PortalReceipt(
            code=4,
            revision=3,
            at=clock.now(),
            official_no=number,
            system=submissions.SystemState(code=4, at=datetime(2026, 11, 25, 3, 42, tzinfo=UTC)),
        )
        submissions.apply_receipt(db, submission_checks.only_submission(desk.context).id, receipt, clock.now())
    sentence = f"Ở hệ thống thành phố: {number}, đang xử lý, lúc 10:42, 25/11/2026"
    desk.go("/officer/")
    assert f"{sentence}." in desk.words
    desk.go("/officer/lookup").post("/officer/lookup", said=number)
    assert sentence in desk.words


def test_a_due_date_in_a_year_without_holidays_says_so(app: Flask, walker: Walker, clock: FixedClock) -> None:
    clock.jump((datetime(2026, 12, 31, 8, 30, tzinfo=UTC) - clock.now()).total_seconds())
    submit(birth_until_check(walker))
    desk = _tap(Desk(app), "next")
    assert not desk.context.calendar.is_certain(date(2027, 1, 4))
    for page in ("/officer/", _address(desk, "accepted")):
        assert "thứ Hai 04/01/2027, trước 17:00" in desk.go(page).words
        assert "Lịch nghỉ năm đó chưa công bố, ngày hẹn có thể đổi" in desk.words


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("27/11/2026", date(2026, 11, 27)), (" 3-12 ", date(2026, 12, 3)), ("4.1", date(2027, 1, 4)),
        ("27 11 2026", date(2026, 11, 27)), ("29/2", None), ("31/11/2026", None), ("27/11/26", None), ("", None),
        ("27/11/2206", None), ("mai", None), ("1/2/3/4", None), ("²/11", None),
    ],
)  # fmt: skip
def test_a_day_is_read_as_a_hand_writes_it(app: Flask, text: str, day: date | None) -> None:
    with app.app_context():
        assert parse_day(text) == day


@pytest.mark.parametrize(("act", "box"), [("supplement", "lines"), ("refused", "reason")])
def test_a_decision_form_begins_in_its_first_box(desk: Desk, act: str, box: str) -> None:
    desk.go(_address(desk, act))
    assert re.search(rf'<textarea id="{box}"[^>]*autofocus', desk.page)


def test_the_example_of_a_day_is_a_day_to_come(desk: Desk) -> None:
    desk.go(_address(desk, "accepted"))
    day = re.search(r'id="due_on"[^>]*placeholder="([^"]+)"', desk.page)
    assert day, desk.words
    assert datetime.strptime(day[1], "%d/%m/%Y").date() > desk.context.clock.today()
