"""The root helper that sets up disks for copies: which disks it shows, and requests that it refuses."""

import importlib.util
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kiosk.backup import disks
from kiosk.config import ROOT

PROGRAM = ROOT / "deploy/ward-kiosk/usr/lib/ward-kiosk/backup_disk.py"
UNITS = ROOT / "deploy/ward-kiosk/usr/lib/systemd/system"
GIGABYTE = 1_000_000_000
Calls = list[tuple[str, ...]]


def load_helper() -> ModuleType:
    spec = importlib.util.spec_from_file_location("backup_disk", PROGRAM)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def node(name: str, kind: str = "disk", **facts: Any) -> dict[str, Any]:
    """Return a device as lsblk prints it."""
    plain = {"path": f"/dev/{name}", "size": 32 * GIGABYTE, "ro": False, "tran": "usb", "vendor": "Kingston"}
    named = {"model": "DataTraveler", "serial": "60A44C"}
    return {"name": name, "type": kind, "mountpoints": [None], **plain, **named, **facts}


def probed(devices: list[dict[str, Any]], command: tuple[str, ...]) -> str:
    """Return what blkid prints of a device; a disk that was formatted has a file system of its own."""
    parts = [part for device in devices for part in device.get("children", [])]
    facts = next((part for part in parts if part["path"] == command[-1]), {})
    if not facts.get("fstype"):
        raise subprocess.CalledProcessError(2, command)
    return f"TYPE={facts['fstype']}\nUUID={facts['uuid']}\nLABEL={facts['label'] or ''}\n".replace(" ", "\\ ")


def part(name: str, fstype: str, **facts: Any) -> dict[str, Any]:
    return node(name, "part", **{"fstype": fstype, "uuid": "7c1e-20f1", "label": None, **facts})


SYSTEM = node("sda", children=[part("sda1", "vfat", mountpoints=["/boot/efi"]), part("sda2", "ext4")])


