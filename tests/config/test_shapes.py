"""Shapes of the settings that name a device, a path or an address: what each takes and refuses."""

import re
from dataclasses import MISSING, Field, fields, is_dataclass
from os.path import normpath
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk import config
from kiosk.base.errors import BadSettings
from kiosk.config import Config, list_sections, sections, shapes, ward_sections

WORDS = {
    "WardSettings": {
        "name",
        "agency_committee",
        "agency_police",
        "agency_economy",
        "center",
        "hotline",
        "ethnic_first",
    },
    "OpenCpsSettings": {"agency", "account"},
    "PrinterSection": {"name", "fallback", "address"},
    "OfficePrinterSection": {"fallback", "address"},
    "BirthPlace": {"name", "detail"},
    "Series": {"name", "name_en"},
    "Counter": {"name"},
    "ProceduresSettings": {"at_counter", "online_only", "on_start"},
}
"""Settings that are words or names; the shape of a printer's address is that of its kind (`config.cross_checks`)."""
HOSTILE = (
    "spy:///dev/ttyACM0?file=/tmp/cards.txt",
    "socket://192.168.1.66:9000",
    "rfc2217://192.168.1.66:9000",
    "loop://",
    "hwgrep://ttyACM",
    "alt:///dev/ttyACM0?class=PosixPollSerial",
    "/etc/passwd",
    "/dev/../etc/passwd",
    "/dev/serial/../../etc/passwd",
    "/dev/",
    "/dev",
    "ttyACM0",
    "/dev/tty ACM0",
    "/dev/ttyACM0\n",
    "/dev/ttyACM0\x00",
    "",
)


def sections_of_settings() -> list[Any]:
    modules = (sections, ward_sections, list_sections)
    items = [(module, item) for module in modules for item in vars(module).values()]
    return [item for module, item in items if is_dataclass(item) and item.__module__ == module.__name__]


def texts_of(section: Any) -> list[Field[Any]]:
    """Return the fields of a section that hold any text: no closed list of values."""
    kinds = get_type_hints(section)
    return [item for item in fields(section) if (kinds[item.name] is str or get_args(kinds[item.name])[:1] == (str,))]


def test_every_text_of_the_settings_has_a_shape_or_is_words() -> None:
    free = {
        (section.__name__, item.name)
        for section in sections_of_settings()
        for item in texts_of(section)
        if not {"pattern", "options"} & item.metadata.keys()
    }
    assert free == {(section, name) for section, names in WORDS.items() for name in names}


def test_each_example_and_default_has_its_own_shape() -> None:
    for section in sections_of_settings():
        for item in texts_of(section):
            if "pattern" in item.metadata:
                assert re.fullmatch(item.metadata["pattern"], item.metadata["like"]) or "..." in item.metadata["like"]
            if "pattern" in item.metadata and isinstance(item.default, str) and item.default is not MISSING:
                assert re.fullmatch(item.metadata["pattern"], item.default), (section, item.name)


@pytest.mark.parametrize("device", ["/dev/ttyACM0", "/dev/ttyS0", "/dev/serial/by-id/usb-Zebra_DS9-if00", "/dev/lp0"])
def test_a_device_is_taken(device: str) -> None:
    assert re.fullmatch(shapes.DEVICE, device)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_other_text_is_a_device(text: str, tmp_path: Path) -> None:
    assert not re.fullmatch(shapes.DEVICE, text)
    if text:
        assert_refused(tmp_path, "scanner", "port", text)
    for kind in ("serial", "file"):
        assert_refused(tmp_path, "printer", "address", text, f'kind = "{kind}"\n')


@given(st.text(max_size=60))
@example("/dev/x")
def test_a_device_is_below_dev_whatever_was_typed(text: str) -> None:
    if re.fullmatch(shapes.DEVICE, text):
        assert text.isascii()
        assert Path("/dev") in Path(normpath(text)).parents
        assert "://" not in text.removeprefix("/dev/").partition("/")[0]


PATHS = [
    (section, item.name)
    for section in (
        sections.KioskSettings,
        sections.VoiceSettings,
        sections.PortalSettings,
        sections.BackupSettings,
        sections.UpdatesSettings,
        ward_sections.ProceduresSettings,
    )
    for item in texts_of(section)
    if shapes.PATH in item.metadata.get("pattern", "")
]


@pytest.mark.parametrize(("section", "name"), PATHS, ids=lambda value: getattr(value, "__name__", value))
def test_a_path_is_beside_the_settings_or_absolute_and_none_of_the_systems_own(section: Any, name: str) -> None:
    pattern = next(item for item in fields(section) if item.name == name).metadata["pattern"]
    for path in ("sao-luu", "giong/vi.onnx", "/mnt/ổ sao lưu", "/run/media/pk03/SAO-LUU", "/var/lib/ward-kiosk"):
        assert re.fullmatch(pattern, path), path
    for path in (
        "/proc",
        "/proc/self/environ",
        "/sys/class",
        "/dev",
        "/dev/sda1",
        "/mnt/../proc",
        "/..",
        "a\nb",
        "a\x00b",
    ):
        assert not re.fullmatch(pattern, path), path
    for path in ("file:///etc/passwd", "ftp://a/b", "https://u:p@host/"):
        assert not re.fullmatch(pattern, path), path


@pytest.mark.parametrize(
    "url",
    [
        "https://user:pw@cong.example",
        "https://user@cong.example",
        "https://169.254.169.254/",
        "https://[fe80::1]/",
        "http://cong.example",
        "https://",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://cong.example/\nHost: x",
        "https://cong.example\\@127.0.0.1/",
    ],
)
def test_a_portal_is_a_server_without_a_user_and_password(url: str, tmp_path: Path) -> None:
    assert_refused(tmp_path, "portal", "url", url, 'kind = "kiosk-sync"\n')


@given(st.text(max_size=80))
@example("https://a@b")
@example("https://a/b@c")
def test_no_url_has_a_user_whatever_was_typed(text: str) -> None:
    if re.fullmatch(shapes.URL, text):
        assert "@" not in text.partition("://")[2].partition("/")[0]
        assert not re.search(r"[\s\x00-\x1f]", text)


@pytest.mark.parametrize("key", ["path", "second"])
@pytest.mark.parametrize("folder", ["data", "data/copies", "./data", "copies/../data"])
def test_copies_never_lie_in_the_folder_that_they_are_copies_of(key: str, folder: str, tmp_path: Path) -> None:
    assert_refused(tmp_path, "backup", key, folder)


def assert_refused(folder: Path, section: str, key: str, value: str, more: str = "") -> None:
    """Require that kiosk.toml with a value is refused, and the refusal names the key."""
    file = folder / "kiosk.toml"
    quoted = "".join(f"\\u{ord(letter):04x}" for letter in value)
    header = "[[printer]]" if section == "printer" else f"[{section}]"
    file.write_text(f'{header}\n{more}{key} = "{quoted}"\n', "utf-8")
    with pytest.raises(BadSettings) as caught:
        config.load(file)
    assert key in caught.value.en


def test_the_shipped_settings_have_all_shapes() -> None:
    assert isinstance(config.load(config.ROOT / config.FILE), Config)
