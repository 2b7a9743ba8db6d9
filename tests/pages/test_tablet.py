"""The tablet of a counter: enrolled like a touchscreen, it wakes when a service has ended there, and shows no case."""

import re
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kiosk.acts import calling, deciding, screens
from kiosk.acts.deciding import HandoverInput
from kiosk.base.clock import FixedClock
from kiosk.base.errors import NotAllowed
from kiosk.context import Context
from kiosk.dossiers.decision_filing import CaseRequest
from kiosk.pages.access import LAN, LISTENER, SCREEN_COOKIE, csrf_token_of, hash_token
from kiosk.queue.ended_services import ANSWER_SPAN, ASKED_SPAN
from kiosk.records import opinions
from kiosk.records.opinions import NO_ANSWER
from tests.journeys import submission_checks
from tests.journeys.people import BIRTH, birth_until_check, submit
from tests.journeys.queue_harness import draw, press
from tests.journeys.walker import Walker
from tests.pages.technician.sitting import Bench
from tests.papers.register_pictures import accept

HOST = "mot-cua.lan"
BY_LAN = {LISTENER: LAN, "HTTP_HOST": f"{HOST}:8443", "wsgi.url_scheme": "https"}


class Tablet:
    """A browser that is enrolled as the screen of a counter."""

    def __init__(self, app: Flask, counter: int = 1) -> None:
        self.context: Context = app.extensions["context"]
        self.browser: FlaskClient = app.test_client()
        token = f"tablet {counter}"
        screens.enrol(
            self.context,
            screens.create_code(self.context, f"Ý kiến {counter}", "CB03", counter),
            hash_token(token),
            "127.0.0.1",
        )
        self.browser.set_cookie(SCREEN_COOKIE, token)
        self.csrf = csrf_token_of(self.context, hash_token(token))

    def asks(self) -> dict[str, str]:
        answer: dict[str, str] = self.browser.get("/tablet/now").json
        assert answer.pop("version") in self.browser.get("/tablet/").get_data(as_text=True)
        return answer

    def rate(self, ended: str, **fields: str) -> bool:
        answer = self.browser.post("/tablet/opinion", data={"csrf": self.csrf, "ended": ended, **fields})
        return bool(answer.json["kept"])

    def counts(self) -> list[tuple[str, int, int, tuple[str, ...], int]]:
        day = self.context.clock.today()
        with self.context.store.read() as db:
            return [
                (each.opinion.procedure, each.opinion.counter, each.opinion.face, each.opinion.words, each.count)
                for each in opinions.between(db, day.replace(day=1), day)
            ]


@pytest.fixture
def tablet(app: Flask) -> Tablet:
    return Tablet(app)


def _serve(context: Context, counter: int = 1) -> None:
    draw(context, "B")
    press(context, counter)
    press(context, counter, calling.finish)


def test_it_sleeps_until_a_service_ends_at_its_own_counter(app: Flask, tablet: Tablet) -> None:
    other = Tablet(app, counter=2)
    assert tablet.asks() == {"ended": "", "matter": ""}
    draw(tablet.context, "B")
    press(tablet.context, 1)
    assert tablet.asks()["ended"] == ""
    press(tablet.context, 1, calling.finish)
    assert tablet.asks()["ended"]
    assert other.asks()["ended"] == ""


def test_it_names_the_procedure_and_nothing_else_of_the_case(tablet: Tablet, walker: Walker) -> None:
    submit(birth_until_check(walker))
    press(tablet.context, 1)
    press(tablet.context, 1, calling.finish)
    asked = tablet.asks()
    assert set(asked) == {"ended", "matter"}
    assert asked["matter"] == "Đăng ký khai sinh"
    assert tablet.rate(asked["ended"], face="5", word="kind")
    assert tablet.counts() == [(BIRTH, 1, 5, ("kind",), 1)]


def test_the_next_number_may_be_called_while_the_last_citizen_still_chooses(tablet: Tablet) -> None:
    draw(tablet.context, "BB")
    press(tablet.context, 1)
    press(tablet.context, 1)
    asked = tablet.asks()
    assert asked["ended"]
    assert tablet.rate(asked["ended"], face="2", word="wait")


def test_an_answer_that_is_sent_twice_counts_once_and_is_not_asked_for_again(tablet: Tablet) -> None:
    _serve(tablet.context)
    ended = tablet.asks()["ended"]
    assert tablet.rate(ended, face="4")
    assert not tablet.rate(ended, face="1")
    assert tablet.asks()["ended"] == ""
    assert tablet.counts() == [("", 1, 4, (), 1)]


def test_a_skipped_service_counts_as_no_answer(tablet: Tablet) -> None:
    _serve(tablet.context)
    assert tablet.rate(tablet.asks()["ended"], skip="1", face="5")
    assert tablet.counts() == [("", 1, NO_ANSWER, (), 1)]


def _texts(tablet: Tablet) -> list[str]:
    """Return the texts that were kept, decrypted."""
    context = tablet.context
    with context.store.read() as db:
        kept = opinions.texts_between(db, date.min, date.max)
    return [context.vault.open(opinions.TEXT, text.id, text.body).decode() for text in kept]


def test_a_text_is_sealed_without_the_counter_and_without_long_numbers(tablet: Tablet) -> None:
    _serve(tablet.context)
    written = "Cô ở quầy dặn kỹ. Gọi lại 0905 000 123, căn cước 046196000123, phiếu PK03-261124-0001-A"
    assert tablet.rate(tablet.asks()["ended"], face="5", text=written)
    assert _texts(tablet) == ["Cô ở quầy dặn kỹ. Gọi lại (bỏ số), căn cước (bỏ số), phiếu PK(bỏ số)-A"]
    with tablet.context.store.read() as db:
        columns = {row["name"] for row in db.query("select name from pragma_table_info('opinion_texts')")}
        assert "counter" not in columns
        assert "dặn kỹ" not in str(db.execute("select * from opinion_texts").fetchall())


