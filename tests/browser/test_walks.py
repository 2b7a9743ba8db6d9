"""Whole visits by touch, from the start page to the printed slip and to the gateway."""

import io
import json
import unicodedata
from contextlib import suppress
from urllib.request import urlopen

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext

from kiosk.config import load
from kiosk.records import submissions
from kiosk.store.db import Store
from kiosk.store.vault import open_vault
from tests.browser.kiosks import PracticeKiosk, until
from tests.browser.person import BIRTH_NAME, Person

MOST_SCREENS = 8


def codes_on_paper(kiosk: PracticeKiosk) -> set[str]:
    """Return the barcodes that another library reads on the virtual printer's papers; of an address, its end."""
    texts = set()
    for path in kiosk.data.joinpath("paper").glob("*.png"):
        # The printer deletes its oldest papers while they are read.
        with suppress(FileNotFoundError), Image.open(path) as picture:
            texts |= {code.text.rpartition("#")[2] for code in zxingcpp.read_barcodes(picture)}
    return texts


def submitted_body(kiosk: PracticeKiosk, receipt: str) -> dict[str, object]:
    """Return the decrypted body of the submission with a receipt number."""
    config = load(kiosk.settings).practising()
    with Store(config.store_path) as store:
        vault = open_vault(config.key_path, store)
        with store.read() as db:
            submission = submissions.by_receipt(db, receipt)
            assert submission is not None
            sealed = submissions.body(db, submission.id)
        assert sealed is not None
        body: dict[str, object] = json.loads(vault.open(submissions.BODY, submission.id, sealed))
        return body


def arrivals(kiosk: PracticeKiosk, browser_context: BrowserContext) -> str:
    """Return the text of the gateway's page of arrivals; sign in if needed."""
    page = browser_context.new_page()
    page.goto(f"{kiosk.gateway_address}/")
    if page.locator("input[type=password]").count():
        page.locator("input[type=password]").fill(kiosk.passwords["gateway"])
        with page.expect_navigation():
            page.locator("main button, form button").first.click()
    text = page.locator("body").inner_text()
    page.close()
    return text


@pytest.mark.smoke
def test_a_birth_is_filed_by_touch_in_at_most_eight_screens(
    person: Person, kiosk: PracticeKiosk, browser_context: BrowserContext, record_property: pytest.FixtureRequest
) -> None:
    receipt = person.file_birth()
    screens = [path for path in person.screens if path != "/done" and "/pick/" not in path]
    record_property("screens", len(screens))  # type: ignore[operator]
    print(f"screens to file a birth: {len(screens)} {screens}")
    assert len(screens) <= MOST_SCREENS

    label = person.page.locator(".plaque .number").inner_text().strip()
    assert label[0] == "A"
    assert label[1:].isdigit()
    qr = person.page.locator(".plaque .qr svg").screenshot()
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(qr)))
    address, _, number = code.text.rpartition("#")
    assert "/h/" in address
    assert number == receipt

    answers = submitted_body(kiosk, receipt)["form"]["answers"]  # type: ignore[index]
    assert answers["con_ho_ten"] == unicodedata.normalize("NFC", BIRTH_NAME)
    assert answers["con_ngay_sinh"] == str(person.lately)
    assert answers["me_ho_ten"] == "Nguyễn Thị Diệu Hiền"
    assert answers["cha_ho_ten"] == "Trần Văn Phước"

    until(lambda: receipt in codes_on_paper(kiosk))
    until(lambda: receipt in arrivals(kiosk, browser_context))


@pytest.mark.smoke
def test_the_paper_is_shown_on_a_page(person: Person, kiosk: PracticeKiosk, browser_context: BrowserContext) -> None:
    receipt = file_copy(person)
    until(lambda: receipt in codes_on_paper(kiosk))
    page = browser_context.new_page()
    page.goto(f"{kiosk.address}/practice/paper")
    newest = page.locator(".printouts img").first
    with urlopen(kiosk.address + str(newest.get_attribute("src"))) as answer:
        read = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.read())))
    assert receipt in {code.text.rpartition("#")[2] for code in read}
    assert newest.evaluate("image => image.complete && image.naturalWidth") > 500


