"""Tests of a voice model that speaks: its sounds, files that are no model, and which engine speaks a language.

conftest.py leaves this module out where onnxruntime, an extra, is not installed.
"""

import json
from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.voice import engine, espeak
from kiosk.voice.errors import BadVoiceModel, NoSpeechEngine
from kiosk.voice.voice_model import VoiceModel
from tests.voice.small_model import write_model, write_settings


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


def test_sentences_are_spoken_one_by_one_with_a_pause(model: Path) -> None:
    voice = VoiceModel(model)
    one, two = voice.speak("Một.", "vi"), voice.speak("Hai.", "vi")
    assert voice.speak("Một. Hai.", "vi") == one + bytes(2 * 4410) + two


def test_a_phoneme_that_the_model_does_not_know_is_left_out(model: Path) -> None:
    voice = VoiceModel(model)
    assert voice.speak("bæ", "vi") == voice.speak("b", "vi")


if espeak.is_installed():  # espeak-ng is an extra

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


def test_a_file_that_is_no_model_or_another_kind_of_model_is_refused(model: Path) -> None:
    write_model(model, names=("text", "input_lengths", "scales"))
    with pytest.raises(BadVoiceModel, match="không phải giọng Piper"):
        VoiceModel(model)
    model.write_bytes(b"no model at all")
    with pytest.raises(BadVoiceModel, match="bị hỏng"):
        VoiceModel(model)


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
