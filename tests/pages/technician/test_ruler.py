"""The technician's page of the ruler: it draws 100 mm of a screen and writes the size that was measured."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kiosk.acts import screens
from kiosk.base.screen_size import ScreenSize
from kiosk.config import ROOT, load
from kiosk.records import audit, touchscreens
from tests.pages.technician.sitting import Bench


@pytest.fixture
def bench(app: Flask) -> Bench:
    return Bench(app)


def _length(bench: Bench) -> float:
    """Return the pixels of the drawn ruler."""
    width = re.search(r'width="([\d.]+)"[^>]*aria-label="Thước 100 mm"', bench.page)
    assert width
    return float(width[1])


def test_the_ruler_has_the_length_of_the_screen_in_use(bench: Bench) -> None:
    bench.go("/technician/ruler")
    assert "Màn hình đang dùng cỡ này" in bench.words
    assert _length(bench) == pytest.approx(556.3, abs=0.1)


@pytest.mark.parametrize(
    ("size", "length", "mm"),
    [
        ("width=1366&height=768&inches=15,6", 395.7, 396),
        ("width=1280&height=800&inches=10.1", 587.3, 257),
        ("width=1920&height=1080&inches=24", 361.1, 610),
    ],
)
def test_a_screen_of_another_size_gets_its_ruler_and_its_lines(bench: Bench, size: str, length: float, mm: int) -> None:
    bench.go(f"/technician/ruler?{size}")
    width, height = re.findall(r"=(\d+)", size)[:2]
    assert _length(bench) == pytest.approx(length, abs=0.1)
    assert f"{width} × {height} điểm ảnh, đường chéo {mm} mm" in bench.words
    assert "Thước đã đúng thì ghi lại" in bench.words


def test_the_measured_length_corrects_the_diagonal(bench: Bench) -> None:
    """A ruler of 98 mm on the glass: the screen is smaller than was said."""
    bench.go("/technician/ruler?width=1366&height=768&mm=396&measured=98")
    assert "đường chéo 388 mm" in bench.words
    assert _length(bench) == pytest.approx(395.7 / 0.98, abs=0.3)


@pytest.mark.parametrize(
    ("size", "sentence"),
    [
        ("width=nhiều", "Bề ngang phải là số từ 480 đến 7680."),
        ("height=0", "Bề cao phải là số từ 480 đến 7680."),
        ("inches=156", "Đường chéo phải là số từ 5,91 đến 59,06."),
        ("inches=nan", "Đường chéo phải là số từ 5,91 đến 59,06."),
        ("measured=5", "Số đo phải là số từ 50 đến 200."),
    ],
)
def test_a_number_outside_its_limits_is_named(bench: Bench, size: str, sentence: str) -> None:
    bench.go(f"/technician/ruler?{size}")
    assert sentence in bench.words
    assert "Màn hình đang dùng cỡ này" in bench.words


def test_a_correction_stays_within_the_limits_of_the_setting(bench: Bench) -> None:
    bench.go("/technician/ruler?mm=1400&measured=150")
    assert "Đường chéo phải là số từ 150 đến 1500." in bench.words


def test_the_size_of_the_own_screen_is_written_and_used_at_once(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text((ROOT / "kiosk.toml").read_text("utf-8"), "utf-8")
    bench.context.config = replace(load(file), root=bench.context.config.root)
    bench.go("/technician/ruler?width=1366&height=768&mm=396")
    bench.post("/technician/ruler", width="1366", height="768", mm="396")
    assert "Màn hình đang dùng cỡ này" in bench.words
    assert load(file).screen.size == ScreenSize(1366, 768, 396)
    assert "--mm: 3.957px" in bench.browser.get("/kiosk.css").get_data(as_text=True)


def test_the_size_of_an_enrolled_screen_is_written_beside_its_name(bench: Bench) -> None:
    context = bench.context
    screens.create_code(context, "Máy 2, cửa sau", "CB03")
    with context.store.read() as db:
        screen = touchscreens.list_all(db, context.clock.now())[0]
    bench.go("/technician/screens")
    assert "Ghi cỡ màn hình" in bench.words
    bench.go(f"/technician/ruler?screen={screen.id}&width=1280&height=800&inches=10,1")
    assert "Cỡ màn hình “Máy 2, cửa sau”" in bench.words
    bench.post("/technician/ruler", screen=screen.id, width="1280", height="800", mm="257")
    assert "Màn hình đang dùng cỡ này" in bench.words
    assert "Cỡ 257 mm" in bench.go("/technician/screens").words
    with context.store.read() as db:
        assert touchscreens.list_all(db, context.clock.now())[0].size == ScreenSize(1280, 800, 257)
        assert [entry.line.subject for entry in audit.latest(db, ["screen_size"], 5)] == [screen.id]
    bench.go("/technician/ruler?measured=98")
    assert context.config.screen.name in bench.words, "without a name of a screen the page is about the own one"


@pytest.mark.parametrize("numbers", [{"width": "0"}, {"mm": "nhiều"}, {"height": "99999"}])
def test_a_wrong_number_is_not_written(bench: Bench, numbers: dict[str, str]) -> None:
    context = bench.context
    screens.create_code(context, "Máy 2", "CB03")
    with context.store.read() as db:
        screen = touchscreens.list_all(db, context.clock.now())[0]
    bench.go(f"/technician/ruler?screen={screen.id}&width=1280&height=800&mm=257")
    bench.post("/technician/ruler", **{"screen": screen.id, "width": "1280", "height": "800", "mm": "257"} | numbers)
    assert "phải là số từ" in bench.words
    with context.store.read() as db:
        assert touchscreens.list_all(db, context.clock.now())[0].size is None


def test_a_screen_that_is_no_more_is_named_as_such(bench: Bench) -> None:
    assert bench.browser.get("/technician/ruler?screen=nothing").status_code == 404
