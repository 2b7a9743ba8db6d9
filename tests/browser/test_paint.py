"""First load of the start page and of a form step: few requests, few bytes, and nothing moves after the first paint."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from bench import paint
from bench.submit import make_draft
from tests.serving import served_on_loopback


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    app = paint.kiosk(tmp_path)
    yield app
    app.extensions["context"].store.close()


@pytest.mark.smoke
def test_the_start_page_needs_few_requests_and_bytes_and_does_not_move(app: Flask, chromium: Browser) -> None:
    with served_on_loopback(app) as address:
        load = paint.load_first(chromium, f"{address}/")
    assert load.requests <= 6
    assert load.size <= 150_000
    assert load.shift == 0


def test_a_form_step_needs_few_bytes_and_does_not_move(app: Flask, chromium: Browser) -> None:
    cookie, _ = make_draft(app.extensions["context"], 1)
    with served_on_loopback(app) as address:
        load = paint.load_next(chromium, address, path=paint.STEP, cookie=cookie)
    assert load.size <= 16_000
    assert load.shift == 0


@pytest.mark.parametrize("glass", [(1080, 1920), (1366, 768)], ids=["upright", "lying"])
def test_the_button_for_the_end_of_the_page_moves_nothing(
    app: Flask, chromium: Browser, glass: tuple[int, int]
) -> None:
    screen = chromium.new_context(viewport={"width": glass[0], "height": glass[1]}, has_touch=True)
    with served_on_loopback(app) as address:
        page = screen.new_page()
        page.add_init_script(paint.WATCH)
        page.goto(f"{address}/easier")
        page.locator('input[name="size"][value="xl"]').check(force=True)
        page.wait_for_load_state("networkidle")
        page.goto(f"{address}/")
        expect(page.locator(".hanging [data-see-more]")).to_be_visible()
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        expect(page.locator(".hanging [data-see-more]")).to_be_hidden()
        assert page.evaluate("seen.shift") == 0
        screen.close()
