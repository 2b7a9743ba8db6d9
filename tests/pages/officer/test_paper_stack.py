"""A stack of papers at the desk: scanned, looked at, kept as one PDF; jams, empty backs, two officers, one scanner."""

import io
import re
import threading
from dataclasses import replace

import pypdfium2
import pytest
from flask import Flask

from kiosk.config.sections import PaperScannerSettings
from kiosk.context import Context
from kiosk.paper_scanner import stack
from kiosk.records import audit, scans
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap
from tests.paper_scanner.stand_in import Feeder, feeder, paper

__all__ = ["feeder"]


@pytest.fixture
def desk(app: Flask, birth_filed: Context, feeder: Feeder) -> Desk:
    """Return an officer with a birth registration at the counter, on the page of its first paper, beside a scanner."""
    context = birth_filed
    context.config = replace(context.config, paper_scanner=PaperScannerSettings(device="test:"))
    desk = _tap(Desk(app), "next")
    (address, *_others) = re.findall(r'href="(/officer/ticket/[^"]+/scans/[^"]+)"', desk.page)
    return desk.go(address)


def _scan(desk: Desk, source: str = "feeder") -> Desk:
    """Press a button of the scanner, and wait until it stands still."""
    desk.post(f"{_paper(desk)}/stack", source=source)
    _wait()
    return desk.go(f"{_paper(desk)}/stack")


def _wait() -> None:
    for thread in threading.enumerate():
        if thread.name == stack.THREAD:
            thread.join()


def _paper(desk: Desk) -> str:
    found = re.match(r"/officer/ticket/[^/]+/scans/[^/?]+", desk.answer.request.path)
    assert found
    return found[0]


def _keep(desk: Desk, *numbers: int) -> Desk:
    return desk.post(f"{_paper(desk)}/stack/keep", keep=[str(number) for number in numbers])


def _stored(context: Context) -> list[scans.Scan]:
    with context.store.read() as db:
        return [scan for row in db["scans"].rows for scan in scans.of_receipt(db, row["receipt_no"])]


def test_without_a_scanner_the_page_offers_none(app: Flask, birth_filed: Context) -> None:
    desk = _tap(Desk(app), "next")
    (address, *_others) = re.findall(r'href="(/officer/ticket/[^"]+/scans/[^"]+)"', desk.page)
    assert "Quét cả xấp" not in desk.go(address).words
    assert desk.post(f"{address}/stack", source="feeder").answer.status_code == 404


def test_a_stack_is_kept_as_one_pdf_of_the_paper(desk: Desk, birth_filed: Context, feeder: Feeder) -> None:
    feeder.put(paper("một"), paper("hai"), paper("ba"))
    assert "Quét cả xấp" in desk.words
    assert "Đã quét xong" in _scan(desk).words
    assert desk.page.count('name="keep"') == 3
    picture = desk.browser.get(f"{_paper(desk)}/stack/2")
    assert (picture.mimetype, picture.data[:2]) == ("image/jpeg", b"\xff\xd8")
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert re.search(r"2 trang, \d+ kB, [^,]+ quét, ", _keep(desk, 1, 3).words)
    (scan,) = _stored(birth_filed)
    assert (scan.media, scan.pages) == ("application/pdf", 2)
    (shown,) = re.findall(r'class="thumb" href="([^"]+)"', desk.page)
    assert len(pypdfium2.PdfDocument(io.BytesIO(desk.browser.get(shown).data))) == 2
    with birth_filed.store.read() as db:
        (entry,) = audit.latest(db, {"attach"}, 5)
    assert entry.line.facts["pages"] == 2


def test_empty_backs_are_not_chosen(desk: Desk, feeder: Feeder) -> None:
    feeder.put(paper("một"), paper(""), paper("hai"), paper(""))
    words = _scan(desk).words
    assert "2 trang trắng chưa được chọn" in words
    boxes = re.findall(r'<input[^>]*name="keep"[^>]*>', desk.page)
    assert ["checked" in box for box in boxes] == [True, False, True, False]


def test_after_a_jam_the_pages_before_stay_and_the_next_has_the_same_number(desk: Desk, feeder: Feeder) -> None:
    feeder.put(paper("một"), paper("hai"))
    feeder.ends_with(6)
    words = _scan(desk).words
    assert "Máy quét kẹt giấy ở trang 3" in words
    assert "Quét cả xấp từ trang 3" in words
    feeder.ends_with(7)
    feeder.put(paper("ba"), paper("bốn"), paper("năm"))
    assert "Đã quét xong" in _scan(desk).words
    assert desk.page.count('name="keep"') == 5


