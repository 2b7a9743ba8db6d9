"""`kiosk voice`: make the clips of board and pages; list the sentences to record; check what is missing or faulty.

`pack` is for the province: it makes the folder of a voice that `kiosk release` signs and publishes.
"""

import argparse
import os
from pathlib import Path

from kiosk.base.clock import SYSTEM, local
from kiosk.base.errors import BadSettings
from kiosk.base.i18n import SHIPPED_LANGUAGES, load_own_languages, own_languages
from kiosk.cli import saved_plan
from kiosk.config import Config
from kiosk.pages.citizen.spoken_texts import PAGES, spoken_texts
from kiosk.startup.context_factory import open_catalogue
from kiosk.voice import call_clips, opus, package, page_clips, published
from kiosk.voice.dialect import in_number_words
from kiosk.voice.engine import SpeechEngine, open_engine
from kiosk.voice.errors import BadVoiceModel, NoSpeechEngine
from kiosk.voice.page_clips import PageClip
from kiosk.voice.voice_model import VoiceModel, read_settings

SHOWN_FILES = 20
"""Files that `status` names; the others are counted."""


def add_voice(command: argparse.ArgumentParser) -> None:
    """Add the acts of `kiosk voice`."""
    acts = command.add_subparsers(dest="what", required=True, metavar="what")
    acts.add_parser("build", help="make the clips with the engine, only what changed").set_defaults(act=build)
    acts.add_parser(
        "check", help="which clips of the board are missing or cannot be heard; what is wrong with the voice model"
    ).set_defaults(act=check)
    listing = acts.add_parser("list", help="the sentences of the pages: file name, group, words, by tabs")
    listing.add_argument("--lang", default="vi", help="language: vi, en, or one that the ward has added")
    listing.add_argument("--missing", action="store_true", help="only those without a person's recording")
    listing.set_defaults(act=list_sentences)
    packing = acts.add_parser("pack", help="for the province: the folder of a voice, to be signed (docs/releases.md)")
    packing.add_argument("folder", type=Path, help="new folder")
    packing.add_argument("--lang", default="vi", help="language: vi, en, or one that was added")
    packing.add_argument("--dialect", default="", help="recordings of this dialect alone, such as hue")
    packing.set_defaults(act=pack)
    acts.add_parser("status", help="how many sentences are recorded, made and missing").set_defaults(act=status)


def build(config: Config, args: argparse.Namespace) -> int:
    """Make the clips with the engine of each language, when nothing else needs the machine; recordings stay."""
    # Linux gives such a process idle priority for the disk too.
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    number_words = config.voice.number_words
    vietnamese = open_engine(config.voice_model, "vi")
    opus.load_encoder()

    def speak(text: str) -> bytes:
        return vietnamese.speak(in_number_words(text, number_words), "vi")

    made = call_clips.build_clips(call_clips.clips_folder(config), speak)
    print(f"Bảng gọi số: đã làm {len(made)} tiếng: {call_clips.clips_folder(config) / 'made'}", flush=True)
    _build_pages(config)
    return 0


def _build_pages(config: Config) -> None:
    """Make the clips of the pages: in each language those of all pages first, then those of procedures."""
    folder = page_clips.pages_folder(config)
    engines = _page_engines(config)
    sentences = {lang: _sentences(config, lang) for lang in engines}
    counts = dict[str, int]()
    for lang, engine in engines.items():
        first = [clip for group, clip in sentences[lang] if group == PAGES]
        counts[lang] = page_clips.make_clips(
            folder, lang=lang, clips=first, engine=engine, number_words=config.voice.number_words
        )
    for lang, engine in engines.items():
        clips = [clip for _group, clip in sentences[lang]]
        count, deleted = page_clips.build_clips(
            folder, lang=lang, clips=clips, engine=engine, number_words=config.voice.number_words
        )
        place = page_clips.made_folder(folder, lang)
        size = sum(file.stat().st_size for file in place.iterdir()) / 1e6
        print(
            f"Trang của người dân ({lang}), giọng {engine.name}: {len(clips)} câu, mới làm {counts[lang] + count}, "
            f"bỏ {deleted} câu cũ, {size:.0f} MB: {place}",
            flush=True,
        )


def _page_engines(config: Config) -> dict[str, SpeechEngine]:
    """Return the engines of the pages by language; print which language has none."""
    engines = dict[str, SpeechEngine]()
    for lang in SHIPPED_LANGUAGES:
        try:
            engines[lang] = open_engine(config.voice_model, lang)
        except NoSpeechEngine:
            print(f"Trang của người dân ({lang}): không có giọng máy cho tiếng này.")
    return engines


