"""Whole visits by touch: a transaction and a translation to be certified, and an authorisation that is a contract."""

import pytest
from playwright.sync_api import expect

from tests.browser.kiosks import PracticeKiosk
from tests.browser.person import Person
from tests.browser.test_newer_kinds import answers_of, submit


@pytest.mark.smoke
def test_a_gift_of_land_is_recorded(person: Person, kiosk: PracticeKiosk) -> None:
    person.go("/need/2.001035")
    person.choose("loai", "tang_cho")
    person.choose("ky_duoc", "lam_chung")
    papers = person.page.locator("#papers")
    papers.get_by_text("Căn cước của hai người làm chứng").wait_for()
    expect(papers).to_contain_text("Giấy chứng nhận nhà, đất, xe")
    person.onward()
    person.choose("nha_dat_o", "trong_phuong")
    person.onward()
    person.card("Mẹ")
    person.onward()
    person.touch_digits("so_ben", "3")
    person.onward()
    answers = answers_of(kiosk, submit(person))
    assert (answers["loai_giao_dich"], answers["cach_ky"], answers["so_ben"]) == ("tang_cho", "lam_chung", 3)
    assert (answers["nha_dat_o"], answers["nyc_ho_ten"]) == ("trong_phuong", "Nguyễn Thị Diệu Hiền")


def test_a_translation_of_ones_own_is_recorded(person: Person, kiosk: PracticeKiosk) -> None:
    person.go("/need/2.000992")
    person.choose("nguoi_dich", "tu_dich")
    person.follow(person.page.locator("#dock a.main"))
    assert person.path == "/need/2.001008"
    person.choose("giay_cua_ai", "cua_minh")
    person.choose("bang", "co")
    person.choose("noi_cap_giay", "nuoc_ngoai")
    papers = person.page.locator("#papers")
    papers.get_by_text("Bằng đại học ngoại ngữ").wait_for()
    papers.get_by_text("hợp pháp hóa lãnh sự").first.wait_for()
    person.onward()
    person.choose("tieng", "nhat")
    person.onward()
    person.card("Sinh viên")
    person.onward()
    answers = answers_of(kiosk, submit(person))
    assert (answers["tieng"], answers["so_ban"], answers["bang"]) == ("nhat", 1, "co")


def test_another_authorisation_leads_to_the_contract(person: Person) -> None:
    person.go("/need/2.000884")
    person.choose("ky_giay_gi", "uq_khac")
    person.page.get_by_text("phải chứng thực hợp đồng ủy quyền").wait_for()
    person.follow(person.page.locator("#dock a.main"))
    assert person.path == "/need/2.001035"
