"""Every function, method and class of the product has a reader in it: a test alone is no reason to keep one."""

import re
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).parents[2]
PRODUCT = ("kiosk", "sync", "printers", "deploy")
KINDS = {"function", "method", "class", "property"}
ROUTES = [
    "@frame_part",
    *(
        f"@*.{name}*"
        for name in (
            "get",
            "post",
            "put",
            "patch",
            "delete",
            "route",
            "errorhandler",
            "app_",
            "before_",
            "after_",
            "add",
        )
    ),
]
"""Decorators of functions that Flask or the frame of the officer's pages calls."""
CALLED_BY_NAME = {
    r"add_\w+": "kiosk/cli/__init__.py calls a command's function by the name of the command",
    "upgrade": "Alembic",
    "_new_conn": "urllib3",
    "_get_file_stream": "Werkzeug",
    "handleError": "logging",
    "do_GET|do_POST|do_PUT|log_message": "http.server",
    "collect|describe": "prometheus_client",
    "resolve_public_key|validate_created_and_expires": "http-message-signatures",
}
"""Patterns of names, and who calls them."""
FOR_TESTS = {
    "all_clips": "tests and bench listen to the clips of several texts",
    "choice_sets": "tests and the reference list the shared choices",
    "file_submission": "tests and bench store a form that nobody has typed",
    "join_parts": "tests read a sequence of QR codes as a reader of the province would",
    "jump": "tests set the clock wrong",
    "set_fault": "tests let the virtual printer fail",
    "uncut_paper": "tests look at a paper that is not cut",
    "wipe_all": "tests wipe without the worker's batches",
}
"""Functions that only tests and bench call."""


def _unused() -> set[str]:
    vulture = Vulture(ignore_decorators=ROUTES)
    vulture.scavenge([str(ROOT / name) for name in PRODUCT])
    templates = " ".join(path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html"))
    templates += " ".join(path.read_text("utf-8") for path in (ROOT / "sync/gateway/templates").rglob("*.html"))
    words = set(re.findall(r"\w+", templates))
    return {item.name for item in vulture.get_unused_code(min_confidence=60) if item.typ in KINDS} - words


def test_every_function_of_the_product_is_called_in_it() -> None:
    unused = _unused()
    called = {name for name in unused if any(re.fullmatch(pattern, name) for pattern in CALLED_BY_NAME)}
    assert unused - called == set(FOR_TESTS)
    assert [pattern for pattern in CALLED_BY_NAME if not any(re.fullmatch(pattern, name) for name in called)] == []
