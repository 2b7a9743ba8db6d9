"""Fixtures: a voice model, and engines that no other test has loaded."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.voice import engine, espeak
from tests.voice.small_model import write_model, write_settings

collect_ignore = [] if importlib.util.find_spec("onnxruntime") else ["test_speaking_model.py"]


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Forget engines that other tests have loaded."""
    for known in (engine.open_engine, engine._languages_of, espeak.shared_espeak):
        known.cache_clear()
    yield
    for known in (engine.open_engine, engine._languages_of, espeak.shared_espeak):
        if hasattr(known, "cache_clear"):
            known.cache_clear()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_settings(write_model(tmp_path / "giong.onnx"))
