"""Every template is rendered by a page or included by another template; every kind of question has a template."""

import ast
import re
from functools import cache
from pathlib import Path

from kiosk.config import ROOT
from kiosk.procedures import kinds
from tests.project.sources import parse_modules

TEMPLATES = ROOT / "templates"
QUESTIONS = "parts/questions/"
SHOWN_AS = {"listed": "ethnicity"}
NOT_ASKED = {"group", "group_list"}
"""Kinds whose parts or rows are asked one by one."""


def _names() -> set[str]:
    return {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".css"}}


@cache
def _names_in_code() -> set[str]:
    """Return the strings of the kiosk that can be names of templates."""
    names: set[str] = set()
    for module in parse_modules((ROOT / "kiosk").rglob("*.py"), [".html", ".css"]).values():
        for node in ast.walk(module):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                names.add(node.value)
    return names


def _named_in_templates() -> set[str]:
    text = "\n".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    return set(re.findall(r'(?:include|extends|import|from) "([^"]+)"', text))


def _parts() -> set[str]:
    parts = {kinds.by_name(name).template for name in kinds.NAMES if name not in NOT_ASKED}
    return {SHOWN_AS.get(part, part) for part in parts}


def test_every_template_is_shown() -> None:
    shown = _names_in_code() | _named_in_templates() | {f"{QUESTIONS}{part}.html" for part in _parts()}
    assert _names() - shown == set()


def test_every_template_that_is_named_is_there() -> None:
    rendered = {name for name in _names_in_code() if re.fullmatch(r"[a-z_]+(/[a-z_]+)*\.html", name)}
    assert len(rendered) > 10
    included = {name for name in _named_in_templates() if not name.endswith("/")}
    assert (rendered | included) - _names() == set()


def test_every_kind_of_question_has_a_part() -> None:
    templates = {Path(name).stem for name in _names() if name.startswith(QUESTIONS)}
    assert _parts() - templates == set()


def test_a_page_and_its_template_have_one_name() -> None:
    modules = {path.stem for path in (ROOT / "kiosk" / "pages" / "citizen").glob("*.py")}
    owned = {"choose_rows": "choose", "pick_rows": "pick", "need": "choose", "step": "form", "missing": "check",
             "status": "done", "covered": "cover", "covered_call": "cover", "cover_digits": "cover",
             "kept": "keep", "keep_digits": "keep", "kept_open": "scan",
             "priority": "ticket", "easier": "start", "leave": "start",
             "turn_lost": "together", "thanks": "opinion",
             "papers": "paper_camera", "camera": "paper_camera", "paper_page": "paper_camera",
             "feeder": "paper_feeder"}  # fmt: skip
    templates = {Path(name).stem for name in _names() if name.startswith("citizen/")}
    assert {owned.get(name, name) for name in templates} - modules == set()


def _pages() -> dict[str, str]:
    """Return the templates of the kiosk and of the gateway by their names."""
    folders = (TEMPLATES, ROOT / "sync" / "gateway" / "templates")
    paths = [path for folder in folders for path in sorted(folder.rglob("*.html"))]
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in paths}


def test_no_form_may_be_written_into_the_session_file_of_a_browser() -> None:
    forms = [(name, tag) for name, text in _pages().items() for tag in re.findall(r"<form\b[^>]*", text)]
    assert len(forms) > 80
    assert [(name, tag) for name, tag in forms if "{{ private() }}" not in tag] == []
    macros = [text for name, text in _pages().items() if name.endswith("/forms.html")]
    assert [text.count('private() -%}autocomplete="off"{%- endmacro') for text in macros] == [1, 1]


def test_only_login_names_and_passwords_may_be_remembered_by_a_browser() -> None:
    tags = [tag for text in _pages().values() for tag in re.findall(r"<(?:input|textarea|select)\b[^>]*", text)]
    remembered = [tag for tag in tags if "autocomplete=" in tag and 'autocomplete="off"' not in tag]
    assert len(remembered) > 3
    assert [tag for tag in remembered if 'type="password"' not in tag and 'autocomplete="username"' not in tag] == []


def test_a_sent_form_is_dropped_from_the_history_on_every_page_with_forms() -> None:
    bases = {name for name, text in _pages().items() if "<html" in text and "{{ drop_sent_form() }}" in text}
    folder = "templates/"
    assert bases == {
        f"{folder}{name}.html" for name in ("base", "signin", "officer/base", "technician/base", "enrolment/base")
    }


def test_no_page_may_be_sent_to_a_translator() -> None:
    tags = {name: re.findall(r"<html\b[^>]*>", text) for name, text in _pages().items()}
    assert [name for name, found in tags.items() for tag in found if 'translate="no"' not in tag] == []
    assert sum(map(len, tags.values())) == 15
