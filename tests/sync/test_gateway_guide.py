"""docs/gateway.md, executed: from an empty machine to a restored database, with a kiosk that sends through nginx."""

import itertools
import urllib.request
from collections.abc import Iterator

import pytest

from sync import errors
from sync.portals.usb_files import parse_key
from tests.sync.guide import ACCOUNT, LEFT_OUT, Machine, commands
from tests.sync.nginx import HOST
from tests.sync.postgres import Postgres
from tests.sync.practice_gateway import UNIT, Kiosk

pytestmark = [pytest.mark.nginx, pytest.mark.timeout(300), pytest.mark.machine_date]

SEED = b"k" * 32
START = "Start it, without containers"
PACKAGE = "Start it from the package"
"""This section is executed by tests/machine/test_gateway_package.py: it needs a booted Debian."""
STANDBY = "Standby database"
"""This section is executed by test_standby_database.py, on two servers."""
AUTHORITY = "Certificate authority of the province's own"
SECTIONS = [
    START,
    PACKAGE,
    AUTHORITY,
    "Certificate and nginx",
    "Accounts",
    "Kiosks",
    "Payments",
    "By USB stick",
    "Trail of the gateway",
    "Backup and restore",
    STANDBY,
]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Iterator[Machine]:
    """Return a machine on which everything up to the certificate was done as the guide says."""
    machine = Machine(tmp_path_factory.mktemp("machine"), postgres)
    try:
        for section in (START, AUTHORITY, "Certificate and nginx"):
            for command in commands()[section]:
                machine.run(command)
        yield machine
    finally:
        machine.close()
        for name in ("gateway", "gateway_before_restore"):
            postgres.run(f"drop database if exists {name} with (force)")
        postgres.run('drop role if exists "kiosk-gateway"')


def new_kiosk(machine: Machine) -> Kiosk:
    return Kiosk(f"https://{HOST}:{machine.port}", machine.root, seed=SEED, ca=machine.root / "ca.crt")


def run_section(machine: Machine, section: str, typed: str = "") -> list[str]:
    return [machine.run(command, typed) for command in commands()[section]]


def test_every_command_of_the_guide_belongs_to_a_section_that_is_executed() -> None:
    assert list(commands()) == SECTIONS


def test_a_kiosk_is_enrolled_renewed_and_revoked_by_the_commands_of_the_guide(machine: Machine) -> None:
    code, listed, renewal, revoked = commands()["Kiosks"]
    kiosk = new_kiosk(machine)
    kiosk.portal.enrol(machine.run(code).split()[-1], UNIT)
    assert "PK03" in machine.run(listed)
    form = kiosk.submit(mode="live")
    kiosk.drain()
    assert kiosk.outbox_state(form) == "done"
    renewed = Kiosk(kiosk.portal._url, machine.root, ca=machine.root / "ca.crt")
    renewed.portal.enrol(machine.run(renewal).split()[-1], UNIT)
    renewed.portal.changes(None)
    machine.run(revoked)
    with pytest.raises(errors.NotAllowed):
        renewed.portal.changes(None)
    for closing in (kiosk, renewed):
        closing.portal.close()


def test_accounts_are_managed_in_the_database_of_the_processes(machine: Machine) -> None:
    added, _, limited, changed, listed, _, disabled = run_section(machine, "Accounts", "cau-truong-tien-6\n")
    assert "hoaian" in added
    assert "hoaian xem H57.99.01, H57.99.02." in limited
    assert "hoaian: administrator." in changed
    assert "viewer" in listed
    assert "tài khoản đã khóa" in disabled
    url = machine.postgres.url.replace("/postgres?", "/gateway?")
    logins = machine.postgres.run("select login from people where is_active", url=url)
    assert logins == [("kiemtra",)]


def test_the_trail_is_whole_after_commands_and_processes_have_written_it(machine: Machine) -> None:
    machine.run(commands()["Kiosks"][0])
    [verify] = commands()["Trail of the gateway"]
    printed = machine.run(verify)
    assert "Sổ việc nguyên vẹn" in printed
    assert "Sổ việc nguyên vẹn" in machine.run(f"{verify} --known {printed.split()[-1]}")


def test_the_bank_account_of_a_ward_is_added_and_listed(machine: Machine) -> None:
    added, listed = run_section(machine, "Payments")
    account_id = added.splitlines()[0].rpartition("/")[2]
    assert account_id in listed
    assert "1017000123" in listed


def test_the_stick_key_is_that_of_the_processes(machine: Machine) -> None:
    key, mount, read = commands()["By USB stick"]
    assert parse_key(machine.run(key))
    assert machine.run(mount) == ""
    assert "Không có tệp nào" in machine.run(read, status=1)


def test_a_process_writes_only_below_its_folder_of_state(machine: Machine) -> None:
    settings = machine.path("/etc/kiosk-gateway.env")
    before = settings.read_text(encoding="utf-8")
    folder = machine.path("/var/lib/kiosk-gateway/noted")
    unit = f"{ACCOUNT}@{machine.listen[1]}"
    machine.stop_unit(unit)
    settings.write_text(
        before.replace("KIOSK_GATEWAY_OPTIONS=\n", f"KIOSK_GATEWAY_OPTIONS=--forward folder:{folder}\n"),
        encoding="utf-8",
    )
    machine.run(f"systemctl start {unit}")
    assert folder.is_dir()
    with urllib.request.urlopen(f"http://127.0.0.1:1{machine.listen[1]}/metrics", timeout=60) as answer:
        assert "gateway_store_up 1.0" in answer.read().decode()
    settings.write_text(before, encoding="utf-8")


def test_a_restored_dump_gets_back_what_came_after_it(machine: Machine) -> None:
    folder, dump, *restore = commands()["Backup and restore"]
    kiosk = new_kiosk(machine)
    kiosk._numbers = itertools.count(100)  # another test files the numbers before
    kiosk.portal.enrol(machine.run(commands()["Kiosks"][0]).split()[-1], UNIT)
    early = [kiosk.submit(mode="live") for _ in range(3)]
    kiosk.drain()
    machine.run(folder)
    machine.run(dump)
    late = [kiosk.submit(mode="live") for _ in range(3)]
    kiosk.drain()
    kiosk.pull_feed()
    for command in restore:
        machine.run(command)
    url = machine.postgres.url.replace("/postgres?", "/gateway?")
    stored = "select submission_id from submissions where kiosk_id = 'PK03' order by submission_id"
    assert {row[0] for row in machine.postgres.run(stored, url=url)} >= set(early)
    assert not {row[0] for row in machine.postgres.run(stored, url=url)} & set(late)
    kiosk.pull_feed()
    kiosk.drain()
    assert {row[0] for row in machine.postgres.run(stored, url=url)} >= {*early, *late}
    assert machine.postgres.run("select count(*) from notices", url=url) == [(1,)]
    kiosk.portal.close()


def test_what_is_left_out_is_not_the_gateways_own() -> None:
    here = {name: section for name, section in commands().items() if name not in (PACKAGE, STANDBY)}
    programs = {command.split()[0] for section in here.values() for command in section}
    assert programs <= LEFT_OUT | {"runuser", "install", "ln", "rm", "nginx", "openssl", "systemctl", "kiosk-gateway"}
