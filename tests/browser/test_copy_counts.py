"""Touches at four screens and presses at the desk for certified copies: docs/counts.md has the figures."""

import re

import pytest
from playwright.sync_api import Browser

from tests.browser import copy_counts
from tests.journeys.counts import copies_part

MOST_TOUCHES = 12
MOST_SECONDS = 60
MOST_PRESSES = 8

pytestmark = pytest.mark.timeout(600)


def test_touches_and_presses_are_those_of_the_page_and_within_their_limits(chromium: Browser) -> None:
    part = copy_counts.part(chromium)
    assert copies_part() == part, "run `make counts`"
    screens = [(int(touches), int(seconds)) for touches, seconds in re.findall(r"mm \| \d+ \| (\d+) \| (\d+) ", part)]
    photographed = [int(touches) for touches in re.findall(r"photographed \| \d+ \| (\d+) ", part)]
    assert len(screens) == len(photographed) == 4
    assert max(photographed) <= MOST_TOUCHES
    assert all(touches <= MOST_TOUCHES and seconds <= MOST_SECONDS for touches, seconds in screens)
    lane, before = (int(presses) for presses in re.findall(r"box[^|]* \| (\d+) \|", part))
    assert lane <= MOST_PRESSES
    assert lane < before
