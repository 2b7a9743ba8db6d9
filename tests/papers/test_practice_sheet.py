"""Sheet to take home after a task of practice: each name in bold is on the pages of the kiosk."""

import html
import re
from collections.abc import Iterator

import pytest

from kiosk.context import Context
from kiosk.papers import practice_sheet
from kiosk.procedures.practice_tasks import PracticeTask, practice_tasks
from printers.document import Step
from tests.journeys.walker import Walker


def _bold(step: Step) -> Iterator[str]:
    assert isinstance(step.text, tuple)
    return (run.text for run in step.text if run.weight == "strong")


@pytest.mark.parametrize("task", practice_tasks(), ids=lambda task: task.key)
def test_the_first_steps_lead_to_the_form_by_tiles_that_are_there(
    walker: Walker, context: Context, task: PracticeTask
) -> None:
    paper = practice_sheet.compose(context, task.key, {"task": task.key})
    assert paper is not None
    first, second = [block for block in paper.blocks if isinstance(block, Step)][:2]
    walker.go("/")
    for tile in _bold(first):
        links = re.findall(r'<a class="tile[^>]*href="([^"]+)".*?<b>(.*?)</b>', walker.page, re.DOTALL)
        addresses = [html.unescape(href) for href, name in links if " ".join(name.split()) == tile]
        assert len(addresses) == 1, (tile, walker.at)
        walker.go(addresses[0])
    assert walker.at == f"/need/{task.procedure}"
    assert all(name in walker.words for name in _bold(second))
