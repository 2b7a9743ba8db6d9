"""Clips of the citizens' pages: one file a sentence, named by the hash of its spoken words.

Recordings of the ward are searched first, those of its dialect before the others; then the voices that the province has
published (`published`), then what `kiosk voice build` has made. The hash changes with the words, so a build makes only
what changed, and a clip never says an older text.
"""

import hashlib
import re
import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kiosk.base.i18n import LANGUAGE_FILE, SHIPPED_LANGUAGES
from kiosk.config import Config
from kiosk.voice import opus, published, sound
from kiosk.voice.dialect import in_number_words
from kiosk.voice.engine import SpeechEngine
from kiosk.voice.reading import sentences, spoken_words

HASH_LENGTH = 16
CLIP_NAME = re.compile(rf"[0-9a-f]{{{HASH_LENGTH}}}")
MAX_SECONDS = 60.0
"""Length that a recording of one sentence may have."""
FIRST_VOICE = "espeak-ng"
"""Voice of clips from before the name of the voice was noted beside them."""


@dataclass(frozen=True)
class PageClip:
    """A sentence to be spoken: the name of its clip, its text on the page, and its spoken words."""

    name: str
    text: str
    words: str


def pages_folder(config: Config) -> Path:
    """Return the folder of the pages' clips, beside the board's; practice and the real kiosk share it."""
    return config.root / config.kiosk.data / "voice" / "pages"


def recording_folders(folder: Path, lang: str, dialect: str = "") -> list[Path]:
    """Return the folders of a person's recordings in a language: those of the dialect, then the others.

    Recordings of a language that the ward has added are beside its texts (kiosk/base/i18n.py).
    """
    if lang not in SHIPPED_LANGUAGES:
        return [folder.parent.parent / "languages" / lang]
    own = folder / "own"
    return [*([own / f"{lang}-{dialect}"] if dialect else []), own / lang]


def published_folders(folder: Path, lang: str, dialect: str = "") -> list[Path]:
    """Return the folders of the province's voices in a language: that of the dialect, then the other."""
    voices = [*([f"{lang}-{dialect}"] if dialect else []), lang]
    return [published.current_folder(folder.parent, voice) / "pages" for voice in voices]


def made_folder(folder: Path, lang: str) -> Path:
    """Return the folder of what an engine has made in a language."""
    return folder / "made" / lang


def _former_folder(folder: Path, lang: str) -> Path:
    """Return the folder of clips of the engine before, which are heard until a build has replaced them all."""
    return folder / "made" / f"{lang}.former"


def _all_folders(folder: Path, lang: str, dialect: str) -> list[Path]:
    return [
        *recording_folders(folder, lang, dialect),
        *published_folders(folder, lang, dialect),
        made_folder(folder, lang),
        _former_folder(folder, lang),
    ]


@lru_cache(maxsize=8192)
def clips_of(text: str, lang: str) -> tuple[PageClip, ...]:
    """Return the clips that say a text, one a sentence."""
    found = ((sentence, spoken_words(sentence, lang)) for sentence in sentences(text))
    return tuple(PageClip(_name(words, lang), sentence, words) for sentence, words in found if words)


def _name(words: str, lang: str) -> str:
    return hashlib.sha256(f"{lang}\n{words}".encode()).hexdigest()[:HASH_LENGTH]


def find_clip(folder: Path, lang: str, name: str, dialect: str = "") -> Path | None:
    """Return the file of a clip; None if there is none, or the name is not one of a clip."""
    if not CLIP_NAME.fullmatch(name):
        return None
    files = (place / f"{name}{kind}" for place in _all_folders(folder, lang, dialect) for kind in sound.KINDS)
    return next((file for file in files if file.is_file()), None)


def has_voice(folder: Path, lang: str, dialect: str = "") -> bool:
    """Return whether a language has any clip."""
    folders = filter(Path.is_dir, _all_folders(folder, lang, dialect))
    return any(file.suffix in sound.KINDS for place in folders for file in place.iterdir())


def all_clips(texts: Iterable[str], lang: str) -> list[PageClip]:
    """Return the clips of many texts, each once, in the order of the texts."""
    return list({clip.name: clip for text in texts for clip in clips_of(text, lang)}.values())


