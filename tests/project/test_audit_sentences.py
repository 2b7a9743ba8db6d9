"""Every act that the kiosk writes into the audit trail has a Vietnamese sentence for the auditor."""

import ast
from collections.abc import Iterator
from typing import get_args

from kiosk.acts.charging import AUDIT_WORDS
from kiosk.config import ROOT
from kiosk.pages.officer.lead.trail_sentences import SENTENCES
from kiosk.records import decisions
from kiosk.records.audit import AuditLine
from kiosk.records.tickets import TicketState
from tests.project.sources import parse_modules

WRITERS = {"AuditLine", "_note", "_audit", "_line", "append_line"}
"""Functions that write a line, or pass an act on to one that does."""
BY_VARIABLE = {
    *AUDIT_WORDS.values(),
    *decisions.MAY_FOLLOW,
    "served",
    "absent",
    "closed",
    "held",
    "done",
    "transferred",
    "reopened",
}
"""Acts whose word is a state or a kind, and stands in no call of a writer."""
OTHER_STATES = {"waiting", "called", "serving"}


def _written(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        values: list[ast.expr] = []
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "act":
            values = [node.value]
        elif isinstance(node, ast.Call) and _name(node.func) in WRITERS:
            words = [keyword.value for keyword in node.keywords if keyword.arg == "act"]
            values = words or [argument for argument in node.args if isinstance(argument, ast.Constant)][:1]
        for value in values:
            leaves = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
            yield from (str(leaf.value) for leaf in leaves if isinstance(leaf, ast.Constant))


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _acts() -> set[str]:
    found: set[str] = set()
    words = ["act = ", *(f"{name}(" for name in WRITERS)]
    for path, module in parse_modules((ROOT / "kiosk").rglob("*.py"), words).items():
        if not {"cli", "pages"} & set(path.parts):
            found |= set(_written(module))
    return found | BY_VARIABLE


def test_every_act_of_the_trail_has_a_sentence_and_every_sentence_an_act() -> None:
    acts = _acts()
    assert len(acts) > 60
    assert acts - set(SENTENCES) == set(), "add a sentence to kiosk/pages/officer/lead/trail_sentences.py"
    assert set(SENTENCES) - acts == set(), "a sentence of kiosk/pages/officer/lead/trail_sentences.py has no act"


def test_states_of_tickets_that_are_no_act_are_known() -> None:
    assert set(get_args(TicketState)) - BY_VARIABLE == OTHER_STATES


def test_an_act_that_is_passed_on_is_found() -> None:
    source = "_note(db, context, act='a' if x else 'b')\n_note(db, context, 'c')\naudit.AuditLine(act='d', actor='x')"
    assert set(_written(ast.parse(source))) == {"a", "b", "c", "d"}
    assert AuditLine(act="d", actor="x", subject="y").act == "d"
