"""Settings change while the kiosk runs: what kiosk.toml says is used at once, and no paper is lost."""

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.acts import applying, planning, queueing
from kiosk.config import Config, edit, load
from kiosk.config.list_sections import EForm, PrinterSection
from kiosk.config.live_settings import (
    AT_START,
    newest_settings,
    source_file,
    waiting_for_restart,
    with_newest,
    writable_file,
)
from kiosk.config.service_plan import plan_of
from kiosk.config.ward_sections import HoursSettings
from kiosk.context import Context
from kiosk.health import heartbeat, settings_file
from kiosk.startup.wiring import open_printers
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
    context.use_newest_settings()
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
    context.use_newest_settings()
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
    context.use_newest_settings()
    worker = Worker(context, None, {})
    worker.printing._sections = ((), ())
    worker.printing.reload()
    [former] = worker.printing._queues
    settings = edit.open_settings(file)
    settings.change_table("printer", 0, {"address": printer.address})
    settings.save()
    draw(context)
    context.use_newest_settings()
    worker.printing.reload()
    former.step()  # its attempt ends after the change
    assert jobs(context) == [("waiting", "unreachable", "A")]
    [moved] = worker.printing._queues
    moved.step()
    assert jobs(context) == [("printed", None, "A")]


def test_while_the_file_is_broken_the_printers_of_before_stay(context: Context, file: Path) -> None:
    add(file, name="A", address="127.0.0.1:1")
    context.use_newest_settings()
    file.write_text("[[printer\n", encoding="utf-8")
    context.use_newest_settings()
    assert [printer.name for printer in context.config.printers] == ["A"]
    file.unlink()
    context.use_newest_settings()
    assert [printer.name for printer in context.config.printers] == ["A"]


def test_each_touchscreen_prints_at_its_own_printer_and_at_its_fallback_while_that_is_out(
    context: Context, file: Path, tmp_path: Path
) -> None:
    with (
        VirtualPrinter(speed=0, folder=tmp_path / "sanh") as hall,
        VirtualPrinter(speed=0, folder=tmp_path / "cua") as door,
    ):
        add(file, name="Sảnh", address=hall.address)
        add(file, name="Cửa", address=door.address, screens=["Máy 2, cửa sau"], fallback="Sảnh")
        for session, screen in (("s1", "Máy 1"), ("s2", "Máy 2, cửa sau")):
            applying.start_session(context, session, screen)
        context.use_newest_settings()
        worker = Worker(context, None, open_printers(context.config))
        series = context.config.series[1]
        with run_worker(worker):
            queueing.draw_ticket(context, series, session="s1")
            queueing.draw_ticket(context, series, session="s2")
            queueing.draw_ticket(context, series)
            wait_until(lambda: [state for state, _, _ in jobs(context)] == ["printed"] * 3)
            assert [device for _, _, device in jobs(context)] == ["Sảnh", "Cửa", "Sảnh"]
            door.set_fault("paper_out")
            queueing.draw_ticket(context, series, session="s2")
            wait_until(lambda: jobs(context)[3:] == [("printed", None, "Sảnh")])
    assert (len(hall.papers), len(door.papers)) == (3, 1)


def test_where_every_printer_is_of_a_touchscreen_the_papers_of_the_desk_come_out_at_the_first(context: Context) -> None:
    door = PrinterSection(name="Cửa", screens=("Máy 2",), use=("slip",))
    back = PrinterSection(name="Sau", screens=("Máy 3",))
    config = replace(context.config, printers=(door, back))
    assert config.receipt_printers_of("slip", "") == [door, back]
    assert config.receipt_printers_of("slip", "Máy 3") == [back]
    assert config.receipt_printers_of("ticket", "Máy 2") == [back], "its printer prints no numbers"


def test_a_broken_file_is_an_alarm_with_its_line_until_it_is_mended(context: Context, file: Path) -> None:
    assert settings_file.check(context).state == "ok"
    file.write_text("# một\n[ward]\nhotlin = '1900'\n", encoding="utf-8")
    context.use_newest_settings()
    result = settings_file.check(context)
    assert (result.state, result.code) == ("fault", "CONF-01")
    assert result.todo[0] == "Dòng 3: [ward] hotlin là tên lạ; có phải hotline?."
    file.write_text("[ward]\nhotline = '1900'\n", encoding="utf-8")
    context.use_newest_settings()
    assert (settings_file.check(context).state, context.config.ward.hotline) == ("ok", "1900")


