"""The technician's page of the updates: finds and fetches a signed release with progress, and asks before a switch."""

from dataclasses import replace

import pytest
from flask import Flask

from kiosk.config import Config
from kiosk.context import Context
from kiosk.records import audit
from kiosk.updates import update
from tests.pages.technician.sitting import Bench
from tests.pages.technician.test_copies import wait
from tests.updates.province import NEXT, PRESENT, Province, programs


@pytest.fixture
def bench(app: Flask, machine: Config) -> Bench:
    """Return a technician at the machine of a ward that trusts the province."""
    context: Context = app.extensions["context"]
    context.config = replace(machine, live_folder=None)
    return Bench(app)


def search(bench: Bench, place: str = "") -> Bench:
    bench.go("/technician/updates").post("/technician/updates/search", place=place)
    wait(bench.context, "update")
    return bench.go("/technician/updates")


def test_a_signed_release_is_found_fetched_and_waits(bench: Bench, province: Province) -> None:
    province.publish_program(NEXT)
    assert "chưa có danh mục" in bench.go("/technician/updates").words
    words = search(bench).words
    assert f"Đã tải và soát chữ ký: bản {NEXT}." in words
    assert f"Đã tải bản {NEXT}, đợi đêm để đổi." in words
    assert f"Đổi sang bản {NEXT} ngay" in words
    assert programs(bench.context.config).current() == PRESENT


def test_nothing_newer_is_said(bench: Bench, province: Province) -> None:
    province.publish_program(PRESENT)
    assert "Đã là bản mới nhất." in search(bench).words


def test_a_stick_that_is_not_there_and_a_stranger_are_named_with_their_codes(bench: Bench, province: Province) -> None:
    assert "K-46" in search(bench, "/no/such/stick").words
    province.publish_program(NEXT)
    for file in (province.place / "metadata").glob("*.targets.json"):
        file.write_text(file.read_text().replace(NEXT, "79.0.0"))
    words = search(bench).words
    assert "K-4" in words
    assert programs(bench.context.config).current() == PRESENT


def test_a_switch_is_asked_and_left_to_the_unit(bench: Bench, province: Province) -> None:
    province.publish_program(NEXT)
    search(bench).post("/technician/updates/apply")
    assert "Đổi sang bản mới ngay bây giờ?" in bench.words
    assert update.take_request(bench.context.config.updates_folder) == ""
    bench.post("/technician/updates/apply", sure="yes")
    assert "Đã giao việc." in bench.words
    assert update.take_request(bench.context.config.updates_folder) == "apply"
    with bench.context.store.read() as db:
        assert dict(audit.latest(db, ["update_asked"], 1)[0].line.facts) == {"detail": "apply"}
    assert bench.browser.post("/technician/updates/zeppelin", data={"csrf": "x"}).status_code in (403, 404)


def test_a_machine_whose_program_is_not_replaced_says_so(app: Flask) -> None:
    assert "không tự đổi bản" in Bench(app).go("/technician/updates").words
