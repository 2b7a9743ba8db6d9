import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from kiosk.base.errors import StoreNewer
from kiosk.store import schema
from kiosk.store.db import Store

_SUBMISSION = """
  insert into submissions (id, receipt_no, revision, procedure, version, unit, day, seq, completed_at, clock_trusted,
    digest, touched_at)
  values ('019ab0c1-2345-7890-8123-123456789012', 'PK03-261124-0001-A', 1, '1.001193', '2026-11', 'H57.99.01',
    '2026-11-24', 1, '2026-11-24T01:05:00.000Z', 1, hex(zeroblob(32)), '2026-11-24T01:05:00.000Z')
"""

_T1, _T2, _T3 = (f"019ab0c1-2345-7890-8123-00000000000{number}" for number in (1, 2, 3))
_QUEUE = [
    f"""insert into tickets (id, day, series, number, state, submission_id, priority, drawn_at) values
      ('{_T2}', '2026-11-24', 'B', 1, 'waiting', null, 'elderly', '2026-11-24T01:06:00.000Z'),
      ('{_T1}', '2026-11-24', 'A', 1, 'called', '019ab0c1-2345-7890-8123-123456789012', null,
        '2026-11-24T01:05:00.000Z'),
      ('{_T3}', '2026-11-25', 'A', 1, 'absent', null, null, '2026-11-25T01:06:00.000Z')""",
    f"insert into ticket_events (seq, ticket_id, at, event) values (7, '{_T1}', '2026-11-24T01:05:00.000Z', 'drawn')",
    f"insert into ticket_events (seq, ticket_id, at, event) values (9, '{_T1}', '2026-11-24T01:09:00.000Z', 'called')",
]

_SHIFT = [
    """insert into staff (code, login, name, role, password, is_active, created_at) values
      ('CB01', 'hoaian', 'Lê Hoài An', 'officer', '$argon2id$a', 0, '2026-11-24T01:05:00.000Z'),
      ('CB02', 'minhtam', 'Phan Minh Tâm', 'lead', '$argon2id$b', 1, '2026-11-24T01:05:00.000Z')""",
    """insert into sessions (id, audience, created_at, seen_at) values
      ('s1', 'officer', '2026-11-24T01:05:00.000Z', '2026-11-24T01:05:00.000Z'),
      ('c1', 'citizen', '2026-11-24T01:05:00.000Z', '2026-11-24T01:05:00.000Z')""",
    "insert into sittings (session, person, counter) values ('s1', 'CB02', 2)",
]

_WAITS = "019ab0c1-2345-7890-8123-000000000041"
_SEATED = "019ab0c1-2345-7890-8123-000000000042"
_CLASS_FORMS = f"""
  insert into submissions (id, receipt_no, revision, procedure, version, unit, day, seq, completed_at, clock_trusted,
    digest, touched_at, body)
  values ('{_WAITS}', 'PK03-261124-0002-A', 1, 'LOCAL-TAPHUAN', '2026-11', 'H57.99.01', '2026-11-24', 2,
    '2026-11-24T01:06:00.000Z', 1, hex(zeroblob(32)), '2026-11-24T01:06:00.000Z', x'00'),
  ('{_SEATED}', 'PK03-261124-0003-A', 1, 'LOCAL-TAPHUAN', '2026-11', 'H57.99.01', '2026-11-24', 3,
    '2026-11-24T01:07:00.000Z', 1, hex(zeroblob(32)), '2026-11-24T01:07:00.000Z', x'00')
"""

