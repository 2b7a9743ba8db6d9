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

OPENING = "moi-so"
TO_COUNTER = "den-quay"
NUMBERS = {
    "không": "so-0", "một": "so-1", "hai": "so-2", "ba": "so-3", "bốn": "so-4", "năm": "so-5", "sáu": "so-6",
    "bảy": "so-7", "tám": "so-8", "chín": "so-9", "mười": "so-10", "mươi": "muoi", "mốt": "mot", "lăm": "lam",
    "linh": "linh", "trăm": "tram",
}  # fmt: skip
"""Word of a number -> clip; names without marks, for một and mốt, mười and mươi would be one file on many sticks."""
LETTERS = {
    "A": "a", "B": "bê", "C": "xê", "D": "dê", "E": "e", "F": "ép", "G": "giê", "H": "hát", "I": "i", "J": "di",
    "K": "ca", "L": "e lờ", "M": "em mờ", "N": "en nờ", "O": "o", "P": "pê", "Q": "quy", "R": "e rờ", "S": "ét",
    "T": "tê", "U": "u", "V": "vê", "W": "vê kép", "X": "ích", "Y": "y dài", "Z": "dét",
}  # fmt: skip
PIECES = {
    OPENING: "Mời số",
    TO_COUNTER: "đến quầy số",
    **{clip: word for word, clip in NUMBERS.items()},
    **{f"chu-{letter.lower()}": word for letter, word in LETTERS.items()},
}
"""Clip -> what it says."""

LABEL = re.compile(r"([A-Z])([0-9]{3})")
HIGHEST_COUNTER = 30
RATE = 22050  # samples a second, what espeak-ng speaks with
SHORTEST = 0.08
LONGEST = 3.0  # seconds of a clip
QUIETEST = 0.05  # of full scale: below it nobody in a hall hears anything
PEAK = 30000
LOUDNESS = 5200  # of 32767: every clip equally loud (root of the mean square), none cut off
HUSH = 300  # of 32767: silence at a clip's ends, left away so that words follow one another as in speech


class NoSpeaker(KioskError):  # noqa: N818 - read in sentences, like its kin in kiosk/errors.py
    """There is nothing here that could speak the clips."""

    code = "K-03"
    vi = "Chưa có giọng máy. Cài thêm: pip install espeakng-loader. Hoặc thu giọng của phường vào thư mục own."
    en = "There is no speech engine. Install it: pip install espeakng-loader. Or put recordings into the folder own."


def clips_of_number(number: int) -> list[str]:
    """Return the clips that say a whole number from 0 to 999, as Vietnamese reads it."""
    if not 0 <= number <= 999:
        raise ValueError("the voice reads 0 to 999")
    return [NUMBERS[word] for word in number_in_words(number).split()]


def clips_of_call(label: str, counter: int) -> list[str]:
    """Return the clips that call a ticket ("A017") to a counter (1 to 30); none when the voice has no words for it."""
    ticket = LABEL.fullmatch(label)
    if ticket is None or not 1 <= counter <= HIGHEST_COUNTER:
        return []
    letter = ticket[1].lower()
    number = int(ticket[2])
    return [OPENING, f"chu-{letter}", *clips_of_number(number), TO_COUNTER, *clips_of_number(counter)]


def folder(config: Config) -> Path:
    """Return where the clips lie; practice and the real kiosk speak with one voice."""
    return config.root / config.kiosk.data / "voice"


def find(within: Path, clip: str) -> Path | None:
    """Return the file of a clip, the ward's own before the made one; None when there is none or no such clip."""
    if clip not in PIECES:
        return None
    files = (within / kind / f"{clip}.wav" for kind in ("own", "made"))
    return next((file for file in files if file.is_file()), None)


def sayable(within: Path, clips: list[str]) -> list[str]:
    """Return the clips if all of them are there; a call with a word left out could send somebody elsewhere."""
    return clips if all(find(within, clip) for clip in clips) else []


