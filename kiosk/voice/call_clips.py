"""Clips of the board's calls: which clips say a call, their files, and their synthesis.

A clip is a file of one word or half a phrase; 44 of them say every ticket and every counter. `own`, for recordings of
the ward's speakers, is searched first, then the province's voice; `kiosk voice build` fills `made`. A call needs no
clip: without them the board chimes.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from kiosk.config import Config
from kiosk.vietnam.calendar import number_in_words
from kiosk.voice import opus, published, sound

LANGUAGE = "vi"
OPENING_CLIP = "moi-so"
TO_COUNTER_CLIP = "den-quay"
NUMBER_CLIPS = {
    "không": "so-0", "một": "so-1", "hai": "so-2", "ba": "so-3", "bốn": "so-4", "năm": "so-5", "sáu": "so-6",
    "bảy": "so-7", "tám": "so-8", "chín": "so-9", "mười": "so-10", "mươi": "muoi", "mốt": "mot", "lăm": "lam",
    "linh": "linh", "trăm": "tram",
}  # fmt: skip
"""Word of a number -> clip. File names have no marks; một and mốt, mười and mươi would clash on many USB sticks."""
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
"""Clip -> its text."""

TICKET_LABEL = re.compile(r"([A-Z])([0-9]{3})")
MAX_COUNTER = 30
MAX_SECONDS = 3.0


def clips_of_number(number: int) -> list[str]:
    """Return the clips of a whole number from 0 to 999, read in Vietnamese."""
    if not 0 <= number <= 999:
        raise ValueError("the voice reads 0 to 999")
    return [NUMBER_CLIPS[word] for word in number_in_words(number).split()]


def clips_of_call(label: str, counter: int) -> list[str]:
    """Return the clips that call a ticket ("A017") to a counter (1 to 30); none if there is no clip for a part."""
    ticket = TICKET_LABEL.fullmatch(label)
    if ticket is None or not 1 <= counter <= MAX_COUNTER:
        return []
    letter = ticket[1].lower()
    number = int(ticket[2])
    return [OPENING_CLIP, f"chu-{letter}", *clips_of_number(number), TO_COUNTER_CLIP, *clips_of_number(counter)]


def short_clips_of_call(label: str, counter: int) -> list[str]:
    """Return the clips of a short call, while several wait: no opening, numbers from 100 digit by digit.

    It uses no clip that the full call of another number does not use; none if there is no clip for a part.
    """
    if not clips_of_call(label, counter):
        return []
    letter = label[0].lower()
    number = int(label[1:])
    digits = [NUMBER_CLIPS[number_in_words(int(digit))] for digit in label[1:]]
    spoken = digits if number >= 100 else clips_of_number(number)
    return [f"chu-{letter}", *spoken, TO_COUNTER_CLIP, *clips_of_number(counter)]


def clips_folder(config: Config) -> Path:
    """Return the folder of the clips; practice and the real kiosk share it."""
    return config.root / config.kiosk.data / "voice"


def find_clip(folder: Path, clip: str, dialect: str = "") -> Path | None:
    """Return the file of a clip: own, published by the province, made; None if there is no file or no such clip."""
    if clip not in CLIP_TEXTS:
        return None
    voices = [*([f"{LANGUAGE}-{dialect}"] if dialect else []), LANGUAGE]
    province = [published.current_folder(folder, voice) / "board" for voice in voices]
    files = (place / f"{clip}{kind}" for place in (folder / "own", *province, folder / "made") for kind in sound.KINDS)
    return next((file for file in files if file.is_file()), None)


def playable_clips(folder: Path, clips: list[str], dialect: str = "") -> list[str]:
    """Return the clips if all have files, else none; a call with a missing word could name another counter."""
    return clips if all(find_clip(folder, clip, dialect) for clip in clips) else []


def required_clips(letters: Iterable[str]) -> list[str]:
    """Return the clips that a ward with these series needs."""
    letter_clips = [f"chu-{letter.lower()}" for letter in sorted(letters)]
    return [OPENING_CLIP, TO_COUNTER_CLIP, *NUMBER_CLIPS.values(), *letter_clips]


def build_clips(folder: Path, speak: Callable[[str], bytes]) -> list[Path]:
    """Synthesize every clip into `made`, replacing older ones; return the files.

    Args:
        folder: folder of the clips.
        speak: returns a text as 16-bit mono samples at `sound.SAMPLE_RATE`.
    """
    made = folder / "made"
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = [opus.write_clip(made / f"{clip}{opus.SUFFIX}", speak(text)) for clip, text in CLIP_TEXTS.items()]
    for old in made.glob("*.wav"):  # what earlier releases made
        old.unlink()
    return files


def clip_problem(file: Path) -> str:
    """Return, in Vietnamese, why a clip of the board cannot be played or heard; empty if it can."""
    return sound.clip_problem(file, MAX_SECONDS)
