"""The technician's page of the printers: every change is in kiosk.toml and in force at once; nothing typed is lost."""

import html
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kiosk.acts import queueing, screens
from kiosk.base.clock import FixedClock
from kiosk.config import Config, load
from kiosk.config.edit import open_settings
from kiosk.config.printer_tables import rename_screen
from kiosk.health import printing_state
from kiosk.records import marks
from kiosk.startup.wiring import open_printers
from kiosk.store.db import Store
from kiosk.web.app import create_app
from kiosk.worker import Worker
from printers import discovery, spool
from printers.discovery import FoundPrinter
from printers.errors import NotSent
from printers.virtual.office import VirtualOfficePrinter
from printers.virtual.server import VirtualPrinter
from tests.heartbeats import beat
from tests.pages.technician.sitting import Bench
from tests.papers.forms import words_of_pdf

USB = FoundPrinter(kind="usb", address="0416:5011@1-2", title="Zywell ZY-303", place="1-2", profile="zywell-80")
QUEUE = FoundPrinter(kind="cups", address="vanphong", title="Canon LBP 6030")
TWO = """# máy in của sảnh
[[printer]]
name = "Sảnh"   # máy đầu
kind = "network"
address = "127.0.0.1:1"

[[printer]]
name = "Dự phòng"
kind = "network"
address = "127.0.0.1:2"
use = ["slip"]

[[office_printer]]
name = "A4 quầy 1"
kind = "ipp"
address = "ipp://127.0.0.1:3/ipp/print"
counters = [1]

[[office_printer]]
name = "A4 quầy 2"
kind = "ipp"
address = "ipp://127.0.0.1:4/ipp/print"
counters = [2]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(TWO, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def plugged_in(monkeypatch: pytest.MonkeyPatch) -> list[FoundPrinter]:
    """Let these printers be plugged into the machine: there is no USB printer where the tests run."""
    found = [USB, QUEUE]
    monkeypatch.setattr(discovery, "find_attached", lambda: list(found))
    return found


@pytest.fixture
def bench(config: Config, file: Path, store: Store, clock: FixedClock) -> Iterator[Bench]:
    clock.advance(24 * 3600)  # the day before is a holiday, without numbers
    app = create_app(replace(load(file), root=config.root), clock)
    bench = Bench(app)
    beat(bench.context)
    yield bench
    bench.context.store.close()


def form(bench: Bench) -> dict[str, str]:
    """Return what the browser would send of the chosen printer's form, without a touch."""
    text = bench.answer.get_data(as_text=True).partition('class="sheet chosen"')[2].partition("</form>")[0]
    values: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", text, flags=re.DOTALL):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        is_box = attributes.get("type") in ("checkbox", "radio")
        if is_box and not re.search(r"\bchecked\b", tag):
            continue
        values[attributes["name"]] = html.unescape(attributes.get("value", "on" if is_box else ""))
    uses = re.findall(r'name="use"\s+value="(\w+)"\s+checked', text)
    return values | ({"use": uses} if uses else {})  # type: ignore[dict-item]


def choose(bench: Bench, name: str) -> dict[str, str]:
    bench.go(f"/technician/printers?name={name}")
    return form(bench)


def test_each_printer_has_its_connection_its_state_in_words_and_what_to_do(bench: Bench) -> None:
    with bench.context.store.write() as db:
        marks.put(db, "printer:Sảnh", "ok")
        marks.put(db, "printer:Dự phòng", "paper_out")
        marks.put(db, "printer:A4 quầy 1", "jam")
        marks.put(db, "printer:A4 quầy 2", "no_status")
    beat(bench.context)
    words = bench.go("/technician/printers").words
    assert "Máy in: 4 máy đang dùng, 2 máy cần xem" in words
    assert "Sảnh Mạng 127.0.0.1:1" in words
    assert "Dự phòng Mạng 127.0.0.1:2 Mở nắp, thay cuộn mới, mặt in quay lên, đóng nắp lại. Hết giấy" in words
    assert "Mở nắp, rút tờ giấy kẹt ra, đóng nắp lại. Kẹt giấy" in words
    assert "Máy này không báo được hết giấy hay kẹt: nhìn giấy ở máy in. Không báo tình trạng" in words


