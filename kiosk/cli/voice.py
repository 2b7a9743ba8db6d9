"""`kiosk voice`: make the board's clips; check which are missing or unplayable."""

import argparse
from pathlib import Path
from typing import Any

from kiosk import voice
from kiosk.cli import saved_plan
from kiosk.config import Config


def add_to(commands: Any) -> None:
    """Add `kiosk voice`."""
    command = commands.add_parser("voice", help="the board's voice: build, check")
    acts = command.add_subparsers(dest="what", required=True, metavar="what")
    acts.add_parser("build", help="make the clips with espeak-ng").set_defaults(act=build)
    acts.add_parser("check", help="which clips are missing or cannot be heard").set_defaults(act=check)


def build(config: Config, args: argparse.Namespace) -> int:
    """Make every clip with espeak-ng's northern voice; the ward's own recordings stay and are preferred."""
    made = voice.build_clips(voice.clips_folder(config), voice.northern_voice())
    size = sum(file.stat().st_size for file in made)
    print(f"Đã làm {len(made)} tiếng, {size // 1024} kB: {voice.clips_folder(config) / 'made'}")
    return 0


def check(config: Config, args: argparse.Namespace) -> int:
    """Print where each clip comes from; exit status 1 when one is missing or faulty."""
    folder = voice.clips_folder(config)
    clips = voice.required_clips(series.letter for series in saved_plan.in_force(config).series)
    sources = [(clip, _source(folder, clip)) for clip in clips]
    for clip, (source, problem) in sources:
        print(f"{source:6} {clip + '.wav':14} “{voice.CLIP_TEXTS[clip]}”" + (f": {problem}" if problem else ""))
    unknown = sorted(file.name for file in (folder / "own").glob("*") if file.stem not in voice.CLIP_TEXTS)
    if unknown:
        print(f"Tệp lạ trong {folder / 'own'}, không dùng đến: {', '.join(unknown)}")
    if any(problem for _clip, (_source_name, problem) in sources):
        print("Bảng gọi số vẫn chạy: thiếu tiếng nào thì số có tiếng đó chỉ có chuông.")
        return 1
    print("Đủ tiếng.")
    return 0


def _source(folder: Path, clip: str) -> tuple[str, str]:
    file = voice.find_clip(folder, clip)
    if file is None:
        return "thiếu", f"thu vào {folder / 'own'}, hoặc chạy kiosk voice build"
    return ("phường" if file.parent.name == "own" else "máy"), voice.clip_problem(file)
