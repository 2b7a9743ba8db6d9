"""Package of a voice, made at the province: clips of recordings and of an engine as Ogg Opus, to be signed."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from kiosk.base.errors import BadSettings
from kiosk.base.i18n import LANGUAGE_FILE, SHIPPED_LANGUAGES
from kiosk.voice import call_clips, opus, page_clips, published, sound
from kiosk.voice.page_clips import PageClip


def pack_voice(voices: Path, into: Path, *, lang: str, dialect: str, clips: Iterable[PageClip]) -> int:
    """Write the folder of a voice; return the number of its clips.

    A dialect is its recordings alone: the kiosk hears the voice of the language for the other sentences.

    Args:
        voices: folder of all clips of this machine (`call_clips.clips_folder`).
        into: the folder, which must not exist.
        lang: its language.
        dialect: the dialect; empty: none.
        clips: the sentences that pages say; the clips of others are left out.

    Raises:
        BadSettings: there is nothing to pack, the name is none of a voice, or the encoder is missing.
    """
    voice = f"{lang}-{dialect}" if dialect else lang
    if not published.VOICE.fullmatch(voice):
        raise BadSettings(
            f"“{voice}” không phải tên giọng: chữ thường, ví dụ vi, vi-hue, ktv.",
            f"“{voice}” is no name of a voice: small letters, such as vi, vi-hue, ktv.",
        )
    folder = voices / "pages"
    if dialect:
        places = [page_clips.recording_folders(folder, lang, dialect)[0]]
    else:
        places = [*page_clips.recording_folders(folder, lang), page_clips.made_folder(folder, lang)]
    pages = _first_files((clip.name for clip in clips), places)
    boards = [voices / "own"] + ([] if dialect else [voices / "made"])
    board = _first_files(call_clips.CLIP_TEXTS, boards) if lang == call_clips.LANGUAGE else []
    if not pages and not board:
        raise BadSettings(
            "Chưa có tiếng nào để đóng gói: thu, hoặc chạy kiosk voice build trước.",
            "There is no clip to pack: record some, or run kiosk voice build first.",
        )
    for files, name in ((pages, published.PAGES), (board, published.BOARD)):
        (into / name).mkdir(parents=True)
        for file in files:
            _write(file, into / name / f"{file.stem}{opus.SUFFIX}")
    (into / published.DESCRIPTION).write_text(f'voice = "{voice}"\n', "utf-8")
    texts = places[0] / LANGUAGE_FILE
    if lang not in SHIPPED_LANGUAGES and texts.is_file():
        shutil.copyfile(texts, into / LANGUAGE_FILE)
    return len(pages) + len(board)


def _first_files(names: Iterable[str], places: list[Path]) -> list[Path]:
    """Return the file of each name, from the first place that has it; names without a file are left out."""
    files = ([place / f"{name}{kind}" for place in places for kind in sound.KINDS] for name in names)
    found = (next(filter(Path.is_file, each), None) for each in files)
    return [file for file in found if file is not None]


def _write(file: Path, into: Path) -> None:
    """Encode a recording; copy what is encoded already.

    Raises:
        BadSettings: the encoder is missing, or the file is no WAV.
    """
    if file.suffix == opus.SUFFIX:
        shutil.copyfile(file, into)
        return
    try:
        opus.encode_recording(file, into)
    except ValueError as cause:
        problem = sound.clip_problem(file, page_clips.MAX_SECONDS)
        raise BadSettings(f"{file}: {problem}", f"{file} is no WAV file that can be read.") from cause
