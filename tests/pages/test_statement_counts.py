"""Ceilings of the SQL statements of a draw, of a call, of the desk page and of what every desk polls all day.

A count, not a time: a read that was added to these paths shows at once, on a machine of any pace. A transaction's begin
and end count too. Raise a ceiling only with the reason for the new statement.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from kiosk.acts import queueing
from kiosk.context import Context
from kiosk.pages.officer.session import sent_posts
from kiosk.records import audit, tickets
from kiosk.store.db import Store
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk

REQUEST = 6
"""Statements of each request: the revision of the service plan and its session, each a transaction."""


@contextmanager
def traced(store: Store) -> Iterator[list[str]]:
    """List the statements that this thread runs on a store."""
    statements: list[str] = []
    connections = (store._writer.conn, store._connection().db.conn)
    for connection in connections:
        connection.set_trace_callback(statements.append)
    yield statements
    for connection in connections:
        connection.set_trace_callback(None)


@pytest.fixture
def desk(app: Flask) -> Desk:
    """Return a desk whose counter is open and whose officer was active in the last minute."""
    desk = Desk(app)
    desk.go("/officer/")
    return desk


def _draw(context: Context, count: int) -> list[str]:
    series = context.config.series[0]
    return [queueing.draw_ticket(context, series).id for _ in range(count)]


def _count(desk: Desk, path: str) -> int:
    with traced(desk.context.store) as statements:
        assert desk.browser.get(path).status_code == 200
    return len(statements)


def _press(desk: Desk, path: str, *, ticket: str, headers: dict[str, str] | None = None) -> list[str]:
    """Press a button of the queue as its page would; return the statements."""
    fields = {"csrf": desk.token, "ticket": ticket, "nonce": uuid.uuid4().hex, "then": "next"}
    with traced(desk.context.store) as statements:
        answer = desk.browser.post(path, data=fields, headers=headers)
    assert answer.status_code in (204, 303)
    assert "late" not in answer.headers["Location"]
    return statements


def test_a_draw_takes_at_most_21_statements(walker: Walker) -> None:
    walker.go("/ticket").fill(series="B-CHUNGTHUC")
    walker.go("/ticket")
    posted = walker.form().sends | {"series": "B-CHUNGTHUC"}
    with traced(walker.context.store) as statements:
        assert walker.browser.post("/ticket", data=posted).status_code == 303
    assert len(statements) <= REQUEST + 15, statements


def test_the_first_call_of_a_counter_takes_at_most_19_statements(desk: Desk) -> None:
    _draw(desk.context, 3)
    statements = _press(desk, "/officer/queue/next", ticket="")
    assert len(statements) <= REQUEST + 13, statements


def test_a_call_that_ends_the_number_before_takes_at_most_18_statements_with_three_audit_lines(desk: Desk) -> None:
    first, second, _third = _draw(desk.context, 3)
    _press(desk, "/officer/queue/next", ticket="")
    with desk.context.store.read() as db:
        before = audit.head(db).seq
    statements = _press(desk, "/officer/end/asked", ticket=first)
    assert len(statements) <= REQUEST + 12, statements
    with desk.context.store.read() as db:
        acts = [entry.line.act for entry in audit.latest(db, ("done", "service", "call"), 3)]
        assert acts == ["call", "service", "done"]
        assert audit.head(db).seq == before + 3
        assert audit.verify(db, desk.context.audit_key()) is None
        current = tickets.at_counter(db, desk.context.clock.today(), 1)
    assert current is not None
    assert current.id == second


def test_the_key_of_a_posts_script_adds_four_statements(desk: Desk) -> None:
    first, second, _third = _draw(desk.context, 3)
    _press(desk, "/officer/queue/next", ticket="")
    plain = _press(desk, "/officer/end/asked", ticket=first)
    with_key = _press(desk, "/officer/end/asked", ticket=second, headers={sent_posts.HEADER: str(uuid.uuid4())})
    assert len(with_key) <= len(plain) + 4, with_key


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/officer/queue/version", REQUEST + 4),
        ("/officer/calls", REQUEST + 4),
        # One of them reads the numbers without a form whose citizens wait.
        ("/officer/work/count", REQUEST + 7),
        ("/officer/queue", REQUEST + 14),
        ("/officer/", REQUEST + 29),
    ],
)
def test_a_desk_page_and_its_polls_take_as_many_statements_for_thirty_people_as_for_one(
    desk: Desk, path: str, most: int
) -> None:
    _draw(desk.context, 1)
    few = _count(desk, path)
    _draw(desk.context, 29)
    assert _count(desk, path) == few
    assert few <= most
