"""Hands as they are: they touch three times, go back, reload, and some bring a keyboard along."""

from urllib.parse import urlsplit

from kiosk.clock import SYSTEM
from kiosk.config import load
from kiosk.records import submissions
from kiosk.store.db import Store
from tests.browser.kiosks import Practice
from tests.browser.walking import Person

NAME = "Trần Nguyễn Bảo Ngọc"
SAID = "all => all.filter(one => one.checked || !/radio|checkbox/.test(one.type)).map(one => one.value)"
THREE_FAST = "button => [0, 40, 80].forEach(ms => setTimeout(() => button.click(), ms))"
THREE_AT_ONCE = """form => Promise.all([1, 2, 3].map(() =>
  fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).then(answer => answer.url)))"""


def handed_in(kiosk: Practice) -> int:
    """How many forms the store holds."""
    with Store(load(kiosk.settings).practising().store_path) as store, store.read() as db:
        return len(submissions.of_day(db, SYSTEM.today()))


def test_three_fast_touches_make_one_submission(person: Person, kiosk: Practice) -> None:
    person.fill_birth()
    person.swear()
    person.see_all()
    before = handed_in(kiosk)
    person.page.locator(".dock .main:visible").evaluate(THREE_FAST)
    person.receipt()
    assert handed_in(kiosk) == before + 1


def test_three_posts_at_once_make_one_submission(person: Person, kiosk: Practice) -> None:
    person.fill_birth()
    person.swear()
    before = handed_in(kiosk)
    ways = person.page.locator("#answer").evaluate(THREE_AT_ONCE)
    assert {urlsplit(way).path for way in ways} == {"/done"}
    assert handed_in(kiosk) == before + 1


def test_back_and_reload_at_every_step_lose_nothing(person: Person) -> None:
    page = person.page
    steps = (person.mother, person.father, person.baby, person.born, person.peoples)
    kept = ("Nguyễn Thị Diệu Hiền", "Trần Văn Phước", NAME, "2026", "Kinh")
    person.begin_birth()
    for step, answer in zip(steps, kept, strict=True):
        step()
        here = page.url
        page.reload()
        assert page.url == here
        person.follow(page.locator(".dock a.btn"))
        said = page.locator("main input").evaluate_all(SAID)
        assert answer in " ".join([page.locator("main").inner_text(), *said])
        page.go_back()
        page.go_forward()
        page.goto(here)
        assert page.url == here
    text = page.locator("main").inner_text()
    assert [answer for answer in kept if answer not in text] == []


def test_a_keyboard_with_keys_types_vietnamese(person: Person) -> None:
    person.begin_birth()
    person.mother()
    person.father()
    person.field("con_ho_ten").tap()
    person.page.keyboard.type("traanf nguyeenx baor ngocj", delay=60)  # slower than a scanner, as any hand is
    assert person.field("con_ho_ten").input_value() == NAME
