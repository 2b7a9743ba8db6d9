"""Common surnames without their marks are offered with them; other surnames are left as they are."""

from playwright.sync_api import Page

MEANT = {
    "Nguyen": "Nguyễn",
    "nguyên": "nguyễn",
    "NGUYẼN": "NGUYỄN",
    "Tran": "Trần",
    "Le": "Lê",
    "Pham": "Phạm",
    "Hoang": "Hoàng",
    "Dang": "Đặng",
    "Do": "Đỗ",
    "Đao": "Đào",
}
RIGHT = (
    *("Nguyễn", "Trần", "Lê", "Đỗ", "Phan", "Cao", "Mai", "Tôn", "Hồ", "Ly", "Zơ", "Kpă"),
    *("Doãn", "Đường", "Lường", "Ngọ", "Đàng", "Hờ", "Vừ"),  # surnames of their own
)
ASK = """async ([words, before]) => {
  const { surnameMeant } = await import("/static/keyboard/surnames.js");
  return words.map((word) => surnameMeant(word, { before }));
}"""


def test_a_common_surname_with_wrong_marks_is_offered_with_its_own(engine: Page) -> None:
    assert engine.evaluate(ASK, [list(MEANT), " "]) == list(MEANT.values())


def test_nobody_is_asked_about_a_right_or_a_rare_surname(engine: Page) -> None:
    assert engine.evaluate(ASK, [list(RIGHT), ""]) == [""] * len(RIGHT)


def test_nobody_is_asked_about_the_words_behind_a_surname(engine: Page) -> None:
    assert engine.evaluate(ASK, [list(MEANT), "Trần "]) == [""] * len(MEANT)
