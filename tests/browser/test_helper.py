"""The browser helper: from the desk into a twin of the portal's page, in Chromium with the extension loaded."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, Playwright, Worker, expect

from deploy import browser_helper
from kiosk.config import ROOT
from tests.browser.copy_counts import serving
from tests.browser.helper_twin import RELATIONS, make_twin
from tests.browser.laptop import LAPTOP, PASSWORD, PATIENCE, add_officer, call_next, sign_in_officer
from tests.browser.screens import SCREENS
from tests.chromium import ARGS, CHROMIUM
from tests.journeys.typical import Case
from tests.journeys.walker import Walker
from tests.serving import served

BIRTH = "1.001193"
PRESS = """async () => {
  const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
  chrome.action.onClicked.dispatch(tab);
}"""
KEEP = "([form, minutes]) => chrome.storage.session.set({ kept: { form, at: Date.now() - minutes * 60000 } })"
VALUES = """() => [...document.querySelectorAll('[data-name$="__12"]')].map((box) => {
  const checked = box.querySelector('input:checked');
  const control = box.querySelector('select, input');
  const value = control.type === 'radio' ? checked?.value ?? '' : control.value;
  return [box.dataset.name.replace(/__12$/, ''), value];
})"""


class HelperBrowser:
    """An officer's Chromium with the helper, a desk and a twin."""

    def __init__(self, tabs: BrowserContext, desk: str, twin: str, sent: list[str]) -> None:
        self.tabs = tabs
        self.desk = desk
        self.twin = twin
        self.sent = sent

    @property
    def worker(self) -> Worker:
        """The background script."""
        return self.tabs.service_workers[0] if self.tabs.service_workers else self.tabs.wait_for_event("serviceworker")

    def open(self, address: str) -> Page:
        """Open an address in a new tab."""
        page = self.tabs.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(address)
        return page

    def press(self, page: Page) -> Frame:
        """Press the helper's icon; return the panel once it has an answer."""
        page.bring_to_front()
        with page.expect_event("frameattached"):
            self.worker.evaluate(PRESS)
        panel = page.frames[-1]
        panel.wait_for_selector("#words[data-state]")
        return panel

    def keep(self, *, minutes: int = 0, **values: str) -> None:
        """Put a made-up case into the helper, taken some minutes ago."""
        form = {
            "receiptNo": "PK03-261125-0009-X",
            "procedureCode": BIRTH,
            "readable": [["Họ, chữ đệm, tên", values.get("nksHoTen", "")]],
            "national": {"portal": {}, "justice": values},
        }
        self.worker.evaluate(KEEP, [form, minutes])


@pytest.fixture(scope="module")
def helper(play: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HelperBrowser]:
    folder = tmp_path_factory.mktemp("helper")
    twin = make_twin()
    with serving(SCREENS["1366x768"]) as (app, desk), served(twin) as address:
        Case(Walker(app).go("/"), BIRTH, cards=True).walk()
        add_officer(app.extensions["context"])
        browser_helper.write(
            folder / "helper",
            [f"{desk}/officer/"],
            [f"nop_ho_so={address}/nop-ho-so", f"formio={address}/formio", f"moj_eform={address}/e-form"],
        )
        tabs = play.chromium.launch_persistent_context(
            folder / "profile",
            executable_path=CHROMIUM,
            headless=False,
            args=[
                *ARGS,
                "--headless=new",
                f"--disable-extensions-except={folder / 'helper'}",
                f"--load-extension={folder / 'helper'}",
            ],
            ignore_default_args=["--disable-extensions"],
            permissions=["clipboard-read", "clipboard-write"],
            **LAPTOP,  # type: ignore[arg-type]
        )
        helper = HelperBrowser(tabs, desk, address, twin.config["SENT"])
        officer = helper.open(f"{desk}/officer/")
        sign_in_officer(officer, "hoaian", PASSWORD, counter=1)
        officer.close()
        yield helper
        tabs.close()


