"""Tests of typing by touch and by hardware keyboard: the field contains what was typed."""

import unicodedata
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Page, Route, expect

from kiosk.papers import practice_sheet
from tests.keyboard.conftest import KeyboardPage

pytestmark = pytest.mark.browser

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
KINDS = {
    "name": "letters",
    "text": "letters",
    "digits": "pad",
    "date": "pad",
    "phone": "pad",
    "id": "pad",
    "number": "pad",
    "email": "email",
    "code": "code",
    "long": "letters",
}


def middle(kiosk: KeyboardPage, key: str) -> tuple[float, float]:
    box = kiosk.key(key).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


# ---- opening ----

PRESS = "([kind, id]) => dispatchEvent(new PointerEvent(kind, { pointerId: id, pointerType: 'touch' }))"


def test_a_palm_that_rests_on_the_glass_keeps_no_keys_away(kiosk: KeyboardPage) -> None:
    kiosk.open(view="all")
    kiosk.page.evaluate(PRESS, ["pointerdown", 77])
    kiosk.enter("name")
    expect(kiosk.page.locator("#keyboard")).to_be_visible()


@pytest.mark.parametrize("end", ["pointerup", "pointercancel"])
def test_keys_come_when_the_touch_that_moved_the_focus_ends(kiosk: KeyboardPage, end: str) -> None:
    kiosk.open(view="all")
    kiosk.page.evaluate(PRESS, ["pointerdown", 77])
    kiosk.field("name").focus()
    kiosk.page.evaluate("new Promise((done) => setTimeout(done, 50))")
    expect(kiosk.page.locator("#keyboard")).to_be_hidden()
    kiosk.page.evaluate(PRESS, [end, 77])
    expect(kiosk.page.locator("#keyboard")).to_be_visible()


# ---- names ----


