"""Encoder of clips: mono Ogg Opus by libsndfile, which every Chromium plays.

The encoder (`soundfile` and numpy) is needed where clips are made, not where they are served.
"""

import importlib
import math
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

from kiosk.base.errors import BadSettings
from kiosk.voice.sound import FULL_SCALE, SAMPLE_RATE, normalize_loudness

SUFFIX = ".ogg"
OPUS_RATE = 24000
"""Samples a second: Opus knows 8, 12, 16, 24 and 48 kHz alone, and speech has little above 12 kHz."""
_COMPRESSION = 0.965
"""Of libsndfile, from 0 (256 kbit/s) to 1 (6 kbit/s): 15 kbit/s of sound, about 20 with the frames of Ogg."""


def load_encoder() -> ModuleType:
    """Return the encoder.

    Raises:
        BadSettings: it is not installed.
    """
    try:
        return importlib.import_module("soundfile")
    except ImportError as cause:
        raise BadSettings(
            "Làm giọng cần thêm: pip install soundfile", "To make clips of a voice: pip install soundfile"
        ) from cause


def write_clip(file: Path, frames: bytes) -> Path:
    """Write samples as an equally loud clip, atomically: a page that requests it gets the old file or the new one.

    Args:
        file: the Ogg file.
        frames: 16-bit mono samples at `SAMPLE_RATE`.

    Raises:
        BadSettings: the encoder is not installed.
    """
    load_encoder()
    numpy = importlib.import_module("numpy")
    samples = numpy.frombuffer(normalize_loudness(frames), numpy.int16) / FULL_SCALE
    part = file.with_suffix(".part")
    _encode(samples, SAMPLE_RATE, part)
    return part.replace(file)


def encode_recording(file: Path, into: Path) -> None:
    """Write a WAV file of any sample rate as a clip; several channels become one.

    Raises:
        BadSettings: the encoder is not installed.
        ValueError: the file is no WAV that can be read.
    """
    soundfile = load_encoder()
    try:
        samples, rate = soundfile.read(file, always_2d=True)
    except soundfile.LibsndfileError as cause:
        raise ValueError(file) from cause
    _encode(samples.mean(axis=1), rate, into)


def _encode(samples: Any, rate: int, into: Path) -> None:
    """Write an array of samples from -1 to 1 as Ogg Opus."""
    load_encoder().write(
        into,
        _resample(samples, Fraction(OPUS_RATE, rate)),
        OPUS_RATE,
        format="OGG",
        subtype="OPUS",
        compression_level=_COMPRESSION,
    )


def _resample(samples: Any, ratio: Fraction) -> Any:
    """Return samples at another rate, by cutting or filling up their spectrum; nothing below the lower rate is lost."""
    numpy = importlib.import_module("numpy")
    padded = max(1, math.ceil(len(samples) / ratio.denominator)) * ratio.denominator
    spectrum = numpy.fft.rfft(samples, padded)
    resampled = numpy.fft.irfft(spectrum, padded // ratio.denominator * ratio.numerator) * float(ratio)
    return numpy.clip(resampled[: round(len(samples) * ratio)], -1.0, 1.0)
