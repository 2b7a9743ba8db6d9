"""A kiosk's floor in a fresh folder: clock, settings, grown store, vault."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.clock import Fixed
from kiosk.config import Config
from kiosk.db import Store
from kiosk.schema import grow
from kiosk.vault import Vault, open_vault


@pytest.fixture
def clock() -> Fixed:
    """Half past eight in the ward on Tuesday 24 November 2026."""
    return Fixed(datetime(2026, 11, 24, 1, 30, tzinfo=UTC))


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return replace(Config(), root=tmp_path)


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    with Store(config.store_path) as store:
        grow(store)
        yield store


@pytest.fixture
def vault(config: Config, store: Store) -> Vault:
    return open_vault(config.key_path, store)
