"""Voice of the board: the clips of a call, their files, their checks, and their synthesis.

A clip is a WAV file of one word or half a phrase; 44 of them say every ticket and every counter. Two folders beside the
store hold them: `own`, for recordings of the ward's speakers, is searched first; `kiosk voice build` fills `made`. A
call needs no clip: without them the board chimes.
"""

import array
import ctypes
import importlib
import math
import re
import sys
import wave
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType

from kiosk.config import Config
from kiosk.errors import KioskError
from kiosk.vietnam.calendar import number_in_words

OPENING_CLIP = "moi-so"
TO_COUNTER_CLIP = "den-quay"
NUMBER_CLIPS = {
    "không": "so-0", "một": "so-1", "hai": "so-2", "ba": "so-3", "bốn": "so-4", "năm": "so-5", "sáu": "so-6",
    "bảy": "so-7", "tám": "so-8", "chín": "so-9", "mười": "so-10", "mươi": "muoi", "mốt": "mot", "lăm": "lam",
    "linh": "linh", "trăm": "tram",
}  # fmt: skip
"""Word of a number -> clip. File names have no marks; một and mốt, mười and mươi would clash on many USB sticks."""
LETTER_NAMES = {
    "A": "a", "B": "bê", "C": "xê", "D": "dê", "E": "e", "F": "ép", "G": "giê", "H": "hát", "I": "i", "J": "di",
    "K": "ca", "L": "e lờ", "M": "em mờ", "N": "en nờ", "O": "o", "P": "pê", "Q": "quy", "R": "e rờ", "S": "ét",
    "T": "tê", "U": "u", "V": "vê", "W": "vê kép", "X": "ích", "Y": "y dài", "Z": "dét",
}  # fmt: skip
CLIP_TEXTS = {
    OPENING_CLIP: "Mời số",
    TO_COUNTER_CLIP: "đến quầy số",
    **{clip: word for word, clip in NUMBER_CLIPS.items()},
    **{f"chu-{letter.lower()}": word for letter, word in LETTER_NAMES.items()},
}
"""Clip -> its text."""

TICKET_LABEL = re.compile(r"([A-Z])([0-9]{3})")
MAX_COUNTER = 30
SAMPLE_RATE = 22050
"""Samples a second; the rate of espeak-ng."""
FULL_SCALE = 32767
MIN_SECONDS = 0.08
MAX_SECONDS = 3.0
MIN_PEAK = 0.05
"""Part of full scale; a softer clip is inaudible in a hall."""
MAX_PEAK = 30000
TARGET_RMS = 5200
"""Root mean square, of 32767: all clips are equally loud and none is clipped."""
SILENCE_LEVEL = 300
"""Of 32767: silence at the ends is cut off, so that words follow one another as in speech."""


class NoSpeechEngine(KioskError):  # noqa: N818 - read in sentences, like the errors of kiosk/errors.py
    """No speech engine is installed."""

    code = "K-03"
    vi = "Chưa có giọng máy. Cài thêm: pip install espeakng-loader. Hoặc thu giọng của phường vào thư mục own."
    en = "There is no speech engine. Install it: pip install espeakng-loader. Or put recordings into the folder own."


def clips_of_number(number: int) -> list[str]:
    """Return the clips of a whole number from 0 to 999, read in Vietnamese."""
    if not 0 <= number <= 999:
        raise ValueError("the voice reads 0 to 999")
    return [NUMBER_CLIPS[word] for word in number_in_words(number).split()]


def clips_of_call(label: str, counter: int) -> list[str]:
    """Return the clips that call a ticket ("A017") to a counter (1 to 30); none if there is no clip for a part."""
    ticket = TICKET_LABEL.fullmatch(label)
    if ticket is None or not 1 <= counter <= MAX_COUNTER:
        return []
    letter = ticket[1].lower()
    number = int(ticket[2])
    return [OPENING_CLIP, f"chu-{letter}", *clips_of_number(number), TO_COUNTER_CLIP, *clips_of_number(counter)]


def short_clips_of_call(label: str, counter: int) -> list[str]:
    """Return the clips of a short call, while several wait: no opening, numbers from 100 digit by digit.

    It uses no clip that the full call of another number does not use; none if there is no clip for a part.
    """
    if not clips_of_call(label, counter):
        return []
    letter = label[0].lower()
    number = int(label[1:])
    digits = [NUMBER_CLIPS[number_in_words(int(digit))] for digit in label[1:]]
    spoken = digits if number >= 100 else clips_of_number(number)
    return [f"chu-{letter}", *spoken, TO_COUNTER_CLIP, *clips_of_number(counter)]


def clips_folder(config: Config) -> Path:
    """Return the folder of the clips; practice and the real kiosk share it."""
    return config.root / config.kiosk.data / "voice"


