"""Style of the code that no linter checks: class names, tuple packing, positional dataclass arguments.

Each rule is a function from parsed modules to the places that break it. The examples at the end prove that each
function finds what it must find and accepts the plain form.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import pytest

from kiosk.config import ROOT
from tests.project.sources import parse_modules

PACKAGES = ("kiosk", "sync", "printers")
MAX_POSITIONAL = 3
PACKED_ALLOWED = 0
"""Tuple-packed assignments that may stay in the three packages."""

Modules = Mapping[str, ast.Module]


def parse_package(package: str, words: Iterable[str] = ("",)) -> dict[str, ast.Module]:
    """Parse every module of a package that has one of some words, by its path below the repository."""
    modules = parse_modules((ROOT / package).rglob("*.py"), words)
    return {str(path.relative_to(ROOT)): module for path, module in modules.items()}


@pytest.fixture(scope="module")
def packages() -> dict[str, dict[str, ast.Module]]:
    """Return the parsed modules of each package."""
    return {package: parse_package(package) for package in PACKAGES}


def repeated_class_names(modules: Modules) -> dict[str, int]:
    """Count the class names that a package defines more than once, nested classes too."""
    names = Counter(node.name for tree in modules.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    return {name: count for name, count in names.items() if count > 1}


def packed_assignments(modules: Modules) -> list[str]:
    """List the assignments of a tuple display to several names, such as `a, b = 1, 2`; a swap is no packing."""
    return [
        f"{path}:{node.lineno}"
        for path, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple) and _is_packed(node.targets, node.value)
    ]


def _is_packed(targets: list[ast.expr], value: ast.Tuple) -> bool:
    sources = {ast.unparse(element) for element in value.elts}
    return any(
        isinstance(target, ast.Tuple | ast.List) and {ast.unparse(element) for element in target.elts} != sources
        for target in targets
    )


def record_names(modules: Modules) -> set[str]:
    """Collect the names of all dataclasses and named tuples."""
    classes = [node for tree in modules.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return {node.name for node in classes if _is_record(node)}


def _is_record(node: ast.ClassDef) -> bool:
    decorators = [entry.func if isinstance(entry, ast.Call) else entry for entry in node.decorator_list]
    parts = {_last_name(entry) for entry in (*decorators, *node.bases)}
    return bool(parts & {"dataclass", "NamedTuple"})


def _last_name(expression: ast.expr) -> str:
    """Return `C` of both `C` and `module.C`, and an empty name for anything else."""
    if isinstance(expression, ast.Attribute):
        return expression.attr
    return expression.id if isinstance(expression, ast.Name) else ""


def positional_builds(modules: Modules, records: set[str], most: int = MAX_POSITIONAL) -> list[str]:
    """List the calls that build a record with a splat or with more than `most` positional arguments."""
    return [
        f"{path}:{call.lineno}: {_last_name(call.func)}"
        for path, tree in modules.items()
        for call in _calls(tree, records)
        if len(call.args) > most or any(isinstance(argument, ast.Starred) for argument in call.args)
    ]


def _calls(tree: ast.Module, records: set[str]) -> Iterator[ast.Call]:
    """Yield the calls of our records by their name, and of `cls` inside a record."""
    names = _own_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _last_name(node.func) in records and _first_name(node.func) in names:
            yield node
        elif isinstance(node, ast.ClassDef) and node.name in records:
            yield from (
                inner for inner in ast.walk(node) if isinstance(inner, ast.Call) and _last_name(inner.func) == "cls"
            )


def _own_names(tree: ast.Module) -> set[str]:
    """Collect the names that a module defines as classes or imports from our packages."""
    names = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in PACKAGES:
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            roots = {alias.name.split(".")[0] for alias in node.names}
            names |= roots & set(PACKAGES)
    return names


def _first_name(expression: ast.expr) -> str:
    """Return `a` of `a.b.C`, and an empty name for anything but names and attributes."""
    while isinstance(expression, ast.Attribute):
        expression = expression.value
    return expression.id if isinstance(expression, ast.Name) else ""


@pytest.mark.parametrize("package", PACKAGES)
def test_no_class_name_occurs_twice_in_a_package(packages: dict[str, Modules], package: str) -> None:
    assert repeated_class_names(packages[package]) == {}


def test_values_are_assigned_one_a_line(packages: dict[str, Modules]) -> None:
    found = [place for modules in packages.values() for place in packed_assignments(modules)]
    assert len(found) <= PACKED_ALLOWED, found


def test_dataclasses_are_built_with_keywords(packages: dict[str, Modules]) -> None:
    records = {name for modules in packages.values() for name in record_names(modules)}
    assert len(records) > 100
    assert [place for modules in packages.values() for place in positional_builds(modules, records)] == []


def test_sections_of_settings_are_built_with_keywords_everywhere() -> None:
    """A new setting moves those behind it: `bench queued` wrote the portal's address into the setting before it."""
    sections = {name for name in record_names(parse_package("kiosk/config")) if name.endswith("Settings")}
    assert "PortalSettings" in sections
    modules = [parse_package(package, sections) for package in (*PACKAGES, "bench", "tests")]
    assert [place for each in modules for place in positional_builds(each, sections, most=0)] == []


