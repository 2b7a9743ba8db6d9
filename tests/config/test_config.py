"""Tests of kiosk.toml: defaults, faults with their lines, and settings that contradict each other."""

import ast
import re
import tomllib
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest

from kiosk import config
from kiosk.base.errors import BadSettings
from kiosk.config import Config
from kiosk.config.list_sections import OfficePrinterSection
from tests.config import sample

SECTIONS = (
    "kiosk",
    "ward",
    "web",
    "lan",
    "lock",
    "screen",
    "keyboard",
    "scanner",
    "portal",
    "opencps",
    "gateway",
    "hours",
    "procedures",
    "keep",
    "queue",
    "board",
    "fees",
    "backup",
    "papers",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.toml"


def load_bad(file: Path, text: str) -> BadSettings:
    """Write the settings, and return the error that loading them raises."""
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadSettings) as caught:
        config.load(file)
    return caught.value


def test_without_a_word_everything_has_a_default(file: Path) -> None:
    file.write_text("", encoding="utf-8")
    settings = config.load(file)
    assert (settings.kiosk.id, settings.screen.idle_seconds, settings.portal.kind) == ("PK03", 60, "none")
    assert settings.root == file.parent


def test_the_shipped_file_says_what_the_defaults_are() -> None:
    shipped = config.load(config.ROOT / config.FILE)
    assert [place.name for place in shipped.birth_places].index("Bệnh viện Trung ương Huế") == 0
    for section in fields(Config):
        if section.name not in {"birth_places", "classes", "root", "file", "notes"}:
            assert getattr(shipped, section.name) == getattr(Config(), section.name), section.name


def test_the_shipped_file_describes_every_setting_in_its_own_words() -> None:
    assert [place for place, words in sample.descriptions().items() if not words] == []
    text = (config.ROOT / config.FILE).read_text(encoding="utf-8")
    assert sample.rewritten(text) == text, "python -m tests.config.sample writes the descriptions again"


def test_a_changed_word_in_the_shipped_file_is_noticed() -> None:
    text = (config.ROOT / config.FILE).read_text(encoding="utf-8")
    assert "# Cổng mạng.\n" in text
    assert sample.rewritten(text.replace("# Cổng mạng.\n", "# Cổng.\n")) == text


def test_the_shipped_file_names_every_setting() -> None:
    text = (config.ROOT / config.FILE).read_text(encoding="utf-8")
    uncommented = re.sub(r"# (\[\[(?:office_)?printer\]\]|name)", r"\1", text)
    settings = tomllib.loads(uncommented)
    assert set(SECTIONS) <= settings.keys()
    for section in SECTIONS:
        assert settings[section].keys() == {item.name for item in fields(getattr(Config(), section))}, section
    for section in (config.PrinterSection, config.OfficePrinterSection, config.EForm):
        for item in fields(section):
            assert f"# {item.name} = " in text, item.name


def test_what_is_written_is_what_is_read(file: Path) -> None:
    file.write_text(
        '[web]\nport = 9000\n[[printer]]\nname = "A"\nkind = "network"\naddress = "192.168.1.50:9100"\n'
        'use = ["slip"]\n[[birth_place]]\nname = "Trạm y tế"\n[[series]]\n'
        'letter = "K"\nid = "K-DAT"\nname = "Đất đai"\n',
        encoding="utf-8",
    )
    settings = config.load(file)
    assert (settings.web.port, settings.gateway_port, settings.virtual_printer_port) == (9000, 9001, 9002)
    assert settings.printers == (
        config.PrinterSection(name="A", kind="network", address="192.168.1.50:9100", use=("slip",)),
    )
    assert settings.birth_places == (config.BirthPlace("Trạm y tế"),)
    assert settings.series_of("K-DAT") == settings.series[0]
    assert settings.series_of("A-HOTICH") is None


def test_every_fault_is_named_at_once_with_its_line_and_what_is_right(file: Path) -> None:
    error = load_bad(
        file,
        '[web]\nprot = 1\nport = "x"\n[kiosk]\nid = "pk"\npractice = 1\n[screen]\nscan_window = "left"\nmm = true\n'
        '[[printer]]\n[[printer]]\nuse = ["ticket", "x"]\n[series]\na = 1\n[ward]\nname = 7\n[nonsense]\n',
    )
    assert "có 10 chỗ phải sửa" in error.vi
    assert "dòng 2: [web] prot là tên lạ; có phải port?" in error.vi
    assert "dòng 3: [web] port phải là số nguyên từ 1 đến 65532; đang là 'x'" in error.vi
    for message in (
        'line 5: [kiosk] id must be text such as "PK03"',
        "line 6: [kiosk] practice must be true or false",
        'line 8: [screen] scan_window must be one of "below", "right"',
        "line 9: [screen] mm must be a whole number from 150 to 1500",
        'line 12: [printer] use must be a list, each one of "ticket", "slip", "missing", "fee"',
        "line 13: [series] is written [[series]]",
        "line 16: [ward] name must be text in quotes",
        "line 17: [nonsense] is unknown",
    ):
        assert message in error.en, message


