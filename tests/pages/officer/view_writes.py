"""The writes that the views of a desk post commit, without those of its frame (activity, the page that answers it)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from flask import Flask, g, has_request_context, request
from sqlite_utils import Database

from kiosk.base.errors import StoreFull
from kiosk.store.db import Store


@dataclass
class ViewWrites:
    """`most` has the most writes of one post by endpoint. The write number `cut` of a post fails; 0: none."""

    most: dict[str, int] = field(default_factory=dict)
    cut: int = 0


def counting_writes(monkeypatch: pytest.MonkeyPatch) -> ViewWrites:
    """Count from now on."""
    writes = ViewWrites()
    write, dispatch = Store.write, Flask.dispatch_request

    @contextmanager
    def counted(store: Store) -> Iterator[Database]:
        if not (has_request_context() and g.get("in_view")):
            with write(store) as db:
                yield db
            return
        if g.view_writes + 1 == writes.cut:
            raise StoreFull
        with write(store) as db:
            yield db
        g.view_writes += 1
        writes.most[request.endpoint or ""] = max(g.view_writes, writes.most.get(request.endpoint or "", 0))

    def dispatched(app: Flask) -> object:
        g.in_view = request.method == "POST" and (request.endpoint or "").startswith("officer.")
        g.view_writes = 0
        try:
            return dispatch(app)
        finally:
            g.in_view = False

    monkeypatch.setattr(Store, "write", counted)
    monkeypatch.setattr(Flask, "dispatch_request", dispatched)
    return writes