def test_an_empty_feeder_says_what_to_do(desk: Desk) -> None:
    assert "Chưa thấy giấy trong khay nạp" in _scan(desk).words
    assert "Xếp giấy ngay ngắn vào khay" in desk.words


def test_nothing_chosen_keeps_nothing(desk: Desk, birth_filed: Context, feeder: Feeder) -> None:
    feeder.put(paper("một"))
    _scan(desk)
    assert "Chưa chọn trang nào để giữ" in _keep(desk).words
    assert _stored(birth_filed) == []
    assert desk.page.count('name="keep"') == 1


def test_a_running_scanner_is_seen_and_stopped(desk: Desk, feeder: Feeder) -> None:
    feeder.put(paper("một"))
    feeder.waits()
    desk.post(f"{_paper(desk)}/stack", source="feeder")
    assert "Đang quét" in desk.go(f"{_paper(desk)}/stack").words
    assert "Máy còn đang quét" in _keep(desk, 1).words
    desk.post(f"{_paper(desk)}/stack/stop")
    _wait()
    assert "Đã dừng máy quét" in desk.go(f"{_paper(desk)}/stack/live").words


def test_the_other_paper_waits_while_the_scanner_moves(desk: Desk, feeder: Feeder) -> None:
    feeder.waits()
    first = _paper(desk)
    desk.post(f"{first}/stack", source="feeder")
    other = re.sub(r"[^/]+$", "khac", first)
    assert desk.post(f"{other}/stack", source="feeder").answer.status_code == 409
    assert "Máy quét đang quét giấy" in desk.words
    desk.post(f"{first}/stack/stop")
    _wait()


def test_more_pages_of_an_own_stack_wait_too_and_the_page_says_so(desk: Desk, feeder: Feeder) -> None:
    first = _paper(desk)
    feeder.put(paper("một"))
    _scan(desk)
    feeder.waits()
    other = re.sub(r"[^/]+$", "khac", first)
    desk.post(f"{other}/stack", source="feeder")
    assert desk.post(f"{first}/stack", source="feeder").answer.status_code == 409
    assert "Máy quét đang quét giấy" in desk.words
    assert desk.page.count('name="keep"') == 1
    desk.post(f"{other}/stack/stop")
    _wait()


def test_a_stack_that_is_full_takes_no_more_and_asks_the_scanner_for_none(
    desk: Desk, feeder: Feeder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack, "MAX_PAGES", 2)
    feeder.put(paper("một"), paper("hai"))
    _scan(desk)
    feeder.put(paper("ba"))
    runs = len(feeder.asked)
    assert "Đã đủ" in _scan(desk).words
    assert len(feeder.asked) == runs
    assert desk.page.count('name="keep"') == 2


def test_a_stack_is_not_dropped_while_the_scanner_moves_its_paper(desk: Desk, feeder: Feeder) -> None:
    feeder.put(paper("một"))
    feeder.waits()
    desk.post(f"{_paper(desk)}/stack", source="feeder")
    address = _paper(desk)
    desk.post(f"{address}/stack/drop")
    _wait()
    assert "Đã dừng máy quét" in desk.go(f"{address}/stack").words
    desk.post(f"{address}/stack/drop")
    assert desk.browser.get(f"{address}/stack").status_code == 302


def test_a_dropped_stack_is_gone(desk: Desk, birth_filed: Context, feeder: Feeder) -> None:
    feeder.put(paper("một"))
    _scan(desk)
    address = _paper(desk)
    desk.post(f"{address}/stack/drop")
    assert desk.browser.get(f"{address}/stack/1").status_code == 404
    assert desk.browser.get(f"{address}/stack").status_code == 302
    assert _stored(birth_filed) == []


def test_a_stack_that_nobody_keeps_is_forgotten(desk: Desk, feeder: Feeder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack, "KEEP_SECONDS", 0)
    feeder.put(paper("một"))
    desk.post(f"{_paper(desk)}/stack", source="feeder")
    _wait()
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer) and not thread.interval:
            thread.join()
    assert desk.browser.get(f"{_paper(desk)}/stack").status_code == 302
