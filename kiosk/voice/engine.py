"""Port of a speech engine, and espeak-ng behind it.

An engine turns words into samples. Recordings and voices of other programs need no engine: their files go into the
folder of recordings, under the names that `kiosk voice list` prints.
"""

import ctypes
import importlib
import importlib.util
from threading import Lock
from types import ModuleType
from typing import Protocol

from kiosk.errors import KioskError
from kiosk.voice.sound import SAMPLE_RATE


class SpeechEngine(Protocol):
    """A program that speaks; `languages` are the codes of the languages that it knows."""

    languages: frozenset[str]

    def speak(self, words: str, lang: str) -> bytes:
        """Return words as 16-bit mono samples at `SAMPLE_RATE`."""


class NoSpeechEngine(KioskError):  # noqa: N818 - read in sentences, like the errors of kiosk/errors.py
    """No speech engine is installed."""

    code = "K-03"
    vi = "Chưa có giọng máy. Cài thêm: pip install espeakng-loader. Hoặc thu giọng của phường vào thư mục own."
    en = "There is no speech engine. Install it: pip install espeakng-loader. Or put recordings into the folder own."


_SYNTH_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
# Constants of speak_lib.h
_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_UTF8 = 1
_RATE_PARAMETER = 1

_VOICES = {"vi": b"vi", "en": b"en"}
"""Language -> voice. Vietnamese is northern: its six tones are distinct; the central voice of espeak-ng is flat."""
_WORDS_PER_MINUTE = 145
_MAX_PATH_BYTES = 150  # espeak-ng keeps the path of its data in 160 bytes


class Espeak:
    """espeak-ng as a library of this process. It has one state, so only one text is spoken at a time."""

    languages = frozenset(_VOICES)

    def __init__(self) -> None:
        """Load the library.

        Raises:
            NoSpeechEngine: espeak-ng is not installed, or cannot be used.
        """
        self._library = _start_library()
        self._samples = bytearray()
        self._lock = Lock()
        self._callback = _SYNTH_CALLBACK(self._collect)
        self._library.espeak_SetSynthCallback(self._callback)

    def _collect(self, chunk: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int | None) -> int:
        if chunk and count > 0:
            self._samples.extend(ctypes.string_at(chunk, count * 2))
        return 0

    def speak(self, words: str, lang: str) -> bytes:
        """Return words as samples.

        Raises:
            NoSpeechEngine: the engine cannot speak.
        """
        encoded = words.encode()
        with self._lock:
            self._samples.clear()
            # Setting a voice sets its own speed.
            failed = (
                self._library.espeak_SetVoiceByName(_VOICES[lang])
                or self._library.espeak_SetParameter(_RATE_PARAMETER, _WORDS_PER_MINUTE, 0)
                or self._library.espeak_Synth(encoded, len(encoded) + 1, 0, 1, 0, _UTF8, None, None)
            )
            if failed:
                raise NoSpeechEngine
            return bytes(self._samples)


def is_installed() -> bool:
    """Return whether a speech engine is installed; it is not loaded for this."""
    try:
        return importlib.util.find_spec("espeakng_loader") is not None
    except ValueError:  # hidden from the import system
        return False


def _start_library() -> ctypes.CDLL:
    loader = _import_espeakng_loader()
    data = str(loader.get_data_path()).encode()
    try:
        library = ctypes.CDLL(loader.get_library_path())
    except OSError as cause:
        raise NoSpeechEngine from cause
    if len(data) > _MAX_PATH_BYTES or library.espeak_Initialize(_SYNCHRONOUS, 0, data, _DONT_EXIT) != SAMPLE_RATE:
        raise NoSpeechEngine
    return library


def _import_espeakng_loader() -> ModuleType:
    try:
        return importlib.import_module("espeakng_loader")
    except ImportError as cause:
        raise NoSpeechEngine from cause
