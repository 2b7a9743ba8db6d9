"""Page of the backup disks: find, ask, format or keep, use; what the helper refuses, and a machine without it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kiosk.backup import disks
from kiosk.config import ROOT, load
from kiosk.context import Context
from kiosk.health import backup_media
from kiosk.health.backup_media import BackupMedium
from kiosk.pages.technician.disks import EMPTY, GONE, USED
from kiosk.records import audit
from tests.pages.technician.disk_helper import GIGABYTE, ID, PHOTOS, STICK, Helper
from tests.pages.technician.sitting import Bench
from tests.pages.technician.test_copies import wait


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "own" / "kiosk.toml"
    file.parent.mkdir()
    file.write_text((ROOT / "kiosk.toml").read_text("utf-8"), "utf-8")
    return file


@pytest.fixture
def bench(app: Flask, file: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    context: Context = app.extensions["context"]
    context.config = replace(load(file), root=context.config.root)
    monkeypatch.setattr(backup_media, "find_media", lambda _folder: [])
    return Bench(app)


@pytest.fixture
def helper(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Helper]:
    program = tmp_path / "backup_disk.py"
    program.touch()
    monkeypatch.setattr(disks, "HELPER", program)
    monkeypatch.setattr(disks, "ANSWER", tmp_path / "answer.json")
    monkeypatch.setitem(disks.MOUNTED, "hour", tmp_path / "saoluu")
    monkeypatch.setitem(disks.MOUNTED, "minute", tmp_path / "saoluu2")
    made = Helper(bench.context.config.folder / disks.REQUEST, tmp_path / "answer.json")
    yield made
    made.close()


def find(bench: Bench, place: str = "hour") -> None:
    bench.go(f"/technician/disks?place={place}").post(f"/technician/disks/{place}/find")
    wait(bench.context, "disk")
    bench.go(f"/technician/disks?place={place}")


def test_a_disk_is_found_and_shown_with_what_is_on_it(bench: Bench, helper: Helper) -> None:
    find(bench)
    assert "Kingston DataTraveler, 32 GB, cắm USB" in bench.words
    content = "phần exfat, 31 GB, tên “ẢNH CƯỚI”, 128 tệp và thư mục: “Ảnh 2019”, “Ảnh 2020” và 126 cái khác"
    assert f"Trên ổ: {content}." in bench.words
    assert helper.seen == ["look hour -"]


def test_formatting_is_asked_with_the_disk_its_size_and_its_content_before_anything_is_done(
    bench: Bench, helper: Helper
) -> None:
    find(bench)
    bench.post(f"/technician/disks/hour/format/{ID}")
    assert "Xóa hết ổ Kingston DataTraveler, 32 GB, cắm USB?" in bench.words
    assert "Số máy của ổ: 60A44C." in bench.words
    assert "“ẢNH CƯỚI”, 128 tệp và thư mục" in bench.words
    assert helper.seen == ["look hour -"]


@pytest.mark.parametrize(("act", "place", "key"), [("format", "hour", "path"), ("keep", "minute", "second")])
def test_a_disk_is_set_up_and_written_into_the_settings(
    bench: Bench, helper: Helper, file: Path, act: str, place: str, key: str
) -> None:
    folder = disks.MOUNTED[place] / "ward-kiosk"
    folder.parent.mkdir()
    find(bench, place)
    helper.handler = lambda _act, _place, _disk: {"folder": str(folder)}
    bench.post(f"/technician/disks/{place}/{act}/{ID}").post(f"/technician/disks/{place}/{act}/{ID}", sure="yes")
    wait(bench.context, "disk")
    assert helper.seen[-1] == f"{act} {place} {ID}"
    assert USED in bench.go(f"/technician/disks?place={place}").words
    assert getattr(load(file).backup, key) == str(folder)
    assert getattr(bench.context.config.backup, key) == str(folder)
    with bench.context.store.read() as db:
        assert dict(audit.latest(db, ["backup_disk"], 1)[0].line.facts) == {"detail": act}


@pytest.mark.parametrize(("fault", "words"), [*disks.FAULTS.items(), ("failed", disks.FAILED)])
def test_a_refusal_of_the_helper_is_told_and_changes_no_setting(
    bench: Bench, helper: Helper, file: Path, fault: str, words: str
) -> None:
    before = file.read_bytes()
    find(bench)
    helper.handler = lambda _act, _place, _disk: {"fault": fault}
    bench.post(f"/technician/disks/hour/format/{ID}", sure="yes")
    wait(bench.context, "disk")
    assert words in bench.go("/technician/disks").words
    assert file.read_bytes() == before


def test_a_folder_elsewhere_is_not_taken_from_the_helper(bench: Bench, helper: Helper, file: Path) -> None:
    before = file.read_bytes()
    find(bench)
    helper.handler = lambda _act, _place, _disk: {"folder": "/etc/ward-kiosk"}
    bench.post(f"/technician/disks/hour/format/{ID}", sure="yes")
    wait(bench.context, "disk")
    assert disks.FAILED in bench.go("/technician/disks").words
    assert file.read_bytes() == before


def test_a_disk_that_was_not_shown_is_not_set_up(bench: Bench, helper: Helper) -> None:
    find(bench)
    bench.post(f"/technician/disks/hour/format/{'6' * 64}", sure="yes")
    assert (bench.answer.status_code, GONE in bench.words) == (422, True)
    assert helper.seen == ["look hour -"]


def test_a_disk_that_cannot_take_copies_as_it_is_has_one_button(bench: Bench, helper: Helper) -> None:
    helper.handler = lambda _act, _place, _disk: {"disks": [STICK | {"keep": False, "parts": []}]}
    find(bench)
    assert EMPTY in bench.words
    assert "Dùng ổ này, giữ mọi thứ" not in bench.words
    bench.post(f"/technician/disks/hour/keep/{ID}", sure="yes")
    assert bench.answer.status_code == 404
    assert helper.seen == ["look hour -"]


def test_the_copies_on_a_disk_make_keeping_it_the_first_choice(bench: Bench, helper: Helper) -> None:
    helper.handler = lambda _act, _place, _disk: {"disks": [STICK | {"parts": [PHOTOS | {"copies": 24}]}]}
    find(bench)
    assert "24 bản sao của máy một cửa" in bench.words
    main = re.search(r'<button class="main"[^>]*>(.*?)</button>', bench.page)
    assert main
    assert "Dùng ổ này, giữ mọi thứ" in main[1]


def test_a_helper_that_does_not_answer_is_named_and_its_request_is_withdrawn(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that waited until a later start would look for another disk than the one of today."""
    monkeypatch.setattr(disks, "HELPER", tmp_path)
    monkeypatch.setitem(disks.LONGEST_SECONDS, "look", 0.0)
    find(bench)
    assert disks.NO_ANSWER in bench.words
    assert not (bench.context.config.folder / disks.REQUEST).exists()


