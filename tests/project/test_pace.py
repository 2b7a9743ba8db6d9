"""No test's verdict hangs on the pace of the machine."""

import ast
from pathlib import Path

from hypothesis import settings

TESTS = Path(__file__).parents[1]


def test_no_property_test_has_a_deadline() -> None:
    assert settings().deadline is None
    kept = []
    for path in TESTS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_settings = isinstance(node, ast.Call) and ast.unparse(node.func) in {"settings", "hypothesis.settings"}
            for keyword in node.keywords if isinstance(node, ast.Call) and is_settings else ():
                if keyword.arg == "deadline" and ast.unparse(keyword.value) != "None":
                    kept.append(f"{path.name}:{node.lineno}")
    assert kept == []
