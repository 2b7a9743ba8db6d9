"""Only acts write: each opens exactly one write transaction, or is in a list with the reason why it opens none."""

import ast
from functools import cache
from pathlib import Path

from kiosk.config import ROOT
from kiosk.security import passwords
from tests.project.sources import parse_modules

ACTS = ROOT / "kiosk" / "acts"
NO_WRITE = {
    "applying.begin": "writes with another function of its module",
    "applying.current_draft": "only reads",
    "applying.find_kept_details": "only reads",
    "configuring.find_errors": "only reads",
    "delivering.is_audit_due": "only reads",
    "signing.reset_demo_staff": "adds or changes people with another function of its module",
    "kept_forms.code_of": "only reads",
    "kept_forms.has_number": "only reads",
    "kept_forms.has_slip": "only reads",
    "kept_forms.needs_digits": "only reads",
    "kept_forms.paper_state": "only reads",
    "locking.is_idle": "only reads",
    "printing.state_of": "only reads",
    "sittings.busy_counters": "only reads",
    "correcting.current_correction": "only reads",
    "correcting.may_correct": "only reads its arguments",
    "desk_drafts.load": "only reads",
    "printer_settings.calibrated": "only reads its arguments",
    "printer_settings.left_without": "only reads",
    "printer_settings.receipt_printer": "only reads",
    "planning.obstacles": "only reads",
    "planning.parts_of_page": "only reads",
    "draft_turns.find_turn": "only reads",
    "draft_turns.is_at_desk": "only reads",
    "wiping.wipe_expired": "writes in slices, with a class of its module",
    "desk_posts.begin": "adds its change to the next write of the page's act",
    "desk_posts.earlier_write": "keeps that change for a later write",
    "desk_posts.end": "forgets that change",
    "desk_posts.is_answered": "only reads",
    "draft_pages.require_room": "only reads",
    "desk_posts.page_of": "only reads",
    "page_counts.counting": "counts in the write that is opened inside",
    "desk_posts.opened_session": "only reads",
    "desk_posts.unsent": "only reads",
    "desk_posts.count_unsent": "only reads",
    "restarting.last_request": "only reads",
    "signing.may_claim": "only reads",
    "signing.reset_demo_technician": "sets a password with another function of its module",
}
MAY_WRITE = ("acts", "backup", "cli", "startup/doctor.py", "worker", "store")
"""Also written: the schema and the key's mark, results of the spool and the link, backup and restore."""


def _writes(tree: ast.AST) -> int:
    calls = [
        node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    return calls.count("write")


@cache
def _acts() -> list[tuple[str, ast.FunctionDef]]:
    return [
        (f"{path.stem}.{node.name}", node)
        for path, module in parse_modules(ACTS.glob("*.py")).items()
        for node in module.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def test_every_act_holds_exactly_one_write() -> None:
    counts = {name: _writes(act) for name, act in _acts()}
    assert len(counts) > 15
    assert {name: count for name, count in counts.items() if count != (0 if name in NO_WRITE else 1)} == {}


def test_the_list_of_reasons_names_no_act_that_is_gone() -> None:
    assert set(NO_WRITE) - {name for name, _act in _acts()} == set()


def test_nobody_else_writes() -> None:
    kiosk = ROOT / "kiosk"
    writers = []
    for path, module in parse_modules(kiosk.rglob("*.py"), [".write("]).items():
        inside = path.relative_to(kiosk)
        if any(inside.is_relative_to(part) for part in MAY_WRITE):
            continue
        for node in ast.walk(module):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "write"
                and not node.args
            ):
                writers.append(f"{inside}:{node.lineno}")
    assert writers == []


def test_no_template_portal_or_printer_is_touched_inside_a_write() -> None:
    slow = {"render_template", "render", "sleep", "post", "get_response"}
    slow |= {passwords.hash_password.__name__, passwords.verify_password.__name__}
    slow_calls = []
    for name, act in _acts():
        for block in [node for node in ast.walk(act) if isinstance(node, ast.With) and _writes(node.items[0])]:
            called = {
                node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                for inner in block.body
                for node in ast.walk(inner)
                if isinstance(node, ast.Call)
            }
            slow_calls += [f"{name}: {function}" for function in called & slow]
    assert slow_calls == []


def test_every_act_says_what_it_does() -> None:
    assert [name for name, act in _acts() if not ast.get_docstring(act)] == []
    assert Path(ACTS / "__init__.py").is_file()
