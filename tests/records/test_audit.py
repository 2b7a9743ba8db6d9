import pytest

from kiosk.base.clock import FixedClock
from kiosk.records import audit
from kiosk.records.audit import AuditHead, AuditLine
from kiosk.store.db import Store
from kiosk.store.vault import Vault


@pytest.fixture
def key(vault: Vault) -> bytes:
    return vault.key_for("audit")


@pytest.fixture
def heads(store: Store, clock: FixedClock, key: bytes) -> list[AuditHead]:
    """Write a trail of five lines; return its head after each."""
    heads = []
    for count in range(5):
        with store.write() as db:
            line = AuditLine(act="submit", actor="citizen", subject=f"subject-{count}", facts={"n": count})
            heads.append(audit.append(db, key, clock.now(), line))
        clock.advance(60)
    return heads


def verify(store: Store, key: bytes, known: AuditHead | None = None) -> int | None:
    with store.read() as db:
        return audit.verify(db, key, known)


def test_an_unchanged_trail_verifies(store: Store, key: bytes, heads: list[AuditHead]) -> None:
    assert [head.seq for head in heads] == [1, 2, 3, 4, 5]
    assert verify(store, key) is None
    assert [verify(store, key, head) for head in heads] == [None] * 5


def test_an_empty_trail_verifies(store: Store, key: bytes) -> None:
    assert verify(store, key) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [("at", "2026-11-24T01:05:00.000Z"), ("act", "accept"), ("actor", "officer-1"), ("subject", "x"), ("facts", "{}")],
)
def test_an_edited_line_is_found(store: Store, key: bytes, heads: list[AuditHead], column: str, value: str) -> None:
    with store.write() as db:
        db.execute(f"update audit set {column} = ? where seq = 3", [value])
    assert verify(store, key) == 3


def test_a_line_taken_out_is_found(store: Store, key: bytes, heads: list[AuditHead]) -> None:
    with store.write() as db:
        db.execute("delete from audit where seq = 3")
    assert verify(store, key) == 4


def test_lines_cut_off_at_the_end_are_found_by_a_head_stored_elsewhere(
    store: Store, key: bytes, heads: list[AuditHead]
) -> None:
    with store.write() as db:
        db.execute("delete from audit where seq > 3")
    assert verify(store, key) is None
    assert verify(store, key, heads[4]) == 4


def test_a_rewritten_trail_with_the_right_key_is_found_by_a_head_stored_elsewhere(
    store: Store, clock: FixedClock, key: bytes, heads: list[AuditHead]
) -> None:
    with store.write() as db:
        db.execute("delete from audit")
        for count in range(5):
            audit.append(db, key, clock.now(), AuditLine("submit", "citizen", f"subject-{count}"))
    assert verify(store, key) is None
    assert verify(store, key, heads[2]) == 3


def test_another_key_cannot_continue_the_trail(
    store: Store, clock: FixedClock, key: bytes, heads: list[AuditHead]
) -> None:
    with store.write() as db:
        audit.append(db, b"another key", clock.now(), AuditLine("accept", "officer-1", "subject-1"))
    assert verify(store, key) == 6


def test_what_was_done_to_a_subject_is_listed(store: Store, key: bytes, heads: list[AuditHead]) -> None:
    with store.read() as db:
        assert [line for _, line in audit.of_subject(db, "subject-2")] == [
            AuditLine(act="submit", actor="citizen", subject="subject-2", facts={"n": 2})
        ]


def test_a_line_of_an_act_that_failed_was_never_written(
    store: Store, clock: FixedClock, key: bytes, heads: list[AuditHead]
) -> None:
    with pytest.raises(KeyError), store.write() as db:
        _act_that_fails(db, key, clock)
    with store.read() as db:
        assert audit.head(db) == heads[-1]


def _act_that_fails(db: object, key: bytes, clock: FixedClock) -> None:
    audit.append(db, key, clock.now(), AuditLine("accept", "officer-1", "subject-1"))  # type: ignore[arg-type]
    raise KeyError