@pytest.mark.parametrize("text", ["Chờ 45 phút, quầy 2, ngày 24/11/2026", "Nộp 8.000 đồng", "số B010"])
def test_short_numbers_stay_in_a_text(text: str) -> None:
    assert opinions.without_numbers(text) == text


def test_a_text_is_cut_at_its_length_and_one_without_a_face_is_not_kept(tablet: Tablet) -> None:
    _serve(tablet.context)
    ended = tablet.asks()["ended"]
    assert not tablet.rate(ended, text="không chọn mặt")
    assert tablet.rate(ended, face="1", text="a" * 5000)
    assert _texts(tablet) == ["a" * opinions.MAX_TEXT]


def test_a_skipped_service_keeps_no_text(tablet: Tablet) -> None:
    _serve(tablet.context)
    assert tablet.rate(tablet.asks()["ended"], skip="1", face="5", text="bỏ dở")
    assert _texts(tablet) == []


def test_it_asks_only_for_a_minute_and_takes_an_answer_for_some(tablet: Tablet, clock: FixedClock) -> None:
    _serve(tablet.context)
    ended = tablet.asks()["ended"]
    clock.advance(ASKED_SPAN.total_seconds() + 1)
    assert tablet.asks()["ended"] == ""
    clock.advance(ANSWER_SPAN.total_seconds() - ASKED_SPAN.total_seconds())
    assert not tablet.rate(ended, face="4")
    assert tablet.counts() == []


@pytest.mark.parametrize("ended", ["", "2026-11-24T01:30:00.001Z", "x" * 200])
def test_an_end_that_is_none_of_this_counter_counts_nothing(tablet: Tablet, ended: str) -> None:
    _serve(tablet.context)
    assert not tablet.rate(ended, face="4")
    assert tablet.counts() == []


def test_a_number_that_is_held_has_no_end_yet(tablet: Tablet) -> None:
    draw(tablet.context, "B")
    press(tablet.context, 1)
    press(tablet.context, 1, calling.hold)
    assert tablet.asks()["ended"] == ""


def test_a_result_that_is_handed_out_without_a_number_wakes_it_too(
    tablet: Tablet, walker: Walker, clock: FixedClock
) -> None:
    submit(birth_until_check(walker))
    context = tablet.context
    submission = submission_checks.only_submission(context)
    accept(context, submission)
    calling.open_counter(context, 1, "CB01")
    clock.advance(600)
    handover = HandoverInput(what="Giấy khai sinh", taken_by="", relation="self")
    assert deciding.hand_out(context, CaseRequest(submission.id, 1, "CB01"), handover)
    asked = tablet.asks()
    assert asked["matter"] == "Đăng ký khai sinh"
    assert tablet.rate(asked["ended"], face="5")
    assert tablet.counts() == [(BIRTH, 1, 5, (), 1)]


def test_a_tablet_opens_no_page_of_citizens_and_a_touchscreen_no_faces_of_a_counter(app: Flask) -> None:
    local: Context = app.extensions["context"]
    lan = replace(local.config.lan, host="0.0.0.0", names=(HOST,))
    app.extensions["context"] = context = replace(local, config=replace(local.config, lan=lan))
    base = f"https://{HOST}:8443"
    codes = [screens.create_code(context, "Máy cạnh cửa", "CB03"), screens.create_code(context, "Ý kiến", "CB03", 2)]
    opened = []
    for code in codes:
        browser = app.test_client()
        browser.environ_base |= BY_LAN
        answer = browser.post("/signin/touchscreen", data={"code": code}, base_url=base)
        opened.append((answer.headers["Location"], *(browser.get(at, base_url=base).status_code for at in PAGES)))
    assert opened == [("/", 200, 200, 403), ("/tablet/", 403, 403, 200)]


PAGES = ("/", "/ticket", "/tablet/")


def test_a_screen_of_a_counter_that_the_ward_does_not_have_is_refused(app: Flask) -> None:
    with pytest.raises(NotAllowed):
        screens.create_code(app.extensions["context"], "Ý kiến", "CB03", 29)


def test_a_revoked_tablet_shows_nothing_more(tablet: Tablet) -> None:
    _serve(tablet.context)
    ended = tablet.asks()["ended"]
    with tablet.context.store.read() as db:
        screen_id = db.execute("select id from touchscreens").fetchone()[0]
    screens.revoke(tablet.context, screen_id, "CB03")
    assert tablet.browser.get("/tablet/now").status_code == 403
    data = {"csrf": tablet.csrf, "ended": ended, "face": "5"}
    assert tablet.browser.post("/tablet/opinion", data=data).status_code == 403
    assert tablet.counts() == []


def test_the_technician_makes_the_code_of_a_tablet_and_sees_its_counter(app: Flask) -> None:
    bench = Bench(app).go("/technician/screens")
    assert "Ý kiến ở Quầy 2" in bench.words
    bench.post("/technician/screens", name="Máy tính bảng", counter="2")
    code = re.search(r'class="print">([^<]+)<', bench.page)
    assert code
    screen = screens.enrol(bench.context, code[1], hash_token("tablet"), "127.0.0.1")
    assert screen.counter == 2
    assert "Máy tính bảng Ý kiến ở Quầy 2" in bench.go("/technician/screens").words
    bench.post("/technician/screens", name="Máy lạ", counter="29")
    assert "Phường không có quầy này" in bench.words
