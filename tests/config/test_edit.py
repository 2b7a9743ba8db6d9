"""Tests of changes of kiosk.toml: comments and order stay, faults are not written, former files are kept."""

import difflib
import fcntl
import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import config
from kiosk.base.errors import SettingsBusy, SettingsChanged, SettingsReadOnly, SettingsRefused
from kiosk.config import edit

WRITTEN = """# máy ở sảnh
[kiosk]
id = "PK07"   # mã máy

# hai máy in
[[printer]]
name = "Máy A"   # ở cửa
kind = "network"
address = "10.0.0.1:9100"

# máy thứ hai
[[printer]]
name = "Máy B"
kind = "network"
address = "10.0.0.2:9100"

# nơi sinh hay gặp
[[birth_place]]
name = "Trạm y tế"
"""
NEW = {"name": "Máy C", "kind": "network", "address": "10.0.0.3:9100", "use": ["ticket"]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(WRITTEN, encoding="utf-8")
    return path


def changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


def test_a_changed_key_leaves_every_other_line_as_it_was(file: Path) -> None:
    settings = edit.open_settings(file)
    settings.change("kiosk", "id", "PK08")
    settings.change_table("printer", 1, {"name": "Máy phiếu"})
    saved = settings.save()
    assert changed_lines(WRITTEN, file.read_text(encoding="utf-8")) == [
        '- id = "PK07"   # mã máy',
        '+ id = "PK08"   # mã máy',
        '- name = "Máy B"',
        '+ name = "Máy phiếu"',
    ]
    assert (saved.kiosk.id, saved.printers[1].name) == ("PK08", "Máy phiếu")


def test_the_comment_beside_a_longer_value_keeps_its_column_where_it_fits(file: Path) -> None:
    shipped = (config.ROOT / config.FILE).read_text(encoding="utf-8")
    file.write_text(shipped, encoding="utf-8")
    settings = edit.open_settings(file)
    settings.change("scanner", "port", "/dev/ttyACM0")
    settings.save()
    [old, new] = changed_lines(shipped, file.read_text(encoding="utf-8"))
    assert old.index("#") == new.index("#")


def test_a_removed_key_has_its_default_again(file: Path) -> None:
    settings = edit.open_settings(file)
    settings.change("kiosk", "id", None)
    settings.change("lock", "minutes", None)
    assert settings.save().kiosk.id == "PK03"
    assert "# máy ở sảnh" in file.read_text(encoding="utf-8")


def test_a_section_that_is_not_written_is_added(file: Path) -> None:
    settings = edit.open_settings(file)
    settings.change("lock", "minutes", 5)
    assert settings.save().lock.minutes == 5
    assert file.read_text(encoding="utf-8") == WRITTEN + "\n[lock]\nminutes = 5\n"


def test_a_new_printer_is_written_after_the_others(file: Path) -> None:
    settings = edit.open_settings(file)
    settings.add_table("printer", NEW)
    assert [printer.name for printer in settings.save().printers] == ["Máy A", "Máy B", "Máy C"]
    assert changed_lines(WRITTEN, file.read_text(encoding="utf-8")) == [
        "+ [[printer]]",
        '+ name = "Máy C"',
        '+ kind = "network"',
        '+ address = "10.0.0.3:9100"',
        '+ use = ["ticket"]',
        "+ ",
    ]


def test_the_first_printer_is_written_below_the_example_that_explains_it(file: Path) -> None:
    shipped = (config.ROOT / config.FILE).read_text(encoding="utf-8")
    file.write_text(shipped, encoding="utf-8")
    settings = edit.open_settings(file)
    settings.add_table("printer", NEW)
    settings.save()
    lines = file.read_text(encoding="utf-8").splitlines()
    place = lines.index("[[printer]]")
    assert lines[place - 2].startswith("# fallback")
    assert lines[place + 6].startswith("# Mỗi máy in khổ A4")
    assert not [line for line in changed_lines(shipped, "\n".join(lines)) if line.startswith("-")]


@pytest.mark.parametrize("place", [0, 1])
def test_a_removed_printer_takes_no_comment_of_its_neighbours_along(file: Path, place: int) -> None:
    settings = edit.open_settings(file)
    settings.remove_table("printer", place)
    left = settings.save().printers
    assert [printer.name for printer in left] == ["Máy B", "Máy A"][place : place + 1]
    text = file.read_text(encoding="utf-8")
    assert all(comment in text for comment in ("# máy ở sảnh", "# hai máy in", "# máy thứ hai", "# nơi sinh hay gặp"))


def test_tables_of_one_name_that_are_apart_stay_apart(file: Path) -> None:
    apart = WRITTEN + '\n[[printer]]\nname = "Máy xa"\n\n# cuối\n'
    file.write_text(apart, encoding="utf-8")
    settings = edit.open_settings(file)
    settings.change_table("printer", 2, {"width_mm": 58})
    settings.save()
    assert changed_lines(apart, file.read_text(encoding="utf-8")) == ["+ width_mm = 58"]


def test_line_ends_of_another_system_stay(file: Path) -> None:
    file.write_bytes(WRITTEN.replace("\n", "\r\n").encode())
    settings = edit.open_settings(file)
    settings.change("kiosk", "id", "PK08")
    settings.add_table("printer", NEW)
    settings.save()
    content = file.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") > 20


def test_a_list_over_several_lines_is_replaced_whole(file: Path) -> None:
    file.write_text('[hours]\noff = [\n  "2026-12-24", # lễ\n  "2026-12-31",\n]\nworked = []\n', encoding="utf-8")
    settings = edit.open_settings(file)
    settings.change("hours", "off", ["2027-01-02"])
    assert settings.save().hours.off == ("2027-01-02",)


def test_faults_are_returned_with_their_lines_and_nothing_is_written(file: Path) -> None:
    settings = edit.open_settings(file)
    settings.change("kiosk", "id", "phường")
    _, errors = settings.check()
    assert [error.line for error in errors] == [3]
    with pytest.raises(SettingsRefused) as refused:
        settings.save()
    assert refused.value.faults == ("dòng 3: [kiosk] id phải là chữ có dạng \"PK03\"; đang là 'phường'",)
    assert file.read_text(encoding="utf-8") == WRITTEN
    assert edit.former_files(file) == []


def test_a_file_that_was_broken_by_hand_is_refused_in_a_sentence(file: Path) -> None:
    file.write_text('[kiosk\nid = "PK07"\n', encoding="utf-8")
    with pytest.raises(SettingsRefused, match="dòng 1: viết sai quy cách: “"):
        edit.open_settings(file)


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(file: Path) -> None:
    settings = edit.open_settings(file)
    shown = settings.digest
    by_hand = WRITTEN.replace("PK07", "PK99")
    file.write_text(by_hand, encoding="utf-8")
    settings.change("kiosk", "id", "PK08")
    with pytest.raises(SettingsChanged):
        settings.save()
    with pytest.raises(SettingsChanged):
        edit.open_settings(file, shown)
    assert file.read_text(encoding="utf-8") == by_hand


def test_an_edit_can_be_saved_twice(file: Path) -> None:
    settings = edit.open_settings(file)
    settings.change("kiosk", "id", "PK08")
    settings.save()
    settings.change("kiosk", "id", "PK09")
    settings.save()
    assert config.load(file).kiosk.id == "PK09"


def test_the_mode_of_the_file_stays(file: Path) -> None:
    file.chmod(0o640)
    settings = edit.open_settings(file)
    settings.change("kiosk", "id", "PK08")
    settings.save()
    assert file.stat().st_mode & 0o777 == 0o640
    assert edit.former_files(file)[0].path.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "etc" / "kiosk.toml"
    link.parent.mkdir()
    link.symlink_to(file)
    settings = edit.open_settings(link)
    settings.change("kiosk", "id", "PK08")
    settings.save()
    assert link.is_symlink()
    assert config.load(file).kiosk.id == "PK08"


def test_a_file_that_cannot_be_written_is_said(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: path != file)  # root may write everything
    settings = edit.open_settings(file)
    settings.change("kiosk", "id", "PK08")
    with pytest.raises(SettingsReadOnly, match="không ghi được"):
        settings.save()
    assert file.read_text(encoding="utf-8") == WRITTEN


def test_a_folder_that_another_program_holds_is_said_and_nothing_is_written(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edit, "LOCK_SECONDS", 0.1)
    settings = edit.open_settings(file)
    settings.change("kiosk", "id", "PK08")
    handle = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        with pytest.raises(SettingsBusy, match="chương trình khác đang giữ thư mục"):
            settings.save()
        assert file.read_text(encoding="utf-8") == WRITTEN
    finally:
        os.close(handle)
    assert settings.save().kiosk.id == "PK08"


def test_undo_puts_the_former_file_back_and_a_second_undo_takes_that_back(file: Path) -> None:
    settings = edit.open_settings(file)
    settings.change("kiosk", "id", "PK08")
    settings.save()
    assert edit.undo(file).kiosk.id == "PK07"
    assert file.read_text(encoding="utf-8") == WRITTEN
    assert edit.undo(file).kiosk.id == "PK08"


def test_undo_mends_a_file_that_was_broken_by_hand(file: Path) -> None:
    settings = edit.open_settings(file)
    settings.change("kiosk", "id", "PK08")
    settings.save()
    file.write_text("[[[", encoding="utf-8")
    assert edit.undo(file).kiosk.id == "PK07"


def test_undo_without_a_former_file_says_so(file: Path) -> None:
    with pytest.raises(SettingsRefused, match="không đọc được"):
        edit.undo(file)


def test_only_the_newest_former_files_are_kept(file: Path) -> None:
    for number in range(edit.FORMER + 3):
        settings = edit.open_settings(file)
        settings.change("lock", "minutes", number + 1)
        settings.save()
    former = edit.former_files(file)
    assert [one.number for one in former] == list(range(1, edit.FORMER + 1))
    assert "minutes = 7" in former[0].path.read_text(encoding="utf-8")
    assert len(list(file.parent.iterdir())) == 1 + edit.FORMER


def test_an_edit_without_a_change_writes_nothing(file: Path) -> None:
    settings = edit.open_settings(file)
    settings.change("kiosk", "id", "PK07")
    settings.save()
    assert edit.former_files(file) == []


def test_differences_name_each_key_with_its_old_and_new_value(file: Path) -> None:
    settings = edit.open_settings(file)
    settings.change("kiosk", "id", "PK08")
    settings.change("lock", "minutes", 5)
    settings.change_table("printer", 1, {"address": None})
    assert [(one.section, one.table, one.key, one.old, one.new) for one in settings.differences()] == [
        ("kiosk", 0, "id", "PK07", "PK08"),
        ("printer", 1, "address", "10.0.0.2:9100", None),
        ("lock", 0, "minutes", None, 5),
    ]


@given(
    st.lists(st.sampled_from(["[kiosk]", "[[printer]]", "# [[printer]]", "[[counter]]", "", "# lời", "[lock] # khóa"])),
    st.sampled_from(["printer", "office_printer"]),
    st.text(max_size=20),
)
def test_whatever_the_file_looks_like_only_the_asked_table_is_new(lines: list[str], name: str, text: str) -> None:
    before = "\n".join(lines)
    try:
        old = tomllib.loads(before)
    except tomllib.TOMLDecodeError:
        return
    toml = edit.TomlText(before)
    assert toml.text == before
    table = toml.add(name, {"name": text}, is_repeated=True)
    new = tomllib.loads(toml.text)
    assert new[name] == [*old.get(name, []), {"name": text}]
    assert {key: value for key, value in new.items() if key != name} == {
        key: value for key, value in old.items() if key != name
    }
    toml.remove(table)
    assert tomllib.loads(toml.text) == old
    assert [line for line in toml.text.splitlines() if line.strip()] == [line for line in lines if line.strip()]