def test_all_settings_are_used_at_once_but_for_those_of_the_start(context: Context, file: Path) -> None:
    file.write_text(
        '[kiosk]\nid = "ZZ99"\n\n[ward]\nhotline = "1900"\n\n[portal]\nkind = "none"\nfile_kbit = 64\n\n'
        '[screen]\nmm = 500\nidle_seconds = 33\n\n[[printer]]\nname = "A"\n',
        encoding="utf-8",
    )
    before = context.config
    context.use_newest_settings()
    used = context.config
    assert (used.ward.hotline, used.screen.idle_seconds, used.portal.file_kbit) == ("1900", 33, 64)
    assert used.screen.mm == 500, "the address of the style sheet names the size, so a browser reads it again"
    assert [printer.name for printer in used.printers] == ["A"]
    assert (used.kiosk, used.portal.kind) == (before.kiosk, before.portal.kind)


def test_what_waits_for_a_restart_is_named() -> None:
    used = Config()
    written = replace(
        used,
        kiosk=replace(used.kiosk, id="ZZ99"),
        ward=replace(used.ward, hotline="1900"),
        portal=replace(used.portal, url="https://x", file_kbit=9),
        eforms=(EForm(),),
    )
    assert waiting_for_restart(used, written) == [("kiosk", "id"), ("portal", "url"), ("eforms", "")]


def test_every_setting_of_the_start_is_a_setting() -> None:
    config = Config()
    for section, keys in AT_START.items():
        value = getattr(config, section)
        assert not keys or keys <= {item.name for item in fields(value)}


def test_the_hours_of_the_file_are_used_at_once_and_those_of_a_lead_before_them(context: Context, file: Path) -> None:
    file.write_text('[hours]\nweekdays = ["08:00-12:00"]\n', encoding="utf-8")
    context.use_newest_settings()
    assert context.config.hours.weekdays == ("08:00-12:00",)
    plan = replace(plan_of(context.config), hours=HoursSettings(weekdays=("09:00-10:00",)))
    planning.save_plan(context, plan, revision=0, actor="minhtam")
    context.use_newest_plan()
    file.write_text('[hours]\nweekdays = ["06:00-12:00"]\n', encoding="utf-8")
    context.use_newest_settings()
    assert context.config.hours.weekdays == ("09:00-10:00",)
    assert context.file_plan.hours.weekdays == ("06:00-12:00",)


def test_practice_writes_a_file_of_its_own_and_finds_it_again(tmp_path: Path) -> None:
    shipped = tmp_path / "kiosk.toml"
    shipped.write_text("# của kho mã\n[ward]\nhotline = '1900'\n", encoding="utf-8")
    before = shipped.read_bytes()
    practice = newest_settings(load(shipped).practising())
    assert source_file(practice) == shipped
    own = writable_file(practice)
    assert own is not None
    assert own.is_relative_to(practice.folder)
    add(own, name="Tập", address="127.0.0.1:1")
    again = newest_settings(load(shipped).practising())
    assert [printer.name for printer in again.printers] == ["Tập"]
    assert (again.ward.hotline, again.folder, again.kiosk.practice) == ("1900", practice.folder, True)
    assert shipped.read_bytes() == before


def test_practice_without_any_file_begins_an_empty_one(tmp_path: Path) -> None:
    practice = Config(root=tmp_path).practising()
    assert source_file(practice) is None
    own = writable_file(practice)
    assert own is not None
    assert own.read_text("utf-8") == ""


def test_practice_without_a_printer_in_the_file_has_its_virtual_one(context: Context) -> None:
    config = with_newest(replace(context.config.practising().on_port(9000), printers=()))
    assert [printer.address for printer in config.printers] == ["127.0.0.1:9002"]


def test_a_paper_that_was_not_sent_is_moved_to_other_printers(context: Context) -> None:
    draw(context)
    with context.store.write() as db:
        moved = spool.move(db, 1, kind="office:B", by="anh Bảo", now=context.clock.now())
    assert (moved.kind, moved.state) == ("office:B", "queued")


def _beats(context: Context, name: str) -> bool:
    with context.store.read() as db:
        return heartbeat.is_alive(db, heartbeat.PRINTER + name, context.clock.monotonic())
