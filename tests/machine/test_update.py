"""Signed releases on a booted Debian, with the units and paths of the package: by the timer, and back."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.updates import archive
from kiosk.updates.errors import BrokenOff
from tests.machine.nspawn import PACKAGES, Machine, debian, newest_package, next_release, until
from tests.updates.province import Province
from tests.updates.ward_machine import break_start

pytestmark = pytest.mark.machine
SECOND = "9.9.8"
THIRD = "9.9.9"
REQUEST = "/var/lib/ward-kiosk/updates/request"
SOON = """[Timer]
OnCalendar=
OnCalendar=*:*:0/10
RandomizedDelaySec=0
AccuracySec=1s
"""


class Ward:
    """A kiosk that was installed from the package, and the province that publishes for it."""

    def __init__(self, machine: Machine, province: Province) -> None:
        self.machine = machine
        self.province = province
        self.package = newest_package("ward-kiosk")
        self.first = self.present()

    def publish(self, version: str, *, is_broken: bool = False) -> None:
        """Publish the package as a release of another version; `is_broken`: its server does not start."""
        folder = self.province.folder / version
        folder.mkdir()
        subprocess.run(["dpkg-deb", "-x", str(next_release(self.package, folder, version)), str(folder)], check=True)
        tree = folder / "opt" / "ward-kiosk" / "releases" / version
        if is_broken:
            break_start(tree)
            shutil.rmtree(tree / "kiosk" / "cli" / "__pycache__")
        packed = self.province.folder / f"{version}.tar.gz"
        archive.pack(tree, packed)
        python = next((tree / ".venv" / "lib").iterdir()).name.removeprefix("python")
        self.province.publish_program(version, archive_of=packed, python=python)
        shutil.rmtree(folder)
        shutil.copytree(self.province.place, self.machine.folder / "srv" / "releases", dirs_exist_ok=True)
        self.machine.run("chmod -R a+rX /srv/releases")

    def fetch(self, *, check: bool = True) -> str:
        answer = self.machine.run("kiosk update fetch --from /srv/releases", check=check)
        return answer.stdout + answer.stderr

    def present(self) -> str:
        return self.machine.run("readlink /opt/ward-kiosk/current").stdout.strip().rpartition("/")[2]

    def status(self) -> str:
        return self.machine.run("kiosk update status", check=False).stdout

    def owners(self) -> set[str]:
        """Return who owns the programs."""
        return set(self.machine.run("find /opt/ward-kiosk -printf '%u\\n' | sort -u").stdout.split())

    def switch_soon(self) -> None:
        """Let the timer look each ten seconds, at any hour of the day."""
        self.machine.put("/etc/systemd/system/ward-kiosk-update.timer.d/soon.conf", SOON)
        self.machine.run("systemctl daemon-reload; systemctl restart ward-kiosk-update.timer")

    def wait_for(self, version: str, words: str) -> None:
        until(lambda: self.present() == version and words in self.status() and self.machine.page() == 200)


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    machine = Machine(tmp_path / "disk", debian("server", PACKAGES))
    shutil.copy(newest_package("ward-kiosk"), machine.folder / "root" / "ward-kiosk.deb")
    machine.boot()
    province = Province(tmp_path / "province")
    machine.run("dpkg -i /root/ward-kiosk.deb")
    until(lambda: machine.page() == 200)
    shutil.copy(province.repository.root_file(), machine.folder / "root" / "release-root.json")
    machine.run("install -o kiosk -m 640 /root/release-root.json /etc/ward-kiosk/release-root.json")
    machine.run('sed -i \'s|^switch = "[^"]*"|switch = "00:00-23:59"|\' /etc/ward-kiosk/kiosk.toml')
    machine.run("systemctl restart ward-kiosk")
    until(lambda: machine.page() == 200)
    yield Ward(machine, province)
    machine.close()


def test_the_timer_switches_to_each_next_release_and_the_oldest_is_deleted(ward: Ward) -> None:
    assert ward.machine.is_active("ward-kiosk-update.timer")
    ward.publish(SECOND)
    assert SECOND in ward.fetch()
    assert ward.present() == ward.first
    ward.switch_soon()
    ward.wait_for(SECOND, f"bản {SECOND} chạy tốt")
    ward.machine.run("runuser -u nobody -- ls /opt/ward-kiosk/current/.venv/lib /opt/ward-kiosk/current/kiosk/pages")
    assert ward.owners() == {"kiosk-releases"}
    ward.publish(THIRD)
    ward.fetch()
    ward.wait_for(THIRD, f"bản {THIRD} chạy tốt")
    assert ward.machine.run("ls -A /opt/ward-kiosk/releases").stdout.split() == [SECOND, THIRD]
    assert ward.machine.run("systemctl list-units --failed --no-legend 'ward-kiosk*'").stdout == ""
    ward.machine.run("dpkg -r ward-kiosk && dpkg -i /root/ward-kiosk.deb")
    ward.wait_for(THIRD, f"bản {THIRD} chạy tốt")


def test_a_release_that_does_not_start_three_times_is_taken_back(ward: Ward) -> None:
    ward.publish(SECOND, is_broken=True)
    ward.fetch()
    ward.switch_soon()
    ward.wait_for(ward.first, f"đã bỏ bản {SECOND}, về bản trước (K-54)")
    journal = ward.machine.run("journalctl -u ward-kiosk --no-pager").stdout
    assert journal.count("status=3/NOTIMPLEMENTED") == 3
    assert "UPDT-02" in ward.machine.run("kiosk doctor", check=False).stdout


def test_a_release_or_a_package_that_is_broken_off_changes_nothing(ward: Ward) -> None:
    ward.publish(SECOND)
    target = next((ward.machine.folder / "srv" / "releases" / "targets").glob(f"*ward-kiosk-{SECOND}*"))
    with target.open("r+b") as file:
        file.truncate(target.stat().st_size // 2)
    assert BrokenOff.vi in ward.fetch(check=False)
    package = ward.machine.folder / "root" / "ward-kiosk.deb"
    with package.open("r+b") as file:
        file.truncate(package.stat().st_size // 2)
    assert ward.machine.run("dpkg -i /root/ward-kiosk.deb", check=False).returncode != 0
    assert ward.present() == ward.first
    until(lambda: ward.machine.page() == 200)
    assert ward.machine.is_active("ward-kiosk")
    assert ward.machine.is_active("ward-kiosk-worker")


def test_a_disk_that_is_full_at_the_update_leaves_the_present_release(ward: Ward) -> None:
    ward.machine.run("systemctl stop ward-kiosk-update.timer")
    ward.publish(SECOND)
    ward.fetch()
    releases = "/opt/ward-kiosk/releases"
    used = int(ward.machine.run(f"du -sm {releases}").stdout.split()[0])
    ward.machine.run(
        f"mount -t tmpfs -o size={used + 30}m,mode=755,uid=kiosk-releases,gid=kiosk-releases full /mnt && "
        f"cp -a {releases}/. /mnt && mount --bind /mnt {releases} && systemctl restart ward-kiosk"
    )
    until(lambda: ward.machine.page() == 200)
    ward.machine.run(f"runuser -u kiosk -- sh -c 'echo apply >{REQUEST}'")
    until(lambda: f"không nhận bản {SECOND} (K-45)" in ward.status())
    assert ward.present() == ward.first
    assert ward.machine.page() == 200
    assert ward.machine.run(f"ls -A {releases}").stdout.split() == [ward.first]


def test_a_kiosk_that_was_taken_over_installs_no_program_of_its_own(ward: Ward) -> None:
    ward.machine.run("systemctl stop ward-kiosk-update.timer")
    ward.publish(SECOND)
    ward.fetch()
    ward.machine.run(f"runuser -u kiosk -- sh -c 'echo apply >{REQUEST}'")
    ward.wait_for(SECOND, f"bản {SECOND} chạy tốt")
    assert ward.machine.run("runuser -u kiosk -- touch /opt/ward-kiosk/current/kiosk/x", check=False).returncode != 0
    stranger = Province(ward.province.folder / "stranger")
    forged = Ward(ward.machine, stranger)
    ward.machine.run("rm -r /srv/releases; runuser -u kiosk -- rm -r /var/lib/ward-kiosk/updates/metadata")
    forged.publish(THIRD)
    shutil.copy(stranger.repository.root_file(), ward.machine.folder / "root" / "release-root.json")
    ward.machine.run("install -o kiosk -m 640 /root/release-root.json /etc/ward-kiosk/release-root.json")
    assert THIRD in forged.fetch()
    ward.machine.run(f"runuser -u kiosk -- sh -c 'echo apply >{REQUEST}'")
    until(lambda: f"không nhận bản {THIRD} (K-41)" in ward.status())
    assert ward.present() == SECOND
    assert ward.machine.page() == 200


def test_a_machine_whose_programs_are_the_kiosks_gives_them_away_at_an_upgrade(ward: Ward) -> None:
    ward.machine.run("systemctl stop ward-kiosk-update.timer")
    ward.machine.run("rm -r /var/lib/ward-kiosk-releases && chown -Rh kiosk:kiosk /opt/ward-kiosk")
    ward.machine.run("dpkg -i /root/ward-kiosk.deb")
    assert ward.owners() == {"kiosk-releases"}
    until(lambda: ward.machine.page() == 200)
    ward.publish(SECOND, is_broken=True)
    ward.fetch()
    ward.machine.run(f"runuser -u kiosk -- sh -c 'echo apply >{REQUEST}'")
    ward.wait_for(ward.first, f"đã bỏ bản {SECOND}, về bản trước (K-54)")
    assert ward.owners() == {"kiosk-releases"}
