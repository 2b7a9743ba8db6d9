"""Two real releases of this program: the kiosk goes from one to the other with its data, and back."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.startup.context_factory import open_context
from kiosk.updates import archive, status
from tests.faults.submitting import submit_form
from tests.updates.province import Province
from tests.updates.ward_machine import FIRST, WardMachine, break_start, grow_schema, make_release

pytestmark = pytest.mark.machine_date

SECOND = "1.1.0"


@pytest.fixture
def ward(tmp_path: Path, province: Province) -> Iterator[WardMachine]:
    ward = WardMachine(tmp_path / "ward", province)
    done = ward.kiosk("init")
    assert done.returncode == 0, done.stderr
    yield ward
    ward.stop()


def _publish(province: Province, tree: Path) -> None:
    path = province.folder / "second.tar.gz"
    archive.pack(tree, path)
    province.publish_program(SECOND, archive_of=path)


def _submit(ward: WardMachine, count: int) -> list[str]:
    context = open_context(ward.config)
    with closing(context.store):
        return [submit_form(context)[1] for _ in range(count)]


def _numbers(ward: WardMachine) -> list[str]:
    with closing(sqlite3.connect(f"file:{ward.config.store_path}?mode=ro", uri=True)) as db:
        return [number for (number,) in db.execute("select receipt_no from submissions order by seq")]


def _tables(ward: WardMachine) -> set[str]:
    with closing(sqlite3.connect(f"file:{ward.config.store_path}?mode=ro", uri=True)) as db:
        return {name for (name,) in db.execute("select name from sqlite_schema")}


def _fetch(ward: WardMachine) -> None:
    done = ward.kiosk("update", "fetch")
    assert done.returncode == 0, done.stderr
    assert status.read(ward.config.updates_folder).state == "ready"


def test_a_kiosk_with_data_goes_to_the_next_release_by_itself_and_back(ward: WardMachine, province: Province) -> None:
    numbers = _submit(ward, 5)
    ward.start()
    ward.wait_for(FIRST, "none", starts=1)
    _publish(province, make_release(province.folder / "second", SECOND))
    _fetch(ward)
    done = ward.kiosk("update", "night")
    assert done.returncode == 0, done.stderr
    there = ward.wait_for(SECOND, "confirmed", starts=2)
    assert _numbers(ward) == numbers
    assert ward.kiosk("--version").stdout.strip() == f"ward-kiosk {SECOND}+110"
    starts = [line["release"] for line in ward.log() if line["event"] == "started"]
    assert starts == [f"{FIRST}+100", f"{SECOND}+110"]
    numbers += _submit(ward, 1)
    done = ward.kiosk("update", "back")
    assert done.returncode == 0, done.stderr
    back = ward.wait_for(FIRST, "went_back", starts=3)
    assert _numbers(ward) == numbers, "a form of the new release is there in the one before"
    print(f"from {FIRST} to {SECOND}: {there:.1f} s until confirmed; back: {back:.1f} s")


def test_a_release_that_grows_the_store_and_does_not_start_comes_back_with_the_store(
    ward: WardMachine, province: Province
) -> None:
    numbers = _submit(ward, 3)
    ward.start()
    ward.wait_for(FIRST, "none", starts=1)
    tree = make_release(province.folder / "second", SECOND)
    grow_schema(tree)
    break_start(tree)
    _publish(province, tree)
    _fetch(ward)
    assert ward.kiosk("update", "apply").returncode == 0
    seconds = ward.wait_for(FIRST, "went_back", starts=5)
    found = status.read(ward.config.updates_folder)
    assert (found.target, found.code) == (SECOND, "K-54")
    assert _numbers(ward) == numbers
    assert "of_the_next_release" not in _tables(ward)
    with closing(sqlite3.connect(ward.config.updates_folder / "store-after.db")) as db:
        assert db.execute("select count(*) from of_the_next_release").fetchone() == (0,), "the release had grown it"
    print(f"{SECOND} failed three times, {FIRST} serves again after {seconds:.1f} s")


def test_a_migration_that_fails_is_found_on_the_copy_of_the_store(ward: WardMachine, province: Province) -> None:
    numbers = _submit(ward, 1)
    ward.start()
    ward.wait_for(FIRST, "none", starts=1)
    tree = make_release(province.folder / "second", SECOND)
    grow_schema(tree)
    step = tree / "kiosk/store/schema/next_release.py"
    step.write_text('"""A step."""\n\nSQL = "insert into submissions (id) values (1);\\n"\n')
    _publish(province, tree)
    _fetch(ward)
    done = ward.kiosk("update", "apply")
    assert done.returncode == 2
    assert "không chạy được trên bản sao của kho" in done.stderr
    assert ward.programs.current() == FIRST
    assert ward.starts == 1, "the server has not noticed anything"
    assert _numbers(ward) == numbers
