"""The status page on phones of three widths, in Chromium: states of a day, digits, large letters, without scripts."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sync.encoding import sha256_hex
from tests.browser.keyboard_scanner import SCANS, KeyboardScanner
from tests.browser.kiosks import PracticeKiosk
from tests.browser.laptop import LAPTOP, PATIENCE, assert_accessible
from tests.browser.person import Person
from tests.browser.test_walks import file_copy
from tests.sync.practice_gateway import PracticeGateway
from tests.sync.test_kiosk_reports import REPORT
from tests.sync.test_queue_place import post, queue
from tests.sync.test_status_page import DIGITS, MISSING, send_event, send_form

PHONES = {"small": (360, 740), "usual": (390, 844), "large": (412, 915)}
KEYS = {name: (name * 16)[:16] for name in ("sent", "due", "late", "missing", "refused", "ready")}


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[PracticeGateway]:
    """Return a gateway with a dossier in each state of a day, and the report of its kiosk."""
    practice = PracticeGateway(tmp_path)
    kiosk = practice.enrolled_kiosk()
    now = practice.clock()
    days = [
        {"day": (now + timedelta(days=n)).date().isoformat(), "spans": ["07:30-11:30", "13:30-17:00"]} for n in range(3)
    ]
    report = REPORT | {"wardName": "Phường Phú Xuân", "office": {"hotline": "19001075", "days": days}}
    assert kiosk.send_request("POST", "/report", report).status == 200
    forms = {name: send_form(kiosk, key) for name, key in KEYS.items()}
    send_event(kiosk, forms["due"], 1, "accepted", dueAt=(now + timedelta(days=3)).isoformat())
    send_event(kiosk, forms["late"], 1, "accepted", dueAt=(now - timedelta(days=3)).isoformat())
    send_event(kiosk, forms["missing"], 1, "supplement", reason="Thiếu", missing=MISSING)
    send_event(kiosk, forms["refused"], 1, "refused", reason="Thiếu")
    practice.sql(f"update submissions set status_code = 9 where submission_id = '{forms['ready']}'")
    assert len(practice.sql("select key_hash from status_keys")) == len(KEYS)
    assert sha256_hex(KEYS["sent"].encode()) in {row[0] for row in practice.sql("select key_hash from status_keys")}
    yield practice
    practice.close()


def open_phone(chromium: Browser, practice: PracticeGateway, size: tuple[int, int], *, scripts: bool = True) -> Page:
    width, height = size
    context = chromium.new_context(
        viewport={"width": width, "height": height}, locale="vi-VN", base_url=practice.url, java_script_enabled=scripts
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    return page


@pytest.mark.smoke(cases=1)
@pytest.mark.parametrize("phone", PHONES)
def test_the_states_of_a_day_fit_a_phone_and_are_read_aloud(
    chromium: Browser, practice: PracticeGateway, phone: str
) -> None:
    page = open_phone(chromium, practice, PHONES[phone])
    titles = {
        "sent": "Đã nộp, chờ nhận",
        "due": "Phường đã nhận",
        "late": "Phường đã nhận",
        "missing": "Còn thiếu 1 giấy",
        "refused": "Đã xong, mời tới quầy",
        "ready": "Mời tới nhận",
        "unknown": "Chưa thấy hồ sơ",
    }
    for name, title in titles.items():
        page.goto(f"/h/{KEYS.get(name, 'zzzz')}")
        expect(page.locator("h1")).to_have_text(title)
        assert_accessible(page)
        small = page.evaluate(
            "[...document.querySelectorAll('a.button, button, input')].filter(e => e.offsetHeight < 48).length"
        )
        assert small == 0, "targets of 48 px"
    page.goto(f"/h/{KEYS['due']}")
    expect(page.locator("[aria-current=step]")).to_have_text("Đã nhận")
    page.context.close()


@pytest.mark.parametrize("phone", PHONES)
def test_the_place_in_the_queue_fits_a_phone_and_is_read_aloud(
    chromium: Browser, practice: PracticeGateway, phone: str
) -> None:
    page = open_phone(chromium, practice, PHONES[phone])
    (kiosk,) = practice.kiosks
    ((receipt_no,),) = practice.sql(
        f"select receipt_no from status_keys where key_hash = '{sha256_hex(KEYS['sent'].encode())}'"
    )
    titles = {
        "Số của ông/bà": queue(minutes=[12, 18], receiptNo=receipt_no),
        "Sắp đến lượt, mời vào": queue(ahead=1, minutes=[2, 5], receiptNo=receipt_no),
        "Mời tới quầy 2": queue("called", receiptNo=receipt_no),
        "Đã gọi, mời tới quầy": queue("absent", receiptNo=receipt_no),
        "Phường giữ số này": queue("held", receiptNo=receipt_no),
    }
    for title, content in titles.items():
        post(kiosk, content)
        page.goto(f"/h/{KEYS['sent']}")
        expect(page.locator("h1")).to_have_text(title)
        _assert_readable(page)
    practice.clock.offset += timedelta(seconds=90)
    page.goto(f"/h/{KEYS['sent']}")
    expect(page.locator(".plaque")).to_contain_text("Lúc này không rõ")
    _assert_readable(page)
    page.get_by_role("link", name="Xem hồ sơ tới đâu").click()
    expect(page.locator("h1")).to_have_text("Đã nộp, chờ nhận")
    page.get_by_role("link", name="còn mấy người").click()
    expect(page.locator("h1")).to_have_text("Số của ông/bà")
    page.context.close()


def _assert_readable(page: Page) -> None:
    assert_accessible(page)
    small = page.evaluate("[...document.querySelectorAll('a.button')].filter(e => e.offsetHeight < 48).length")
    assert small == 0, "targets of 48 px"
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(page)


def test_the_page_reloads_by_itself_until_the_reader_stops_it(chromium: Browser, practice: PracticeGateway) -> None:
    page = open_phone(chromium, practice, PHONES["usual"], scripts=False)
    (kiosk,) = practice.kiosks
    ((receipt_no,),) = practice.sql(
        f"select receipt_no from status_keys where key_hash = '{sha256_hex(KEYS['sent'].encode())}'"
    )
    post(kiosk, queue(ahead=5, receiptNo=receipt_no))
    page.goto(f"/h/{KEYS['sent']}")
    expect(page.locator(".plaque")).to_contain_text("5 người")
    post(kiosk, queue(ahead=4, receiptNo=receipt_no))
    expect(page.locator(".plaque")).to_contain_text("4 người", timeout=PATIENCE)
    page.get_by_role("link", name="Thôi tự đổi").click()
    expect(page.get_by_role("link", name="Để trang tự đổi")).to_be_visible()
    post(kiosk, queue(ahead=3, receiptNo=receipt_no))
    page.get_by_role("link", name="Xem lại").click()
    expect(page.locator(".plaque")).to_contain_text("3 người")
    page.context.close()


def test_letters_of_200_percent_stay_within_the_page(chromium: Browser, practice: PracticeGateway) -> None:
    page = open_phone(chromium, practice, PHONES["usual"])
    for key in (*KEYS.values(), "zzzz"):
        page.goto(f"/h/{key}")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), key
        assert_accessible(page)
    page.context.close()


def test_a_person_reads_what_is_missing_on_a_phone_without_scripts(
    chromium: Browser, practice: PracticeGateway
) -> None:
    page = open_phone(chromium, practice, PHONES["small"], scripts=False)
    page.goto(f"/h/{KEYS['missing']}")
    page.get_by_label("Thiếu giấy nào?").fill("0000")
    page.get_by_role("button", name="Xem giấy còn thiếu").click()
    expect(page.get_by_role("alert")).to_have_text("Chưa đúng. Còn 4 lần.")
    page.get_by_label("Thiếu giấy nào?").fill(DIGITS)
    page.get_by_role("button", name="Xem giấy còn thiếu").click()
    expect(page.get_by_role("list", name="Giấy còn thiếu")).to_contain_text("Giấy chứng sinh")
    page.get_by_role("link", name="Đóng ngay").click()
    expect(page.get_by_role("list", name="Giấy còn thiếu")).to_have_count(0)
    assert page.context.cookies() == []
    page.context.close()


def test_the_address_on_a_slip_opens_its_status_at_the_start_page(person: Person, kiosk: PracticeKiosk) -> None:
    receipt = file_copy(person)
    person.leave()
    for address in ("https://1022.hue.example/h/abcdefghijklmnop", "HTTPS://CONG.EXAMPLE/h/aabbeeddooww7777"):
        for _ in range(SCANS):  # a busy machine may stall a page between two keys
            person.go("/")
            with person.page.expect_navigation():
                KeyboardScanner(person.page).send(f"{address}#{receipt}")
            if person.page.locator("#code").count():
                break
        expect(person.page.locator("#code")).to_have_value(receipt)


def test_a_class_sees_the_phone_in_a_frame_beside_the_practice_kiosk(
    chromium: Browser, kiosk: PracticeKiosk, person: Person
) -> None:
    receipt = file_copy(person)
    context = chromium.new_context(**LAPTOP)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    blocked: list[str] = []
    page.on("console", lambda message: "Security Policy" in message.text and blocked.append(message.text))
    frame = page.frame_locator("iframe")
    for _ in range(300):
        page.goto(f"{kiosk.address}/practice/phone?no={receipt}")
        frame.locator("h1").wait_for()
        if frame.locator(".plaque").count():
            break
        page.wait_for_timeout(200)
    expect(frame.locator(".plaque")).to_contain_text("Trước ông/bà")
    frame.get_by_role("link", name="Xem hồ sơ tới đâu").click()
    expect(frame.locator("h1")).to_have_text("Đã nộp, chờ nhận")
    expect(page.locator("h1")).to_have_text(f"Hồ sơ {receipt}")
    assert_accessible(page)
    assert blocked == []
    context.close()


def test_a_class_sees_what_procedures_need_before_anybody_has_filed(chromium: Browser, kiosk: PracticeKiosk) -> None:
    context = chromium.new_context(**LAPTOP)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    frame = page.frame_locator("iframe")
    for _ in range(100):
        page.goto(f"{kiosk.address}/practice/phone?no=need")
        if frame.locator("h1").inner_text() == "Ông/bà cần làm việc gì?":
            break
        page.wait_for_timeout(200)
    frame.get_by_role("link", name="Đăng ký khai sinh").click()
    frame.get_by_role("link", name="Đã đăng ký", exact=True).click()
    frame.get_by_role("link", name="Bệnh viện, trạm y tế").click()
    expect(frame.get_by_role("heading", name="Cần mang 2 loại giấy tờ")).to_be_visible()
    expect(frame.get_by_role("link", name="Gọi")).to_be_visible()
    context.close()
