"""The list "CẦN MANG THÊM" of every procedure: each paper is on it in its situation, and only there."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from kiosk import papers
from kiosk.context import Context
from kiosk.procedures.loader import read_catalogue
from kiosk.procedures.model import Condition, PaperToBring, Procedure, When
from printers.render import pdf, raster, text
from printers.settings import PrinterSettings
from tests.papers.forms import DAY, words_of_pdf

CATALOGUE = tuple(read_catalogue().all(DAY))
PAPERS = [(procedure, paper) for procedure in CATALOGUE for paper in procedure.papers]
NARROW = PrinterSettings(width_mm=58, dots=384)
ELSE = "something else"


def named(pair: tuple[Procedure, PaperToBring]) -> str:
    return f"{pair[0].id}-{pair[1].id}"


def fitting(when: When) -> dict[str, Any]:
    """What must be known for a list of conditions to hold; written apart from `conditions.holds`."""
    known: dict[str, Any] = {}
    for one in when:
        found = fitting(one.any_[:1]) if one.any_ else {one.key: _answer(one)}
        for key, value in found.items():
            holder = known
            *path, last = key.split(".")
            for name in path:
                holder = holder.setdefault(name, {})
            holder[last] = value
    return known


def _answer(one: Condition) -> Any:
    if one.is_ is not None:
        return one.is_
    if one.in_:
        return one.in_[0]
    if one.has is not None:
        return [one.has]
    if one.age_under is not None:
        return (DAY - timedelta(days=30)).isoformat()
    if one.age_at_least is not None:
        return f"{DAY.year - one.age_at_least - 1}-01-01"
    return ELSE


def breaking(when: When) -> Iterator[dict[str, Any]]:
    """What is known where one condition after the other does not hold, all others do."""
    for number, one in enumerate(when):
        known = fitting(when)
        if not one.any_ and "." not in one.key:
            known[one.key] = _wrong(one)
            if fitting((*when[:number], *when[number + 1 :])).keys() != known.keys():
                yield known


def _wrong(one: Condition) -> Any:
    if one.not_ is not None:
        return one.not_
    if one.not_in:
        return one.not_in[0]
    if one.age_under is not None:
        return "1950-01-01"
    return (DAY - timedelta(days=30)).isoformat() if one.age_at_least is not None else ELSE


def listed(context: Context, procedure: Procedure, known: dict[str, Any]) -> str:
    facts = {"code": procedure.code, "version": procedure.version, "situations": json.dumps(known)}
    paper = papers.compose(context, "missing", "no form", facts)
    assert paper is not None
    return text.render(paper, columns=400)


@pytest.mark.parametrize("pair", PAPERS, ids=named)
def test_a_paper_is_on_the_list_in_its_situation(context: Context, pair: tuple[Procedure, PaperToBring]) -> None:
    procedure, paper = pair
    said = listed(context, procedure, fitting(paper.when))
    assert "CẦN MANG THÊM" in said
    assert f"[ ] {paper.name.vi}. {paper.bring.vi}" in said
    if paper.optional:
        assert said.index("Có thì mang") < said.index(f"[ ] {paper.name.vi}.")


@pytest.mark.parametrize("pair", [pair for pair in PAPERS if pair[1].when], ids=named)
def test_a_paper_is_on_no_list_of_another_situation(context: Context, pair: tuple[Procedure, PaperToBring]) -> None:
    procedure, paper = pair
    same = {other.bring.vi for other in procedure.papers if other is not paper and other.name.vi == paper.name.vi}
    for known in breaking(paper.when):
        said = listed(context, procedure, known)
        assert f"[ ] {paper.name.vi}. {paper.bring.vi}" not in said or paper.bring.vi in same, known


@pytest.mark.parametrize("procedure", CATALOGUE, ids=lambda one: one.id)
def test_each_situation_has_its_list_on_a_narrow_roll(context: Context, procedure: Procedure) -> None:
    """Every word of it, in a picture that ends at the margins."""
    for one in procedure.situations or (None,):
        for option in one.options if one else (None,):
            known = {one.key: option.id} if one and option else {}
            facts = {"code": procedure.code, "version": procedure.version, "situations": json.dumps(known)}
            paper = papers.compose(context, "missing", "no form", facts)
            assert paper is not None
            said = words_of_pdf(pdf.render(paper, NARROW))
            wanted = [line[4:] for line in text.render(paper, columns=400).split("\n") if line.startswith("[ ]")]
            assert wanted or "Không phải mang thêm giấy nào" in said
            for line in wanted:
                assert " ".join(line.split()) in " ".join(said.split())
            (picture,) = raster.render(paper, NARROW)
            ink = picture.convert("L").point([255] + [0] * 255).getbbox()
            assert ink is not None
            assert (ink[0], ink[2]) == (NARROW.margin, NARROW.dots - NARROW.margin)
