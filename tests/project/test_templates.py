"""Every template is shown by a page or is part of one that is, and every part of a question has its kind."""

import ast
import re
from pathlib import Path

from kiosk.config import ROOT
from kiosk.procedures import kinds

TEMPLATES = ROOT / "templates"
BY_PART = "parts/questions/"
AS_IF = {"listed": "ethnicity"}
NOT_ASKED = {"group", "group_list"}
"""Kinds that are asked part by part, or row by row."""


def _names() -> set[str]:
    return {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file()}


def _said_by_code() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "kiosk").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def _said_by_templates() -> set[str]:
    text = "\n".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    return set(re.findall(r'(?:include|extends|import|from) "([^"]+)"', text))


def _parts() -> set[str]:
    parts = {kinds.by_name(name).template for name in kinds.NAMES if name not in NOT_ASKED}
    return {AS_IF.get(part, part) for part in parts}


def test_every_template_is_shown() -> None:
    shown = _said_by_code() | _said_by_templates() | {f"{BY_PART}{part}.html" for part in _parts()}
    assert _names() - shown == set()


def test_every_template_that_is_named_is_there() -> None:
    named = {one for one in _said_by_code() if re.fullmatch(r"[a-z_]+(/[a-z_]+)*\.html", one)}
    assert len(named) > 10
    said = {one for one in _said_by_templates() if not one.endswith("/")}
    assert (named | said) - _names() == set()


def test_every_kind_of_question_has_a_part() -> None:
    there = {Path(name).stem for name in _names() if name.startswith(BY_PART)}
    assert _parts() - there == set()


def test_a_page_and_its_template_have_one_name() -> None:
    modules = {path.stem for path in (ROOT / "kiosk" / "pages" / "citizen").glob("*.py")}
    owned = {"choose_rows": "choose", "pick_rows": "pick", "need": "choose", "step": "form", "missing": "check",
             "status": "done", "priority": "ticket", "easier": "start", "leave": "start"}  # fmt: skip
    there = {Path(name).stem for name in _names() if name.startswith("citizen/")}
    assert {owned.get(name, name) for name in there} - modules == set()