def file_copy(person: Person) -> str:
    """Ask for copies of the person's own birth record; return the receipt number."""
    person.go("/need/2.000635")
    person.choose("giay_nao", "khai_sinh")
    person.onward()
    person.card("Bà, ở A Lưới")
    for stay in person.page.locator('[name$=".stay"]').all()[:1]:
        stay.tap()
    person.choose("nyc_quan_he", "ban_than")
    person.onward()
    person.type_by_touch("dk_tai", "xã Hồng Hạ")
    person.touch_digits("dk_ngay.y", "1975")
    person.onward()
    person.touch_digits("so_luong", "1")
    person.onward()
    if person.path == "/form/missing":
        person.onward()
    person.swear()
    person.onward()
    return person.receipt()


def file_stay(person: Person) -> str:
    """Register a student's stay in a rented room; return the receipt number."""
    person.begin_stay()
    person.send("Đổi")  # this ward is already chosen; the walk searches for it all the same
    person.type_by_touch("q", "phu xuan")
    person.follow(person.page.locator(".place-row", has_text="Phú Xuân"))
    person.type_by_touch("detail", "tổ năm")
    person.onward()
    for key, date in (("tu_ngay", ("24", "11", "2026")), ("den_ngay", ("24", "11", "2027"))):
        for box, digits in zip("dmy", date, strict=True):
            person.touch_digits(f"noi_dung_de_nghi.{key}.{box}", digits)
    person.onward()
    person.send("Không, chỉ một mình")
    if person.path == "/form/missing":
        person.onward()
    person.swear()
    person.onward()
    return person.receipt()


def _home(person: Person) -> None:
    """Write the house of an address whose ward is filled in already."""
    person.follow(person.page.locator("button[name=pick]"))
    person.type_by_touch("detail", "tổ năm")
    person.onward()


def file_extension(person: Person) -> str:
    """Extend a student's stay in a rented room; return the receipt number."""
    person.go("/need/1.002755")
    person.choose("con_o", "con")
    person.choose("cach_nop", "tu_nop")
    person.onward()
    person.card("Sinh viên")
    person.onward()
    person.send("Tôi ở riêng, tôi là chủ hộ")
    _home(person)
    for key, date in (("het_han_cu", ("01", "12", "2026")), ("den_ngay", ("01", "12", "2027"))):
        for box, digits in zip("dmy", date, strict=True):
            person.touch_digits(f"noi_dung_de_nghi.{key}.{box}", digits)
    person.onward()
    person.send("Không, chỉ một mình")
    return _submit(person)


def file_split(person: Person) -> str:
    """Split a household for a mother and her son-in-law, who is the new head; return the receipt number."""
    person.go("/need/1.010038")
    person.choose("vi_sao", "ra_rieng")
    person.choose("may_nguoi", "nhieu")
    person.onward()
    person.card("Mẹ")
    person.onward()
    person.card("Cha")
    person.page.get_by_role("button", name="Quan hệ khác").tap()
    person.choose("quan_he_chu_ho", "me_vo")
    person.onward()
    person.send("Quét thẻ từng người")
    person.card("Cha")
    person.choose("thanh_vien.0.quan_he", "chu_ho")
    person.onward()
    person.onward()
    _home(person)
    person.onward()
    return _submit(person)


def _submit(person: Person) -> str:
    if person.path == "/form/missing":
        person.onward()
    person.swear()
    person.onward()
    return person.receipt()


@pytest.mark.parametrize(
    ("file", "letter"), [(file_copy, "A"), (file_stay, "C"), (file_extension, "C"), (file_split, "C")]
)
def test_the_other_forms_are_filed_by_touch(person: Person, kiosk: PracticeKiosk, file: object, letter: str) -> None:
    receipt = file(person)  # type: ignore[operator]
    assert person.page.locator(".plaque .number").inner_text().strip().startswith(letter)
    until(lambda: receipt in codes_on_paper(kiosk))
