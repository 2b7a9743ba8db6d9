"""The technician's page of the ruler: it draws 100 mm of a screen and says what to write into kiosk.toml."""

import re

import pytest
from flask import Flask

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
    assert "kiosk.toml đang ghi cỡ này" in bench.words
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
    assert f"width = {width} height = {height} mm = {mm}" in bench.words
    assert "Thước đã đúng thì ghi vào kiosk.toml" in bench.words


def test_the_measured_length_corrects_the_diagonal(bench: Bench) -> None:
    """A ruler of 98 mm on the glass: the screen is smaller than was said."""
    bench.go("/technician/ruler?width=1366&height=768&mm=396&measured=98")
    assert "mm = 388" in bench.words
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
    assert "kiosk.toml đang ghi cỡ này" in bench.words


def test_a_correction_stays_within_the_limits_of_the_setting(bench: Bench) -> None:
    bench.go("/technician/ruler?mm=1400&measured=150")
    assert "Đường chéo phải là số từ 150 đến 1500." in bench.words
