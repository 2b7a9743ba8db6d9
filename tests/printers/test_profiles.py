"""Profiles of printers: complete, within the limits of the settings, and honest about their sources."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from kiosk.config import ROOT, Config
from kiosk.config.list_sections import PrinterSection
from kiosk.config.toml_reader import read_tables
from printers import discovery
from printers.profiles import PrinterProfile, all_profiles, find_profile
from printers.settings import PrinterKind, PrinterSettings
from tests.printers.samples import slip
from tests.printers.usb_tree import EPSON, XPRINTER, Model, usb_tree

HARDLY_WIDER = 1.01
"""A row of dots may be wider than the paper by the rounding of dots an inch, and no more."""


@pytest.fixture(params=all_profiles(), ids=lambda profile: profile.id)
def profile(request: pytest.FixtureRequest) -> PrinterProfile:
    found: PrinterProfile = request.param
    return found


def test_its_settings_are_names_and_values_of_a_printer_in_kiosk_toml(profile: PrinterProfile) -> None:
    config, errors = read_tables(Config, {"printer": [profile.settings]})
    assert errors == []
    assert config.printers == (replace(PrinterSection(), **profile.settings),)  # type: ignore[arg-type]


def test_its_dots_fit_on_the_paper_and_are_whole_bytes(profile: PrinterProfile) -> None:
    assert profile.dots % 8 == 0
    assert profile.dots / profile.dpi * 25.4 <= profile.width_mm * HARDLY_WIDER


def test_whoever_says_by_documents_names_them_and_nothing_is_tried_that_no_one_tried(profile: PrinterProfile) -> None:
    assert profile.sources or profile.how_sure == "not_tried"
    assert profile.how_sure != "tried", "name the day, the place and the device in docs/printers.md first"
    assert profile.note or profile.how_sure == "documents", "a technician must know what is unsure"


def test_a_slip_is_drawn_with_it(profile: PrinterProfile) -> None:
    from printers.render import raster

    (drawn,) = raster.render(slip(), replace(PrinterSettings(), **profile.settings))  # type: ignore[arg-type]
    assert drawn.width == profile.dots


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("EPSON TM-T20III", "epson-tm-t20"),
        ("EPSON TM-T81", "epson-tm-t81"),
        ("Xprinter USB Printer P", "xprinter-80"),
        ("Xprinter XP-58", "xprinter-58"),
        ("BIXOLON SRP-332II", "bixolon-srp-332"),
        ("STMicroelectronics POS58 Printer USB", "other-58"),
        ("USB Printing Support", None),
        ("", None),
    ],
)
def test_the_longest_part_of_a_name_that_fits_chooses_the_profile(title: str, wanted: str | None) -> None:
    found = find_profile(title)
    assert (found.id if found else None) == wanted


def test_a_found_printer_has_the_profile_of_its_name(tmp_path: Path) -> None:
    with usb_tree(tmp_path) as tree:
        tree.plug("1-1", EPSON, None)
        tree.plug("1-2", XPRINTER, None)
        tree.plug("1-3", Model(title="SRP-330II", maker="BIXOLON", serial="1"), None)
        found = discovery.find_usb()
    assert [printer.profile for printer in found] == ["epson-tm-t20", "", "bixolon-srp-330"]


def test_the_profiles_for_any_other_printer_are_last() -> None:
    assert [profile.id for profile in all_profiles()][-2:] == ["other-58", "other-80"]


WORDS = {"tried": "tried on a device", "documents": "by documents", "not_tried": "not tried"}


def test_the_table_in_the_docs_is_that_of_the_profiles(profile: PrinterProfile) -> None:
    cutter = "cutter" if profile.cutter else "no cutter"
    figures = f"{profile.width_mm} mm, {profile.dots} dots, {profile.dpi} dpi, {cutter}"
    sources = "; ".join(profile.sources) or "none found"
    row = f"| `{profile.id}` | {profile.title} | {figures} | {WORDS[profile.how_sure]} | {sources} |"
    assert row in (ROOT / "docs/printers.md").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("kind", get_args(PrinterKind))
def test_every_kind_is_in_the_docs_with_what_it_was_tried_on(kind: str) -> None:
    rows = [
        line for line in (ROOT / "docs/printers.md").read_text(encoding="utf-8").splitlines() if f"| `{kind}`" in line
    ]
    assert len(rows) == 1
    assert all(cell.strip() for cell in rows[0].strip("|").split("|"))
