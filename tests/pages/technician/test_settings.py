"""Page of the settings: what is typed is checked, shown in words, saved into kiosk.toml, and undone."""

import fcntl
import html
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kiosk.acts import screens
from kiosk.config import ROOT, edit, load
from kiosk.pages.technician import setting_groups
from kiosk.pages.technician.setting_groups import GROUPS
from kiosk.records import audit
from tests.pages.technician.sitting import Bench


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "own" / "kiosk.toml"
    file.parent.mkdir()
    file.write_text((ROOT / "kiosk.toml").read_text("utf-8"), "utf-8")
    return file


@pytest.fixture
def bench(app: Flask, file: Path) -> Bench:
    bench = Bench(app)
    bench.context.config = replace(load(file), root=bench.context.config.root)
    return bench


def fields(bench: Bench, group: str) -> dict[str, str]:
    """Return the fields of a group's form as a browser would send them."""
    bench.go(f"/technician/settings?group={group}")
    found = {}
    for name, value in re.findall(r'<input[^>]*?name="([\w.]+)"[^>]*?value="([^"]*)"', bench.page):
        found[name] = html.unescape(value)
    for name, body in re.findall(r'<select[^>]*?name="([\w.]+)"[^>]*>(.*?)</select>', bench.page):
        found[name] = re.findall(r'<option value="([^"]*)"\s+selected', body)[0]
    found.pop("csrf")
    return found


def save(bench: Bench, group: str, **changes: str) -> Bench:
    typed = fields(bench, group) | {name.replace("__", "."): value for name, value in changes.items()}
    bench.post(f"/technician/settings/{group}", **typed)
    assert "Ghi 1 chỗ đổi này?" in bench.words
    return bench.post(f"/technician/settings/{group}", **typed, sure="yes")


def own_name(bench: Bench) -> str:
    return bench.context.config.screen.name


def test_the_own_screen_does_not_get_the_name_of_an_enrolled_one(bench: Bench, file: Path) -> None:
    code = screens.create_code(bench.context, "Máy cạnh cửa", "CB03")
    before = file.read_bytes()
    words = "Trùng với màn hình “máy cạnh CỬA” ở trang Màn hình của phường. Mời đặt tên khác."
    for sure in ({}, {"sure": "yes"}):
        bench.post("/technician/settings/devices", **fields(bench, "devices") | {"screen.name": "máy cạnh CỬA"} | sure)
        assert bench.answer.status_code == 422
        assert words in bench.words, "its code can still be typed"
    screen = screens.enrol(bench.context, code, "0" * 64, "192.168.1.20")
    bench.post("/technician/settings/devices", **fields(bench, "devices") | {"screen.name": "máy cạnh CỬA"})
    assert words in bench.words
    assert file.read_bytes() == before
    screens.revoke(bench.context, screen.id, "CB03")
    save(bench, "devices", screen__name="Máy cạnh cửa")
    assert own_name(bench) == "Máy cạnh cửa"


def test_one_step_back_gives_the_own_screen_no_name_in_use(bench: Bench) -> None:
    former = own_name(bench)
    save(bench, "devices", screen__name="Máy giữa sảnh")
    screens.create_code(bench.context, former, "CB03")
    bench.go("/technician/settings").post("/technician/settings/undo", sure="yes")
    assert bench.answer.status_code == 422
    assert f"trùng với màn hình “{former}”" in bench.words
    assert own_name(bench) == "Máy giữa sảnh"


def test_other_settings_change_beside_an_older_double_name(bench: Bench, file: Path) -> None:
    screens.create_code(bench.context, "Máy giữa sảnh", "CB03")
    file.write_text(file.read_text("utf-8").replace(f'name = "{own_name(bench)}"', 'name = "Máy giữa sảnh"'), "utf-8")
    save(bench, "devices", scanner__baud="9600")
    assert load(file).screen.name == "Máy giữa sảnh"
    assert load(file).scanner.baud == 9600


