"""Tests of the files of a voice model (ONNX): what is said of faulty ones, and who speaks in their place."""

from pathlib import Path

import pytest

from kiosk.base.errors import KioskError
from kiosk.config import Config
from kiosk.voice import engine, espeak, voice_model
from kiosk.voice.errors import BadVoiceModel
from kiosk.voice.voice_model import read_settings
from tests.voice.small_model import write_settings


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_model, "_is_importable", lambda _name: True)
    monkeypatch.setattr(voice_model, "is_installed", lambda: True)


FAULTS = {
    "rate": ({"audio": {"sample_rate": 16000}}, "16000"),
    "phonemes": ({"phoneme_type": "pinyin"}, "pinyin"),
    "language": ({"language": {"code": "de_DE"}}, "“de”"),
    "no phonemes": ({"phoneme_id_map": {"a": [1]}}, "giong.onnx.json"),
    "no sample rate": ({"audio": {}}, "giong.onnx.json"),
}


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_with_the_settings_of_a_model_is_said(model: Path, fault: str) -> None:
    changes, words = FAULTS[fault]
    write_settings(model, **changes)
    with pytest.raises(BadVoiceModel, match=words) as refused:
        read_settings(model)
    assert refused.value.code == "K-55"


@pytest.mark.usefixtures("installed")
def test_missing_files_are_named(model: Path) -> None:
    assert read_settings(model).lang == "vi"
    model.with_name("giong.onnx.json").write_text("not json")
    with pytest.raises(BadVoiceModel, match="không phải tệp mô tả"):
        read_settings(model)
    model.with_name("giong.onnx.json").unlink()
    with pytest.raises(BadVoiceModel, match=r"Thiếu tệp giong\.onnx\.json"):
        read_settings(model)
    model.unlink()
    with pytest.raises(BadVoiceModel, match="Không thấy mô hình"):
        read_settings(model)


def test_the_package_that_a_model_needs_is_named(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_model, "_is_importable", lambda _name: False)
    monkeypatch.setattr(voice_model, "is_installed", lambda: False)
    with pytest.raises(BadVoiceModel, match=r"pip install onnxruntime$"):
        read_settings(model)
    with pytest.raises(BadVoiceModel, match=r"pip install onnxruntime espeakng-loader$"):
        read_settings(write_settings(model, phoneme_type="espeak"))


def test_espeak_speaks_on_a_page_in_the_place_of_a_faulty_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken = object()
    monkeypatch.setattr(espeak, "shared_espeak", lambda: spoken)
    assert engine.open_live_engine(tmp_path / "gone.onnx", "vi") is spoken
    assert engine.spoken_languages(tmp_path / "gone.onnx") == engine.spoken_languages(None)
    with pytest.raises(KioskError):
        engine.open_engine(tmp_path / "gone.onnx", "vi")


def test_without_a_model_in_the_settings_there_is_none() -> None:
    assert Config().voice_model is None
    assert engine.model_problem(None) is None
