"""The package ward-kiosk on a booted Debian: installation, upgrade, power cut, removal. `make machine` runs them."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machine.nspawn import PACKAGES, Machine, debian, newest_package, next_release, until

pytestmark = pytest.mark.machine
SERVER = "ward-kiosk"
WORKER = "ward-kiosk-worker"
DATA = "/var/lib/ward-kiosk"
SETTINGS = "/etc/ward-kiosk/kiosk.toml"
MARK = "# chỗ này phường ghi thêm"


@pytest.fixture(scope="session")
def package() -> Path:
    return newest_package("ward-kiosk")


@pytest.fixture
def machine(tmp_path: Path, package: Path) -> Iterator[Machine]:
    made = Machine(tmp_path / "disk", debian("server", PACKAGES))
    shutil.copy(package, made.folder / "root" / "ward-kiosk.deb")
    yield made
    made.close()


@pytest.fixture
def kiosk(machine: Machine) -> Machine:
    """Return a running machine on which the package was installed."""
    machine.boot()
    started = time.monotonic()
    machine.run("dpkg -i /root/ward-kiosk.deb")
    until(lambda: machine.page() == 200)
    print(f"dpkg -i to first page: {time.monotonic() - started:.1f} s")
    return machine


def test_the_package_alone_gives_a_kiosk_that_serves(kiosk: Machine) -> None:
    assert kiosk.is_active(SERVER)
    until(lambda: kiosk.is_active(WORKER))
    assert kiosk.run("systemctl list-units --failed --no-legend 'ward-kiosk*'").stdout == ""
    assert kiosk.run(f"stat -c '%U %a' {DATA} {DATA}/kiosk.key").stdout.split() == ["kiosk", "700", "kiosk", "600"]
    assert kiosk.run("runuser -u kiosk-screen -- ls /var/lib/ward-kiosk", check=False).returncode != 0
    assert kiosk.run("kiosk staff list").returncode == 0
    assert "psycopg" not in kiosk.run("ls /opt/ward-kiosk/current/.venv/lib/python3*/site-packages").stdout


def test_the_package_says_which_build_it_is_and_what_it_needs(package: Path) -> None:
    def field(name: str) -> str:
        command = ["dpkg-deb", "--field", str(package), name]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    version = field("Version")
    assert package.name.split("_")[1] == version
    assert re.fullmatch(r"\d+\.\d+\.\d+([+~]git\d{8}\.\d{6}\.[0-9a-f]{8})?", version)
    assert re.search(r"libc6 \(>= 2\.\d+\), libgcc-s1, libstdc\+\+6, zlib1g", field("Depends"))
    listed = subprocess.run(["dpkg-deb", "-c", str(package)], capture_output=True, text=True, check=True).stdout
    assert "./usr/share/doc/ward-kiosk/changelog.gz" in listed
    assert not [line for line in listed.splitlines() if line.startswith("-rwx") and re.search(r"\.so(\.|$)", line)]


def test_after_a_power_cut_the_machine_serves_by_itself(kiosk: Machine) -> None:
    pages = "import urllib.request as r; [r.urlopen('http://127.0.0.1:8000/').read() for _ in range(50)]"
    kiosk.run(f'python3 -c "{pages}"')
    kiosk.cut_power()
    started = time.monotonic()
    kiosk.boot()
    until(lambda: kiosk.page() == 200)
    print(f"power on to first page: {time.monotonic() - started:.1f} s")
    until(lambda: kiosk.is_active(WORKER))


def test_a_server_that_exits_starts_again_and_takes_the_worker_with_it(kiosk: Machine) -> None:
    until(lambda: kiosk.is_active(WORKER))
    before = (kiosk.main_pid(SERVER), kiosk.main_pid(WORKER))
    kiosk.run(f"kill -TERM {before[0]}")
    until(lambda: kiosk.is_active(SERVER) and kiosk.main_pid(SERVER) not in ("0", before[0]))
    until(lambda: kiosk.is_active(WORKER) and kiosk.main_pid(WORKER) not in ("0", before[1]))


def test_a_process_that_hangs_is_killed_and_started_again(kiosk: Machine) -> None:
    hanging = kiosk.main_pid(SERVER)
    kiosk.run(f"kill -STOP {hanging}")
    until(lambda: kiosk.main_pid(SERVER) not in ("0", hanging), seconds=300)
    until(lambda: kiosk.page() == 200)


def test_an_upgrade_keeps_data_settings_and_what_the_technician_disabled(
    kiosk: Machine, package: Path, tmp_path: Path
) -> None:
    kiosk.run(f"echo '{MARK}' >> {SETTINGS}; systemctl disable ward-kiosk-screen")
    key = kiosk.run(f"sha256sum {DATA}/kiosk.key").stdout
    shutil.copy(next_release(package, tmp_path, "9.9.9"), kiosk.folder / "root" / "next.deb")
    kiosk.run("dpkg -i /root/next.deb")
    until(lambda: kiosk.page() == 200)
    assert kiosk.run("readlink /opt/ward-kiosk/current").stdout == "releases/9.9.9\n"
    assert MARK in kiosk.run(f"cat {SETTINGS}").stdout
    assert kiosk.run(f"sha256sum {DATA}/kiosk.key").stdout == key
    assert kiosk.run("systemctl is-enabled ward-kiosk-screen", check=False).stdout == "disabled\n"
    assert kiosk.run("ls /opt/ward-kiosk/releases").stdout == "9.9.9\n"


def test_an_upgrade_that_is_broken_off_leaves_a_kiosk_that_serves(
    kiosk: Machine, package: Path, tmp_path: Path
) -> None:
    """The power goes between unpacking and configuring: `current` leads to a release that is gone."""
    shutil.copy(next_release(package, tmp_path, "9.9.9"), kiosk.folder / "root" / "next.deb")
    kiosk.run("dpkg --unpack /root/next.deb")
    kiosk.cut_power()
    kiosk.boot()
    until(lambda: kiosk.page() == 200)
    kiosk.run("dpkg --configure -a")
    until(lambda: kiosk.page() == 200)


def test_removed_it_keeps_the_data_and_comes_back_with_them(kiosk: Machine) -> None:
    key = kiosk.run(f"sha256sum {DATA}/kiosk.key").stdout
    kiosk.run("dpkg -r ward-kiosk")
    assert not kiosk.is_active(SERVER)
    assert kiosk.run("ls /opt/ward-kiosk/releases", check=False).stdout == ""
    kiosk.run("dpkg -i /root/ward-kiosk.deb")
    until(lambda: kiosk.page() == 200)
    assert kiosk.run(f"sha256sum {DATA}/kiosk.key").stdout == key
    assert kiosk.run(f"ls {DATA}/first-start", check=False).returncode != 0


def test_purged_it_leaves_nothing(kiosk: Machine) -> None:
    kiosk.run("dpkg -P ward-kiosk")
    left = kiosk.run("ls -d /opt/ward-kiosk /etc/ward-kiosk /var/lib/ward-kiosk", check=False)
    assert left.stdout == ""
    assert kiosk.run("find /etc /usr -name '*ward-kiosk*'").stdout == ""


def test_an_image_has_no_key_and_its_first_boot_makes_one(machine: Machine) -> None:
    machine.run_off("dpkg -i /root/ward-kiosk.deb")
    data = machine.folder / "var" / "lib" / "ward-kiosk"
    assert sorted(path.name for path in data.iterdir()) == ["first-start", "setup-open"]
    machine.boot()
    until(lambda: machine.page() == 200)
    assert machine.run(f"stat -c %s {DATA}/kiosk.key").stdout != "0\n"


def test_a_data_disk_that_is_not_mounted_gets_no_second_store(kiosk: Machine) -> None:
    kiosk.run(f"systemctl stop {SERVER} {WORKER}; mv {DATA} /var/lib/away")
    kiosk.run(f"install -d -o kiosk -g kiosk -m 700 {DATA}; systemctl start {SERVER}")
    until(lambda: kiosk.is_active(SERVER))
    assert kiosk.page() == 0
    assert kiosk.run(f"ls {DATA}").stdout in ("", "log\n")
