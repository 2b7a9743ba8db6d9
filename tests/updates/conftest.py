"""Fixtures: a province, and a machine that trusts it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet

from kiosk.base import clock
from kiosk.config import Config
from tests.sync.practice_gateway import PracticeGateway
from tests.updates.province import Province, make_machine


@pytest.fixture(autouse=True)
def one_date_for_lists(one_date: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the library of the signed lists, which takes no clock, compare with the time that the other code gets."""
    make = TrustedMetadataSet.__init__

    def make_at_one_date(lists: TrustedMetadataSet, *args: Any, **named: Any) -> None:
        make(lists, *args, **named)
        lists.reference_time = clock.now()

    monkeypatch.setattr(TrustedMetadataSet, "__init__", make_at_one_date)


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
