"""A rule for all tests of the desk: a post with two writes is one of those whose cut is tested (`test_cut_posts`)."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.pages.officer.view_writes import ViewWrites, counting_writes

WITH_TWO_WRITES = {"officer.assist_open", "officer.assist_review", "officer.assist_step", "officer.tap"}


@pytest.fixture(autouse=True)
def view_writes(monkeypatch: pytest.MonkeyPatch) -> Iterator[ViewWrites]:
    """Count the writes that the views of the desk commit in a post."""
    writes = counting_writes(monkeypatch)
    yield writes
    several: Counter[str] = Counter({name: count for name, count in writes.most.items() if count > 1})
    assert set(several) - WITH_TWO_WRITES == set(), "add a case to test_cut_posts.py, or make it one write"
