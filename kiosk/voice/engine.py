"""Port of a speech engine, and the choice of one: the voice model of the settings, else espeak-ng.

An engine turns words into samples. Recordings and voices of other programs need no engine: their files go into the
folder of recordings, under the names that `kiosk voice list` prints.
"""

import logging
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from kiosk.voice import espeak
from kiosk.voice.errors import BadVoiceModel
from kiosk.voice.voice_model import VoiceModel, read_settings

log = logging.getLogger(__name__)


class SpeechEngine(Protocol):
    """A program that speaks; `languages` are the codes of the languages that it knows, `name` tells its voice."""

    languages: frozenset[str]
    name: str

    def speak(self, words: str, lang: str) -> bytes:
        """Return words as 16-bit mono samples at `sound.SAMPLE_RATE`."""


def spoken_languages(model: Path | None) -> frozenset[str]:
    """Return the languages that an engine speaks here; nothing is loaded for this."""
    languages = espeak.Espeak.languages if espeak.is_installed() else frozenset()
    return languages | _languages_of(model) if model else languages


@lru_cache(maxsize=8)
def _languages_of(model: Path) -> frozenset[str]:
    try:
        return frozenset({read_settings(model).lang})
    except BadVoiceModel as refused:
        log.warning("voice model left out", extra={"code": refused.code})
        return frozenset()


def model_problem(model: Path | None) -> BadVoiceModel | None:
    """Return why the model of the settings cannot be used, as far as its files tell; None for no fault or no model."""
    try:
        if model is not None:
            read_settings(model)
    except BadVoiceModel as refused:
        return refused
    return None


@lru_cache(maxsize=8)
def open_engine(model: Path | None, lang: str) -> SpeechEngine:
    """Return the engine of a language: the model where it speaks the language, else espeak-ng; loaded once a process.

    Raises:
        NoSpeechEngine: neither is here.
        BadVoiceModel: the model speaks this language and cannot be loaded.
    """
    if model is not None and read_settings(model).lang == lang:
        return VoiceModel(model)
    return espeak.shared_espeak()


def open_live_engine(model: Path | None, lang: str) -> SpeechEngine:
    """Return the engine that speaks on a page: espeak-ng in the place of a model that cannot be loaded.

    Raises:
        NoSpeechEngine: there is none.
    """
    try:
        return open_engine(model, lang)
    except BadVoiceModel as refused:
        log.warning("voice model left out", extra={"code": refused.code})
        return espeak.shared_espeak()