def test_a_retired_setting_stops_no_start_and_is_noted_with_its_line(file: Path) -> None:
    file.write_text('[ward]\nprovince_name = "Thành phố Huế"\nname = "Phường Thuận Hóa"\n', encoding="utf-8")
    read = config.load(file)
    assert read.ward.name == "Phường Thuận Hóa"
    assert read.notes == ("dòng 2: [ward] province_name không còn dùng: xóa dòng này",)


def test_every_setting_has_a_reader() -> None:
    read_names = attribute_names(path for path in (config.ROOT / "kiosk").rglob("*.py") if path.parent.name != "config")
    read_names |= attribute_names([config.ROOT / "kiosk" / "config" / "__init__.py"])
    sections = [type(getattr(Config(), item.name)) for item in fields(Config)]
    sections += [config.PrinterSection, config.EForm, config.BirthPlace, config.TrainingClass, config.Series]
    unread = [
        f"{section.__name__}.{item.name}"
        for section in [*sections, config.Counter]
        if is_dataclass(section)
        for item in fields(section)
        if item.name not in read_names
    ]
    assert unread == []


def test_a_setting_without_a_reader_is_found(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("def size(config):\n    return config.screen.mm  # config.screen.inches\n")
    assert "mm" in attribute_names([module])
    assert "inches" not in attribute_names([module])


def attribute_names(paths: Iterable[Path]) -> set[str]:
    trees = [ast.parse(path.read_text("utf-8")) for path in paths]
    return {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_an_unknown_section_is_a_fault(file: Path) -> None:
    error = load_bad(file, "[prnter]\n")
    assert "has 1 fault(s)" in error.en
    assert "line 1: [prnter] is unknown; did you mean printer?" in error.en


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[portal]\nkind = "kiosk-sync"\nurl = "http://cong.example"\n', "must begin with https://"),
        ('[portal]\npublic_url = "http://hoso.example"\n', "public_url must begin with https://"),
        ('[portal]\npublic_url = "https://hoso.example/kiosk"\n', "public_url is a host alone"),
        ('[portal]\nkind = "kiosk-sync"\nurl = "http://127.0.0.1@cong.example"\n', "url must be text such as"),
        ('[[printer]]\nkind = "usb"\naddress = "/dev/usb/lp0"\n', "must be the model of a USB printer"),
        ('[[printer]]\nkind = "usb"\naddress = "04B8:0E15"\n', "for example 04b8:0e15/J5LF012345"),
        ('[[printer]]\nkind = "serial"\naddress = "COM1"\n', "must be the path of a port"),
        ('[[printer]]\nkind = "file"\n', "must be the path of a device"),
        ('[[printer]]\nkind = "parallel"\n', 'must be one of "network", "usb", "serial"'),
        ("[[printer]]\nbaud = 100\n", "must be a whole number from 1200"),
        ('[[office_printer]]\nkind = "cups"\naddress = "ipp://localhost/printers/a"\n', "the name of a CUPS queue"),
        ('[[printer]]\nkind = "network"\naddress = "192.168.1.50"\n', "must be host:port"),
        ('[[office_printer]]\naddress = "192.168.1.60"\n', "address is like ipp://localhost:631/printers/QUEUE"),
        ('[[office_printer]]\naddress = "ipp://a:b@printer/ipp"\n', "address is like ipp://localhost:631"),
        ('[[office_printer]]\naddress = "ipp://localhost/printers/quầy1"\n', "address is like ipp://localhost:631"),
        (
            '[[office_printer]]\nname = "A"\nkind = "virtual"\n[[office_printer]]\nname = "B"\nkind = "virtual"\n',
            "only one printer can leave counters empty",
        ),
        (
            '[[office_printer]]\nname = "A"\nkind = "virtual"\ncounters = [1, 2]\n'
            '[[office_printer]]\nname = "B"\nkind = "virtual"\ncounters = [2]\n',
            "counter 2 is named by two printers",
        ),
        ('[[printer]]\nname = "A"\n[[office_printer]]\nname = "A"\nkind = "virtual"\n', "needs its own name"),
        ('[[series]]\nletter = "A"\n[[series]]\nletter = "A"\n', "needs its own letter"),
        ("[[counter]]\nnumber = 2\n[[counter]]\nnumber = 2\n", "needs its own number"),
        ('[[counter]]\nseries = ["A", "X"]\n', "there is no series X"),
        ('[[counter]]\nseries = ["A", "B", "C"]\n', "no counter serves series D, E, F"),
    ],
)
def test_what_is_right_alone_may_be_wrong_together(file: Path, text: str, message: str) -> None:
    assert message in load_bad(file, text).en


