"""WAV files of clips: 16-bit mono samples, equally loud, without silence at their ends; and faults of recordings."""

import array
import io
import math
import sys
import wave
from pathlib import Path

KINDS = {".wav": "audio/wav", ".ogg": "audio/ogg"}
"""Suffix of a clip -> its MIME type: recordings of the ward are WAV, made and published clips are Ogg."""
SAMPLE_RATE = 22050
"""Samples a second; the rate of espeak-ng."""
FULL_SCALE = 32767
MIN_SECONDS = 0.08
MIN_PEAK = 0.05
"""Part of full scale; a softer clip is inaudible in a hall."""
MAX_PEAK = 30000
TARGET_RMS = 5200
"""Root mean square, of 32767: all clips are equally loud and none is clipped."""
SILENCE_LEVEL = 300
"""Of 32767: silence at the ends is cut off, so that words follow one another as in speech."""


def clip_problem(file: Path, longest: float) -> str:
    """Return, in Vietnamese, why a clip cannot be played or heard; empty if it can.

    Args:
        file: the WAV file.
        longest: seconds that the clip may have.
    """
    try:
        with wave.open(str(file)) as clip:
            width = clip.getsampwidth()
            seconds = clip.getnframes() / clip.getframerate()
            frames = clip.readframes(clip.getnframes())
    except (OSError, EOFError, wave.Error, ZeroDivisionError):
        return "không phải tệp WAV (PCM)"
    if width != 2:
        return f"phải là WAV 16 bit, đang là {width * 8} bit"
    if not MIN_SECONDS <= seconds <= longest:
        return f"dài {seconds:.1f} giây; phải từ {MIN_SECONDS} đến {longest:.0f} giây"
    if max(map(abs, _samples(frames)), default=0) < MIN_PEAK * FULL_SCALE:
        return "nhỏ quá, gần như không nghe được"
    return ""


def as_wav(frames: bytes) -> bytes:
    """Return 16-bit mono samples at `SAMPLE_RATE` as an equally loud WAV file without silence at its ends."""
    content = io.BytesIO()
    with wave.open(content, "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(2)
        clip.setframerate(SAMPLE_RATE)
        clip.writeframes(normalize_loudness(frames))
    return content.getvalue()


def _samples(frames: bytes) -> "array.array[int]":
    samples = array.array("h", frames[: len(frames) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def normalize_loudness(frames: bytes) -> bytes:
    """Cut off the silence at both ends and scale the rest to the loudness of all clips."""
    samples = _samples(frames)
    audible = [index for index, value in enumerate(samples) if abs(value) > SILENCE_LEVEL]
    if not audible:
        return frames
    speech = samples[audible[0] : audible[-1] + 1]
    rms = math.sqrt(sum(value * value for value in speech) / len(speech))
    gain = min(TARGET_RMS / rms, MAX_PEAK / max(map(abs, speech)))
    scaled = array.array("h", [round(value * gain) for value in speech])
    if sys.byteorder == "big":
        scaled.byteswap()
    return scaled.tobytes()
