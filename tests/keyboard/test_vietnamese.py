"""Tests of the typing engine in Chromium: one call a test, so that thousands of words take seconds."""

import unicodedata

import pytest
from playwright.sync_api import Page

from tests.keyboard import cases, syllables

pytestmark = pytest.mark.browser

TELEX = [
    cases.NAMES,
    cases.WORDS,
    cases.UNDONE,
    cases.CAPITALS,
    cases.HIGHLANDS,
    cases.FOREIGN,
    cases.ERASED,
]


def differences(engine: Page, table: str, **options: str) -> list[tuple[str, str, str]]:
    """Return the lines whose result differs from the table, as (keys, expected, actual)."""
    lines = cases.read(table)
    got = engine.evaluate(
        "([lines, options]) => lines.map((keys) => vi.compose(keys, options))", [[k for k, _ in lines], options]
    )
    keys = ["".join(key if len(key) == 1 else "<" for key in pressed) for pressed, _ in lines]
    return [
        (pressed, want, have)
        for pressed, (_, want), have in zip(keys, lines, got, strict=True)
        if have != unicodedata.normalize("NFC", want)
    ]


@pytest.mark.smoke
@pytest.mark.parametrize(
    "table", TELEX, ids=["names", "words", "undone", "capitals", "highlands", "foreign", "backspace"]
)
def test_telex_writes_what_a_person_means(engine: Page, table: str) -> None:
    assert differences(engine, table, method="telex") == []


def test_vni_writes_what_a_person_means(engine: Page) -> None:
    assert differences(engine, cases.VNI, method="vni") == []


def test_the_new_style_moves_the_tone_of_oa_oe_uy(engine: Page) -> None:
    assert differences(engine, cases.NEW_STYLE, tone="new") == []


def test_there_are_enough_cases_by_hand() -> None:
    tables = [*TELEX, cases.VNI, cases.NEW_STYLE]
    assert sum(len(cases.read(table)) for table in tables) >= 250


@pytest.mark.parametrize("style", ["old", "new"])
@pytest.mark.parametrize("method", ["telex", "vni"])
def test_every_syllable_is_the_same_in_whatever_order_it_is_typed(engine: Page, method: str, style: str) -> None:
    wanted = list(syllables.typed(method, style))
    got = engine.evaluate(
        "([lines, options]) => lines.map((keys) => vi.compose(keys, options))",
        [[keys for keys, _ in wanted], {"method": method, "tone": style}],
    )
    wrong = [(keys, want, have) for (keys, want), have in zip(wanted, got, strict=True) if want != have]
    assert len(wanted) > 20_000
    assert wrong[:20] == [], f"{len(wrong)} of {len(wanted)}"


def test_every_syllable_is_read_again_as_it_stands_and_goes_back_letter_by_letter(engine: Page) -> None:
    words = sorted({word for _, word in syllables.typed("telex", "old")})
    wrong = engine.evaluate(
        """(words) => words.filter((word) => {
             let now = vi.retype(word);
             for (let n = word.length; n > 0; n--) {
               const { text, caret } = vi.read(now);
               if (text.length !== n || caret !== n || text.normalize("NFC") !== text) return true;
               now = vi.erase(now);
             }
             return vi.read(now).text !== "" || vi.read(vi.retype(word)).text !== word;
           })""",
        words,
    )
    assert wrong == []


def test_a_word_that_the_caret_stands_in_is_typed_on_from_there(engine: Page) -> None:
    typed_inside = engine.evaluate(
        """() => [
          [["Ng", "c"], "o"], [["h", "àng"], "o"], [["Nguy", "n"], "eex"], [["hoa", "ng"], "f"],
          [["", "an"], "l"], [["", "an"], "w"], [["tr", "ng"], "awm"], [["du", "ng"], "owf"],
        ].map(([sides, keys]) => [...keys].reduce((word, key) => vi.press(word, key), vi.retype(...sides)))
         .map((word) => Object.values(vi.read(word)).join(" "))"""
    )
    assert typed_inside == ["Ngoc 3", "hoàng 2", "Nguyễn 5", "hoàng 3", "lan 1", "wan 1", "trămng 4", "dường 3"]


