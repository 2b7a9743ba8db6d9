"""List of what the ward's procedures need, for the gateway's pages that anybody reads at home.

The results of all combinations of answers are computed here, by the words of the touchscreen's page, so that the
gateway needs no rules. Nothing in it is about a person: the names of who compared a procedure stay at the kiosk.
"""

import re
from collections.abc import Hashable, Iterable, Mapping
from itertools import product
from math import prod
from typing import Generic, TypeVar

from kiosk.context import Context
from kiosk.dossiers import need_rows, status_page
from kiosk.dossiers.need_rows import FactRow, PaperRow, asked_situations
from kiosk.dossiers.procedure_order import sort_as_listed
from kiosk.portal.kiosk_report import content_version
from kiosk.procedures.model import PaperToBring, Procedure, Situation
from sync.portals.need_list import (
    FactKind,
    NeedCase,
    NeedFact,
    NeedList,
    NeedOption,
    NeedPaper,
    NeedProcedure,
    NeedQuestion,
    NeedResult,
    PaperUse,
)

MAX_CASES = 500
"""Combinations of answers of one procedure; one with more is left out."""
_LANG = "vi"
_MAX_TEXT = 1200
_MAX_NAME = 240
"""Letters of a text and of a name in the contract."""
_BREAKS = re.compile(r"[\x00-\x20\x7f]{2,}|[\x00-\x1f\x7f]")
"""What becomes one space: several spaces and control characters, or one control character."""
_USES: Mapping[str, PaperUse] = {"nop": "hand-in", "xuat_trinh": "show", "ghi_to_khai": "sign"}
_KINDS: Mapping[str, FactKind] = {"clock": "time", "money": "fee", "doc": "each", "info": "note"}

ItemT = TypeVar("ItemT", bound=Hashable)


def find_need_list(context: Context) -> NeedList | None:
    """Return the list of today; None where the ward's slips have no address of a status page, its sister."""
    if not status_page.is_offered(context.config):
        return None
    procedures = sort_as_listed(context.catalogue, context.catalogue.all(context.clock.today()))
    return NeedList(
        unit=context.config.ward.unit_code,
        content=content_version(context),
        procedures=tuple(_procedure(context, procedure) for procedure in procedures if _is_listed(procedure)),
    )


def _is_listed(procedure: Procedure) -> bool:
    return prod(len(situation.options) for situation in asked_situations(procedure)) <= MAX_CASES


class _Numbered(Generic[ItemT]):
    """Different items in the order in which they came first, each with its place."""

    def __init__(self) -> None:
        self._places: dict[ItemT, int] = {}

    def places_of(self, items: Iterable[ItemT]) -> tuple[int, ...]:
        """Return the places of items, and add those that are new."""
        return tuple(self._places.setdefault(item, len(self._places)) for item in items)

    @property
    def items(self) -> tuple[ItemT, ...]:
        """Return the items by their places."""
        return tuple(self._places)


def _procedure(context: Context, procedure: Procedure) -> NeedProcedure:
    situations = asked_situations(procedure)
    papers = _Numbered[NeedPaper]()
    facts = _Numbered[NeedFact]()
    results = _Numbered[NeedResult]()
    cases = []
    for answers in product(*([option.id for option in situation.options] for situation in situations)):
        known = dict(zip((situation.key for situation in situations), answers, strict=True))
        way = need_rows.other_way(context, procedure, known)
        other = way.procedure if way else None
        result = NeedResult(
            papers=() if way else papers.places_of(_papers(context, procedure, known)),
            facts=() if way else facts.places_of(map(_fact, need_rows.fact_rows(context, procedure, known, _LANG))),
            notes=() if way else tuple(map(_text, need_rows.notes(context, procedure, known, _LANG))),
            elsewhere=_text(way.say.of(_LANG)) if way else "",
            other=other.code if other else "",
        )
        cases.append(NeedCase(answers=answers, result=results.places_of([result])[0]))
    return NeedProcedure(
        code=procedure.code,
        name=_name(procedure.short.of(_LANG)),
        line=_text(procedure.line.of(_LANG)),
        group=_group(context, procedure),
        opening=_text(procedure.opening.of(_LANG)) if procedure.opening else "",
        first=tuple(_fact(row) for row in need_rows.first_rows(context, procedure, _LANG)),
        questions=tuple(_question(situation) for situation in situations),
        papers=papers.items,
        facts=facts.items,
        results=results.items,
        cases=tuple(cases),
        law=_text(need_rows.law_words(context, procedure)),
        compared=_text(need_rows.compared_words(context, procedure, _LANG, names_people=False)),
    )


def _group(context: Context, procedure: Procedure) -> str:
    event = next(event for event in context.catalogue.events if event.id == procedure.event)
    return _name(event.name.of(_LANG))


def _question(situation: Situation) -> NeedQuestion:
    options = [
        NeedOption(
            id=option.id,
            label=_name(option.label.of(_LANG)),
            hint=_text(option.hint.of(_LANG)) if option.hint else "",
        )
        for option in situation.options
    ]
    ask = _text(situation.ask.of(_LANG)) if situation.ask else ""
    return NeedQuestion(key=situation.key, ask=ask, options=tuple(options))


def _papers(context: Context, procedure: Procedure, known: Mapping[str, str]) -> list[NeedPaper]:
    """Return the papers of a situation as the touchscreen's page has them before a card is scanned."""
    by_id = {paper.id: paper for paper in procedure.papers}
    return [_paper(row, by_id[row.id]) for row in need_rows.paper_rows(context, procedure, known, {}, _LANG)]


def _paper(row: PaperRow, paper: PaperToBring) -> NeedPaper:
    """Return a paper; a full name that is not shown comes before the sentence of how to bring it."""
    full = paper.name.of(_LANG)
    bring = paper.bring.of(_LANG)
    return NeedPaper(
        use=_USES[paper.kind],
        name=_name(row.name),
        note=_text(bring if row.name == full else f"{full}. {bring}"),
        spared=tuple(_name(reason) for reason in row.spared),
        optional=row.optional,
    )


def _fact(row: FactRow) -> NeedFact:
    return NeedFact(kind=_KINDS[row.icon], lead=_text(row.lead), text=_text(row.text))


def _name(text: str) -> str:
    return _text(text)[:_MAX_NAME]


def _text(text: str) -> str:
    """Return words of a file in one line and without signs of markup, which the contract does not allow."""
    return _BREAKS.sub(" ", text.replace("<", "‹").replace(">", "›")).strip()[:_MAX_TEXT]