def build_clips(
    folder: Path, lang: str, clips: Iterable[PageClip], engine: SpeechEngine, *, number_words: Collection[str] = ()
) -> tuple[int, int]:
    """Make the clips that are missing, and delete made ones that no page says any more.

    Returns:
        The number of clips that were made, and of those that were deleted.
    """
    count = make_clips(folder, lang, clips=(clips := list(clips)), engine=engine, number_words=number_words)
    made = made_folder(folder, lang)
    wanted = {clip.name for clip in clips} - _present_elsewhere(folder, lang)
    left_over = [file for file in _clip_files(made) if file.stem not in wanted]
    for file in left_over:
        file.unlink(missing_ok=True)
    shutil.rmtree(_former_folder(folder, lang), ignore_errors=True)
    return count, len(left_over)


def make_clips(
    folder: Path, lang: str, clips: Iterable[PageClip], engine: SpeechEngine, *, number_words: Collection[str] = ()
) -> int:
    """Make, in their order, the clips that nobody has recorded, published or made yet; return their number.

    With another engine, or other words for numbers, all are made again; until then the former ones are heard. So are
    the WAV files of earlier releases, each until it is replaced.
    """
    made = made_folder(folder, lang)
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    _begin_voice(made, _former_folder(folder, lang), " ".join([engine.name, *sorted(number_words)]))
    present = {file.stem for file in made.glob(f"*{opus.SUFFIX}")} | _present_elsewhere(folder, lang)
    missing = {clip.name: clip for clip in clips if clip.name not in present}
    for name, clip in missing.items():
        words = in_number_words(clip.words, number_words) if lang == "vi" else clip.words
        opus.write_clip(made / f"{name}{opus.SUFFIX}", engine.speak(words, lang))
        (made / f"{name}.wav").unlink(missing_ok=True)
    return len(missing)


def _present_elsewhere(folder: Path, lang: str) -> set[str]:
    """Return the names of clips that are recorded or published."""
    places = [*recording_folders(folder, lang), *published_folders(folder, lang)]
    return {file.stem for place in places if place.is_dir() for file in place.iterdir()}


def _clip_files(folder: Path) -> list[Path]:
    return [file for file in folder.iterdir() if file.suffix in sound.KINDS] if folder.is_dir() else []


def _begin_voice(made: Path, former: Path, voice: str) -> None:
    """Move the clips of another engine or of other words aside, and note which voice the folder has."""
    note = made.with_name(f"{made.name}.voice")
    last = note.read_text("utf-8") if note.is_file() else FIRST_VOICE
    if last != voice:
        former.mkdir(mode=0o700, exist_ok=True)
        for file in _clip_files(made):
            file.replace(former / file.name)
    note.write_text(voice, "utf-8")


@dataclass(frozen=True)
class VoiceProgress:
    """How far the voice of a language is: clips by their origin, and what is wrong with recordings."""

    recorded: int
    published: int
    made: int
    missing: int
    problems: tuple[tuple[Path, str], ...]
    """Recordings that cannot be heard, and why."""
    unknown: tuple[Path, ...]
    """Files of recordings whose sentence no page says, mostly of an older text."""


def progress(folder: Path, lang: str, clips: Iterable[PageClip], dialect: str = "") -> VoiceProgress:
    """Return how many clips are recorded, made and missing, and check the recordings."""
    wanted = {clip.name for clip in clips}
    folders = recording_folders(folder, lang, dialect)
    files = (file for place in folders if place.is_dir() for file in sorted(place.iterdir()))
    recordings = [file for file in files if file.name != LANGUAGE_FILE]
    recorded = {file.stem for file in recordings if file.suffix == ".wav"} & wanted
    places = [place for place in published_folders(folder, lang, dialect) if place.is_dir()]
    from_province = {file.stem for place in places for file in place.iterdir()} & wanted - recorded
    made = {file.stem for file in _clip_files(made_folder(folder, lang))} & wanted - recorded - from_province
    known = [file for file in recordings if file.stem in wanted and file.suffix == ".wav"]
    checked = [(file, sound.clip_problem(file, MAX_SECONDS)) for file in known]
    return VoiceProgress(
        recorded=len(recorded),
        published=len(from_province),
        made=len(made),
        missing=len(wanted - recorded - from_province - made),
        problems=tuple((file, problem) for file, problem in checked if problem),
        unknown=tuple(file for file in recordings if file not in known),
    )