# Data of a store before each step: statements that run after the steps before it.
# A new step adds the data that it must migrate; a step without an entry fails the test below.
BEFORE: dict[str, list[str]] = {
    "first_tables": [],
    "class_seats": [_SUBMISSION],
    "staff_and_sittings": [],
    "queue_lines": _QUEUE,
    "desk_papers": [],
    "scans": [],
    "desk_decisions": [],
    "case_lookups": [],
    "people_and_doors": _SHIFT,
    "desk_corrections": [
        """insert into drafts (id, session, procedure, version, body, created_at, touched_at) values
          ('019ab0c1-2345-7890-8123-000000000009', 'screen', '1.001193', '2026-11', x'00',
            '2026-11-24T01:07:00.000Z', '2026-11-24T01:07:00.000Z')""",
    ],
    "fees_taken": [],
    "portal_refusals": [],
    "key_renewals": [],
    "kept_details": [
        """insert into reuse (owner, body, consented_at, expires_at) values ('hash of a number', x'00',
          '2026-11-24T01:07:00.000Z', '2027-11-24T01:07:00.000Z')""",
    ],
    "wrong_guesses": [],
    "screen_limits": [
        """insert into tries (purpose, subject, screen, at) values ('lookup', 'hash', 'visit',
          '2026-11-24T01:07:00.000Z')""",
    ],
    "fact_comparisons": [],
    "draft_turns": [
        """insert into calls (session, place, since, answered_at) values
          ('a', '/', '2026-11-24T01:07:00.000Z', '2026-11-24T01:08:00.000Z'),
          ('a', '/', '2026-11-24T01:09:00.000Z', null)""",
    ],
    "acceptances_by_time": [],
    "help_calls": [],
    "assisted_drafts": [],
    "undone_decisions": [
        """insert into decisions (id, submission_id, receipt_no, seq, kind, actor, at, digest, delivery, event) values
          ('019ab0c1-2345-7890-8123-000000000011', '019ab0c1-2345-7890-8123-123456789012', 'PK03-261124-0001-A', 1,
            'refused', 'CB01', '2026-11-24T01:09:00.000Z', hex(zeroblob(32)), 'quarantined', x'00')""",
    ],
    "desk_views": [],
    "kept_drafts": [],
    "posts_of_desks": [],
    "services_done": [],
    "turn_backs": [],
    "service_plans": [],
    "opinions": [
        """insert into touchscreens (id, name, made_by, made_at, code) values
          ('019ab0c1-2345-7890-8123-000000000031', 'Máy cạnh cửa', 'CB03', '2026-11-24T01:09:00.000Z',
            hex(zeroblob(32)))""",
    ],
    "page_counts": [
        """insert into turn_backs (day, procedure, step, kind, count) values
          ('2026-11-24', '1.001193', 'me', 'left', 3), ('2026-11-24', '1.001193', '', 'called', 1)""",
    ],
    "class_call_backs": [_CLASS_FORMS, f"insert into class_seats values ('{_SEATED}', '2026-11-26T14:00 Hội trường')"],
    "screen_sizes": [],
    "submissions_by_time": [],
    "screen_addresses": [],
    "change_requests": [],
    "procedure_versions": [],
}

# Data that must be readable after the last step.
AFTER: list[tuple[str, int]] = [
    ("select count(*) from submissions", 3),
    ("select count(*) from submissions where desk_official_no is null and desk_due_at is null", 3),
    ("select count(*) from class_seats", 1),
    (f"select count(*) from class_call_backs where submission_id = '{_WAITS}'", 1),
    ("select count(*) from class_call_backs", 1),
    ("select count(*) from wrong_guesses", 0),
    ("select count(*) from comparisons", 0),
    ("select count(*) from decisions where kind = 'refused' and delivery = 'quarantined' and event = x'00'", 1),
    ("select count(*) from decisions where undone_at is null and undo_until is null and before = '{}'", 1),
    ("select count(*) from desk_views", 0),
    ("select count(*) from kept_drafts", 0),
    ("select count(*) from services", 0),
    ("select count(*) from opinions", 0),
    ("select sum(count) from page_counts where version = '' and detail = ''", 4),
    ("select count(*) from touchscreens where counter is null and width is null and diagonal_mm is null", 1),
    ("select count(*) from drafts", 1),
    ("select count(*) from corrections", 0),
    ("select count(*) from draft_turns", 0),
    ("select count(*) from screen_covers", 0),
    ("select count(*) from calls where ended_at is null", 1),
    ("select count(*) from calls where ended_by = 'officer' and ended_at = answered_at", 1),
    ("select count(*) from draft_desk", 0),
    ("select count(*) from tickets where line = series and since = drawn_at", 3),
    (f"select turn from tickets where id = '{_T2}' and state = 'waiting' and priority = 'elderly'", 2),
    (f"select count(*) from tickets where id = '{_T1}' and state = 'done' and submission_id is not null", 1),
    (f"select turn from tickets where id = '{_T3}' and state = 'absent'", 1),
    ("select sum(seq) from ticket_events where day = '2026-11-24'", 16),
    (
        "select count(*) from staff where password = '$argon2id$a' and not is_active and pin is null",
        1,
    ),
    ("select count(*) from staff where code = 'CB02' and role = 'lead' and is_active and not is_temporary", 1),
    ("select count(*) from sittings", 0),
    ("select count(*) from reuse", 0),
    ("select count(*) from tries", 0),
    ("select count(*) from sessions where id = 'c1'", 1),
    ("select count(*) from sessions", 1),
    ("select seq from sqlite_sequence where name = 'ticket_events'", 9),
]