@pytest.fixture
def helper(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """Return the helper with units in a folder of the test, and with nothing that it could run."""
    module = load_helper()
    monkeypatch.setattr(module, "UNITS", tmp_path)
    return module


@pytest.fixture
def calls(helper: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Callable[[list[dict[str, Any]]], Calls]:
    """Return a function that makes lsblk print devices; no other program does anything, and each call is recorded."""

    def plug_in(devices: list[dict[str, Any]]) -> Calls:
        made: Calls = []

        def run(*command: str, seconds: int = 0) -> str:
            made.append(command)
            if command[0] == "mount":
                raise OSError("no such device")
            if command[0] == "blkid":
                return probed(devices, command)
            return json.dumps({"blockdevices": devices}) if command[0] == "lsblk" else ""

        monkeypatch.setattr(helper, "run", run)
        return made

    return plug_in


@pytest.mark.parametrize(
    "used",
    [
        SYSTEM,
        node("sdb", mountpoints=["/srv"]),
        node("sdb", children=[part("sdb1", "swap", mountpoints=["[SWAP]"])]),
        node("sdb", children=[part("sdb1", "LVM2_member", children=[node("vg-root", "lvm")])]),
        node("sdb", children=[node("luks", "crypt")]),
        node("sdb", ro=True),
        node("sdb", size=900_000),
        node("loop0", "loop"),
        node("sr0", "rom"),
    ],
    ids=["system", "mounted", "swap", "lvm", "crypt", "read-only", "small", "loop", "cd"],
)
def test_a_disk_that_is_in_use_is_not_shown(
    helper: ModuleType, calls: Callable[..., Calls], tmp_path: Path, used: dict[str, Any]
) -> None:
    calls([used, node("sdc")])
    assert [found["name"] for _shown, found in helper.find_disks(tmp_path)] == ["sdc"]


def test_a_disk_is_shown_with_its_name_its_size_and_its_parts(
    helper: ModuleType, calls: Callable[..., Calls], tmp_path: Path
) -> None:
    calls([node("sdb", children=[part("sdb1", "exfat", label="ẢNH\x1b[31m CƯỚI", size=31 * GIGABYTE)])])
    ((shown, _node),) = helper.find_disks(tmp_path)
    assert (shown["name"], shown["bytes"], shown["usb"], shown["keep"]) == (
        "Kingston DataTraveler",
        32 * GIGABYTE,
        True,
        True,
    )
    content = {"kind": "exfat", "label": "ẢNH [31m CƯỚI", "bytes": 31 * GIGABYTE}
    assert shown["parts"] == [{**content, "names": [], "count": -1, "copies": 0}]


def answer_of(helper: ModuleType, data: Path, request: str) -> dict[str, Any]:
    (data / helper.REQUEST).write_text(request, "ascii")
    helper.main(data, data)
    assert not (data / helper.REQUEST).exists()
    answer: dict[str, Any] = json.loads((data / helper.ANSWER).read_text("ascii"))
    return answer


def test_a_disk_that_was_changed_since_it_was_shown_is_not_formatted(
    helper: ModuleType, calls: Callable[..., Calls], tmp_path: Path
) -> None:
    calls([node("sdb")])
    (shown,) = answer_of(helper, tmp_path, f"{'0' * 16} look hour -\n")["disks"]
    made = calls([node("sdb", serial="60A44D")])
    answer = answer_of(helper, tmp_path, f"{'1' * 16} format hour {shown['id']}\n")
    assert (answer["id"], answer["fault"]) == ("1" * 16, "changed")
    assert {command[0] for command in made} == {"lsblk", "blkid"}


def test_the_disk_that_was_shown_is_formatted_mounted_and_owned(
    helper: ModuleType, calls: Callable[..., Calls], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "media" / "saoluu"
    place.mkdir(parents=True)
    monkeypatch.setitem(helper.PLACES, "hour", place)
    made = calls([node("sdb", children=[part("sdb1", "ntfs", label="DỮ LIỆU")])])
    (shown,) = answer_of(helper, tmp_path, f"{'0' * 16} look hour -\n")["disks"]
    probe = helper.probe

    def probe_formatted(path: str) -> dict[str, Any]:
        is_formatted = path == "/dev/sdb" and any(command[0] == "mkfs.ext4" for command in made)
        return {"fstype": "ext4", "label": "saoluu", "uuid": "7c1e-20f1"} if is_formatted else probe(path)

    monkeypatch.setattr(helper, "probe", probe_formatted)
    answer = answer_of(helper, tmp_path, f"{'1' * 16} format hour {shown['id']}\n")
    assert (answer["fault"], answer["folder"]) == ("", str(place / "ward-kiosk"))
    assert (place / "ward-kiosk").stat().st_mode & 0o777 == 0o700
    unit = helper.unit_of(place)
    wanted = [
        ("wipefs", "--all", "--force", "/dev/sdb"),
        ("mkfs.ext4", "-q", "-F", "-L", "saoluu", "/dev/sdb"),
        ("systemctl", "daemon-reload"),
        ("systemctl", "enable", "--quiet", unit),
        ("systemctl", "start", unit),
        ("chown", "-R", "-P", "-h", "kiosk:kiosk", str(place / "ward-kiosk")),
    ]
    assert [command for command in made if command in wanted] == wanted
    text = (tmp_path / unit).read_text("ascii")
    assert f"Where={place}\n" in text
    assert "WantedBy=dev-disk-by\\x2duuid-7c1e\\x2d20f1.device\n" in text


def test_a_disk_is_kept_without_a_program_that_writes_on_it(
    helper: ModuleType, calls: Callable[..., Calls], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "saoluu"
    (place / "kiosk").mkdir(parents=True)
    (place / "kiosk" / "PK03-000001.copy").touch()
    monkeypatch.setitem(helper.PLACES, "hour", place)
    made = calls([node("sdb", children=[part("sdb1", "exfat")])])
    (shown,) = answer_of(helper, tmp_path, f"{'0' * 16} look hour -\n")["disks"]
    answer = answer_of(helper, tmp_path, f"{'1' * 16} keep hour {shown['id']}\n")
    assert (answer["fault"], answer["folder"]) == ("", str(place / "kiosk"))
    assert not {"wipefs", "mkfs.ext4", "chown"} & {command[0] for command in made}
    assert ",uid=kiosk,gid=kiosk,umask=077\n" in (tmp_path / helper.unit_of(place)).read_text("ascii")


@pytest.mark.parametrize(
    "request_text",
    [
        "",
        "look",
        f"{'0' * 16} look hour /dev/sda\n",
        f"{'0' * 16} erase hour -\n",
        f"{'0' * 16} look ../../etc -\n",
        f"{'0' * 16} look hour -\nmore\n",
        f"{'0' * 16} format hour {'g' * 64}\n",
    ],
)
def test_another_text_than_a_request_is_deleted_without_an_answer(
    helper: ModuleType, calls: Callable[..., Calls], tmp_path: Path, request_text: str
) -> None:
    made = calls([node("sdb")])
    (tmp_path / helper.REQUEST).write_text(request_text)
    helper.main(tmp_path, tmp_path)
    assert not (tmp_path / helper.REQUEST).exists()
    assert not (tmp_path / helper.ANSWER).exists()
    assert made == []


def test_a_link_in_place_of_the_request_is_deleted_and_not_read(helper: ModuleType, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text(f"{'0' * 16} look hour -\n")
    (tmp_path / helper.REQUEST).symlink_to(other)
    with pytest.raises(OSError, match="symbolic links"):
        helper.take_request(tmp_path)
    assert not (tmp_path / helper.REQUEST).is_symlink()
    assert other.exists()


def test_the_folder_of_a_disk_that_is_a_link_is_not_given_away(
    helper: ModuleType, calls: Callable[..., Calls], tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    place = tmp_path / "saoluu"
    place.mkdir()
    (place / "ward-kiosk").symlink_to(elsewhere)
    made = calls([])
    with pytest.raises(OSError, match=r"links|directory"):
        helper.own_folder(place, has_owners=True)
    assert (elsewhere.stat().st_mode & 0o777, made) == (0o755, [])


def test_kiosk_and_helper_name_the_same_places_and_files(helper: ModuleType) -> None:
    assert helper.PLACES == disks.MOUNTED
    assert helper.REQUEST == disks.REQUEST
    assert disks.ANSWER.name == helper.ANSWER
    assert str(disks.HELPER).endswith(str(PROGRAM.relative_to(ROOT / "deploy/ward-kiosk")))
    unit = (UNITS / "ward-kiosk-disk.service").read_text("utf-8")
    assert f"RuntimeDirectory={disks.ANSWER.parent.name}\n" in unit
    watched = (UNITS / "ward-kiosk-disk.path").read_text("utf-8")
    assert f"PathExists=/var/lib/ward-kiosk/{disks.REQUEST}\n" in watched


def test_the_helper_is_root_with_four_rights_and_without_a_network() -> None:
    lines = (UNITS / "ward-kiosk-disk.service").read_text("utf-8").splitlines()
    rights = next(line for line in lines if line.startswith("CapabilityBoundingSet="))
    assert set(rights.partition("=")[2].split()) == {"CAP_SYS_ADMIN", "CAP_CHOWN", "CAP_FOWNER", "CAP_DAC_OVERRIDE"}
    assert {"PrivateNetwork=yes", "NoNewPrivileges=yes", "ProtectSystem=strict", "DevicePolicy=closed"} <= set(lines)
    assert not re.search(
        r"shell|os\.system|/bin/sh", PROGRAM.read_text("utf-8").partition('"""')[2].replace("a shell", "")
    )
