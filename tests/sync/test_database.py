"""The gateway's database: migrations, refused databases, an unavailable store, and metrics."""

import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from sync.gateway import BadDatabase
from sync.gateway.database import migrate, open_auth_engine, open_engine
from sync.gateway.metrics import Metrics
from sync.gateway.tables import metadata
from tests.ports import free_port
from tests.sync.contract_checks import conforms, envelope, send
from tests.sync.postgres import Postgres
from tests.sync.practice_gateway import PracticeGateway


def test_the_migrations_create_the_tables_that_the_code_knows(database: str) -> None:
    engine = open_engine(database)
    with engine.begin() as db:
        assert compare_metadata(MigrationContext.configure(db), metadata) == []
    engine.dispose()


def test_a_database_of_the_first_migration_is_migrated_and_keeps_its_rows(database: str) -> None:
    engine = _open_at_first_migration(database)
    with engine.begin() as db:
        db.exec_driver_sql("insert into epochs values (1, 'e', 'x')")
        db.exec_driver_sql("insert into views (viewed_at, submission_id, reason) values ('x', 's', 'Đối chiếu')")
        migrate(db)
        assert db.exec_driver_sql("select epoch from epochs").scalar() == "e"
        kept = db.exec_driver_sql("select login, act, subject, reason from trail").one()
    assert tuple(kept) == ("operator", "looked", "s", "Đối chiếu")
    engine.dispose()


def test_a_practice_file_from_before_the_migrations_still_opens(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    engine = _open_at_first_migration(str(path))
    with engine.begin() as db:
        db.exec_driver_sql("drop table alembic_version")
        db.exec_driver_sql("insert into epochs values (1, 'e', 'x')")
    engine.dispose()
    engine = open_engine(str(path))
    with engine.begin() as db:
        assert db.exec_driver_sql("select epoch from epochs").scalar() == "e"
        assert compare_metadata(MigrationContext.configure(db), metadata) == []
    engine.dispose()


def test_a_database_of_a_newer_release_is_not_changed(database: str) -> None:
    engine = open_engine(database)
    with engine.begin() as db:
        db.exec_driver_sql("update alembic_version set version_num = 'v9999'")
    engine.dispose()
    with pytest.raises(BadDatabase, match="newer release"):
        open_engine(database)


@pytest.mark.parametrize(
    "url",
    ["postgresql://gateway:geheim@127.0.0.1:1/x", "mysql://gateway:geheim@x/y", "postgresql://gateway:geheim@x:port/y"],
)
def test_a_database_that_cannot_be_opened_is_named_without_its_password(url: str) -> None:
    with pytest.raises(BadDatabase) as error:
        open_engine(url)
    assert "geheim" not in str(error.value)


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(BadDatabase):
        open_engine(str(path))
    assert path.read_bytes() == b"no database at all" * 100


@pytest.mark.parametrize(("default", "own"), [("off", "on"), ("local", "local"), ("remote_apply", "remote_apply")])
def test_a_commit_waits_for_the_disk_although_the_servers_default_is_off(
    postgres: Postgres, default: str, own: str
) -> None:
    url = postgres.new_database(f"set_{default}", f"synchronous_commit = {default}")
    assert postgres.run("show synchronous_commit", url=url) == [(default,)]
    engine = open_engine(url)
    auth_engine = open_auth_engine(engine)
    try:
        with engine.connect() as db:
            db.rollback()
            assert db.exec_driver_sql("show synchronous_commit").scalar() == own
        with auth_engine.connect() as db:
            assert db.exec_driver_sql("show synchronous_commit").scalar() == "off", "only nonces are written there"
    finally:
        auth_engine.dispose()
        engine.dispose()


def test_an_unavailable_database_costs_a_kiosk_no_submission(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    sent = envelope(kiosk)
    _disconnect(practice)
    answer = kiosk.send_request("POST", "/submissions", {"submissions": [sent]})
    assert (answer.status, conforms(answer, "post", "/submissions")["type"]) == (503, "/problems/away")
    assert answer.headers["Retry-After"] == "30"
    assert answer.headers["Sync-Epoch"]
    page = practice.gateway.app.test_client().get("/", headers={"Cookie": "gateway_session=x"})
    assert (page.status_code, "tạm nghỉ" in page.text) == (503, True)
    _reconnect(practice)
    assert send(kiosk, sent)[0]["outcome"] == "created"


def test_connections_that_postgresql_closes_cost_no_answer(postgres: Postgres, tmp_path: Path) -> None:
    practice = PracticeGateway(tmp_path, database=postgres.new_url())
    try:
        kiosk = practice.enrolled_kiosk()
        send(kiosk, envelope(kiosk))
        for path in ("/changes", "/submissions/x", "/changes"):
            cut = "select count(pg_terminate_backend(pid)) from pg_stat_activity where pid <> pg_backend_pid()"
            assert postgres.run(cut + " and backend_type = 'client backend'")[0][0] >= 2
            assert kiosk.send_request("GET", path).status in (200, 404)
        assert send(kiosk, envelope(kiosk))[0]["outcome"] == "created"
    finally:
        practice.close()


def test_metrics_are_served_on_the_loopback_address(practice: PracticeGateway) -> None:
    practice.stop()
    port = free_port()
    practice.settings = replace(practice.settings, metrics_port=port)
    practice.start()
    kiosk = practice.enrolled_kiosk()
    send(kiosk, envelope(kiosk), envelope(kiosk, channel="pigeon"))
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as answer:
        metrics = answer.read().decode()
    for line in (
        'gateway_results_total{kind="submission",outcome="created"} 1.0',
        'gateway_results_total{kind="submission",outcome="invalid"} 1.0',
        "gateway_submissions 1.0",
        "gateway_kiosks 1.0",
        "gateway_refused 1.0",
        "gateway_changes_unread 1.0",
        'gateway_forwards{state="due"} 0.0',
        "gateway_store_up 1.0",
    ):
        assert line in metrics, line


def test_metrics_say_when_the_store_is_unavailable(tmp_path: Path) -> None:
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path}/nowhere/gateway.db")
    metrics = Metrics()
    metrics.collect_store(engine, lambda: pytest.fail("the time is not needed"))
    assert metrics.registry.get_sample_value("gateway_store_up") == 0
    engine.dispose()


def _open_at_first_migration(url: str) -> sqlalchemy.Engine:
    """Open a database with the tables of the first release."""
    engine = open_engine(url)
    with engine.begin() as db:
        names = sqlalchemy.inspect(db).get_table_names()
        for name in names:
            db.exec_driver_sql(f"drop table {name}")
        migrate(db, "v0001")
    return engine


def _disconnect(practice: PracticeGateway) -> None:
    """Close all connections of the store and refuse new ones."""
    for engine in _engines(practice):
        engine.dispose()
        sqlalchemy.event.listen(engine, "do_connect", _refuse_connection)


def _reconnect(practice: PracticeGateway) -> None:
    for engine in _engines(practice):
        sqlalchemy.event.remove(engine, "do_connect", _refuse_connection)


def _engines(practice: PracticeGateway) -> set[sqlalchemy.Engine]:
    context = practice.gateway.app.extensions["gateway"]
    return {context.engine, context.auth_engine}


def _refuse_connection(dialect: Any, *_args: object) -> None:
    raise dialect.loaded_dbapi.OperationalError("away")
