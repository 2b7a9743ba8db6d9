"""Reading aloud on the pages: what is marked, what never is, the keys "Nghe", and the settings of a visit."""

import html
import itertools
import re

import pytest
from flask import Flask

from kiosk.context import Context
from kiosk.pages.citizen import listen
from kiosk.voice import espeak, page_clips
from tests.journeys.people import CHILD, begin_birth, birth_until_check, father, mother_registers
from tests.journeys.walker import Walker
from tests.voice.tones import Tones, hum_pages

MARKED = re.compile(r'<spoken-text data-clip="([^"]+)">(.*?)</spoken-text>')
KEY = 'class="btn small listen"'
NAMES = ("Trần Nguyễn Bảo Ngọc", "Nguyễn Thị Diệu Hiền", "046196000123")


def _spoken(walker: Walker) -> list[str]:
    return [html.unescape(text) for _address, text in MARKED.findall(walker.page)]


def _hear_everything(walker: Walker) -> None:
    """Fetch each clip of the page."""
    addresses = [html.unescape(found).split() for found, _text in MARKED.findall(walker.page)]
    for address in itertools.chain(*addresses):
        answer = walker.browser.get(address)
        assert (answer.status_code, answer.mimetype, answer.data[:4]) == (200, "audio/ogg", b"OggS")
        assert "max-age=86400" in answer.headers["Cache-Control"]


