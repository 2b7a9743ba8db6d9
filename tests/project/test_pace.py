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
            if not isinstance(node, ast.Call) or ast.unparse(node.func) not in {"settings", "hypothesis.settings"}:
                continue
            for keyword in node.keywords:
                if keyword.arg == "deadline" and ast.unparse(keyword.value) != "None":
                    kept.append(f"{path.name}:{node.lineno}")
    assert kept == []