def test_the_office_printer_that_names_a_counter_is_before_the_one_of_all_counters(config: Config) -> None:
    printers = (OfficePrinterSection(name="Chung"), OfficePrinterSection(name="Quầy 2", counters=(2,)))
    shared = replace(config, office_printers=printers)
    found = [shared.office_printer_of(number) for number in (1, 2, None)]
    assert [printer.name if printer else None for printer in found] == ["Chung", "Quầy 2", None]


def test_what_is_no_toml_is_one_fault(file: Path) -> None:
    assert "this is not TOML" in load_bad(file, "[web\n").en


@pytest.mark.parametrize(
    ("content", "line", "cure"),
    [
        ("[ward]\nname = “Phường Phú Xuân”\n".encode(), 2, "Có dấu ngoặc kép cong “ ” (Word tự đổi)"),
        (b"\xef\xbb\xbf[ward]\n", 1, "tệp bắt đầu bằng dấu BOM (“UTF-8 có BOM”)"),
        ("[ward]\n".encode("utf-16"), 1, "tệp lưu kiểu UTF-16 (Unicode); trong Notepad chọn Tệp, Lưu thành"),
        (b"[ward]\n# Ph\xff\n", 2, "không phải UTF-8 (tệp lưu kiểu ANSI)"),
    ],
    ids=["quotation marks of Word", "byte order mark", "UTF-16", "ANSI"],
)
def test_a_file_of_word_or_notepad_is_told_with_line_and_cure(file: Path, content: bytes, line: int, cure: str) -> None:
    file.write_bytes(content)
    with pytest.raises(BadSettings) as caught:
        config.load(file)
    (fault,) = caught.value.faults
    assert fault.startswith(f"dòng {line}: ")
    assert cure in fault


def test_a_file_that_was_named_must_be_there(file: Path) -> None:
    with pytest.raises(BadSettings, match="cannot be read"):
        config.load(file)
    with pytest.raises(BadSettings, match="cannot be read"):
        config.load(env={"KIOSK_CONFIG": str(file)})


def test_the_environment_may_name_the_file(file: Path) -> None:
    file.write_text('[kiosk]\nid = "TH12"\n', encoding="utf-8")
    assert config.load(env={"KIOSK_CONFIG": str(file)}).kiosk.id == "TH12"
    assert config.load(env={}).root == config.ROOT


def test_practice_keeps_everything_apart(config: Config) -> None:
    practice = config.on_port(9000).practising()
    live_paths = {config.store_path, config.key_path, config.log_path, config.gateway_path, config.portal_key_path}
    paths = {practice.store_path, practice.key_path, practice.log_path, practice.gateway_path, practice.portal_key_path}
    assert not live_paths & paths
    assert all(
        path.is_relative_to(practice.folder) for path in [*paths, practice.paper_folder, practice.lock_path("a")]
    )
    assert practice.folder == config.folder / "practice"
    assert practice.portal.url == "http://127.0.0.1:9001"
    assert [printer.address for printer in practice.printers] == ["127.0.0.1:9002"]


def test_hours_are_spans_that_end_after_they_begin(file: Path) -> None:
    assert "[hours] 2026-02-31: there is no such day" in load_bad(file, '[hours]\noff = ["2026-02-31"]\n').en
    error = load_bad(file, '[hours]\nsaturday = ["7h-11h"]\noff = ["24/12/2026"]\n')
    assert 'dòng 2: [hours] saturday phải là danh sách, mỗi mục là chữ có dạng "07:00-11:30"' in error.vi
    assert "dòng 3: [hours] off" in error.vi
    assert "giờ mở phải trước giờ đóng" in load_bad(file, '[hours]\nsaturday = ["11:30-07:00"]\n').vi


def test_a_counter_serves_the_series_it_names_or_all(file: Path) -> None:
    file.write_text('[[counter]]\nnumber = 7\nseries = ["B"]\n[[counter]]\nnumber = 8\n', encoding="utf-8")
    settings = config.load(file)
    seven = settings.counter(7)
    eight = settings.counter(8)
    assert seven is not None
    assert eight is not None
    assert (settings.lines_of(seven), settings.lines_of(eight)) == (("B",), ("A", "B", "C", "D", "E", "F"))
    assert settings.counter(1) is None


def test_practice_gives_numbers_at_any_hour(config: Config) -> None:
    assert (config.queue.last_minutes, config.practising().queue.last_minutes) == (15, 0)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_a_portal_on_this_machine_needs_no_tls(tmp_path: Path, host: str) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(f'[portal]\nkind = "kiosk-sync"\nurl = "http://{host}:8001"\n')
    assert config.load(file).portal.url == f"http://{host}:8001"
