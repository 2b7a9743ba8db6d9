"""Speech engine of the tests: each text is a tone, longer for a longer text."""

import array
import math
from datetime import date

from kiosk.config import Config
from kiosk.pages.citizen.spoken_texts import spoken_texts
from kiosk.procedures.loader import Catalogue
from kiosk.voice import opus, page_clips, sound


class Tones:
    """An engine that hums; `spoken` are the texts that it was asked for."""

    languages = frozenset({"vi", "en"})
    name = "tones"

    def __init__(self, seconds: float = 0.1) -> None:
        self.spoken: list[str] = []
        self.asked: list[tuple[str, str]] = []
        self._seconds = seconds

    def speak(self, words: str, lang: str) -> bytes:
        self.spoken.append(words)
        self.asked.append((lang, words))
        length = round(sound.SAMPLE_RATE * (self._seconds + len(words) / 10_000))
        return array.array("h", [round(9000 * math.sin(n / 9)) for n in range(length)]).tobytes()


def hum_pages(config: Config, catalogue: Catalogue, day: date, lang: str = "vi", seconds: float = 0.1) -> None:
    """Make a clip of every text that the pages read, all with the sound of one tone."""
    folder = page_clips.made_folder(page_clips.pages_folder(config), lang)
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{clip.name}{opus.SUFFIX}" for clip in clips_of_pages(config, catalogue, day, lang)]
    tone = opus.write_clip(folder / names[0], Tones(seconds).speak("", lang)).read_bytes()
    for name in names:
        (folder / name).write_bytes(tone)


def clips_of_pages(config: Config, catalogue: Catalogue, day: date, lang: str) -> list[page_clips.PageClip]:
    """Return the clips of every text that the pages read."""
    texts = spoken_texts(config, catalogue, day=day, lang=lang)
    return page_clips.all_clips([item.text for item in texts], lang)
