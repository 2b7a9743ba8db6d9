"""Pages "Cần mang gì?" on phones of three widths, in Chromium: axe, large letters, without scripts, and on paper."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.laptop import assert_accessible
from tests.browser.test_phone import PHONES, open_phone
from tests.sync.practice_gateway import PracticeGateway
from tests.sync.test_need_lists import edited
from tests.sync.test_need_pages import LIST, RESIDENCE, send_list

LONG = "Chưa có giấy thì phường xác nhận theo Mẫu số 02, Phụ lục IV Nghị định 58/2026/NĐ-CP. " * 3
PAGES = {
    "wards": "/can-mang-gi/",
    "procedures": LIST,
    "question": RESIDENCE,
    "second question": f"{RESIDENCE}?nha=nguoi_than",
    "papers": f"{RESIDENCE}?nha=nguoi_than&tuoi=chua",
    "elsewhere": f"{RESIDENCE}?nha=ghe",
    "unknown": "/can-mang-gi/zzz",
}


def lengthen(body: dict[str, Any]) -> None:
    """Give the list the longest words of a real one, and another procedure for a situation."""
    procedure = body["procedures"][0]
    procedure["papers"][0] |= {"name": "Hợp đồng thuê, mượn, ở nhờ có công chứng hoặc chứng thực", "note": LONG}
    procedure["facts"][1]["text"] = LONG
    procedure["results"][1]["notes"] = [LONG, LONG]
    procedure["results"][2]["other"] = "2.000815"
    procedure["questions"][0]["options"][2]["label"] = "Cơ sở tôn giáo, cơ sở trợ giúp xã hội, ghe thuyền"


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[PracticeGateway]:
    """Return a gateway with the list of a ward."""
    practice = PracticeGateway(tmp_path)
    send_list(practice, edited(lengthen))
    yield practice
    practice.close()


@pytest.mark.smoke(cases=1)
@pytest.mark.parametrize("phone", PHONES)
def test_the_pages_fit_a_phone_and_are_read_aloud(chromium: Browser, practice: PracticeGateway, phone: str) -> None:
    page = open_phone(chromium, practice, PHONES[phone])
    for name, address in PAGES.items():
        page.goto(address)
        expect(page.locator("h1")).to_have_count(1)
        assert_accessible(page)
        small = page.evaluate("[...document.querySelectorAll('a')].filter(e => e.offsetHeight < 48).length")
        assert small == 0, f"targets of 48 px: {name}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    page.context.close()


def test_letters_of_200_percent_stay_within_the_page(chromium: Browser, practice: PracticeGateway) -> None:
    page = open_phone(chromium, practice, PHONES["small"])
    for name, address in PAGES.items():
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert_accessible(page)
    page.context.close()


def test_a_person_finds_the_papers_without_scripts_changes_an_answer_and_chooses_again(
    chromium: Browser, practice: PracticeGateway
) -> None:
    page = open_phone(chromium, practice, PHONES["usual"], scripts=False)
    page.goto("/can-mang-gi/")
    page.get_by_role("link", name="Phường Thủy Lam").click()
    page.get_by_role("link", name="Đăng ký thường trú").click()
    page.get_by_role("link", name="Nhà người thân").click()
    page.get_by_role("link", name="Chưa đủ").click()
    expect(page.get_by_role("heading", name="Cần mang 3 loại giấy tờ")).to_be_visible()
    expect(page.locator("ol.needed > li")).to_have_count(3)
    page.get_by_role("link", name="Sửa câu trả lời").click()
    expect(page.locator("h1")).to_have_text("Chỗ ở mới là của ai?")
    page.get_by_role("link", name="ghe thuyền").click()
    page.get_by_role("link", name="Chứng thực bản sao").click()
    expect(page.get_by_role("heading", name="Cần mang 1 loại giấy tờ")).to_be_visible()
    page.get_by_role("link", name="Chọn việc khác").click()
    expect(page.locator("h1")).to_have_text("Ông/bà cần làm việc gì?")
    assert page.context.cookies() == []
    page.context.close()


def test_the_printed_page_has_the_papers_and_no_buttons(chromium: Browser, practice: PracticeGateway) -> None:
    page = open_phone(chromium, practice, PHONES["usual"])
    page.goto(PAGES["papers"])
    page.emulate_media(media="print")
    expect(page.locator("ol.needed > li").last).to_be_visible()
    expect(page.get_by_text("Theo tin của phường lúc")).to_be_visible()
    for button in page.locator("a.button").all():
        expect(button).to_be_hidden()
    coloured = page.evaluate(
        "[...document.querySelectorAll('html, body *')].filter(e => e.checkVisibility())"
        ".filter(e => getComputedStyle(e).backgroundColor !== 'rgba(0, 0, 0, 0)').map(e => e.className || e.tagName)"
    )
    assert coloured == []
    page.context.close()
