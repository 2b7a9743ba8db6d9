"""Every template is rendered by a page or included by another template; every kind of question has a template."""

import ast
import re
from pathlib import Path

from kiosk.config import ROOT
from kiosk.procedures import kinds

TEMPLATES = ROOT / "templates"
QUESTIONS = "parts/questions/"
SHOWN_AS = {"listed": "ethnicity"}
NOT_ASKED = {"group", "group_list"}
"""Kinds whose parts or rows are asked one by one."""


def _names() -> set[str]:
    return {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file()}


def _strings_in_code() -> set[str]:
    strings: set[str] = set()
    for path in (ROOT / "kiosk").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                strings.add(node.value)
    return strings


def _named_in_templates() -> set[str]:
    text = "\n".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    return set(re.findall(r'(?:include|extends|import|from) "([^"]+)"', text))


def _parts() -> set[str]:
    parts = {kinds.by_name(name).template for name in kinds.NAMES if name not in NOT_ASKED}
    return {SHOWN_AS.get(part, part) for part in parts}


def test_every_template_is_shown() -> None:
    shown = _strings_in_code() | _named_in_templates() | {f"{QUESTIONS}{part}.html" for part in _parts()}
    assert _names() - shown == set()


def test_every_template_that_is_named_is_there() -> None:
    rendered = {name for name in _strings_in_code() if re.fullmatch(r"[a-z_]+(/[a-z_]+)*\.html", name)}
    assert len(rendered) > 10
    included = {name for name in _named_in_templates() if not name.endswith("/")}
    assert (rendered | included) - _names() == set()


def test_every_kind_of_question_has_a_part() -> None:
    templates = {Path(name).stem for name in _names() if name.startswith(QUESTIONS)}
    assert _parts() - templates == set()


def test_a_page_and_its_template_have_one_name() -> None:
    modules = {path.stem for path in (ROOT / "kiosk" / "pages" / "citizen").glob("*.py")}
    owned = {"choose_rows": "choose", "pick_rows": "pick", "need": "choose", "step": "form", "missing": "check",
             "status": "done", "priority": "ticket", "easier": "start", "leave": "start"}  # fmt: skip
    templates = {Path(name).stem for name in _names() if name.startswith("citizen/")}
    assert {owned.get(name, name) for name in templates} - modules == set()
