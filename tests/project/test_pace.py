"""No test's verdict hangs on the pace of the machine."""

import ast
from pathlib import Path

from hypothesis import settings

from tests.project.sources import parse_modules

TESTS = Path(__file__).parents[1]


def test_no_property_test_has_a_deadline() -> None:
    assert settings().deadline is None
    kept = []
    for path, module in parse_modules(TESTS.rglob("*.py"), ["deadline"]).items():
        for node in ast.walk(module):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) not in {"settings", "hypothesis.settings"}:
                continue
            for keyword in node.keywords:
                if keyword.arg == "deadline" and ast.unparse(keyword.value) != "None":
                    kept.append(f"{path.name}:{node.lineno}")
    assert kept == []
