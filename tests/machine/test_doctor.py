"""`kiosk doctor` on an installed machine: what is right is green, and each planted defect is named with its cure."""

import json
from collections.abc import Iterator

import pytest

from tests.machine.nspawn import Machine, until
from tests.machine.screen import SCREEN, has_browser, lock, new_machine

pytestmark = pytest.mark.machine
NEW_MACHINE = {
    "Tự khởi động": "ok",
    "Màn hình": "ok",
    "Người dùng": "ok",
    "Khóa màn hình": "ok",
    "Hồ sơ trình duyệt": "ok",
    "Thư mục dữ liệu": "ok",
    "Chủ của tệp": "ok",
    "Ghi thử": "ok",
    "Chữ trên giấy": "ok",
    "Đồng hồ": "ok",
    "Ổ đĩa": "ok",
    "Bản": "ok",
    "Bản của máy": "ok",
    "Máy in": "note",
    "Đầu quét": "note",
    "Chứng thư": "note",
    "Chỉnh giờ": "note",
    "Bản sao": "warning",
    "Khóa": "warning",
}
"""State of each row on the day of the installation: no printer, scanner, network, backup disk or recovery paper yet."""
PAPER = """
from kiosk.base import codes
from kiosk.acts import backups
from kiosk.backup.recovery import SEED_BYTES, RecoveryPaper
backups.save_paper(context, RecoveryPaper(codes.random_bytes(SEED_BYTES)))
"""
PROFILE = f"/run/{SCREEN}/profile"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    made = new_machine(tmp_path_factory.mktemp("doctor") / "disk")
    until(lambda: made.page() == 200)
    lock(made)
    until(lambda: has_browser(made, SCREEN))
    yield made
    made.close()


def rows(machine: Machine) -> dict[str, dict[str, str]]:
    printed = machine.run("kiosk doctor --json", check=False).stdout
    return {row["name"]: row for row in json.loads(printed)["checks"]}


def states(machine: Machine, *names: str) -> dict[str, str]:
    found = rows(machine)
    return {name: found[name]["state"] for name in names}


def test_a_new_machine_has_no_fault_and_each_row_is_true(machine: Machine) -> None:
    found = rows(machine)
    assert {name: found[name]["state"] for name in NEW_MACHINE} == NEW_MACHINE
    assert {name: row["words"] for name, row in found.items() if row["state"] == "fault"} == {}
    assert found["Bản sao"]["code"] == "COPY-01"
    assert found["Khóa"]["code"] == "LOCK-02"


def test_a_stopped_unit_is_named_and_the_command_starts_it(machine: Machine) -> None:
    machine.run("systemctl stop ward-kiosk-worker")
    row = rows(machine)["Tự khởi động"]
    assert row["state"] == "fault"
    command = row["do"].partition("Chạy bằng root: ")[2].partition(". ")[0]
    assert "ward-kiosk-worker" in command
    machine.run(command)
    until(lambda: states(machine, "Tự khởi động") == {"Tự khởi động": "ok"})


def test_a_removed_policy_is_a_fault(machine: Machine) -> None:
    machine.run("mv /etc/chromium/policies/managed/ward-kiosk.json /root/")
    row = rows(machine)["Khóa màn hình"]
    assert row["state"] == "fault"
    copy, restart = row["do"].partition("Chạy bằng root: ")[2].split(", ")
    machine.run(f"{copy} && {restart}")
    assert states(machine, "Khóa màn hình") == {"Khóa màn hình": "ok"}
    until(lambda: has_browser(machine, SCREEN))


def test_a_profile_on_a_disk_is_a_fault(machine: Machine) -> None:
    machine.run(f"mkdir /srv/profile && mount --bind /srv/profile {PROFILE}")
    row = rows(machine)["Hồ sơ trình duyệt"]
    machine.run(f"umount {PROFILE}")
    assert row["state"] == "fault"
    assert PROFILE in row["words"]
    assert states(machine, "Hồ sơ trình duyệt") == {"Hồ sơ trình duyệt": "ok"}


def test_a_clock_that_nothing_sets_is_a_warning_where_there_is_a_network(machine: Machine) -> None:
    """The machine of the test has no network, so its clock is never set by one."""
    toml = "/etc/ward-kiosk/kiosk.toml"
    machine.run(f"cp -p {toml} /root/kiosk.toml")
    machine.run(
        f"""sed -i 's|^kind = "none" |kind = "kiosk-sync" |; s|^url = "" |url = "https://gateway.example" |' {toml}"""
    )
    found = states(machine, "Chỉnh giờ", "Thử cổng")
    machine.run(f"cp -p /root/kiosk.toml {toml}")
    assert found == {"Chỉnh giờ": "warning", "Thử cổng": "fault"}


def test_data_that_others_can_open_are_closed_by_the_next_command(machine: Machine) -> None:
    machine.run("chmod 755 /var/lib/ward-kiosk")
    assert states(machine, "Thư mục dữ liệu") == {"Thư mục dữ liệu": "ok"}
    assert machine.run("stat -c %a /var/lib/ward-kiosk").stdout == "700\n"


def test_a_key_without_a_copy_is_a_warning_until_there_is_a_recovery_paper(machine: Machine) -> None:
    machine.run_script(PAPER)
    assert states(machine, "Khóa") == {"Khóa": "note"}