@pytest.mark.parametrize("group", [group.id for group in GROUPS])
def test_a_form_that_nobody_changed_changes_nothing(bench: Bench, file: Path, group: str) -> None:
    before = file.read_bytes()
    bench.post(f"/technician/settings/{group}", **fields(bench, group))
    assert "Không có gì khác, nên chưa ghi gì." in bench.words
    assert file.read_bytes() == before


def test_a_change_is_shown_in_words_and_then_written_with_the_comments(bench: Bench, file: Path) -> None:
    typed = fields(bench, "ward") | {"ward.hotline": "02343822222"}
    bench.post("/technician/settings/ward", **typed)
    assert "Số tổng đài “19001075” “02343822222”" in bench.words
    assert load(file).ward.hotline == "19001075", "nothing is written before it was seen"
    bench.post("/technician/settings/ward", **typed, sure="yes")
    assert "Đã ghi, có tác dụng ngay." in bench.words
    assert load(file).ward.hotline == bench.context.config.ward.hotline == "02343822222"
    assert "# Số tổng đài. In trên phiếu" in file.read_text("utf-8")
    assert "Chờ khởi động lại" not in bench.words
    with bench.context.store.read() as db:
        line = audit.latest(db, ["settings"], 1)[0].line
    assert dict(line.facts) == {"keys": "ward.hotline"}


def test_a_change_that_needs_a_restart_says_so_before_and_after(bench: Bench, file: Path) -> None:
    typed = fields(bench, "devices") | {"scanner.baud": "9600"}
    assert "Tốc độ cổng Khởi động lại mới dùng" in bench.words
    bench.post("/technician/settings/devices", **typed)
    assert "“9600” Khởi động lại mới dùng." in bench.words
    bench.post("/technician/settings/devices", **typed, sure="yes")
    assert "Đã ghi. Có ô chờ khởi động lại." in bench.words
    assert "Chờ khởi động lại: Tốc độ cổng (Màn hình, đầu quét)." in bench.words
    assert load(file).scanner.baud == 9600 != bench.context.config.scanner.baud


def test_one_step_back_is_shown_and_taken(bench: Bench, file: Path) -> None:
    before = file.read_bytes()
    save(bench, "ward", ward__hotline="02343822222")
    bench.go("/technician/settings").post("/technician/settings/undo")
    assert "Số tổng đài “02343822222” “19001075”" in bench.words
    bench.post("/technician/settings/undo", sure="yes")
    assert "Đã lấy lại cài đặt trước." in bench.words
    assert file.read_bytes() == before
    assert "Chờ khởi động lại" not in bench.words


@pytest.mark.parametrize(
    ("group", "name", "text", "words"),
    [
        ("ward", "kiosk.id", "máy 3", 'Phải là chữ có dạng "PK03"; đang là'),
        ("backup", "backup.copies", "nhiều", "Phải là số nguyên từ 2 đến 99"),
        ("backup", "backup.copies", "1", "Phải là số nguyên từ 2 đến 99"),
        ("hours", "hours.weekdays", "7h-11h", 'danh sách, mỗi mục là chữ có dạng "07:00-11:30"'),
        ("portal", "portal.kind", "telex", 'Phải là một trong "'),
    ],
)
def test_a_wrong_value_is_told_beside_its_box_and_nothing_typed_is_lost(
    bench: Bench, file: Path, group: str, name: str, text: str, words: str
) -> None:
    before = file.read_bytes()
    bench.post(f"/technician/settings/{group}", **fields(bench, group) | {name: text})
    assert bench.answer.status_code == 422
    assert words in bench.words
    assert 'aria-invalid="true"' in bench.page
    assert f'value="{text}"' in bench.page or name == "portal.kind"
    assert file.read_bytes() == before


def test_a_folder_that_another_program_holds_is_told_and_nothing_typed_is_lost(
    bench: Bench, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edit, "LOCK_SECONDS", 0.1)
    handle = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        save(bench, "ward", ward__name="Phường Mới")
    finally:
        os.close(handle)
    assert bench.answer.status_code == 409
    assert "chương trình khác đang giữ thư mục" in bench.words
    assert 'value="Phường Mới"' in bench.page


