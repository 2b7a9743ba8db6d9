"""`kiosk voice`: make the clips of board and pages; list the sentences to record; check what is missing or faulty."""

import argparse
import os
from pathlib import Path
from typing import Any

from kiosk.app import open_catalogue
from kiosk.cli import saved_plan
from kiosk.clock import SYSTEM, local
from kiosk.config import Config
from kiosk.i18n import SHIPPED_LANGUAGES, load_own_languages, own_languages
from kiosk.pages.citizen.spoken_texts import spoken_texts
from kiosk.voice import call_clips, page_clips
from kiosk.voice.engine import Espeak
from kiosk.voice.page_clips import PageClip

SHOWN_FILES = 20
"""Files that `status` names; the others are counted."""


def add_to(commands: Any) -> None:
    """Add `kiosk voice`."""
    command = commands.add_parser("voice", help="the voice of board and pages: build, check, list, status")
    acts = command.add_subparsers(dest="what", required=True, metavar="what")
    acts.add_parser("build", help="make the clips with espeak-ng, only what changed").set_defaults(act=build)
    acts.add_parser("check", help="which clips of the board are missing or cannot be heard").set_defaults(act=check)
    listing = acts.add_parser("list", help="the sentences of the pages: file name, group, words, by tabs")
    listing.add_argument("--lang", default="vi", help="language: vi, en, or one that the ward has added")
    listing.add_argument("--missing", action="store_true", help="only those without a person's recording")
    listing.set_defaults(act=list_sentences)
    acts.add_parser("status", help="how many sentences are recorded, made and missing").set_defaults(act=status)


def build(config: Config, args: argparse.Namespace) -> int:
    """Make the clips with espeak-ng; recordings stay and are preferred. It leaves the processor to the kiosk."""
    engine = Espeak()
    os.nice(10)
    made = call_clips.build_clips(call_clips.clips_folder(config), lambda text: engine.speak(text, "vi"))
    print(f"Bảng gọi số: đã làm {len(made)} tiếng: {call_clips.clips_folder(config) / 'made'}")
    folder = page_clips.pages_folder(config)
    for lang in SHIPPED_LANGUAGES:
        clips = [clip for _group, clip in _sentences(config, lang)]
        count, deleted = page_clips.build_clips(folder, lang=lang, clips=clips, engine=engine)
        place = page_clips.made_folder(folder, lang)
        size = sum(file.stat().st_size for file in place.glob("*.wav")) // 1024 // 1024
        print(
            f"Trang của người dân ({lang}): {len(clips)} câu, mới làm {count}, bỏ {deleted} câu cũ, {size} MB: {place}",
            flush=True,
        )
    return 0


def check(config: Config, args: argparse.Namespace) -> int:
    """Print where each clip of the board comes from; exit status 1 when one is missing or faulty."""
    folder = call_clips.clips_folder(config)
    clips = call_clips.required_clips(series.letter for series in saved_plan.in_force(config).series)
    sources = [(clip, _source(folder, clip)) for clip in clips]
    for clip, (source, problem) in sources:
        print(f"{source:6} {clip + '.wav':14} “{call_clips.CLIP_TEXTS[clip]}”" + (f": {problem}" if problem else ""))
    own = [file for file in (folder / "own").glob("*") if file.is_file()]
    unknown = sorted(file.name for file in own if file.stem not in call_clips.CLIP_TEXTS)
    if unknown:
        print(f"Tệp lạ trong {folder / 'own'}, không dùng đến: {', '.join(unknown)}")
    if any(problem for _clip, (_source_name, problem) in sources):
        print("Bảng gọi số vẫn chạy: thiếu tiếng nào thì số có tiếng đó chỉ có chuông.")
        return 1
    print("Đủ tiếng.")
    return 0


def _source(folder: Path, clip: str) -> tuple[str, str]:
    file = call_clips.find_clip(folder, clip)
    if file is None:
        return "thiếu", f"thu vào {folder / 'own'}, hoặc chạy kiosk voice build"
    return ("phường" if file.parent.name == "own" else "máy"), call_clips.clip_problem(file)


def list_sentences(config: Config, args: argparse.Namespace) -> int:
    """Print a line for each sentence that the pages read, sentences of all pages first."""
    folder = page_clips.pages_folder(config)
    recordings = page_clips.recording_folders(folder, args.lang, config.voice.dialect)
    for group, clip in _sentences(config, args.lang):
        is_recorded = any((place / f"{clip.name}.wav").is_file() for place in recordings)
        if not (args.missing and is_recorded):
            print(f"{clip.name}.wav\t{group}\t{clip.text}\t{clip.words}")
    return 0


def status(config: Config, args: argparse.Namespace) -> int:
    """Print how far each language is, and the recordings that cannot be used; exit status 1 for one of these."""
    folder = page_clips.pages_folder(config)
    problems = load_own_languages(config.languages_folder)
    for problem in problems:
        print(f"Ngôn ngữ không dùng được: {problem}")
    faulty = bool(problems)
    for lang in (*SHIPPED_LANGUAGES, *own_languages()):
        clips = [clip for _group, clip in _sentences(config, lang)]
        state = page_clips.progress(folder, lang=lang, clips=clips, dialect=config.voice.dialect)
        print(
            f"{lang}: {len(clips)} câu; người đọc đã thu {state.recorded}, giọng máy {state.made}, "
            f"chưa có {state.missing}"
        )
        for file, problem in state.problems:
            print(f"  {file}: {problem}")
        for file in state.unknown[:SHOWN_FILES]:
            print(f"  {file}: không trang nào đọc câu này nữa, hoặc tên tệp sai")
        if len(state.unknown) > SHOWN_FILES:
            print(f"  và {len(state.unknown) - SHOWN_FILES} tệp nữa")
        faulty = faulty or bool(state.problems)
    print(f"Tiếng thu để ở: {page_clips.recording_folders(folder, 'vi', config.voice.dialect)[0]}")
    return 1 if faulty else 0


def _sentences(config: Config, lang: str) -> list[tuple[str, PageClip]]:
    """Return the sentences of the pages with their groups, each once."""
    load_own_languages(config.languages_folder)
    today = local(SYSTEM.now()).date()
    found: dict[str, tuple[str, PageClip]] = {}
    for item in spoken_texts(config, open_catalogue(config), day=today, lang=lang):
        for clip in page_clips.clips_of(item.text, lang):
            found.setdefault(clip.name, (item.group, clip))
    return list(found.values())
