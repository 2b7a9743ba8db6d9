"""A gateway that was put back to an earlier moment is noticed without a button, and forms are sent to it again."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy

from tests.portal.machines import Machine, Province, machines, province

__all__ = ["machines", "province"]


def copy_of(tmp_path: Path) -> Path:
    """Return a copy of the gateway's database, as a dump of now."""
    copy = tmp_path / "dump.db"
    with closing(sqlite3.connect(tmp_path / "gateway.db")) as db:
        db.execute("vacuum into ?", [str(copy)])
    return copy


def put_back(province: Province, tmp_path: Path, copy: Path) -> None:
    engine: sqlalchemy.Engine = province._engine
    engine.dispose()
    for name in ("gateway.db-wal", "gateway.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    shutil.copyfile(copy, tmp_path / "gateway.db")
    # A gateway does so with its first connection. SQLite lets no two connections change the mode at once, nor wait.
    with closing(sqlite3.connect(tmp_path / "gateway.db")) as db:
        db.execute("pragma journal_mode = wal")


def at_gateway(province: Province) -> set[str]:
    with province._engine.begin() as db:
        return {row[0] for row in db.exec_driver_sql("select submission_id from submissions")}


def send_all(machine: Machine) -> None:
    """Work until nothing waits, and not a second longer: the clock stands still."""
    while machine.worker.step():
        pass


def test_forms_that_arrived_just_before_the_gateway_was_put_back_are_sent_again(
    machines: list[Machine], province: Province, tmp_path: Path
) -> None:
    """The kiosk reads the feed right after it has sent, so its cursor is behind these forms when the gateway stops."""
    machine = machines[0]
    first, _ = machine.submit()
    machine.work()
    copy = copy_of(tmp_path)
    later = {machine.submit()[0] for _ in range(3)}
    send_all(machine)
    assert at_gateway(province) == {first, *later}
    put_back(province, tmp_path, copy)
    assert at_gateway(province) == {first}
    machine.work()
    assert at_gateway(province) == {first, *later}
