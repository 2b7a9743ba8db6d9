"""Rules that no linter checks: sizes, leftovers, addresses in scripts, commands in the docs."""

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from kiosk.cli import parser
from kiosk.config import ROOT
from tests.imports import module_names

MOST_LINES = 500
PACKAGES = ("kiosk", "sync", "printers")
DIGITS_OF_NO_NUMBER = {
    "kiosk/security/password_strength.py: if password.isdigit() and len(password) < MIN_DIGITS:",
    'sync/gateway/targets/shapes.py: digits = " and digits" if any(letter.isdigit() for letter in text) else ""',
}
"""Lines that look for digits and read no number: these must see the digits of every script."""
LEFTOVER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|mark\.skip|mark\.xfail|pytest\.skip|NotImplementedError")


def _code(*folders: str, ends: tuple[str, ...] = (".py", ".js", ".html", ".css", ".toml")) -> list[Path]:
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in ends]
    return sorted(path for path in paths if "__pycache__" not in path.parts)


def test_no_module_is_over_500_lines() -> None:
    modules = _code(*PACKAGES, "static", ends=(".py", ".js"))
    assert len(modules) > 100
    sizes = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in modules}
    assert {name: size for name, size in sizes.items() if size > MOST_LINES} == {}


def test_half_of_the_modules_have_at_most_150_lines() -> None:
    sizes = sorted(len(path.read_text("utf-8").splitlines()) for path in _code(*PACKAGES, ends=(".py",)))
    assert sizes[len(sizes) // 2] <= 150


def test_no_name_of_a_package_hides_one_of_its_modules() -> None:
    modules = {name: import_module(name) for name in module_names()}
    hidden = []
    for name, module in modules.items():
        package, _dot, last = name.rpartition(".")
        if package in modules and getattr(modules[package], last) is not module:
            hidden.append(name)
    assert hidden == []


@pytest.mark.machine_date
def test_no_start_waits_for_libraries_that_are_used_later() -> None:
    script = "import sys, kiosk.cli.run; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    later = {"PIL", "asyncio", "h11", "http_message_signatures", "reportlab", "requests", "segno", "sqlalchemy"}
    later |= {"cryptography.x509", "kiosk.security.certificate_making"}
    assert later & set(done.stdout.split()) == set()


def test_nothing_is_left_to_be_done_later() -> None:
    leftovers = []
    for path in _code(*PACKAGES, "templates", "static", "tests", "bench"):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if LEFTOVER.search(line) and path != Path(__file__):
                leftovers.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert leftovers == []


def test_no_script_knows_an_address() -> None:
    addresses = []
    for path in _code("static", ends=(".js",)):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            code = re.sub(r"(^|\s)//.*", "", line)
            is_import = re.match(r'\s*(import|export)\b.*from\s+"\./', code)
            if re.search(r"""["'`]/[A-Za-z]""", code) and not is_import:
                addresses.append(f"{path.name}:{number}: {line.strip()}")
    assert addresses == []


def test_digits_are_ascii_before_a_number_is_read_from_them() -> None:
    """`str.isdigit` accepts a superscript 2 and Arabic digits: `int` refuses one and changes the other."""
    unchecked = []
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        for line in path.read_text("utf-8").splitlines():
            for name in re.findall(r"([\w.\[\]\"]+)\.isdigit\(\)", line):
                if f"{name}.isascii()" not in line.replace("not ", ""):
                    unchecked.append(f"{path.relative_to(ROOT)}: {line.strip()}")
    assert set(unchecked) - DIGITS_OF_NO_NUMBER == set()


def test_every_module_says_what_it_is_and_what_a_changer_must_know() -> None:
    modules = _code(*PACKAGES, ends=(".py",))
    without = [path for path in modules if not re.match(r'"""\S', path.read_text("utf-8"))]
    assert without == []


def _docs() -> str:
    return "\n".join(path.read_text("utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


def _commands() -> list[str]:
    actions = [action for action in parser()._actions if action.dest == "command"]
    return sorted(actions[0].choices)


@pytest.mark.parametrize("command", _commands())
def test_every_command_is_in_the_docs(command: str) -> None:
    assert f"`kiosk {command}`" in _docs(), f"no page of docs/ describes `kiosk {command}`"


def test_every_command_that_the_docs_name_is_there() -> None:
    named = set(re.findall(r"`(?:python -m )?kiosk ([a-z]+)", _docs()))
    assert len(named) >= 5
    assert named - set(_commands()) == set()
