"""Routes of papers: which printers print a kind of paper, in which order, and which print those of one touchscreen.

A printer of a touchscreen stands beside it: it prints the papers of the people there, and no others. A paper that was
asked for at the desk, or at a touchscreen without a printer of its own, goes to the printers of all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from printers.devices.base import Printer

PrintersByKind = Mapping[str, Sequence[Printer]]
"""The printers of a kind of paper, in order; under `kind_at` those of a touchscreen."""
SCREEN = "screen"
"""Fact of a job: the touchscreen whose person waits for the paper; a job without it goes to the printers of all."""
_AT = "\n"


@dataclass(frozen=True)
class Route:
    """A printer's place among the printers of a kind of paper: the turn of a job that it is offered, and how many.

    It is offered the jobs of `screen` alone; those of all but `others`, which have printers of their own, where empty.
    """

    turn: int
    count: int
    screen: str = ""
    others: tuple[str, ...] = ()


Routes = Mapping[str, Route]
"""The routes of one printer by kind of paper, and by `kind_at`."""


def kind_at(kind: str, screen: str) -> str:
    """Return the key of the printers of a kind of paper at a touchscreen; the kind alone for those of all."""
    return f"{kind}{_AT}{screen}" if screen else kind


def screen_facts(screen: str) -> dict[str, str]:
    """Return the facts of a job whose person waits at a touchscreen; none for the desk's."""
    return {SCREEN: screen} if screen else {}


def kinds_of(printers_by_kind: PrintersByKind) -> tuple[str, ...]:
    """Return the kinds of paper that have a printer."""
    return tuple(dict.fromkeys(key.partition(_AT)[0] for key in printers_by_kind))


def routes_of(printer: Printer, printers_by_kind: PrintersByKind) -> dict[str, Route]:
    """Return the routes of a printer; printers of a kind are in order of preference."""
    routes = {}
    for key, printers in printers_by_kind.items():
        if printer not in printers:
            continue
        kind, _at, screen = key.partition(_AT)
        places = [each.partition(_AT) for each in printers_by_kind]
        others = () if screen else tuple(place for each, _, place in places if each == kind and place)
        routes[key] = Route(turn=printers.index(printer), count=len(printers), screen=screen, others=others)
    return routes


def route_of(routes: Routes, kind: str, facts: Mapping[str, Any]) -> Route:
    """Return the route by which a job came to the printer of these routes."""
    at_screen = routes.get(kind_at(kind, str(facts.get(SCREEN, ""))))
    return at_screen or routes[kind]


def offers_of(routes: Routes) -> list[list[Any]]:
    """Return the routes as lists for a query: kind, turn, count, screen, other screens."""
    return [
        [key.partition(_AT)[0], route.turn, route.count, route.screen, list(route.others)]
        for key, route in routes.items()
    ]
