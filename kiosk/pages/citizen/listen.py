"""Clips of the pages, and the rows of the check page, spoken when the visitor asks for them.

A row is spoken in memory: its words are in no address, file, cache or log.
"""

from flask import Response

from kiosk.base.errors import NotFound
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen
from kiosk.pages.citizen.check import spoken_rows
from kiosk.pages.citizen.page_voice import page_voice
from kiosk.voice import page_clips, sound
from kiosk.voice.dialect import in_number_words
from kiosk.voice.engine import open_live_engine, spoken_languages
from kiosk.voice.reading import spoken_words

CLIP_SECONDS = 24 * 3600
PAUSE = bytes(2 * round(sound.SAMPLE_RATE * 0.25))
"""Silence between two lines: a quarter of a second."""


@citizen.get("/listen/<lang>/<name>")
@allow("citizen")
def clip(lang: str, name: str) -> Response:
    """Return a clip of a page; its URL changes with the file."""
    config = context().config
    known = lang.isascii() and lang.isalpha()
    folder = page_clips.pages_folder(config)
    file = page_clips.find_clip(folder, lang, name=name, dialect=config.voice.dialect) if known else None
    if file is None:
        return Response(status=404)
    response = Response(file.read_bytes(), mimetype=sound.KINDS[file.suffix])
    response.headers["Cache-Control"] = f"max-age={CLIP_SECONDS}"
    return response


@citizen.get("/listen/check/<int:row>")
@allow("citizen")
def check_row(row: int) -> Response:
    """Return a row of the check page as speech; identity and account numbers with their last four digits alone."""
    voice = page_voice()
    rows = spoken_rows()
    if voice is None or not voice.reads_answers or row >= len(rows):
        raise NotFound
    lines = [(line, _language_of(line)) for line in rows[row]]
    spoken = [_speak(spoken_words(line, lang), lang) for line, lang in lines if spoken_words(line, lang)]
    return Response(sound.as_wav(PAUSE.join(spoken)), mimetype="audio/wav")


def _language_of(line: str) -> str:
    """Return the language of a line: on an English page names and places are Vietnamese, by their marks."""
    engines = spoken_languages(context().config.voice_model)
    has_marks = any(not letter.isascii() and letter.isalpha() for letter in line)
    return "vi" if has_marks and "vi" in engines else visitor().lang


def _speak(words: str, lang: str) -> bytes:
    config = context().config
    words = in_number_words(words, config.voice.number_words) if lang == "vi" else words
    return open_live_engine(config.voice_model, lang).speak(words, lang)
