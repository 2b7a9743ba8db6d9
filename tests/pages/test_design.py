"""Pages of the components: in practice, each with its markup, in the colours that are asked for."""

import pytest
from flask import Flask
from markupsafe import escape

from kiosk.config import ROOT
from kiosk.pages.practice import DESIGN_SAMPLES, TOUCHSCREEN_SAMPLES
from tests.journeys.walker import Walker


@pytest.mark.parametrize(
    ("address", "samples"),
    [("/practice/design", DESIGN_SAMPLES), ("/practice/design/touchscreen", TOUCHSCREEN_SAMPLES)],
)
def test_each_component_is_beside_its_markup(walker: Walker, address: str, samples: tuple[str, ...]) -> None:
    page = walker.go(address).html
    for name in samples:
        assert str(escape((ROOT / "templates" / name).read_text("utf-8"))) in page, name
    assert "data-theme" not in page


def test_every_sample_of_the_folder_is_shown() -> None:
    folder = ROOT / "templates" / "practice" / "design"
    shown = {ROOT / "templates" / name for name in (*DESIGN_SAMPLES, *TOUCHSCREEN_SAMPLES)}
    assert set(folder.rglob("*.html")) == shown


def test_colours_and_sizes_are_those_of_the_desk(walker: Walker) -> None:
    page = walker.go("/practice/design?theme=desk-dark&size=larger").page
    assert 'data-theme="desk-dark"' in page
    assert 'data-size="larger"' in page
    assert "data-theme" not in walker.go("/practice/design?theme=%22x").page


def test_the_style_sheet_of_the_system_is_one_answer_that_begins_with_the_order_of_its_layers(app: Flask) -> None:
    browser = app.test_client()
    sheet = browser.get(f"{app.static_url_path}/system.css").get_data(as_text=True)
    parts = sorted((ROOT / "static" / "system").glob("*.css"))
    assert all(path.read_text("utf-8") in sheet for path in parts)
    assert sheet.index("@layer tokens, base") < sheet.index("{")
