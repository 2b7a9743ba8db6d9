"""Clips of the pages, and the rows of the check page, spoken when the visitor asks for them.

A row is spoken in memory: its words are in no address, file, cache or log.
"""

from functools import cache

from flask import Response

from kiosk.errors import NotFound
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen
from kiosk.pages.citizen.check import spoken_rows
from kiosk.pages.citizen.page_voice import page_voice
from kiosk.voice import page_clips, sound
from kiosk.voice.engine import Espeak, SpeechEngine
from kiosk.voice.reading import spoken_words

CLIP_SECONDS = 24 * 3600


@citizen.get("/listen/<lang>/<name>.wav")
@allow("citizen")
def clip(lang: str, name: str) -> Response:
    """Return a clip of a page; its URL changes with the file."""
    config = context().config
    known = lang.isascii() and lang.isalpha()
    folder = page_clips.pages_folder(config)
    file = page_clips.find_clip(folder, lang, name=name, dialect=config.voice.dialect) if known else None
    if file is None:
        return Response(status=404)
    response = Response(file.read_bytes(), mimetype="audio/wav")
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
    words = ". ".join(filter(None, (spoken_words(line, visitor().lang) for line in rows[row])))
    return Response(sound.as_wav(_engine().speak(words, visitor().lang)), mimetype="audio/wav")


@cache
def _engine() -> SpeechEngine:
    return Espeak()