@pytest.mark.smoke
def test_a_full_name_is_touched_letter_by_letter_without_knowing_telex(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    for word in ("trâ", "n"):
        kiosk.touch_text(word)
    kiosk.touch("grave", " ", *"nguyên", "tilde", " ", *"bao", "hook", " ", *"ngoc", "dot")
    value = kiosk.value("ten.ho")
    assert value == "Trần Nguyễn Bảo Ngọc"
    assert value == unicodedata.normalize("NFC", value)


def test_names_of_the_highlands_are_touched_as_they_are_spoken(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    kiosk.touch(*"h'wiên", " ", *"kđăm", " ", *"y-kôp", " ", *"zơ râm", " ", *"blup", "acute", " ", *"đăk", "acute")
    assert kiosk.value("ten.ho") == "H'Wiên Kđăm Y-Kôp Zơ Râm Blúp Đắk"


@pytest.mark.smoke
def test_telex_by_touch(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    kiosk.touch("method", *"nguyeenx", " ", *"thij", " ", *"dduowcj")
    assert kiosk.value("ten.ho") == "Nguyễn Thị Được"


def test_vni_by_touch_has_digits_above_the_letters(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    kiosk.touch("method", "method", *"nguye6n4", " ", *"d9uc71")
    assert kiosk.value("ten.ho") == "Nguyễn Đức"


def test_the_typing_method_goes_round_and_is_sent_to_the_server(kiosk: KeyboardPage) -> None:
    posted: list[str] = []

    def answer(route: Route) -> None:
        posted.append(route.request.post_data or "")
        route.fulfill(status=204)

    kiosk.page.route("**/citizen.set/*", answer)
    kiosk.open()
    kiosk.enter("name")
    for _ in range(3):
        with kiosk.page.expect_response("**/citizen.set/*"):
            kiosk.touch("method")
    sent = [dict(parse_qsl(body)) for body in posted]
    assert [body["value"] for body in sent] == ["telex", "vni", "easy"]
    assert {(body["name"], body["csrf"]) for body in sent} == {("typing", "csrf of the page")}
    kiosk.touch(*"aa")
    assert kiosk.value("name") == "Aa"


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        ("Nguyeenx Thij Dieeuj Hieenf", "Nguyễn Thị Diệu Hiền"),
        ("toon nuwx quynhf nhuw", "Tôn Nữ Quỳnh Như"),
        ("h'wieen niee", "H'Wiên Niê"),
    ],
)
def test_telex_by_a_real_keyboard(kiosk: KeyboardPage, keys: str, name: str) -> None:
    kiosk.open(view="name")
    kiosk.page.keyboard.type(keys)
    assert kiosk.value("ten.ho") == name


def test_vni_by_a_real_keyboard_once_it_is_chosen(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    kiosk.touch("method", "method")
    kiosk.page.keyboard.type("Nguye6n4 D9u71c")
    assert kiosk.value("ten.ho") == "Nguyễn Đức"


def test_new_style_is_a_setting_of_the_page(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name", tone="new")
    kiosk.page.keyboard.type("hoaf")
    kiosk.touch(" ", *"thuy", "acute")
    assert kiosk.value("ten.ho") == "Hoà Thuý"


def test_a_tone_key_works_in_the_middle_of_a_word(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    kiosk.touch(*"nguy", "tilde", *"ên")
    assert kiosk.value("ten.ho") == "Nguyễn"
    kiosk.touch("acute")
    assert kiosk.value("ten.ho") == "Nguyến"
    kiosk.touch("acute")
    assert kiosk.value("ten.ho") == "Nguyên"


@pytest.mark.smoke
def test_erasing_moves_the_tone_to_where_it_now_belongs(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    kiosk.touch(*"hoang", "grave")
    steps = []
    for _ in range(5):
        steps.append(kiosk.value("ten.ho"))
        kiosk.touch("erase")
    assert [*steps, kiosk.value("ten.ho")] == ["Hoàng", "Hoàn", "Hòa", "Hò", "H", ""]
    kiosk.page.keyboard.type("hoangf")
    for _ in range(2):
        kiosk.page.keyboard.press("Backspace")
    assert kiosk.value("ten.ho") == "Hòa"


def test_where_the_caret_was_put_the_word_is_read_again(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    kiosk.page.keyboard.type("hoang lan")
    for _ in range(5):
        kiosk.page.keyboard.press("ArrowLeft")
    kiosk.touch("grave")
    assert kiosk.value("ten.ho") == "Hoàng Lan"
    kiosk.page.keyboard.type("s")
    assert kiosk.value("ten.ho") == "Hoáng Lan"
    kiosk.touch("x")
    assert kiosk.value("ten.ho") == "Hoánxg Lan"
    kiosk.page.keyboard.press("Backspace")
    kiosk.page.keyboard.press("End")
    kiosk.touch("hook")
    assert kiosk.value("ten.ho") == "Hoáng Lản"


def test_what_is_selected_is_typed_over_and_erased(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    kiosk.page.keyboard.type("Nguyeenx An")
    kiosk.page.keyboard.press("Shift+Home")
    kiosk.touch("l")
    assert kiosk.value("ten.ho") == "L"
    kiosk.page.keyboard.press("Shift+Home")
    kiosk.touch("erase")
    assert kiosk.value("ten.ho") == ""


# ---- tone keys show what they will do ----


def tone_row(kiosk: KeyboardPage) -> tuple[str, list[str]]:
    vowels = "".join(kiosk.page.locator("#keyboard [data-tone] b").all_inner_texts())
    pressed = kiosk.page.locator("#keyboard [data-tone][aria-pressed=true]")
    return vowels, [key.get_attribute("data-tone") or "" for key in pressed.all()]


def test_tone_keys_show_the_vowel_of_the_word_and_the_tone_it_has(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    assert tone_row(kiosk) == ("áàảãạ", [])
    kiosk.touch(*"ngoc")
    assert tone_row(kiosk) == ("óòỏõọ", [])
    kiosk.touch("dot")
    assert tone_row(kiosk) == ("óòỏõọ", ["dot"])
    kiosk.touch(" ")
    assert tone_row(kiosk) == ("áàảãạ", [])
    kiosk.page.keyboard.press("ArrowLeft")
    kiosk.page.wait_for_function("document.querySelector('[data-tone=dot]').ariaPressed === 'true'")
    assert tone_row(kiosk) == ("óòỏõọ", ["dot"])
    kiosk.touch("dot")
    assert kiosk.value("ten.ho") == "Ngoc "
    assert tone_row(kiosk) == ("óòỏõọ", [])


# ---- the keyboard never covers its field ----


def wait_until_uncovered(page: Page, name: str) -> None:
    """Wait until the whole field is visible above the keyboard that belongs to it; fail if it never is."""
    page.wait_for_function(
        """name => { const field = document.getElementById(name).getBoundingClientRect();
             const board = document.getElementById("keyboard").getBoundingClientRect();
             return document.activeElement.id === name && board.height > 0
               && field.top >= 0 && field.bottom <= board.top; }""",
        arg=name,
    )


@pytest.mark.parametrize("size", ["", "large", "xl"])
def test_the_keyboard_never_covers_its_field(kiosk: KeyboardPage, size: str) -> None:
    kiosk.open(size=size)
    for name in KINDS:
        kiosk.page.locator(f'label[for="{name}"]').scroll_into_view_if_needed()
        kiosk.field(name).focus()
        wait_until_uncovered(kiosk.page, name)


def test_the_keyboard_never_covers_its_field_in_landscape(compact: KeyboardPage) -> None:
    compact.open(mm="5.9")
    for name in KINDS:
        compact.field(name).focus()
        wait_until_uncovered(compact.page, name)


def test_the_keyboard_rises_between_field_and_dock_and_the_dock_stays(kiosk: KeyboardPage) -> None:
    kiosk.open()
    before = kiosk.page.locator(".dock").bounding_box()
    kiosk.enter("name")
    board = kiosk.page.locator("#keyboard").bounding_box()
    dock = kiosk.page.locator(".dock").bounding_box()
    assert board
    assert dock == before
    assert abs(board["y"] + board["height"] - dock["y"]) < 1


def test_touching_elsewhere_sinks_the_keyboard_and_what_was_touched_gets_its_click(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    kiosk.page.evaluate(
        """() => { window.clicks = 0;
             document.querySelector(".dock .btn").addEventListener("click", () => clicks++); }"""
    )
    assert kiosk.page.locator("#keyboard").is_visible()
    kiosk.page.locator(".dock .btn").first.tap()
    kiosk.page.locator("#keyboard").wait_for(state="hidden")
    assert kiosk.page.evaluate("clicks") == 1
    assert kiosk.page.evaluate("document.body.dataset.typing") is None
    kiosk.enter("ten.ho")
    assert kiosk.page.locator("#keyboard").is_visible()
    kiosk.page.locator("h1").tap()
    kiosk.page.locator("#keyboard").wait_for(state="hidden")


# ---- kinds of fields ----


def test_each_kind_of_field_has_its_own_keys(kiosk: KeyboardPage) -> None:
    kiosk.open()
    for name, layout in KINDS.items():
        kiosk.field(name).focus()
        assert kiosk.page.locator("#keyboard").get_attribute("data-layout") == layout
        assert kiosk.page.evaluate("document.body.dataset.typing") == layout
        assert kiosk.field(name).evaluate("(field) => field.inputMode") == "none"


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("touched", "boxes"),
    [
        ("12111996", ["12", "11", "1996"]),
        ("4111996", ["4", "11", "1996"]),
        ("4599", ["4", "5", "99"]),
        ("0102", ["01", "02", ""]),
        ("3", ["3", "", ""]),
        ("311", ["31", "1", ""]),
    ],
)
def test_a_full_box_of_a_date_leads_to_the_next(kiosk: KeyboardPage, touched: str, boxes: list[str]) -> None:
    kiosk.open(view="date")
    kiosk.touch(*touched)
    assert [kiosk.value(name) for name in "dmy"] == boxes


def test_real_keys_stay_in_their_box_until_tab(kiosk: KeyboardPage) -> None:
    kiosk.open(view="date")
    kiosk.page.keyboard.type("12")
    expect(kiosk.field("d")).to_be_focused()
    kiosk.page.keyboard.press("Tab")
    kiosk.page.keyboard.type("11")
    assert [kiosk.value(name) for name in "dmy"] == ["12", "11", ""]


def test_keys_lead_to_the_box_before_and_behind_and_the_next_digit_replaces_it(kiosk: KeyboardPage) -> None:
    kiosk.open(view="date")
    assert not kiosk.page.locator('#keyboard .k-pad [data-act="back"]').is_visible()
    kiosk.touch(*"1211", "back", *"5")
    assert [kiosk.value(name) for name in "dmy"] == ["12", "5", ""]
    kiosk.touch("back", "back", *"2", "next", "erase")
    assert [kiosk.value(name) for name in "dmy"] == ["2", "", ""]


def test_a_touched_box_is_replaced_whole(kiosk: KeyboardPage) -> None:
    kiosk.open(view="date")
    kiosk.touch(*"12111996")
    kiosk.enter("d")
    kiosk.touch(*"31")
    kiosk.enter("y")
    kiosk.touch("erase")
    assert [kiosk.value(name) for name in "dmy"] == ["31", "11", ""]


def test_the_last_key_of_a_date_and_the_key_below_close_the_pad(kiosk: KeyboardPage) -> None:
    kiosk.open(view="date")
    board = kiosk.page.locator("#keyboard")
    assert kiosk.key("next").inner_text().strip() == "Ô sau"
    kiosk.touch(*"1211")
    assert kiosk.key("next").inner_text().strip() == "Xong"
    kiosk.touch("next")
    board.wait_for(state="hidden")
    kiosk.enter("m")
    kiosk.touch("close")
    board.wait_for(state="hidden")
    assert [kiosk.value(name) for name in "dmy"] == ["12", "11", ""]


def test_an_email_is_not_composed(kiosk: KeyboardPage) -> None:
    kiosk.open()
    kiosk.enter("email")
    assert not kiosk.page.locator("#keyboard [data-tone]").first.is_visible()
    kiosk.touch(*"aass.1_2-w", "@gmail.com")
    kiosk.page.keyboard.type("ss ee")
    assert kiosk.value("email") == "aass.1_2-w@gmail.comssee"


def test_a_receipt_number_is_in_capitals_and_not_composed(kiosk: KeyboardPage) -> None:
    kiosk.open()
    kiosk.enter("code")
    kiosk.touch(*"pk03-26")
    kiosk.page.keyboard.type("ffww-0017 f!ễ")
    assert kiosk.value("code") == "PK03-26FFWW-0017F"


@pytest.mark.parametrize(
    ("name", "value"), [("digits", "12034"), ("number", "12034"), ("id", "120 34"), ("phone", "12+0 34")]
)
def test_a_real_keyboard_writes_only_digits_where_only_digits_belong(
    kiosk: KeyboardPage, name: str, value: str
) -> None:
    kiosk.open()
    kiosk.enter(name)
    kiosk.page.keyboard.type("1a2 +ễ0-3.4s")
    assert kiosk.value(name) == value


def test_long_numbers_are_shown_in_groups_and_sent_in_one(kiosk: KeyboardPage) -> None:
    kiosk.open()
    kiosk.enter("id")
    kiosk.touch(*"0460930004519")
    assert kiosk.value("id") == "046 093 000 451"
    kiosk.touch("erase", "erase", "erase")
    assert kiosk.value("id") == "046 093 000"
    kiosk.page.keyboard.press("Home")
    kiosk.page.keyboard.press("Delete")
    assert kiosk.value("id") == "460 930 00"
    kiosk.touch(*"9876")
    assert kiosk.value("id") == "987 646 093 000"
    kiosk.page.keyboard.press("Backspace")
    assert kiosk.value("id") == "987 460 930 00"
    kiosk.enter("phone")
    kiosk.page.keyboard.type("0905000123")
    assert kiosk.value("phone") == "0905 000 123"
    kiosk.page.locator(".dock .main").tap()
    assert kiosk.page.evaluate("[sent.id, sent.phone]") == ["98746093000", "0905000123"]


@pytest.mark.smoke
def test_what_is_pasted_is_cleaned(kiosk: KeyboardPage) -> None:
    kiosk.open()
    paste = """([id, text]) => {
      const field = document.getElementById(id);
      field.focus();
      const clipboard = new DataTransfer();
      clipboard.setData("text/plain", text);
      field.dispatchEvent(new InputEvent("beforeinput",
        { inputType: "insertFromPaste", dataTransfer: clipboard, bubbles: true, cancelable: true }));
    }"""
    kiosk.page.evaluate(paste, ["digits", " 046 093-000 451\n"])
    kiosk.page.evaluate(paste, ["name", unicodedata.normalize("NFD", "Nguyễn\tThị Hòa")])
    assert kiosk.value("digits") == "046093000451"
    assert kiosk.value("name") == "Nguyễn Thị Hòa"


def test_an_address_has_digits_and_signs_behind_one_key(kiosk: KeyboardPage) -> None:
    kiosk.open()
    kiosk.enter("text")
    kiosk.touch("shift", *"tô", "hook", " ", "symbols", *"12/3,", " ", *"lê lơi", "dot")
    assert kiosk.value("text") == "Tổ 12/3, lê lợi"
    kiosk.enter("long")
    kiosk.page.keyboard.type("kieetj 5")
    kiosk.page.keyboard.press("Enter")
    kiosk.page.keyboard.type("toor 3")
    assert kiosk.value("long") == "kiệt 5\ntổ 3"


def test_a_text_of_figures_opens_with_the_digits_and_has_letters_behind_one_key(kiosk: KeyboardPage) -> None:
    kiosk.open()
    kiosk.enter("figures")
    kiosk.touch_text("12/03/1942")
    kiosk.touch("letters", *"am", "erase", "erase", "symbols", "erase", "9")
    assert kiosk.value("figures") == "12/03/1949"
    kiosk.enter("text")
    assert kiosk.key("q").is_visible()


# ---- capitals ----


def test_capitals_of_a_name_come_by_themselves(kiosk: KeyboardPage) -> None:
    kiosk.open()
    kiosk.enter("name")
    board = kiosk.page.locator("#keyboard")
    cases = []
    for key in ("a", " ", "h", "'", "w", " ", "y", "-", "k"):
        cases.append(board.get_attribute("data-case"))
        kiosk.touch(key)
    assert kiosk.value("name") == "A H'W Y-K"
    assert cases == ["upper", "lower", "upper", "lower", "upper", "lower", "upper", "lower", "upper"]
    kiosk.touch("shift", "b", "c", " ", "shift", "d")
    assert kiosk.value("name") == "A H'W Y-KBc d"


def test_keys_show_capitals_when_the_next_letter_is_one(kiosk: KeyboardPage) -> None:
    kiosk.open()
    kiosk.enter("name")
    shown = "(key) => getComputedStyle(key).textTransform"
    assert kiosk.key("q").evaluate(shown) == "uppercase"
    assert kiosk.key("đ").evaluate(shown) == "uppercase"
    assert kiosk.key("shift").get_attribute("aria-pressed") == "true"
    kiosk.touch("t")
    assert kiosk.key("q").evaluate(shown) == "none"
    assert kiosk.key("shift").get_attribute("aria-pressed") == "false"


def test_a_search_has_no_capitals(kiosk: KeyboardPage) -> None:
    kiosk.open()
    kiosk.enter("text")
    kiosk.touch(*"phu xuan")
    assert kiosk.value("text") == "phu xuan"


# ---- touches ----


def test_a_held_key_types_once(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    x, y = middle(kiosk, "n")
    kiosk.send_touches(("touchStart", x, y))
    kiosk.page.wait_for_timeout(1500)
    kiosk.send_touches(("touchEnd", x, y))
    assert kiosk.value("ten.ho") == "N"
    x, y = middle(kiosk, "erase")
    kiosk.touch("a", "b")
    kiosk.send_touches(("touchStart", x, y))
    kiosk.page.wait_for_timeout(1200)
    kiosk.send_touches(("touchEnd", x, y))
    assert kiosk.value("ten.ho") == "Na"


def test_the_key_that_erases_goes_on_while_it_is_held_for_long(kiosk: KeyboardPage) -> None:
    kiosk.page.clock.install(time=NOON)
    kiosk.page.clock.pause_at(NOON + timedelta(hours=1))
    kiosk.open(view="name")
    for key in "hoanganh":
        kiosk.key(key).tap()
    x, y = middle(kiosk, "erase")
    kiosk.send_touches(("touchStart", x, y))
    kiosk.page.clock.run_for(1900)
    assert kiosk.field("ten.ho").input_value() == "Hoanganh"
    kiosk.page.clock.run_for(1100)
    assert kiosk.field("ten.ho").input_value() == "Hoa"
    kiosk.send_touches(("touchEnd", x, y))
    kiosk.page.clock.run_for(3000)
    assert kiosk.field("ten.ho").input_value() == "Hoa"


def test_a_held_key_of_a_real_keyboard_types_once(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    for _ in range(4):
        kiosk.page.keyboard.down("n")
    kiosk.page.keyboard.up("n")
    assert kiosk.value("ten.ho") == "N"


def test_a_touch_that_ends_beside_its_key_types_nothing(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    ax, ay = middle(kiosk, "a")
    sx, sy = middle(kiosk, "s")
    kiosk.send_touches(("touchStart", ax, ay), ("touchMove", sx, sy), ("touchEnd", sx, sy))
    kiosk.send_touches(("touchStart", ax, ay), ("touchMove", ax, 300), ("touchEnd", ax, 300))
    kiosk.send_touches(("touchStart", ax, 300), ("touchMove", ax, ay), ("touchEnd", ax, ay))
    assert kiosk.value("ten.ho") == ""
    assert kiosk.page.locator("#keyboard .held").count() == 0
    kiosk.send_touches(("touchStart", ax, ay), ("touchMove", ax + 5, ay + 5), ("touchEnd", ax, ay))
    assert kiosk.value("ten.ho") == "A"


def test_keys_never_take_the_focus_and_a_mouse_types_too(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    kiosk.key("a").click()
    kiosk.key("n").click()
    kiosk.key("h").evaluate("(key) => key.click()")  # as a screen reader does
    assert kiosk.value("ten.ho") == "Anh"
    assert kiosk.page.evaluate("document.activeElement.id") == "ten.ho"


# ---- beside the field ----


def test_the_words_stand_in_capitals_as_on_the_paper(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    kiosk.page.keyboard.type("traanf baor ngocj ")
    assert kiosk.page.locator("output").inner_text() == "TRẦN BẢO NGỌC"


def test_a_surname_is_one_touch_and_changes_with_another(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    father, mother = kiosk.page.locator("[data-insert]").all()
    father.tap()
    kiosk.touch(*"bao", "hook")
    assert kiosk.value("ten.ho") == "Trần Bảo"
    assert [father.get_attribute("aria-pressed"), mother.get_attribute("aria-pressed")] == ["true", "false"]
    mother.tap()
    assert kiosk.value("ten.ho") == "Nguyễn Bảo"
    assert [father.get_attribute("aria-pressed"), mother.get_attribute("aria-pressed")] == ["false", "true"]
    assert kiosk.page.locator("#keyboard").is_visible()


def test_leftover_telex_is_offered_for_mending(kiosk: KeyboardPage) -> None:
    kiosk.page.clock.install(time=NOON)
    kiosk.page.clock.pause_at(NOON + timedelta(hours=1))
    kiosk.open(view="name")
    offer = kiosk.page.locator("[data-mend]")
    kiosk.touch(*"nguyeenx")
    assert not offer.is_visible()
    kiosk.touch(" ", "a")
    kiosk.page.clock.run_for(1200)
    offer.wait_for(state="visible")
    assert offer.locator("p").inner_text() == "“Nguyeenx” có phải là “Nguyễn” không?"
    offer.locator("[data-yes]").tap()
    assert kiosk.value("ten.ho") == "Nguyễn A"
    assert not offer.is_visible()
    kiosk.touch("n")
    assert kiosk.value("ten.ho") == "Nguyễn An"


def test_who_declines_is_not_asked_again(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    offer = kiosk.page.locator("[data-mend]")
    kiosk.touch(*"leen", " ")
    offer.wait_for(state="visible")
    offer.locator("[data-no]").tap()
    kiosk.touch("b", " ")
    assert kiosk.value("ten.ho") == "Leen B "
    assert not offer.is_visible()


def test_leftover_telex_is_asked_about_before_the_form_is_sent(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    offer = kiosk.page.locator("[data-mend]")
    onward = kiosk.page.get_by_role("button", name="Tiếp tục")
    kiosk.touch(*"an", " ", *"thij")
    onward.tap()
    expect(offer).to_be_visible()
    assert kiosk.page.evaluate("window.sent") is None
    offer.locator("[data-yes]").tap()
    onward.tap()
    assert kiosk.page.evaluate("window.sent") == {"ten": "An Thị"}


def test_a_name_that_looks_like_leftover_telex_is_sent_at_the_second_press(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    kiosk.touch(*"leef")
    kiosk.page.get_by_role("button", name="Tiếp tục").tap()
    expect(kiosk.page.locator("[data-mend]")).to_be_visible()
    assert kiosk.page.evaluate("window.sent") is None
    kiosk.page.get_by_role("button", name="Tiếp tục").tap()
    assert kiosk.page.evaluate("window.sent") == {"ten": "Leef"}


def test_the_sheet_to_take_home_types_its_example_with_the_keys_that_it_names(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    names = {"ngã": "tilde"}
    kiosk.touch(*(names.get(key, key) for key in practice_sheet.KEYS_OF_EXAMPLE))
    assert kiosk.value("ten.ho") == practice_sheet.EXAMPLE


@pytest.mark.parametrize(
    ("keys", "typed"),
    [
        ([*"nguyen"], "Nguyen"),
        ([*"nguyen", "tilde"], "Nguyẽn"),
        ([*"tran"], "Tran"),
    ],
)
def test_a_common_surname_with_wrong_marks_is_asked_about_and_not_changed(
    kiosk: KeyboardPage, keys: list[str], typed: str
) -> None:
    kiosk.open(view="name")
    offer = kiosk.page.locator("[data-mend]")
    kiosk.touch(*keys, " ")
    offer.wait_for(state="visible")
    assert kiosk.value("ten.ho") == f"{typed} "
    assert f"“{typed}” có phải là “" in offer.locator("p").inner_text()
    offer.locator("[data-yes]").tap()
    kiosk.touch("a", "n")
    assert kiosk.value("ten.ho") == ("Trần An" if typed == "Tran" else "Nguyễn An")


def test_a_surname_that_may_still_grow_is_asked_about_when_the_form_is_sent(kiosk: KeyboardPage) -> None:
    kiosk.page.clock.install(time=NOON)
    kiosk.page.clock.pause_at(NOON + timedelta(hours=1))
    kiosk.open(view="name")
    offer = kiosk.page.locator("[data-mend]")
    onward = kiosk.page.get_by_role("button", name="Tiếp tục")
    kiosk.touch(*"ho")
    kiosk.page.clock.run_for(5000)
    assert not offer.is_visible()
    onward.tap()
    expect(offer).to_be_visible()
    assert kiosk.page.evaluate("window.sent") is None
    onward.tap()
    assert kiosk.page.evaluate("window.sent") == {"ten": "Ho"}


@pytest.mark.parametrize("answer", ["data-yes", "no"])
def test_a_name_of_one_word_is_asked_about_once_when_the_form_is_sent(kiosk: KeyboardPage, answer: str) -> None:
    kiosk.open(view="name")
    offer = kiosk.page.locator("[data-mend]")
    onward = kiosk.page.get_by_role("button", name="Tiếp tục")
    kiosk.touch(*"hoa")
    onward.tap()
    expect(offer).to_contain_text("Họ tên mới có một chữ “Hoa”. Còn thiếu phải không?")
    assert kiosk.page.evaluate("window.sent") is None
    offer.locator("[data-yes]" if answer == "data-yes" else "button:not([data-yes])").tap()
    expect(offer).to_be_hidden()
    assert kiosk.value("ten.ho") == "Hoa"
    onward.tap()
    assert kiosk.page.evaluate("window.sent") == {"ten": "Hoa"}


def test_others_hear_what_is_typed(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    kiosk.page.evaluate(
        """() => { window.counts = { input: 0, change: 0, "kiosk:activity": 0 };
             for (const kind in counts) addEventListener(kind, () => { counts[kind]++; }); }"""
    )
    kiosk.touch(*"hoa", "grave", "shift")
    kiosk.page.locator("h1").tap()
    kiosk.page.locator("#keyboard").wait_for(state="hidden")
    assert kiosk.page.evaluate("counts") == {"input": 4, "change": 1, "kiosk:activity": 5}


def test_a_field_takes_no_more_than_it_holds(kiosk: KeyboardPage) -> None:
    kiosk.open(view="date")
    kiosk.enter("y")
    kiosk.touch(*"20265")
    kiosk.page.keyboard.type("7")
    assert kiosk.value("y") == "2026"
