"""A machine is replaced on the same day, as docs/gateway.md says: nobody's dossier becomes another person's."""

from dataclasses import replace
from pathlib import Path

from kiosk.backup import create, restore
from kiosk.base.clock import FixedClock
from kiosk.config.sections import BackupSettings
from kiosk.dossiers import numbering
from kiosk.health import connection
from kiosk.records import marks, refusals, submissions
from tests.portal.machines import Machine, Province, machines, province

__all__ = ["machines", "province"]


def _replace(machines: list[Machine], tmp_path: Path, province: Province, clock: FixedClock) -> Machine:
    """Replace the newest machine, whose disk is lost, by a new one, and enrol it."""
    province.revoke()
    machines.append(Machine(tmp_path / f"machine-{len(machines)}", province, clock))
    return machines[-1]


def test_both_citizens_reach_the_province_when_the_machine_is_replaced_between_them(
    machines: list[Machine], tmp_path: Path, province: Province, clock: FixedClock
) -> None:
    first = machines[0]
    one, one_no = first.submit()
    first.accept(one, "H57.99.01-261124-0001")
    first.work()
    second = _replace(machines, tmp_path, province, clock)
    other, other_no = second.submit()  # before the enrolment: the citizen does not wait for the network
    second.enrol(province.code())
    second.accept(other, "H57.99.01-261124-0002")
    later, later_no = second.submit()
    second.accept(later, "H57.99.01-261124-0003")
    second.work()
    assert len({one_no, other_no, later_no}) == 3
    forwarded = province.forward()
    assert {name: dossier["receiptNo"] for name, dossier in forwarded.items()} == {
        one: one_no,
        other: other_no,
        later: later_no,
    }
    assert province.notices() == []


def test_a_new_machine_that_numbers_from_1_leaves_the_used_numbers_after_its_enrolment(
    machines: list[Machine], tmp_path: Path, province: Province, clock: FixedClock
) -> None:
    first = machines[0]
    numbers = [first.submit()[1] for _ in range(3)]
    first.work()
    second = _replace(machines, tmp_path, province, clock)
    second.forget_block()
    second.enrol(province.code())
    later = [second.submit()[1] for _ in range(3)]
    assert not set(numbers) & set(later)
    second.work()
    assert [second.delivery(row) for row in _ids(second)] == ["confirmed"] * 3


def test_an_old_machine_that_comes_back_leaves_the_numbers_of_the_one_that_stood_in(
    machines: list[Machine], tmp_path: Path, province: Province, clock: FixedClock
) -> None:
    first = machines[0]
    first.submit()
    first.work()
    second = _replace(machines, tmp_path, province, clock)
    second.forget_block()
    with second.context.store.write() as db:
        db.execute("insert into receipts values (?, 40)", [clock.today().isoformat()])
    second.enrol(province.code())
    stand_in = second.submit()[1]
    second.work()
    province.revoke()
    first.enrol(province.code())
    assert first.submit()[1] > stand_in


def test_a_second_person_under_one_number_is_refused_and_both_sides_are_alarmed(
    machines: list[Machine], tmp_path: Path, province: Province, clock: FixedClock
) -> None:
    first = machines[0]
    one, number = first.submit()
    first.accept(one, "H57.99.01-261124-0001")
    first.work()
    second = _replace(machines, tmp_path, province, clock)
    second.forget_block()
    other, same_number = second.submit()  # a machine of an older release, whose number is printed already
    assert same_number == number
    second.accept(other, "H57.99.01-261124-0002")
    second.enrol(province.code())
    second.work()
    assert second.delivery(other) == "quarantined"
    with second.context.store.read() as db:
        refusal = refusals.last(db, other)
    assert refusal is not None
    assert [(field.key, field.code) for field in refusal.fields] == [("receiptNo", "number")]
    assert connection.queue(second.context).code == "SEND-04"
    assert len(province.notices()) == 1
    assert "PK03" in province.notices()[0]
    assert set(province.forward()) == {one}


def test_a_restored_store_without_its_restore_log_leaves_the_numbers_of_an_earlier_restore(
    machines: list[Machine], tmp_path: Path, province: Province
) -> None:
    first = machines[0]
    (tmp_path / "second-disk").mkdir()
    first.close()
    first.config = replace(first.config, backup=BackupSettings(path=str(tmp_path / "second-disk")))
    first.restart()
    first.submit()
    create.create(first.context)
    lost = []
    for _ in range(2):
        first.close()
        restore.restore(first.config, first.clock)
        for log in (first.config.folder / "restores", tmp_path / "second-disk" / "PK03-restores"):
            log.unlink()
        first.restart()
        first.work()
        lost.append(first.submit()[1])
        first.work()
    assert [number[12:16] for number in lost] == ["9001", "9501"]


def test_a_fresh_store_keeps_its_block_for_two_days_with_numbers(
    machines: list[Machine], tmp_path: Path, province: Province, clock: FixedClock
) -> None:
    fresh = Machine(tmp_path / "fresh", province, clock)
    machines.append(fresh)
    with fresh.context.store.read() as db:
        block = int(marks.get(db, numbering.MARK) or 0)
    numbers = []
    for _ in range(3):
        numbers.append(int(fresh.submit()[1][12:16]))
        clock.advance(24 * 3600)
    assert block in (5000, 6000, 7000, 8000)
    assert numbers == [block + 1, block + 1, 1]


def _ids(machine: Machine) -> list[str]:
    with machine.context.store.read() as db:
        return [submission.id for submission in submissions.of_day(db, machine.clock.today())]
