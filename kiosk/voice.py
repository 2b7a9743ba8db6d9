"""The board's voice: which clips say a call, where they lie, whether they can be played, and how they are made.

A clip is a WAV file of one word or half a phrase, so that 45 of them say every number of every counter. Two folders
beside the store hold them: `own`, where a ward puts recordings of its own speakers, is looked into first; `made` is
filled by `kiosk voice build`. Nothing here is needed to call a number: without clips the board chimes.
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
"""Word of a number -> clip; names without marks, for một and mốt, mười and mươi would be one file on many sticks."""
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
"""Clip -> what it says."""

TICKET_LABEL = re.compile(r"([A-Z])([0-9]{3})")
MAX_COUNTER = 30
SAMPLE_RATE = 22050  # samples a second, what espeak-ng speaks with
MIN_SECONDS = 0.08
MAX_SECONDS = 3.0  # seconds of a clip
MIN_PEAK = 0.05  # of full scale: below it nobody in a hall hears anything
MAX_PEAK = 30000
TARGET_RMS = 5200  # of 32767: every clip equally loud (root of the mean square), none cut off
SILENCE_LEVEL = 300  # of 32767: silence at a clip's ends, left away so that words follow one another as in speech


class NoSpeechEngine(KioskError):  # noqa: N818 - read in sentences, like its kin in kiosk/errors.py
    """There is nothing here that could speak the clips."""

    code = "K-03"
    vi = "Chưa có giọng máy. Cài thêm: pip install espeakng-loader. Hoặc thu giọng của phường vào thư mục own."
    en = "There is no speech engine. Install it: pip install espeakng-loader. Or put recordings into the folder own."


def clips_of_number(number: int) -> list[str]:
    """Return the clips that say a whole number from 0 to 999, as Vietnamese reads it."""
    if not 0 <= number <= 999:
        raise ValueError("the voice reads 0 to 999")
    return [NUMBER_CLIPS[word] for word in number_in_words(number).split()]


def clips_of_call(label: str, counter: int) -> list[str]:
    """Return the clips that call a ticket ("A017") to a counter (1 to 30); none when the voice has no words for it."""
    ticket = TICKET_LABEL.fullmatch(label)
    if ticket is None or not 1 <= counter <= MAX_COUNTER:
        return []
    letter = ticket[1].lower()
    number = int(ticket[2])
    return [OPENING_CLIP, f"chu-{letter}", *clips_of_number(number), TO_COUNTER_CLIP, *clips_of_number(counter)]


def clips_folder(config: Config) -> Path:
    """Return where the clips lie; practice and the real kiosk speak with one voice."""
    return config.root / config.kiosk.data / "voice"


def find_clip(folder: Path, clip: str) -> Path | None:
    """Return the file of a clip, the ward's own before the made one; None when there is none or no such clip."""
    if clip not in CLIP_TEXTS:
        return None
    files = (folder / kind / f"{clip}.wav" for kind in ("own", "made"))
    return next((file for file in files if file.is_file()), None)


def playable_clips(folder: Path, clips: list[str]) -> list[str]:
    """Return the clips if all of them are there; a call with a word left out could send somebody elsewhere."""
    return clips if all(find_clip(folder, clip) for clip in clips) else []


def required_clips(letters: Iterable[str]) -> list[str]:
    """Return the clips that a ward with these series needs: all but the letters of series it has not."""
    return [OPENING_CLIP, TO_COUNTER_CLIP, *NUMBER_CLIPS.values(), *(f"chu-{letter.lower()}" for letter in sorted(letters))]


def clip_problem(file: Path) -> str:
    """Say in Vietnamese what keeps a clip from being heard; "" when nothing does."""
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
    if max(map(abs, _samples(frames)), default=0) < MIN_PEAK * 32767:
        return "nhỏ quá, gần như không nghe được"
    return ""


def _samples(frames: bytes) -> "array.array[int]":
    read = array.array("h", frames[: len(frames) // 2 * 2])
    if sys.byteorder == "big":
        read.byteswap()
    return read


def build_clips(folder: Path, speak: Callable[[str], bytes]) -> list[Path]:
    """Make every clip anew in `made` and return the files; `speak` gives 16-bit mono samples of RATE for a text."""
    made = folder / "made"
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    return [_write_clip(made / f"{clip}.wav", _normalize_loudness(speak(words))) for clip, words in CLIP_TEXTS.items()]


def _write_clip(file: Path, frames: bytes) -> Path:
    """Put a clip in its place whole: a board that asks meanwhile gets the old one or the new."""
    part = file.with_suffix(".part")
    with wave.open(str(part), "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(2)
        clip.setframerate(SAMPLE_RATE)
        clip.writeframes(frames)
    return part.replace(file)


def _normalize_loudness(frames: bytes) -> bytes:
    """Leave the silence at both ends away, and make what is left as loud as every other clip."""
    samples = _samples(frames)
    heard = [at for at, value in enumerate(samples) if abs(value) > SILENCE_LEVEL]
    if not heard:
        return frames
    kept = samples[heard[0] : heard[-1] + 1]
    loud = math.sqrt(sum(value * value for value in kept) / len(kept))
    gain = min(TARGET_RMS / loud, MAX_PEAK / max(map(abs, kept)))
    even = array.array("h", [round(value * gain) for value in kept])
    if sys.byteorder == "big":
        even.byteswap()
    return even.tobytes()


_SYNTH_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_UTF8 = 1  # speak_lib.h
_NORTHERN_VOICE = b"vi"  # its six tones are told apart; the central voice is flat
_RATE_PARAMETER = 1
_WORDS_PER_MINUTE = 145
_MAX_PATH_BYTES = 150  # espeak-ng keeps the path of its data in 160 bytes


def northern_voice() -> Callable[[str], bytes]:
    """Return espeak-ng's northern voice as what `build` asks for; NoSpeaker when it is not installed."""
    loader = _import_espeakng_loader()
    data = str(loader.get_data_path()).encode()
    try:
        engine = ctypes.CDLL(loader.get_library_path())
    except OSError as cause:
        raise NoSpeechEngine from cause
    if len(data) > _MAX_PATH_BYTES or engine.espeak_Initialize(_SYNCHRONOUS, 0, data, _DONT_EXIT) != SAMPLE_RATE:
        raise NoSpeechEngine
    if engine.espeak_SetVoiceByName(_NORTHERN_VOICE) or engine.espeak_SetParameter(_RATE_PARAMETER, _WORDS_PER_MINUTE, 0):
        raise NoSpeechEngine
    heard = bytearray()

    def hear(samples: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int | None) -> int:
        if samples and count > 0:
            heard.extend(ctypes.string_at(samples, count * 2))
        return 0

    hearing = _SYNTH_CALLBACK(hear)  # held by `speak`, or the engine would call into what is gone
    engine.espeak_SetSynthCallback(hearing)

    def speak(words: str) -> bytes:
        heard.clear()
        text = words.encode()
        if not hearing or engine.espeak_Synth(text, len(text) + 1, 0, 1, 0, _UTF8, None, None):
            raise NoSpeechEngine
        return bytes(heard)

    return speak


def _import_espeakng_loader() -> ModuleType:
    try:
        return importlib.import_module("espeakng_loader")
    except ImportError as cause:
        raise NoSpeechEngine from cause