def check(config: Config, args: argparse.Namespace) -> int:
    """Print the voice model and where each clip of the board comes from; exit status 1 for a missing or faulty one."""
    is_model_faulty = _check_model(config.voice_model)
    folder = call_clips.clips_folder(config)
    clips = call_clips.required_clips(series.letter for series in saved_plan.in_force(config).series)
    sources = [(clip, _source(folder, clip, config.voice.dialect)) for clip in clips]
    for clip, (source, problem) in sources:
        words = in_number_words(call_clips.CLIP_TEXTS[clip], config.voice.number_words)
        print(f"{source:6} {clip + '.wav':14} “{words}”" + (f": {problem}" if problem else ""))
    own = [file for file in (folder / "own").glob("*") if file.is_file()]
    unknown = sorted(file.name for file in own if file.stem not in call_clips.CLIP_TEXTS)
    if unknown:
        print(f"Tệp lạ trong {folder / 'own'}, không dùng đến: {', '.join(unknown)}")
    if any(problem for _clip, (_source_name, problem) in sources):
        print("Bảng gọi số vẫn chạy: thiếu tiếng nào thì số có tiếng đó chỉ có chuông.")
        return 1
    print("Đủ tiếng.")
    return int(is_model_faulty)


def _check_model(model: Path | None) -> bool:
    """Load the voice model and say a word with it; print what is wrong, and return whether something is."""
    if model is None:
        return False
    try:
        settings = read_settings(model)
        VoiceModel(model).speak("một", settings.lang)
    except BadVoiceModel as refused:
        print(f"Mô hình giọng {model}: {refused.vi} Mã {refused.code}.")
        return True
    kind = f"âm vị của espeak-ng ({settings.voice})" if settings.voice else "đọc thẳng chữ"
    print(f"Mô hình giọng {model}: dùng được, tiếng {settings.lang}, {kind}.")
    return False


def _source(folder: Path, clip: str, dialect: str) -> tuple[str, str]:
    file = call_clips.find_clip(folder, clip, dialect)
    if file is None:
        return "thiếu", f"thu vào {folder / 'own'}, hoặc chạy kiosk voice build"
    if file.parent == folder / "own":
        return "phường", call_clips.clip_problem(file)
    return ("máy" if file.parent == folder / "made" else "tỉnh"), ""


def list_sentences(config: Config, args: argparse.Namespace) -> int:
    """Print a line for each sentence that the pages read, sentences of all pages first."""
    folder = page_clips.pages_folder(config)
    recordings = page_clips.recording_folders(folder, args.lang, config.voice.dialect)
    for group, clip in _sentences(config, args.lang):
        is_recorded = any((place / f"{clip.name}.wav").is_file() for place in recordings)
        if not (args.missing and is_recorded):
            words = in_number_words(clip.words, config.voice.number_words) if args.lang == "vi" else clip.words
            print(f"{clip.name}.wav\t{group}\t{clip.text}\t{words}")
    return 0


def pack(config: Config, args: argparse.Namespace) -> int:
    """Write the folder of a voice with its clips in Ogg Opus."""
    if args.folder.exists():
        raise BadSettings(f"{args.folder} đã có. Chọn thư mục khác.", f"{args.folder} exists. Choose another folder.")
    clips = [clip for _group, clip in _sentences(config, args.lang)]
    voices = call_clips.clips_folder(config)
    count = package.pack_voice(voices, args.folder, lang=args.lang, dialect=args.dialect, clips=clips)
    size = sum(file.stat().st_size for file in args.folder.rglob("*") if file.is_file()) / 1e6
    print(f"{args.folder}: {count} tiếng, {size:.1f} MB. Tiếp: kiosk release pack {args.folder} voice.tar.gz")
    return 0


def status(config: Config, args: argparse.Namespace) -> int:
    """Print how far each language is, and the recordings that cannot be used; exit status 1 for one of these."""
    folder = page_clips.pages_folder(config)
    problems = load_own_languages(config.languages_folder, published.language_files(call_clips.clips_folder(config)))
    for problem in problems:
        print(f"Ngôn ngữ không dùng được: {problem}")
    faulty = bool(problems)
    for lang in (*SHIPPED_LANGUAGES, *own_languages()):
        clips = [clip for _group, clip in _sentences(config, lang)]
        state = page_clips.progress(folder, lang=lang, clips=clips, dialect=config.voice.dialect)
        print(
            f"{lang}: {len(clips)} câu; người đọc đã thu {state.recorded}, của tỉnh {state.published}, "
            f"giọng máy {state.made}, "
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
    load_own_languages(config.languages_folder, published.language_files(call_clips.clips_folder(config)))
    today = local(SYSTEM.now()).date()
    found: dict[str, tuple[str, PageClip]] = {}
    for item in spoken_texts(config, open_catalogue(config), day=today, lang=lang):
        for clip in page_clips.clips_of(item.text, lang):
            found.setdefault(clip.name, (item.group, clip))
    return list(found.values())
