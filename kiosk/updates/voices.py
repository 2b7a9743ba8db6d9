"""Voices of the province on this kiosk: chosen by language and dialect, checked, installed, the former one deleted.

A voice holds sound and the texts of a language, no program and no procedure. So a kiosk takes the newest one of the
signed list by itself, without a roll-out; a wrong one is replaced by a newer one.
"""

import json
import logging
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kiosk.base.i18n import LANGUAGE_FILE, SHIPPED_LANGUAGES, read_language
from kiosk.config import Config
from kiosk.store import files
from kiosk.updates import archive, download
from kiosk.updates.errors import BadContent, NoRoom, UpdateRefused
from kiosk.updates.trust import VOICE, Published, newest
from kiosk.voice import published, sound
from kiosk.voice.call_clips import CLIP_TEXTS, clips_folder
from kiosk.voice.page_clips import CLIP_NAME
from sync.versions import version_key

log = logging.getLogger(__name__)

_REFUSED = "voices.json"
_MAGIC = {".ogg": b"OggS", ".wav": b"RIFF"}


@dataclass(frozen=True)
class VoiceState:
    """A voice on this kiosk: the version in use, the one that is on its way, and why one was refused."""

    voice: str
    present: str
    coming: str
    percent: int
    code: str


def present(config: Config, voice: str) -> str:
    """Return the version of a voice in use; empty for none."""
    return published.version(clips_folder(config), voice)


def wanted(config: Config, listed: list[Published]) -> list[Published]:
    """Return the newest version of each voice that this kiosk uses and does not have yet.

    It uses Vietnamese, English, its dialect, and the languages of its settings.
    """
    used = [*SHIPPED_LANGUAGES, f"vi-{config.voice.dialect}", *config.voice.languages]
    found = (newest([each for each in listed if each.voice == name], VOICE) for name in dict.fromkeys(used))
    return [each for each in found if each and version_key(each.version) > version_key(present(config, each.voice))]


def install(config: Config, path: Path, found: Published) -> None:
    """Unpack a voice beside the one in use, check it, use it, and delete the others.

    Raises:
        BadContent: it has other files than clips, or is another voice.
        NoRoom: the disk is full.
    """
    folder = published.folder_of(clips_folder(config), found.voice)
    into = folder / found.version
    part = folder / f".{found.version}.part"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.rmtree(part, ignore_errors=True)
    try:
        if not into.is_dir():
            archive.unpack(path, part)
            _require_voice(part, found.voice)
            part.rename(into)
        _use(folder, found.version)
    except OSError as cause:
        raise NoRoom from cause
    finally:
        shutil.rmtree(part, ignore_errors=True)
    for other in folder.iterdir():
        if other.name not in (found.version, published.CURRENT):
            shutil.rmtree(other, ignore_errors=True)
    note(config.updates_folder, found.voice, "")
    log.info("voice installed", extra={"voice": found.voice, "release": found.version})


def _use(folder: Path, version: str) -> None:
    new = folder / ".current.new"
    new.unlink(missing_ok=True)
    new.symlink_to(version)
    new.replace(folder / published.CURRENT)
    files.sync_folder(folder)


def _require_voice(part: Path, voice: str) -> None:
    """Refuse a package with anything else than the clips and texts of a voice."""
    lang = voice.partition("-")[0]
    for path in filter(Path.is_file, part.rglob("*")):
        place = path.relative_to(part)
        if place.parts[:-1] == (published.PAGES,):
            is_known = CLIP_NAME.fullmatch(path.stem) is not None and _is_sound(path)
        elif place.parts[:-1] == (published.BOARD,):
            is_known = path.stem in CLIP_TEXTS and _is_sound(path)
        elif str(place) == LANGUAGE_FILE:
            is_known = lang not in SHIPPED_LANGUAGES and _is_language(lang, path)
        else:
            is_known = str(place) == published.DESCRIPTION
        if not is_known:
            raise BadContent


def _is_sound(path: Path) -> bool:
    with path.open("rb") as file:
        return path.suffix in sound.KINDS and file.read(4) == _MAGIC[path.suffix]


def _is_language(lang: str, path: Path) -> bool:
    try:
        read_language(lang, path)
    except ValueError:
        return False
    return True


def look(config: Config, listed: list[Published], downloads: Path) -> list[VoiceState]:
    """Return the voices of this kiosk and those that are on their way; nothing is asked of the network."""
    coming = {each.voice: each for each in wanted(config, listed)}
    used = published.versions(clips_folder(config))
    refused = _refused(config.updates_folder)
    return [
        VoiceState(
            voice=voice,
            present=used.get(voice, ""),
            coming=coming[voice].version if voice in coming else "",
            percent=download.percent(downloads, coming[voice]) if voice in coming else 0,
            code=refused.get(voice, ""),
        )
        for voice in sorted(used.keys() | coming.keys())
    ]


def note(folder: Path, voice: str, code: str) -> None:
    """Note why a voice was refused, for the technician's page; empty: it was not."""
    refused = {name: old for name, old in _refused(folder).items() if name != voice} | ({voice: code} if code else {})
    path = folder / _REFUSED
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.write_atomic(path, json.dumps(refused).encode())


def refuse(folder: Path, found: Published, refused: UpdateRefused) -> None:
    """Log and note that a voice cannot be used; the one before stays."""
    log.warning("voice refused", extra={"voice": found.voice, "release": found.version, "code": refused.code})
    note(folder, found.voice, refused.code)


def _refused(folder: Path) -> dict[str, str]:
    with suppress(OSError, ValueError, AttributeError):
        saved = json.loads((folder / _REFUSED).read_text("utf-8"))
        return {str(voice): str(code) for voice, code in saved.items()}
    return {}
