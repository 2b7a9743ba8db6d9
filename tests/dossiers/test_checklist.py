from dataclasses import replace

from kiosk.dossiers import checklist
from tests.procedures.texts import DAY, procedure


def test_papers_that_are_wanted_come_before_the_optional_ones() -> None:
    form = procedure("1.004194")
    first, *_ = form.papers
    papers = tuple(
        replace(first, id=name, optional=optional, when=())
        for name, optional in (("a", True), ("b", False), ("c", True), ("d", False))
    )
    needed = checklist.papers_needed(replace(form, papers=papers), {}, DAY)
    assert [paper.id for paper in needed] == ["b", "d", "a", "c"]
