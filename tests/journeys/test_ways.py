"""Back, reload, jumps, two tabs, repeated touches, another person's form: the order of the pages is kept."""

import re
from collections.abc import Callable
from dataclasses import replace
from threading import Barrier, Thread

import pytest
from flask import Flask

from kiosk.acts import wiping
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.procedures.loader import Catalogue
from kiosk.records import submissions
from tests.journeys import submission_checks
from tests.journeys.people import (
    BIRTH,
    CHILD,
    DAY,
    begin_birth,
    birth_until_check,
    child,
    father,
    mother_registers,
    peoples,
    reach_check_page,
    submit,
)
from tests.journeys.walker import Walker

STEPS: tuple[Callable[[Walker], Walker], ...] = (begin_birth, mother_registers, father, child, peoples)


def test_a_reload_shows_every_page_as_it_was(walker: Walker) -> None:
    for step in STEPS:
        step(walker)
        url = walker.at
        heading = walker.heading
        forms = walker.forms()
        walker.go(url)
        assert (walker.at, walker.heading, walker.forms()) == (url, heading, forms)


def test_every_earlier_page_can_be_visited_again_and_has_its_answers(walker: Walker) -> None:
    birth_until_check(walker)
    for address in [url for url in walker.addresses if url.startswith("/form/") and url != "/form/missing"]:
        walker.go(address)
        assert walker.at == address
        assert walker.answer.status_code == 200
    walker.go("/form/ten_be")
    assert walker.form().sends["con_ho_ten"] == CHILD
    walker.fill()
    assert walker.at == "/form/check", "a page that is changed from the check page leads back to it"


def test_the_back_button_of_every_page_leads_to_a_page_that_was_shown(walker: Walker) -> None:
    birth_until_check(walker)
    addresses = walker.addresses
    for address in addresses[addresses.index("/form/nguoi_khai") :]:
        walker.go(address)
        link = re.search(r'<div class="dock">\s*<a class="btn" href="([^"]+)"', walker.page)
        walker.go(link[1]) if link else walker.fill(back="1")
        assert walker.at in addresses
        assert walker.answer.status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/form/check",
        "/form/missing",
        "/form/dan_toc_que_quan",
        "/form/giay_ket_hon",
        "/form/nguoi_cha",
        "/form/no_such",
    ],
)
def test_an_address_that_is_not_open_yet_leads_to_the_first_open_page(walker: Walker, address: str) -> None:
    begin_birth(walker).go(address)
    assert walker.at == "/form/nguoi_khai"
    mother_registers(walker).go(address)
    assert walker.at == "/form/nguoi_cha"


def test_nothing_can_be_handed_in_before_the_end(walker: Walker) -> None:
    begin_birth(walker).post("/form/submit", oath="1")
    assert walker.at == "/form/nguoi_khai"
    with walker.context.store.read() as db:
        assert submissions.of_day(db, walker.context.clock.today()) == []


def test_nothing_is_handed_in_without_the_oath(walker: Walker) -> None:
    birth_until_check(walker).fill()
    assert "lời cam đoan" in walker.words
    assert 'class="summary"' in walker.page
    submit(walker)
    assert walker.at == "/done"


def test_a_changed_answer_opens_the_pages_behind_it(walker: Walker) -> None:
    birth_until_check(walker).go("/form/nguoi_khai").fill(nyc_quan_he="ba")
    assert walker.at == "/form/nguoi_me"
    walker.go("/form/check")
    assert walker.at == "/form/nguoi_me"


