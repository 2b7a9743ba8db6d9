"""Voice model of the ward or the province: a Piper voice (VITS), run by onnxruntime.

Two files: `NAME.onnx`, and `NAME.onnx.json` with its sample rate, its phonemes and their numbers. The phonemes are
those of espeak-ng, or the letters themselves (`phoneme_type`). piper-tts is under the GPL and brings its own espeak-ng;
the part of it that a kiosk needs is here.
"""

import importlib
import importlib.util
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from kiosk.voice.errors import BadVoiceModel
from kiosk.voice.espeak import is_installed, shared_espeak
from kiosk.voice.sound import FULL_SCALE, SAMPLE_RATE

_LANGUAGES = ("vi", "en")
_BEGIN = "^"
_END = "$"
_PAD = "_"
"""Phonemes that every model has: begin and end of a sentence, and the one between all others."""
_INPUTS = {"input", "input_lengths", "scales"}
_PAUSE = bytes(2 * SAMPLE_RATE // 5)
"""Silence between two sentences: 0.2 s."""
_OTHER_LANGUAGE = re.compile(r"\([a-z-]+\)")
"""Mark of espeak-ng at a word of another language."""
_CLAUSE = re.compile(r"([,.:;?!])")


@dataclass(frozen=True)
class ModelSettings:
    """Settings of a model, from the file beside it."""

    lang: str
    voice: str
    """Voice of espeak-ng whose phonemes the model knows; empty: the phonemes are letters."""
    ids: Mapping[str, Sequence[int]]
    scales: tuple[float, float, float]
    """Noise, length and noise of the lengths, as the model was trained."""


def read_settings(file: Path) -> ModelSettings:
    """Return the settings of a model; the model itself is not loaded.

    Raises:
        BadVoiceModel: the sentence says what is wrong with the files, or which package is missing.
    """
    if not file.is_file():
        raise BadVoiceModel(f"Không thấy mô hình giọng {file}.", f"There is no voice model {file}.")
    settings_file = file.with_name(f"{file.name}.json")
    try:
        table = json.loads(settings_file.read_text("utf-8"))
        settings = _parse(table)
    except OSError as cause:
        raise BadVoiceModel(
            f"Thiếu tệp {settings_file.name} bên cạnh mô hình. Chép cả hai tệp vào cùng một thư mục.",
            f"The file {settings_file.name} is missing beside the model. Copy both files into one folder.",
        ) from cause
    except (ValueError, TypeError, LookupError, AttributeError) as cause:
        raise BadVoiceModel(
            f"Tệp {settings_file.name} không phải tệp mô tả của một giọng Piper. Xin lại tệp.",
            f"The file {settings_file.name} does not describe a Piper voice. Ask for it again.",
        ) from cause
    _require_packages(settings)
    return settings


def _parse(table: Mapping[str, Any]) -> ModelSettings:
    rate = table["audio"]["sample_rate"]
    if rate != SAMPLE_RATE:
        raise BadVoiceModel(
            f"Mô hình nói {rate} mẫu mỗi giây; máy cần {SAMPLE_RATE}. Xin bản “medium” của giọng này.",
            f"The model speaks {rate} samples a second; the kiosk needs {SAMPLE_RATE}. Ask for its medium version.",
        )
    kind = table.get("phoneme_type", "espeak")
    if kind not in ("espeak", "text"):
        raise BadVoiceModel(
            f"Mô hình dùng âm vị kiểu “{kind}”; máy chỉ đọc được kiểu “espeak” và “text”.",
            f"The model has phonemes of the kind “{kind}”; the kiosk knows “espeak” and “text”.",
        )
    voice = str(table.get("espeak", {}).get("voice", ""))
    lang = str(table.get("language", {}).get("code") or voice)[:2].lower()
    if lang not in _LANGUAGES:
        raise BadVoiceModel(
            f"Mô hình nói tiếng “{lang}”; máy chỉ dùng mô hình tiếng Việt (vi) hoặc tiếng Anh (en).",
            f"The model speaks “{lang}”; the kiosk uses Vietnamese (vi) and English (en) models.",
        )
    ids = {str(phoneme): [int(number) for number in numbers] for phoneme, numbers in table["phoneme_id_map"].items()}
    if not ids.keys() >= {_BEGIN, _END, _PAD}:
        raise LookupError("the phonemes of begin, end and pause")
    inference = table.get("inference", {})
    return ModelSettings(
        lang=lang,
        voice=voice if kind == "espeak" else "",
        ids=ids,
        scales=(
            float(inference.get("noise_scale", 0.667)),
            float(inference.get("length_scale", 1.0)),
            float(inference.get("noise_w", 0.8)),
        ),
    )


def _require_packages(settings: ModelSettings) -> None:
    missing = [] if _is_importable("onnxruntime") else ["onnxruntime"]
    if settings.voice and not is_installed():
        missing.append("espeakng-loader")
    if missing:
        names = " ".join(missing)
        raise BadVoiceModel(
            f"Mô hình giọng cần thêm: pip install {names}", f"The voice model needs: pip install {names}"
        )


def _is_importable(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ValueError:  # hidden from the import system
        return False


class VoiceModel:
    """A loaded model. onnxruntime may be called by several threads; espeak-ng has a lock of its own."""

    def __init__(self, file: Path) -> None:
        """Load the model.

        Raises:
            BadVoiceModel: the sentence says why it cannot speak.
        """
        self._settings = read_settings(file)
        self._numpy = importlib.import_module("numpy")
        self._session = _open_session(file)
        self._inputs = {given.name for given in self._session.get_inputs()}
        if not _INPUTS <= self._inputs <= _INPUTS | {"sid"}:
            raise BadVoiceModel(
                f"{file.name} không phải giọng Piper (VITS): đầu vào của mô hình khác. Xin lại tệp.",
                f"{file.name} is no Piper voice (VITS): the model has other inputs. Ask for it again.",
            )
        self.languages = frozenset({self._settings.lang})
        self.name = f"{file.name}, {file.stat().st_size}"

    def speak(self, words: str, lang: str) -> bytes:  # noqa: ARG002 - a model speaks one language
        """Return words as samples.

        Raises:
            BadVoiceModel: the model cannot speak them.
        """
        sentences = re.split(r"(?<=[.!?])\s+", words)
        return _PAUSE.join(self._speak_sentence(sentence) for sentence in sentences if sentence)

    def _speak_sentence(self, sentence: str) -> bytes:
        numpy = self._numpy
        ids = self._ids(self._phonemes(sentence))
        given = {
            "input": numpy.array([ids], dtype=numpy.int64),
            "input_lengths": numpy.array([len(ids)], dtype=numpy.int64),
            "scales": numpy.array(self._settings.scales, dtype=numpy.float32),
        }
        if "sid" in self._inputs:  # a model of several speakers: the first one
            given["sid"] = numpy.array([0], dtype=numpy.int64)
        try:
            audio = self._session.run(None, given)[0].squeeze()
        except Exception as cause:  # onnxruntime has no common class of its errors
            raise BadVoiceModel from cause
        return bytes((numpy.clip(audio, -1.0, 1.0) * FULL_SCALE).astype("<i2").tobytes())

    def _phonemes(self, sentence: str) -> str:
        """Return the phonemes of a sentence, with the signs at which a speaker pauses."""
        if not self._settings.voice:
            return unicodedata.normalize("NFD", sentence)
        parts = (
            part if _CLAUSE.fullmatch(part) else shared_espeak().phonemes(part.strip(), self._settings.voice)
            for part in _CLAUSE.split(sentence)
            if part.strip()
        )
        joined = "".join(f"{part} " if _CLAUSE.fullmatch(part) else part for part in parts)
        return unicodedata.normalize("NFD", _OTHER_LANGUAGE.sub("", joined)).strip()

    def _ids(self, phonemes: str) -> list[int]:
        """Return the numbers of phonemes; one that the model does not know is left out."""
        ids = self._settings.ids
        known = [ids.get(phoneme) or ids.get(phoneme.lower()) or () for phoneme in phonemes]
        found = [*ids[_BEGIN], *ids[_PAD]]
        for numbers in filter(None, known):
            found += [*numbers, *ids[_PAD]]
        return [*found, *ids[_END]]


def _open_session(file: Path) -> Any:
    """Load a model with one thread: the pages of the kiosk come first.

    Raises:
        BadVoiceModel: onnxruntime cannot read it.
    """
    runtime: ModuleType = importlib.import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # a faulty file is reported by its error
    try:
        return runtime.InferenceSession(str(file), sess_options=options, providers=["CPUExecutionProvider"])
    except Exception as cause:  # onnxruntime has no common class of its errors
        raise BadVoiceModel(
            f"{file.name} bị hỏng hoặc không phải mô hình ONNX. Chép lại tệp.",
            f"{file.name} is damaged or no ONNX model. Copy it again.",
        ) from cause
