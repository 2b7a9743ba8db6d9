"""A content alone is rolled out: from the operator's page to a kiosk, into its catalogue, and back into the list."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from kiosk.config import Config
from kiosk.portal import kiosk_report
from kiosk.startup.context_factory import open_context
from kiosk.worker.updates import SHIPPED
from sync.portals import kiosk_sync_encode
from tests.sync.fleet import Fleet, FleetMachine
from tests.sync.practice_gateway import PracticeGateway
from tests.sync.test_operator import csrf, sign_in
from tests.sync.test_rollouts import approve, browser_of
from tests.updates.province import PRESENT, Province, programs
from tests.updates.test_gateway_source import content_tree, name_of, run_updates

CONTENT = "2026.11.28"


@pytest.fixture
def fleet(gateway: PracticeGateway) -> Iterator[Fleet]:
    fleet = Fleet(gateway, 2, per_ward=1)
    yield fleet
    fleet.close()


@pytest.fixture
def operator(gateway: PracticeGateway) -> Iterator[FlaskClient]:
    with gateway.gateway.app.test_client() as browser:
        sign_in(browser)
        yield browser


def report(machine: FleetMachine, ward: Config) -> dict[str, Any]:
    """Report what the store of the ward says about itself; return what the answer lets it take."""
    context = open_context(ward)
    with closing(context.store):
        state = kiosk_sync_encode.kiosk_report(kiosk_report.find_report(context))
    return machine.report(**state)


def shown(operator: FlaskClient) -> str:
    return " ".join(operator.get("/fleet").text.split())


def act(operator: FlaskClient, path: str, **form: str) -> None:
    mark = csrf(operator.get("/fleet"))
    assert operator.post(path, data={"csrf": mark, **form}).status_code == 302


def test_content_alone_goes_from_the_page_to_a_kiosk_and_back_into_the_list(
    machine: Config, gateway: PracticeGateway, province: Province, fleet: Fleet, operator: FlaskClient, tmp_path: Path
) -> None:
    ward = replace(machine, updates=replace(machine.updates, source=f"{gateway.url}/releases"))
    shipped = name_of(ward)
    first, other = fleet.machines
    province.publish_content(CONTENT, content_tree(tmp_path / "content", "Tên mới"))
    assert report(first, ward) == {}, "no roll-out, nothing to take"
    other.report(content=SHIPPED)
    act(operator, "/rollouts", kind="content", version=CONTENT, unit_code="H57.99.01", pace="0")
    assert report(first, ward) == {}, "another person has not approved it"
    assert approve(browser_of(gateway, "duyet.mot", "approver"), CONTENT).status_code == 302

    assert other.report() == {}, "the second ward waits for the first"
    allowed = report(first, ward)
    assert allowed == {"content": CONTENT}
    assert run_updates(ward, allowed).content == CONTENT
    assert name_of(ward) == "Tên mới"
    assert programs(ward).current() == PRESENT, "the program stays"

    report(first, ward)
    page = shown(operator)
    assert f'<span title="{CONTENT}">28/11</span>' in page
    assert f"Nội dung {CONTENT}" in page
    assert other.report() == {"content": CONTENT}, "the next stage has begun: the pace of the content is 0"

    act(operator, "/rollouts/1/back", sure="1")
    allowed = report(first, ward)
    assert allowed == {"content": SHIPPED}
    assert run_updates(ward, allowed).content == ""
    assert name_of(ward) == shipped
    report(first, ward)
    assert f'<span title="{CONTENT}">' not in shown(operator)
    assert f"Đã lùi về {SHIPPED}" in shown(operator)
