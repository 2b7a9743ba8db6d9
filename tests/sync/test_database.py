"""The gateway's database: migrations, refused databases, an unavailable store, and metrics."""

import json
import sqlite3
import subprocess
import urllib.request
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from sync.gateway import BadDatabase, TrialDatabase, database, sealing
from sync.gateway.database import open_auth_engine, open_engine
from sync.gateway.metrics import Metrics
from sync.gateway.tables import metadata
from tests.ports import free_port
from tests.sync.contract_checks import conforms, envelope, send
from tests.sync.next_release import NEXT_STEP, install_next_release
from tests.sync.postgres import Postgres
from tests.sync.practice_gateway import PracticeGateway

TRIAL_KEY = "QPGX/1ukhc/EFrm8azou4Vp25zZ2vzGFrdgEvcrUygI=\n"
"""The key file of the databases that the last trial build wrote."""


def test_a_new_database_has_the_tables_that_the_code_knows(database: str) -> None:
    engine = open_engine(database)
    with engine.begin() as db:
        assert compare_metadata(MigrationContext.configure(db), metadata) == []
    engine.dispose()


def test_a_database_of_the_last_trial_build_is_opened_without_loss(
    trial_database: str, database_like_trial: str, postgres: Postgres, tmp_path: Path
) -> None:
    rows = _rows(trial_database)
    assert len(rows["submissions"]) == len(rows["events"]) == len(rows["forwards"]) == 1
    key_file = tmp_path / "trial.key"
    key_file.write_text(TRIAL_KEY)
    engine = open_engine(trial_database, key_file=str(key_file))
    with engine.begin() as db:
        sealing.prepare(db)
        submission_id, sealed = db.exec_driver_sql("select submission_id, body from submissions").one()
        body = json.loads(sealing.sealer(db).open(sealing.BODY, submission_id, sealed))
    engine.dispose()
    assert body["submissionId"] == submission_id
    rows["people"] = [(login, name, "administrator", *rest) for login, name, _operator, *rest in rows["people"]]
    assert _rows_as_before(trial_database, rows) == rows
    after = _rows(trial_database)
    assert all(after[name] == [] for name in after.keys() - rows.keys())
    open_engine(database_like_trial).dispose()
    assert _structure(trial_database, postgres) == _structure(database_like_trial, postgres)


def test_accounts_keep_what_they_may_do_under_the_new_roles(trial_database: str) -> None:
    engine = sqlalchemy.create_engine(_with_driver(trial_database))
    with engine.begin() as db:
        db.exec_driver_sql("delete from people")
        for login, role, is_active in (("truc", "operator", "true"), ("kiem", "auditor", "false")):
            db.exec_driver_sql(
                "insert into people (login, name, role, password_hash, is_active, added_at) "
                f"values ('{login}', 'Lê Văn Thử', '{role}', 'x', {is_active}, '2026-10-01T00:00:00Z')"
            )
    engine.dispose()
    engine = open_engine(trial_database)
    with engine.begin() as db:
        rows = db.exec_driver_sql("select login, name, role, is_active, units from people order by login").all()
        assert [tuple(row) for row in rows] == [
            ("kiem", "Lê Văn Thử", "viewer", False, ""),
            ("truc", "Lê Văn Thử", "administrator", True, ""),
        ]
    with pytest.raises(sqlalchemy.exc.IntegrityError), engine.begin() as db:
        db.exec_driver_sql("update people set role = 'auditor'")
    engine.dispose()


@pytest.mark.parametrize("version", ["v0001", "v0016", None])
def test_a_database_of_an_earlier_trial_build_is_refused_and_not_changed(
    trial_database: str, version: str | None
) -> None:
    engine = sqlalchemy.create_engine(_with_driver(trial_database))
    with engine.begin() as db:
        change = f"update alembic_version set version_num = '{version}'" if version else "drop table alembic_version"
        db.exec_driver_sql(change)
    engine.dispose()
    rows = _rows(trial_database)
    with pytest.raises(TrialDatabase, match=r"start the last 0\.1\.0 of the gateway once"):
        open_engine(trial_database)
    assert _rows(trial_database) == rows


