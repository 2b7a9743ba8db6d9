"""Real habits: people touch three times, go back, reload, or type on a hardware keyboard."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from kiosk.base.clock import SYSTEM
from kiosk.config import load
from kiosk.records import submissions
from kiosk.store.db import Store
from tests.browser.kiosks import PracticeKiosk
from tests.browser.person import Person

NAME = "Trần Nguyễn Bảo Ngọc"
ANSWERED = "inputs => inputs.filter(it => it.checked || !/radio|checkbox/.test(it.type)).map(it => it.value)"
THREE_FAST = "button => [0, 40, 80].forEach(ms => setTimeout(() => button.click(), ms))"
THREE_AT_ONCE = """form => Promise.all([1, 2, 3].map(() =>
  fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).then(answer => answer.url)))"""


def count_submissions(kiosk: PracticeKiosk) -> int:
    """Return the number of today's submissions in the store."""
    with Store(load(kiosk.settings).practising().store_path) as store, store.read() as db:
        return len(submissions.of_day(db, SYSTEM.today()))


@pytest.mark.smoke
def test_three_fast_touches_make_one_submission(person: Person, kiosk: PracticeKiosk) -> None:
    person.fill_birth()
    person.swear()
    person.see_all()
    before = count_submissions(kiosk)
    person.page.locator(".dock .main:visible").evaluate(THREE_FAST)
    person.receipt()
    assert count_submissions(kiosk) == before + 1


def test_three_posts_at_once_make_one_submission(person: Person, kiosk: PracticeKiosk) -> None:
    person.fill_birth()
    person.swear()
    before = count_submissions(kiosk)
    urls = person.page.locator("#answer").evaluate(THREE_AT_ONCE)
    assert {urlsplit(url).path for url in urls} == {"/done"}
    assert count_submissions(kiosk) == before + 1


def test_back_and_reload_at_every_step_lose_nothing(person: Person) -> None:
    page = person.page
    steps = (
        person.fill_mother,
        person.fill_father,
        person.fill_child,
        person.fill_birth_date,
        person.fill_ethnic_groups,
    )
    kept = ("Nguyễn Thị Diệu Hiền", "Trần Văn Phước", NAME, "2026", "Kinh")
    person.begin_birth()
    for step, answer in zip(steps, kept, strict=True):
        step()
        next_step = page.url
        page.reload()
        assert page.url == next_step
        person.follow(page.locator(".dock .btn").first)
        values = page.locator("main input").evaluate_all(ANSWERED)
        assert answer in " ".join([page.locator("main").inner_text(), *values])
        page.go_back()
        page.go_forward()
        page.goto(next_step)
        assert page.url == next_step
    person.want_no_copies()
    text = page.locator("main").inner_text()
    assert [answer for answer in kept if answer not in text] == []


@pytest.mark.smoke
def test_a_keyboard_with_keys_types_vietnamese(person: Person) -> None:
    person.begin_birth()
    person.fill_mother()
    person.fill_father()
    person.enter(person.field("con_ho_ten"))
    person.page.keyboard.type("traanf nguyeenx baor ngocj", delay=60)  # slower than a scanner, as any hand is
    expect(person.field("con_ho_ten")).to_have_value(NAME)
