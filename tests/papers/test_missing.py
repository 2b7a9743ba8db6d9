"""List "CẦN MANG THÊM" of every procedure: each paper is on it in its situation, and only there."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from kiosk import papers
from kiosk.context import Context
from kiosk.procedures.base import Condition, When
from kiosk.procedures.loader import read_catalogue
from kiosk.procedures.model import PaperToBring, Procedure
from printers.render import pdf, raster, text
from printers.settings import PrinterSettings
from tests.papers.forms import DAY, words_of_pdf

CATALOGUE = tuple(read_catalogue().all(DAY))
PAPERS = [(procedure, paper) for procedure in CATALOGUE for paper in procedure.papers]
NARROW = PrinterSettings(width_mm=58, dots=384)
ELSE = "something else"


def pair_id(pair: tuple[Procedure, PaperToBring]) -> str:
    return f"{pair[0].id}-{pair[1].id}"


def satisfying(when: When) -> dict[str, Any]:
    """Return answers for which all conditions hold; independent of `conditions.holds`."""
    known: dict[str, Any] = {}
    for condition in when:
        answers = satisfying(condition.any_[:1]) if condition.any_ else {condition.key: _answer(condition)}
        for key, value in answers.items():
            table = known
            *path, last = key.split(".")
            for name in path:
                table = table.setdefault(name, {})
            table[last] = value
    return known


def _answer(condition: Condition) -> Any:
    if condition.is_ is not None:
        return condition.is_
    if condition.in_:
        return condition.in_[0]
    if condition.has is not None:
        return [condition.has]
    if condition.age_under is not None:
        return (DAY - timedelta(days=30)).isoformat()
    if condition.age_at_least is not None:
        return f"{DAY.year - condition.age_at_least - 1}-01-01"
    return ELSE


def violating(when: When) -> Iterator[dict[str, Any]]:
    """Yield answers for which one condition does not hold and all others do, for each condition."""
    for number, condition in enumerate(when):
        known = satisfying(when)
        if not condition.any_ and "." not in condition.key:
            known[condition.key] = _wrong(condition)
            if satisfying((*when[:number], *when[number + 1 :])).keys() != known.keys():
                yield known


def _wrong(condition: Condition) -> Any:
    if condition.not_ is not None:
        return condition.not_
    if condition.not_in:
        return condition.not_in[0]
    if condition.age_under is not None:
        return "1950-01-01"
    return (DAY - timedelta(days=30)).isoformat() if condition.age_at_least is not None else ELSE


def list_text(context: Context, procedure: Procedure, known: dict[str, Any]) -> str:
    facts = {"code": procedure.code, "version": procedure.version, "situations": json.dumps(known)}
    paper = papers.compose(context, "missing", "no form", facts)
    assert paper is not None
    return text.render(paper, columns=400)


@pytest.mark.parametrize("pair", PAPERS, ids=pair_id)
def test_a_paper_is_on_the_list_in_its_situation(context: Context, pair: tuple[Procedure, PaperToBring]) -> None:
    procedure, paper = pair
    printed = list_text(context, procedure, satisfying(paper.when))
    assert "CẦN MANG THÊM" in printed
    assert f"[ ] {paper.name.vi}. {paper.bring.vi}" in printed
    if paper.optional:
        assert printed.index("Có thì mang") < printed.index(f"[ ] {paper.name.vi}.")


@pytest.mark.parametrize("pair", [pair for pair in PAPERS if pair[1].when], ids=pair_id)
def test_a_paper_is_on_no_list_of_another_situation(context: Context, pair: tuple[Procedure, PaperToBring]) -> None:
    procedure, paper = pair
    same = {other.bring.vi for other in procedure.papers if other is not paper and other.name.vi == paper.name.vi}
    for known in violating(paper.when):
        printed = list_text(context, procedure, known)
        assert f"[ ] {paper.name.vi}. {paper.bring.vi}" not in printed or paper.bring.vi in same, known


@pytest.mark.parametrize("procedure", CATALOGUE, ids=lambda procedure: procedure.id)
def test_each_situation_has_its_list_on_a_narrow_roll(context: Context, procedure: Procedure) -> None:
    """Every word is on it, and the picture ends at the margins."""
    for situation in procedure.situations or (None,):
        for option in situation.options if situation else (None,):
            known = {situation.key: option.id} if situation and option else {}
            facts = {"code": procedure.code, "version": procedure.version, "situations": json.dumps(known)}
            paper = papers.compose(context, "missing", "no form", facts)
            assert paper is not None
            printed = words_of_pdf(pdf.render(paper, NARROW))
            wanted = [line[4:] for line in text.render(paper, columns=400).split("\n") if line.startswith("[ ]")]
            assert wanted or "Không phải mang thêm giấy nào" in printed
            for line in wanted:
                assert " ".join(line.split()) in " ".join(printed.split())
            (picture,) = raster.render(paper, NARROW)
            ink = picture.convert("L").point([255] + [0] * 255).getbbox()
            assert ink is not None
            assert (ink[0], ink[2]) == (NARROW.margin, NARROW.dots - NARROW.margin)