def test_every_step_grows_a_store_with_data(tmp_path: Path) -> None:
    with Database(memory=True) as empty:
        assert [step.name for step in schema.migrations.pending(empty)] == list(BEFORE)
    with Store(tmp_path / "kiosk.db") as store:
        for step, statements in BEFORE.items():
            with store.write() as db:
                schema.migrations.apply(db, stop_before=step)
                for statement in statements:
                    db.execute(statement)
        schema.grow(store)
        with store.read() as db:
            assert schema.migrations.pending(db) == []
            for query, count in AFTER:
                assert db.execute(query).fetchone() == (count,), query
            assert db.execute("pragma foreign_key_check").fetchall() == []


def test_what_sync_and_printers_own_grows_along(store: Store) -> None:
    with store.read() as db:
        assert {"outbox", "link", "jobs"} <= set(db.table_names())


def test_growing_again_changes_nothing(store: Store) -> None:
    with store.read() as db:
        before = db.execute("select * from sqlite_schema").fetchall()
    schema.grow(store)
    with store.read() as db:
        assert db.execute("select * from sqlite_schema").fetchall() == before


def test_every_table_is_strict(store: Store) -> None:
    with store.read() as db:
        rows = db.execute(
            "select name, strict from pragma_table_list where schema = 'main' and type = 'table'"
        ).fetchall()
    strict = {name for name, is_strict in rows if is_strict}
    assert {"marks", "drafts", "submissions", "tickets", "sessions", "audit"} <= strict
    loose = {name for name, is_strict in rows if not is_strict}
    assert loose <= {"_sqlite_migrations", "sqlite_schema", "sqlite_sequence"}


def test_an_older_release_leaves_a_newer_store_alone(store: Store) -> None:
    newer = Migrations("kiosk")

    @newer()
    def of_next_year(db: Database) -> None:
        db.execute("create table next_year (id integer) strict")

    with store.write() as db:
        newer.apply(db)
    with pytest.raises(StoreNewer):
        schema.grow(store)


def test_a_growth_that_is_cut_short_leaves_nothing(tmp_path: Path) -> None:
    with Store(tmp_path / "kiosk.db") as store:
        with pytest.raises(KeyboardInterrupt), store.write() as db:
            _migrate_and_interrupt(db)
        with store.read() as db:
            assert db.table_names() == []
        schema.grow(store)
        with store.read() as db:
            assert "drafts" in db.table_names()


def _migrate_and_interrupt(db: Database) -> None:
    schema.migrations.apply(db)
    raise KeyboardInterrupt


_COLUMNS = "id, day, series, number, state, drawn_at, line, turn, since"


@pytest.mark.parametrize(
    "statement",
    [
        "insert into receipts values ('2026-11-24', 10000)",
        "insert into receipts values ('2026-11-24', 'một')",
        "insert into sessions (id, audience, created_at, seen_at) values ('a', 'mayor', :at, :at)",
        "insert into sessions (id, audience, created_at, seen_at) values ('a', 'citizen', 'now', :at)",
        "insert into sessions (id, audience, created_at, seen_at, draft_id) values ('a', 'citizen', :at, :at, 'none')",
        "insert into sessions (id, audience, settings, created_at, seen_at) values ('a', 'citizen', '[]', :at, :at)",
        "insert into tries (purpose, subject, screen, at) values ('guess', 'a', 'b', :at)",
        "insert into audit values (1, :at, 'submit', 'citizen', 'a', '{}', 'short')",
        f"insert into tickets ({_COLUMNS}) values (:id, '2026-11-24', 'A', 0, 'done', :at, 'A', 1, :at)",
        f"insert into tickets ({_COLUMNS}) values (:id, '2026-11-24', 'A', 1, '', :at, 'A', 1, :at)",
        f"insert into tickets ({_COLUMNS}) values (:id, '2026-11-24', 'A', 1, 'called', :at, 'A', 1, :at)",
        "insert into fees (id, submission_id, receipt_no, fee, amount, state, day, actor, at)"
        " values (:id, :id, 'a', 'b', 0, 'due', '2026-11-24', 'a', :at)",
        "insert into fees (id, submission_id, receipt_no, fee, amount, method, state, day, actor, at)"
        " values (:id, :id, 'a', 'b', 1, 'card', 'paid', '2026-11-24', 'a', :at)",
        "insert into fees (id, submission_id, receipt_no, fee, amount, state, day, actor, at)"
        " values (:id, :id, 'a', 'b', 1, 'void', '2026-11-24', 'a', :at)",
        "insert into counter_events (day, counter, at, event, actor) values ('2026-11-24', 31, :at, 'opened', 'a')",
    ],
)
def test_the_store_itself_refuses_what_cannot_be(store: Store, statement: str) -> None:
    values = {"at": "2026-11-24T01:05:00.000Z", "id": "019ab0c1-2345-7890-8123-123456789012"}
    with pytest.raises(sqlite3.IntegrityError), store.write() as db:
        db.execute(statement, values)