def test_two_tabs_of_one_form_do_not_undo_each_other(walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    father(walker)
    walker.fill(con_ho_ten=CHILD, con_gioi_tinh="nu")
    walker.post("/form/ten_be", con_ho_ten="Trần Bảo An", con_gioi_tinh="nam")
    walker.go("/form/sinh_luc_nao").fill({"con_noi_sinh": "birth:0"} | DAY)
    peoples(walker)
    submit(reach_check_page(walker))
    assert submission_checks.checked_body(walker.context, "A")["form"]["answers"]["con_ho_ten"] == "Trần Bảo An"


def test_a_tab_that_was_left_open_finds_the_slip_after_submit(walker: Walker) -> None:
    submit(birth_until_check(walker))
    for address in ("/form/ten_be", "/form/check", "/form/missing", "/form/changed"):
        walker.go(address)
        assert walker.at == "/done"
    walker.post("/form/ten_be", con_ho_ten="Ai khác")
    assert walker.at == "/done"
    submission_checks.checked_body(walker.context, "A")


def test_three_touches_on_submit_make_one_submission(walker: Walker) -> None:
    birth_until_check(walker)
    for _ in range(3):
        walker.post("/form/submit", oath="1")
        assert walker.at == "/done"
    submission_checks.checked_body(walker.context, "A")


def test_eight_touches_at_once_make_one_submission(app: Flask, walker: Walker) -> None:
    birth_until_check(walker)
    data = walker.form().sends | {"oath": "1"}
    cookie = walker.browser.get_cookie("kiosk_tap")
    assert cookie is not None
    start = Barrier(8)
    answers = []

    def post_submit() -> None:
        browser = app.test_client()
        browser.set_cookie("kiosk_tap", cookie.value)
        start.wait()
        answers.append(browser.post("/form/submit", data=data))

    threads = [Thread(target=post_submit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(303, "/done")] * 8
    submission_checks.checked_body(walker.context, "A")


def test_a_draft_of_a_replaced_version_is_migrated(walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    father(walker)
    _restart_with_version(walker, version="2027-01")
    walker.go("/form/ten_be")
    assert walker.at == "/form/changed"
    assert "vừa đổi" in walker.words
    walker.follow("/form/ten_be")
    assert walker.heading == "Tên của bé là gì?"
    child(walker)
    peoples(walker)
    submit(reach_check_page(walker))
    form = submission_checks.checked_body(walker.context, "A")["form"]
    assert form["formVersion"] == "2027-01"
    assert form["answers"]["me_ho_ten"] == "Nguyễn Thị Diệu Hiền"


def test_a_field_that_changed_its_kind_is_asked_again(walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    father(walker)
    child(walker)
    _restart_with_version(walker, version="2027-01", kinds={"con_ho_ten": "id_number"})
    walker.go("/form/dan_toc_que_quan")
    assert walker.at == "/form/changed"
    walker.follow("/form/ten_be")
    assert walker.form().sends["con_gioi_tinh"] == "nu"
    assert walker.form().sends["con_ho_ten"] == ""


def test_a_version_that_is_still_in_the_catalogue_continues(walker: Walker) -> None:
    mother_registers(begin_birth(walker)).go("/form/changed")
    assert walker.at == "/form/nguoi_cha"


def _restart_with_version(walker: Walker, version: str, kinds: dict[str, str] | None = None) -> None:
    """Restart the kiosk with another version of the birth registration."""
    context: Context = walker.context
    old = context.catalogue.in_force(BIRTH, context.clock.today())
    assert old is not None
    fields = tuple(replace(item, kind=(kinds or {}).get(item.key, item.kind)) for item in old.fields)
    catalogue = Catalogue([replace(old, version=version, fields=fields)])
    walker.context = walker.app.extensions["context"] = replace(context, catalogue=catalogue)


def test_another_session_never_sees_a_form(app: Flask, walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    other = Walker(app).go("/")
    for address in ("/form/nguoi_khai", "/form/check", "/done"):
        other.go(address)
        assert other.answer.status_code == 410
        assert "Nguyễn" not in other.page
    other.post("/form/nguoi_khai", nyc_quan_he="me")
    assert other.answer.status_code == 410


@pytest.mark.parametrize("leave", ["press", "start"])
def test_after_leaving_the_cookie_finds_nothing(app: Flask, walker: Walker, leave: str) -> None:
    mother_registers(begin_birth(walker))
    cookie = walker.browser.get_cookie("kiosk_tap")
    assert cookie is not None
    if leave == "press":
        walker.post("/leave")
    else:
        walker.go("/")
    thief = Walker(app)
    thief.browser.set_cookie("kiosk_tap", cookie.value)
    thief.go("/form/nguoi_khai")
    assert thief.answer.status_code == 410
    assert "Nguyễn" not in thief.page
    walker.go("/form/nguoi_khai")
    assert walker.answer.status_code == 410
    with walker.context.store.read() as db:
        assert [row["n"] for row in db.query("select count(*) as n from drafts")] == [0]


def test_a_draft_without_a_touch_for_a_day_is_wiped(walker: Walker, clock: FixedClock) -> None:
    mother_registers(begin_birth(walker))
    clock.advance(25 * 3600)
    assert wiping.wipe_expired(walker.context).drafts == 1
    walker.go("/form/nguoi_khai")
    assert walker.answer.status_code == 410


def test_the_next_person_starts_with_plain_settings(walker: Walker) -> None:
    walker.post("/set", name="lang", value="en")
    walker.post("/set", name="size", value="xl")
    assert 'lang="en"' in walker.page
    walker.post("/leave")
    assert '<html lang="vi" translate="no" data-mode="practice" data-alive="/alive">' in walker.page
    assert "data-size" not in walker.page