def test_the_order_of_two_printers_changes_by_a_button_with_their_comments(bench: Bench, file: Path) -> None:
    choose(bench, "Sảnh")
    assert "Cho in trước" not in bench.words, "it is the first"
    digest = choose(bench, "Dự phòng")["digest"]
    assert "Cho in trước" in bench.words
    bench.post("/technician/printers/raise", name="Dự phòng", digest=digest)
    assert "Đã đưa lên: máy này in trước." in bench.words
    assert [printer.name for printer in bench.context.config.printers] == ["Dự phòng", "Sảnh"]
    assert '# máy in của sảnh\n[[printer]]\nname = "Sảnh"   # máy đầu' in file.read_text("utf-8")
    bench.post("/technician/printers/raise", name="Sảnh", digest=digest)
    assert "vừa có người sửa" in bench.words, "an old page changes nothing"


def test_the_connection_of_a_printer_is_changed_with_its_address(bench: Bench, file: Path) -> None:
    values = choose(bench, "Sảnh")
    bench.post("/technician/printers/save", **values | {"kind": "usb"})
    assert "address phải là mã máy in USB" in bench.words, "the address is still one of the network"
    assert '<option value="usb" selected' in bench.page
    bench.post("/technician/printers/save", **values | {"kind": "usb", "address": "0416:5011@1-2"})
    assert "Đã ghi, có tác dụng ngay." in bench.words
    assert (load(file).printers[0].kind, load(file).printers[0].address) == ("usb", "0416:5011@1-2")
    values = choose(bench, "A4 quầy 1")
    bench.post("/technician/printers/save", **values | {"kind": "usb"})
    assert "Máy không biết kiểu nối này" in bench.words, "an office printer stays one"
    bench.post("/technician/printers/save", **values | {"kind": "cups", "address": "quay1"})
    assert load(file).office_printers[0].kind == "cups"


def test_a_printer_belongs_to_a_touchscreen_and_follows_its_name(bench: Bench, file: Path) -> None:
    own = bench.context.config.screen.name
    values = choose(bench, "Sảnh")
    assert "Của màn hình nào" not in bench.words, "there is one touchscreen"
    screens.create_code(bench.context, "Máy cửa sau", "CB03")
    screens.create_code(bench.context, "Quầy 1", "CB03", counter=1)
    bench.go("/technician/printers?name=Sảnh")
    assert f"Của màn hình nào Mọi màn hình Của màn hình nào {own} Máy cửa sau Không chọn:" in bench.words
    assert "Quầy 1</label>" not in bench.page.partition("Của màn hình nào")[2].partition("</fieldset>")[0]
    bench.post("/technician/printers/save", **values | {"screen": [own]})
    assert load(file).printers[0].screens == (own,)
    assert f"Chỉ của {own}" in bench.words
    settings = open_settings(file)
    rename_screen(settings, own, "Máy giữa sảnh")
    settings.save()
    assert load(file).printers[0].screens == ("Máy giữa sảnh",)


def test_a_found_printer_is_added_and_is_in_the_list_at_once(bench: Bench, file: Path) -> None:
    assert "USB Zywell ZY-303 cắm ở cổng 1-2" in bench.go("/technician/printers").words
    values = {"kind": "usb", "address": USB.address, "title": USB.title}
    bench.post("/technician/printers/add", **values)
    assert "Máy in: 5 máy đang dùng" in bench.words
    assert bench.words.count("Zywell ZY-303") == 2, "in the list and in the form, and not found any more"
    added = load(file).printers[-1]
    assert (added.name, added.kind, added.address, added.dots) == ("Zywell ZY-303", "usb", USB.address, 576)
    assert added.use == ("ticket", "slip", "missing", "fee")
    assert "# máy in của sảnh" in file.read_text(encoding="utf-8")