def test_a_machine_without_the_package_says_so_and_uses_what_is_mounted(
    bench: Bench, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    medium = BackupMedium(path=stick, kind="exfat", free=370_000_000)
    monkeypatch.setattr(backup_media, "find_media", lambda _folder: [medium])
    bench.go("/technician/disks")
    assert "Máy này không cài từ gói" in bench.words
    assert "Đã cắm, tìm ổ" not in bench.words
    assert f"{stick} exfat 370 MB" in bench.words
    bench.post("/technician/disks/hour/mounted", medium=str(stick))
    assert USED in bench.words
    assert load(file).backup.path == str(stick / "ward-kiosk")
    assert (stick / "ward-kiosk").is_dir()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "not yours"), "là của người dùng khác, máy chưa ghi được. Gõ: sudo chown"),
        (OSError(30, "read-only"), "không cho ghi. Xem ổ có khóa ghi không"),
    ],
)
def test_a_disk_that_refuses_the_folder_is_told_with_its_own_remedy(
    bench: Bench, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, words: str
) -> None:
    before = file.read_bytes()
    medium = BackupMedium(path=tmp_path, kind="ext4", free=16 * GIGABYTE)
    monkeypatch.setattr(backup_media, "find_media", lambda _folder: [medium])

    def refuse(*_: object, **__: object) -> None:
        raise error

    bench.go("/technician/disks")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", refuse)
        bench.post("/technician/disks/hour/mounted", medium=str(tmp_path))
    assert words in bench.words
    assert file.read_bytes() == before


def test_a_disk_that_is_gone_meanwhile_is_told(bench: Bench, file: Path) -> None:
    before = file.read_bytes()
    bench.go("/technician/disks").post("/technician/disks/hour/mounted", medium="/media/rút ra")
    assert (bench.answer.status_code, GONE in bench.words, file.read_bytes()) == (422, True, before)


def test_other_copies_than_two_kinds_have_no_page(bench: Bench) -> None:
    assert bench.browser.get("/technician/disks?place=year").status_code == 404


def test_a_machine_in_practice_formats_nothing(bench: Bench, helper: Helper) -> None:
    bench.context.config = replace(bench.context.config, kiosk=replace(bench.context.config.kiosk, practice=True))
    bench.go("/technician/disks").post("/technician/disks/hour/find")
    assert bench.answer.status_code == 403
    assert helper.seen == []
