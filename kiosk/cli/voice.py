"""Commands for the board's voice: make the clips, and tell what is missing or cannot be heard."""

import argparse
from pathlib import Path
from typing import Any

from kiosk import voice
from kiosk.config import Config


def add_to(commands: Any) -> None:
    """Add `kiosk voice`."""
    command = commands.add_parser("voice", help="the board's voice: build, check")
    acts = command.add_subparsers(dest="what", required=True, metavar="what")
    acts.add_parser("build", help="make the clips with espeak-ng").set_defaults(act=build)
    acts.add_parser("check", help="which clips are missing or cannot be heard").set_defaults(act=check)


def build(config: Config, asked: argparse.Namespace) -> int:  # noqa: ARG001 - one signature
    """Make every clip with espeak-ng's northern voice; the ward's own recordings stay and are heard first."""
    made = voice.build(voice.folder(config), voice.northern_voice())
    size = sum(file.stat().st_size for file in made)
    print(f"Đã làm {len(made)} tiếng, {size // 1024} kB: {voice.folder(config) / 'made'}")
    return 0


def check(config: Config, asked: argparse.Namespace) -> int:  # noqa: ARG001
    """Tell of every clip that the ward needs where it comes from; exit status 1 when one is missing or faulty."""
    within = voice.folder(config)
    clips = voice.wanted(series.letter for series in config.series)
    told = [(clip, _standing(within, clip)) for clip in clips]
    for clip, (standing, problem) in told:
        print(f"{standing:6} {clip + '.wav':14} “{voice.PIECES[clip]}”" + (f": {problem}" if problem else ""))
    strange = sorted(file.name for file in (within / "own").glob("*") if file.stem not in voice.PIECES)
    if strange:
        print(f"Tệp lạ trong {within / 'own'}, không dùng đến: {', '.join(strange)}")
    if any(problem for _clip, (_where, problem) in told):
        print("Bảng gọi số vẫn chạy: thiếu tiếng nào thì số có tiếng ấy chỉ có chuông.")
        return 1
    print("Đủ tiếng.")
    return 0


def _standing(within: Path, clip: str) -> tuple[str, str]:
    file = voice.find(within, clip)
    if file is None:
        return "thiếu", f"thu vào {within / 'own'}, hoặc chạy kiosk voice build"
    return ("phường" if file.parent.name == "own" else "máy"), voice.fault(file)