def test_the_figures_of_a_model_fill_in_the_settings_and_the_page_says_how_sure_they_are(
    bench: Bench, file: Path, plugged_in: list[FoundPrinter]
) -> None:
    plugged_in.append(
        FoundPrinter(
            kind="usb", address="1504:0006/A1", title="BIXOLON SRP-330II", place="1-4", profile="bixolon-srp-330"
        )
    )
    words = bench.go("/technician/printers").words
    assert "Số đo của Bixolon SRP-330, SRP-330II, SRP-330III (180 dpi): theo tài liệu" in words
    bench.post(
        "/technician/printers/add",
        kind="usb",
        address="1504:0006/A1",
        title="BIXOLON SRP-330II",
        profile="bixolon-srp-330",
    )
    added = load(file).printers[-1]
    assert (added.dots, added.dpi, added.width_mm) == (512, 180, 80)
    assert "SRP-332II, SRP-332III là máy 203 dpi" in bench.words, "what a technician should know of it"


@pytest.mark.parametrize("profile", ["", "no-such"])
def test_without_a_known_model_the_usual_figures_stand(bench: Bench, file: Path, profile: str) -> None:
    bench.post("/technician/printers/add", kind="network", address="127.0.0.1:77", profile=profile)
    assert load(file).printers[-1].dots == 576


def test_a_second_printer_of_one_model_has_a_name_of_its_own(
    bench: Bench, file: Path, plugged_in: list[FoundPrinter]
) -> None:
    plugged_in.append(replace(USB, address="0416:5011@1-3", place="1-3"))
    for found in plugged_in[::2]:
        bench.go("/technician/printers")
        bench.post("/technician/printers/add", kind=found.kind, address=found.address, title=found.title)
    assert [printer.name for printer in load(file).printers[2:]] == ["Zywell ZY-303", "Zywell ZY-303 2"]


def test_two_printers_at_one_address_are_refused_in_a_sentence(bench: Bench, file: Path) -> None:
    bench.post("/technician/printers/add", kind="network", address="127.0.0.1:1", title="Khác")
    assert bench.answer.status_code == 422
    assert "Địa chỉ 127.0.0.1:1 là của máy in “Sảnh”" in bench.words
    assert file.read_text(encoding="utf-8") == TWO


def test_what_is_typed_is_in_force_at_once_and_comments_stay(bench: Bench, file: Path) -> None:
    values = choose(bench, "Sảnh")
    bench.post(
        "/technician/printers/save", **{**values, "new_name": "Máy ở cửa", "use": ["ticket"], "fallback": "A4 quầy 1"}
    )
    assert "Đã ghi, có tác dụng ngay." in bench.words
    first = load(file).printers[0]
    assert (first.name, first.use, first.fallback) == ("Máy ở cửa", ("ticket",), "A4 quầy 1")
    assert bench.context.config.printers[0] == first
    assert 'name = "Máy ở cửa" # máy đầu' in file.read_text(encoding="utf-8")


def test_a_form_that_changes_nothing_leaves_the_file_as_it_is(bench: Bench, file: Path) -> None:
    for name in ("Sảnh", "Dự phòng"):
        bench.post("/technician/printers/save", **choose(bench, name))
        assert bench.answer.status_code == 200
    assert file.read_text(encoding="utf-8") == TWO


def test_the_model_that_is_chosen_sets_the_figures_of_the_printer(bench: Bench, file: Path) -> None:
    bench.post("/technician/printers/save", **{**choose(bench, "Sảnh"), "profile": "other-58"})
    first = load(file).printers[0]
    assert (first.width_mm, first.dots) == (58, 384)


