"""Page "Đối chiếu": every fact with its source and tick, one press a fact, notes, files of other wards."""

import json
import re

import pytest
from flask import Flask
from urllib3 import encode_multipart_formdata

from kiosk import comparison
from kiosk.comparison import ProcedureComparison, exchange_file
from kiosk.procedures.loader import read_catalogue
from tests.pages.officer.sitting import Desk
from tests.papers.forms import DAY

BIRTH = "1.001193"
PAGE = f"/officer/compare/{BIRTH}"
CODES = [procedure.code for procedure in read_catalogue().all(DAY)]


@pytest.fixture
def lead(app: Flask) -> Desk:
    return Desk(app, "thutrang", role="lead").go(PAGE)


def state_of(desk: Desk, code: str = BIRTH) -> ProcedureComparison:
    procedure = desk.context.catalogue.in_force(code, desk.context.clock.today())
    assert procedure is not None
    return comparison.load(desk.context, procedure)


def digest_of(desk: Desk, fact: str) -> str:
    return next(item.fact.digest for item in state_of(desk).facts if item.fact.id == fact)


def press(desk: Desk, fact: str, result: str, **fields: str) -> Desk:
    return desk.post(PAGE, fact=fact, digest=digest_of(desk, fact), result=result, **fields)


def focused(desk: Desk) -> str:
    """Return the row in which the page puts the focus."""
    before = re.split(r"\sdata-focus", desk.page)[0]
    return re.findall(r'data-row="([^"]+)"', before)[-1]


def upload(desk: Desk, content: bytes) -> Desk:
    body, media = encode_multipart_formdata({"csrf": desk.token, "code": BIRTH, "file": ("tep.json", content)})
    desk.answer = desk.browser.post("/officer/compare-file", data=body, content_type=media)
    return desk


@pytest.mark.parametrize("code", CODES)
def test_every_fact_of_every_procedure_is_on_its_page(app: Flask, code: str) -> None:
    desk = Desk(app, "thutrang", role="lead").go(f"/officer/compare/{code}")
    assert desk.answer.status_code == 200
    words = " ".join(desk.words.split())
    for item in state_of(desk, code).facts:
        for text in (item.fact.label, item.fact.value, item.fact.detail, item.fact.condition):
            assert " ".join(text.split()) in words, item.fact.id
    pictures = re.findall(r'src="(/officer/compare/[^"]+)"', desk.page)
    assert len(pictures) >= 1
    for address in pictures:
        picture = desk.browser.get(address.replace("&amp;", "&"))
        assert picture.status_code == 200, address
        assert picture.data.startswith(b"\x89PNG")
        assert "immutable" in picture.headers["Cache-Control"]


def test_the_first_page_is_that_of_the_first_open_procedure(lead: Desk) -> None:
    lead.go("/officer/compare")
    assert lead.answer.headers["Location"] == f"/officer/compare/{CODES[0]}"


def test_a_press_ticks_a_fact_and_goes_on_to_the_next_open_one(lead: Desk) -> None:
    ids = [item.fact.id for item in state_of(lead).listed]
    assert focused(lead) == ids[0]
    press(lead, ids[1], "same")
    assert focused(lead) == ids[2]
    assert "Cán bộ thutrang, 8:30 ngày 24/11/2026" in lead.words
    press(lead, ids[-1], "same")
    assert focused(lead) == ids[0]
    assert f"2 trên {len(ids)} ý" in lead.words


def test_the_last_press_says_what_pages_and_papers_say_now(lead: Desk) -> None:
    ids = [item.fact.id for item in state_of(lead).listed]
    assert "cán bộ so với mẫu của phường khi nhận" in lead.words
    for fact in ids:
        press(lead, fact, "same")
    assert "Mẫu đã đối chiếu ngày 24/11/2026 (Cán bộ thutrang)." in lead.words
    assert "xong 24/11, bộ thutrang" in lead.words
    assert re.search(r'id="next"[^>]*\sdata-focus', lead.page)
    need = lead.browser.get(f"/need/{BIRTH}").get_data(as_text=True)
    assert "Đã đối chiếu ngày 24/11/2026 (Cán bộ thutrang)." in need
    press(lead, ids[0], "clear")
    need = lead.browser.get(f"/need/{BIRTH}").get_data(as_text=True)
    assert "đối chiếu ngày" not in need
    assert "Phường chưa đối chiếu, mời hỏi cán bộ." in need, "one of its facts rests on memory"