def test_a_tone_key_works_on_a_whole_word_and_is_taken_off_again(engine: Page) -> None:
    words = engine.evaluate(
        """() => [
          vi.applyTone("Ngoc", "dot"), vi.applyTone("hoa", "grave"), vi.applyTone("hoa", "grave", { tone: "new" }),
          vi.applyTone("Nguyên", "tilde"), vi.applyTone("Hòa", "acute"), vi.applyTone("Hòa", ""),
          vi.applyTone("Chamalea", "acute"), vi.applyTone("Kpă", "dot"), vi.applyTone("qu", "acute"),
          vi.applyTone("Thch", "acute"), vi.applyTone("QUYÊN", "hook"), vi.toggleTone("Ngọc", "dot"),
          vi.toggleTone("Ngọc", "acute"), vi.applyTone("Trân", "grave"), vi.applyTone("gi", "grave"),
          vi.applyTone("Ánhnguyệt", "", { caret: 2 }),
        ]"""
    )
    wanted = "Ngọc hòa hoà Nguyễn Hóa Hoa Chamaléa Kpặ qu Thch QUYỂN Ngoc Ngóc Trần gì Anhnguyệt"
    assert " ".join(words) == wanted


def test_a_tone_key_shows_what_it_will_do(engine: Page) -> None:
    shown = engine.evaluate(
        """() => ["Ngoc", "", "Th", "hoa", "ÂN", "quy", "thương"].map((word) =>
             Object.keys({ acute: 1, grave: 1, hook: 1, tilde: 1, dot: 1 }).map((tone) =>
               vi.previewTone(word, tone)).join(""))"""
    )
    assert shown == ["óòỏõọ", "áàảãạ", "áàảãạ", "óòỏõọ", "ẤẦẨẪẬ", "ýỳỷỹỵ", "ớờởỡợ"]
    assert engine.evaluate("['Ngọc', 'Hòa', 'An', 'Ễ', ''].map((word) => vi.toneOf(word))") == [
        "dot",
        "grave",
        "",
        "tilde",
        "",
    ]


def test_leftover_telex_is_noticed_and_real_words_are_not(engine: Page) -> None:
    lines = cases.read(cases.MENDED)
    mended = engine.evaluate("(words) => words.map((word) => vi.telexLeft(word))", ["".join(keys) for keys, _ in lines])
    assert mended == [word for _, word in lines]
    alone = cases.LEFT_ALONE.split()
    offered = engine.evaluate("(words) => words.map((word) => vi.telexLeft(word))", alone)
    assert [word for word, offer in zip(alone, offered, strict=True) if offer] == []


def test_names_get_their_capitals(engine: Page) -> None:
    lines = ["trần thị ánh", "h'wiên niê", "y-kôp", "K’brêu", "đặng văn a", "ê-đê", "NGUYỄN an", ""]
    assert engine.evaluate("(lines) => lines.map(vi.capitalise)", lines) == [
        "Trần Thị Ánh",
        "H'Wiên Niê",
        "Y-Kôp",
        "K’Brêu",
        "Đặng Văn A",
        "Ê-Đê",
        "NGUYỄN An",
        "",
    ]


@pytest.mark.smoke
def test_no_letter_is_ever_lost(engine: Page) -> None:
    """Letters typed directly stay as typed, also ñ, ŏ, č and é of other spellings."""
    lines = ["Êñuôl", "Brŭ", "Čil", "Pơ Ŏ", "Müller", "Ñgô", "Łukasz", "Đŏng", "Ƀuôn", "Thch", "Kpơ̆"]
    same = engine.evaluate("(lines) => lines.map((line) => vi.compose(line, { method: 'easy' }))", lines)
    assert same == [unicodedata.normalize("NFC", line) for line in lines]
    assert engine.evaluate("vi.compose('Nguyễn'.normalize('NFD'))") == "Nguyễn"
