"""Scanning by `scanimage`: SANE's own test device, and a stand-in for what it cannot be told to do."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from kiosk.paper_scanner import PaperScanner, sane
from kiosk.paper_scanner.pages import read_page
from kiosk.paper_scanner.sane import Ending, Source
from tests.paper_scanner.stand_in import A4, Feeder, feeder, paper

__all__ = ["feeder"]
MANY = 40


def _scan(
    device: str = "test:", source: Source = "feeder", *, count: int = MANY, and_then: Callable[[], object] = bool
) -> tuple[Ending, list[tuple[bytes, int]]]:
    pages: list[tuple[bytes, int]] = []

    def keep(page: bytes, dpi: int) -> None:
        pages.append((page, dpi))
        and_then()

    return sane.scan(device, source, count=count, on_page=keep, is_stopped=Event()), pages


def _leftovers() -> list[str]:
    return [folder.name for folder in sane.MEMORY_DISK.glob(f"{sane.FOLDER_PREFIX}{os.getpid()}-*")]


def test_a_stack_is_scanned_until_the_feeder_is_empty() -> None:
    """SANE's test device has ten papers."""
    ending, pages = _scan()
    assert (ending, len(pages)) == ("done", 10)
    assert {dpi for _page, dpi in pages} == {200}
    assert all(read_page(page, dpi).page.jpeg.startswith(b"\xff\xd8") for page, dpi in pages)
    assert _leftovers() == []


def test_a_stack_stops_at_the_limit() -> None:
    assert [_scan(count=3)[0], len(_scan(count=3)[1])] == ["full", 3]


def test_the_glass_gives_one_page() -> None:
    ending, pages = _scan(source="glass")
    assert (ending, len(pages)) == ("done", 1)


def test_a_device_that_is_not_there_is_absent() -> None:
    assert _scan("test:7") == ("absent", [])
    assert _scan("nothing:") == ("absent", [])


def test_without_the_program_the_ending_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sane, "PROGRAM", "scanimage-of-nobody")
    assert _scan() == ("no_program", [])


@pytest.mark.parametrize(
    ("status", "ending"),
    [(6, "jam"), (8, "open"), (3, "busy"), (9, "fault"), (11, "denied"), (2, "stopped"), (99, "fault")],
)
def test_a_status_of_sane_is_an_ending(feeder: Feeder, status: int, ending: Ending) -> None:
    feeder.put(paper(), paper())
    feeder.ends_with(status)
    found, pages = _scan()
    assert (found, len(pages)) == (ending, 2)


def test_an_empty_feeder_is_not_done(feeder: Feeder) -> None:
    assert _scan() == ("empty", [])


def test_both_sides_in_colours_at_200_dpi_on_a4_are_asked_for(feeder: Feeder) -> None:
    feeder.put(paper())
    _scan("airscan:e0:Canon MF240")
    assert "--device-name=airscan:e0:Canon MF240" in feeder.asked[0]
    run = feeder.asked[1]
    for argument in ("--source=ADF Duplex", "--mode=Color", "--resolution=200", "-x 210", "-y 297", "--batch-count=40"):
        assert argument in run


def test_a_scanner_without_a_feeder_says_so(feeder: Feeder) -> None:
    (feeder.folder / "options").write_text("    --source Flatbed [Flatbed]\n    --resolution 300|600dpi [300]\n")
    assert _scan() == ("no_feeder", [])
    feeder.put(paper(dpi=300))
    ending, pages = _scan(source="glass")
    assert (ending, pages[0][1]) == ("done", 300)


def test_a_silent_scanner_is_stopped(feeder: Feeder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sane, "SILENT_SECONDS", 0.2)
    feeder.put(paper())
    feeder.waits()
    ending, pages = _scan()
    assert (ending, len(pages)) == ("silent", 1)
    assert _leftovers() == []


def test_an_officer_stops_the_scanner_and_keeps_what_is_scanned(feeder: Feeder) -> None:
    stop = Event()
    feeder.put(paper(), paper())
    feeder.waits()
    pages: list[bytes] = []

    def keep(page: bytes, _dpi: int) -> None:
        pages.append(page)
        stop.set()

    assert sane.scan("test:", "feeder", count=MANY, on_page=keep, is_stopped=stop) == "stopped"
    assert len(pages) == 2


def test_a_scanner_that_is_stopped_ends_the_page_that_it_moves(feeder: Feeder) -> None:
    stop = Event()
    feeder.put(paper())
    feeder.waits_for_stop()
    ending = sane.scan("test:", "feeder", count=MANY, on_page=lambda _page, _dpi: stop.set(), is_stopped=stop)
    assert ending == "stopped"
    assert (feeder.folder / "ended").read_text() == "whole\n"


def test_what_a_killed_process_left_is_deleted_at_the_start_and_the_run_of_another_kiosk_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a folder of its own: another test that starts a kiosk would delete these
    monkeypatch.setattr(sane, "MEMORY_DISK", tmp_path)
    killed = subprocess.Popen(["true"])
    killed.wait()
    left, other = (tmp_path / f"{sane.FOLDER_PREFIX}{process}-of-a-test" for process in (killed.pid, os.getppid()))
    for folder in (left, other):
        folder.mkdir()
        (folder / "1.pnm").write_bytes(paper())
    PaperScanner()
    assert [folder.exists() for folder in (left, other)] == [False, True]


def test_a_page_of_300_dpi_is_kept_at_200(feeder: Feeder) -> None:
    page = read_page(paper(dpi=300), 300).page
    assert (page.width, page.height) == pytest.approx(A4, abs=1)
    assert (round(page.points_wide), round(page.points_high)) == (595, 842)


def test_the_program_of_sane_is_installed() -> None:
    """`deploy/packages.sh test` installs it; the tests above would pass with the stand-in alone."""
    assert shutil.which(sane.PROGRAM)
