"""The tables of the store: what they refuse, and that a store of the last trial build is opened as it is."""

import json
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database, Migrations

from kiosk.base.clock import FixedClock
from kiosk.base.errors import StoreNewer, StoreOlder
from kiosk.config import Config
from kiosk.context import AUDIT
from kiosk.records import audit, submissions
from kiosk.records import certified_copies as certifications
from kiosk.store import schema
from kiosk.store.db import Store
from kiosk.store.schema import certification_registers, certified_copies
from kiosk.store.vault import open_vault
from kiosk.web.app import create_app

LANDED = {
    "certified_copies": "e38651bf5dc19f2a",
    "signed_scans": "2a4df4f3137b31bb",
    "draft_pages": "6ffbfa2057bc23c4",
    "certification_registers": "d965f50aa1c846c5",
    "reported_states": "5f957d0ec7bacb26",
    "paper_counts": "ab576e88b403b69d",
    "matters": "3b618a651070b407",
    "payments": "baa552281b48be70",
    "payment_answers": "2679d7a32c737924",
    "scanned_pages": "9c0076ad98305542",
    "message_consents": "1722bb5d16c0fbd6",
    "submission_indexes": "cc5a113500f14eeb",
    "payment_choices": "d7c0fba2c4cfd7a3",
}
"""Step -> begin of the SHA-256 of its SQL; a new step adds its line."""
TRIAL_KEY = "ward-kiosk key 1\neQ0UbpfGXUOehsE8ev1f0XwEIXZuxmUTksU9rEdAJYE=\n"
"""The key file of the store that the last trial build wrote."""


@pytest.fixture
def trial_store(config: Config) -> Path:
    """Return a store that the last trial build wrote: a case with a decision and a note, a draft, staff, a ticket."""
    config.folder.mkdir(parents=True)
    config.key_path.write_text(TRIAL_KEY)
    config.key_path.chmod(0o600)
    with closing(sqlite3.connect(config.store_path)) as db:
        db.executescript(Path(__file__).with_name("trial_build.sql").read_text("utf-8"))
    return config.store_path


def _rows(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    return {name: db.execute(f"select * from {name}").fetchall() for name in db.table_names()}


def _structure(db: Database) -> dict[str, str]:
    """Return the definitions of tables and indexes, in text without white space."""
    rows = db.execute("select name, sql from sqlite_schema").fetchall()
    return {name: "".join((sql or "").split()) for name, sql in rows}


def test_a_store_of_the_last_trial_build_is_opened_without_loss(
    trial_store: Path, config: Config, tmp_path: Path
) -> None:
    with Store(trial_store) as store:
        with store.read() as db:
            rows = _rows(db)
        schema.grow(store)
        with store.read() as db:
            grown = _rows(db)
            added = sorted(grown.keys() - rows.keys())
            assert added == [
                "certified_copies",
                "draft_pages",
                "matter_answers",
                "payment_notices",
                "payment_refunds",
                "submission_matters",
            ]
            assert not any(grown[name] for name in added)
            for name in rows.keys() - {"_sqlite_migrations"}:
                width = len(rows[name][0]) if rows[name] else 0
                assert [row[:width] for row in grown[name]] == rows[name], "a new column comes last"
            assert len(rows["submissions"]) == len(rows["decisions"]) == len(rows["drafts"]) == 1
            structure = _structure(db)
            case_id, sealed = db.execute("select id, body from submissions").fetchone()
        vault = open_vault(config.key_path, store)
        assert json.loads(vault.open(submissions.BODY, case_id, sealed))["receiptNo"].startswith("PK03-261124-0001")
        with store.read() as db:
            assert audit.verify(db, vault.key_for(AUDIT)) is None
    with Store(tmp_path / "new.db") as store:
        schema.grow(store)
        with store.read() as db:
            assert _structure(db) == structure


@pytest.mark.parametrize("last", ["procedure_versions", "holds", "a_thread_for_each_printer"])
def test_a_store_of_an_earlier_trial_build_is_refused_and_not_changed(trial_store: Path, last: str) -> None:
    with closing(sqlite3.connect(trial_store)) as connection:
        connection.execute("delete from _sqlite_migrations where name = ?", [last])
        connection.commit()
    with Store(trial_store) as store:
        with store.read() as db:
            rows = _rows(db)
        with pytest.raises(StoreOlder):
            schema.grow(store)
        with store.read() as db:
            assert _rows(db) == rows


def test_the_technician_reads_what_to_do_with_a_store_of_an_earlier_trial_build(
    trial_store: Path, config: Config, clock: FixedClock
) -> None:
    with closing(sqlite3.connect(trial_store)) as connection:
        connection.execute("delete from _sqlite_migrations where name = ?", [schema.FIRST])
        connection.commit()
    app = create_app(config, clock)
    assert app.test_client().get("/").status_code == 503
    page = app.test_client().get("/technician/").text
    assert "K-58" in page
    assert "Cài bản 0.1.0 cuối cùng, bật máy một lần" in page


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


def test_numbers_of_the_register_of_copies_stay_when_other_registers_come_beside_it(tmp_path: Path) -> None:
    with Store(tmp_path / "kiosk.db") as store, store.write() as db:
        for step in (certified_copies, certification_registers):
            for statement in step.SQL.split(";\n")[:-1]:
                db.execute(statement)
            if step is certified_copies:
                db.execute(
                    "insert into certified_copies (id, year, number, receipt_no, submission_id, place, day, pages,"
                    " declared_pages, copies, amount, signer, signer_title, actor, at) values ('line', 2026, 7, 'no',"
                    " 'case', 1, '2026-11-24', 3, 2, 2, 8000, '', 'CHỦ TỊCH', 'CB01', '2026-11-24T01:30:00.000Z')"
                )
        (line,) = certifications.of_case(db, "no")
    assert (line.id, line.register, line.number, line.place, line.pages, line.copies) == ("line", "copies", 7, 1, 3, 2)


def test_no_step_that_stores_have_is_edited() -> None:
    """A store that was migrated by the former text of a step has other tables than the records expect."""
    hashes = {step.__name__.rpartition(".")[2]: sha256(step.SQL.encode()).hexdigest()[:16] for step in schema.STEPS}
    assert hashes == LANDED