def test_khac_opens_a_line_and_an_empty_one_loses_nothing(lead: Desk) -> None:
    press(lead, "time-1", "differs")
    assert 'name="note"' in lead.page
    assert focused(lead) == "time-1"
    assert state_of(lead).done == 0
    press(lead, "time-1", "differs", note=" ")
    assert lead.answer.status_code == 422
    assert "Mời ghi văn bản nói khác thế nào." in lead.words
    press(lead, "time-1", "differs", note="x" * 301)
    assert "dài nhất 300 chữ" in lead.words
    assert "x" * 301 in lead.page
    press(lead, "time-1", "differs", note="Niêm yết ghi 2 ngày")
    assert "“Niêm yết ghi 2 ngày”" in lead.words
    assert "1 ý khác" in lead.words


def test_a_tick_may_have_a_note(lead: Desk) -> None:
    press(lead, "time-1", "same", note="Theo bảng ở sảnh")
    assert "“Theo bảng ở sảnh”" in lead.words


def test_a_page_from_before_a_change_says_so(lead: Desk) -> None:
    lead.post(PAGE, fact="time-1", digest="ab" * 32, result="same")
    assert lead.answer.status_code == 422
    assert "vừa có bản mới" in lead.words


def test_a_file_is_taken_out_and_a_bad_one_is_refused_on_the_same_page(lead: Desk) -> None:
    press(lead, "time-1", "same")
    answer = lead.browser.get("/officer/compare-file")
    assert "attachment" in answer.headers["Content-Disposition"]
    table = json.loads(answer.data)
    assert table["ward"] == {"code": "H57.99.01", "name": "Phường Phú Xuân"}
    for content, message in ((b"", "trống"), (b"{", "hỏng"), (b"x" * 1_000_001, "lớn quá 1 MB")):
        upload(lead, content)
        assert lead.answer.status_code == 422
        assert message in lead.words
        assert 'name="file"' in lead.page
    upload(lead, b"x" * (exchange_file.MAX_BYTES + 200_000))
    assert lead.answer.status_code == 422
    assert "lớn quá 1 MB" in lead.words


def test_a_file_that_contradicts_is_a_question_with_two_answers(lead: Desk) -> None:
    press(lead, "time-1", "same")
    press(lead.go(PAGE), "fee-ban_sao", "same")
    table = json.loads(lead.browser.get("/officer/compare-file").data)
    table["ward"] = {"code": "H57.99.02", "name": "Phường Vỹ Dạ"}
    for row in table["rows"]:
        row |= {"result": "differs", "note": "Bên này khác", "by": "Lê Thị Thử"}
    upload(lead, json.dumps(table).encode())
    assert "Đã nhập tệp của Phường Vỹ Dạ: 2 ý dùng được ở máy này." in lead.words
    assert "2 ý hai phường ghi khác nhau" in lead.words
    assert "Phường Vỹ Dạ ghi Khác" in lead.words
    press(lead, "time-1", "keep")
    assert state_of(lead).listed[0].result == "same"
    press(lead, "fee-ban_sao", "take")
    assert "Theo Phường Vỹ Dạ: Bên này khác" in lead.words
    assert "Giữ của phường mình" not in lead.words
    assert "Phường Vỹ Dạ đã nhập 2 ý" in lead.words
    lead.post("/officer/compare-file/drop", code=BIRTH, ward="H57.99.02")
    assert "Đã bỏ 2 ý đã nhập" in lead.words
    assert "đã nhập 2 ý Bỏ" not in lead.words


def test_only_a_lead_compares(app: Flask, lead: Desk) -> None:
    desk = Desk(app, "hoaian")
    assert desk.go(PAGE).answer.status_code == 403
    assert "Đối chiếu</a>" not in desk.go("/officer/").page
    assert "Đối chiếu</a>" in lead.page


def test_a_procedure_that_is_not_there_is_not_found(lead: Desk) -> None:
    for address in ("9.9", "9.9/form.pdf", "9.9/picture/1.png", f"{BIRTH}/picture/9.png", f"{BIRTH}/picture/x.png"):
        assert lead.go(f"/officer/compare/{address}").answer.status_code in {403, 404}


def test_the_blank_form_is_printed(lead: Desk) -> None:
    lead.go(f"{PAGE}/form.pdf")
    assert lead.answer.mimetype == "application/pdf"
    assert lead.answer.data.startswith(b"%PDF-")
