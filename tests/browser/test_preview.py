"""`kiosk procedure preview FILE`: an author fills in the form on a touchscreen before its first valid day."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.browser.kiosks import PracticeKiosk
from tests.browser.person import Person
from tests.journeys.test_written import EXAMPLE


@pytest.fixture
def previewed(tmp_path: Path) -> Iterator[PracticeKiosk]:
    file = tmp_path / "hoc-nghe.toml"
    file.write_text(re.sub("effective_from = .*", "effective_from = 2099-01-01", EXAMPLE), "utf-8")
    practice = PracticeKiosk(tmp_path, command=("procedure", "preview", str(file)))
    yield practice
    practice.stop()


def test_an_author_walks_the_form_finds_it_by_its_words_and_sees_its_paper(
    previewed: PracticeKiosk, new_person: Callable[[str], Person]
) -> None:
    address = re.search(r"Xem thử: (\S+)", previewed.output.read_text("utf-8"))
    assert address is not None
    person = new_person(previewed.address)
    person.go("/choose?q=hoc nghe")
    person.follow(person.page.locator(".found a"))
    assert person.page.url == address[1]
    assert "Xác nhận đã học nghề" in person.page.locator("h1").inner_text()
    person.onward()
    person.card("Mẹ")
    person.onward()
    person.choose("nghe", "may")
    for box, digits in zip("dmy", ("01", "11", "2030"), strict=True):
        person.touch_digits(f"ngay_xong.{box}", digits)
    person.onward()
    assert "Mời xem lại" in person.page.locator(".summary").inner_text(), "the author's own check speaks"
    person.field("ngay_xong.y").fill("")
    person.touch_digits("ngay_xong.y", "2025")
    person.onward()
    if person.path == "/form/missing":
        person.onward()
    assert "May mặc, ngày 01/11/2025" in person.page.locator("main").inner_text()
    person.swear()
    person.onward()
    receipt = person.receipt()
    assert "Đọc lại tờ khai rồi ký." in person.page.locator("main").inner_text()
    person.go("/practice/paper")
    form = person.page.get_by_role("link", name=receipt).get_attribute("href")
    with urlopen(f"{previewed.address}{form}") as answer:
        assert answer.read().startswith(b"%PDF-")
    assert not previewed.data.exists(), "papers of a preview lie in no folder of the kiosk"
