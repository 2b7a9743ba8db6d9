"""Practice beside the live kiosk, under /tap: its three tasks, its walls, and that nothing of it is kept."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

import printers.spool
from kiosk import papers
from kiosk.acts import signing
from kiosk.base.clock import FixedClock
from kiosk.config import ROOT, Config, load
from kiosk.context import Context
from kiosk.pages.access import LAN, LISTENER
from kiosk.pages.beside.gate import PRACTICE_APPS
from kiosk.pages.beside.practice_app import PRACTISED
from kiosk.records import help_calls, sessions
from kiosk.startup.context_factory import create_store
from kiosk.web.app import create_app
from kiosk.worker import Worker
from tests.journeys import beside
from tests.journeys.walker import Walker

BAND = "Đang tập. Không gửi đi đâu, không lưu lại gì."
REAL_CARD = "046090012345||Người Thật|02031990|Nam|12 Lê Lợi, Phú Hội, Thành phố Huế, Thừa Thiên Huế|10052021"
STAFF_PAGES = ("officer/", "technician/", "signin", "display/", "tap/", "practice/paper")
NOT_PRACTISED = ("ticket", "status", "choose", "keep", "covered", "form/together", "done/x")


@pytest.fixture
def live(tmp_path: Path, clock: FixedClock) -> Iterator[Flask]:
    """Return a live kiosk."""
    config = replace(load(ROOT / "kiosk.toml"), root=tmp_path, file=None)
    create_store(config)
    app = create_app(config, clock)
    app.testing = True
    beside.practice_app(app, app.extensions["context"])
    yield app
    app.extensions[PRACTICE_APPS].close()
    app.extensions["context"].store.close()


@pytest.fixture
def walker(live: Flask) -> Walker:
    return Walker(live).go("/")


def _practice(walker: Walker) -> Context:
    context: Context = beside.practice_app(walker.app, walker.context).extensions["context"]
    return context


def test_a_birth_is_practised_from_the_start_page_to_its_result(walker: Walker) -> None:
    beside.finish(beside.fill_birth(walker))
    assert walker.heading == "Tập xong, làm được rồi"
    assert "Đưa thẻ, máy đọc được ngay" in walker.words
    assert "“Trần Nguyễn Bảo Mẫu”" in walker.words
    assert "Những gì vừa gõ đã xóa" in walker.words


def test_a_card_that_lost_its_marks_is_no_fault_and_not_read_at_once(walker: Walker) -> None:
    beside.fill_marital(walker)
    beside.finish(walker)
    assert "Máy đọc được số và ngày sinh. Tên mất dấu thì gõ lại." in walker.words
    assert "máy đọc được ngay" not in walker.words
    assert "Đã khai đủ tờ khai." in walker.words


@pytest.mark.parametrize("fill", [beside.fill_birth, beside.fill_marital, beside.fill_stay])
def test_nothing_of_a_task_is_in_the_live_store(walker: Walker, fill: object) -> None:
    walker.follow("/tap")
    before = beside.rows_of(walker.context.store)
    beside.finish(fill(walker))  # type: ignore[operator]
    assert beside.rows_of(walker.context.store) == before


def test_the_result_deletes_the_form_and_what_was_typed(walker: Walker) -> None:
    beside.fill_birth(walker, child="Chữ Riêng Của Tôi")
    practice = _practice(walker)
    assert beside.rows_of(practice.store)["drafts"] == 1
    beside.finish(walker)
    rows = beside.rows_of(practice.store, without=())
    kept = {"submissions", "drafts", "outbox", "jobs", "audit", "reuse", "lookups", "seats"} & rows.keys()
    assert {name: rows[name] for name in kept} == dict.fromkeys(kept, 0)
    assert "Chữ Riêng Của Tôi" not in walker.page
    assert not practice.store.path.with_name("kiosk.db-wal").read_bytes()


def test_every_page_of_a_task_has_the_band_and_the_colour_of_practice(walker: Walker) -> None:
    seen: list[str] = []
    look = walker._see

    def see(answer: object, address: str) -> Walker:
        look(answer, address)  # type: ignore[arg-type]
        if walker.at.startswith("/tap/"):
            assert BAND in walker.words, walker.at
            assert 'data-mode="practice"' in walker.page, walker.at
            assert ">TẬP</b>" in walker.page, walker.at
            seen.append(walker.at)
        return walker

    walker._see = see  # type: ignore[method-assign]
    beside.finish(beside.fill_birth(walker))
    assert len(seen) > 10


def test_the_facts_of_the_story_are_on_the_page_that_asks_for_them(walker: Walker) -> None:
    beside.open_task(walker, "birth")
    assert "Mẹ bé đi khai" in walker.words
    assert "Chạm thẻ giả ở dưới" in walker.words
    walker.browser.post("/tap/tips", data={"csrf": walker.form("card").sends["csrf"]})
    walker.go(walker.at)
    assert "Mẹ bé đi khai" in walker.words
    assert "Chạm thẻ giả ở dưới" not in walker.words


def test_a_mark_that_was_typed_otherwise_is_the_one_thing_to_practise(walker: Walker) -> None:
    beside.finish(beside.fill_birth(walker, child="Trần Nguyên Bảo Mâu"))
    assert "Nên tập thêm: dấu hỏi và dấu ngã" in walker.words
    assert walker.page.count('class="more-practice"') == 1
    assert walker.page.count('class="well"') <= 2


def test_a_result_has_at_most_three_findings_and_no_score(walker: Walker) -> None:
    beside.finish(beside.fill_birth(walker))
    assert walker.page.count("<li class=") == 3
    assert "điểm" not in walker.words.replace("địa điểm", "")


def test_after_the_last_task_the_real_form_is_offered(walker: Walker) -> None:
    beside.finish(beside.fill_stay(walker))
    assert "Khai thật" in walker.words
    walker.fill(form="/tap/leave")
    assert walker.at == "/"
    assert "TẬP" not in walker.words


def test_leaving_deletes_the_form_and_leads_to_the_live_start_page(walker: Walker) -> None:
    beside.open_task(walker, "birth")
    practice = _practice(walker)
    walker.fill(form="/tap/leave")
    assert walker.at == "/"
    rows = beside.rows_of(practice.store, without=())
    assert rows["drafts"] == rows["sessions"] == 0


def test_the_live_start_page_ends_a_visit_that_was_left_open(walker: Walker) -> None:
    beside.open_task(walker, "birth")
    walker.go("/")
    assert beside.rows_of(_practice(walker).store, without=())["drafts"] == 0
    assert walker.context.practice_visits.list_all(walker.context.clock.now()) == []


def test_staff_pages_and_pages_that_keep_something_are_not_under_tap(walker: Walker) -> None:
    walker.follow("/tap")
    for page in STAFF_PAGES + NOT_PRACTISED:
        answer = walker.browser.get(f"/tap/{page}")
        assert answer.status_code in {404, 405}, page
        assert walker.browser.post(f"/tap/{page}").status_code in {403, 404, 405}, page
        assert "kiosk_officer" not in str(answer.headers), page


def test_every_post_of_practice_needs_the_token_of_its_own_session(walker: Walker) -> None:
    live_token = walker.form("/set").sends["csrf"]
    walker.follow("/tap")
    practice = beside.practice_app(walker.app, walker.context)
    seen = 0
    for rule in practice.url_map.iter_rules():
        if "POST" not in (rule.methods or ()):
            continue
        with practice.test_request_context():
            address = practice.url_for(rule.endpoint, **dict.fromkeys(rule.arguments, "x"))
        is_practised = not rule.endpoint.startswith("citizen.") or rule.endpoint in PRACTISED
        for form in ({}, {"csrf": ""}, {"csrf": "đ" * 64}, {"csrf": live_token}):
            status = walker.browser.post(f"/tap{address}", data=form).status_code
            assert status == (403 if is_practised else 404), rule.endpoint
        seen += is_practised
    assert seen > 10


def test_a_browser_on_the_lan_that_is_no_touchscreen_gets_nothing_of_practice(walker: Walker) -> None:
    name = walker.context.config.lan.names[0] if walker.context.config.lan.names else "mot-cua.lan"
    walker.context.config = replace(
        walker.context.config, lan=replace(walker.context.config.lan, names=(name,), host="0.0.0.0")
    )
    for page in ("/tap", "/tap/", "/tap/task/birth", "/tap/static/x/desk.js"):
        answer = walker.app.test_client().get(page, base_url=f"https://{name}", environ_overrides={LISTENER: LAN})
        assert answer.status_code == 403, page
        assert "TẬP" not in answer.get_data(as_text=True)


def test_an_address_with_vietnamese_letters_is_an_unknown_page_of_practice(walker: Walker) -> None:
    for path in ("/tap/Tập", "/tap/m%E1%BA%AB", "/tap/%FF"):
        assert walker.browser.get(path).status_code == 404


def test_the_cookie_of_practice_goes_to_no_other_page(walker: Walker) -> None:
    live_cookie = walker.browser.get_cookie("kiosk")
    assert live_cookie is not None
    walker.follow("/tap")
    own = walker.browser.get_cookie("kiosk_beside", path="/tap/")
    assert own is not None
    assert own.path == "/tap/"
    assert own.http_only
    assert own.same_site == "Strict"
    assert own.value != live_cookie.value
    after = walker.browser.get_cookie("kiosk")
    assert after is not None
    assert after.value == live_cookie.value


def test_the_form_of_the_live_kiosk_stays_while_somebody_practises(walker: Walker) -> None:
    walker.follow("/choose").follow("/choose?event=co_con").follow("/need/1.001193")
    walker.fill(cha_me="da_ket_hon", noi_de="co_so_y_te")
    walker.go("/tap/").follow("/tap/task/marital").fill()
    assert walker.go("/form/nguoi_khai").at == "/form/nguoi_khai"


def test_a_real_card_is_refused_and_not_kept(walker: Walker) -> None:
    beside.open_task(walker, "birth")
    walker.fill({"line": REAL_CARD}, form="card")
    assert "Đây là thẻ thật" in walker.words
    assert "Người Thật" not in walker.page


def test_no_card_at_the_scanners_port_reaches_practice(walker: Walker) -> None:
    beside.open_task(walker, "birth")
    assert 'data-poll="/' not in walker.page
    assert not walker.context.card_inbox.put(REAL_CARD)
    assert "Người Thật" not in walker.go(walker.at).page


def test_a_call_from_practice_reaches_the_desk_as_practising(walker: Walker) -> None:
    beside.open_task(walker, "birth")
    walker.fill(want="1", form="help")
    assert walker.at == "/tap/form/nguoi_khai"
    assert "Đã gọi" in walker.words
    assert "Che màn hình" not in walker.words
    with walker.context.store.read() as db:
        (call,) = help_calls.open_calls(db)
        assert sessions.find(db, call.session, "citizen") is not None
    assert (call.place, call.draft_id, call.procedure) == ("/tap/form/nguoi_khai", None, None)
    signing.add_person(walker.context, "lethian", name="Lê Thị An", role="officer", password="mật khẩu riêng")
    desk = walker.app.test_client()
    desk.post("/signin", data={"login": "lethian", "password": "mật khẩu riêng", "counter": "1"})
    assert "Đang tập khai thử" in desk.get("/officer/calls").get_data(as_text=True)
    walker.fill(form="/tap/leave")
    assert "Đã gọi, xin chờ" in walker.words


def test_the_worker_of_the_kiosk_sees_nothing_of_practice(walker: Walker) -> None:
    walker.follow("/tap")
    worker = Worker(walker.context, portal=None, printers_by_kind={})
    while worker.step():
        pass
    beside.finish(beside.fill_birth(walker))
    assert not worker.step()


def test_the_sheet_to_take_home_is_printed_only_by_a_touch_and_names_nobody(walker: Walker) -> None:
    beside.finish(beside.fill_birth(walker))
    with walker.context.store.read() as db:
        assert db["jobs"].count == 0
    walker.fill(form="/tap/result/print")
    assert walker.at == "/tap/done"
    assert "Đang in…" in walker.words
    assert walker.browser.get("/tap/result/paper").json == {"state": "printing"}
    with walker.context.store.read() as db:
        (job,) = printers.spool.of_subject(db, "birth")
    paper = str(papers.compose(walker.context, job.kind, job.subject, job.facts))
    assert "practice=True" in paper
    assert "giấy chứng sinh" in paper.lower()
    assert "Bảo Mẫu" not in paper
    assert "Diệu Hiền" not in paper


def test_the_looks_of_the_live_screen_are_those_of_practice(walker: Walker) -> None:
    walker.fill(value="en", form="/set").follow("/tap")
    assert walker.heading == "Which task would you like to practise?"


def test_the_folder_of_practice_is_empty_after_a_start(live: Flask, clock: FixedClock) -> None:
    walker = Walker(live)
    beside.open_task(walker, "birth")
    config: Config = live.extensions["context"].config
    folder = config.beside_live().folder
    assert folder.is_dir()
    live.extensions[PRACTICE_APPS].close()
    left_behind = folder / "left.db"
    folder.mkdir(parents=True, exist_ok=True)
    left_behind.write_text("typed before a power cut", "utf-8")
    live.extensions["context"].store.close()
    again = create_app(config, clock)
    assert not left_behind.exists()
    again.extensions["context"].store.close()


def test_practice_is_beside_the_practice_machine_too(app: Flask) -> None:
    walker = Walker(app).go("/")
    beside.finish(beside.fill_marital(walker))
    assert walker.at == "/tap/done"
