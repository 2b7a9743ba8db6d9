"""SQL is written where its tables are owned: in the kiosk's records and store, in the spool, in sync."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATEMENT = re.compile(
    r"\b(select\s.+\sfrom|insert\s+(or\s+\w+\s+)?into|delete\s+from|update\s+\w+\s+set)\s", re.DOTALL
)
VERB = re.compile(r"\b(select|insert|delete|update)\b")
"""A module without one of these words has no statement, and is not parsed."""
OWNERS = ("records", "store")
"""Packages of the kiosk that own tables."""
ALLOWED = {
    "health/diagnostics.py": "counts rows by state, in every table that has one",
    "pages/out_of_service.py": "asks whether the store can be read at all",
    "updates/store_copy.py": "reads the file of another release, whose schema may be older",
}


def _statements(path: Path) -> Iterator[str]:
    source = path.read_text("utf-8")
    if not VERB.search(source):
        return
    tree = ast.parse(source)
    docstrings = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in docstrings]
    for constant in constants:
        if isinstance(constant.value, str) and STATEMENT.search(f"{constant.value} "):
            yield constant.value


def test_no_module_but_a_record_has_sql() -> None:
    kiosk = ROOT / "kiosk"
    modules = {path.relative_to(kiosk).as_posix(): path for path in kiosk.rglob("*.py")}
    having = {name for name, path in modules.items() if any(_statements(path))}
    assert len([name for name in having if name.partition("/")[0] in OWNERS]) > 30
    assert {name for name in having if name.partition("/")[0] not in OWNERS} == set(ALLOWED)
