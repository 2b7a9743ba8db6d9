"""Fixtures: a province, and a machine that trusts it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.config import Config
from tests.sync.practice_gateway import PracticeGateway
from tests.updates.province import Province, make_machine


@pytest.fixture
def province(tmp_path: Path) -> Province:
    return Province(tmp_path / "province")


@pytest.fixture
def machine(tmp_path: Path, province: Province, empty_store_file: Path) -> Config:
    return make_machine(tmp_path / "ward", empty_store_file, province.place, province.repository.root_file())


@pytest.fixture
def gateway(tmp_path: Path, province: Province) -> Iterator[PracticeGateway]:
    folder = tmp_path / "gateway"
    folder.mkdir()
    gateway = PracticeGateway(folder, releases=str(province.place))
    yield gateway
    gateway.close()