def test_the_next_release_migrates_a_database_of_this_one(
    trial_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_next_release(tmp_path, monkeypatch)
    engine = open_engine(trial_database)
    with engine.begin() as db:
        assert db.exec_driver_sql("select version_num from alembic_version").scalar() == NEXT_STEP
        assert db.exec_driver_sql("select count(*), max(next) from submissions").one() == (1, 0)
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


@pytest.fixture(params=["sqlite", "postgresql"])
def trial_database(request: pytest.FixtureRequest, postgres: Postgres, tmp_path: Path) -> str:
    """Return the address of a database that the last trial build wrote (`trial_build.*.sql`)."""
    script = Path(__file__).with_name(f"trial_build.{request.param}.sql").read_text("utf-8")
    if request.param == "postgresql":
        url = postgres.new_url()
        postgres.run(script.replace("public.", f"{_schema(url)}."))
        return url
    path = tmp_path / "trial.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(script)
    return str(path)


@pytest.fixture
def database_like_trial(trial_database: str, postgres: Postgres, tmp_path: Path) -> str:
    """Return the address of an empty database of the same kind."""
    return postgres.new_url() if "://" in trial_database else str(tmp_path / "new.db")


def _with_driver(url: str) -> str:
    return url.replace("postgresql:", "postgresql+psycopg:") if "://" in url else f"sqlite:///{url}"


def _schema(url: str) -> str:
    return url.rpartition("%3D")[2]


def _rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of all tables."""
    engine = sqlalchemy.create_engine(_with_driver(url))
    with engine.begin() as db:
        names = sqlalchemy.inspect(db).get_table_names()
        rows = {name: [tuple(row) for row in db.exec_driver_sql(f"select * from {name}")] for name in names}
    engine.dispose()
    return rows


def _rows_as_before(url: str, before: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows in the tables and columns that there were before, with the migration that there was."""
    after = _rows(url)
    widths = {name: len(rows[0]) if rows else 0 for name, rows in before.items()}
    kept = {name: [row[: widths[name]] for row in after[name]] for name in before}
    return {**kept, "alembic_version": before["alembic_version"]}


def _structure(url: str, postgres: Postgres) -> object:
    """Return the definitions of all tables, constraints and indexes, in text without white space."""
    if "://" not in url:
        with closing(sqlite3.connect(url)) as db:
            rows = db.execute("select name, sql from sqlite_schema").fetchall()
        return {name: "".join((sql or "").split()) for name, sql in rows}
    # PostgreSQL writes a check in another way once it was restored, so both are restored from such a text.
    again = postgres.new_url()
    postgres.run(_pg_dump(url, postgres).replace(_schema(url), _schema(again)).replace("CREATE SCHEMA", "-- "))
    return _pg_dump(again, postgres).replace(_schema(again), "own").splitlines()


def _pg_dump(url: str, postgres: Postgres) -> str:
    """Return the definitions of a schema in SQL, without the commands of psql."""
    command = [str(postgres.programs / "pg_dump"), "--schema-only", "--no-comments", "--schema", _schema(url)]
    text = subprocess.run([*command, postgres.url], check=True, capture_output=True, text=True).stdout
    return "\n".join(line for line in text.splitlines() if not line.startswith("\\"))


def _disconnect(practice: PracticeGateway) -> None:
    """Close all connections of the store and refuse new ones."""
    for engine in _engines(practice):
        engine.dispose()
        if engine.dialect.name == "postgresql":  # the first listener that connects is the last one asked
            sqlalchemy.event.remove(engine, "do_connect", database._connect_replicated)
        sqlalchemy.event.listen(engine, "do_connect", _refuse_connection)


def _reconnect(practice: PracticeGateway) -> None:
    for engine in _engines(practice):
        sqlalchemy.event.remove(engine, "do_connect", _refuse_connection)
        if engine.dialect.name == "postgresql":
            sqlalchemy.event.listen(engine, "do_connect", database._connect_replicated)


def _engines(practice: PracticeGateway) -> set[sqlalchemy.Engine]:
    context = practice.gateway.app.extensions["gateway"]
    return {context.engine, context.auth_engine}


def _refuse_connection(dialect: Any, *_args: object) -> None:
    raise dialect.loaded_dbapi.OperationalError("away")
