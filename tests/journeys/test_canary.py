"""A marked name in every box: no file that the kiosk leaves on a disk contains it, in any spelling."""

import logging
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from kiosk.base.log import close_log, open_log
from kiosk.config import Config
from kiosk.vietnam import viet_text
from kiosk.worker import Worker
from tests.journeys import submission_checks
from tests.journeys.people import begin_birth, peoples, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_decide import ACCEPT, OFFICIAL, _decide, _paper
from tests.pages.officer.test_queue import _tap

MARK = "Ngụy Thị Quạ Kềnh"
CARD = (
    "046190000321|190000123|Ngụy Thị Quạ Kềnh|12031990|Nữ|Hẻm Quạ Kềnh, Phú Hậu, Thành phố Huế, Thừa Thiên Huế|10052021"
)
SPELLINGS = ("Quạ Kềnh", "Qụa Kềnh", "qua kenh", "QUẠ KỀNH")
NUMBERS = ("046190000321", "0905 000 137", "0905000137")


@pytest.fixture
def logged(practice: Config) -> Iterator[logging.Handler]:
    """Log to a file at the most detailed level."""
    handler = open_log(practice.log_path)
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.DEBUG)
    yield handler
    logging.getLogger().setLevel(level)
    close_log(handler)


def _marks() -> set[bytes]:
    words = set[str]()
    for name in SPELLINGS:
        words |= {name, unicodedata.normalize("NFD", name), name.lower(), name.upper()}
    words |= {viet_text.fold(MARK), viet_text.fold("Quạ Kềnh"), *NUMBERS}
    escaped = {word.encode("unicode_escape") for word in words}
    return escaped | {word.encode(code) for word in words for code in ("utf-8", "utf-16-le", "utf-16-be")}


def _files_with_mark(*folders: Path) -> list[str]:
    """Return the files below these folders that contain a mark, without files made before the test."""
    marks = _marks()
    hits = []
    for path in {path for folder in folders for path in folder.rglob("*") if path.is_file()}:
        content = path.read_bytes()
        hits += [f"{path}: {mark!r}" for mark in marks if mark in content]
    return sorted(hits)


def _fill_in_forms(walker: Walker) -> None:
    """Enter the marked name by card, by hand, in a search, in a place, in an error and in an unfinished form."""
    begin_birth(walker).scan_line(CARD)
    walker.fill({"nyc_quan_he": "me", "nyc_dien_thoai": NUMBERS[1], "nyc_noi_cu_tru.stay": "19753"})
    walker.press("by-hand")
    walker.fill(cha_ho_ten=MARK)
    walker.fill({"cha_ngay_sinh.d": "31", "cha_ngay_sinh.m": "2", "cha_ngay_sinh.y": "1990"})
    walker.fill({"cha_ngay_sinh.d": "1", "cha_ngay_sinh.m": "2", "cha_ngay_sinh.y": "1990"})
    walker.fill({"cha_giay_to_tuy_than.loai": "ho_chieu", "cha_giay_to_tuy_than.so": "QUAKENH1"})
    walker.fill(con_quoc_tich="VN", cha_quoc_tich="VN")
    walker.go("/choose?q=Quạ Kềnh").go("/form/ten_be")
    walker.fill(con_ho_ten=f"{MARK} <1>", con_gioi_tinh="nu")
    walker.fill(con_ho_ten=MARK, con_gioi_tinh="nu")
    walker.fill(
        {"con_ngay_sinh.d": "12", "con_ngay_sinh.m": "11", "con_ngay_sinh.y": "2026", "con_noi_sinh": "birth:0"}
    )
    peoples(walker)
    reach_check_page(walker).follow("/form/giay_ket_hon").fill(gcnkh_tai=f"Nhà {MARK}")


def _decide_on_it(app: Flask) -> None:
    """Type the marked name into every box of the decisions, and read it on their papers."""
    desk = _tap(Desk(app), "next")
    _decide(desk, "supplement", lines=f"Giấy của {MARK}", reason=f"Thiếu giấy của {MARK}")
    assert MARK.upper() in _paper(desk).upper(), "the mark went as far as the paper"
    _decide(desk, "accepted", **ACCEPT, official_no=f"H57 {MARK}")
    _decide(desk, "accepted", **ACCEPT, official_no=OFFICIAL)
    _decide(desk, "extended", due_on="1/12/2026", reason=f"Chờ {MARK}")
    _decide(desk, "supplement", lines=f"Chữ ký của {MARK}", reason=MARK)
    _decide(desk, "stopped", asked_on="24/11", reason=MARK, stage=MARK, returned=MARK)
    assert MARK in _paper(desk)


def test_no_file_contains_a_marked_name_after_a_whole_visit(
    app: Flask, practice: Config, logged: logging.Handler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)  # read the variable again
    walker = Walker(app).go("/")
    _fill_in_forms(walker)
    assert _files_with_mark(practice.folder) == [], "while a form is open"
    submit(reach_check_page(walker))
    body = submission_checks.checked_body(walker.context, "A")
    assert body["form"]["answers"]["con_ho_ten"] == MARK, "the mark went all the way"
    assert body["form"]["answers"]["gcnkh_tai"] == f"Nhà {MARK}"
    _decide_on_it(app)
    worker = Worker(walker.context, None, {})
    for _ in range(5):
        worker.step()
    other = Walker(app).go("/")
    _fill_in_forms(other)
    other.post("/leave")
    logging.getLogger("kiosk.test").info("visit over", extra={"status": MARK, "name_of": MARK})
    try:
        raise ValueError(MARK)
    except ValueError:
        logging.getLogger("kiosk.test").exception("fell")
    logged.flush()
    assert practice.log_path.stat().st_size > 0
    assert tempfile.gettempdir() == str(temporary)
    assert _files_with_mark(practice.folder, tmp_path) == []


def test_the_search_finds_a_planted_leak_in_every_spelling(practice: Config) -> None:
    practice.folder.mkdir(parents=True)
    log = practice.folder / "kiosk.log"
    for text in (MARK, unicodedata.normalize("NFD", MARK), viet_text.fold(MARK), MARK.upper()):
        for code in ("utf-8", "utf-16-le"):
            log.write_bytes(b'{"event": "' + text.encode(code) + b'"}')
            assert _files_with_mark(practice.folder), (text, code)
    log.write_text("Ngụy Thị Quả Kênh")
    assert _files_with_mark(practice.folder) == []


def test_the_search_finds_a_name_that_is_unsealed_in_a_store(app: Flask, practice: Config) -> None:
    context = app.extensions["context"]
    with context.store.write() as db:
        db.execute("create table leak (name text) strict")
        db.execute("insert into leak values (?)", [MARK])
    assert _files_with_mark(practice.folder)