def test_a_name_in_use_is_refused_and_what_was_typed_stays(bench: Bench, file: Path) -> None:
    values = choose(bench, "Sảnh")
    bench.post("/technician/printers/save", **{**values, "new_name": "Dự phòng", "feed": "77"})
    assert bench.answer.status_code == 422
    assert "mỗi máy in phải có tên riêng" in bench.words
    assert form(bench)["new_name"] == "Dự phòng"
    assert form(bench)["feed"] == "77"
    assert file.read_text(encoding="utf-8") == TWO


def test_a_file_that_was_changed_by_hand_meanwhile_is_not_overwritten(bench: Bench, file: Path) -> None:
    values = choose(bench, "Sảnh")
    file.write_text(TWO + "\n[lock]\nminutes = 7\n", encoding="utf-8")
    bench.post("/technician/printers/save", **{**values, "feed": "88"})
    assert bench.answer.status_code == 409
    assert "vừa có người sửa" in bench.words
    assert form(bench)["feed"] == "88"
    bench.post("/technician/printers/save", **form(bench))
    assert load(file).printers[0].feed == 88
    assert load(file).lock.minutes == 7


def test_a_file_that_was_broken_by_hand_is_said_and_the_printers_go_on(bench: Bench, file: Path) -> None:
    file.write_text(TWO + "\n[[printer\n", encoding="utf-8")
    words = bench.go("/technician/printers").words
    assert "Tệp kiosk.toml đang hỏng, máy in vẫn chạy theo bản trước" in words
    assert "Dòng 25: viết sai quy cách: “[[printer”" in words
    assert "4 máy đang dùng" in words
    bench.post("/technician/printers/save", **{**form(bench), "feed": "50"})
    assert bench.answer.status_code == 422
    assert form(bench)["feed"] == "50"


def test_the_answers_about_the_calibration_slip_set_width_darkness_and_cut(bench: Bench, file: Path) -> None:
    values = choose(bench, "Sảnh")
    answers = {"edges": "right_lost", "darkness": "4", "cut": "close"}
    bench.post("/technician/printers/save", **{**values, **answers, "then": "calibration"})
    first = load(file).printers[0]
    assert (first.dots, first.darkness, first.feed, first.cutter) == (512, 4, 160, True)
    bench.post("/technician/printers/save", **{**choose(bench, "Sảnh"), "edges": "left_lost", "cut": "none"})
    first = load(file).printers[0]
    assert (first.dots, first.margin, first.darkness, first.feed, first.cutter) == (512, 36, 4, 160, False)
    with bench.context.store.read() as db:
        assert [(job.kind, job.facts["paper"]) for job in spool.list_jobs(db, ["queued"])] == [
            ("test:Sảnh", "calibration")
        ]


def test_a_test_slip_comes_out_of_the_printer_that_was_chosen(bench: Bench, tmp_path: Path) -> None:
    with VirtualPrinter(speed=0, folder=tmp_path) as printer:
        values = choose(bench, "Dự phòng")
        bench.post("/technician/printers/save", **{**values, "address": printer.address, "then": "test"})
        _work(bench)
        assert len(printer.papers) == 1
    assert "In thử 8:30" in bench.go("/technician/printers").words


def test_a_printer_that_is_unplugged_while_it_is_tried_keeps_the_slip_waiting(bench: Bench) -> None:
    bench.post("/technician/printers/save", **{**choose(bench, "Sảnh"), "then": "test"})
    _work(bench)
    words = bench.go("/technician/printers").words
    assert "1 giấy chờ" in words
    words = bench.go("/technician/printers/papers?name=Sảnh").words
    assert "Phiếu in thử" in words
    assert "Không tới được máy in" in words


