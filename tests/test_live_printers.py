"""Printers change while the kiosk runs: what kiosk.toml says is used at once, and no paper is lost."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.acts import queueing
from kiosk.config import edit
from kiosk.config.live_printers import with_newest_printers
from kiosk.context import Context
from kiosk.health import heartbeat
from kiosk.worker import Worker
from printers import spool
from printers.settings import PrinterSettings
from printers.virtual.server import VirtualPrinter
from tests.journeys.walker import Walker
from tests.running import BlockedPrinter, run_worker, wait_until


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text("# không có máy in\n", encoding="utf-8")
    return path


@pytest.fixture
def context(walker: Walker, file: Path) -> Context:
    """Return the context of a kiosk without a printer; its clock stands still, so that nothing is tried again late."""
    return replace(walker.context, config=replace(walker.context.config, printers=(), file=file))


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[VirtualPrinter]:
    with VirtualPrinter(speed=0, folder=tmp_path) as printer:
        yield printer


def add(file: Path, **values: Any) -> None:
    settings = edit.open_settings(file)
    settings.add_table("printer", {"kind": "network", **values})
    settings.save()


def draw(context: Context) -> None:
    queueing.draw_ticket(context, context.config.series[1])


def jobs(context: Context) -> list[tuple[str, str | None, str | None]]:
    with context.store.read() as db:
        rows = db.execute("select state, reason, device from jobs order by id").fetchall()
    return [tuple(row) for row in rows]


def test_a_paper_that_waited_for_a_printer_comes_out_when_one_is_added(
    context: Context, file: Path, printer: VirtualPrinter
) -> None:
    draw(context)
    with run_worker(Worker(context, None, {})):
        wait_until(lambda: jobs(context) == [("waiting", "no_printer", None)])
        add(file, name="Mới", address=printer.address)
        wait_until(lambda: jobs(context) == [("printed", None, "Mới")])
        wait_until(lambda: _beats(context, "Mới"))
    assert len(printer.papers) == 1


def test_a_paper_that_is_being_printed_on_a_removed_printer_is_printed_to_its_end(
    context: Context, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = BlockedPrinter(PrinterSettings(name="Cũ"))
    monkeypatch.setattr("kiosk.worker.printing.open_printers", lambda config: {})
    draw(context)
    worker = Worker(context, None, {"ticket": [slow]})
    with run_worker(worker):
        wait_until(slow.is_printing.is_set)
        add(file, name="Khác", address="127.0.0.1:1", use=["slip"])
        wait_until(lambda: not worker.printing.tasks)
        slow.release.set()
        wait_until(lambda: jobs(context) == [("printed", None, "Cũ")])
        draw(context)
        wait_until(lambda: jobs(context)[1:] == [("waiting", "no_printer", None)])


def test_a_printer_that_stays_keeps_its_thread_when_another_one_is_added(
    context: Context, file: Path, printer: VirtualPrinter
) -> None:
    add(file, name="A", address=printer.address, use=["ticket"])
    context.use_newest_printers()
    worker = Worker(context, None, {})
    worker.printing._sections = ((), ())
    with run_worker(worker):
        wait_until(lambda: _beats(context, "A"))
        [task] = worker.printing.tasks
        add(file, name="B", address="127.0.0.1:1", use=["slip"])
        wait_until(lambda: len(worker.printing.tasks) == 2)
        assert worker.printing.tasks[0] is task
        draw(context)
        wait_until(lambda: printer.papers)


def test_a_paper_goes_to_the_new_place_of_a_printer_that_was_moved(
    context: Context, file: Path, printer: VirtualPrinter
) -> None:
    add(file, name="A", address="127.0.0.1:1")
    context.use_newest_printers()
    worker = Worker(context, None, {})
    worker.printing._sections = ((), ())
    draw(context)
    with run_worker(worker):
        wait_until(lambda: jobs(context) == [("waiting", "unreachable", "A")])
        settings = edit.open_settings(file)
        settings.change_table("printer", 0, {"address": printer.address})
        settings.save()
        wait_until(lambda: jobs(context) == [("printed", None, "A")])


def test_a_paper_that_a_moved_printer_could_not_print_does_not_wait_for_it(
    context: Context, file: Path, printer: VirtualPrinter
) -> None:
    add(file, name="A", address="127.0.0.1:1")
    context.use_newest_printers()
    worker = Worker(context, None, {})
    worker.printing._sections = ((), ())
    worker.printing.reload()
    [former] = worker.printing._queues
    settings = edit.open_settings(file)
    settings.change_table("printer", 0, {"address": printer.address})
    settings.save()
    draw(context)
    context.use_newest_printers()
    worker.printing.reload()
    former.step()  # its attempt ends after the change
    assert jobs(context) == [("waiting", "unreachable", "A")]
    [moved] = worker.printing._queues
    moved.step()
    assert jobs(context) == [("printed", None, "A")]


def test_while_the_file_is_broken_the_printers_of_before_stay(context: Context, file: Path) -> None:
    add(file, name="A", address="127.0.0.1:1")
    context.use_newest_printers()
    file.write_text("[[printer\n", encoding="utf-8")
    context.use_newest_printers()
    assert [printer.name for printer in context.config.printers] == ["A"]
    file.unlink()
    context.use_newest_printers()
    assert [printer.name for printer in context.config.printers] == ["A"]


def test_only_the_printers_are_read_again(context: Context, file: Path) -> None:
    file.write_text('[kiosk]\nid = "ZZ99"\n\n[[printer]]\nname = "A"\n', encoding="utf-8")
    context.use_newest_printers()
    assert (context.config.kiosk.id, [printer.name for printer in context.config.printers]) == ("PK03", ["A"])


def test_practice_without_a_printer_in_the_file_has_its_virtual_one(context: Context) -> None:
    config = with_newest_printers(replace(context.config.practising().on_port(9000), printers=()))
    assert [printer.address for printer in config.printers] == ["127.0.0.1:9002"]


def test_a_paper_that_was_not_sent_is_moved_to_other_printers(context: Context) -> None:
    draw(context)
    with context.store.write() as db:
        moved = spool.move(db, 1, kind="office:B", by="anh Bảo", now=context.clock.now())
    assert (moved.kind, moved.state) == ("office:B", "queued")


def _beats(context: Context, name: str) -> bool:
    with context.store.read() as db:
        return heartbeat.is_alive(db, heartbeat.PRINTER + name, context.clock.monotonic())
