"""Xem tiếp: the main button comes when the end of the page was seen, also where the number pad hides a question."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from kiosk.base.screen_size import ScreenSize
from tests.browser.glass import kiosk_with, opened_at, person_before, set_size
from tests.browser.person import Person

PORTRAIT = ScreenSize(1080, 1920, 396)


@pytest.fixture
def app(tmp_path: Path, shared_app: Flask) -> Iterator[Flask]:
    with kiosk_with(PORTRAIT, tmp_path, shared_app) as app:
        yield app


@pytest.fixture
def person(app: Flask, chromium: Browser) -> Iterator[Person]:
    with person_before(app, chromium) as person:
        yield person


@pytest.mark.smoke
def test_the_pad_does_not_hide_a_question_without_an_answer(app: Flask, person: Person) -> None:
    page = opened_at(app, person, "1.000656", "/form/mat_luc_nao")
    onward = page.locator(".dock .main")
    more = page.locator(".dock [data-see-more]")
    person.see_all()
    expect(onward).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    person.enter(page.locator("input.field").first)
    expect(more).to_be_visible()
    expect(onward).to_be_hidden()
    person.see_all()
    expect(page.locator("legend", has_text="Nơi mất")).to_be_in_viewport()
    expect(onward).to_be_visible()


def test_a_pad_that_hides_no_open_question_leaves_the_main_button(app: Flask, person: Person) -> None:
    page = opened_at(app, person, "1.000656", "/form/mat_luc_nao")
    person.see_all()
    person.choose("nc_noi_chet", "birth:0")
    person.enter(page.locator("input.field").last)
    person.wait_until_quiet()
    expect(page.locator(".dock .main")).to_be_visible()


def test_papers_in_the_place_of_the_questions_have_to_be_seen(person: Person) -> None:
    set_size(person, "xl")
    person.go("/need/2.000635").choose("giay_nao", "khai_sinh")
    person.wait_until_quiet()
    expect(person.page.locator("#situation[data-swap]")).to_be_visible()
    expect(person.page.locator(".dock [data-see-more]")).to_be_visible()
    person.see_all()
    expect(person.page.locator(".dock .main")).to_be_visible()