def test_a_slip_goes_to_the_fallback_of_another_kind_while_its_printer_is_away(bench: Bench, tmp_path: Path) -> None:
    with VirtualOfficePrinter(folder=tmp_path) as office:
        bench.post("/technician/printers/save", **{**choose(bench, "A4 quầy 1"), "address": office.address})
        bench.post("/technician/printers/save", **{**choose(bench, "Sảnh"), "fallback": "A4 quầy 1"})
        queueing.draw_ticket(bench.context, bench.context.config.series[0])
        _work(bench)
        assert len(office.papers) == 1


def test_an_office_printer_prints_a_test_page_that_names_nobody(bench: Bench) -> None:
    with VirtualOfficePrinter() as office:
        values = choose(bench, "A4 quầy 1")
        assert values["counter"] == "1"
        bench.post("/technician/printers/save", **{**values, "address": office.address, "then": "test"})
        _work(bench)
        assert "TRANG THỬ MÁY IN CỦA QUẦY" in words_of_pdf(office.papers[0])
    assert "Trang thử" in bench.go("/technician/devices").words


def test_paper_that_is_nearly_used_up_is_a_matter_for_the_morning(bench: Bench, clock: FixedClock) -> None:
    with bench.context.store.write() as db:
        for name in ("Dự phòng", "A4 quầy 1", "A4 quầy 2"):
            marks.put(db, f"printer:{name}", "ok")
        marks.put(db, "printer:Sảnh", "paper_near_end")
    assert printing_state.printers(bench.context).state == "note"
    clock.advance(22 * 3600)
    beat(bench.context)
    early = printing_state.printers(bench.context)
    assert (early.state, early.do) == ("warning", "Thay cuộn mới trước khi mở quầy.")


def test_the_counters_that_are_chosen_decide_where_a_desk_prints(bench: Bench) -> None:
    assert _printer_of(bench, 1) == "A4 quầy 1"
    values = choose(bench, "A4 quầy 1")
    values.pop("counter")
    bench.post("/technician/printers/save", **{**values, "counter": "2"})
    assert bench.answer.status_code == 422
    assert "quầy 2 ghi ở hai máy in" in bench.words
    bench.post("/technician/printers/save", **{**choose(bench, "A4 quầy 2"), "counter": "1"})
    assert bench.answer.status_code == 422
    bench.post("/technician/printers/remove?name=A4 quầy 1", sure="yes")
    bench.post("/technician/printers/save", **{**choose(bench, "A4 quầy 2"), "counter": "1"})
    assert (_printer_of(bench, 1), _printer_of(bench, 2)) == ("A4 quầy 2", None)


def test_a_file_that_cannot_be_written_is_said_and_what_was_typed_stays(
    bench: Bench, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = choose(bench, "Sảnh")
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != file and may(path, mode))  # root may write everything
    bench.post("/technician/printers/save", **{**values, "feed": "99"})
    assert bench.answer.status_code == 409
    assert "không ghi được" in bench.words
    assert form(bench)["feed"] == "99"
    assert file.read_text(encoding="utf-8") == TWO


def test_papers_that_wait_are_listed_with_their_numbers_and_are_printed_or_discarded(bench: Bench) -> None:
    tickets = [queueing.draw_ticket(bench.context, bench.context.config.series[0]) for _ in range(2)]
    bench.go("/technician/printers/papers?name=Sảnh")
    assert all(ticket.label in bench.words for ticket in tickets)
    with bench.context.store.read() as db:
        jobs = [spool.of_subject(db, ticket.id)[0].id for ticket in tickets]
    bench.post(f"/technician/paper/{jobs[0]}/drop", printer="Sảnh")
    assert "Giấy chờ ở Sảnh: 1" in bench.words
    bench.post("/technician/printers/papers", name="Sảnh", to="")
    assert tickets[1].label in bench.words


