"""What contributors are told to run and read exists, and the templates of a forge are forms that it takes."""

import re
from pathlib import Path

import pytest
import yaml

from kiosk.base import i18n
from kiosk.config import ROOT

TOLD = ["CONTRIBUTING.md", "README.md", "docs/releases.md", "changes/README.md", ".github/pull_request_template.md"]
PATHS = re.compile(r"`((?:tests|kiosk|docs|deploy|bench|changes|\.github)/[\w./-]*)`")
FORMS = sorted(path.name for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
KINDS = {"markdown", "input", "textarea", "dropdown", "checkboxes"}


def goals() -> set[str]:
    """Return the goals of the Makefile."""
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("name", TOLD)
def test_each_command_and_file_that_is_named_exists(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    commands = set(re.findall(r"\bmake ([a-z-]+)", " ".join(re.findall(r"`[^`]+`|^ {4}.+$", text, re.MULTILINE))))
    assert commands <= goals()
    assert [path for path in PATHS.findall(text) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", FORMS)
def test_a_form_for_issues_asks_each_thing_once(name: str) -> None:
    path = ROOT / ".github" / "ISSUE_TEMPLATE" / name
    form = yaml.safe_load(path.read_text("utf-8"))
    assert {"name", "description", "body"} <= set(form)
    asked = [item["id"] for item in form["body"] if item["type"] != "markdown"]
    assert len(asked) == len(set(asked)) > 1
    assert {item["type"] for item in form["body"]} <= KINDS
    assert all(item["attributes"].get("label") or item["type"] == "markdown" for item in form["body"])


def test_the_example_of_a_language_is_one(tmp_path: Path) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    example = re.search(r"^ {7}name = .+?(?=^2\.)", text, re.MULTILINE | re.DOTALL)
    assert example
    file = tmp_path / "language.toml"
    file.write_text(re.sub(r"^ {7}", "", example[0], flags=re.MULTILINE), "utf-8")
    language = i18n.read_language("qqq", file)
    known = i18n.ENGLISH.read_text("utf-8")
    assert len(language.texts) > 1
    assert all(f'msgid "{vietnamese}"' in known for vietnamese in language.texts)