def wanted(letters: Iterable[str]) -> list[str]:
    """Return the clips that a ward with these series needs: all but the letters of series it has not."""
    return [OPENING, TO_COUNTER, *NUMBERS.values(), *(f"chu-{letter.lower()}" for letter in sorted(letters))]


def fault(file: Path) -> str:
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
    if not SHORTEST <= seconds <= LONGEST:
        return f"dài {seconds:.1f} giây; phải từ {SHORTEST} đến {LONGEST:.0f} giây"
    if max(map(abs, _samples(frames)), default=0) < QUIETEST * 32767:
        return "nhỏ quá, gần như không nghe được"
    return ""


def _samples(frames: bytes) -> "array.array[int]":
    read = array.array("h", frames[: len(frames) // 2 * 2])
    if sys.byteorder == "big":
        read.byteswap()
    return read


def build(within: Path, speak: Callable[[str], bytes]) -> list[Path]:
    """Make every clip anew in `made` and return the files; `speak` gives 16-bit mono samples of RATE for a text."""
    made = within / "made"
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    return [_write(made / f"{clip}.wav", _even(speak(words))) for clip, words in PIECES.items()]


def _write(file: Path, frames: bytes) -> Path:
    """Put a clip in its place whole: a board that asks meanwhile gets the old one or the new."""
    part = file.with_suffix(".part")
    with wave.open(str(part), "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(2)
        clip.setframerate(RATE)
        clip.writeframes(frames)
    return part.replace(file)


def _even(frames: bytes) -> bytes:
    """Leave the silence at both ends away, and make what is left as loud as every other clip."""
    samples = _samples(frames)
    heard = [at for at, value in enumerate(samples) if abs(value) > HUSH]
    if not heard:
        return frames
    kept = samples[heard[0] : heard[-1] + 1]
    loud = math.sqrt(sum(value * value for value in kept) / len(kept))
    gain = min(LOUDNESS / loud, PEAK / max(map(abs, kept)))
    even = array.array("h", [round(value * gain) for value in kept])
    if sys.byteorder == "big":
        even.byteswap()
    return even.tobytes()


_HEARD = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_UTF8 = 1  # speak_lib.h
_NORTHERN = b"vi"  # its six tones are told apart; the central voice is flat
_WORDS_A_MINUTE = 1
_SPEED = 145
_LONGEST_PATH = 150  # espeak-ng keeps the path of its data in 160 bytes


def northern_voice() -> Callable[[str], bytes]:
    """Return espeak-ng's northern voice as what `build` asks for; NoSpeaker when it is not installed."""
    loader = _loader()
    data = str(loader.get_data_path()).encode()
    try:
        engine = ctypes.CDLL(loader.get_library_path())
    except OSError as cause:
        raise NoSpeaker from cause
    if len(data) > _LONGEST_PATH or engine.espeak_Initialize(_SYNCHRONOUS, 0, data, _DONT_EXIT) != RATE:
        raise NoSpeaker
    if engine.espeak_SetVoiceByName(_NORTHERN) or engine.espeak_SetParameter(_WORDS_A_MINUTE, _SPEED, 0):
        raise NoSpeaker
    heard = bytearray()

    def hear(samples: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int | None) -> int:
        if samples and count > 0:
            heard.extend(ctypes.string_at(samples, count * 2))
        return 0

    hearing = _HEARD(hear)  # held by `speak`, or the engine would call into what is gone
    engine.espeak_SetSynthCallback(hearing)

    def speak(words: str) -> bytes:
        heard.clear()
        text = words.encode()
        if not hearing or engine.espeak_Synth(text, len(text) + 1, 0, 1, 0, _UTF8, None, None):
            raise NoSpeaker
        return bytes(heard)

    return speak


def _loader() -> ModuleType:
    try:
        return importlib.import_module("espeakng_loader")
    except ImportError as cause:
        raise NoSpeaker from cause