def test_sheets_that_wait_are_moved_to_another_printer_and_follow_a_new_name(bench: Bench) -> None:
    with bench.context.store.write() as db:
        job = spool.enqueue(
            db, key="a", kind="office:A4 quầy 1", subject="x", facts={"paper": "test"}, now=bench.context.clock.now()
        )
    bench.post("/technician/printers/save", **{**choose(bench, "A4 quầy 1"), "new_name": "A4 mới"})
    assert _kind(bench, job) == "office:A4 mới"
    assert "Đổi sang A4 quầy 2" in bench.go("/technician/printers").words
    bench.post("/technician/printers/papers", name="A4 mới", to="A4 quầy 2")
    assert "Đã chuyển 1 giấy sang A4 quầy 2" in bench.words
    assert _kind(bench, job) == "office:A4 quầy 2"


def test_removing_a_printer_asks_and_names_the_papers_that_have_none_then(bench: Bench, file: Path) -> None:
    bench.post("/technician/printers/save", **{**choose(bench, "Dự phòng"), "fallback": "A4 quầy 1"})
    words = bench.go("/technician/printers/remove?name=Sảnh").words
    assert "Bỏ máy in “Sảnh”?" in words
    assert "Không còn máy nào in: Phiếu số, Giấy mang thêm, Phiếu thu." in words
    words = bench.go("/technician/printers/remove?name=A4 quầy 1").words
    assert "Quầy 1 không còn máy in A4" in words
    bench.post("/technician/printers/remove?name=A4 quầy 1", sure="yes")
    assert "Đã bỏ A4 quầy 1." in bench.words
    config = load(file)
    assert [printer.name for printer in config.all_printers] == ["Sảnh", "Dự phòng", "A4 quầy 2"]
    assert config.printers[1].fallback == ""


def test_an_address_of_the_network_is_asked_and_what_is_there_can_be_added(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = FoundPrinter(kind="network", address="192.168.1.60:9100", place="192.168.1.60:9100")
    monkeypatch.setattr(discovery, "ask_address", lambda text: [there])
    bench.post("/technician/printers/search", address="192.168.1.60")
    assert "192.168.1.60:9100 nhận lệnh in phiếu, chưa rõ loại máy" in bench.words

    def nobody(text: str) -> list[FoundPrinter]:
        raise NotSent("unreachable")

    monkeypatch.setattr(discovery, "ask_address", nobody)
    bench.post("/technician/printers/search", address="192.168.1.61")
    assert "Không tới được máy in" in bench.words


def test_a_kiosk_without_a_file_says_why_nothing_can_be_changed(app: Flask) -> None:
    bench = Bench(app)
    bench.context.config = replace(bench.context.config, file=None)
    bench.go("/technician/printers")
    bench.post("/technician/printers/add", kind="usb", address=USB.address)
    assert "chạy không có tệp" in bench.words


def _printer_of(bench: Bench, counter: int) -> str | None:
    printer = bench.context.config.office_printer_of(counter)
    return printer.name if printer else None


def _kind(bench: Bench, job: int) -> str:
    with bench.context.store.read() as db:
        return spool.get(db, job).kind


def _work(bench: Bench) -> None:
    """Let the worker print what is due."""
    worker = Worker(bench.context, None, open_printers(bench.context.config))
    for _ in range(20):
        if not worker.step():
            return


def test_an_office_printer_that_announces_itself_is_in_the_list_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = FoundPrinter(kind="ipp", address="ipp://192.168.1.70:631/ipp/print", title="Canon MF445", place="Phòng 2")
    listening = [
        FoundPrinter(kind="network", address=f"{host}:9100", place=host) for host in ("192.168.1.70", "192.168.1.71")
    ]
    monkeypatch.setattr(discovery, "find_announced", lambda _addresses: [office])
    monkeypatch.setattr(discovery, "own_networks", lambda: ["the ward's"])
    monkeypatch.setattr(discovery, "scan_network", lambda _network: listening)
    bench.post("/technician/printers/search")
    assert "Canon MF445" in bench.words
    assert "192.168.1.71:9100" in bench.words
    assert "192.168.1.70:9100" not in bench.words
