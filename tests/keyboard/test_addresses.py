"""Address words: a unit that was typed wrong is offered, and no name is asked about."""

from playwright.sync_api import Page

MEANT = {
    "|tỏ| 5": "tổ",
    "|to| 5, phường Phú Hậu": "tổ",
    "|Tô| 12": "Tổ",
    "|TỎ| 5": "TỔ",
    "|toor| 5": "tổ",
    "12 |kiêt| 35 Nguyễn Huệ": "kiệt",
    "|thon| Thanh Tiên": "thôn",
    "|xom| 3": "xóm",
    "12 |duong| Lê Lợi": "đường",
    "|ngỏ| 7": "ngõ",
    "|so| nhà 12": "số",
    "số |nha| 12": "nhà",
}
"""Line with the word in bars -> the unit that was meant."""
RIGHT = (
    "|tổ| 5",
    "|Dương| Hòa",
    "đường |Dương| Văn An",
    "|Ấp| Bắc",
    "đường |Tố| Hữu",
    "|Nhà| thờ",
    "|khu| 2",
    "|Lê| 5",
)
ASK = """async (lines) => {
  const { unitMeant } = await import("/static/keyboard/address.js");
  return lines.map((line) => {
    const [before, word, behind] = line.split("|");
    return unitMeant(word, { before, behind, tone: "old" });
  });
}"""


def test_a_unit_of_an_address_that_was_typed_wrong_is_offered(engine: Page) -> None:
    assert engine.evaluate(ASK, list(MEANT)) == list(MEANT.values())


def test_nobody_is_asked_about_a_right_unit_or_a_name(engine: Page) -> None:
    assert engine.evaluate(ASK, list(RIGHT)) == [""] * len(RIGHT)
