"""Tiles of procedures on the start page: the ward's setting, or what was done most often in the last 30 days."""

import re
from collections.abc import Sequence
from dataclasses import replace

from tests.journeys.walker import Walker
from tests.pages.test_choose import file_forms

COPY = "2.000815"


def placed(walker: Walker) -> Sequence[str]:
    """Return the codes of the tiles of procedures on the start page."""
    row = walker.go("/").page.partition('class="two-tiles placed"')[2].partition('<div class="two-tiles"')[0]
    return re.findall(r'(?:need|begin)/([^"]+)"', row)


def test_a_new_ward_has_no_tiles_of_procedures(walker: Walker) -> None:
    assert placed(walker) == []


def test_the_two_most_used_procedures_of_30_days_are_one_touch_away(walker: Walker) -> None:
    file_forms(walker.context, {"1.001193": 9}, days_ago=31)
    file_forms(walker.context, {COPY: 3, "1.004873": 2}, days_ago=30)
    file_forms(walker.context, {"1.000656": 1}, days_ago=1)
    assert placed(walker) == [COPY, "1.004873"]


def test_no_tile_moves_in_the_course_of_a_day(walker: Walker) -> None:
    file_forms(walker.context, {COPY: 1}, days_ago=1)
    file_forms(walker.context, {"1.001193": 9})
    assert placed(walker) == [COPY]


def test_the_ward_names_the_procedures_on_the_start_page(walker: Walker) -> None:
    file_forms(walker.context, {"1.001193": 9}, days_ago=1)
    named = replace(walker.context.config.procedures, on_start=("1.004873", "9.999999", COPY))
    walker.context.config = replace(walker.context.config, procedures=named)
    assert placed(walker) == ["1.004873", COPY]
