"""docs/officer.md: its pictures are those of `make pictures`, its words and keys are those of the product."""

import re
from collections.abc import Iterator

import pytest
from PIL import Image

from kiosk.config import ROOT
from tests.browser import desk_scenes
from tests.project.staff_texts import module_texts, staff_texts, template_texts

PAGE = (ROOT / "docs" / "officer.md").read_text("utf-8")
PICTURE = re.compile(r"^!\[([^\]]*)\]\(pictures/officer/([\w-]+)\.png\)$", re.MULTILINE)
QUOTED = re.compile(r"\*\*(.+?)\*\*|“(.+?)”")
LARGEST = 120_000
LEAST_WORDS = 5
KEY_ROW = re.compile(r"^\| ([^|]+?) \| (F\d+) \|", re.MULTILINE)
HEADS = {
    "Một tên, một quầy",
    "Mở, đóng quầy",
    "Nhiều tệp một lần",
    "Khai tiếp ở máy",
    "Khai tiếp ở quầy",
    "Mất phiếu, phiếu chưa in được",
    "Thẻ quét chỉ để điền sẵn",
    "Địa chỉ cũ",
    "Giữ để dùng lại",
    "Lệ phí, thời hạn, giấy tờ",
    "Trang và giấy ghi gì",
}
"""Bold beginnings of paragraphs that are a title of the page, not a text of the product."""
KEYS_AND_DIGITS = re.compile(r"(F\d+|Ctrl \w+|Alt \w+|[A-Z]|[0-9?]|Esc|Enter)")


@pytest.fixture(scope="module")
def product() -> str:
    """Return all texts that the product shows, in small letters."""
    texts = [text for _, text in staff_texts()]
    for path in (ROOT / "templates").rglob("*.html"):
        texts += template_texts(path)
    for path in (ROOT / "kiosk").rglob("*.py"):
        texts += module_texts(path)
    texts += [path.read_text("utf-8") for path in (ROOT / "static").rglob("*.js")]
    texts += [path.read_text("utf-8") for path in (ROOT / "templates" / "officer").glob("*.html")]
    return " ".join(" ".join(texts).split()).casefold()


def _quoted() -> Iterator[str]:
    """Yield each text in bold or in quotation marks, once."""
    found = (bold or quoted for bold, quoted in QUOTED.findall(" ".join(PAGE.split())))
    yield from dict.fromkeys(text.strip("“”").rstrip(".?:") for text in found)


def _is_shown(text: str, product: str) -> bool:
    """Return whether the product shows a text; "…" and "(1)" stand for values."""
    parts = [part.strip() for part in re.split(r"…|\(\w+\)", text)]
    return all(re.search(rf"(?<!\w){re.escape(part.casefold())}(?!\w)", product) for part in parts if part)


def test_each_text_in_bold_or_quotation_marks_is_a_text_of_the_product(product: str) -> None:
    texts = [text for text in _quoted() if text not in HEADS and not KEYS_AND_DIGITS.fullmatch(text)]
    assert len(texts) > 150
    assert [text for text in texts if not _is_shown(text, product)] == []


def test_no_title_of_the_page_is_left_over_in_this_test() -> None:
    assert set(_quoted()) >= HEADS


@pytest.mark.parametrize("text", ["Gọi số kế", "Đưa trả Máy …", "(1) Có ai gọi"])
def test_a_text_that_the_product_does_not_show_is_found(text: str, product: str) -> None:
    assert not _is_shown(text, product)


def test_the_keys_of_its_table_are_on_the_buttons_of_the_queue() -> None:
    pages = (ROOT / "templates" / "officer" / "queue.html").read_text("utf-8")
    buttons = set(re.findall(r'tap\("\w+", "([^"]+)", "(F\d+)"', pages))
    rows = set(KEY_ROW.findall(PAGE))
    assert len(rows) == 6
    assert rows <= buttons


def test_its_pictures_are_those_that_the_command_takes() -> None:
    named = [name for _, name in PICTURE.findall(PAGE)]
    files = {path.stem for path in (ROOT / "docs" / "pictures" / "officer").iterdir()}
    assert PAGE.count("](pictures/") == len(named)
    assert sorted(named) == sorted(set(desk_scenes.SCENES)) == sorted(files)


def test_each_picture_is_small_and_says_what_it_shows_to_those_who_do_not_see_it() -> None:
    for alt, name in PICTURE.findall(PAGE):
        path = ROOT / "docs" / "pictures" / "officer" / f"{name}.png"
        assert path.stat().st_size < LARGEST, name
        assert len(alt.split()) >= LEAST_WORDS, alt
        with Image.open(path) as picture:
            assert picture.mode == "P", name