# --- the rules find what breaks them


def _module(source: str) -> dict[str, ast.Module]:
    return {"example.py": ast.parse(source)}


@pytest.mark.parametrize(
    ("first", "second", "repeated"),
    [
        ("class Row: ...", "class Row: ...", {"Row": 2}),
        ("class Row: ...", "class OutboxRow:\n    class Row: ...", {"Row": 2}),
        ("class OutboxRow: ...", "class TicketRow: ...", {}),
    ],
)
def test_a_repeated_class_name_is_found(first: str, second: str, repeated: dict[str, int]) -> None:
    assert repeated_class_names({"first.py": ast.parse(first), "second.py": ast.parse(second)}) == repeated


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("ticket, answer = find(), ask()", 1),
        ("self.low, self.high = 0, 1", 1),
        ("[low, high] = 0, 1", 1),
        ("low, high = high, low", 0),
        ("low, high = bounds", 0),
        ("low, high = bounds()", 0),
        ("pair = low, high", 0),
        ("for low, high in pairs: ...", 0),
    ],
)
def test_a_packed_assignment_is_found(line: str, count: int) -> None:
    assert len(packed_assignments(_module(line))) == count


@pytest.mark.parametrize(
    "head",
    [
        "@dataclass\nclass Fee: ...",
        "@dataclass(frozen=True)\nclass Fee: ...",
        "@dataclasses.dataclass\nclass Fee: ...",
        "class Fee(NamedTuple): ...",
        "class Fee(typing.NamedTuple): ...",
    ],
)
def test_a_record_is_known_by_its_decorator_or_base(head: str) -> None:
    assert record_names(_module(head)) == {"Fee"}
    assert record_names(_module("class Fee: ...")) == set()


@pytest.mark.parametrize(
    ("call", "count"),
    [
        ("Fee(1, 2, 3, 4)", 1),
        ("fees.Fee(1, 2, 3, 4)", 1),
        ("kiosk.records.fees.Fee(1, 2, 3, 4)", 1),
        ("Fee(*values)", 1),
        ("Fee(1, 2, 3, at=4)", 0),
        ("Fee(name=1, amount=2, state=3, at=4)", 0),
        ("Fee(**values)", 0),
        ("Other(1, 2, 3, 4)", 0),
        ("elsewhere.Fee(1, 2, 3, 4)", 0),
        ("cls(1, 2, 3, 4)", 0),
        ("class Fee:\n    @classmethod\n    def free(cls): return cls(1, 2, 3, 4)", 1),
    ],
)
def test_a_record_built_by_position_is_found(call: str, count: int) -> None:
    imports = "import kiosk.records.fees\nfrom kiosk.records import fees\nfrom kiosk.records.fees import Fee\n"
    assert len(positional_builds(_module(imports + call), {"Fee"})) == count


def test_a_class_of_that_name_from_another_project_is_no_record_of_ours() -> None:
    source = "from sqlalchemy import Table\nTable(1, 2, 3, 4)"
    assert positional_builds(_module(source), {"Table"}) == []
