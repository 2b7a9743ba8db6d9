"""Voices that the province has published: each is a folder of versions, and `current` leads to the one in use.

A voice is named by its language and dialect (`vi`, `vi-hue`, `ktv`). Its folder has `pages/` and `board/` with clips,
`voice.toml` with its name, and for a language of its own `language.toml`. kiosk/updates/voices.py installs it; practice
and the real kiosk share it.
"""

import re
from contextlib import suppress
from pathlib import Path

from kiosk.base.i18n import LANGUAGE_FILE, SHIPPED_LANGUAGES

CURRENT = "current"
DESCRIPTION = "voice.toml"
PAGES = "pages"
BOARD = "board"
VOICE = re.compile(r"[a-z]{2,8}(-[a-z]{2,16})?")
"""Shape of the name of a voice."""


def folder_of(voices: Path, voice: str) -> Path:
    """Return the folder of a voice and its versions.

    Args:
        voices: folder of all clips of this kiosk (`call_clips.clips_folder`).
        voice: its name.
    """
    return voices / "published" / voice


def current_folder(voices: Path, voice: str) -> Path:
    """Return the folder of the version in use; it may not exist."""
    return folder_of(voices, voice) / CURRENT


def version(voices: Path, voice: str) -> str:
    """Return the version of a voice in use; empty for none."""
    with suppress(OSError):
        return current_folder(voices, voice).readlink().name
    return ""


def versions(voices: Path) -> dict[str, str]:
    """Return the versions in use, by the name of the voice."""
    folder = voices / "published"
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    return {name: used for name in names if (used := version(voices, name))}


def language_files(voices: Path) -> dict[str, Path]:
    """Return the texts of languages that came with a voice, by code."""
    found = sorted((voices / "published").glob(f"*/{CURRENT}/{LANGUAGE_FILE}"))
    return {code: file for file in found if (code := file.parent.parent.name) not in SHIPPED_LANGUAGES}
