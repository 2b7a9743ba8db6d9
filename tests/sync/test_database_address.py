"""Addresses of the gateway's database: one or several servers, and what is refused with a sentence."""

import pytest

from sync.gateway import BadAddress, BadDatabase
from sync.gateway.database import open_engine
from sync.gateway.database_address import parse_address
from tests.sync.postgres import Postgres

READ_WRITE = "target_session_attrs=read-write"


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("postgresql:///gateway?host=/var/run/postgresql", "/var/run/postgresql", None),
        ("postgresql:///gateway", None, None),
        ("postgresql://db1/gateway", "db1", None),
        ("postgresql://db1:5433/gateway", "db1", "5433"),
        ("postgresql://[2001:db8::1]:5433/gateway", "2001:db8::1", "5433"),
        (f"postgresql:///gateway?host=db1&host=db2&{READ_WRITE}", "db1,db2", None),
        (f"postgresql:///gateway?host=db1&host=db2&port=5433&{READ_WRITE}", "db1,db2", "5433,5433"),
        (f"postgresql:///gateway?host=db1,db2&port=5432,5433&{READ_WRITE}", "db1,db2", "5432,5433"),
        (f"postgresql:///gateway?host=db1:5432&host=db2:5433&{READ_WRITE}", "db1,db2", "5432,5433"),
        (f"postgresql:///gateway?host=db1:5433&host=db2&{READ_WRITE}", "db1,db2", "5433,"),
        (f"postgresql://db1:5432,db2:5433/gateway?{READ_WRITE}", "db1,db2", "5432,5433"),
        (f"postgresql://[2001:db8::1]:5432,[2001:db8::2]/gateway?{READ_WRITE}", "2001:db8::1,2001:db8::2", "5432,"),
        (f"postgresql:///gateway?host=[::1]:5432&host=[::2]:5433&{READ_WRITE}", "::1,::2", "5432,5433"),
        (f"postgresql:///gateway?host=/run/a&host=/run/b&port=1&{READ_WRITE}", "/run/a,/run/b", "1,1"),
    ],
)
def test_the_servers_of_an_address_are_given_to_libpq(address: str, host: str | None, port: str | None) -> None:
    parameters = parse_address(address).parameters
    assert (parameters.get("host"), parameters.get("port"), parameters["dbname"]) == (host, port, "gateway")


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("postgresql:///gateway?host=db1&host=db2", "attrs"),
        ("postgresql://db1,db2/gateway?target_session_attrs=any", "attrs"),
        ("postgresql://db1,db2/gateway?target_session_attrs=prefer-standby", "attrs"),
        (f"postgresql:///gateway?host=db1,db2,db3&port=5432,5433&{READ_WRITE}", "ports"),
        (f"postgresql:///gateway?host=db1:5432&host=db2&port=5433&{READ_WRITE}", "ports"),
        ("postgresql:///gateway?host=db1&port=5432,5433", "ports"),
        ("postgresql://db1:gateway/gateway", "port"),
        ("postgresql://db1:65536/gateway", "port"),
        ("postgresql:///gateway?host=db1&port=0", "port"),
        ("postgresql://2001:db8::1/gateway", "brackets"),
        (f"postgresql:///gateway?host=::1&host=::2&{READ_WRITE}", "brackets"),
        ("postgresql:///gateway?host=[db1]:5432", "brackets"),
        ("postgresql:///gateway?host=[::1]5432", "brackets"),
        (f"postgresql://db1:5432/gateway?host=db2&{READ_WRITE}", "places"),
        (f"postgresql:///gateway?host=db1,,db2&{READ_WRITE}", "name"),
        (f"postgresql:///gateway?host=db1:5432&host=db1:5432&{READ_WRITE}", "twice"),
        (f"postgresql:///gateway?host=db1&{READ_WRITE}&{READ_WRITE}", "option"),
    ],
)
def test_an_address_that_contradicts_itself_is_refused_with_what_to_do(address: str, kind: str) -> None:
    with pytest.raises(BadAddress) as error:
        open_engine(address)
    assert (error.value.kind, "db1" in error.value.vietnamese) == (kind, kind in ("places", "ports"))


def test_a_login_and_a_password_are_decoded_and_never_shown() -> None:
    address = parse_address(
        f"postgresql://c%C3%B4ng:m%40t%3Ag%2Fi%2Bm@db1,db2/gateway?{READ_WRITE}&sslmode=verify-full"
    )
    options = address.parameters
    assert (options["user"], options["password"], options["sslmode"]) == ("công", "m@t:g/i+m", "verify-full")
    assert "m@t" not in repr(address)


def test_a_server_that_is_off_does_not_hold_up_the_next_one() -> None:
    assert parse_address(f"postgresql://db1,db2/gateway?{READ_WRITE}").parameters["connect_timeout"] == "5"
    own = parse_address(f"postgresql://db1,db2/gateway?{READ_WRITE}&connect_timeout=2").parameters
    assert own["connect_timeout"] == "2"
    assert "connect_timeout" not in parse_address("postgresql://db1/gateway").parameters


@pytest.mark.parametrize("address", ["postgresql://[::1/gateway", "postgresql:///gateway?host=db1&colour=red"])
def test_an_address_that_libpq_does_not_understand_is_refused(address: str) -> None:
    with pytest.raises(BadDatabase):
        open_engine(address)


def test_the_server_that_answers_is_used(postgres: Postgres) -> None:
    url = postgres.new_url().replace("host=", "host=/nowhere&host=")
    engine = open_engine(f"{url}&{READ_WRITE}")
    with engine.begin() as db:
        assert db.exec_driver_sql("select 1").scalar() == 1
    engine.dispose()
