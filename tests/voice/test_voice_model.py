"""Tests of a voice model (ONNX): what it speaks, what is said of faulty files, and which engine speaks a language."""

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.config import Config
from kiosk.errors import KioskError
from kiosk.voice import engine, espeak, voice_model
from kiosk.voice.errors import BadVoiceModel, NoSpeechEngine
from kiosk.voice.voice_model import VoiceModel, read_settings
from tests.voice.small_model import write_model, write_settings

HAS_RUNTIME = importlib.util.find_spec("onnxruntime") is not None
needs_runtime = pytest.mark.skipif(not HAS_RUNTIME, reason="onnxruntime is an extra")


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Forget engines that other tests have loaded."""
    for known in (engine.open_engine, engine._languages_of, espeak.shared_espeak):
        known.cache_clear()
    yield
    for known in (engine.open_engine, engine._languages_of, espeak.shared_espeak):
        known.cache_clear()


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_model, "_is_importable", lambda _name: True)
    monkeypatch.setattr(voice_model, "is_installed", lambda: True)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_settings(write_model(tmp_path / "giong.onnx"))


@needs_runtime
def test_a_model_speaks_each_letter_and_mark_with_its_own_number(model: Path) -> None:
    voice = VoiceModel(model)
    ids = json.loads(model.with_name("giong.onnx.json").read_text())["phoneme_id_map"]
    expected = [1, 0]
    for sign in ("b", "e", "\u0301", " ", "a", "."):  # the grave and acute marks are phonemes of their own
        expected += [*ids[sign], 0]
    frames = memoryview(voice.speak("Bé a.", "vi")).cast("h")
    loud = [round(frames[place] / 32767 / 0.002) for place in range(0, len(frames), 100)]
    assert loud == [*expected, 2]
    assert voice.languages == {"vi"}


@needs_runtime
def test_sentences_are_spoken_one_by_one_with_a_pause(model: Path) -> None:
    voice = VoiceModel(model)
    one, two = voice.speak("Một.", "vi"), voice.speak("Hai.", "vi")
    assert voice.speak("Một. Hai.", "vi") == one + bytes(2 * 4410) + two


@needs_runtime
def test_a_phoneme_that_the_model_does_not_know_is_left_out(model: Path) -> None:
    voice = VoiceModel(model)
    assert voice.speak("bæ", "vi") == voice.speak("b", "vi")


@needs_runtime
@pytest.mark.skipif(not espeak.is_installed(), reason="espeak-ng is an extra")
def test_a_model_of_espeak_phonemes_hears_the_tones_and_the_pauses(tmp_path: Path) -> None:
    ids = {"_": [0], "^": [1], "$": [2], ",": [4], ".": [5]} | {sign: [20] for sign in "abɓeɛghijklmnoɔpstuvwxyzɡŋ"}
    file = write_settings(write_model(tmp_path / "x.onnx"), phoneme_type="espeak", phoneme_id_map=ids)
    frames = memoryview(VoiceModel(file).speak("ba, bà.", "vi")).cast("h")
    loud = [round(frames[place] / 32767 / 0.002) for place in range(0, len(frames), 100)]
    assert loud[:2] == [1, 0]
    assert 20 in loud
    assert loud.index(4) < loud.index(5)
    assert loud[-1] == 2
    with pytest.raises(BadVoiceModel, match="không có giọng"):
        VoiceModel(
            write_settings(file, phoneme_type="espeak", espeak={"voice": "vi-nowhere"}, phoneme_id_map=ids)
        ).speak("ba", "vi")


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


@needs_runtime
def test_a_file_that_is_no_model_or_another_kind_of_model_is_refused(model: Path) -> None:
    write_model(model, names=("text", "input_lengths", "scales"))
    with pytest.raises(BadVoiceModel, match="không phải giọng Piper"):
        VoiceModel(model)
    model.write_bytes(b"no model at all")
    with pytest.raises(BadVoiceModel, match="bị hỏng"):
        VoiceModel(model)


@needs_runtime
def test_the_model_speaks_its_language_and_espeak_the_others(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "is_installed", lambda: False)
    monkeypatch.setitem(__import__("sys").modules, "espeakng_loader", None)
    assert engine.spoken_languages(model) == {"vi"}
    assert isinstance(engine.open_engine(model, "vi"), VoiceModel)
    with pytest.raises(NoSpeechEngine):
        engine.open_engine(model, "en")
    with pytest.raises(NoSpeechEngine):
        engine.open_engine(None, "vi")
    monkeypatch.setattr(espeak, "is_installed", lambda: True)
    assert engine.spoken_languages(None) == {"vi", "en"}


def test_espeak_speaks_on_a_page_in_the_place_of_a_faulty_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken = object()
    monkeypatch.setattr(espeak, "shared_espeak", lambda: spoken)
    assert engine.open_live_engine(tmp_path / "gone.onnx", "vi") is spoken
    assert engine.spoken_languages(tmp_path / "gone.onnx") == engine.spoken_languages(None)
    with pytest.raises(KioskError):
        engine.open_engine(tmp_path / "gone.onnx", "vi")


@needs_runtime
def test_the_check_loads_the_model_and_says_its_fault_with_a_code(
    model: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text('[voice]\nmodel = "giong.onnx"\n')
    main(["--config", str(settings), "voice", "check"])
    assert "giong.onnx: dùng được, tiếng vi, đọc thẳng chữ." in capsys.readouterr().out
    model.write_bytes(b"no model at all")
    assert main(["--config", str(settings), "voice", "check"]) == 1
    assert "giong.onnx bị hỏng" in (output := capsys.readouterr().out)
    assert "K-55" in output


def test_without_a_model_in_the_settings_there_is_none() -> None:
    assert Config().voice_model is None
    assert engine.model_problem(None) is None
