"""Generated requests to every page of the kiosk: hostile paths, queries and fields cause no error of the server.

Routes come from the app and names of fields from the source of the pages, so that a new page is tried by itself.
"""

import json
import re

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from kiosk.config import ROOT
from tests.project.test_who_may import VALUES, Visitors, listed_roles

EXAMPLES = 150
HOSTILE = [
    "", " ", "0", "-1", "1", "9" * 30, "1e999", "NaN", "null", "x" * 3000, "../../etc/passwd", "//evil", "/\t/evil",
    "%00", "\x00", "\r\nX: y", "đ" * 64, "e\u0301", "\u202e", "\ufeff", "\U0001f600", "<script>", "{{7*7}}",
    "' or 1=1 --", "[]", "2026-02-31", "31/02/2026", "046196000123", "PK03-261124-0001-6", "A001", "1.001193",
]  # fmt: skip
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30))
ENDS_SESSION = re.compile(r"sign_?out|leave|lock|password|end|change")
FIELD = re.compile(r"request\.(?:form|args|values)(?:\.get|\.getlist)?[(\[]\s*\"(\w+)\"")
SOURCE = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "kiosk" / "pages").rglob("*.py")))
FIELDS = sorted(set(FIELD.findall(SOURCE)) - {"csrf"})
ARGUMENTS = st.dictionaries(st.sampled_from([*FIELDS, "unknown"]), TEXTS, max_size=6)


@pytest.fixture
def visitors(app: Flask) -> Visitors:
    return Visitors(app, has_stubs=False)


def _routes(app: Flask) -> list[tuple[Rule, str, str]]:
    """Return rule, method and role of all requests that a role may make."""
    roles = listed_roles()
    return [
        (rule, method, role)
        for rule in sorted(app.url_map.iter_rules(), key=str)
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
        for role in sorted(roles[rule.endpoint] - {"anyone"} or {"nobody"})
        if rule.endpoint != "static" and not ENDS_SESSION.search(rule.endpoint)
    ]


def _send(visitors: Visitors, data: st.DataObject) -> TestResponse:
    rule, method, role = data.draw(st.sampled_from(_routes(visitors.app)))
    values = {
        name: VALUES[name] if name in VALUES and data.draw(st.booleans()) else data.draw(TEXTS)
        for name in rule.arguments
        if name not in (rule.defaults or {})
    }
    for name, converter in rule._converters.items():
        if type(converter).__name__ == "IntegerConverter" and name in values:
            values[name] = str(data.draw(st.integers(0, 10**12)))
    path = visitors.app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
    return visitors.browsers[role].open(
        path,
        method=method,
        query_string=data.draw(ARGUMENTS),
        data={"csrf": visitors.tokens[role], **data.draw(ARGUMENTS)} if method == "POST" else None,
        buffered=True,  # closes the files that an answer was read from
        headers={"Accept": data.draw(st.sampled_from(["text/html", "application/json", "*/*"]))},
    )


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_no_request_of_a_signed_in_person_fails(visitors: Visitors, data: st.DataObject) -> None:
    answer = _send(visitors, data)
    assert answer.status_code < 500
    if answer.mimetype == "application/json":
        json.loads(answer.data)


def test_the_fields_of_the_pages_were_found() -> None:
    assert {"back", "pin", "login", "paper"} <= set(FIELDS)
