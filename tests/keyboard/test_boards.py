"""Tests of the boards in a page: those that its fields open, and no others."""

import re
from collections.abc import Callable
from pathlib import Path

import jinja2
import pytest

ROOT = Path(__file__).parents[2]
KINDS = (ROOT / "static" / "keyboard" / "kinds.js").read_text("utf-8")
ON_PAD = re.findall(r"^  (\w+): \{ (?:\.\.\.digits|layout: \"pad\")|^  (\w+): digits|^  (digits),", KINDS, re.MULTILINE)


@pytest.fixture
def page() -> Callable[..., str]:
    """Return a function that renders base.html with these fields; parts beside the keyboard are left out."""
    blank = dict.fromkeys(("parts/foot.html", "parts/idle.html"), "")
    blank["parts/kit.html"] = "{% macro see_more() %}{% endmacro %}"
    files = jinja2.FileSystemLoader(ROOT / "templates")
    jinja = jinja2.Environment(loader=jinja2.ChoiceLoader([jinja2.DictLoader(blank), files]), autoescape=True)
    jinja.globals["request"] = {"method": "GET"}  # as Flask gives it to imported macros
    context = {
        "ward": {"name": ""},
        "screen_millimetre": lambda: 5.6,
        "url_for": lambda *_a, **_k: "",
        "_": lambda text, **_k: text,
    }

    def render(*kinds: str, opened: str = "") -> str:
        fields = "".join(f'<input data-keyboard="{kind}">' for kind in kinds)
        own = '{% extends "base.html" %}{% block keyboard_layout %}' + opened + "{% endblock %}"
        return jinja.from_string(own + "{% block main %}" + fields + "{% endblock %}").render(context)

    return render


def boards(page: str) -> set[str]:
    return {board for board in ("k-letters", "k-symbols", "k-pad") if f'class="{board}"' in page}


def test_a_page_without_a_field_has_no_keyboard(page: Callable[..., str]) -> None:
    assert "keyboard" not in page()


@pytest.mark.parametrize("kind", sorted("".join(groups) for groups in ON_PAD))
def test_whatever_opens_the_pad_brings_the_pad_and_no_letters(page: Callable[..., str], kind: str) -> None:
    assert boards(page(kind)) == {"k-pad"}


@pytest.mark.parametrize("kind", ["name", "text", "figures", "email", "code"])
def test_letters_come_with_their_signs_and_without_the_pad(page: Callable[..., str], kind: str) -> None:
    assert boards(page(kind)) == {"k-letters", "k-symbols"}


def test_a_page_of_both_has_both(page: Callable[..., str]) -> None:
    assert boards(page("name", "date")) == {"k-letters", "k-symbols", "k-pad"}


def test_a_board_is_there_at_once_only_where_a_page_opens_with_it(page: Callable[..., str]) -> None:
    root = r'<div\s+class="keyboard"[^>]*data-layout="(\w+)"[^>]*?( hidden)?\s*>'
    assert re.findall(root, page("date", opened="pad")) == [("pad", "")]
    assert re.findall(root, page("date")) == [("letters", " hidden")]


def test_every_kind_of_the_pad_was_found() -> None:
    assert {"".join(groups) for groups in ON_PAD} == {"digits", "date", "id", "number", "phone"}
