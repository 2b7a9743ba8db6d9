"""Fixture: one kiosk on the LAN for the tests of a module."""

from collections.abc import Iterator

import pytest

from tests.lan_server.lan_kiosk import LanKiosk, lan_kiosk


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanKiosk]:
    with lan_kiosk(tmp_path_factory.mktemp("lan")) as kiosk:
        yield kiosk