@pytest.fixture
def context(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    return context


@pytest.fixture
def humming(context: Context) -> None:
    for lang in ("vi", "en"):
        hum_pages(context.config, context.catalogue, day=context.clock.today(), lang=lang)


@pytest.fixture
def live(humming: None, monkeypatch: pytest.MonkeyPatch) -> Tones:
    """Put the engine of the tests in the place of espeak-ng."""
    tones = Tones()
    monkeypatch.setattr(espeak, "is_installed", lambda: True)
    monkeypatch.setattr(listen, "open_live_engine", lambda _model, _lang: tones)
    return tones


def test_without_a_clip_no_page_has_a_key_or_a_mark(walker: Walker) -> None:
    walker.go("/")
    assert KEY not in walker.page
    begin_birth(walker)
    for address in (walker.at, "/easier"):
        walker.go(address)
        assert KEY not in walker.page
        assert "spoken-text" not in walker.page
        assert "listen.js" not in walker.page
        assert "Máy đọc to" not in walker.words


@pytest.mark.usefixtures("humming")
def test_a_page_marks_question_hint_and_options(walker: Walker) -> None:
    walker.go("/")
    assert _spoken(walker)[:2] == ["Kính chào ông/bà.", "Hôm nay ông/bà cần làm việc gì?"]
    assert {"Làm thủ tục", "Lấy số", "Tra cứu hồ sơ"} <= set(_spoken(walker))
    begin_birth(walker)
    mother_registers(walker)
    father(walker)
    assert walker.at == "/form/ten_be"
    assert walker.page.count(KEY) == 2, "one for the question, one for its hint"
    assert {"Trai", "Gái"} <= set(_spoken(walker))
    _hear_everything(walker)


@pytest.mark.usefixtures("humming")
@pytest.mark.parametrize("address", ["/choose", "/choose?event=co_con", "/need/1.001193", "/ticket", "/privacy"])
def test_pages_before_the_form_can_be_heard(walker: Walker, address: str) -> None:
    walker.go(address)
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", walker.page)
    assert heading
    assert MARKED.search(heading[1])
    assert KEY in walker.page
    _hear_everything(walker)


@pytest.mark.usefixtures("humming")
def test_papers_time_and_fee_are_read(walker: Walker) -> None:
    spoken = _spoken(walker.go("/need/2.000815"))
    assert [text for text in spoken if text.startswith("Cần mang")]
    assert [text for text in spoken if "đồng" in text]


@pytest.mark.usefixtures("humming")
def test_the_hint_has_its_own_key_and_an_error_has_one_in_the_summary(walker: Walker) -> None:
    begin_birth(walker)
    mother_registers(walker)
    father(walker)
    walker.fill(con_ho_ten="", con_gioi_tinh="nu")
    summary = walker.page[walker.page.index('class="summary"') :].partition("</section>")[0]
    assert KEY in summary
    assert "Còn 1 chỗ cần xem lại" in [html.unescape(text) for _address, text in MARKED.findall(summary)]
    assert len(MARKED.findall(summary)) >= 2
    walker.fill(con_ho_ten=CHILD, con_gioi_tinh="nu")
    assert walker.at == "/form/sinh_luc_nao"


@pytest.mark.usefixtures("humming")
def test_an_error_with_a_date_is_heard_in_parts_and_its_values_are_no_marked_answer(walker: Walker) -> None:
    begin_birth(walker)
    mother_registers(walker)
    father(walker)
    walker.fill(con_ho_ten=CHILD, con_gioi_tinh="nu")
    walker.fill(**{"con_ngay_sinh.d": "31", "con_ngay_sinh.m": "2", "con_ngay_sinh.y": "2026"})
    spoken = {html.unescape(text): address for address, text in MARKED.findall(walker.page)}
    assert len(spoken["Tháng 2 năm 2026 không có ngày 31."].split()) == 9
    _hear_everything(walker)


@pytest.mark.usefixtures("humming")
def test_the_number_of_the_queue_and_the_wait_are_heard(walker: Walker) -> None:
    for _person in range(2):
        walker.go("/leave").press("/leave")
        walker.go("/ticket").fill(series="A-HOTICH")
    spoken = _spoken(walker)
    assert re.search(r'class="number"><spoken-text [^>]*>A\d{3}<', walker.page)
    assert [text for text in spoken if text.startswith(("Còn 1 người", "Quầy đang nghỉ"))]
    _hear_everything(walker)


def test_the_check_page_is_read_in_english_with_vietnamese_names(live: Tones, walker: Walker) -> None:
    birth_until_check(walker)
    walker.post("/set", name="lang", value="en", back="/form/check")
    rows = re.findall(r'data-own-clip="([^"]+)"', walker.go("/form/check").page)
    assert len(rows) > 3
    assert {walker.browser.get(row).status_code for row in rows} == {200}
    assert ("vi", CHILD) in live.asked
    assert [words for lang, words in live.asked if lang == "en" and words.isascii()]
    assert "046196000123" not in " ".join(live.spoken).replace(" ", "")


@pytest.mark.usefixtures("humming")
def test_an_error_page_can_be_heard(walker: Walker) -> None:
    walker.go("/need/9.999999")
    assert walker.answer.status_code == 404
    assert KEY in walker.page
    assert len(_spoken(walker)) >= 2
    _hear_everything(walker)


@pytest.mark.usefixtures("humming")
def test_of_the_options_all_are_read_or_none(walker: Walker, context: Context) -> None:
    begin_birth(walker)
    mother_registers(walker)
    father(walker)
    girl = page_clips.clips_of("Gái", "vi")[0]
    (page_clips.made_folder(page_clips.pages_folder(context.config), "vi") / f"{girl.name}.ogg").unlink()
    spoken = _spoken(walker.go(walker.at))
    assert "Trai" not in spoken
    assert len(spoken) >= 2


def test_nothing_that_a_person_typed_is_ever_marked(live: Tones, walker: Walker) -> None:
    birth_until_check(walker)
    for address in ("/form/ten_be", "/form/nguoi_khai", "/form/check"):
        walker.go(address)
        assert MARKED.search(walker.page)
        marked = " ".join(_spoken(walker))
        assert [name for name in NAMES if name in marked] == []
    assert live.spoken == []


def test_the_check_page_reads_its_rows_when_it_is_asked(live: Tones, walker: Walker) -> None:
    birth_until_check(walker)
    rows = re.findall(r'data-own-clip="([^"]+)"', walker.page)
    assert rows == [f"/listen/check/{number}" for number in range(len(rows))]
    assert KEY in walker.page
    assert "Người đứng gần cũng nghe được." in walker.words
    for row in rows:
        answer = walker.browser.get(row)
        assert (answer.status_code, answer.data[:4]) == (200, b"RIFF")
        assert answer.headers["Cache-Control"] == "no-store"
    spoken = " ".join(live.spoken)
    assert CHILD in spoken
    assert not re.search(r"\d", spoken)
    assert "không bốn sáu một chín sáu" not in spoken
    assert walker.browser.get(f"/listen/check/{len(rows)}").status_code == 404


@pytest.mark.usefixtures("humming")
def test_without_an_engine_the_check_page_is_not_read(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "is_installed", lambda: False)
    birth_until_check(walker)
    assert "data-own-clip" not in walker.page
    assert KEY not in walker.page
    assert walker.browser.get("/listen/check/0").status_code == 404


@pytest.mark.usefixtures("humming")
def test_speed_volume_and_the_mode_are_kept_for_the_visit_and_reset_for_the_next_person(walker: Walker) -> None:
    begin_birth(walker)
    here = walker.at
    for name, value in (("aloud", "loud"), ("speed", "slow"), ("volume", "5")):
        walker.post("/set", name=name, value=value, back=here)
    walker.post("/set", name="volume", value="11", back=here)
    assert re.search(r'data-aloud="loud"\s+data-speed="slow"\s+data-volume="5"', walker.page)
    walker.go("/leave").press("/leave")
    for word in ("data-aloud", "data-speed", "data-volume"):
        assert word not in walker.go("/").page


@pytest.mark.usefixtures("humming")
def test_the_sheet_offers_the_mode_in_both_languages(walker: Walker) -> None:
    assert "Máy đọc to từng trang" in walker.go("/easier").words
    walker.post("/easier", aloud="on", lang="en", back="/")
    assert 'data-aloud="on"' in walker.page
    assert _spoken(walker)
    _hear_everything(walker)


@pytest.mark.usefixtures("humming")
def test_a_clip_of_the_province_is_sent_as_ogg(app: Flask, context: Context) -> None:
    clip = page_clips.clips_of("Hôm nay ông/bà cần làm việc gì?", "vi")[0]
    folder = page_clips.published_folders(page_clips.pages_folder(context.config), "vi")[0]
    folder.mkdir(parents=True)
    (folder / f"{clip.name}.ogg").write_bytes(b"OggS")
    answer = app.test_client().get(f"/listen/vi/{clip.name}")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "audio/ogg", b"OggS")


@pytest.mark.usefixtures("humming")
@pytest.mark.parametrize("address", ["/listen/vi/0123456789abcdef", "/listen/..%2Fown/0123456789abcdef"])
def test_nothing_else_is_handed_out_as_a_clip(app: Flask, address: str) -> None:
    assert app.test_client().get(address).status_code == 404


def test_the_policy_lets_pages_play_their_own_sound_only(app: Flask) -> None:
    assert "media-src 'self';" in app.test_client().get("/").headers["Content-Security-Policy"]
