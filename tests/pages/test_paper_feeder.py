"""The scanner at the touchscreen: papers fed in, jams, empty backs, kept with the form; made-up papers in practice."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from kiosk.config import Config
from kiosk.config.sections import MADE_UP_SCANNER, PaperScannerSettings
from kiosk.paper_scanner import StackKey, made_up, stack
from kiosk.records import scans
from kiosk.store import files
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap
from tests.pages.officer.test_scans import _papers
from tests.pages.test_original_pictures import BIRTH, DIPLOMA, SUM, Lane
from tests.pages.test_paper_camera import OFFER, Citizen
from tests.paper_scanner.stand_in import Feeder, feeder, paper

__all__ = ["feeder"]

FEEDER = DIPLOMA + "/feeder"


def _wait() -> None:
    """Wait until the scanner stands still."""
    for thread in threading.enumerate():
        if thread.name == stack.THREAD:
            thread.join()


def _with_scanner(app: Flask, *, screen: str = "", source: str = "feeder") -> None:
    context = app.extensions["context"]
    settings = PaperScannerSettings(screen_device="test:", screen=screen, screen_source=source)  # type: ignore[arg-type]
    context.config = replace(context.config, paper_scanner=settings)


class FedLane(Lane):
    """A citizen in the lane for certified copies, at a screen with a scanner."""

    def __init__(self, app: Flask, *, has_camera: bool = False, keeps: bool = False, source: str = "feeder") -> None:
        _with_scanner(app, source=source)
        super().__init__(app, has_camera=has_camera, keeps=keeps)

    def press(self, act: str = "", at: str = FEEDER, **fields: str) -> "FedLane":
        """Press a button of the page, and follow where it leads."""
        self.answer = self.browser.post(at + act, data={"csrf": self.token, **fields})
        if self.answer.status_code == 303:
            self.go(self.answer.headers["Location"])
        return self

    def scan_papers(self, at: str = FEEDER) -> "FedLane":
        self.press(at=at)
        _wait()
        self.go(at)
        return self

    @property
    def token(self) -> str:
        return re.findall(r'name="csrf" value="([^"]+)"', self.browser.get("/privacy").text)[0]


@pytest.fixture
def lane(app: Flask, feeder: Feeder) -> Iterator[FedLane]:
    assert feeder
    yield FedLane(app)
    _wait()


def test_a_screen_without_a_scanner_offers_none(app: Flask) -> None:
    citizen = Citizen(app)
    assert "Đưa cả xấp" not in citizen.browser.get(citizen.papers[0]).text
    assert citizen.browser.get(citizen.papers[0] + "/feeder").status_code == 404
    assert citizen.post(citizen.papers[0] + "/feeder").status_code == 404


def test_the_scanner_of_another_screen_is_not_offered(app: Flask) -> None:
    _with_scanner(app, screen="Máy 2, cửa sau")
    citizen = Citizen(app, has_camera=False)
    assert OFFER not in citizen.browser.get("/form/check").text
    assert citizen.browser.get("/form/papers").status_code == 404


def test_a_screen_with_a_scanner_alone_leads_to_it(lane: FedLane) -> None:
    assert lane.at == FEEDER
    assert "Đặt cả xấp vào khay trên" in lane.words
    assert "Ảnh xóa cuối ngày." in lane.words
    assert "Nhiều nhất 20 trang." in lane.words
    assert "chụp từng tờ" not in lane.words
    assert lane.browser.get(DIPLOMA).status_code == 404


def test_a_screen_with_a_scanner_alone_says_nothing_of_pictures(app: Flask, feeder: Feeder) -> None:
    feeder.put(paper("một"))
    _with_scanner(app)
    citizen = Citizen(app, has_camera=False)
    assert "Quét giấy tờ ngay tại đây (không bắt buộc)" in citizen.browser.get("/form/check").text
    listed = citizen.browser.get("/form/papers").text
    assert "Quét giấy tờ ngay tại đây" in listed
    assert "Chưa có trang nào" in listed
    address = citizen.papers[0]
    citizen.post(address)
    _wait()
    citizen.post(address + "/use")
    listed = citizen.browser.get("/form/papers").text
    assert "Đã có 1 trang" in listed
    (shown,) = {part for part in re.findall(r'href="(/form/papers/[^"]+/[^"]+)"', listed) if "feeder" not in part}
    taken = citizen.browser.get(shown).text
    assert "Quét lại" in taken
    assert "Quét thêm trang" in taken
    assert "Không lóa" not in taken, "nothing was measured"
    for page in (listed, taken):
        assert not re.search(r"[Cc]hụp|trong khung", page)


def test_the_desk_reads_which_pages_were_photographed_and_which_scanned(app: Flask, feeder: Feeder) -> None:
    feeder.put(paper("một"), paper("hai"))
    _with_scanner(app)
    citizen = Citizen(app)
    address = citizen.papers[0]
    citizen.send(address)
    citizen.post(address + "/feeder")
    _wait()
    citizen.post(address + "/feeder/use")
    citizen.submit()
    desk = _tap(Desk(app), "next")
    assert "3 bản chụp, người dân tự chụp 1, tự quét 2" in desk.words
    desk.go(next(listed for listed in _papers(desk) if listed.endswith(address.rsplit("/", 1)[1])))
    assert (desk.words.count("người dân tự chụp"), desk.words.count("người dân tự quét")) == (1, 2)


def test_the_camera_leads_to_the_scanner_and_back(app: Flask, feeder: Feeder) -> None:
    lane = FedLane(app, has_camera=True)
    assert lane.at == DIPLOMA
    lane.follow(FEEDER)
    assert "Giấy rách, ép nhựa: chụp từng tờ" in lane.words
    lane.follow(DIPLOMA)


def test_a_stack_is_kept_with_the_form_and_counted(app: Flask, lane: FedLane, feeder: Feeder) -> None:
    feeder.put(paper("một"), paper("hai"), paper("ba"))
    assert "Đã quét 3 trang" in lane.scan_papers().words
    assert "3 trang, 2 bản: 10.000 đồng." in lane.words
    assert lane.pages == []
    picture = lane.browser.get(f"{FEEDER}/2")
    assert (picture.mimetype, picture.data[:2]) == ("image/jpeg", b"\xff\xd8")
    assert picture.headers["Cache-Control"] == "no-store"
    lane.press("/use")
    assert lane.at == BIRTH + "/feeder"
    assert [page.paper for page in lane.pages] == ["original:bang"] * 3
    feeder.put(paper("bốn"))
    lane.scan_papers(BIRTH + "/feeder").press("/use", BIRTH + "/feeder")
    assert lane.at == SUM
    assert "2 giấy, 4 bản: 14.000 đồng" in lane.words
    lane.scan("me")
    assert lane.filed_pages == [3, 1]
    assert len(lane.scans) == 4
    assert "Ảnh người dân tự quét. Máy xóa cuối ngày." in _tap(Desk(app), "next").words


def test_pages_that_are_kept_are_sealed(lane: FedLane, feeder: Feeder) -> None:
    feeder.put(paper("một"))
    lane.scan_papers()
    picture = lane.browser.get(f"{FEEDER}/1").data
    lane.press("/use")
    (page,) = lane.pages
    sealed = files.read(lane.context.config.scans_folder, page.name)
    assert sealed is not None
    assert picture[:500] not in sealed
    assert lane.browser.get(f"{DIPLOMA}/{page.id}/picture").data == picture


def test_empty_backs_are_left_out_unless_they_are_wanted(lane: FedLane, feeder: Feeder) -> None:
    feeder.put(paper("một"), paper(""), paper("hai"), paper(""))
    words = lane.scan_papers().words
    assert "Đã quét 2 trang" in words
    numbers = re.findall(r"<b>(\d+|trống)</b>", lane.browser.get(FEEDER).text)
    assert numbers == ["1", "trống", "2", "trống"]
    assert "2 mặt để trống, máy bỏ đi." in words
    assert "2 trang, 2 bản: 8.000 đồng." in words
    assert "Giữ cả mặt trống: 12.000 đồng" in words
    lane.press("/use")
    assert len(lane.pages) == 2
    lane.go(FEEDER)
    feeder.put(paper("ba"), paper(""))
    lane.scan_papers().press("/use", blanks="1")
    assert len(lane.pages) == 4


def test_after_a_jam_the_pages_before_stay_and_the_next_has_the_same_number(lane: FedLane, feeder: Feeder) -> None:
    feeder.put(paper("một"), paper("hai"))
    feeder.ends_with(6)
    words = lane.scan_papers().words
    assert "Giấy bị kẹt ở trang 3" in words
    assert "Đã xong 2 trang, máy giữ lại." in words
    assert "Quét tiếp từ trang 3" in words
    feeder.ends_with(7)
    feeder.put(paper("ba"), paper("bốn"), paper("năm"))
    assert "Đã quét 5 trang" in lane.scan_papers().words


def test_after_the_second_jam_at_one_page_the_camera_is_offered_first(app: Flask, feeder: Feeder) -> None:
    lane = FedLane(app, has_camera=True)
    feeder.put(paper("một"))
    feeder.ends_with(6)
    assert "Quét tiếp từ trang 2" in lane.scan_papers().words
    assert "Chụp trang này" not in lane.words
    lane.scan_papers()
    assert "Chụp trang này" in lane.words
    assert "Quét tiếp từ trang 2" not in lane.words
    lane.press("/use", then="camera")
    assert lane.at == DIPLOMA
    assert len(lane.pages) == 1


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (8, "Nắp máy quét đang mở"),
        (3, "Máy quét đang bận"),
        (9, "Máy quét chưa dùng được"),
        (11, "Máy quét chưa dùng được"),
    ],
)
def test_what_stops_the_scanner_is_said_in_words(lane: FedLane, feeder: Feeder, status: int, said: str) -> None:
    feeder.put(paper("một"))
    feeder.ends_with(status)
    assert said in lane.scan_papers().words
    lane.press("/use")
    assert len(lane.pages) == 1


def test_an_empty_feeder_says_so_where_papers_are_laid(lane: FedLane) -> None:
    words = lane.scan_papers().words
    assert "Chưa thấy giấy trong khay trên." in words
    assert "Bắt đầu quét" in words


def test_papers_laid_the_wrong_way_round_are_not_kept(lane: FedLane, feeder: Feeder) -> None:
    feeder.put(paper(""), paper(""))
    assert "Trang vừa quét để trống. Xin lật mặt chữ." in lane.scan_papers().words
    assert "Bắt đầu quét" in lane.words


def test_a_silent_scanner_is_left_to_an_officer(lane: FedLane, feeder: Feeder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.paper_scanner.sane.SILENT_SECONDS", 0.2)
    feeder.waits()
    words = lane.scan_papers().words
    assert "Máy quét chưa trả lời" in words
    assert "Bỏ qua, cán bộ sẽ quét" in words
    assert lane.press("/drop", skip="1").at == SUM


def test_a_running_scanner_is_seen_and_stopped(lane: FedLane, feeder: Feeder) -> None:
    feeder.put(paper("một"))
    feeder.waits()
    lane.press()
    assert "Đang quét trang" in lane.go(FEEDER).words
    lane.press("/use")
    assert lane.pages == []
    lane.press("/stop")
    _wait()
    assert "Đã quét 1 trang" in lane.go(FEEDER).words


def test_another_form_waits_while_the_scanner_moves(lane: FedLane, feeder: Feeder) -> None:
    feeder.waits()
    scanner = lane.context.paper_scanner
    other = StackKey(person="can.bo", form="H57.99.01-261202-0001", paper="bang")
    assert scanner.begin(other, "test:", "feeder")
    assert "Máy quét đang bận" in lane.press().answer.text
    assert scanner.begin(StackKey(person="", form="another", paper="bang"), MADE_UP_SCANNER, "glass")
    scanner.stop(other)
    _wait()


def test_no_more_pages_than_the_form_takes(lane: FedLane, feeder: Feeder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.acts.draft_pages.MAX_PAGES", 3)
    lane.go(FEEDER)
    assert "Nhiều nhất 3 trang." in lane.words
    feeder.put(*[paper(text) for text in ("một", "", "hai", "ba", "bốn", "năm")])
    words = lane.scan_papers().words
    assert "Đã đủ ảnh. Giấy còn lại cán bộ quét ở quầy." in words
    assert "Quét thêm trang" not in words
    lane.press("/use")
    assert len(lane.pages) == 3
    assert lane.at == SUM


def test_scanned_pages_are_forgotten_with_the_visit(lane: FedLane, feeder: Feeder) -> None:
    feeder.put(paper("một"))
    lane.scan_papers()
    with lane.context.store.read() as db:
        (draft_id,) = [str(row[0]) for row in db.execute("select id from drafts").fetchall()]
    key = StackKey(person="", form=draft_id, paper="original:bang")
    assert lane.context.paper_scanner.stack(key) is not None
    lane.browser.post("/leave", data={"csrf": lane.token, "delete": "1"})
    assert lane.context.paper_scanner.stack(key) is None
    assert lane.browser.get(f"{FEEDER}/1").status_code == 410


def test_a_scanner_that_runs_at_the_end_of_the_visit_keeps_nothing(lane: FedLane, feeder: Feeder) -> None:
    feeder.put(paper("một"))
    feeder.waits()
    lane.press()
    lane.browser.post("/leave", data={"csrf": lane.token})
    _wait()
    assert lane.context.paper_scanner._stacks == {}


def test_the_glass_is_laid_paper_by_paper(app: Flask, feeder: Feeder) -> None:
    lane = FedLane(app, source="glass")
    assert "Đặt úp giấy lên mặt kính" in lane.words
    feeder.put(paper("một"))
    assert "Đã quét 1 trang" in lane.scan_papers().words
    feeder.put(paper("hai"))
    assert "Đã quét 2 trang" in lane.scan_papers().words


def test_a_form_that_hands_papers_in_gets_the_pages_too(app: Flask, feeder: Feeder) -> None:
    _with_scanner(app)
    citizen = Citizen(app, has_camera=False)
    assert OFFER.replace("Chụp", "Quét") in citizen.browser.get("/form/check").text
    (address, *_others) = citizen.papers
    feeder.put(paper("một"), paper("hai"))
    assert "Gửi kèm tờ khai." in citizen.browser.get(address).text
    citizen.post(address)
    _wait()
    assert citizen.post(f"{address}/use").headers["Location"].startswith("/form/papers")
    assert len(citizen.pages) == 2
    receipt_no = citizen.submit()
    with citizen.context.store.read() as db:
        assert len(scans.of_receipt(db, receipt_no)) == 2


def test_practice_scans_made_up_papers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made_up, "PAGE_SECONDS", 0)
    lane = FedLane(app)
    config = Config(paper_scanner=PaperScannerSettings(screen_device="airscan:e0:Canon")).practising()
    assert config.paper_scanner.screen_device == MADE_UP_SCANNER
    assert Config().practising().paper_scanner.screen_device == ""
    lane.context.config = replace(lane.context.config, paper_scanner=config.paper_scanner)
    words = lane.scan_papers().words
    assert "Đã quét 4 trang" in words
    assert "2 mặt để trống, máy bỏ đi." in words