@pytest.fixture
def page(helper: HelperBrowser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return the twin's page; a mark `twin` gives its query."""
    mark = request.node.get_closest_marker("parametrize")
    query = request.getfixturevalue("query") if mark else ""
    page = helper.open(f"{helper.twin}/nop-ho-so?{query}")
    yield page
    page.close()


def _values(page: Page) -> dict[str, str]:
    return dict(page.evaluate(VALUES))


def _missing(panel: Frame) -> dict[str, str]:
    rows = panel.locator("#missing li div")
    return {row.locator("strong").inner_text(): row.locator("span").inner_text() for row in rows.all()}


def _type_by_hand(page: Page, wanted: dict[str, str]) -> int:
    """Type the same into the page box by box with Telex, Tab between them; return the presses."""
    presses = 0
    for name, words in wanted.items():
        if not words:
            continue
        box = page.locator(f'[data-name="{name}__12"]')
        presses += 1  # Tab
        if words in RELATIONS and box.locator("[type=radio]").count():
            box.get_by_label(words).check()
            page.wait_for_timeout(400)  # the page builds its block again
            presses += 1 + RELATIONS.index(words)
        elif box.locator("select").count():
            texts = box.locator("option").all_inner_texts()
            box.locator("select").select_option(words)
            presses += texts.index(words)
        else:
            box.locator("input").fill(words)
            presses += len(unicodedata.normalize("NFD", words)) + words.lower().count("đ")
    return presses


@pytest.mark.smoke
def test_a_birth_goes_from_the_desk_into_the_page_and_nothing_is_sent(helper: HelperBrowser, page: Page) -> None:
    desk = helper.open(f"{helper.desk}/officer/")
    call_next(desk, "A001")
    taken = helper.press(desk)
    expect(taken.locator("#words")).to_contain_text("Đã lấy hồ sơ.")
    desk.close()
    requests: list[str] = []
    helper.tabs.on("request", lambda request: requests.append(request.url))
    panel = helper.press(page)
    values = _values(page)
    assert values["citizenQuanhevoinguoiduockhaisinh"] == "Mẹ"
    assert values["citizenHoVaTen_NgdcKS"] == "TRẦN BẢO NGỌC"
    assert values["citizenDanToc_NgdcKS"] == "Kinh"  # of a list that loads late
    assert values["citizenNgaythangnamcap__me"] == "10/05/2021"
    filled = [value for value in values.values() if value]
    expect(panel.locator("#words")).to_contain_text(f"Đã điền {len(filled)} ô, tô vàng.")
    assert page.get_by_text("đã điền", exact=True).count() == len(filled)
    assert _missing(panel)["Nơi sinh"] == "chọn theo danh sách"
    expect(panel.locator("#rest summary")).to_contain_text("câu khác của tờ khai")
    assert [url for url in requests if not url.startswith("chrome-extension://")] == []
    assert helper.sent == []
    panel.press("body", "1")
    panel.wait_for_selector(".copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("Bệnh viện")
    again = helper.press(page)
    assert _values(page) == values
    expect(again.locator("#words")).to_contain_text(f"Đã điền {len(filled)} ô")
    by_hand = _type_by_hand(page, values)
    guide = (ROOT / "docs" / "browser-helper.md").read_text("utf-8")
    (written,) = re.findall(r"\| gõ từng ô \| (\d+) \|", guide)
    assert by_hand == int(written)
    page.locator('[data-name="citizenSoluongbansao__12"] input').fill("5")
    again.click("#clear")
    again.wait_for_selector('[data-state="cleared"]')
    assert {name: value for name, value in _values(page).items() if value} == {
        "citizenSoluongbansao": "5",  # changed by the officer
        "citizenQuanhevoinguoiduockhaisinh": "Mẹ",  # nobody can empty such a choice
    }
    assert page.get_by_text("đã điền", exact=True).count() == 0


KNOWN = {"nksHoTen": "TRẦN BẢO NGỌC", "nksNgaySinh": "12/11/2026", "nksGioiTinh": "Nữ", "meHoTen": "LÊ THỊ MẪU"}


@pytest.mark.parametrize(
    ("query", "values", "missing"),
    [
        ("", {"meNgaySinh": "1996"}, {"Mẹ: ngày sinh": "không đủ ngày tháng năm"}),
        ("", {"meSoGiayToTuyThan": "C1234567"}, {"Mẹ: số định danh": "không phải 12 số"}),
        ("", {"nksDanToc": "Ê Đê"}, {"Người được khai sinh: dân tộc": "không có “Ê Đê”"}),
        ("left_out=citizenHoVaTen_NgdcKS", {}, {"Người được khai sinh: họ tên": "trang này không có ô"}),
        ("locked=citizenHoVaTen_NgdcKS", {}, {"Người được khai sinh: họ tên": "trang khóa ô này"}),
        ("cut=citizenHoVaTen_NgdcKS", {}, {"Người được khai sinh: họ tên": "trang đã cắt bớt"}),
        # A name with a number has changed: the label finds the box.
        ("renamed=citizenField24", {"chaLoaiGiayToTuyThan": "Hộ chiếu"}, {}),
    ],
)
def test_what_cannot_be_filled_has_its_reason(
    helper: HelperBrowser, page: Page, query: str, values: dict[str, str], missing: dict[str, str]
) -> None:
    helper.keep(**(KNOWN | values))
    assert _missing(helper.press(page)) == missing
    typed = _values(page)
    assert typed["citizenNDK_NgaySinh"] == ""
    assert query.startswith("renamed") == (typed.get("citizenField24New") == "Hộ chiếu")


def test_a_box_with_words_is_left_alone(helper: HelperBrowser, page: Page) -> None:
    helper.keep(**KNOWN)
    page.locator('[data-name="citizenHoVaTen_NgdcKS__12"] input').fill("TÊN KHÁC")
    panel = helper.press(page)
    assert _values(page)["citizenHoVaTen_NgdcKS"] == "TÊN KHÁC"
    expect(panel.locator("#present")).to_contain_text("Khác tờ khai, xem lại: Người được khai sinh: họ tên.")


def test_a_case_does_not_mix_with_the_one_before_it(helper: HelperBrowser, page: Page) -> None:
    helper.keep(**KNOWN)
    helper.press(page)
    before = _values(page)
    helper.keep(**(KNOWN | {"nksHoTen": "LÊ VĂN MẪU"}))
    helper.worker.evaluate(
        "async () => { const { kept } = await chrome.storage.session.get('kept'); kept.form.receiptNo = 'PK03-2';"
        " await chrome.storage.session.set({ kept }); }"
    )
    panel = helper.press(page)
    expect(panel.locator("#words")).to_contain_text("Trang còn chữ của hồ sơ khác.")
    assert _values(page) == before


@pytest.mark.parametrize(
    "query", ["left_out=citizenHoVaTen_NgdcKS&left_out=citizenNDK_HoVaTen&renamed=citizenGioitinh_NgdcKS"]
)
def test_a_page_that_is_not_the_known_one_is_left_empty(helper: HelperBrowser, page: Page, query: str) -> None:
    helper.keep(**KNOWN)
    panel = helper.press(page)
    expect(panel.locator("#words")).to_contain_text("Trang này khác bản máy biết.")
    assert set(_values(page).values()) == {""}, query
    assert list(_missing(panel)) == ["Họ, chữ đệm, tên"]


def test_without_a_case_or_a_listed_address_nothing_is_done(helper: HelperBrowser, page: Page) -> None:
    helper.keep(minutes=31, **KNOWN)
    expect(helper.press(page).locator("#words")).to_contain_text("Chưa có hồ sơ.")
    helper.keep(**KNOWN)
    other = helper.open(f"{helper.twin}/sent")
    expect(helper.press(other).locator("#words")).to_contain_text("Địa chỉ này không có trong danh sách.")
    other.close()
    desk = helper.open(f"{helper.desk}/officer/guide")
    expect(helper.press(desk).locator("#words")).to_contain_text("Trang này chưa mở hồ sơ nào.")
    desk.close()


def test_a_page_that_frames_the_panel_itself_gets_no_answer(helper: HelperBrowser, page: Page) -> None:
    helper.keep(**KNOWN)
    address = helper.worker.evaluate("chrome.runtime.getURL('panel.html')")
    with page.expect_event("frameattached"):
        page.evaluate(
            "(url) => document.body.append(Object.assign(document.createElement('iframe'), { src: url + '#x' }))",
            address,
        )
    expect(page.frames[-1].locator("#words")).to_contain_text("Chưa làm được.")
    assert set(_values(page).values()) == {""}


def test_a_page_of_form_io_is_filled_by_its_names(helper: HelperBrowser) -> None:
    page = helper.open(f"{helper.twin}/formio")
    values: dict[str, Any] = {"data[fullname]": "LÊ THỊ MẪU", "data[identityNumber]": "046196000123"}
    form = {
        "receiptNo": "PK03-261125-0010-X",
        "procedureCode": "1.001731",
        "readable": [],
        "national": {"portal": values, "justice": {}},
    }
    helper.worker.evaluate(KEEP, [form, 0])
    helper.press(page)
    assert page.locator('[name="data[fullname]"]').input_value() == "LÊ THỊ MẪU"
    assert page.locator('[name="data[identityNumber]"]').input_value() == "046196000123"
    page.close()


def test_a_year_alone_stays_alone_on_an_electronic_form(helper: HelperBrowser) -> None:
    page = helper.open(f"{helper.twin}/e-form")
    days = {"NgayMat": "1972", "ngayDKTruocDay": "05/1972", "NgayCapDD": "1970"}
    values = days | {"HoTen": "NGUYỄN VĂN THỬ", "SoLuong": "2"}
    form = {
        "receiptNo": "PK03-261125-0011-X",
        "procedureCode": "1.005461",
        "readable": [],
        "national": {"portal": values, "justice": {}},
    }
    helper.worker.evaluate(KEEP, [form, 0])
    panel = helper.press(page)
    parts = {
        name: [page.locator(f'[name="{name}-{end}"]').input_value() for end in ("day", "month", "year")]
        for name in ("NgayMat", "ngayDKTruocDay", "NgayCapDD")
    }
    assert parts == {"NgayMat": ["", "", "1972"], "ngayDKTruocDay": ["", "05", "1972"], "NgayCapDD": ["", "", ""]}
    assert _missing(panel) == {"Người đã chết: ngày cấp": "không đủ ngày tháng năm"}
    page.close()
