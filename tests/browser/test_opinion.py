"""The touchscreen's page of faces: words come with the face, a text is typed on the glass, silence ends the visit."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import expect

from kiosk.context import Context
from kiosk.records import opinions, sessions
from kiosk.records.opinions import NO_ANSWER, TEXT
from kiosk.web import loopback_server
from tests.browser.kiosks import until
from tests.browser.person import Person
from tests.faults.submitting import submit_form
from tests.serving import served

AT_START = "**/"


@pytest.fixture
def context(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    return context


@pytest.fixture
def person(app: Flask, context: Context, new_person: Callable[[str], Person]) -> Iterator[Person]:
    """Return a person at the done page."""
    with served(app, **loopback_server.LIMITS) as address:
        person = new_person(address)
        person.page.clock.install()
        person.go("/")
        submission_id, _receipt_no = submit_form(context)
        with context.store.write() as db:
            ((session,),) = db.execute("select id from sessions where audience = 'citizen'").fetchall()
            sessions.set_current(db, session, submission_id=submission_id)
        person.go("/done")
        yield person


def _faces(context: Context) -> list[tuple[int, tuple[str, ...]]]:
    day = context.clock.today()
    with context.store.read() as db:
        return [(each.opinion.face, each.opinion.words) for each in opinions.between(db, day.replace(day=1), day)]


@pytest.mark.smoke
def test_words_and_a_text_come_with_the_face_and_the_thanks_end_the_visit(person: Person, context: Context) -> None:
    page = person.page
    person.link("Cho ý kiến")
    assert page.locator("input:checked").count() == 0
    expect(page.locator(".why:visible")).to_have_count(0)
    expect(page.locator("#text")).to_be_hidden()
    person.choose("face", "1")
    expect(page.get_by_text("Chưa hài lòng điều gì?")).to_be_visible()
    person.choose("face", "3")
    expect(page.locator(".why:visible")).to_have_count(0)
    person.choose("face", "5")
    expect(page.get_by_text("Hài lòng điều gì?", exact=True)).to_be_visible()
    person.choose("word", "kind")
    person.type_by_touch("text", "cô ân cần")
    person.send("Gửi ý kiến")
    expect(page.get_by_role("heading", name="Cảm ơn ông/bà")).to_be_visible()
    assert _faces(context) == [(5, ("kind",))]
    with context.store.read() as db:
        (text,) = opinions.texts_between(db, context.clock.today(), context.clock.today())
    assert context.vault.open(TEXT, text.id, text.body).decode().lower() == "cô ân cần"
    with page.expect_navigation(url=AT_START):
        page.clock.run_for(4000)


def test_without_a_face_the_page_says_so_and_the_words_go_with_a_touch(person: Person, context: Context) -> None:
    person.go("/opinion").send("Gửi ý kiến")
    message = person.page.get_by_text("Xin chạm một mặt, hoặc Bỏ qua.")
    expect(message).to_be_visible()
    person.choose("face", "4")
    expect(message).to_be_hidden()
    person.send("Bỏ qua")
    assert person.path == "/"
    assert _faces(context) == [(NO_ANSWER, ())]


def test_a_page_that_nobody_touches_for_twenty_seconds_counts_as_no_answer(person: Person, context: Context) -> None:
    person.go("/opinion")
    person.choose("face", "2")
    person.page.clock.run_for(19_000)
    assert person.path == "/opinion"
    with person.page.expect_navigation(url=AT_START):
        person.page.clock.run_for(3000)
    until(lambda: _faces(context) == [(NO_ANSWER, ())])