def test_a_fault_between_two_boxes_is_told_too(bench: Bench) -> None:
    bench.post("/technician/settings/portal", **fields(bench, "portal") | {"portal.kind": "kiosk-sync"})
    assert bench.answer.status_code == 422
    assert 'aria-invalid="true"' in bench.page


def test_a_change_by_hand_meanwhile_is_not_overwritten(bench: Bench, file: Path) -> None:
    typed = fields(bench, "ward") | {"ward.hotline": "02343822222"}
    file.write_text(file.read_text("utf-8").replace("19001075", "19009999"), "utf-8")
    bench.post("/technician/settings/ward", **typed)
    assert bench.answer.status_code == 409
    assert "Cài đặt của máy vừa có người sửa" in bench.words
    assert 'value="02343822222"' in bench.page
    assert load(file).ward.hotline == "19009999"


def test_go_on_editing_keeps_what_was_typed(bench: Bench) -> None:
    typed = fields(bench, "ward") | {"ward.hotline": "02343822222"}
    bench.post("/technician/settings/ward", **typed, again="yes")
    assert 'value="02343822222"' in bench.page


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("backup.path", "/no/such/disk", "Chưa có thư mục này."),
        ("fees.account", "0123456789", "Nhờ người thứ hai đọc lại từng số"),
        ("kiosk.id", "PK77", "phải xin mã ghi danh"),
    ],
)
def test_what_the_check_cannot_know_is_said_before_saving(bench: Bench, name: str, value: str, words: str) -> None:
    group = next(group for group in GROUPS if any(box.name == name for box in group.boxes))
    typed = fields(bench, group.id) | {name: value}
    if name == "fees.account":
        typed |= {"fees.bank": "970436", "fees.holder": "TRUNG TAM PVHCC"}
    bench.post(f"/technician/settings/{group.id}", **typed)
    assert words in bench.words


def test_a_folder_on_the_disk_of_the_store_is_warned_of(bench: Bench, tmp_path: Path) -> None:
    typed = fields(bench, "backup") | {"backup.path": str(tmp_path)}
    bench.post("/technician/settings/backup", **typed)
    assert "nằm cùng ổ với kho" in bench.words


def test_a_file_that_cannot_be_used_says_why_and_shows_no_form(bench: Bench, file: Path) -> None:
    file.write_text("[ward\n", "utf-8")
    bench.go("/technician/settings")
    assert "Dòng 1: viết sai quy cách: “[ward”" in bench.words
    assert "Xem sẽ đổi gì" not in bench.words
    assert f"Sửa dòng đó trong {file}" in bench.words
    bench.go("/technician/")
    assert "CONF-01" in bench.words
    assert "Dòng 1: viết sai quy cách" in bench.words


def test_a_broken_file_is_replaced_by_the_one_before_by_a_button(bench: Bench, file: Path) -> None:
    save(bench, "ward", ward__hotline="02343822222")
    file.write_text("[ward\n", "utf-8")
    bench.go("/technician/settings")
    assert "Lấy lại cài đặt trước" in bench.words
    bench.post("/technician/settings/undo")
    assert "Máy thay cả tệp bằng tệp trước" in bench.words
    bench.post("/technician/settings/undo", sure="yes")
    assert load(file).ward.hotline == "19001075"
    assert "Xem sẽ đổi gì" in bench.words
    assert "CONF-01" not in bench.go("/technician/").words


def test_in_practice_the_settings_are_not_written(app: Flask) -> None:
    bench = Bench(app).go("/technician/settings")
    assert "Máy đang tập" in bench.words
    assert "Xem sẽ đổi gì" not in bench.words


def test_every_box_is_a_setting_once_and_has_a_kind() -> None:
    boxes = [box for group in GROUPS for box in group.boxes]
    assert len({box.name for box in boxes}) == len(boxes) > 40
    kinds = {setting_groups.kind_of(box) for box in boxes}
    assert kinds == {"text", "number", "list", "switch", "choice"}
    for box in boxes:
        text = setting_groups.shown_value(setting_groups.default(box))
        value = setting_groups.typed_value(box, text)
        assert value == (list(default) if isinstance(default := setting_groups.default(box), tuple) else default)
