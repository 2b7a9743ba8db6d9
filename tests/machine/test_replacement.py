"""Section "Thay máy" of docs/technician.md on two installed machines: the forms of one go on at the other."""

import inspect
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.config import ROOT
from tests.faults import submitting
from tests.machine.nspawn import PACKAGES, Machine, debian, newest_package, until

pytestmark = pytest.mark.machine
GUIDE = ROOT / "docs" / "technician.md"
DISK = "/media/saoluu"
FOLDER = f"{DISK}/kiosk"
ANOTHER_USER = 4711
SUBMIT = f"""{inspect.getsource(submitting)}
for _ in range(3):
    print(submit_form(context)[1])
"""
PAPER = """
from kiosk.base import codes
from kiosk.acts import backups
from kiosk.backup.recovery import SEED_BYTES, RecoveryPaper
paper = RecoveryPaper(codes.random_bytes(SEED_BYTES))
backups.save_paper(context, paper)
print(*paper.words)
"""
FEES = """[[procedure]]
code = "1.004194"
why = "Made up for a test"
checked_on = 2026-11-01

[[procedure.fee]]
id = "truc_tiep"
amount = 10000
"""
RECEIPTS = """
with context.store.read() as db:
    for (receipt_no,) in db.execute("select receipt_no from submissions order by receipt_no"):
        print(receipt_no)
"""


def commands() -> list[str]:
    """Return the commands of the section."""
    section = GUIDE.read_text("utf-8").partition("### Thay máy\n")[2].partition("\n## ")[0]
    return [line.strip() for line in section.splitlines() if line.startswith(" " * 7)]


def new_machine(disk: Path) -> Machine:
    """Return a running machine with the package, and a folder on a second disk."""
    machine = Machine(disk, debian("server", PACKAGES))
    shutil.copy(newest_package("ward-kiosk"), disk / "root" / "ward-kiosk.deb")
    machine.boot()
    machine.run("dpkg -i /root/ward-kiosk.deb")
    machine.run(f"mkdir -p {FOLDER} && chown kiosk: {FOLDER}")
    until(lambda: machine.page() == 200)
    return machine


def set_up(machine: Machine) -> None:
    """Give a machine a name, a fee of its ward, and copies on its second disk."""
    toml = machine.folder / "etc" / "ward-kiosk" / "kiosk.toml"
    text, changes = re.subn(r'(?m)^path = ""', f'path = "{FOLDER}"', toml.read_text("utf-8"))
    assert changes == 1
    text, changes = re.subn(r'(?m)^overrides = ""', 'overrides = "fees.toml"', text)
    assert changes == 1
    toml.write_text(text.replace('id = "PK03"', 'id = "PK07"'), "utf-8")
    toml.with_name("fees.toml").write_text(FEES, "utf-8")
    machine.run("systemctl restart ward-kiosk")
    until(lambda: machine.page() == 200)


@pytest.fixture
def words_and_forms(tmp_path: Path) -> tuple[str, list[str]]:
    """Return the words of the recovery paper and the receipt numbers of a machine that is gone; its disk is kept."""
    machine = new_machine(tmp_path / "old")
    try:
        set_up(machine)
        words = machine.run_script(PAPER).strip()
        forms = machine.run_script(SUBMIT).split()
        machine.run("kiosk backup")
        shutil.copytree(machine.folder / FOLDER[1:], tmp_path / "second-disk")
    finally:
        machine.close()
    return words, forms


@pytest.fixture
def machine(words_and_forms: tuple[str, list[str]], tmp_path: Path) -> Iterator[Machine]:
    """Return a new machine, not set up, with the disk of the old one, whose user had another number."""
    made = new_machine(tmp_path / "new")
    shutil.copytree(tmp_path / "second-disk", made.folder / FOLDER[1:], dirs_exist_ok=True)
    made.run(f"chown -R {ANOTHER_USER} {FOLDER} && chmod 755 {FOLDER}")
    yield made
    made.close()


def test_a_new_machine_goes_on_with_the_forms_of_the_old_one(
    words_and_forms: tuple[str, list[str]], machine: Machine
) -> None:
    words, forms = words_and_forms
    close_files, stop, restore, start = commands()
    machine.run(stop)

    def try_restore() -> subprocess.CompletedProcess[str]:
        return machine.run(f"echo {words} | {restore}", check=False)

    assert f"{close_files} " in try_restore().stderr, "the sentence names the command of the guide"
    machine.run(close_files)
    restored = try_restore()
    assert restored.returncode == 0, restored.stderr
    assert "kiosk.toml của máy PK07" in restored.stdout
    assert "Lấy lại /etc/ward-kiosk/fees.toml." in restored.stdout
    assert machine.run("cat /etc/ward-kiosk/fees.toml").stdout == FEES
    machine.run(start)
    until(lambda: machine.page() == 200)
    assert machine.run_script(RECEIPTS).split() == sorted(forms)
    assert [re.sub(r"PK07-\d{6}-(\d{4})-.", r"\1", number) for number in machine.run_script(SUBMIT).split()] == [
        "9001",
        "9002",
        "9003",
    ]
    until(lambda: machine.is_active("ward-kiosk-worker"))
    machine.run("kiosk backup")
