"""Reading aloud on a page: which sentences can be heard, and how loud and fast the visitor wants them.

A page marks only sentences that have a clip, or whose parts have (kiosk/voice/composing.py), and clips are made of the
product's own texts. So nothing that a person typed can be spoken, except on the check page, which asks the speech
engine for it (kiosk/pages/citizen/listen.py).
"""

from dataclasses import dataclass
from pathlib import Path

from flask import url_for
from markupsafe import Markup

from kiosk.base.i18n import SHIPPED_LANGUAGES
from kiosk.pages.access import context, visitor
from kiosk.pages.citizen.composed_texts import composed_texts
from kiosk.voice import composing, engine, page_clips

SENTENCE = Markup('<spoken-text data-clip="{}">{}</spoken-text>')


@dataclass(frozen=True)
class PageVoice:
    """The voice of a page in the visitor's language."""

    lang: str
    folder: Path
    dialect: str

    @property
    def reads_answers(self) -> bool:
        """Whether the check page can read the answers, by an engine that speaks the language."""
        return self.lang in engine.spoken_languages(context().config.voice_model)

    def knows(self, *texts: str) -> bool:
        """Return whether each of these texts can be heard as a whole."""
        return all(self._addresses(text) for text in texts)

    def mark(self, text: str) -> str:
        """Return a text with its sentences marked for static/listen.js; unmarked where one of them has no clip."""
        addresses = self._addresses(text)
        return Markup(" ").join(SENTENCE.format(address, sentence) for sentence, address in addresses) or text

    def _addresses(self, text: str) -> list[tuple[str, str]]:
        """Return each sentence with the address of its clip; none if a sentence has no clip.

        A text that a language of the ward does not have is shown in Vietnamese, and heard in it.
        """
        languages = [self.lang] if self.lang in SHIPPED_LANGUAGES else [self.lang, "vi"]
        return next(filter(None, (self._addresses_in(lang, text) for lang in languages)), [])

    def _addresses_in(self, lang: str, text: str) -> list[tuple[str, str]]:
        clips = page_clips.clips_of(text, lang)
        addresses = [self._address(lang, clip) or self._composed(lang, clip.text) for clip in clips]
        return [(clip.text, found) for clip, found in zip(clips, addresses, strict=True)] if all(addresses) else []

    def _address(self, lang: str, clip: page_clips.PageClip) -> str:
        """Return the address of a clip; empty if it has no file."""
        version = self._version(lang, clip.name)
        return url_for("citizen.clip", lang=lang, name=clip.name, v=version) if version else ""

    def _composed(self, lang: str, sentence: str) -> str:
        """Return the addresses of the clips of a sentence with a value, with spaces between; empty without them."""
        if lang not in SHIPPED_LANGUAGES:
            return ""
        parts = composing.compose(sentence, composed_texts(lang), lang)
        addresses = [self._address(lang, clip) for part in parts for clip in page_clips.clips_of(part, lang)]
        return " ".join(addresses) if all(addresses) else ""

    def _version(self, lang: str, name: str) -> int:
        """Return a number that changes with the file of a clip; 0 without one: a build may have just deleted it."""
        file = page_clips.find_clip(self.folder, lang, name=name, dialect=self.dialect)
        try:
            return file.stat().st_mtime_ns if file else 0
        except OSError:
            return 0


def page_voice() -> PageVoice | None:
    """Return the voice of the visitor's language; None where no sentence of it can be heard."""
    config = context().config
    folder = page_clips.pages_folder(config)
    lang = visitor().lang
    heard = {lang} if lang in SHIPPED_LANGUAGES else {lang, "vi"}
    if not any(page_clips.has_voice(folder, one, config.voice.dialect) for one in heard):
        return None
    return PageVoice(lang=lang, folder=folder, dialect=config.voice.dialect)
