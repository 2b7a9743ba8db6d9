"""espeak-ng as a library of this process: speaks, and writes words as phonemes for a voice model."""

import ctypes
import importlib
import importlib.util
from functools import cache
from threading import Lock
from types import ModuleType

from kiosk.voice.errors import BadVoiceModel, NoSpeechEngine
from kiosk.voice.sound import SAMPLE_RATE

_SYNTH_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
# Constants of speak_lib.h
_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_UTF8 = 1
_RATE_PARAMETER = 1
_IPA = 0x02

_VOICES = {"vi": b"vi", "en": b"en"}
"""Language -> voice. Vietnamese is northern: its six tones are distinct; the central voice of espeak-ng is flat."""
_WORDS_PER_MINUTE = 145
_MAX_PATH_BYTES = 150  # espeak-ng keeps the path of its data in 160 bytes


class Espeak:
    """espeak-ng. It has one state, so only one text is spoken at a time."""

    languages = frozenset(_VOICES)
    name = "espeak-ng"

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

    def phonemes(self, clause: str, voice: str) -> str:
        """Return a clause without signs in the IPA, as a voice of espeak-ng pronounces it.

        Raises:
            BadVoiceModel: espeak-ng has no such voice.
        """
        text = ctypes.c_char_p(clause.encode())
        found = list[str]()
        with self._lock:
            if self._library.espeak_SetVoiceByName(voice.encode()):
                raise BadVoiceModel(f"espeak-ng không có giọng “{voice}”.", f"espeak-ng has no voice “{voice}”.")
            while text.value:  # espeak-ng moves the pointer on; it is null at the end
                found.append((self._library.espeak_TextToPhonemes(ctypes.byref(text), _UTF8, _IPA) or b"").decode())
        return " ".join(filter(None, found))


def is_installed() -> bool:
    """Return whether espeak-ng is installed; it is not loaded for this."""
    try:
        return importlib.util.find_spec("espeakng_loader") is not None
    except ValueError:  # hidden from the import system
        return False


@cache
def shared_espeak() -> Espeak:
    """Return the one engine of this process.

    Raises:
        NoSpeechEngine: espeak-ng is not installed, or cannot be used.
    """
    return Espeak()


def _start_library() -> ctypes.CDLL:
    loader = _import_espeakng_loader()
    data = str(loader.get_data_path()).encode()
    try:
        library = ctypes.CDLL(loader.get_library_path())
    except OSError as cause:
        raise NoSpeechEngine from cause
    if len(data) > _MAX_PATH_BYTES or library.espeak_Initialize(_SYNCHRONOUS, 0, data, _DONT_EXIT) != SAMPLE_RATE:
        raise NoSpeechEngine
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    return library


def _import_espeakng_loader() -> ModuleType:
    try:
        return importlib.import_module("espeakng_loader")
    except ImportError as cause:
        raise NoSpeechEngine from cause
