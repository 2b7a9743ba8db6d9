"""Pages "Cần mang gì?": from the list of a ward to papers, fee and time, without a person, a cookie or a script."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from sync.encoding import timestamp
from sync.gateway import tables
from tests.sync.practice_gateway import UNIT, Kiosk, PracticeGateway
from tests.sync.test_kiosk_reports import REPORT, changed
from tests.sync.test_need_lists import NEED, edited, put
from tests.sync.test_status_page import KEY, phone, send_form, words

LIST = f"/can-mang-gi/{UNIT}"
RESIDENCE = f"{LIST}/1.004222"
OFFICE = {"hotline": "1900 1075", "days": []}


def send_list(practice: PracticeGateway, body: dict[str, Any] = NEED) -> Kiosk:
    """Enrol a kiosk that reports its counter and sends a list."""
    kiosk = practice.enrolled_kiosk()
    report = changed(wardName="Phường Thủy Lam", office=OFFICE)
    assert kiosk.send_request("POST", "/report", report).status == 200
    put(kiosk, body)
    return kiosk


def links(browser: FlaskClient, address: str) -> dict[str, str]:
    """Return the choices of a page: address by label."""
    page = browser.get(address).get_data(as_text=True)
    found = re.findall(r'<li>\s*<a href="([^"]+)">(.*?)</a>', page, re.DOTALL)
    return {" ".join(re.sub(r"<[^>]+>", " ", label).split()): link.replace("&amp;", "&") for link, label in found}


def test_a_person_goes_from_the_wards_to_the_papers_by_links_alone(practice: PracticeGateway) -> None:
    send_list(practice)
    browser = phone(practice)
    wards = links(browser, "/can-mang-gi/")
    assert wards == {"Phường Thủy Lam": LIST}
    procedures = links(browser, LIST)
    assert procedures == {"Đăng ký thường trú": RESIDENCE, "Chứng thực bản sao": f"{LIST}/2.000815"}
    listed = words(browser.get(LIST))
    assert listed.index("Chỗ ở") < listed.index("Đăng ký thường trú") < listed.index("Bản sao")
    first = words(browser.get(RESIDENCE))
    assert "Chỗ ở mới là của ai?" in first
    assert "Câu 1 trong 2" in first
    assert "Đăng ký ở phường nơi về ở." in first
    answers = links(browser, RESIDENCE)
    second = answers["Nhà người thân Cha mẹ, vợ chồng, con"]
    assert "Người về ở đủ 18 tuổi chưa?" in words(browser.get(second))
    page = words(browser.get(links(browser, second)["Chưa đủ"]))
    assert "Cần mang 3 loại giấy tờ" in page
    assert "Giấy về chỗ ở Nộp Cán bộ tra được thì không phải nộp Bản chính. Căn cước Đưa xem Của người về ở." in page
    assert "Chữ ký của cha mẹ Ký tên Có thì mang." in page
    assert "Cha mẹ cùng ký." in page
    assert "7 ngày làm việc. Lệ phí: 20.000 đồng. Trẻ em được miễn." in page
    assert "Bản sao: 8.000 đồng" not in page
    assert "Chỗ ở mới là của ai? Nhà người thân Người về ở đủ 18 tuổi chưa? Chưa đủ" in page
    assert "Luật Cư trú 2020. Đã đối chiếu ngày 24/11/2026." in page
    assert "Gọi 1900 1075" in page
    assert re.search(r"Theo tin của phường lúc \d+:\d\d hôm nay", page)


def test_a_procedure_without_a_question_shows_its_papers_at_once(practice: PracticeGateway) -> None:
    send_list(practice)
    page = words(phone(practice).get(f"{LIST}/2.000815"))
    assert "Cần mang 1 loại giấy tờ" in page
    assert "Câu 1" not in page


def test_nothing_more_is_asked_once_the_answers_make_no_difference(practice: PracticeGateway) -> None:
    send_list(practice)
    page = words(phone(practice).get(f"{RESIDENCE}?nha=ghe"))
    assert "Mời lấy số, cán bộ làm." in page
    assert "18 tuổi" not in page


def test_a_situation_of_another_procedure_leads_there_with_the_answers_that_it_asks_for(
    practice: PracticeGateway,
) -> None:
    def lead_elsewhere(body: dict[str, Any]) -> None:
        first, second = body["procedures"]
        first["results"][2].update(other="2.000815", elsewhere="Làm thủ tục khác.")
        second["questions"] = [first["questions"][1]]
        second["results"] *= 2
        second["results"][1] = second["results"][1] | {"notes": ["Trẻ em thì mẹ đi cùng."]}
        second["cases"] = [{"answers": ["du"], "result": 0}, {"answers": ["chua"], "result": 1}]

    send_list(practice, edited(lead_elsewhere))
    browser = phone(practice)
    page = browser.get(f"{RESIDENCE}?nha=ghe&tuoi=chua").get_data(as_text=True)
    assert f'href="{LIST}/2.000815?tuoi=chua"' in page
    assert "Trẻ em thì mẹ đi cùng." in words(browser.get(f"{LIST}/2.000815?tuoi=chua"))


def test_a_question_may_have_any_name_of_the_contract(practice: PracticeGateway) -> None:
    def rename(body: dict[str, Any]) -> None:
        for question, key in zip(body["procedures"][0]["questions"], ("unit", "endpoint"), strict=True):
            question["key"] = key

    send_list(practice, edited(rename))
    browser = phone(practice)
    second = links(browser, RESIDENCE)["Nhà của tôi"]
    assert "Cần mang 2 loại giấy tờ" in words(browser.get(links(browser, second)["Đủ 18"]))


def test_a_procedure_elsewhere_that_this_ward_has_not_gives_no_link(practice: PracticeGateway) -> None:
    def name_unknown(body: dict[str, Any]) -> None:
        body["procedures"][0]["results"][2]["other"] = "9.999999"

    send_list(practice, edited(name_unknown))
    page = phone(practice).get(f"{RESIDENCE}?nha=ghe").get_data(as_text=True)
    assert "Mời lấy số" in page
    assert "9.999999" not in page


@pytest.mark.parametrize(
    "query",
    [
        "",
        "nha=",
        "nha=lau_dai",
        "nha=<script>alert(1)</script>",
        "tuoi=18",
        "khac=cua_toi",
        "nha=" + "x" * 5000,
        "unit=H57.99.02&code=2.000815",
        "&".join(f"k{number}=v" for number in range(400)),
        "nha=%00%ff",
    ],
)
def test_answers_that_nobody_can_give_ask_the_first_question_again(practice: PracticeGateway, query: str) -> None:
    send_list(practice)
    page = phone(practice).get(f"{RESIDENCE}?{query}")
    assert page.status_code == 200
    assert "Chỗ ở mới là của ai?" in words(page)
    assert b"<script" not in page.data
    assert len(page.data) < 8_000


@pytest.mark.parametrize(
    "path",
    [
        "/can-mang-gi/H57.99.02",
        "/can-mang-gi/H57.99.02/1.004222",
        f"/can-mang-gi/{UNIT}/9.999999",
        f"/can-mang-gi/{UNIT}/" + "x" * 3000,
        "/can-mang-gi/" + "x" * 3000,
        "/can-mang-gi/%3Cscript%3E",
        "/can-mang-gi/a%00b",
        f"/can-mang-gi/{UNIT}/a%00b",
        "/can-mang-gi/%ff%fe",
        "/can-mang-gi/' or 1=1",
    ],
)
def test_an_unknown_ward_or_procedure_gets_one_page_that_says_what_to_do(practice: PracticeGateway, path: str) -> None:
    send_list(practice)
    page = phone(practice).get(path)
    assert page.status_code == 404
    assert "Chưa có trang này" in words(page)
    assert "Gọi quầy một cửa của phường" in words(page)
    assert page.data == phone(practice).get("/can-mang-gi/zzz").data


def test_a_ward_whose_kiosk_is_of_an_older_release_has_no_page_and_the_page_says_what_to_do(
    practice: PracticeGateway,
) -> None:
    kiosk = practice.enrolled_kiosk()
    send_form(kiosk)
    assert phone(practice).get(LIST).status_code == 404
    assert "Chưa phường nào có trang này" in words(phone(practice).get("/can-mang-gi/"))
    assert b"can-mang-gi" not in phone(practice).get(f"/h/{KEY}").data


def test_the_status_page_leads_to_the_list_of_its_ward_and_an_unknown_key_to_all_wards(
    practice: PracticeGateway,
) -> None:
    send_form(send_list(practice))
    browser = phone(practice)
    assert f'href="{LIST}"' in browser.get(f"/h/{KEY}").get_data(as_text=True)
    unknown = browser.get("/h/zzzz")
    assert 'href="/can-mang-gi/"' in unknown.get_data(as_text=True)
    assert unknown.data == browser.get("/h/yyyyyyyyyyyyyyyy").data
    assert "quét mã trên phiếu" in words(browser.get(LIST))


def test_a_list_that_no_kiosk_has_confirmed_for_a_month_says_so(practice: PracticeGateway) -> None:
    send_list(practice)
    browser = phone(practice)
    practice.clock.offset += timedelta(days=29)
    assert "Phường đang xem lại" not in words(browser.get(f"{LIST}/2.000815"))
    practice.clock.offset += timedelta(days=2)
    page = words(browser.get(f"{LIST}/2.000815"))
    assert "Phường đang xem lại. Danh sách này gửi đã lâu. Xin gọi 1900 1075 trước khi đi." in page
    assert re.search(r"Theo tin của phường lúc \d+:\d\d ngày \d+/\d+/\d{4}", page)


def test_the_pages_have_no_cookie_no_script_no_field_and_may_not_be_kept_or_found(practice: PracticeGateway) -> None:
    send_list(practice)
    browser = phone(practice)
    sheet = browser.get("/static/phone-need.css")
    for path in ("/can-mang-gi/", LIST, RESIDENCE, f"{RESIDENCE}?nha=cua_toi&tuoi=du", "/can-mang-gi/zzz"):
        page = browser.get(path)
        assert len(page.data) + len(sheet.data) < 20_000
        assert "Set-Cookie" not in page.headers
        for tag in (b"<script", b"<input", b"<form", b"<textarea"):
            assert tag not in page.data
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert browser.post(path).status_code == 405


def test_a_visit_stores_nothing_whatever_is_in_the_address(practice: PracticeGateway) -> None:
    send_list(practice)
    browser = phone(practice)
    before = practice.back_up()
    for path in ("/can-mang-gi/", LIST, f"{RESIDENCE}?nha=cua_toi&ten=Trần+Thị+Nháp", "/can-mang-gi/Nháp", f"{LIST}/x"):
        assert "Nháp" not in browser.get(path).get_data(as_text=True)
    assert practice.back_up() == before


def test_a_page_shows_the_new_list_as_soon_as_it_is_there(practice: PracticeGateway) -> None:
    kiosk = send_list(practice)
    browser = phone(practice)
    assert "20.000 đồng" in words(browser.get(f"{RESIDENCE}?nha=cua_toi&tuoi=du"))

    def raise_fee(body: dict[str, Any]) -> None:
        body["procedures"][0]["facts"][1]["lead"] = "Lệ phí: 25.000 đồng."

    put(kiosk, edited(raise_fee))
    page = words(browser.get(f"{RESIDENCE}?nha=cua_toi&tuoi=du"))
    assert "25.000 đồng" in page
    assert "20.000 đồng" not in page


def test_words_of_a_ward_are_text_and_no_markup(practice: PracticeGateway) -> None:
    send_list(practice)
    practice.sql("update kiosk_reports set content = replace(content, 'Phường Thủy Lam', '<i>Thủy</i>')")
    for path in ("/can-mang-gi/", LIST):
        assert "&lt;i&gt;Thủy&lt;/i&gt;" in phone(practice).get(path).get_data(as_text=True)


def test_the_wards_of_the_largest_province_fit_a_page_of_20_kb(practice: PracticeGateway) -> None:
    send_list(practice)
    with practice.engine.begin() as db:
        for number in range(168):
            unit = f"H29.99.{number:03}"
            values = {"kiosk_id": f"ZZ{number:03}", "unit_code": unit}
            enrolled = {"key_id": str(number), "public_key": b"", "enrolled_at": "2026-11-24", "last_seq": 0}
            db.execute(insert(tables.kiosks).values(**values, **enrolled))
            at = timestamp(practice.clock())
            stored = {"digest": "0" * 64, "content": "{}", "received_at": at, "confirmed_at": at}
            db.execute(insert(tables.need_lists).values(**values, **stored))
            content = REPORT | {"wardName": f"Phường Nguyễn Thị Minh Khai {number}", "alarms": []}
            db.execute(
                insert(tables.kiosk_reports).values(
                    kiosk_id=values["kiosk_id"], content=json.dumps(content), received_at=at
                )
            )
    page = phone(practice).get("/can-mang-gi/")
    assert page.get_data(as_text=True).count('href="/can-mang-gi/H29.99.') == 168
    assert len(page.data) < 20_000