def find_clip(folder: Path, clip: str) -> Path | None:
    """Return the file of a clip, in `own` before `made`; None if there is no file or no such clip."""
    if clip not in CLIP_TEXTS:
        return None
    files = (folder / kind / f"{clip}.wav" for kind in ("own", "made"))
    return next((file for file in files if file.is_file()), None)


def playable_clips(folder: Path, clips: list[str]) -> list[str]:
    """Return the clips if all have files, else none; a call with a missing word could name another counter."""
    return clips if all(find_clip(folder, clip) for clip in clips) else []


def required_clips(letters: Iterable[str]) -> list[str]:
    """Return the clips that a ward with these series needs."""
    letter_clips = [f"chu-{letter.lower()}" for letter in sorted(letters)]
    return [OPENING_CLIP, TO_COUNTER_CLIP, *NUMBER_CLIPS.values(), *letter_clips]


def clip_problem(file: Path) -> str:
    """Return, in Vietnamese, why a clip cannot be played or heard; empty if it can."""
    try:
        with wave.open(str(file)) as clip:
            width = clip.getsampwidth()
            seconds = clip.getnframes() / clip.getframerate()
            frames = clip.readframes(clip.getnframes())
    except (OSError, EOFError, wave.Error, ZeroDivisionError):
        return "không phải tệp WAV (PCM)"
    if width != 2:
        return f"phải là WAV 16 bit, đang là {width * 8} bit"
    if not MIN_SECONDS <= seconds <= MAX_SECONDS:
        return f"dài {seconds:.1f} giây; phải từ {MIN_SECONDS} đến {MAX_SECONDS:.0f} giây"
    if max(map(abs, _samples(frames)), default=0) < MIN_PEAK * FULL_SCALE:
        return "nhỏ quá, gần như không nghe được"
    return ""


def _samples(frames: bytes) -> "array.array[int]":
    samples = array.array("h", frames[: len(frames) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def build_clips(folder: Path, speak: Callable[[str], bytes]) -> list[Path]:
    """Synthesize every clip into `made`, replacing older ones; return the files.

    Args:
        speak: returns a text as 16-bit mono samples at `SAMPLE_RATE`.
    """
    made = folder / "made"
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    return [_write_clip(made / f"{clip}.wav", _normalize_loudness(speak(text))) for clip, text in CLIP_TEXTS.items()]


def _write_clip(file: Path, frames: bytes) -> Path:
    """Write a clip atomically: a board that requests it at this moment gets the old file or the new one."""
    part = file.with_suffix(".part")
    with wave.open(str(part), "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(2)
        clip.setframerate(SAMPLE_RATE)
        clip.writeframes(frames)
    return part.replace(file)


def _normalize_loudness(frames: bytes) -> bytes:
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


_SYNTH_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
# Constants of speak_lib.h
_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_UTF8 = 1
_RATE_PARAMETER = 1

_NORTHERN_VOICE = b"vi"  # its six tones are distinct; the central voice is flat
_WORDS_PER_MINUTE = 145
_MAX_PATH_BYTES = 150  # espeak-ng keeps the path of its data in 160 bytes


def northern_voice() -> Callable[[str], bytes]:
    """Return a `speak` for `build_clips` with espeak-ng's northern voice.

    Raises:
        NoSpeechEngine: espeak-ng is not installed, or cannot be used.
    """
    engine = _start_engine()
    samples = bytearray()

    def collect(chunk: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int | None) -> int:
        if chunk and count > 0:
            samples.extend(ctypes.string_at(chunk, count * 2))
        return 0

    callback = _SYNTH_CALLBACK(collect)  # `speak` refers to it: the engine calls it after this function has returned
    engine.espeak_SetSynthCallback(callback)

    def speak(text: str) -> bytes:
        samples.clear()
        encoded = text.encode()
        if not callback or engine.espeak_Synth(encoded, len(encoded) + 1, 0, 1, 0, _UTF8, None, None):
            raise NoSpeechEngine
        return bytes(samples)

    return speak


def _start_engine() -> ctypes.CDLL:
    """Load espeak-ng and set its voice and speed."""
    loader = _import_espeakng_loader()
    data = str(loader.get_data_path()).encode()
    try:
        engine = ctypes.CDLL(loader.get_library_path())
    except OSError as cause:
        raise NoSpeechEngine from cause
    if len(data) > _MAX_PATH_BYTES or engine.espeak_Initialize(_SYNCHRONOUS, 0, data, _DONT_EXIT) != SAMPLE_RATE:
        raise NoSpeechEngine
    if engine.espeak_SetVoiceByName(_NORTHERN_VOICE):
        raise NoSpeechEngine
    if engine.espeak_SetParameter(_RATE_PARAMETER, _WORDS_PER_MINUTE, 0):
        raise NoSpeechEngine
    return engine


def _import_espeakng_loader() -> ModuleType:
    try:
        return importlib.import_module("espeakng_loader")
    except ImportError as cause:
        raise NoSpeechEngine from cause
